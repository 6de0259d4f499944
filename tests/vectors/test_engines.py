"""One set of vectors, every engine: the same bytes from each.

The engines are every CPython from 3.10 that is here, the browser's runtime under
Node, and the command line. The browser itself is in tests/site.
"""

from __future__ import annotations

import glob
import json
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from needs import missing
from vector_files import Vector, load

from mkdocs_pyodide import runtime as pyodide

ROOT = Path(__file__).parent.parent.parent
ENGINE = "tests/vectors/engine.py"
PYTEST = ("_pytest", "iniconfig", "packaging", "pluggy", "py", "pygments", "pytest")
"""Packages of pytest and of what it needs: pure Python, which the runtime takes as it is."""
LIMIT = 280
"""Seconds that an engine may take. The slowest takes 23 of processor time."""


def run(*command: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run an engine in the repository."""
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT, check=False, **options
    )


def assert_alike(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The engine answered every vector alike, and would have told had it not."""
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert report["differences"] == 0, report
    assert report["vectors"] == len(load())
    assert report["control"] == report["altered"] > 0
    return report


def interpreter(version: str) -> str | None:
    """The path of a CPython of that version: on the PATH, or of pyenv."""
    roots = (os.environ.get("PYENV_ROOT", ""), str(Path.home() / ".pyenv"))
    managed = [
        p for root in roots if root for p in glob.glob(f"{root}/versions/{version}.*/bin/python3")
    ]
    for path in (shutil.which(f"python{version}"), *sorted(managed)):
        if path is None:
            continue
        say = "import sys; print('%d.%d' % sys.version_info[:2], sys.implementation.name)"
        done = run(path, "-I", "-c", say)
        if done.stdout.split() == [version, "cpython"]:
            return path
    return None


@pytest.mark.parametrize("version", ["3.10", "3.11", "3.12", "3.13", "3.14"])
def test_cpython(version: str) -> None:
    """Each CPython that is supported gives every vector's document."""
    if version == ".".join(map(str, sys.version_info[:2])):
        path: str | None = sys.executable
    else:
        path = interpreter(version)
    if path is None:
        # No failure in CI either: there each version has a job of its own.
        pytest.skip(f"CPython {version} is not on this machine")
    report = assert_alike(run(path, "-I", "-B", ENGINE))
    assert report["engine"].startswith(f"cpython {version}.")


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the browser's runtime, the one that the site ships."""
    try:
        pyodide.program("node")
        found = pyodide.obtain(local=os.environ.get("PYODIDE_DIR", ""))
    except pyodide.RuntimeMissingError as error:
        missing(f"the browser's runtime: {error}")
    folder = tmp_path_factory.mktemp("pyodide")
    for name, data in found.files.items():
        (folder / name).write_bytes(data)
    return folder


def inside(runtime: Path, program: str, *packages: Path) -> subprocess.CompletedProcess[str]:
    """Run a program of the repository inside the runtime."""
    script = str(ROOT / "tests/vectors/runtime.mjs")
    node = pyodide.program("node")
    return run(node, script, str(runtime), str(ROOT), program, *map(str, packages))


def test_the_browser_s_runtime(runtime: Path) -> None:
    """Pyodide gives every vector's document, and imports nothing that warming up did not."""
    report = assert_alike(inside(runtime, ENGINE))
    assert report["engine"].endswith("emscripten")
    assert report["imported"] == []


def test_pytest_inside_the_browser_s_runtime(runtime: Path, tmp_path: Path) -> None:
    """The tests that need only checks pass there, run by this very pytest."""
    for name in PYTEST:
        spec = find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        source = Path(spec.origin)
        if source.name == "__init__.py":
            unwanted = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source.parent, tmp_path / name, ignore=unwanted)
        else:
            shutil.copy(source, tmp_path)
    result = inside(runtime, "tests/vectors/inside.py", tmp_path)
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-1000:]
    summary = result.stdout.strip().splitlines()[-1]
    passed = re.match(r"(\d+) passed", summary)
    assert passed is not None, summary
    assert int(passed[1]) > 1500


COMMAND = (sys.executable, "-m", "checks", "classify", "--json")
MAX_LINE = 100_000


def as_line(vector: Vector) -> bytes | None:
    """The input as a line of a stream; None where a line cannot hold it."""
    if "\n" in vector.input or vector.input.endswith("\r") or len(vector.input) > MAX_LINE:
        return None
    try:
        raw = vector.input.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a lone surrogate that stands for no byte
        return None
    return raw if raw.decode("utf-8", "surrogateescape") == vector.input else None


def test_the_command_line_as_a_stream() -> None:
    """A line in, the vector's document out, for every input that fits a line."""
    lines = {vector: line for vector in load() if (line := as_line(vector)) is not None}
    assert len(lines) > 0.9 * len(load())
    done = subprocess.run(
        [*COMMAND, "-"], cwd=ROOT, input=b"\n".join(lines.values()) + b"\n",
        capture_output=True, timeout=LIMIT, check=True,
    )  # fmt: skip
    answers = done.stdout.decode("ascii").splitlines()
    assert len(answers) == len(lines)
    assert [
        v.id for v, answer in zip(lines, answers, strict=True) if v.expected_json != answer
    ] == []


def test_the_command_line_with_arguments() -> None:
    """Texts as arguments, also of several lines, give the vectors' documents, one a line.

    All of one family go into one call, which the shell's own limit allows.
    """
    for family in ("paste", "spelling", "url"):
        vectors = [v for v in load(family) if as_argument(v)]
        done = run(*COMMAND, "--", *(v.input for v in vectors), encoding="utf-8")
        assert done.returncode in (0, 1, 2)
        different = [
            v.id
            for v, answer in zip(vectors, done.stdout.splitlines(), strict=True)
            if v.expected_json != answer
        ]
        assert different == []


def as_argument(vector: Vector) -> bool:
    """Whether a program can be given the input as an argument; ``-`` means the stream."""
    return (
        "\x00" not in vector.input and vector.input not in ("", "-") and vector.input.isprintable()
    ) or "\n" in vector.input


@pytest.mark.parametrize("family", sorted({v.family for v in load()}))
def test_the_command_line_called_once(family: str) -> None:
    """One text, one call, of each family."""
    vector = next(v for v in load(family) if as_argument(v))
    assert run(*COMMAND, "--", vector.input).stdout == vector.expected_json + "\n"
