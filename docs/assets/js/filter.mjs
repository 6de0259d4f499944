// A field above each long table that asks for one (class "filtered"): rows that do not have the words are hidden.

import { make } from "./dom.mjs";

const LEAST = 12; // rows; a shorter table is seen at a glance

export function filterTables() {
  for (const table of document.querySelectorAll("article table:not([data-filter])")) {
    table.dataset.filter = "";
    const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
    if (rows.length < LEAST) continue;
    const texts = rows.map((row) => row.textContent.toLowerCase());
    const count = make("span", { className: "lb-count", attributes: { role: "status" } });
    const field = make("input", {
      className: "lb-filter",
      type: "search",
      placeholder: `Filter ${rows.length} rows`,
      attributes: { "aria-label": "Filter the rows of this table", autocomplete: "off", spellcheck: "false" },
    });
    field.addEventListener("input", () => {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      let left = 0;
      rows.forEach((row, place) => {
        row.hidden = !words.every((word) => texts[place].includes(word));
        left += row.hidden ? 0 : 1;
      });
      count.textContent = words.length ? `${left} of ${rows.length} rows` : "";
    });
    const outer = table.closest(".md-typeset__scrollwrap") ?? table;
    outer.before(make("div", { className: "lb-filterbar" }, field, count));
  }
}
