// A field above a long table, or above all tables of a page: rows that do not have the words are hidden, and what is
// left without rows. The build leaves a place for it, so that the table does not move when the field comes.

import { make } from "./dom.mjs";

// The theme puts each table into a box that scrolls, the build a long one into a box of its own.
const BOX = ".lb-long, .md-typeset__scrollwrap";

export function filterTables() {
  for (const bar of document.querySelectorAll(".lb-filterbar:empty")) {
    const next = bar.nextElementSibling;
    const one = next.matches(`table, ${BOX}`);
    const tables = (one ? [next.closest("table") ?? next.querySelector("table")] : [...bar.parentElement.querySelectorAll("table")]).map((table) => ({
      rows: [...table.tBodies].flatMap((body) => [...body.rows]).map((row) => [row, row.textContent.toLowerCase()]),
      around: one ? [] : framing(table),
    }));
    const all = tables.reduce((sum, { rows }) => sum + rows.length, 0);
    const count = make("span", { className: "lb-count", attributes: { role: "status" } });
    const field = make("input", {
      className: "lb-filter",
      type: "search",
      placeholder: `Filter ${all} rows`,
      attributes: {
        "aria-label": `Filter the rows of ${one ? "this table" : "all tables"}`,
        autocomplete: "off",
        spellcheck: "false",
      },
    });
    field.addEventListener("input", () => {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      let left = 0;
      for (const { rows, around } of tables) {
        const before = left;
        for (const [row, text] of rows) {
          row.hidden = !words.every((word) => text.includes(word));
          left += row.hidden ? 0 : 1;
        }
        for (const element of around) element.hidden = left === before;
      }
      count.textContent = words.length ? `${left} of ${all} rows` : "";
    });
    bar.append(field, count);
  }
}

// The box of a table and its heading.
function framing(table) {
  const box = table.closest(".lb-long") ?? table.closest(BOX) ?? table;
  const heading = box.previousElementSibling;
  return heading?.matches("h2, h3") ? [box, heading] : [box];
}
