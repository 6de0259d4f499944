"""A Python that is too old gets one line that says so, not a traceback."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
AS_OLD = """
import runpy, sys
sys.version_info = (3, 9, 18, "final", 0)
sys.argv = [{argument!r}]
{action}
"""
LINE = "checks: needs Python 3.10 or later; this is Python 3.9.18"
RUN = "runpy.run_module('checks', run_name='__main__', alter_sys=True)"


def as_old(argument: str, action: str) -> subprocess.CompletedProcess[str]:
    """Do something with a Python that takes itself for 3.9."""
    return subprocess.run(
        [sys.executable, "-c", AS_OLD.format(argument=argument, action=action)],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("argument", ["-m", "/somewhere/checks.pyz"])
def test_the_program_says_it_in_one_line(argument: str) -> None:
    """With the exit code of a fault."""
    done = as_old(argument, RUN)
    assert (done.returncode, done.stdout, done.stderr) == (3, "", f"{LINE}\n")


def test_an_import_raises_and_does_not_end_the_program_that_imports() -> None:
    """A program can go on without."""
    action = "try: import checks\nexcept ImportError as error: print(error)"
    done = as_old("app.py", action)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{LINE}\n", "")


def test_old_pythons_can_read_as_far_as_that() -> None:
    """What comes first is the comparison; and no syntax or future of a later version."""
    text = (ROOT / "checks/__init__.py").read_text(encoding="utf-8")
    _, importing, comparing, *_ = ast.parse(text, feature_version=(3, 6)).body
    assert ast.unparse(importing) == "import sys"
    assert isinstance(comparing, ast.If)
    assert "version_info" in ast.unparse(comparing.test)
    assert "from __future__" not in text.replace('"from __future__', "")
