"""Pages with a Python in them, each in a folder that any static server can serve.

``ours``
    the page that classifies, as the site is built.
``stock``
    the same page, whose worker loads the runtime as its npm package has it, with
    its whole standard library, and unpacks the checks from a plain zip of source.
``stock, bare page``
    the same worker in a page that has nothing else: no theme, no style.
``markdown-exec``
    the page that this plugin's fence makes, with the plugin's own script. Its
    foreign addresses are replaced by local copies from npm. Its loader wants a
    package that the runtime's npm package lacks; a stub answers instead and
    unpacks the checks, so that it loads less than it would: that favours it.
"""

from __future__ import annotations

import html
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

from benchmarks.tools import CACHE, ROOT

TEXT = "0x7f.1:62893"
"""What is asked: none of the pages has its answer from the build."""

NPM = {"pyodide": "314.0.7", "ace-builds": "1.45.2", "@highlightjs/cdn-assets": "11.12.0"}
MARKDOWN_EXEC = "1.12.6"
"""As ``npm view`` and ``pip index versions`` gave them on 2026-11-25; but the site's runtime."""

INSTALL = 300.0  # seconds
FOREIGN = re.compile(r"""(\s(?:src|href)=")(https?://[^"]+)""")

_STOCK_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Stock</title>
<textarea id="classifier-input"></textarea>
<div id="classifier-answer" data-state="loading"></div>
<script type="module" src="page.mjs"></script></html>
"""

_STOCK_SCRIPT = """const field = document.querySelector("#classifier-input");
const answer = document.querySelector("#classifier-answer");
const worker = new Worker(new URL("worker.mjs", import.meta.url), { type: "module" });
const ask = () => worker.postMessage({ type: "call", id: 0, name: "answer", text: field.value });
worker.onmessage = ({ data }) => {
  if (data.type === "ready") {
    field.addEventListener("input", ask);
    ask();
    return;
  }
  answer.innerHTML = data.value;
  answer.dataset.state = "live";
};
field.value = decodeURIComponent(location.hash.slice("#q=".length));
"""

_STOCK_WORKER = """import { loadPyodide } from "./pyodide.mjs";

const here = (name) => new URL(name, import.meta.url).href;
const functions = new Map();

async function start() {
  const source = fetch(here("checks.zip"));
  const pyodide = await loadPyodide({ indexURL: here(".") });
  pyodide.unpackArchive(await (await source).arrayBuffer(), "zip", { extractDir: "/lib/source" });
  pyodide.runPython("import sys; sys.path.insert(0, '/lib/source')");
  const web = pyodide.pyimport("checks.page");
  for (const name of ["answer", "document", "command"]) functions.set(name, web[name]);
  postMessage({ type: "ready" });
}

