// A copy of what the visitor has seen, so that the site opens and answers without a network. It is kept from the first
// visit on, says so in the foot of each page, and can be removed there, for good.

import { button, make, runtime } from "./dom.mjs";

const KEY = "loopback-offline"; // "off" where the visitor has declined

const declined = () => {
  try {
    return localStorage.getItem(KEY) === "off";
  } catch {
    return true; // storage is denied: so would a cache be
  }
};

let started = false;

export function keepOffline() {
  const place = document.querySelector(".md-footer-meta__inner") ?? document.querySelector("footer");
  if (!("serviceWorker" in navigator) || !place || place.querySelector(".lb-offline")) return;
  const text = make("span", { className: "lb-offline-text" });
  const toggle = button("", () => (declined() ? turnOn(show) : turnOff(show)), "lb-offline-toggle");
  const show = () => {
    text.textContent = declined() ? "No offline copy is kept. " : "An offline copy of what you visit is kept. ";
    toggle.textContent = declined() ? "Keep one" : "Remove it";
  };
  place.append(make("div", { className: "lb-offline" }, text, toggle));
  show();
  if (!started && !declined()) {
    started = true;
    afterLoad(register);
  }
}

const idle = window.requestIdleCallback?.bind(window) ?? ((callback) => setTimeout(callback, 300));

// The page comes first: nothing is stored while it still loads.
function afterLoad(work) {
  if (document.readyState === "complete") idle(work);
  else addEventListener("load", () => idle(work), { once: true });
}

// A worker that already served this page has kept what the page loaded.
const served = Boolean(navigator.serviceWorker?.controller);
let watched = false;

async function register() {
  const module = await runtime().catch(() => null);
  if (!module) return;
  await settled(module.runtime);
  if (declined()) return;
  try {
    await navigator.serviceWorker.register(module.serviceWorker);
    await navigator.serviceWorker.ready;
    if (!served || watched) precache({ urls: loaded(module) });
    keepRuntime(module);
  } catch {
    // Private windows and full disks have no offline copy; the site works without.
  }
}

// An answer that somebody waits for comes first, too.
function settled(python) {
  return new Promise((resolve) => {
    const look = () => {
      if (python.state === "loading") return;
      off();
      resolve();
    };
    const off = python.on("state", look);
    look();
  });
}

// What this page has loaded before anybody kept it.
function loaded({ serviceWorker }) {
  const root = new URL(".", serviceWorker).href;
  const urls = performance.getEntriesByType("resource").map(({ name }) => name);
  return [location.href, ...urls].filter((url) => url.startsWith(root));
}

// The search is kept where the visitor has used it: all of its index, and of what it shows the pages that are kept.
// The names of its files are made of their contents, so what is there already is good.
export async function keepSearch(folder) {
  if (!navigator.serviceWorker?.controller || declined() || navigator.connection?.saveData) return;
  const answer = await fetch(new URL("files.json", folder));
  const { files, pages } = await answer.json();
  const root = new URL("../../", folder);
  const kept = await Promise.all(
    Object.entries(pages).map(async ([page, file]) => ((await caches.match(new URL(page, root))) ? [file] : [])),
  );
  const urls = [...files, ...kept.flat()].map((name) => new URL(name, folder).href);
  const there = await Promise.all(urls.map((url) => caches.match(url)));
  const missing = urls.filter((_, place) => !there[place]);
  if (missing.length) await precache({ urls: missing });
}

// The runtime is kept where the visitor has used it. Its worker may have fetched it before anybody kept it; then the
// browser's own cache has it, and may give it again without a download. Where data are to be saved that is not tried.
function keepRuntime({ runtime: python }) {
  const keep = () => {
    if (python.state === "ready" && !declined() && !navigator.connection?.saveData) precache({ runtime: true });
  };
  keep();
  if (watched) return;
  watched = true;
  python.on("state", keep);
}

async function precache(what) {
  const { active } = await navigator.serviceWorker.ready;
  return told(active, { type: "precache", ...what });
}

// What the service worker answers.
function told(worker, message) {
  const channel = new MessageChannel();
  const answer = new Promise((resolve) => (channel.port1.onmessage = ({ data }) => resolve(data)));
  worker.postMessage(message, [channel.port2]);
  return answer;
}

async function turnOff(show) {
  localStorage.setItem(KEY, "off");
  show();
  const registration = await navigator.serviceWorker.getRegistration();
  const worker = registration?.active ?? registration?.waiting ?? registration?.installing;
  if (worker) await told(worker, { type: "remove" });
}

async function turnOn(show) {
  localStorage.removeItem(KEY);
  show();
  await register();
}
