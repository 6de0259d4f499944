// Which system's commands a card shows: the one that its text is about, else the visitor's choice, else their own.

const KEPT = "lb-system";

function chosen() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null; // no storage for this page
  }
}

function visitors() {
  const platform = navigator.userAgentData?.platform || navigator.platform || "";
  if (/^win/i.test(platform)) return "windows";
  return /^(mac|iphone|ipad)/i.test(platform) ? "macos" : "linux";
}

const radios = (steps) => [...steps.querySelectorAll(".answer-systems input")];

function check(steps, wanted) {
  const there = radios(steps);
  const found = wanted.map((system) => there.find((one) => one.value === system)).find(Boolean) ?? there[0];
  if (found) found.checked = true;
}

// Chooses for each list of steps in `place`.
export function choose(place) {
  for (const steps of place.querySelectorAll(".answer-steps")) check(steps, [steps.dataset.system, chosen(), visitors()]);
}

// What was chosen in one card holds for all, here and on the next page.
export function changed({ target }) {
  if (!target.closest?.(".answer-systems")) return;
  try {
    localStorage.setItem(KEPT, target.value);
  } catch {
    // Then it holds for this page only.
  }
  for (const steps of document.querySelectorAll(".answer-steps")) if (!steps.contains(target)) check(steps, [target.value]);
}