addEventListener("message", ({ data: { id, name, text } }) => {
  postMessage({ type: "result", id, value: functions.get(name)(text) });
});
start();
"""

_STUB = """const load = globalThis.loadPyodide;
globalThis.loadPyodide = async (options) => {
  const pyodide = await load(options);
  pyodide.loadPackage = async () => {
    const source = await (await fetch("checks.zip")).arrayBuffer();
    pyodide.unpackArchive(source, "zip", { extractDir: "/lib/source" });
    pyodide.runPython("import sys; sys.path.insert(0, '/lib/source')");
  };
  return pyodide;
};
"""

_RENDER = """import sys
import markdown
from markdown_exec import formatter, validator
fence = {"name": "pyodide", "class": "pyodide", "validator": validator, "format": formatter}
options = {"pymdownx.superfences": {"custom_fences": [fence]}}
text = sys.stdin.read()
print(markdown.markdown(text, extensions=["pymdownx.superfences"], extension_configs=options))
"""


class Peer(NamedTuple):
    """One page.

    Arguments:
        name: in the table.
        folder: what is served.
        address: of the page, below the folder.
        fence: whether its code is run by a click, and its answer printed.
        lazy: whether Python waits for the focus of the field.
    """

    name: str
    folder: Path
    address: str
    fence: bool = False
    lazy: bool = False


class MissingError(Exception):
    """Something that the comparison needs cannot be had here."""


def peers(work: Path) -> list[Peer]:
    """All of them.

    Arguments:
        work: a folder for what is made.

    Raises:
        MissingError: says what is missing.
    """
    site = built_site(work)
    modules = npm()
    source = source_zip(site)
    query = f"#q={TEXT.replace(':', '%3A')}"
    return [
        Peer("ours", site, f"classify/{query}", lazy=True),
        Peer("stock", same_page(work / "same", site, modules, source), f"classify/{query}"),
        Peer("stock, bare page", stock(work / "stock", modules, source), query),
        Peer("markdown-exec", fenced(work / "fenced", modules, source), "", fence=True),
    ]


def built_site(work: Path) -> Path:
    """The site: the one that ``BUILT_SITE`` names, or a new build."""
    if there := os.environ.get("BUILT_SITE"):
        return Path(there)
    site = work / "site"
    _run([sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "-d", str(site)])
    return site


def source_zip(site: Path) -> bytes:
    """The source of exactly those modules that the site ships compiled."""
    found = list(site.glob("assets/pyodide/*/checks.zip"))
    if len(found) != 1:
        raise MissingError("the site was built without its runtime")
    with zipfile.ZipFile(found[0]) as shipped:
        names = [name.removesuffix("c") for name in shipped.namelist()]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for name in names:
            if name.startswith("checks/"):
                target.write(ROOT / name, name)
    return made.getvalue()


def npm() -> Path:
    """The folder with the packages of npm, put into the cache once."""
    program = shutil.which("npm")
    if program is None:
        raise MissingError("npm is not installed")
    folder = CACHE / "npm" / "page" / "-".join(NPM.values())
    modules = folder / "node_modules"
    if not all((modules / name).is_dir() for name in NPM):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}')
        wanted = [f"{name}@{version}" for name, version in NPM.items()]
        _run([program, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts",
              "--no-package-lock", *wanted], folder)  # fmt: skip
    return modules


def same_page(folder: Path, site: Path, modules: Path, source: bytes) -> Path:
    """The site, with the runtime as it comes behind the same page."""
    shutil.copytree(site, folder)
    (place,) = folder.glob("assets/pyodide/*/")
    for name in place.glob("*.zip"):
        name.unlink()
    _runtime(place, modules, "pyodide.mjs")
    (place / "checks.zip").write_bytes(source)
    (place / "worker.mjs").write_text(_STOCK_WORKER)
    return folder


def stock(folder: Path, modules: Path, source: bytes) -> Path:
    """The bare page with the runtime as it comes."""
    folder.mkdir(parents=True)
    _runtime(folder, modules, "pyodide.mjs")
    (folder / "checks.zip").write_bytes(source)
    (folder / "index.html").write_text(_STOCK_PAGE)
    (folder / "page.mjs").write_text(_STOCK_SCRIPT)
    (folder / "worker.mjs").write_text(_STOCK_WORKER)
    return folder


def fenced(folder: Path, modules: Path, source: bytes) -> Path:
    """The page that markdown-exec's fence makes."""
    package = CACHE / "bench-markdown-exec" / MARKDOWN_EXEC
    if not package.exists():
        options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--target", str(package)]
        wanted = f"markdown-exec=={MARKDOWN_EXEC}"
        _run([sys.executable, "-m", "pip", "install", *options, wanted])
    folder.mkdir(parents=True)
    _runtime(folder, modules, "pyodide.js")
    shutil.copytree(modules / "ace-builds/src-min-noconflict", folder / "ace")
    highlight = modules / "@highlightjs/cdn-assets"
    shutil.copy(highlight / "highlight.min.js", folder)
    for name in ("tomorrow.min.css", "tomorrow-night.min.css"):
        shutil.copy(highlight / "styles/base16" / name, folder)
    for name in ("pyodide.js", "pyodide.css"):
        shutil.copy(package / "markdown_exec/assets" / name, folder / f"fence-{name}")
    (folder / "stub.js").write_text(_STUB)
    (folder / "checks.zip").write_bytes(source)
    code = f"from checks.page import answer\nprint(answer({json.dumps(TEXT)}))"
    version = NPM["pyodide"]
    fence = f'```pyodide version="{version}"\n{code}\n```\n'
    rendered = _run([sys.executable, "-c", _RENDER], environment={"PYTHONPATH": str(package)},
                    given=fence)  # fmt: skip
    (folder / "index.html").write_text(fenced_page(rendered))
    return folder


def fenced_page(rendered: str) -> str:
    """A page around what the fence gave, with local addresses instead of foreign ones."""
    body = FOREIGN.sub(lambda found: found[1] + html.escape(local(found[2])), rendered)
    style, script = '<link rel="stylesheet" href="fence-pyodide.css">', "fence-pyodide.js"
    runtime = re.compile(r'<script[^>]*src="pyodide\.js"[^>]*></script>')
    body = runtime.sub(lambda found: found.group() + '<script src="stub.js"></script>', body)
    return (
        f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Fence</title>{style}\n'
        f'<body data-md-color-scheme="default">{body}<script src="{script}"></script></html>'
    )


def local(address: str) -> str:
    """The local copy of a foreign file, by its name alone."""
    name = address.rpartition("/")[2]
    if name == "ace.js":
        return "ace/ace.js"  # it finds its themes and modes beside itself
    return "tomorrow-night.min.css" if name.startswith("tomorrow-night") else name


def _runtime(folder: Path, modules: Path, loader: str) -> None:
    names = ("pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
    for name in (*names, loader):
        shutil.copy(modules / "pyodide" / name, folder)


def _run(
    command: list[str], folder: Path = ROOT, environment: dict[str, str] | None = None,
    given: str = "",
) -> str:  # fmt: skip
    """Run a program; what it printed."""
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1", **(environment or {})}
    try:
        done = subprocess.run(
            command, cwd=folder, env=env,
            input=given, capture_output=True, text=True, timeout=INSTALL, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise MissingError(str(error)) from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise MissingError(
            f"{Path(command[0]).name} {command[1]}: {said[-1] if said else 'failed'}"
        )
    return done.stdout
