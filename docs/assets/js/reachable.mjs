// What the theme's script puts into a page once it is there, mended for keyboard and screen reader.

const seen = new WeakSet();

// A region that scrolls must be reached by keyboard (WCAG 2.1.1); one that does not is no stop on the way.
const scrolls = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else if (target !== document.activeElement) target.removeAttribute("tabindex");
  }
});

function mend(content) {
  for (const wrap of content.querySelectorAll(".md-typeset__scrollwrap")) {
    if (seen.has(wrap)) continue;
    seen.add(wrap);
    // What is not laid out yet has no size to be told of; the keyboard may still come there.
    if (wrap.closest(".lb-long")) wrap.tabIndex = 0;
    scrolls.observe(wrap);
  }
}

export function makeReachable() {
  const content = document.querySelector(".md-content");
  if (!content || seen.has(content)) return;
  seen.add(content);
  mend(content);
  new MutationObserver(() => mend(content)).observe(content, { childList: true, subtree: true });
}
