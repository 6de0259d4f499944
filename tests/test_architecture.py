"""The house stays as drawn: who may import whom, and what the pure half may touch."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "checks"

MAY_IMPORT = {
    "text": {"address", "findings", "model", "ports", "text"},
    "address": {"address", "model"},
    "ports": {"model", "ports"},
    "_site": set(),
    "model": {"model"},
    "rules": {"address", "model", "ports", "rules", "text"},
    "findings": {"_site", "address", "findings", "model", "ports", "rules", "text"},
    "report": {"address", "findings", "model", "ports", "report", "rules", "text"},
    "page": {"report", "text"},
    "probe": {"address", "model", "ports", "probe", "rules", "text"},
    "cli": {"checks", "commands", "findings", "parser", "program", "report", "terminal", "text"},
    "program": {"report"},
    "parser": {"program", "report"},
    "terminal": {"program", "report"},
    "commands": {
        "address", "checks", "cli", "commands", "findings", "model", "parser", "ports", "probe",
        "program", "report", "rules", "terminal", "text",
    },
    "__main__": {"cli"},
    "__init__": {"address", "ports", "probe", "report", "text"},
}  # fmt: skip
"""Layer to the layers it may import. ``text`` reaches ``findings`` in one
deferred import, for ``Classification.findings``, which the contract has."""

PURE = ("_site", "address", "findings", "model", "page", "ports", "report", "rules", "text")
PURE_LIBRARY = {
    "__future__", "bisect", "collections", "collections.abc", "itertools", "json", "re", "textwrap",
    "typing", "unicodedata", "urllib.parse",
}  # fmt: skip
"""All of the standard library that a visitor of the page has to load."""


def layer_of(path: Path) -> str:
    """The first folder or module name below the package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def sources() -> list[Path]:
    """Every module of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def runtime_imports(path: Path) -> set[str]:
    """Modules that a file imports when it runs, at the top or inside functions."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the arrows"
            module = node.module or ""
            if module == "checks":
                found.update(f"checks.{alias.name}" for alias in node.names)
            else:
                found.add(module)
    return found


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_follow_the_arrows(path: Path) -> None:
    """Data takes one way: classify, probe, findings, report."""
    layer = layer_of(path)
    layers = {path.stem if path.is_file() else path.name for path in PACKAGE.iterdir()}
    for module in runtime_imports(path):
        if module.partition(".")[0] != "checks":
            continue
        target = module.split(".")[1]
        if target not in layers:
            target = "checks"  # a name of the package itself, such as checks.__version__
        allowed = MAY_IMPORT[layer]
        assert target in allowed or "checks" in allowed, f"{path} imports {module}"


@pytest.mark.parametrize(
    "path", [p for p in sources() if layer_of(p) in PURE], ids=lambda p: str(p.relative_to(ROOT))
)
def test_the_pure_half_touches_nothing(path: Path) -> None:
    """No socket, file, clock, environment or platform look-up reaches the browser."""
    outside = {name for name in runtime_imports(path) if name.partition(".")[0] != "checks"}
    assert outside <= PURE_LIBRARY, f"{path} imports {outside - PURE_LIBRARY}"


def loaded_by(code: str) -> set[str]:
    """The modules in sys.modules after *code* ran in an interpreter without site-packages."""
    result = subprocess.run(
        [sys.executable, "-S", "-c", f"{code}\nimport sys; print(*sys.modules)"],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return set(result.stdout.splitlines()[-1].split())


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
