// What this visitor's own browser says beside what the standard says. Reading a URL opens no connection.

import { make } from "./dom.mjs";

const MOST = 5; // endpoints of a paste that are compared
const LONGEST = 20_000; // characters; a longer paste is a log, and reading it takes the worker as long as answering it

// Fills `place` with a sentence for each host that is read in another way than it is written; `current` says whether the text is still the one that is shown.
export async function browserSays(place, runtime, text, current) {
  let endpoints = [];
  try {
    // A report that is pasted tells of another machine, in the spelling of that machine.
    if (text.length <= LONGEST && !text.trimStart().startsWith("{")) endpoints = JSON.parse(await runtime.call("document", text)).endpoints;
  } catch {
    // Without the document there is nothing to compare; the answer stands.
  }
  if (!current()) return;
  const hosts = new Map();
  for (const { host } of endpoints) if (host && host.kind !== "wildcard") hosts.set(host.text, host);
  const lines = [...hosts.values()].slice(0, MOST).map(compare).filter(Boolean);
  place.replaceChildren(...lines.map((parts) => make("p", {}, ...parts)));
}

function compare({ text, readings, zone, loopback, secure_context: secure }) {
  if (!readings || zone || /^[^[].*:/.test(text)) return null; // an IPv6 address has brackets in a URL
  const own = read(text);
  if (own === readings.url && own === text.toLowerCase()) return null; // read as it is written: nothing to tell
  const value = own === null ? "not accepted" : make("code", { textContent: own });
  const shown = [make("code", { textContent: text }), " in your browser: ", value];
  if (own === readings.url) shown.push(own === null ? ", as the standard has it." : ", as in the standard.");
  else {
    const standard = readings.url === null ? "not accepted" : make("code", { textContent: readings.url });
    shown.push(". It differs from the standard: ", standard, ".");
  }
  if (loopback && typeof secure === "boolean") {
    shown.push(` A page from there would ${secure ? "" : "not "}be a secure context; this page ${isSecureContext ? "is" : "is not"} one.`);
  }
  return shown;
}

// The reading of a host by this browser, as `url` has the standard's; null where it is refused.
export function read(host) {
  if (/[/?#@\\]/.test(host)) return null; // would end the host (WHATWG URL, host state)
  try {
    return new URL(`http://${host}`).hostname || null;
  } catch {
    return null;
  }
}
