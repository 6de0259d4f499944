// The text in the address of the page, behind the #, which no browser sends to a server.

const LONGEST = 2000; // characters; a longer paste is no address any more

// The text that the page's address asks about; null where it asks about none.
export function asked() {
  const hash = location.hash;
  if (!hash.startsWith("#q=")) return null;
  try {
    return decodeURIComponent(hash.slice(3));
  } catch {
    return hash.slice(3); // a percent sign that begins no escape
  }
}

// Lone surrogates have no encoding; they become U+FFFD, as in any URL.
const encode = (text) => encodeURIComponent(text.toWellFormed?.() ?? text.replace(/\p{Surrogate}/gu, "\ufffd"));

const fits = (text) => text && text.length <= LONGEST;

function here(text) {
  const url = new URL(location.href);
  url.hash = fits(text) ? `q=${encode(text)}` : "";
  return fits(text) ? url.href : url.href.replace(/#$/, "");
}

let timer = 0;
let settled = false; // whether the entry of the history that is shown stays when something else is asked

// Follows the typing. Browsers limit how often an address may change, so it does when the typing rests. What was
// settled stays a step behind; what was not is replaced.
export function replace(text) {
  clearTimeout(timer);
  const page = location.pathname;
  timer = setTimeout(() => location.pathname === page && go(text), 150);
}

// What is asked now is a step of the browser's history.
export function settle(text) {
  clearTimeout(timer);
  go(text);
  settled = true;
}

// Begins a new step.
export function push(text) {
  settled = true;
  settle(text);
}

function go(text) {
  if (asked() === (fits(text) ? text : null)) return;
  history[settled ? "pushState" : "replaceState"](history.state, "", here(text));
  settled = false;
}

// The address that shows this answer to others: the page of the box, whatever page this is.
export function to(base, text) {
  const url = new URL(`${base}classify/`, location.href.split("#")[0]);
  url.hash = `q=${encode(text)}`;
  return url.href;
}
