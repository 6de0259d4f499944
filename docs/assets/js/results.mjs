// What a search has found: a list under the field. The focus stays in the field; arrows choose, Enter follows.

import { make } from "./dom.mjs";
import { explainable } from "./explainable.mjs";
import { FOLDER, find, load, shown } from "./find.mjs";
import { keepSearch } from "./offline.mjs";
import * as link from "./permalink.mjs";

const ROOT = new URL("../../", import.meta.url);
const AT_ONCE = 8; // pages; more come when the list is scrolled to its end
const WITH_SECTIONS = 3; // pages whose sections are listed, too
const PAUSE = 80; // milliseconds without a key, before what was typed is asked

export class Results {
  constructor(place, field, close) {
    this.field = field;
    this.close = close;
    this.list = place.querySelector("[role=listbox]");
    this.status = place.querySelector("[role=status]");
    this.wrap = place.querySelector(".md-search__scrollwrap");
    this.query = null; // whose results are shown
    this.asked = null; // whose results are awaited
    this.rest = []; // results that are not shown yet
    this.active = null;
    field.addEventListener("input", () => this.later());
    field.addEventListener("keydown", (event) => this.key(event));
    field.form.addEventListener("reset", () => setTimeout(() => (field.focus(), this.update())));
    this.list.addEventListener("click", (event) => this.clicked(event));
    this.wrap.addEventListener("scroll", () => this.scrolled(), { passive: true });
  }

  get typed() {
    return this.field.value.trim();
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.update(), PAUSE);
  }

  async update() {
    const query = this.typed;
    this.expand(query && this.list.childElementCount);
    if (query === this.query || query === this.asked) return;
    this.asked = query;
    if (!query) return this.idle();
    try {
      const found = await find(query);
      this.keep();
      if (this.asked === query) await this.show(query, found);
    } catch {
      if (this.asked === query) this.fail();
    }
  }

  // Before anything is typed the index is made ready, so that the first answer comes at once.
  idle() {
    this.begin("", "Words, an address, a port, or an error message");
    load().then(
      () => this.keep(),
      () => {}, // said when something is asked
    );
  }

  // Once, when there is time: what a search without a network needs.
  keep() {
    this.kept ??= setTimeout(() => keepSearch(FOLDER).catch(() => {}), 2000);
  }

  fail() {
    this.begin(null, "The search could not be loaded. Try again when there is a connection.");
    if (explainable(this.typed)) this.list.append(explanation(this.typed));
    this.choose(this.options[0] ?? null);
  }

  begin(query, text) {
    this.query = query;
    this.asked = query;
    this.active = null;
    this.rest = [];
    this.list.replaceChildren();
    this.status.textContent = text;
    this.list.dataset.query = query ?? "";
    this.field.removeAttribute("aria-activedescendant");
    this.expand(false);
  }

  // What is found after the search was closed is kept in the list, which is not seen.
  expand(filled) {
    const open = document.querySelector("#__search").checked;
    this.field.setAttribute("aria-expanded", String(Boolean(filled) && open));
  }

  async show(query, found) {
    const rest = [...found];
    const { pages, missing } = await this.read(rest);
    if (this.asked !== query) return;
    const follows = this.wanted === query;
    const none = pages.length ? "" : "No page has these words. The troubleshooting guide starts from what you see.";
    this.begin(query, none || count(found.length - missing));
    this.rest = rest;
    if (explainable(query)) this.list.append(explanation(query));
    this.add(pages);
    if (none) this.list.append(option({ href: new URL("troubleshooting/", ROOT).href, title: "Troubleshooting" }));
    this.expand(true);
    this.wrap.scrollTop = 0;
    this.choose(this.options[0] ?? null);
    if (follows) this.follow();
  }

  // The next pages. One that is not kept cannot be read without a network, nor opened: it is left out.
  async read(rest) {
    const pages = [];
    let missing = 0;
    while (pages.length < AT_ONCE && rest.length) {
      const next = rest.splice(0, AT_ONCE - pages.length);
      const read = await Promise.allSettled(next.map((each) => each.data()));
      const there = read.flatMap(({ value }) => (value ? [value] : []));
      missing += next.length - there.length;
      pages.push(...there);
    }
    return { pages, missing };
  }

  add(pages) {
    for (const page of pages) {
      this.list.append(pageOption(page, this.query));
      if (this.list.querySelectorAll(".lb-result--page").length <= WITH_SECTIONS)
        this.list.append(...sections(page, this.query));
    }
    this.options.forEach((each, place) => (each.id = `__search_result_${place}`));
  }

  async scrolled() {
    const { scrollTop, clientHeight, scrollHeight } = this.wrap;
    if (!this.rest.length || scrollTop + clientHeight < scrollHeight - 100) return;
    const { query, rest } = this;
    const { pages } = await this.read(rest);
    if (this.query === query) this.add(pages);
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const all = this.options;
    if (!all.length) return;
    this.choose(all[(all.indexOf(this.active) + step + all.length) % all.length]);
    this.active.scrollIntoView({ block: "nearest" });
  }

  choose(chosen) {
    this.active?.setAttribute("aria-selected", "false");
    this.active = chosen;
    if (!chosen) return;
    chosen.setAttribute("aria-selected", "true");
    this.field.setAttribute("aria-activedescendant", chosen.id);
  }

  // Enter: goes where the chosen result leads, or will, when what was typed last has been found.
  follow() {
    this.wanted = null;
    if (this.typed && this.typed !== this.query) {
      this.wanted = this.typed;
      this.update();
    } else if (this.typed) this.active?.click();
  }

  clicked(event) {
    const here = !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
    if (here && event.target.closest("[role=option]")) this.close();
  }
}

