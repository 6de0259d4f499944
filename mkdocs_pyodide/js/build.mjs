// Runs under Node while the site is built, never in a page: cuts the standard library and packs the
// package inside the real runtime, then starts the result and warms it up again to prove that nothing is missed.
//
// usage: node build.mjs JOB.json
// job: {runtime, files: {path: path on disk}, imports, trim, functions, warm, docstrings, out}
// writes OUT/stdlib.zip and OUT/package.zip

import { readFile, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

const ROUNDS = 3; // an import that only happens with the cut library is added, and tried again

// A trace through the runtime quotes its one line of a megabyte; the message is what matters.
process.on("uncaughtException", (error) => {
  console.error(String(error.message ?? error).slice(-2000));
  process.exit(1);
});

const job = JSON.parse(await readFile(process.argv[2], "utf8"));
const stock = join(job.runtime, "python_stdlib.zip");
const { loadPyodide } = await import(pathToFileURL(join(job.runtime, "pyodide.mjs")).href);
const lock = JSON.parse(await readFile(join(job.runtime, "pyodide-lock.json"), "utf8"));

function boot(stdLibURL, args = []) {
  return loadPyodide({
    args,
    indexURL: job.runtime,
    stdLibURL,
    lockFileContents: { info: lock.info, packages: {} },
    packageBaseUrl: job.runtime,
    stdin: () => null,
    env: { PYTHONHASHSEED: "0" }, // the order of a set's constants reaches the bytecode
  });
}

// The functions of a Python file.
function load(pyodide, path) {
  const space = pyodide.toPy({ __name__: basename(path, ".py") });
  pyodide.runPython(readFileSync(path, "utf8"), { globals: space, filename: basename(path) });
  return (name, ...values) => {
    const result = space.get(name)(...values.map((value) => pyodide.toPy(value)));
    return result?.toJs ? result.toJs() : result;
  };
}

async function sources(pyodide) {
  for (const [name, path] of Object.entries(job.files)) {
    const target = `/app/${name}`;
    pyodide.FS.mkdirTree(target.slice(0, target.lastIndexOf("/")));
    pyodide.FS.writeFile(target, await readFile(path));
  }
}

// Bytecode without the columns of each instruction: a fifth smaller, and quicker to read. Tracebacks keep their lines.
const first = await boot(stock, ["-X", "no_debug_ranges"]);
await sources(first);
first.runPython("import sys; sys.path.insert(0, '/app'); sys.dont_write_bytecode = True");
const use = load(first, job.imports);
use("warm", job.functions, job.warm);
let keep = use("imported");
const trim = load(first, job.trim); // not before: it imports for itself
first.FS.writeFile("/stock.zip", readFileSync(stock));

for (let round = 1; ; round += 1) {
  const left = trim("cut", "/stock.zip", keep, "/stdlib.zip");
  trim("pack", "/app", left, "/modules.zip", job.docstrings);
  trim("wrap", "/modules.zip", "/package.zip");
  for (const name of ["stdlib.zip", "package.zip"]) {
    await writeFile(join(job.out, name), first.FS.readFile(`/${name}`));
  }
  const wanted = await prove();
  if (wanted.length === 0) break;
  if (round === ROUNDS) throw new Error(`still missed after ${ROUNDS} rounds: ${wanted.join(" ")}`);
  keep = [...keep, ...wanted];
}

async function prove() {
  const library = join(job.runtime, "stdlib.zip"); // the loader reads files only, under Node
  await writeFile(library, first.FS.readFile("/stdlib.zip"));
  const pyodide = await boot(library);
  pyodide.FS.writeFile("/package.zip", first.FS.readFile("/modules.zip"));
  pyodide.runPython("import sys; sys.path.insert(0, '/package.zip')");
  const live = pyodide.pyimport("_pyodide_live");
  const rest = live.complete(() => readFileSync(stock));
  load(pyodide, job.imports)("warm", job.functions, job.warm);
  return rest.wanted.toJs();
}
