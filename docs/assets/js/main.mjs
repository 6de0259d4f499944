// What the pages' script does on each page: boxes that answer, Python that runs, a copy for offline.

import { copyExamples } from "./copying.mjs";
import { filterTables } from "./filter.mjs";
import { keepOffline } from "./offline.mjs";
import * as link from "./permalink.mjs";
import { makeReachable } from "./reachable.mjs";
import { offerSearch } from "./search.mjs";
import { searchServices } from "./services.mjs";
import { offerRuns } from "./snippets.mjs";

let main = null; // the page's own box, where it has one

function mount() {
  main = null;
  mountBoxes();
  offerRuns();
  searchServices();
  filterTables();
  keepOffline();
  makeReachable();
  markSearched();
}

// What a page was found by is marked in it; the script for it is only asked for then.
async function markSearched() {
  if (!location.search.includes("h=") && !globalThis.CSS?.highlights?.size) return;
  const { highlight } = await import("./highlight.mjs");
  highlight();
}

// Half of the script is for boxes, and is not asked for by a page without one.
async function mountBoxes() {
  const waiting = "form.pyodide:not([data-mounted])";
  if (!document.querySelector(waiting)) return;
  const { Classifier } = await import("./classifier.mjs");
  for (const form of document.querySelectorAll(waiting)) {
    form.dataset.mounted = "";
    const box = new Classifier(form);
    if (box.isMain) main = box;
  }
  follow();
}

// An address that asks something is answered when it is opened, and when it changes by a link or the history.
function follow() {
  const text = link.asked();
  if (!main || text === null) return;
  if (text !== main.field.value) main.ask(text);
  link.settle(text);
}

// An example beside the box is asked in the box, not on the page that has a box for all others.
function example(event) {
  const clicked = event.target.closest?.("a.pyodide-link");
  if (!clicked || !main || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  event.stopPropagation();
  main.ask(clicked.textContent, { focus: true });
  link.push(clicked.textContent);
  main.form.scrollIntoView({ block: "nearest" });
}

// "/" leads to the box, on pages that have one; elsewhere it is a key of the search.
function shortcut(event) {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || !main || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  main.field.focus();
  main.field.select();
}

copyExamples();
offerSearch();
addEventListener("hashchange", follow);
addEventListener("popstate", follow);
addEventListener("click", example, { capture: true });
addEventListener("keydown", shortcut, { capture: true });

// The theme changes pages in place and tells of each one; other themes load them anew. By then its tables have their boxes.
if (window.document$) window.document$.subscribe(() => setTimeout(mount));
else {
  // This class takes away every outline of the focus until the theme's script, which is not there, draws its own.
  document.documentElement.classList.remove("js-focus-visible");
  mount();
}
