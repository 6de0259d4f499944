// The box: a field, and below it what the checks answer. The answer for the field's first text is in the page; Python
// is fetched when somebody is about to ask something else.

import { browserSays } from "./browser.mjs";
import { button, copy, make, megabytes, runtime } from "./dom.mjs";
import * as link from "./permalink.mjs";
import * as stepping from "./stepping.mjs";
import * as systems from "./systems.mjs";
import { Tokens } from "./tokens.mjs";
import { trusted } from "./trusted.mjs";

const LATE_AFTER = 200; // milliseconds after which an answer is seen to be on its way; most are there long before
const SPOKEN_AFTER = 700; // milliseconds without typing after which a screen reader is told the verdict
const COMPARED_AFTER = 150; // milliseconds without typing after which this browser is asked too: the next key comes first
// Texts that need what an address alone does not. What they load is then there when somebody types one; and what runs often
// enough is optimised, and kept by the browser for the next visit (Chromium: once there is a megabyte of it).
const PRIMERS = [
  "connect ECONNREFUSED 127.0.0.1:80, see http://localhost/",
  "Error: listen EADDRINUSE: address already in use :::3000",
  "[fe80::1%eth0]:8080",
  "http://0x7f.1:6000/index.html",
  "connection to server at localhost (::1), port 5432 failed: Connection refused",
  "tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:*",
];
const PRIMINGS = 96; // about a second of a slow machine, while nobody types
const MOST_ROWS = 8;
const MOST_ROWS_OF_A_PHONE = 4; // the answer is below
const HINT = "\u2191 \u2193 change the number at the cursor";
const COMMAND_LIMIT = 4000; // characters; a longer paste is not put into a command

const primings = new WeakMap(); // how many are left, by runtime

export class Classifier {
  #asked = null; // the text under way, or null
  #wanted = null; // the newest text that still has to be asked, or null
  #spoken = 0;
  #compared = 0;
  #priming = 0;
  #late = 0;

  constructor(form) {
    this.form = form;
    this.field = form.querySelector(".pyodide-input");
    this.answer = form.querySelector(".pyodide-answer");
    this.base = form.dataset.base ?? "";
    this.isMain = form.id === "classifier";
    this.shown = this.field.value; // the text that the answer below belongs to
    this.#dress();
    this.#listen();
    this.#enliven();
  }

  get state() {
    return this.answer.dataset.state;
  }

  set state(value) {
    if (value === this.state) return;
    this.answer.dataset.state = value;
    this.progress.hidden = value !== "loading";
    this.failure.hidden = value !== "failed";
  }

  // Puts a text into the field, as if it had been typed.
  ask(text, { focus = false } = {}) {
    this.field.value = text;
    this.#changed();
    if (focus) this.field.focus();
  }

  #dress() {
    // The answer changes with every key: it is not read out as a whole, the verdict is, after a pause.
    this.answer.setAttribute("aria-live", "off");
    this.status = make("p", { className: "lb-status", attributes: { role: "status" } });
    this.bar = make("progress", { max: 1, value: 0, attributes: { "aria-label": "Loading Python" } });
    this.size = make("span", { textContent: "Starting Python …" });
    this.progress = make("div", { className: "lb-progress", hidden: true }, this.bar, this.size);
    this.reason = make("span");
    this.failure = make(
      "div",
      { className: "lb-failure", hidden: true },
      this.reason,
      button("Try again", () => this.#retry()),
    );
    this.tools = this.form.querySelector(".pyodide-tools"); // from the build on, so that nothing moves
    this.#employ();
    this.tools.after(this.progress, this.failure);
    this.said = make("div", { className: "lb-browser" });
    this.answer.after(this.said, this.status);
    this.hint = make("span", { className: "lb-hint", textContent: HINT, hidden: true });
    this.tools.append(this.hint);
  }

  // The card: a system's commands, buttons that copy one, pieces of the text and their rows.
  #enliven() {
    systems.choose(this.answer);
    this.tokens = new Tokens(this.answer);
    this.answer.addEventListener("change", systems.changed);
    this.answer.addEventListener("click", ({ target }) => {
      if (target.matches(".answer-copy")) copy(target.previousElementSibling.textContent, target);
      if (target.closest(".answer-facts > summary")) this.unfolded = !target.closest("details").open;
    });
    document.addEventListener("selectionchange", () => this.#offer());
    this.field.addEventListener("blur", () => (this.hint.hidden = true));
  }

