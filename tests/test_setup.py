"""The set-up says in one line what it cannot do, and the minimal systems leave nothing behind."""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
from pathlib import Path

import pytest
from needs import need, need_root

from checks.cli import completion
from tools.newcomer import plan, system

ROOT = Path(__file__).parent.parent
WITHOUT_RIGHTS = {"id": "echo 1000", "sudo": "exit 1", "apt-get": "exit 1"}


@pytest.fixture(autouse=True)
def _bash() -> None:
    need("bash", "bash")


def program(folder: Path, name: str, script: str) -> Path:
    """A stand-in for a program, first on the PATH of what is run with :func:`run`."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a script of the set-up with the stand-ins of a folder."""
    path = f"{folder}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", *command], cwd=ROOT, env={**os.environ, "PATH": path}, capture_output=True,
        text=True, timeout=60, check=False,
    )  # fmt: skip


def test_without_rights_one_line_says_what_root_has_to_run(tmp_path: Path) -> None:
    """And the exit code keeps make from taking it for done."""
    for name, script in {
        **WITHOUT_RIGHTS, "dpkg-query": "exit 1", "apt-cache":
        'for name; do echo "$name:"; echo "  Candidate: 1"; done',
        "apt-config": "exit 0",
    }.items():  # fmt: skip
        program(tmp_path, name, script)
    done = run(tmp_path, "tools/setup-system", "own-package")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "setup-system: missing: own-package; run as root: sudo tools/setup-system own-package"
    ]


def test_a_package_without_a_candidate_is_not_offered(tmp_path: Path) -> None:
    """It is named; nothing that can be done is left, so that is no failure."""
    (tmp_path / "archive_main_Packages").touch()
    for name, script in {
        **WITHOUT_RIGHTS, "dpkg-query": "exit 1",
        "apt-config": f"echo \"lists='{tmp_path}'\"",
        "apt-cache": 'echo "own-package:"; echo "  Candidate: (none)"',
    }.items():  # fmt: skip
        program(tmp_path, name, script)
    done = run(tmp_path, "tools/setup-system", "own-package")
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "setup-system: this system has no package own-package; tests that need them say so"
    ]


def test_what_is_installed_is_not_asked_for(tmp_path: Path) -> None:
    """Not a word, and no question to apt."""
    program(tmp_path, "dpkg-query", "echo install ok installed")
    program(tmp_path, "apt-cache", "echo asked >&2; exit 1")
    done = run(tmp_path, "tools/setup-system", "own-package")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_python_that_is_too_old_for_make_gets_one_line(tmp_path: Path) -> None:
    """With its version, and how to name another; no environment is made."""
    old = program(tmp_path, "python3.9", 'case "$2" in *platform*) echo 3.9.18;; *) exit 1; esac')
    done = run(tmp_path, "tools/setup-python", str(tmp_path / "venv"), str(old))
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"setup-python: needs Python 3.11 or later, and {old} is 3.9.18;"
        " name another: make PYTHON=python3.12 ..."
    ]
    assert not (tmp_path / "venv").exists()


@pytest.mark.parametrize(
    ("code", "output", "fault"),
    [
        (0, "setup: done\n", ""),
        (0, "setup: done\nmake: *** [x] Error 1\n", ""),
        (2, "setup: done\n", "exit code 2"),
        (None, "setup: done\n", "out of time"),
        (0, "done\n", "does not say '^setup'"),
        (0, "setup: done\nmore\n", "2 lines, where 1 are enough"),
    ],
)
def test_a_step_is_judged_by_code_words_and_length(
    code: int | None, output: str, fault: str
) -> None:
    """Each of them can fail it."""
    step = plan.Step("make", says="^setup", most=1)
    assert step.fault(system.Done(code, output, 1.0)) == fault


def test_nothing_outlives_a_command_in_a_minimal_system(tmp_path: Path) -> None:
    """What it left running has ended when it returns, and its mounts are gone."""
    need_root()
    need("unshare", "util-linux")
    lock, ready = tmp_path / "lock", tmp_path / "ready"
    (tmp_path / "mounted").mkdir()
    left = f"mount -t tmpfs tmpfs {tmp_path}/mounted; (flock 9; : > {ready}; sleep 600) 9>{lock} &"
    wait = f"until [ -e {ready} ]; do :; done"
    done = system.execute(["sh", "-c", f"{left} {wait}; echo said"], tmp_path / "log", timeout=60)
    assert (done.code, done.output) == (0, "said\n")
    with lock.open() as free:
        fcntl.flock(free, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert str(tmp_path) not in Path("/proc/self/mountinfo").read_text()


def test_a_command_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    """And says so in its log."""
    need_root()
    need("unshare", "util-linux")
    done = system.execute(["sleep", "600"], tmp_path / "log", timeout=0.1, network=False)
    assert done.code is None
    assert "ended after" in done.output


AFTER_BASH_3 = {
    "an associative array": r"\b(?:declare|local|typeset) -\w*A",
    "a name reference": r"\b(?:declare|local|typeset) -\w*n\b",
    "mapfile": r"\b(?:mapfile|readarray)\b",
    "a change of case": r"\$\{\w+(?:\[[^]]*\])?(?:,,?|\^\^?)",
    "a transformation": r"\$\{\w+(?:\[[^]]*\])?@[A-Za-z]\}",
    "the last element": r"\$\{\w+\[-\d",
    "|&": r"\|&",
    "&>>": r"&>>",
    ";& between cases": r";;?&",
    "wait -n": r"\bwait -n",
    "coproc": r"\bcoproc\b",
    "a padded range": r"\{0\d+\.\.",
    "read of part of a second": r"\bread\b[^\n]* -t ?0?\.",
    "printf of a time": r"printf[^\n]*%\(",
    "test -v": r"\[\[? -v ",
    "a substitution as a source": r"(?:source|\.) <\(",
}
"""What bash 3.2 lacks, which is /bin/bash of every macOS: the NEWS of bash 4.0 to 5.2."""


def bash_texts() -> dict[str, str]:
    """Everything of ours that bash reads: its scripts, and the completion."""
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    texts = {"completion": "\n".join(completion.bash(completion.everything()))}
    for name in tracked or [".ci/run", "tools/setup-python", "tools/setup-system"]:
        path = ROOT / name
        if not path.suffix and path.is_file() and path.read_bytes()[:32].startswith(b"#!"):
            text = path.read_text()
            if "bash" in text.partition("\n")[0]:
                texts[name] = text
    return texts


def test_the_scripts_are_read_by_the_bash_of_macos() -> None:
    """Version 3.2 of 2007: later constructs end a script there, some without a word."""
    texts = bash_texts()
    assert {".ci/run", "tools/setup-python", "tools/setup-system", "completion"} <= set(texts)
    found = [
        f"{name}:{number}: {what}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        for what, pattern in AFTER_BASH_3.items()
        if re.search(pattern, line.partition(" #")[0])
    ]
    assert not found


@pytest.mark.parametrize(
    "line",
    [
        "declare -A a=()", "local -n r=x", "mapfile -t x", "echo ${a,,}", "echo ${a^}", "a |& b",
        "a &>> b", "wait -n", "echo {01..9}", "source <(x)", "printf '%(%s)T'", "[[ -v a ]]",
        "echo ${a[-1]}", "echo ${a@Q}",
    ],
)  # fmt: skip
def test_what_bash_3_lacks_is_seen(line: str) -> None:
    """The list can find something."""
    assert any(re.search(pattern, line) for pattern in AFTER_BASH_3.values())
