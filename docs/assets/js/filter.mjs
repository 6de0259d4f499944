// A field above each long table: rows that do not have the words are hidden. The build leaves a place for it, since
// what is put before a table later makes a browser compute every style of it again.

import { make } from "./dom.mjs";

export function filterTables() {
  for (const bar of document.querySelectorAll(".lb-filterbar:empty")) {
    const table = bar.nextElementSibling.querySelector("table");
    const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
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
    bar.append(field, count);
  }
}