  // Says that a number can be stepped, while the cursor is in one.
  #offer() {
    if (document.activeElement !== this.field) return;
    this.hint.hidden = !stepping.numberAt(this.field.value, this.field.selectionStart);
  }

  #employ() {
    const work = {
      clear: () => this.ask("", { focus: true }),
      link: (pressed) => copy(link.to(this.base, this.field.value), pressed),
      document: (pressed) => this.#copied("document", pressed),
      command: (pressed) => this.#copied("command", pressed),
    };
    this.tools.addEventListener("click", ({ target }) => work[target.dataset.does]?.(target));
  }

  #listen() {
    const start = () => this.#start().then(() => this.#refresh());
    for (const event of ["focus", "paste", "pointerdown"]) this.field.addEventListener(event, start, { once: true });
    this.field.addEventListener("focus", () => (this.tools.hidden = false), { once: true });
    this.field.addEventListener("input", () => this.#changed());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.form.addEventListener("submit", (event) => event.preventDefault());
  }

  // The worker is asked first: it answers while this thread lays out a long paste (1,000 rows: 40 ms).
  #changed() {
    this.#update();
    this.#resize();
  }

  // Enter keeps the answer in the history of the browser; Escape empties the field, and leaves it when it is empty.
  #key(event) {
    if (event.isComposing) return;
    const way = stepping.way(event);
    if (way && stepping.step(this.field, way)) event.preventDefault();
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#update();
      if (this.isMain) link.settle(this.field.value);
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (this.field.value) this.ask("");
      else this.field.blur();
    }
  }

  #resize() {
    const { field } = this;
    const most = matchMedia("(max-width: 30em)").matches ? MOST_ROWS_OF_A_PHONE : MOST_ROWS;
    this.least ??= Math.min(Number(field.getAttribute("rows")) || 1, most);
    field.rows = Math.max(Math.min(field.value.split("\n", most).length, most), this.least);
    // A long line takes several; looked at twice, for more than one row are written smaller.
    for (let turn = 0; turn < 2; turn++) field.rows = Math.min(Math.max(field.rows, linesOf(field)), most);
  }

  async #start() {
    const module = await runtime().catch(() => null);
    if (!module) return this.#fail("This copy of the site was built without its runtime");
    this.runtime = module.runtime;
    if (this.runtime.state === "ready") return undefined;
    const off = this.runtime.on("progress", ({ loaded, total }) => this.#tell(loaded, total));
    if (this.state !== "live") this.state = "loading";
    try {
      await this.runtime.start();
      if (this.state === "loading" || this.state === "failed") this.state = "rendered";
    } catch (error) {
      this.#fail(error.message);
    } finally {
      off();
    }
    return undefined;
  }

  #tell(loaded, total) {
    this.bar.value = loaded / total;
    const all = loaded >= total;
    this.size.textContent = all
      ? "Starting Python …"
      : `Loading Python: ${megabytes(loaded)} of ${megabytes(total)}, once`;
  }

  #fail(message) {
    this.reason.textContent = `Python could not be started (${message}). What you typed is kept. `;
    this.#rest();
    this.state = "failed";
  }

  #retry() {
    this.shown = null;
    this.#update();
  }

  #update() {
    if (this.isMain) link.replace(this.field.value);
    this.#refresh();
  }

  // Asks, unless the answer below is the live one for this very text.
  #refresh() {
    const text = this.field.value;
    if (text === this.shown && this.#asked === null && this.state !== "rendered") return;
    this.#wanted = text;
    this.answer.setAttribute("aria-busy", "true");
    this.#late ||= setTimeout(() => this.answer.classList.add("lb-late"), LATE_AFTER);
    if (this.#asked === null) this.#next();
  }

  // One request at a time; what was typed meanwhile replaces what was waiting.
  async #next() {
    while (this.#wanted !== null) {
      this.#asked = this.#wanted;
      if (this.runtime?.state !== "ready") await this.#start(); // and meanwhile more may be typed
      if (this.state === "failed") break;
      const text = (this.#asked = this.#wanted);
      this.#wanted = null;
      try {
        this.#show(await this.runtime.call(this.form.dataset.function, text), text);
      } catch (error) {
        this.#fail(error.message);
        break;
      }
    }
    this.#asked = null;
    if (this.state !== "failed") this.#rest();
  }

  // Nothing is under way any more.
  #rest() {
    clearTimeout(this.#late);
    this.#late = 0;
    this.answer.classList.remove("lb-late");
    this.answer.removeAttribute("aria-busy");
  }

  #show(html, text) {
    const card = trusted(html, this.base);
    systems.choose(card);
    const facts = card.querySelector(".answer-facts");
    if (facts && this.unfolded !== undefined) facts.open = this.unfolded; // as it was left
    this.answer.replaceChildren(card);
    this.state = "live";
    this.shown = text;
    const current = () => this.shown === text && this.#asked === null;
    clearTimeout(this.#compared);
    this.#compared = setTimeout(() => browserSays(this.said, this.runtime, text, current), COMPARED_AFTER);
    clearTimeout(this.#spoken);
    this.#spoken = setTimeout(() => this.#speak(), SPOKEN_AFTER);
    clearTimeout(this.#priming);
    this.#priming = setTimeout(() => this.#prime(), COMPARED_AFTER);
  }

  // Python loads and compiles at first use; answers that nobody waits for are the time to do it. A key ends them.
  #prime() {
    const left = primings.get(this.runtime) ?? PRIMINGS;
    if (left === 0 || this.#asked !== null || this.runtime.state !== "ready") return;
    primings.set(this.runtime, left - 1);
    const mine = this.#priming;
    const again = () => mine === this.#priming && (this.#priming = setTimeout(() => this.#prime()));
    this.runtime.call(this.form.dataset.function, PRIMERS[left % PRIMERS.length]).then(again, () => {});
  }

  #speak() {
    this.status.textContent = this.answer.querySelector(".answer-verdict")?.textContent ?? "";
  }

  async #copied(name, source) {
    const text = this.field.value.slice(0, name === "command" ? COMMAND_LIMIT : undefined);
    await this.#start();
    if (this.runtime?.state === "ready") await copy(await this.runtime.call(name, text), source);
  }
}

function linesOf(field) {
  const style = getComputedStyle(field);
  const inside = field.scrollHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
  return Math.floor(inside / parseFloat(style.lineHeight) + 0.1) || 1;
}
