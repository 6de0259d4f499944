// The client with a worker that the test plays. Run by test_client.py: node --test client.test.mjs CLIENT

import assert from "node:assert/strict";
import { test } from "node:test";

const { Runtime, about } = await import(process.env.CLIENT);
about.functions = { answer: "m:f" };

function setUp() {
  const workers = [];
  const runtime = new Runtime(() => {
    const worker = {
      sent: [],
      ended: false,
      postMessage: (message) => worker.sent.push(message),
      terminate: () => (worker.ended = true),
      say: (data) => worker.onmessage({ data }),
    };
    workers.push(worker);
    return worker;
  });
  const states = [];
  runtime.on("state", (state) => states.push(state));
  return { runtime, workers, states };
}

const outcome = (promise) => promise.then((value) => value, (error) => error);

test("nothing starts by itself, and starting twice starts once", async () => {
  const { runtime, workers, states } = setUp();
  assert.equal(runtime.state, "idle");
  assert.equal(workers.length, 0);
  assert.equal(runtime.start(), runtime.start());
  assert.equal(workers.length, 1);
  assert.deepEqual(workers[0].sent, []);
  workers[0].say({ type: "ready" });
  await runtime.start();
  assert.deepEqual(states, ["loading", "ready"]);
});

test("calls wait for the runtime and are answered by their number", async () => {
  const { runtime, workers } = setUp();
  const first = runtime.call("answer", "a");
  const second = runtime.call("answer", "b");
  workers[0].say({ type: "ready" });
  const [a, b] = workers[0].sent;
  assert.deepEqual([a.name, a.text, b.text], ["answer", "a", "b"]);
  workers[0].say({ type: "result", id: b.id, value: "B" });
  workers[0].say({ type: "error", id: a.id, message: "ValueError: a" });
  assert.equal(await second, "B");
  assert.equal((await outcome(first)).message, "ValueError: a");
  assert.equal(runtime.state, "ready");
});

test("a name that the build does not know is refused without starting", async () => {
  const { runtime, workers } = setUp();
  assert.match((await outcome(runtime.call("toString", ""))).message, /no function "toString"/);
  assert.equal(workers.length, 0);
});

test("a failure rejects all that waits, and the next call tries again", async () => {
  const { runtime, workers, states } = setUp();
  const start = outcome(runtime.start());
  const call = outcome(runtime.call("answer", ""));
  workers[0].say({ type: "failed", message: "no wasm" });
  assert.equal((await start).message, "no wasm");
  assert.equal((await call).message, "no wasm");
  assert.equal(workers[0].ended, true);
  const again = runtime.call("answer", "");
  workers[1].say({ type: "ready" });
  workers[1].say({ type: "result", id: workers[1].sent[0].id, value: "x" });
  assert.equal(await again, "x");
  assert.deepEqual(states, ["loading", "failed", "loading", "ready"]);
});

test("a worker that cannot be loaded is a failure", async () => {
  const { runtime, workers } = setUp();
  const start = outcome(runtime.start());
  workers[0].onerror({ message: "", preventDefault() {} });
  assert.match((await start).message, /could not be loaded/);
  const broken = new Runtime(() => {
    throw new Error("no workers here");
  });
  assert.equal((await outcome(broken.start())).message, "no workers here");
  assert.equal(broken.state, "failed");
});

test("a restart asks calls again and rejects runs", async () => {
  const { runtime, workers, states } = setUp();
  const call = runtime.call("answer", "a");
  const run = outcome(runtime.run("while True: pass"));
  workers[0].say({ type: "ready" });
  runtime.restart();
  assert.equal(workers[0].ended, true);
  assert.equal((await run).name, "AbortError");
  workers[0].say({ type: "result", id: 1, value: "from the grave" });
  workers[1].say({ type: "ready" });
  assert.deepEqual(workers[1].sent.map((message) => message.type), ["call"]);
  workers[1].say({ type: "result", id: workers[1].sent[0].id, value: "A" });
  assert.equal(await call, "A");
  assert.deepEqual(states, ["loading", "ready", "loading", "ready"]);
});

test("stop rejects everything", async () => {
  const { runtime, workers } = setUp();
  const results = [runtime.start(), runtime.call("answer", ""), runtime.run("")].map(outcome);
  runtime.stop();
  assert.deepEqual((await Promise.all(results)).map((error) => error.name), Array(3).fill("AbortError"));
  assert.equal(runtime.state, "idle");
  assert.equal(workers[0].ended, true);
});

test("a run gathers its output and hands it on", async () => {
  const { runtime, workers } = setUp();
  const pieces = [];
  const run = runtime.run("print()", { onOutput: (text) => pieces.push(text), limit: 7 });
  workers[0].say({ type: "ready" });
  const { id, code, limit } = workers[0].sent[0];
  assert.deepEqual([code, limit], ["print()", 7]);
  workers[0].say({ type: "output", id, text: "a" });
  workers[0].say({ type: "output", id, text: "b" });
  workers[0].say({ type: "done", id, ok: true, truncated: false });
  assert.deepEqual(await run, { ok: true, output: "ab", truncated: false });
  assert.deepEqual(pieces, ["a", "b"]);
});

test("aborting a run replaces the worker; aborting afterwards does nothing", async () => {
  const { runtime, workers } = setUp();
  const one = new AbortController();
  const run = outcome(runtime.run("", { signal: one.signal }));
  workers[0].say({ type: "ready" });
  one.abort();
  assert.equal((await run).name, "AbortError");
  assert.equal(workers.length, 2);
  assert.equal((await outcome(runtime.run("", { signal: one.signal }))).name, "AbortError");
  const two = new AbortController();
  const other = runtime.run("", { signal: two.signal });
  workers[1].say({ type: "ready" });
  workers[1].say({ type: "done", id: workers[1].sent[0].id, ok: true, truncated: false });
  await other;
  two.abort();
  assert.equal(workers.length, 2);
});

test("progress is told until the handler is taken off", () => {
  const { runtime, workers } = setUp();
  const seen = [];
  const off = runtime.on("progress", (progress) => seen.push(progress));
  runtime.start();
  workers[0].say({ type: "progress", loaded: 1, total: 2 });
  off();
  workers[0].say({ type: "progress", loaded: 2, total: 2 });
  assert.deepEqual(seen, [{ loaded: 1, total: 2 }]);
});
