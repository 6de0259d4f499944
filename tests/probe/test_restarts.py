"""A port that is watched: what comes and goes there, and how long nothing is waited for."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
import situations

from checks.probe import restarts, sockets
from checks.probe.machine import processes
from checks.rules.owners import is_restarted

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")


def test_a_program_of_a_supervisor_is_seen_to_come_and_go() -> None:
    """Two processes, one after the other, each of the supervisor."""
    with situations.restarted(0.3) as (port, _):
        rows = sockets.on_port(port).listeners
        found = restarts.watch(port, rows, (), 5.0, left=False)
    assert found is not None
    assert found.opened >= 2
    assert len({owner.pid for owner in found.owners}) >= 2
    assert all(is_restarted(owner) for owner in found.owners)
    assert found.milliseconds < 5000


def test_a_parent_that_tries_the_port_first_is_no_restart() -> None:
    """It listens for a moment, and its child listens then: both are there."""
    port = situations.free_port()
    code = (
        "import time\nprint('ready')\nsys.stdout.flush()\ntime.sleep(0.1)\n"
        "trial = socket.create_server(('127.0.0.1', int(sys.argv[1])))\n"
        "time.sleep(0.3)\ntrial.close()\ntime.sleep(0.2)\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    listener = socket.create_server(('127.0.0.1', int(sys.argv[1])))\n"
        "wait()\n"
    )
    with situations.process(code, str(port)):
        assert restarts.watch(port, (), (), 5.0, left=False) is None


def test_an_old_program_is_not_watched() -> None:
    """It takes no time, whoever started it."""
    with situations.listening("127.0.0.1") as port:
        rows = sockets.on_port(port).listeners
        assert not any(is_restarted(owner) for row in rows for owner in row.owners)
        before = time.monotonic()
        assert restarts.watch(port, rows, (), 5.0, left=False) is None
        assert time.monotonic() - before < 1


@pytest.mark.parametrize(
    ("left", "started", "least", "most"),
    [(False, False, 0.12, 0.22), (True, False, 0.25, 1.0), (False, True, 0.25, 1.0)],
)
def test_a_closed_port_is_watched_longer_where_something_moves(
    left: bool, started: bool, least: float, most: float
) -> None:
    """A tenth of the time, for a tenth of a second of patience with one answer."""
    with subprocess.Popen(["sleep", "600"]) as child:
        by = (processes_parent(),) if started else ()
        before = time.monotonic()
        assert restarts.watch(situations.free_port(), (), by, 0.1, left=left) is None
        elapsed = time.monotonic() - before
        child.kill()
    assert least <= elapsed < most


def processes_parent() -> int:
    """This process, which has just started a child."""
    own = processes.describe(int(Path("/proc/self").readlink().name))
    assert own is not None
    assert processes.children(own.pid)
    return own.pid


def test_the_supervisors_of_a_machine(tmp_path: Path) -> None:
    """By their names; a script of Python's by its own."""
    for pid, name, command in (
        (5, "runsv", b"runsv\0web\0"),
        (6, "python3", b"python3\0/usr/bin/supervisord\0"),
        (7, "python3", b"python3\0web.py\0"),
        (8, "bash", b"bash\0"),
        (9, "PM2 v7.0.4: God", b"PM2 v7.0.4: God Daemon\0"),
    ):
        (tmp_path / str(pid)).mkdir()
        (tmp_path / str(pid) / "comm").write_text(f"{name}\n")
        (tmp_path / str(pid) / "cmdline").write_bytes(command)
    assert sorted(processes.supervisors(str(tmp_path))) == [5, 6, 9]
    assert processes.children(5, str(tmp_path)) == ()


def test_the_age_of_a_process() -> None:
    """In seconds, as of one that was started just now; of one that is gone there is none."""
    with subprocess.Popen(["sleep", "600"]) as child:
        age = processes.age(child.pid)
        child.kill()
    assert age is not None
    assert -0.1 < age < situations.PATIENCE
    assert processes.age(child.pid) is None
