// Run a Python program inside Pyodide: node runtime.mjs RUNTIME REPOSITORY PROGRAM [PACKAGES...]
//
// The folders appear inside as /repository and /packages0, /packages1, ...; the latter can be
// imported from. PROGRAM is a path in the repository. Its exit code becomes this process's.
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [runtime, repository, program, ...packages] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(resolve(runtime), "pyodide.mjs")).href);
const python = await loadPyodide({
  indexURL: resolve(runtime),
  env: { HOME: "/home/pyodide", PYTHONDONTWRITEBYTECODE: "1" },
  stdout: (line) => console.log(line),
  stderr: (line) => console.error(line),
});
python.mountNodeFS("/repository", resolve(repository));
const path = python.pyimport("sys").path;
packages.forEach((folder, number) => {
  python.mountNodeFS(`/packages${number}`, resolve(folder));
  path.append(`/packages${number}`);
});
python.globals.set("PROGRAM", `/repository/${program}`);
process.on("uncaughtException", (error) => {
  // Node would print the line of the runtime that threw, which has a million characters.
  console.error(String(error.stack ?? error).slice(0, 4000));
  process.exitCode = 1;
});
process.exitCode = python.runPython(`
import runpy
try:
    runpy.run_path(PROGRAM, run_name="__main__")
    code = 0
except SystemExit as end:
    code = int(end.code or 0)
code
`);
