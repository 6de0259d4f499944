// Small things that every part of the page's script needs.

// An element with properties, attributes (in `attributes`) and children; texts stay texts.
export function make(tag, { attributes = {}, on = {}, ...properties } = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  for (const [event, handler] of Object.entries(on)) made.addEventListener(event, handler);
  made.append(...children);
  return made;
}

export function button(text, handler, className = "lb-button") {
  return make("button", { type: "button", className, textContent: text, on: { click: handler } });
}

// Puts text on the clipboard and says so on the button for a moment.
export async function copy(text, source) {
  try {
    await navigator.clipboard.writeText(text);
    flash(source, "Copied");
  } catch {
    // No permission, or no secure context: a field whose text is selected can still be copied by hand.
    const field = make("textarea", { className: "lb-copy", value: text, readOnly: true });
    source.after(field);
    field.select();
    const copied = document.execCommand?.("copy");
    if (copied) field.remove();
    flash(source, copied ? "Copied" : "Select and copy");
  }
}

const words = new WeakMap(); // the text of each button, while it says something else

function flash(source, text) {
  const before = words.get(source) ?? source.textContent;
  words.set(source, before);
  source.textContent = text;
  setTimeout(() => {
    source.textContent = before;
    words.delete(source);
  }, 1500);
}

export const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

// The runtime's client, as the build put it into the page; null where the build had no runtime.
let client;
export function runtime() {
  client ??= load();
  return client;
}

async function load() {
  const script = document.querySelector("script[data-pyodide-client]");
  return script ? await import(script.src) : null;
}
