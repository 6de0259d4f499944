// The button on each example copies what is typed into a shell or a prompt, without prompts and without what was printed.
// It stands in the page from the build on; one listener serves them all.

import { copy } from "./dom.mjs";
import { typed } from "./snippets.mjs";

// Commands of a console: lines after "$ ", and those after "> " that continue them.
export function commands(session) {
  const lines = session.split("\n").filter((line) => /^(\$|>)( |$)/.test(line));
  return lines.map((line) => line.slice(2)).join("\n");
}

export function toCopy(block) {
  const text = block.querySelector("code").textContent.trimEnd();
  if (block.closest(".language-console")) return commands(text) || text;
  if (block.closest(".language-pycon")) return typed(text) || text;
  return text;
}

export function copyExamples() {
  addEventListener("click", ({ target }) => {
    const pressed = target.closest?.(".md-code__button[data-md-type=copy]");
    if (pressed) copy(toCopy(pressed.closest("pre")), pressed);
  });
}
