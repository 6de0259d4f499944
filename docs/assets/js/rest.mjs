// What is far below (site.css) is laid out when somebody goes on: piece by piece, while the browser has nothing else to do,
// or at once, where a link leads to another place of the page.

const SPARE = 3; // milliseconds that must be left for one more piece
const GOING_ON = ["keydown", "pointerdown", "scroll", "wheel"];

const rest = () => [...document.querySelectorAll(".lb-fresh .md-content__inner > :not(.lb-laid)")];

const layOut = (piece) => piece.classList.add("lb-laid");

function goOn() {
  for (const name of GOING_ON) removeEventListener(name, goOn, { capture: true });
  const pieces = rest();
  const some = (deadline) => {
    while (pieces.length) {
      const piece = pieces.shift();
      layOut(piece);
      piece.getBoundingClientRect(); // now, so that it counts
      if (deadline.timeRemaining() < SPARE) break;
    }
    if (pieces.length) requestIdleCallback(some);
  };
  if (pieces.length) requestIdleCallback(some);
}

function jump(event) {
  if (event.target.closest?.("a[href*='#']")) rest().forEach(layOut);
}

export function layOutRest() {
  if (!rest().length) return;
  for (const name of GOING_ON) addEventListener(name, goOn, { capture: true, passive: true });
  addEventListener("click", jump, { capture: true });
}