const count = (pages) => (pages === 1 ? "1 page" : `${pages} pages`);

function explanation(query) {
  return option({
    href: link.to(ROOT.href, query),
    title: "Explain this",
    text: [make("code", { textContent: query })],
    path: "classify",
    kind: "explain",
  });
}

function pageOption({ url, meta, excerpt }, query) {
  const [code] = meta.also?.match(/^[A-Z]\d{3}(?=;)/) ?? [];
  return option({ href: marked(url, query), title: meta.title, text: excerpted(excerpt), code, path: path(url) });
}

// The sections of a page that have most of what was looked for.
function sections({ url: page, sub_results: all, meta }, query) {
  if (page.includes("/findings/")) return []; // all have the same: what it means, why, what to do
  const worth = ({ weighted_locations: places }) => places.reduce((sum, { balanced_score: score }) => sum + score, 0);
  return all
    .filter(({ url, title }) => url.includes("#") && title !== meta.title)
    .sort((one, other) => worth(other) - worth(one))
    .slice(0, 2)
    .map(({ url, title }) => option({ href: marked(url, query), title, kind: "section" }));
}

function option({ href, title, text = [], code, path: place, kind = "page" }) {
  const name = make("span", { className: "lb-result-title" });
  if (code) name.append(make("code", { textContent: code }), " ");
  name.append(shown(title));
  const attributes = { role: "option", tabindex: "-1", "aria-selected": "false" };
  const made = make("a", { className: `lb-result lb-result--${kind}`, href, attributes }, name);
  if (place) made.append(make("span", { className: "lb-result-path", textContent: place }));
  if (text.length) made.append(make("span", { className: "lb-result-text" }, ...text));
  return made;
}

// Only the texts of an excerpt are used, and which of them are marked: its HTML never becomes part of the page.
function excerpted(html) {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  return [...body.childNodes].map((node) => {
    const text = shown(node.textContent);
    return node.nodeName === "MARK" ? make("mark", { textContent: text }) : text;
  });
}

// The section that a page belongs to.
function path(url) {
  const names = new URL(url, ROOT).pathname.slice(ROOT.pathname.length).split("/").filter(Boolean);
  return (names.length > 1 ? names.slice(0, -1) : names).join(" › ");
}

// The page marks the words that it was found by.
function marked(url, query) {
  const target = new URL(url, ROOT);
  target.searchParams.set("h", query);
  return target.href;
}
