// The search over all registered services: a number, or words of the name and the description.

import { make } from "./dom.mjs";

const MOST = 50; // rows that are shown
const TRANSPORTS = { t: "tcp", u: "udp", s: "sctp", d: "dccp" };

export function searchServices() {
  const place = document.querySelector("#services[data-source]:not([data-mounted])");
  if (!place) return;
  place.dataset.mounted = "";
  const count = make("span", { className: "lb-count", attributes: { role: "status" } });
  const results = make("tbody");
  const table = make(
    "table",
    { hidden: true },
    make("thead", {}, row("th", ["Port", "Service", "Transports", "Description"])),
    results,
  );
  table.dataset.filter = ""; // it has a field already
  const field = make("input", {
    className: "lb-filter",
    type: "search",
    placeholder: "5432, or postgres",
    attributes: { "aria-label": "Search all registered services", autocomplete: "off", spellcheck: "false" },
  });
  let rows = null;
  const load = async () => {
    // Fetched when somebody is about to search; the page lies one folder below the file.
    rows ??= fetch(new URL(`../${place.dataset.source}`, location.href)).then((answer) => answer.json());
    return (await rows).rows;
  };
  field.addEventListener("focus", load, { once: true });
  field.addEventListener("input", async () => {
    const asked = field.value;
    const found = asked.trim() ? matching(await load(), asked.trim().toLowerCase()) : [];
    if (field.value !== asked) return;
    results.replaceChildren(...found.slice(0, MOST).map((each) => row("td", cells(each))));
    table.hidden = !found.length;
    const shown = found.length > MOST ? `the first ${MOST} of ${found.length}` : found.length || "no";
    count.textContent = asked.trim() ? `${shown} ${found.length === 1 ? "service" : "services"}` : "";
  });
  place.after(
    make("div", { className: "lb-filterbar" }, field, count),
    make("div", { className: "md-typeset__scrollwrap" }, make("div", { className: "md-typeset__table" }, table)),
  );
}

// [first port, last port, name, transports, description]; a number means the port, words all have to occur.
export function matching(rows, asked) {
  if (/^\d+$/.test(asked)) return rows.filter(([first, last]) => first <= asked && asked <= last);
  const words = asked.split(/\s+/);
  const has = (row) => words.every((word) => row[2].includes(word) || row[4].toLowerCase().includes(word));
  const found = rows.filter(has);
  return found.sort((one, other) => rank(one, asked) - rank(other, asked) || one[0] - other[0]);
}

const rank = ([, , name], asked) => (name === asked ? 0 : name.startsWith(asked) ? 1 : name.includes(asked) ? 2 : 3);

const cells = ([first, last, name, transports, description]) => [
  first === last ? String(first) : `${first}-${last}`,
  name || "(no name)",
  [...transports].map((letter) => TRANSPORTS[letter] ?? letter).join(", "),
  description,
];

const row = (tag, texts) => make("tr", {}, ...texts.map((text) => make(tag, { textContent: text })));
