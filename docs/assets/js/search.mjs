// The search in the header: opens by its keys or a click, closes by Escape, and gives the focus back. What finds and
// shows is asked for when it is opened for the first time.

const KEYS = new Set(["s", "f", "/"]);
const TYPING = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";

export function offerSearch() {
  const place = document.querySelector("[data-lb-search]");
  const toggle = document.querySelector("#__search"); // the theme's: it draws what is open, and closes on a new page
  if (!place || !toggle) return;
  const field = place.querySelector("input");
  let before = null; // what had the focus
  let results = null;

  const open = () => {
    if (!toggle.checked) toggle.click();
    else opened();
  };

  const close = ({ back = false } = {}) => {
    if (toggle.checked) toggle.click();
    if (back && before?.isConnected) before.focus({ preventScroll: true });
    before = null;
  };

  const opened = () => {
    before ??= place.contains(document.activeElement) ? null : document.activeElement;
    field.focus();
    field.select();
    results ??= import("./results.mjs").then(({ Results }) => new Results(place, field, close));
    results.then((each) => each.update());
  };

  toggle.addEventListener("change", () => {
    if (toggle.checked) return opened();
    field.setAttribute("aria-expanded", "false");
    field.blur();
  });
  field.addEventListener("focus", () => toggle.checked || toggle.click());
  place.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    results?.then((each) => each.follow());
  });

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (toggle.checked && event.key === "Escape") {
      event.preventDefault();
      close({ back: true });
    } else if (toggle.checked && event.key === "Tab") {
      close();
    } else if (KEYS.has(event.key) && !event.target.closest?.(TYPING)) {
      event.preventDefault();
      open();
    }
  });
}
