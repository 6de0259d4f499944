// Run a Python program inside Pyodide: the folder of the runtime, the repository, the program's
// text on standard input, then folders to import from. What the program prints comes out here.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, repository, ...packages] = process.argv.slice(2).map((path) => resolve(path));
const { loadPyodide } = await import(pathToFileURL(join(folder, "pyodide.mjs")).href);
const python = await loadPyodide({
  indexURL: folder,
  env: { HOME: "/home/pyodide", PYTHONDONTWRITEBYTECODE: "1" },
  stdout: (line) => console.log(line),
  stderr: (line) => console.error(line),
});
python.mountNodeFS("/repository", repository);
packages.forEach((path, number) => {
  python.mountNodeFS(`/packages${number}`, path);
  python.runPython(`import sys; sys.path.append("/packages${number}")`);
});
process.exitCode = python.runPython(readFileSync(0, "utf8")) ?? 0;
