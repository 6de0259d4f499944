"""Every command that is printed to stop an owner is run, and the port is free afterwards."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest
import situations as real
import supervised
from findings.records import the
from supervised import Supervised

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")

_SHOWING = ("ss ",)
"""How the commands begin that only show something."""


def is_free(port: int) -> bool:
    """Whether a server could listen there."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def wait_until(free: bool, port: int) -> None:
    """Return once a port is free, or is in use."""
    clock = select.poll()
    for _ in range(int(real.PATIENCE * 50)):
        if is_free(port) is free:
            return
        clock.poll(20)
    raise TimeoutError(f"port {port} is {'not ' * free}free")


def stays_free(port: int, seconds: float) -> bool:
    """Whether nothing listens there again for a while: a supervisor starts within a second."""
    clock = select.poll()
    return not any(not is_free(port) or clock.poll(20) for _ in range(int(seconds * 50)))


def printed(port: int) -> list[str]:
    """The commands that B402 prints for this system, without what only shows something."""
    fixes = the("B402", f"127.0.0.1:{port}", real.ask("127.0.0.1", port)).match.fix
    commands = [fix.command for fix in fixes if fix.command is not None]
    return [command for command in commands if not command.startswith(_SHOWING)]


def run(command: str, path: str | None = None) -> None:
    """Run a command as a reader does: by a shell, which has the command of the supervisor."""
    paths = os.pathsep.join(filter(None, (path, os.environ["PATH"])))
    subprocess.run(
        ["sh", "-c", command], check=True, timeout=real.PATIENCE, capture_output=True, text=True,
        env={**os.environ, "PATH": paths},
    )  # fmt: skip


class Case(NamedTuple):
    """A situation, and what is printed for it."""

    situation: Callable[[], AbstractContextManager[Supervised]]
    command: str
    """How the command begins."""
    ends: str = ""
    """How it ends, without the number of a process."""


CASES = {
    "supervisord": Case(supervised.supervisord, "supervisorctl -c ", " stop web"),
    "supervisord, by a shell": Case(
        lambda: supervised.supervisord(wrapped=True), "supervisorctl -c ", " stop web && kill "
    ),
    "supervisord, its group": Case(
        lambda: supervised.supervisord(group=True), "supervisorctl -c ", " stop 'web:*'"
    ),
    "runit": Case(supervised.runit, "sv down /", "/web"),
    "runit, by a shell": Case(lambda: supervised.runit(wrapped=True), "sv down /", "/web && kill "),
    "s6": Case(supervised.s6, "s6-svc -d /", "/web"),
    "s6, by a shell": Case(lambda: supervised.s6(wrapped=True), "s6-svc -d /", "/web && kill "),
    "pm2": Case(supervised.pm2, "PM2_HOME=/", " pm2 stop 'my web'"),
    "pm2, by a shell": Case(
        lambda: supervised.pm2(wrapped=True), "PM2_HOME=/", " pm2 stop 'my web'"
    ),
    "pm2, a cluster": Case(
        lambda: supervised.pm2(cluster=True), "PM2_HOME=/", " pm2 stop 'my web'"
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_supervisor_s_own_command_frees_the_port(case: Case) -> None:
    """It is run as it is printed, and nothing comes back."""
    with case.situation() as (port, path):
        (command,) = printed(port)
        assert command.startswith(case.command)
        assert command.rstrip("0123456789").endswith(case.ends)
        run(command, path)
        wait_until(True, port)
        assert stays_free(port, 1.5)


@pytest.mark.parametrize("name", ["supervisord", "runit", "s6", "pm2"])
def test_a_signal_alone_is_undone(name: str) -> None:
    """The control: what each of them runs is back after a kill, as another process."""
    with CASES[name].situation() as (port, _):
        before = supervised.pid_of(port)
        os.kill(before, signal.SIGTERM)
        wait_until(True, port)
        wait_until(False, port)
        assert supervised.pid_of(port) != before
