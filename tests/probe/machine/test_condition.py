"""The condition of a process: its descriptors, the file of its program, its directory."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import situations
from needs import need

from checks.probe.machine import condition, processes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.model.evidence import Owner

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")


def seen(pid: int) -> Owner:
    """A process, examined."""
    owner = processes.describe(pid)
    assert owner is not None
    return condition.examine(owner)


@pytest.fixture
def program(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """A program of its own file, running; the file, and its process."""
    need("sleep", "coreutils")
    copied = tmp_path / "bin" / "server"
    copied.parent.mkdir()
    shutil.copy(shutil.which("sleep") or "", copied)
    with subprocess.Popen([copied, "600"]) as child:
        try:
            yield copied, child.pid
        finally:
            child.kill()


def was(pid: int) -> tuple[str | None, str | None]:
    """What became of the file of a program, and its path."""
    owner = seen(pid)
    return owner.program_was, owner.program_file


def test_a_program_whose_file_is_there(program: tuple[Path, int]) -> None:
    """Nothing became of it, also where it has another name by now."""
    path, pid = program
    assert was(pid) == (None, None)
    path.rename(path.with_name("server (deleted)"))
    assert was(pid) == (None, None)


def test_a_program_whose_file_was_deleted(program: tuple[Path, int]) -> None:
    """With its path; also where the file has another name elsewhere, as in a package store."""
    path, pid = program
    os.link(path, path.with_name("other"))
    path.unlink()
    assert was(pid) == ("deleted", str(path))


@pytest.mark.parametrize("how", ["unlinked first", "renamed over"])
def test_a_program_whose_file_was_replaced(program: tuple[Path, int], how: str) -> None:
    """As a package manager does it."""
    path, pid = program
    new = path.with_name("new")
    shutil.copy(shutil.which("sleep") or "", new)
    if how == "unlinked first":
        path.unlink()
    new.rename(path)
    assert was(pid) == ("replaced", str(path))


def test_a_program_that_never_had_a_file() -> None:
    """Of memfd_create(): a loader that unpacks itself, or runc."""
    need("sleep", "coreutils")
    handle = situations.memory_file("server")
    with open(handle, "wb") as memory:
        memory.write(Path(shutil.which("sleep") or "").read_bytes())
        memory.flush()
        with subprocess.Popen([f"/proc/self/fd/{handle}", "600"], pass_fds=(handle,)) as child:
            try:
                assert os.readlink(f"/proc/{child.pid}/exe").endswith(" (deleted)")
                assert was(child.pid) == (None, None)
            finally:
                child.kill()


def test_a_working_directory_that_is_gone(tmp_path: Path) -> None:
    """Deleted, and made again: then the process still has the old one."""
    home = tmp_path / "site"
    home.mkdir()
    with subprocess.Popen(["sleep", "600"], cwd=home) as child:
        try:
            assert seen(child.pid).directory_was is None
            home.rmdir()
            assert seen(child.pid).directory_was == "deleted"
            home.mkdir()
            assert seen(child.pid).directory_was == "replaced"
        finally:
            child.kill()


def test_descriptors_are_counted_against_their_limit() -> None:
    """Those that stand above a limit that was lowered later take no place below it."""
    code = (
        "high = os.dup2(0, 40)\nimport resource\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))\n"
        "held = []\n"
        "while True:\n"
        "    try: held.append(os.dup(0))\n"
        "    except OSError as error: break\n"
        "print('ready')\nwait()\n"
    )
    with situations.process(code) as child:
        owner = seen(child.pid)
        assert (owner.descriptors, owner.descriptor_limit) == (16, 16)
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    own = seen(os.getpid())
    assert own.descriptor_limit == (None if soft == resource.RLIM_INFINITY else soft)
    assert 0 < (own.descriptors or 0) < soft


@pytest.mark.parametrize(
    ("code", "doing"),
    [
        ("while True: pass", "cpu"),
        ("import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()", "lock"),
        ("import subprocess\nsubprocess.run(['sleep', '600'])", "child"),
        ("os.read(os.pipe()[0], 1)", "pipe"),
        ("import select\nselect.select([0], [], [])", None),
    ],
)
def test_what_the_main_thread_does(code: str, doing: str | None) -> None:
    """By its state, and by where it sleeps; a server that waits for clients is nothing special."""
    need("sleep", "coreutils")
    with situations.process(f"print('ready')\nsys.stdout.flush()\n{code}\n") as child:
        deadline = time.monotonic() + situations.PATIENCE
        while seen(child.pid).waits != doing and time.monotonic() < deadline:
            time.sleep(0.02)
        assert seen(child.pid).waits == doing
        for started in processes.children(child.pid):
            os.kill(started, signal.SIGKILL)
        os.kill(child.pid, signal.SIGKILL)


def test_another_users_process_shows_nothing_of_it() -> None:
    """What may not be read is not known; it is not well."""
    with situations.as_nobody():
        owner = seen(1)
    assert owner.descriptors is None
    assert (owner.program_was, owner.program_file, owner.directory_was) == (None, None, None)


def test_a_malformed_tree_raises_nothing(tmp_path: Path) -> None:
    """Files where directories were expected, and limits that are no numbers."""
    owner = processes.describe(os.getpid())
    assert owner is not None
    home = tmp_path / str(owner.pid)
    home.mkdir()
    (home / "fd").write_text("a file")
    (home / "limits").write_text("Max open files            unlimited            x   files\n")
    os.symlink("/nowhere (deleted)", home / "exe")
    os.symlink("\udcff (deleted)", home / "cwd")
    made = condition.examine(owner, str(tmp_path))
    assert made == owner._replace(descriptor_limit=None)
