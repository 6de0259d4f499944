// What is far below (site.css) is laid out at the first sign of somebody who goes on: all at once, before the page moves,
// for what changes its size while somebody reads or aims would lead astray.

const SIGNS = ["click", "keydown", "pointerdown", "pointermove", "scroll", "wheel"];
const root = document.documentElement;

function layOut() {
  for (const sign of SIGNS) removeEventListener(sign, layOut, { capture: true });
  root.classList.remove("lb-fresh");
}

export function layOutRest() {
  if (!root.matches(".lb-fresh")) return;
  for (const sign of SIGNS) addEventListener(sign, layOut, { capture: true, passive: true });
}
