"""The standard library, cut to what the package imports, and the package, compiled.

Which modules those are is read from ``sys.modules`` after the real runtime has
run the functions under Node (``guest/imports.py``). The runtime's own Python
compiles and packs them (``guest/trim.py``), then starts from the result and runs
everything once more, to prove that nothing is missed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mkdocs_pyodide.runtime import cache_folder, execute, program

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mkdocs_pyodide.runtime import Runtime

HERE = Path(__file__).parent
LIVE = HERE / "guest" / "_pyodide_live.py"
IMPORTS = HERE / "guest" / "imports.py"
TRIM = HERE / "guest" / "trim.py"
SCRIPT = HERE / "js" / "build.mjs"

TIMEOUT = 300
"""Seconds for starting the runtime twice and compiling; about ten on a desktop."""

KEPT = 8
"""Results that the cache keeps: a few branches of a project, not its history."""

RESULTS = ("stdlib.zip", "package.zip")


class Cut(NamedTuple):
    """What the browser loads instead of the whole.

    Arguments:
        stdlib: the standard library's zip, for ``stdLibURL``.
        package: the package's zip; it also tells what is not in the library.
    """

    stdlib: bytes
    package: bytes


def cut(
    runtime: Runtime,
    files: Mapping[str, Path],
    functions: Iterable[str],
    *,
    warm: str = "",
    cache: Path | None = None,
    docstrings: bool = True,
) -> Cut:
    """Make both archives, or take them from the cache.

    Arguments:
        runtime: the runtime that will read them.
        files: of the package: path in the archive to path on disk.
        functions: ``module:name`` of every function that the pages call.
        warm: Python source run inside the runtime, so that imports which only
            some inputs cause are seen.
        cache: folder of the cache.
        docstrings: whether the package keeps its docstrings, assertions and lines.

    Raises:
        RuntimeMissingError: Node is missing, or the run failed.
    """
    targets = sorted(functions)
    everything = {**files, LIVE.name: LIVE}
    settings = {"functions": targets, "warm": warm, "docstrings": docstrings}
    key = _key(runtime, everything, settings)
    place = (cache or cache_folder()) / "cut" / key
    if not all((place / name).is_file() for name in RESULTS):
        _make(runtime, everything, settings, place)
    return Cut(*((place / name).read_bytes() for name in RESULTS))


def _make(
    runtime: Runtime, files: Mapping[str, Path], settings: Mapping[str, object], place: Path
) -> None:
    """Run the script under Node; its results appear in the cache all at once."""
    node = program("node")
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix="making-") as name:
        folder = Path(name)
        unpacked, out = folder / "runtime", folder / "out"
        unpacked.mkdir()
        out.mkdir()
        for each, data in runtime.files.items():
            (unpacked / each).write_bytes(data)
        job = {
            "runtime": f"{unpacked}/",
            "files": {path: str(source.resolve()) for path, source in files.items()},
            "imports": str(IMPORTS),
            "trim": str(TRIM),
            **settings,
            "out": str(out),
        }
        (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
        execute([node, str(SCRIPT), str(folder / "job.json")], TIMEOUT)
        if not place.exists():
            try:
                out.rename(place)
            except OSError:
                if not place.is_dir():  # another build was quicker, with the same bytes
                    raise
    _prune(place.parent)


def _key(runtime: Runtime, files: Mapping[str, Path], settings: Mapping[str, object]) -> str:
    """A name for the inputs: every one of their bytes decides it."""
    parts = {f"runtime/{name}": data for name, data in runtime.files.items()}
    parts.update({f"package/{name}": path.read_bytes() for name, path in files.items()})
    parts.update({f"build/{path.name}": path.read_bytes() for path in (IMPORTS, TRIM, SCRIPT)})
    parts["settings"] = json.dumps(settings, sort_keys=True).encode()
    return digest(parts)


def digest(parts: Mapping[str, bytes]) -> str:
    """Sixteen hexadecimal digits that stand for named bytes."""
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in parts.items()}
    return hashlib.sha256(json.dumps(sums, sort_keys=True).encode()).hexdigest()[:16]


def _prune(folder: Path) -> None:
    """Remove the oldest results beyond KEPT."""
    places = [path for path in folder.iterdir() if not path.name.startswith("making-")]
    for place in sorted(places, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT:]:
        shutil.rmtree(place, ignore_errors=True)  # another build may be removing it too
