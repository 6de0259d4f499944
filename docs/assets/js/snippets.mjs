// Python examples of the guides that touch nothing but their own values can be run and changed where they stand.

import { button, make, runtime } from "./dom.mjs";

const OUTPUT = 20_000; // characters of one run

// Modules that work in a browser: no sockets, files, processes. Of the checks, the half that is pure.
const PURE = new Set(
  "checks base64 bisect collections dataclasses datetime enum functools hashlib ipaddress itertools json math operator random re secrets statistics string struct textwrap typing unicodedata urllib".split(" "),
);
const ASKS_A_MACHINE = /\b(diagnose|probe|open|input|exec|eval)\b/;

export function offerRuns() {
  for (const block of document.querySelectorAll(".language-python, .language-pycon")) {
    const source = block.querySelector("pre");
    if (!source || block.dataset.runs !== undefined || block.querySelector(".filename")) continue;
    const session = block.classList.contains("language-pycon");
    const text = source.textContent.replace(/\n+$/, "");
    const code = session ? typed(text) : text;
    if (!isPure(code)) continue;
    block.dataset.runs = "";
    block.after(new Snippet(block, code, session).element);
  }
}

// What was typed in a session at the prompt, without the prompts and what was printed.
export function typed(session) {
  const lines = session.split("\n").filter((line) => /^(>>>|\.\.\.)( |$)/.test(line));
  return lines.map((line) => line.slice(4)).join("\n");
}

export function isPure(code) {
  if (!code.trim() || ASKS_A_MACHINE.test(code)) return false;
  const imports = [...code.matchAll(/^\s*(?:from|import)\s+([\w.]+(?:\s*,\s*[\w.]+)*)/gm)];
  const modules = imports.flatMap((found) => found[1].split(",").map((name) => name.trim().split(".")[0]));
  return modules.every((name) => PURE.has(name));
}

// A session shows the value of each expression, as the prompt does; a script shows what it prints.
export function program(code, session) {
  if (!session) return code;
  return [
    "import ast as _ast, traceback as _traceback",
    `_code = ${JSON.stringify(code)}`,
    "for _node in _ast.parse(_code).body:",
    "    exec(compile(_ast.Interactive([_node]), '<example>', 'single'))",
  ].join("\n");
}

class Snippet {
  #stop = null; // ends the run under way

  constructor(block, code, session) {
    this.code = code;
    this.session = session;
    this.run = button("Run", () => (this.#stop ? this.#stop.abort() : this.#run()), "lb-button pyodide-run");
    this.edit = button("Edit", () => this.#edit());
    this.output = make("pre", {
      className: "pyodide-output",
      hidden: true,
      tabIndex: 0,
      attributes: { "aria-live": "polite", "aria-label": "Output" },
    });
    this.editor = null;
    this.element = make(
      "div",
      { className: "lb-snippet" },
      make("div", { className: "lb-bar" }, this.run, this.edit),
      this.output,
    );
  }

  #edit() {
    if (this.editor) {
      this.editor.remove();
      this.editor = null;
      this.edit.textContent = "Edit";
      return;
    }
    this.editor = make("textarea", {
      className: "lb-editor",
      value: this.code,
      rows: Math.min(20, this.code.split("\n").length + 1),
      spellcheck: false,
      attributes: { "aria-label": "Python source", autocapitalize: "off", autocomplete: "off" },
    });
    this.editor.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.#run();
    });
    this.element.prepend(this.editor);
    this.edit.textContent = "Reset";
    this.editor.focus();
  }

  async #run() {
    if (this.#stop) return;
    this.#stop = new AbortController();
    this.run.textContent = "Stop";
    this.output.hidden = false;
    this.output.textContent = "Starting Python …\n";
    try {
      const module = await runtime();
      if (!module) throw new Error("this copy of the site was built without its runtime");
      await module.runtime.start();
      this.output.textContent = "";
      await this.#ask(module.runtime);
    } catch (error) {
      const why = error.name === "AbortError" ? "stopped" : error.message;
      this.output.append(`[${why}]\n`);
    } finally {
      this.#stop = null;
      this.run.textContent = "Run";
    }
  }

  async #ask(python) {
    const code = this.editor ? this.editor.value : this.code;
    const { truncated, output } = await python.run(program(code, this.session), {
      onOutput: (text) => this.output.append(text),
      signal: this.#stop.signal,
      limit: OUTPUT,
    });
    if (truncated) this.output.append(`[more than ${OUTPUT} characters; the rest is not shown]\n`);
    if (!output) this.output.textContent = "[no output]\n";
  }
}
