// What is far below (site.css) is laid out at the first sign of somebody who goes on: all at once, before the page moves,
// for what changes its size while somebody reads or aims would lead astray.

const SIGNS = ["click", "keydown", "pointerdown", "pointermove", "scroll", "wheel"];

const rest = () => document.querySelectorAll(".lb-fresh .md-content__inner > :not(.lb-laid)");

function layOut() {
  for (const sign of SIGNS) removeEventListener(sign, layOut, { capture: true });
  for (const piece of rest()) piece.classList.add("lb-laid");
}

export function layOutRest() {
  if (!rest().length) return;
  for (const sign of SIGNS) addEventListener(sign, layOut, { capture: true, passive: true });
}
