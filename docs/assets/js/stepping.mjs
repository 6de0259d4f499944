// Learn by changing a number: the arrow keys step the octet or the port at the cursor by one, and the answer follows.

const QUAD = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/g; // an IPv4 address
const CLOCK = /(?<![\d:.\]])\d{1,2}(?::[0-5]\d){2}(?![\d:])/g; // a time, whose colons lead to no port
const NEAR = 60; // characters before and after the cursor that are looked at
const OCTET = 255;
const PORT = 65535;

// The number at a place of a text: where it begins and ends, and the most that it may be; null where none can be stepped.
export function numberAt(text, place) {
  const left = Math.max(0, place - NEAR);
  const before = /\d*$/.exec(text.slice(left, place))[0].length;
  const after = /^\d*/.exec(text.slice(place, place + NEAR))[0].length;
  const [start, end] = [place - before, place + after];
  if (end - start < 1 || end - start > 5) return null;
  const around = text.slice(left, place + NEAR);
  const inside = (pattern) =>
    [...around.matchAll(pattern)].some(({ 0: found, index }) => left + index <= start && end <= left + index + found.length);
  if (inside(QUAD)) return { start, end, most: OCTET };
  if (inside(CLOCK)) return null;
  return isPort(text.slice(Math.max(0, start - NEAR), start), text.slice(end, end + 2)) ? { start, end, most: PORT } : null;
}

function isPort(before, after) {
  if (/^[\w.]/.test(after)) return false;
  if (/^\s*$/.test(before)) return !/^\S/.test(after); // alone, as 62893 is
  return /[\w\]*:]:$/.test(before) || /\bport\W{0,3}$/i.test(before);
}

// Steps the number at the cursor of a field; false where there is none.
export function step(field, by) {
  const { value, selectionStart } = field;
  const found = numberAt(value, selectionStart);
  if (!found) return false;
  const { start, end, most } = found;
  const next = Number(value.slice(start, end)) + by;
  if (next < 0 || next > most) return true; // no wrap: the ends of the range are worth to be seen
  put(field, start, end, String(next));
  const cursor = Math.max(start, start + String(next).length - (end - selectionStart));
  field.setSelectionRange(cursor, cursor);
  return true;
}

// Replaces as if it had been typed, so that it can be undone.
function put(field, start, end, text) {
  field.setSelectionRange(start, end);
  if (document.execCommand?.("insertText", false, text)) return;
  field.setRangeText(text, start, end, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

// Which way a key steps; 0 where it is no key for that. Without Alt, only where up and down lead to no other line.
export function way(event) {
  const { key, altKey, ctrlKey, metaKey, shiftKey, target } = event;
  if (ctrlKey || metaKey || shiftKey || !(altKey || isOneLine(target))) return 0;
  return { ArrowUp: 1, ArrowDown: -1 }[key] ?? 0;
}

function isOneLine(field) {
  const style = getComputedStyle(field);
  const padding = parseFloat(style.paddingTop) + parseFloat(style.paddingBottom);
  return !field.value.includes("\n") && field.scrollHeight - padding < 1.9 * parseFloat(style.lineHeight);
}
