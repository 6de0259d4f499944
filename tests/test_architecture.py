"""The house stays as drawn: who may import whom, and what the pure half may touch."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from cases import each

ROOT = Path(__file__).parent.parent

PURE_ROOMS = {
    "_site": (),
    "model": (),
    "address": ("model",),
    "ports": ("model",),
    "text": ("model", "address", "ports"),
    "rules": ("model", "address"),
    "findings": ("_site", "model", "address", "ports", "text", "rules"),
    "causes": ("model", "address", "ports", "text", "rules", "findings"),
    "report": ("model", "address", "ports", "text", "rules", "findings", "causes"),
    "page": ("model", "report", "text"),
}
MACHINE_ROOMS = {
    "probe": ("model", "address", "ports", "text", "rules"),
    "_start": (),
    "__init__": ("_start", "model", "address", "ports", "text", "probe", "report"),
    "cli": (
        "__init__", "model", "address", "ports", "text", "rules", "findings", "report", "probe",
    ),
    "__main__": ("_start", "cli"),
}  # fmt: skip
ROOMS = {**PURE_ROOMS, **MACHINE_ROOMS}
"""Each room with the rooms that it may import; ``__init__`` is the public API.

A name of the API, such as ``checks.__version__``, is in ``__init__`` too. To import
a room is not to import the API, although Python runs it on the way.
"""

PURE_LIBRARY = {
    "__future__", "bisect", "collections", "collections.abc", "importlib", "itertools", "json",
    "operator", "re", "textwrap", "types", "typing", "unicodedata",
}  # fmt: skip
"""All of the standard library that a visitor of the page has to load.

