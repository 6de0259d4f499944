// Marks what a page was found by, and shows its first place. Nothing is put into the page for it (CSS Custom Highlight
// API); where a browser has none, nothing is marked.

import { telling } from "./find.mjs";

const NAME = "lb-search";

export function highlight() {
  globalThis.CSS?.highlights?.delete(NAME);
  const url = new URL(location.href);
  const query = url.searchParams.get("h");
  if (query === null) return;
  url.searchParams.delete("h"); // the address that a reader copies is the page's
  history.replaceState(history.state, "", url);
  const content = document.querySelector(".md-content__inner");
  if (!content || !globalThis.CSS?.highlights) return;
  const ranges = [...found(content, pattern(query))];
  CSS.highlights.set(NAME, new Highlight(...ranges));
  show(ranges, url.hash && document.getElementById(decodeURIComponent(url.hash.slice(1))));
}

// Words from their beginning on, in any form: "refuse" of "refused".
function pattern(query) {
  const words = telling(query).map((word) => {
    const stem = /^\p{L}{6,}$/u.test(word) ? word.replace(/(ing|ed|es|e|s)$/, "") : word;
    return stem.replace(/[^\p{L}\p{N}\s]/gu, "\\$&");
  });
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join("|")})\\p{L}*`, "giu");
}

function* found(content, wanted) {
  const texts = document.createTreeWalker(content, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    if (node.parentElement.closest("form, script, style, [hidden]")) continue;
    for (const { index, 0: text } of node.data.matchAll(wanted)) {
      const range = new Range();
      range.setStart(node, index);
      range.setEnd(node, index + text.length);
      yield range;
    }
  }
}

// The first place after the anchor of the address, where it is further down than one sees.
function show(ranges, anchor) {
  const first = anchor ? ranges.find((range) => anchor.compareDocumentPosition(range.startContainer) & 4) : ranges[0];
  const top = first?.getBoundingClientRect().top;
  if (top > innerHeight * 0.8) first.startContainer.parentElement.scrollIntoView({ block: "center" });
}
