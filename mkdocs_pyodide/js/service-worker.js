// Keeps what a visitor has seen, so that the site opens and answers without a network. It stores nothing by itself
// beforehand: a page asks for it ({type: "precache", urls, runtime}), and takes it back ({type: "remove"}).
//
// - the runtime, whose folder is named after its contents: from the cache, once it is there; but for a request that wants
//   the browser's own cache (its answer comes with the compiled code), and comes again when that has nothing
// - pages, and JSON, which may name other files: from the network; from the cache when that fails; for a page then the
//   404 page, then the home page
// - everything else of the site: from the cache at once, refreshed a little later, when the page is there
// - other origins, other methods, ranges: none of its business

// Filled in by the build: version, folder, runtime, pages.
const SITE = {};

const SCOPE = self.registration.scope;
const PREFIX = `pyodide ${SCOPE} `; // several sites may share an origin; each looks after its own caches
const CURRENT = { site: `${PREFIX}site ${SITE.version}`, runtime: `${PREFIX}${SITE.folder}` };
const RUNTIME = new URL("assets/pyodide/", SCOPE).href;
const LATER = 5000; // milliseconds after which a stored file is refreshed: first the page gets the machine
const SLOW = 8000; // milliseconds without an answer after which a page comes from the cache, if it is there

let removed = false;

const after = (time) => new Promise((resolve) => setTimeout(resolve, time));
const bare = (url) => url.href.split(/[?#]/)[0];
const ours = (url) => url.href.startsWith(SCOPE);
const isRuntime = (url) => url.href.startsWith(RUNTIME);
const isFresh = (request, url) => request.mode === "navigate" || /(\/|\.html|\.json)$/.test(url.pathname);
const isCurrent = (name) => Object.values(CURRENT).includes(name);
const cacheFor = (url) => (isRuntime(url) ? CURRENT.runtime : CURRENT.site);

async function keep(url, response) {
  // A redirected response may not answer a navigation later.
  if (removed || response.status !== 200 || response.type !== "basic" || response.redirected) return;
  // Only a page's request opens the caches. Once they are removed they stay so, also for a worker that goes on serving
  // an open page, is ended meanwhile and started again.
  if (!(await caches.has(CURRENT.site))) return;
  const cache = await caches.open(cacheFor(url));
  await cache.put(bare(url), response);
  if (removed) await discard(() => true); // meanwhile: opening has made the cache anew
}

// Pages are stored without query and fragment; `a/` and `a/index.html` are one page.
async function stored(url) {
  const key = bare(url);
  const find = (address) => caches.match(address, { cacheName: cacheFor(url) });
  return (
    (await find(key)) ??
    (await find(key.replace(/\/$/, "/index.html"))) ??
    (await find(key.replace(/\/index\.html$/, "/")))
  );
}

async function fetchAndKeep(event, url) {
  const response = await fetch(event.request);
  const copy = response.clone();
  event.waitUntil(keep(url, copy).catch(() => {})); // a full disk is no reason to fail
  return response;
}

async function page(event, url) {
  const network = fetchAndKeep(event, url);
  const late = after(SLOW).then(() => stored(url));
  try {
    return (await Promise.race([network, late])) ?? (await network);
  } catch {
    return (await stored(url)) ?? (await instead(event.request));
  }
}

async function instead(request) {
  if (request.mode !== "navigate") return Response.error();
  const missing = await stored(new URL("404.html", SCOPE));
  if (missing) return missing; // its addresses are absolute, so it serves at any path
  if (await stored(new URL(SCOPE))) return Response.redirect(SCOPE);
  return new Response("offline, and this page has not been stored", { status: 503 });
}

async function asset(event, url) {
  const found = await stored(url);
  if (found && isRuntime(url)) return found;
  if (!found) return fetchAndKeep(event, url);
  event.waitUntil(after(LATER).then(() => fetchAndKeep(event, url)).catch(() => {}));
  return found;
}

// Stores the pages that make up the site's frame, what the page names, and on demand the runtime.
async function precache({ urls = [], runtime = false }) {
  removed = false;
  await caches.open(CURRENT.site);
  const names = [...SITE.pages, ...(runtime ? SITE.runtime : [])].map((path) => new URL(path, SCOPE));
  const wanted = new Map([...names, ...urls.map((url) => new URL(url, SCOPE))].map((url) => [bare(url), url]));
  const results = await Promise.allSettled(
    [...wanted.values()].filter(ours).map(async (url) => {
      if (isRuntime(url) && (await stored(url))) return;
      // The browser's own cache may hold an older page; a file of the runtime has but one version, at any age.
      const cache = isRuntime(url) ? "force-cache" : "no-cache";
      const response = await fetch(bare(url), { cache });
      if (!response.ok) throw new Error(`HTTP status ${response.status}`);
      await keep(url, response);
    }),
  );
  return { stored: results.length, failed: results.filter((one) => one.reason).length };
}

async function precached(wanted) {
  return { type: "precached", ...(await precache(wanted)) };
}

async function remove() {
  removed = true;
  await discard(() => true);
  await self.registration.unregister();
  return { type: "removed" };
}

async function discard(which) {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  await Promise.all(names.filter(which).map((name) => caches.delete(name)));
}

// A new version of the site: what the visitor had is fetched anew, as far as it is still there, and the old goes.
async function renew() {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && !isCurrent(name));
  const requests = await Promise.all(old.map(async (name) => (await caches.open(name)).keys()));
  const urls = requests.flat().map((request) => request.url);
  const pages = urls.filter((url) => !isRuntime(new URL(url)));
  const runtime = pages.length < urls.length && !navigator.connection?.saveData;
  if (pages.length || runtime) await precache({ urls: pages, runtime });
  await discard((name) => !isCurrent(name));
}

self.addEventListener("activate", (event) => {
  event.waitUntil(renew().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (removed || request.method !== "GET" || !ours(url) || request.headers.has("range")) return;
  if (request.cache === "force-cache" && isRuntime(url)) return; // with it comes what the browser has compiled before
  event.respondWith(isFresh(request, url) && !isRuntime(url) ? page(event, url) : asset(event, url));
});

self.addEventListener("message", (event) => {
  const work = { precache: precached, remove }[event.data?.type];
  if (!work) return;
  const reply = (answer) => (event.ports[0] ?? event.source)?.postMessage(answer);
  event.waitUntil(
    work(event.data).then(reply, (error) => reply({ type: "failed", message: String(error.message) })),
  );
});