``importlib`` is part of every interpreter; it loads the format that was asked for.
"""


MOST_INSIDE = 55
"""Imports inside functions: the doors of packages, each with its reason."""

LONGEST = 500
"""Lines of a module."""

TABLES = {"checks.ports._services", "checks.text.banners.table", "checks.text.errors.table"}


def modules(root: Path) -> dict[str, Path]:
    """Every module of the package in the folder *root*, by its dotted name."""
    found = {}
    for path in sorted((root / "checks").rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def room_of(module: str) -> str:
    """The first name below the package; ``__init__`` for the package itself."""
    return module.split(".")[1] if "." in module else "__init__"


def imports(path: Path) -> frozenset[str]:
    """What a file imports when it runs, at the top or inside functions: modules and names."""
    return imported_by(path.read_text(encoding="utf-8"), path.name)


@cache
def imported_by(text: str, name: str) -> frozenset[str]:
    """What a module's text imports; each text is read once, however many tests ask.

    Arguments:
        text: of the file.
        name: of the file, for what is wrong with it.
    """
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: relative imports hide the arrows"
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(found)


def arrows(root: Path) -> dict[str, set[str]]:
    """Each module of the package with the modules of it that it imports."""
    known = modules(root)

    def target(name: str) -> str:
        while name not in known:  # a name in a module, or in the package
            name = name.rpartition(".")[0]
        return name

    return {
        module: {target(name) for name in imports(path) if name.partition(".")[0] == "checks"}
        for module, path in known.items()
    }


def complaints(root: Path) -> list[str]:
    """What is drawn otherwise than in :data:`ROOMS`; empty where the house stands."""
    graph = arrows(root)
    found = [
        f"{module} imports {target}"
        for module, targets in graph.items()
        for target in sorted(targets)
        if room_of(target) not in (room_of(module), *ROOMS.get(room_of(module), ()))
    ]
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        found.append(f"a circle: {' -> '.join(circle.args[1])}")
    return found


def test_imports_follow_the_arrows() -> None:
    """No room imports one that is above it or beside it, and no module itself by a detour."""
    assert complaints(ROOT) == []


@pytest.mark.parametrize(
    ("room", "line", "complaint"),
    [
        ("cli", "from checks import page", "checks.cli.made imports checks.page"),
        ("text", "from checks.findings import judge", "checks.text.made imports checks.findings"),
        ("probe", "import checks.findings.base", "checks.probe.made imports checks.findings.base"),
        ("findings", "from checks import probe", "checks.findings.made imports checks.probe"),
        ("model", "from checks.model import made", "a circle: checks.model.made"),
        ("rules", "def f():\n    from checks import diagnose", "checks.rules.made imports checks"),
    ],
)  # fmt: skip
def test_an_import_that_is_not_drawn_is_seen(
    tmp_path: Path, room: str, line: str, complaint: str
) -> None:
    """The test above can fail: in the package with one module more it does."""
    for module, path in modules(ROOT).items():
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
        assert module
    (tmp_path / "checks" / room / "made.py").write_text(f"{line}\n", encoding="utf-8")
    assert any(found.startswith(complaint) for found in complaints(tmp_path))


def test_every_room_is_drawn() -> None:
    """A new folder or module below the package has its place among the others."""
    assert {room_of(module) for module in modules(ROOT)} == set(ROOMS)


HOUSE = modules(ROOT)
PURE = [module for module in HOUSE if room_of(module) in PURE_ROOMS]


@each("module", PURE)
def test_the_pure_half_touches_nothing(module: str) -> None:
    """No socket, file, clock, environment or platform look-up reaches the browser."""
    outside = {
        name
        for name in imports(HOUSE[module])
        if name.partition(".")[0] != "checks" and not {name, name.rpartition(".")[0]} & PURE_LIBRARY
    }
    assert not outside


def inside_functions(path: Path) -> int:
    """How many import statements of a file are inside functions."""
    functions = (
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return len(
        {
            inner.lineno
            for function in functions
            for inner in ast.walk(function)
            if isinstance(inner, ast.Import | ast.ImportFrom)
        }
    )


def test_imports_stand_at_the_top() -> None:
    """Only the doors of packages wait until somebody knocks."""
    assert sum(map(inside_functions, HOUSE.values())) <= MOST_INSIDE


def test_a_module_is_read_in_one_sitting() -> None:
    """None has more than five hundred lines, but tables."""
    long = [
        module
        for module, path in modules(ROOT).items()
        if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST
    ]
    assert set(long) <= TABLES


@cache
def loaded_by(code: str) -> frozenset[str]:
    """The modules in sys.modules after *code* ran in an interpreter without site-packages."""
    result = subprocess.run(
        [sys.executable, "-S", "-c", f"{code}\nimport sys; print(*sys.modules)"],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return frozenset(result.stdout.splitlines()[-1].split())


def test_the_default_path_needs_only_the_standard_library() -> None:
    """With site-packages out of reach a whole diagnosis still runs."""
    loaded = loaded_by("from checks.cli import main; main(['-q', '127.0.0.1:9'])")
    outside = (
        {name.partition(".")[0] for name in loaded}
        - set(sys.stdlib_module_names)
        - {"checks", "__main__"}
    )
    assert not outside


@pytest.mark.parametrize("module", ["socket", "select", "subprocess", "threading"])
def test_classifying_loads_no_sockets(module: str) -> None:
    """The classification of a text opens nothing, so it has no use for these."""
    assert module not in loaded_by("import checks; checks.classify('127.0.0.1:62893').to_dict()")


@pytest.mark.parametrize("module", ["dataclasses", "inspect", "asyncio", "subprocess", "ipaddress"])
def test_a_diagnosis_starts_lean(module: str) -> None:
    """Modules that cost milliseconds stay out of the default path."""
    assert module not in loaded_by("from checks.cli import main; main(['-q', '127.0.0.1:9'])")


def test_the_services_table_is_loaded_only_when_asked() -> None:
    """A quarter of a megabyte of registry is no part of reading an address."""
    assert "checks.ports._services" not in loaded_by(
        "import checks; c = checks.classify('127.0.0.1'); c.endpoints[0].host.block"
    )
