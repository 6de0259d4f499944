"""Python without docstrings and assertions (``-OO``) gives the same, or says what it cannot."""

from __future__ import annotations

import compileall
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from checks import findings
from checks.findings import pages

ROOT = Path(__file__).parents[2]


def run(*words: str, folder: Path = ROOT, flags: str = "-OO") -> subprocess.CompletedProcess[str]:
    """Run the program of a folder."""
    return subprocess.run(
        [sys.executable, *([flags] if flags else []), "-m", "checks", *words],
        cwd=folder, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        ("explain", "C302"), ("explain", "--json", "E507"), ("explain", "nothing-listening"),
        ("explain",), ("--help",), ("explain", "--help"), ("wait", "--help"), ("--version",),
        ("completion", "bash"), ("classify", "127.1"),
    ],
)  # fmt: skip
def test_the_same_is_printed(words: tuple[str, ...]) -> None:
    """Pages are docstrings; without them they are read from the source."""
    found, expected = run(*words), run(*words, flags="")
    assert (found.returncode, found.stdout) == (expected.returncode, expected.stdout)
    assert found.returncode == 0


def test_every_page_is_found_in_the_source() -> None:
    """Class by class."""
    for finding in findings.CATALOGUE:
        made = pages._from_source(finding.__module__)[finding.__name__]
        assert made is not finding
        assert pages.lines(made) == pages.lines(finding)


def test_without_the_source_one_line_says_so(tmp_path: Path) -> None:
    """Where only what -OO compiled is installed: exit 3, and no empty page."""
    shutil.copytree(ROOT / "checks", tmp_path / "checks", ignore=shutil.ignore_patterns("*.pyc"))
    assert compileall.compile_dir(tmp_path / "checks", quiet=1, legacy=True, optimize=2)
    for source in (tmp_path / "checks").rglob("*.py"):
        source.unlink()
    found = run("explain", "C302", folder=tmp_path)
    assert (found.returncode, found.stdout) == (3, "")
    assert found.stderr.startswith("checks: C302 nothing-listening: Python leaves the pages out")
    assert len(found.stderr.splitlines()) == 1
    assert run("explain", folder=tmp_path).returncode == 0
    assert run("classify", "127.1", folder=tmp_path).returncode == 0


@pytest.mark.parametrize(
    "code",
    [
        "from tools.site import hooks; hooks.on_config({})",
        "from tools import make_schema; make_schema.render()",
    ],
)
def test_what_is_made_of_docstrings_is_not_made_without(code: str) -> None:
    """No site with an empty reference, no contract without descriptions."""
    done = subprocess.run(
        [sys.executable, "-OO", "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "docstrings" in done.stderr.splitlines()[-1]
