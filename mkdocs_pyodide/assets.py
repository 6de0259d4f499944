"""The files that are added to a site, as a dictionary: path below the site's root to bytes.

Nothing here knows a site generator. The folder's name is a hash of its contents,
so that a browser may keep it for ever and never mixes two versions.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mkdocs_pyodide import package
from mkdocs_pyodide.runtime import INTEGRITY, VERSION, obtain
from mkdocs_pyodide.stdlib import cut, digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkdocs_pyodide.runtime import Runtime
    from mkdocs_pyodide.stdlib import Cut

HERE = Path(__file__).parent
FOLDER = "assets/pyodide"
CLIENT = "client.mjs"
WORKER = "worker.mjs"
LIBRARY = "stdlib.zip"
PLACEHOLDER = "export const about = {};"
"""The line of both scripts that the build fills in."""


class Options(NamedTuple):
    """What to ship.

    Arguments:
        package: the folder of the package.
        functions: name in the page to ``module:function``.
        exclude: what of the package stays at home; see :func:`package.files`.
        warm: a Python file for the warm-up; see :func:`stdlib.cut`.
        version: of the npm package ``pyodide``.
        integrity: sha512 of its archive.
        runtime: a local folder or archive instead of npm.
        cache: where results are kept.
        docstrings: whether the package keeps them, its assertions and the lines of its
            instructions; as it may read them.
    """

    package: Path
    functions: Mapping[str, str]
    exclude: tuple[str, ...] = ()
    warm: Path | None = None
    version: str = VERSION
    integrity: str = INTEGRITY
    runtime: str = ""
    cache: Path | None = None
    docstrings: bool = True


def build(options: Options) -> dict[str, bytes]:
    """Obtain the runtime, cut it, and collect the files.

    Raises:
        RuntimeMissingError: the runtime cannot be had here.
        IntegrityError: it is not the one that was asked for.
        FileNotFoundError: the package or the warm-up is not where it was said to be.
    """
    files = package.files(options.package, options.exclude)
    warm = options.warm.read_text(encoding="utf-8") if options.warm else ""
    runtime = obtain(options.version, options.integrity, local=options.runtime, cache=options.cache)
    parts = cut(
        runtime,
        files,
        options.functions.values(),
        warm=warm,
        cache=options.cache,
        docstrings=options.docstrings,
    )
    return collect(runtime, parts, options.package.name, options.functions)


def collect(
    runtime: Runtime, parts: Cut, name: str, functions: Mapping[str, str]
) -> dict[str, bytes]:
    """All files of the folder; the same input gives the same bytes and the same folder.

    Arguments:
        runtime: the runtime.
        parts: the cut standard library and the package.
        name: of the package.
        functions: name in the page to ``module:function``.
    """
    archive = f"{name}.zip"
    loaded = {
        "pyodide.asm.wasm": runtime.files["pyodide.asm.wasm"],
        LIBRARY: parts.stdlib,
        archive: parts.package,
    }
    about = {
        "version": runtime.version,
        "python": runtime.lock["python"],
        "package": archive,
        "library": LIBRARY,
        "rest": "stdlib-full.zip",
        "functions": dict(sorted(functions.items())),
        "lock": runtime.lock,
        "files": {each: len(data) for each, data in loaded.items()},
    }
    modules = {
        "pyodide.mjs": runtime.files["pyodide.mjs"],
        "pyodide.asm.mjs": runtime.files["pyodide.asm.mjs"],
        WORKER: _script(WORKER, about),
    }
    size = sum(map(len, [*loaded.values(), *modules.values()]))
    files = {
        **loaded,
        **modules,
        CLIENT: _script(CLIENT, {**about, "bytes": size}),
        "stdlib-full.zip": runtime.files["python_stdlib.zip"],
        "LICENSE": _licence(runtime),
    }
    folder = f"{FOLDER}/{digest(files)}"
    return {f"{folder}/{each}": files[each] for each in sorted(files)}


def client_of(files: Mapping[str, bytes]) -> str:
    """The path of the script that pages load."""
    return next(path for path in files if path.endswith(f"/{CLIENT}"))


def _script(name: str, about: Mapping[str, object]) -> bytes:
    """A script, told what the build knows."""
    text = (HERE / "js" / name).read_text("utf-8")
    if text.count(PLACEHOLDER) != 1:
        raise ValueError(f"{name} has no line {PLACEHOLDER!r}")
    # JSON is JavaScript, and an ES module is never part of an HTML document.
    value = json.dumps(about, sort_keys=True, separators=(",", ":"))
    return text.replace(PLACEHOLDER, f"export const about = {value};").encode()


def _licence(runtime: Runtime) -> bytes:
    """Whose work the files are, where their source is, and under which terms."""
    source = runtime.package.get("repository")
    url = source.get("url", "") if isinstance(source, dict) else ""
    head = (
        f"pyodide.mjs, pyodide.asm.mjs, pyodide.asm.wasm: Pyodide {runtime.version}, unmodified, "
        f"under the Mozilla Public License 2.0.\nIts source: {str(url).removeprefix('git+')}, "
        f"tag {runtime.version}.\n"
        f"{LIBRARY}, stdlib-full.zip: the standard library of Python as Pyodide carries it; "
        f"{LIBRARY} is a part of it, compiled.\nUnder the licence of Python.\n"
        "client.mjs, worker.mjs: under the MIT licence.\nThe three texts follow.\n"
    )
    names = ("MPL-2.0.txt", "Python.txt", "MIT.txt")
    texts = [(HERE / "licenses" / name).read_text("utf-8") for name in names]
    return "\n\n".join([head, *texts]).encode()
