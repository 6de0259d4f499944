// A Python in a module worker. It starts at once, and is asked when it is ready.
//
// in:  {type: "call", id, name, text}, {type: "run", id, code, limit}
// out: {type: "progress", loaded, total}, {type: "ready"}, {type: "failed", message},
//      {type: "result", id, value}, {type: "error", id, message}, {type: "output", id, text},
//      {type: "done", id, ok, truncated}

// Filled in by the build: functions, files and their sizes, what the lock says of the runtime.
export const about = {};

const here = (name) => new URL(name, import.meta.url).href;
const MODULE = "pyodide.asm.wasm";
const functions = new Map();
let live = null; // the Python half, once it is there

function short(error) {
  const lines = String(error?.message ?? error).trimEnd().split("\n");
  return lines[lines.length - 1].slice(0, 300) || "unknown error";
}

// The loader fetches for itself, all at the same time, but does not count. So what it fetches passes here. A response is
// handed on as it is (a clone is counted), since the browser keeps compiled WebAssembly only for its own.
// Returns a promise that is rejected when a file cannot be had, or WebAssembly not be compiled (by the page's policy, for
// instance): of both the loader may only log something, and wait for ever.
function passOn(files, onProgress) {
  const total = Object.values(files).reduce((sum, size) => sum + size, 0);
  const names = new Map(Object.keys(files).map((name) => [here(name), name]));
  const network = self.fetch;
  let loaded = 0;

  async function get(name) {
    const response = await (name === MODULE ? compiledBefore(here(name)) : network(here(name)));
    if (!response.ok) throw new Error(`${name}: HTTP status ${response.status}`);
    count(response.clone().body.getReader(), files[name]);
    const type = response.headers.get("content-type") ?? "";
    if (!name.endsWith(".wasm") || type.startsWith("application/wasm")) return response;
    return new Response(response.body, { headers: { "content-type": "application/wasm" } });
  }

  // The browser keeps what it has compiled with the files of its own cache, not with those that the service worker hands
  // out; that one leaves such a request alone, and answers the second where there is no network. The folder is named
  // after what is in it, so a file of any age will do; a failure of any age will not.
  async function compiledBefore(url) {
    const response = await network(url, { cache: "force-cache" }).catch(() => null);
    return response?.ok ? response : network(url);
  }

  async function count(reader, size) {
    let mine = 0;
    try {
      for (let step = await reader.read(); !step.done; step = await reader.read()) {
        const more = Math.min(step.value.byteLength, size - mine);
        mine += more;
        loaded += more;
        onProgress(loaded, total);
      }
    } catch {
      // The loader reads the same body, and reports what goes wrong with it.
    }
  }

  return new Promise((_, reject) => {
    const watched = (promise) => {
      promise.catch(reject);
      return promise;
    };
    self.fetch = (resource, options) => {
      const url = new URL(resource instanceof Request ? resource.url : resource, import.meta.url).href;
      const name = names.get(url);
      names.delete(url); // a visitor's code may ask for it again, and gets it as it is
      return name ? watched(get(name)) : network(resource, options);
    };
    const { instantiateStreaming } = WebAssembly;
    WebAssembly.instantiateStreaming = (...given) => watched(instantiateStreaming(...given));
  });
}

// Importing is synchronous, so a module that the cut library lacks is fetched synchronously. Only in a worker.
function wholeLibrary() {
  const request = new XMLHttpRequest();
  request.open("GET", here(about.rest), false);
  request.responseType = "arraybuffer";
  request.send();
  if (request.status !== 200) throw new Error(`${about.rest}: HTTP status ${request.status}`);
  return new Uint8Array(request.response);
}

// The package's archive has one member, which is an archive too: compressed as a whole it is smaller, and the browser is
// quicker at it than Python. The header of a member: APPNOTE.TXT 4.3.7.
async function unpacked(response) {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const header = new DataView(bytes.buffer, 0, 30);
  const first = 30 + header.getUint16(26, true) + header.getUint16(28, true);
  const packed = bytes.subarray(first, first + header.getUint32(18, true));
  const plain = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(plain).arrayBuffer());
}

// What the loader is told.
const options = {
  indexURL: here("."),
  packageBaseUrl: here("."),
  stdLibURL: here(about.library),
  lockFileContents: { info: about.lock, packages: {} },
  stdin: () => null,
};

async function start() {
  let posted = 0;
  const failed = passOn(about.files, (loaded, total) => {
    const now = performance.now();
    if (loaded < total && now - posted < 50) return;
    posted = now;
    postMessage({ type: "progress", loaded, total });
  });
  failed.catch(() => {}); // awaited below
  const source = fetch(here(about.package));
  const { loadPyodide } = await import(here("pyodide.mjs"));
  const pyodide = await Promise.race([loadPyodide(options), failed]);
  pyodide.FS.writeFile("/lib/package.zip", await unpacked(await source));
  pyodide.runPython("import sys; sys.path.insert(0, '/lib/package.zip')");
  live = pyodide.pyimport("_pyodide_live");
  live.complete(wholeLibrary);
  for (const [name, target] of Object.entries(about.functions)) functions.set(name, live.function(target));
}

// An error of Python leaves the interpreter as it was; any other one has ended it.
function answer(id, work) {
  try {
    work();
  } catch (error) {
    if (error?.name === "PythonError") postMessage({ type: "error", id, message: short(error) });
    else postMessage({ type: "failed", message: short(error) });
  }
}

const handlers = {
  call({ id, name, text }) {
    answer(id, () => postMessage({ type: "result", id, value: String(functions.get(name)(text)) }));
  },
  run({ id, code, limit }) {
    answer(id, () => {
      const emit = (text) => postMessage({ type: "output", id, text });
      const result = live.run(code, emit, limit);
      const [ok, truncated] = result.toJs();
      result.destroy();
      postMessage({ type: "done", id, ok, truncated });
    });
  },
};

addEventListener("message", ({ data }) => handlers[data.type]?.(data));
start().then(
  () => postMessage({ type: "ready" }),
  (error) => postMessage({ type: "failed", message: short(error) }),
);
