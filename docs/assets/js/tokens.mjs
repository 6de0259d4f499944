// A piece of the pasted text and the row that explains it show one another: under the pointer, by touch, and by keys.

const TIED = "lb-tied";
const SAID = 220; // characters of an explanation below the text

const key = (one) => one.dataset.token ?? one.dataset.row;

// The piece or row around an element; null where there is none.
const around = (element) => element.closest?.("[data-token], [data-row]") ?? null;

export class Tokens {
  #hints = new WeakMap(); // what stands below a text while nothing is explained

  // `answer` is the place of the cards, which come and go.
  constructor(answer) {
    this.answer = answer;
    answer.addEventListener("pointerover", ({ target }) => this.#show(around(target)));
    answer.addEventListener("pointerleave", () => this.#show(around(document.activeElement)));
    answer.addEventListener("focusin", ({ target }) => this.#show(around(target)));
    answer.addEventListener("focusout", () => this.#show(null));
    answer.addEventListener("keydown", (event) => this.#key(event));
    answer.addEventListener("click", ({ target }) => focus(target.closest(".answer-source mark")));
  }

  #show(one) {
    for (const old of this.answer.querySelectorAll(`.${TIED}`)) old.classList.remove(TIED);
    const known = one && this.answer.contains(one) ? key(one) : null;
    if (known) for (const each of this.#tied(known)) each.classList.add(TIED);
    for (const place of this.answer.querySelectorAll(".answer-explained")) this.#explain(place, known, one);
  }

  #tied(known) {
    return [...this.answer.querySelectorAll("[data-token], [data-row]")].filter((one) => key(one) === known);
  }

  #explain(place, known, one) {
    if (!this.#hints.has(place)) this.#hints.set(place, place.textContent);
    const said = known ? this.#said(known, one) : "";
    const text = said || this.#hints.get(place);
    if (place.textContent !== text) place.textContent = text;
  }

  // What a piece is: of the words for a screen reader, which the first of its kind has.
  #said(known, one) {
    const first = this.#tied(known).find((each) => each.querySelector(".answer-hidden"));
    if (!first) return "";
    const hidden = first.querySelector(".answer-hidden").textContent.slice(2, -1); // without its brackets
    const word = one.tagName === "MARK" ? own(one) : own(first);
    return `${word} \u00b7 ${hidden.replace(/^mark:/, "speaks for a cause:")}`.slice(0, SAID);
  }

  // Arrow keys go from piece to piece; Enter goes to the row, Escape back to the text.
  #key(event) {
    const { target, key: pressed } = event;
    const source = target.closest?.(".answer-source");
    const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[pressed];
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (source && way) this.#step(source, target, way, event);
    else if (source && pressed === "Enter") this.#open(target);
    else if (pressed === "Escape" && target.matches?.("[data-row], [data-token]")) this.#back(target, event);
  }

  #step(source, target, way, event) {
    const marks = [...source.querySelectorAll("mark")];
    const at = marks.indexOf(target);
    const next = marks[at < 0 ? (way > 0 ? 0 : marks.length - 1) : at + way];
    event.preventDefault();
    focus(next);
  }

  #open(mark) {
    const row = this.#tied(key(mark)).find((one) => one.dataset.row);
    row?.closest("details")?.setAttribute("open", "");
    focus(row);
  }

  #back(one, event) {
    const piece = one.dataset.row && this.#tied(key(one)).find((each) => each.closest(".answer-source"));
    event.preventDefault();
    focus(piece || one.closest(".answer-source"));
  }
}

// Neither a piece nor a row is a stop of the Tab key: a text may have hundreds.
function focus(element) {
  if (!element) return;
  if (!element.hasAttribute("tabindex")) element.tabIndex = -1;
  element.focus();
}

const own = (mark) => [...mark.childNodes].find((one) => one.nodeType === Node.TEXT_NODE)?.data ?? "";
