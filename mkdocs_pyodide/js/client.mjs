// The page's side of the runtime: one worker for the visit, started when it is first needed.
//
// Nothing here touches the document. A page imports this module by the URL of its script element, so that
// everybody shares the one instance:
//
//   const { runtime } = await import(document.querySelector("script[data-pyodide-client]").src);
//   const html = await runtime.call("answer", text);

// Filled in by the build: functions, files and their sizes, versions.
export const about = {};

export const serviceWorker = new URL("../../../service-worker.js", import.meta.url).href;

const LIMIT = 100_000; // characters of output of one run

export class Runtime {
  #worker = null;
  #begun = null; // {promise, resolve, reject} of the start under way, or done
  #state = "idle";
  #jobs = new Map();
  #last = 0;
  #handlers = { progress: new Set(), state: new Set() };
  #make;

  // `make` gives a worker; tests give one of their own.
  constructor(make) {
    this.#make = make;
  }

  get state() {
    return this.#state;
  }

  // Calls `handler` at each "progress" ({loaded, total}: bytes) or "state" (the new one). Returns a function that ends it.
  on(event, handler) {
    this.#handlers[event].add(handler);
    return () => this.#handlers[event].delete(handler);
  }

  // Starts Python unless it runs. Resolves once it is ready; after a failure a further call tries again.
  start() {
    if (this.#begun) return this.#begun.promise;
    const begun = Promise.withResolvers?.() ?? deferred();
    begun.promise.catch(() => {}); // whoever awaits it hears of it, and so do "state" and every call
    this.#begun = begun;
    this.#set("loading");
    try {
      const worker = this.#make();
      this.#worker = worker;
      worker.onmessage = ({ data }) => this.#worker === worker && this.#receive(data);
      worker.onerror = (event) => {
        event.preventDefault?.();
        if (this.#worker === worker) this.#fail(event.message || "the worker could not be loaded");
      };
    } catch (error) {
      this.#fail(error.message);
    }
    return begun.promise;
  }

  // The text that the function gives for `text`.
  call(name, text) {
    if (!Object.hasOwn(about.functions ?? {}, name)) {
      return Promise.reject(new Error(`no function "${name}" in this build`));
    }
    return this.#ask({ type: "call", name, text: String(text) }, {});
  }

  // Runs Python source. `onOutput` gets each piece of text; aborting `signal` ends the worker and starts a new one.
  // Resolves to {ok, output, truncated}: ok is false after an error, whose traceback is part of the output.
  run(code, { onOutput, signal, limit = LIMIT } = {}) {
    if (signal?.aborted) return Promise.reject(stopped());
    const job = { output: "", onOutput };
    const promise = this.#ask({ type: "run", code: String(code), limit }, job);
    const abort = () => this.#jobs.has(job.id) && this.restart();
    signal?.addEventListener("abort", abort, { once: true });
    const done = () => signal?.removeEventListener("abort", abort);
    promise.then(done, done);
    return promise;
  }

  // Ends the worker, and with it whatever runs. Calls are rejected too, unless a restart asks them again.
  stop() {
    this.#end();
    this.#reject(() => true, stopped());
    this.#set("idle");
  }

  // Ends the worker and begins anew. Runs are rejected with an AbortError; calls are put to the new worker.
  restart() {
    this.#end();
    this.#reject((job) => job.message.type === "run", stopped());
    return this.start();
  }

  #ask(message, job) {
    const id = (this.#last += 1);
    return new Promise((resolve, reject) => {
      this.#jobs.set(id, Object.assign(job, { id, message: { id, ...message }, resolve, reject }));
      this.start();
      if (this.#state === "ready") this.#worker.postMessage(job.message);
    });
  }

  #receive(data) {
    const job = this.#jobs.get(data.id);
    if (data.type === "progress") this.#tell("progress", { loaded: data.loaded, total: data.total });
    else if (data.type === "ready") this.#ready();
    else if (data.type === "failed") this.#fail(data.message);
    else if (!job) return;
    else if (data.type === "output") {
      job.output += data.text;
      job.onOutput?.(data.text);
    } else {
      this.#jobs.delete(data.id);
      if (data.type === "result") job.resolve(data.value);
      else if (data.type === "done") job.resolve({ ok: data.ok, output: job.output, truncated: data.truncated });
      else job.reject(new Error(data.message));
    }
  }

  #ready() {
    this.#set("ready");
    this.#begun.resolve();
    for (const job of this.#jobs.values()) this.#worker.postMessage(job.message);
  }

  #fail(message) {
    const error = new Error(message);
    this.#begun?.reject(error);
    this.#end();
    this.#reject(() => true, error);
    this.#set("failed");
  }

  #end() {
    this.#worker?.terminate();
    this.#worker = null;
    this.#begun?.reject(stopped()); // no effect once it has been resolved
    this.#begun = null;
  }

  #reject(which, error) {
    for (const job of [...this.#jobs.values()].filter(which)) {
      this.#jobs.delete(job.id);
      job.reject(error);
    }
  }

  #set(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.#tell("state", state);
  }

  #tell(event, value) {
    for (const handler of this.#handlers[event]) handler(value);
  }
}

function deferred() {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}

function stopped() {
  return new DOMException("stopped", "AbortError");
}

const worker = () => new Worker(new URL("worker.mjs", import.meta.url), { type: "module", name: "python" });

export const runtime = new Runtime(worker);

// An address that asks (`#q=`) is answered as soon as may be: Python starts while the page is still being built.
if (globalThis.location?.hash.startsWith("#q=")) runtime.start();
