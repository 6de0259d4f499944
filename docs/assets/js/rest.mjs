// What is far below (site.css) is laid out piece by piece, once the page may be used and the browser has nothing else to do.

const SPARE = 3; // milliseconds that must be left for one more piece

export function layOutRest() {
  const rest = [...document.querySelectorAll(".lb-fresh .md-content__inner > :not(.lb-laid)")];
  const go = (deadline) => {
    do {
      const piece = rest.shift();
      piece.classList.add("lb-laid");
      piece.getBoundingClientRect(); // now, so that it counts
    } while (rest.length && deadline.timeRemaining() > SPARE);
    if (rest.length) requestIdleCallback(go);
  };
  if (rest.length) requestIdleCallback(go);
}
