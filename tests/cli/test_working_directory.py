"""``python -m`` puts the working directory first on the path; files there are not run for it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMES = (
    "json", "socket", "argparse", "subprocess", "selectors", "ssl", "textwrap", "bisect", "psutil",
    "threading", "datetime", "zipfile",
)  # fmt: skip


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A directory whose files have the names of modules, and tell when they are run."""
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text(
            f"open({str(tmp_path / 'hit')!r}, 'a').write({name!r}); raise SystemExit('shadowed')\n"
        )
    return tmp_path


def run(trap: Path, *words: str, flags: tuple[str, ...] = ("-m", "checks")) -> tuple[str, bool]:
    """Run it in that directory, with the package elsewhere; what it prints, and whether one ran."""
    done = subprocess.run(
        [sys.executable, *flags, *words], cwd=trap, capture_output=True, text=True, timeout=60,
        check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done.stdout, (trap / "hit").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("classify", "127.1"), ("explain", "C302"), ("--json", "127.0.0.1:9"), ("127.0.0.1:9",),
        ("listen",), ("free",), ("scan", "-p", "9"), ("wait", "--timeout", "0.1", "127.0.0.1:9"),
        ("--help",), ("completion", "zsh"),
    ],
)  # fmt: skip
def test_no_file_of_the_directory_is_run(trap: Path, words: tuple[str, ...]) -> None:
    """Every command, also what is loaded late."""
    said, hit = run(trap, *words)
    assert said or words[0] == "wait"
    assert not hit


@pytest.mark.parametrize("flags", [("-mchecks",), ("-Bm", "checks"), ("-X", "dev", "-m", "checks")])
def test_however_it_is_spelled(trap: Path, flags: tuple[str, ...]) -> None:
    """Options of Python before it."""
    said, hit = run(trap, "classify", "127.1", flags=flags)
    assert said.startswith("127.1 is 127.0.0.1")
    assert not hit


def test_the_trap_works(trap: Path) -> None:
    """Another module meets it."""
    _, hit = run(trap, flags=("-m", "tokenize", "-h"))
    assert hit


def test_a_program_that_imports_the_package_keeps_its_path(tmp_path: Path) -> None:
    """Only the command itself leaves the directory out: another's modules may be there."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "__init__.py").write_text("import checks\n")
    (tmp_path / "own" / "__main__.py").write_text("import beside; print(beside.X)\n")
    (tmp_path / "beside.py").write_text("X = 7\n")
    said, _ = run(tmp_path, flags=("-m", "own"))
    assert said == "7\n"


def test_a_clone_is_run_from_where_it_is() -> None:
    """There the working directory is the package's."""
    done = subprocess.run(
        [sys.executable, "-m", "checks", "classify", "127.1"], cwd=ROOT, capture_output=True,
        text=True, timeout=60, check=False,
        env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
    )  # fmt: skip
    assert done.returncode == 0


@pytest.mark.skipif(sys.version_info < (3, 11), reason="-P came with Python 3.11")
def test_the_command_to_type_again_has_the_same_option(trap: Path) -> None:
    """What kept the directory out stays."""
    said, hit = run(trap, "127.0.0.1:9", flags=("-P", "-m", "checks"))
    assert " -P -m checks explain C302" in said
    assert not hit


@pytest.mark.skipif(sys.version_info < (3, 11), reason="-P came with Python 3.11")
def test_so_has_the_command_in_a_complaint(trap: Path) -> None:
    """A line on standard error names the program as it was started, too."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "checks", "1-60000"], cwd=trap, capture_output=True,
        text=True, timeout=60, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert " -P -m checks scan -p 1-60000" in done.stderr


@pytest.mark.parametrize("late", ["checks.address", "checks.text", "checks.cli"])
def test_ctrl_c_in_the_middle_of_the_imports_is_quiet(late: str) -> None:
    """The process ends by the signal, or with 130; no traceback of an import."""
    with subprocess.Popen(
        [
            sys.executable, "-X", "importtime", "-m", "checks", "wait", "--timeout", "5",
            "127.0.0.1:1",
        ],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as child:  # fmt: skip
        assert child.stderr is not None
        for line in child.stderr:  # each import is told when it is done
            if late in line:
                break
        child.send_signal(signal.SIGINT)
        rest = child.stderr.read()
    assert child.returncode in (-signal.SIGINT, 130)
    assert "Traceback" not in rest
