"""Every command that is printed to stop an owner is run, and the port is free afterwards."""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import activators
import engines
import forwards
import pytest
import situations as real
import supervised
from activators import wait_for
from findings.records import findings
from needs import missing
from supervised import Supervised

from checks.findings import owners
from checks.probe.machine import docker
from checks.probe.sockets import psutil_backend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")

_PTRACE_ATTACH, _PTRACE_DETACH = 16, 17  # ptrace(2), include/uapi/linux/ptrace.h
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
    wait_for(lambda: is_free(port) is free, f"port {port} {'free' if free else 'in use'}")


def stays_free(port: int, seconds: float) -> bool:
    """Whether nothing listens there again for a while: a supervisor starts within a second."""
    clock = select.poll()
    return not any(not is_free(port) or clock.poll(20) for _ in range(int(seconds * 50)))


def printed(port: int) -> list[str]:
    """The commands of the finding on bind() for this system, without what only shows something."""
    found = findings(f"127.0.0.1:{port}", real.ask("127.0.0.1", port))
    fixes = [fix for one in found if one.finding.code in ("B402", "B403") for fix in one.match.fix]
    commands = [fix.command for fix in fixes if fix.command is not None]
    return [command for command in commands if not command.startswith(_SHOWING)]


def run(command: str, path: str | None = None) -> str:
    """What a command prints, run by a shell that has the command of the supervisor."""
    paths = os.pathsep.join(filter(None, (path, os.environ["PATH"])))
    made = subprocess.run(
        ["sh", "-c", command], check=True, timeout=real.PATIENCE, capture_output=True, text=True,
        env={**os.environ, "PATH": paths},
    )  # fmt: skip
    return made.stdout


@contextmanager
def plain() -> Iterator[Supervised]:
    """A server that nothing else runs."""
    with real.listening_process("127.0.0.1") as (port, _):
        yield Supervised(port)


@contextmanager
def halted() -> Iterator[Supervised]:
    """A server that was stopped by a signal."""
    with real.hung("127.0.0.1") as (port, pid):
        yield Supervised(port)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@contextmanager
def traced() -> Iterator[Supervised]:
    """A server that a debugger holds; in the end it goes on."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    with real.listening_process("127.0.0.1") as (port, pid):
        if libc.ptrace(_PTRACE_ATTACH, pid, None, None):
            missing(f"ptrace(): {os.strerror(ctypes.get_errno())}")
        os.waitpid(pid, 0)
        try:
            yield Supervised(port)
        finally:
            libc.ptrace(_PTRACE_DETACH, pid, None, None)


@contextmanager
def workers() -> Iterator[Supervised]:
    """A master with three workers; none of them ends because the master does."""
    with real.prefork("127.0.0.1") as (port, _, _):
        yield Supervised(port)


@contextmanager
def inherited() -> Iterator[Supervised]:
    """A server that has started another program, which got the listener, too."""
    code = (
        "import subprocess\n"
        "listener = socket.create_server(('127.0.0.1', int(sys.argv[1])))\n"
        "child = subprocess.Popen(['sleep', '600'], pass_fds=(listener.fileno(),))\n"
        "print(child.pid)\nwait()\nchild.kill()\n"
    )
    port = real.free_port()
    with real.process(code, str(port)):
        yield Supervised(port)


@contextmanager
def orphaned() -> Iterator[Supervised]:
    """What such a server leaves behind: ``sleep`` holds the listener."""
    with inherited() as (port, _):
        os.kill(next(pid for pid, name in holders(port) if name != "sleep"), signal.SIGKILL)
        wait_for(lambda: len(holders(port)) == 1, "the end of the server")
        yield Supervised(port)


def holders(port: int) -> list[tuple[int, str]]:
    """Who holds the listener of a port: pids and names."""
    return [(owner.pid, owner.name) for owner in supervised.owners(port)]


@contextmanager
def shared() -> Iterator[Supervised]:
    """Two servers that share a port (SO_REUSEPORT)."""
    with real.reuse_port_pair("127.0.0.1") as (port, _):
        yield Supervised(port)


@contextmanager
def bound() -> Iterator[Supervised]:
    """A process that has bound the port and does not listen."""
    code = (
        "held = socket.socket()\nheld.bind(('127.0.0.1', int(sys.argv[1])))\n"
        "print('ready')\nwait()\n"
    )
    port = real.free_port()
    with real.process(code, str(port)):
        yield Supervised(port)


@contextmanager
def forwarded() -> Iterator[Supervised]:
    """ssh -L."""
    with tempfile.TemporaryDirectory() as home, forwards.forward(Path(home)) as port:
        yield Supervised(port)


class Case(NamedTuple):
    """A situation, and what is printed for it."""

    situation: Callable[[], AbstractContextManager[Supervised]]
    command: str
    """How the command begins."""
    ends: str = ""
    """How it ends, without the number of a process."""
    commands: int = 1
    """How many commands are printed."""


CASES = {
    "a server": Case(plain, "kill ", "kill "),
    "a stopped server": Case(halted, "kill ", " && kill -CONT "),
    "a server in a debugger": Case(traced, "kill -KILL ", "kill -KILL "),
    "a master and its workers": Case(workers, "kill "),
    "a listener that a child inherited": Case(inherited, "kill "),
    "a listener that only a child has": Case(orphaned, "kill ", "kill "),
    "two servers on one port": Case(shared, "kill ", "kill ", commands=2),
    "a bound socket": Case(bound, "kill ", "kill "),
    "an ssh forward": Case(forwarded, "kill ", "kill "),
}
SUPERVISED = {
    "supervisord": Case(supervised.supervisord, "supervisorctl -c ", " stop web"),
    "supervisord, by a shell": Case(
        lambda: supervised.supervisord(wrapped=True), "supervisorctl -c ", " stop web && kill "
    ),
    "supervisord, an heir": Case(
        lambda: supervised.supervisord(script=supervised.HEIR),
        "supervisorctl -c ",
        " stop web && kill ",
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


def ends(case: Case) -> int:
    """Run what is printed for a case, as it is printed; returns the port, which is free."""
    with case.situation() as (port, path):
        commands = printed(port)
        assert len(commands) == case.commands
        for command in commands:
            assert command.startswith(case.command)
            assert command.rstrip("0123456789").endswith(case.ends)
            run(command, path)
        wait_until(True, port)
        return port


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_command_frees_the_port(case: Case) -> None:
    """Of what nothing else runs."""
    ends(case)


@pytest.mark.parametrize("case", SUPERVISED.values(), ids=SUPERVISED)
def test_the_supervisor_s_own_command_frees_the_port(case: Case) -> None:
    """Nothing comes back while the supervisor still runs."""
    with case.situation() as (port, path):
        ends(case._replace(situation=lambda: nullcontext(Supervised(port, path))))
        assert stays_free(port, 1.5)


@pytest.mark.parametrize(
    "name", ["supervisord, by a shell", "supervisord, its group", "runit", "s6", "pm2, a cluster"]
)
def test_psutil_names_the_same_supervisor(name: str) -> None:
    """What macOS has in place of procfs tells it too."""
    pytest.importorskip("psutil")
    with SUPERVISED[name].situation() as (port, _):
        expected = {one.pid: one.supervisor for one in supervised.owners(port)}
        read = psutil_backend.read(("tcp",), port, taking=True)
        assert read.owners
        seen = {one.pid: one.supervisor for row in read.owners.values() for one in row}
        assert seen
        assert seen.items() <= expected.items()
        assert any(seen.values())


@pytest.mark.parametrize("name", ["supervisord", "runit", "s6", "pm2"])
def test_a_signal_alone_is_undone(name: str) -> None:
    """The control: what each of them runs is back after a kill, as another process."""
    with SUPERVISED[name].situation() as (port, _):
        before = supervised.pid_of(port)
        os.kill(before, signal.SIGTERM)
        wait_until(True, port)
        wait_until(False, port)
        assert supervised.pid_of(port) != before


def test_the_container_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real ``docker`` asks a daemon of the test's own; the proxy ends with its container."""
    monkeypatch.setattr(docker.published, "__defaults__", (real.PATIENCE,))
    with engines.published(tmp_path, monkeypatch) as (port, stopped):
        listed, stop = printed(port)
        assert (listed, stop) == (f"docker ps --filter publish={port}", "docker stop web")
        assert "web" in run(listed)
        run(stop)
        assert stopped == ["web"]
        wait_until(True, port)


def test_inetd_reads_its_configuration_again(tmp_path: Path) -> None:
    """The line is taken out as it is told, and the command is run after that."""
    with real.own_network(), activators.inetd(tmp_path / "started", tmp_path) as (port, _):
        evidence = real.ask("127.0.0.1", port)
        fixes = owners.stop(evidence.listeners[0], evidence)
        (command,) = [fix.command for fix in fixes if fix.command and fix.os == "linux"]
        config = tmp_path / "inetd.conf"
        lines = config.read_text().splitlines()
        config.write_text("\n".join(f"#{one}" if f":{port} " in one else one for one in lines))
        run(command)
        wait_until(True, port)


_OF_SYSTEM, _OF_USER = 8123, 8124


_SERVE = (
    "import socket; s = socket.create_server(('127.0.0.1', {}));"
    " [s.accept()[0].close() for _ in iter(int, 1)]"
)
"""A server as one line: no folder of the test's own is open to another user."""


def units() -> dict[str, str]:
    """A service of the system's manager and one of a user's, both started again when they end."""
    start = f'[Service]\nRestart=always\nExecStart=/usr/bin/python3 -c "{_SERVE}"\n'
    folder = f"/run/user/{real.NOBODY}"
    variables = f"XDG_RUNTIME_DIR={folder} SYSTEMD_UNIT_PATH=/run/systemd/system HOME=/nonexistent"
    return {
        "web.service": start.format(_OF_SYSTEM),
        "mine.service": start.format(_OF_USER),
        f"user@{real.NOBODY}.service": (
            f"[Service]\nType=notify\nUser={real.NOBODY}\nGroup={real.NOBODY}\nDelegate=yes\n"
            f"Environment={variables}\nExecStartPre=+/bin/mkdir -p {folder}\n"
            f"ExecStartPre=+/bin/chown {real.NOBODY}:{real.NOBODY} {folder}\n"
            "ExecStart=/lib/systemd/systemd --user --unit=mine.service\n"
        ),
    }


def printed_in(system: activators.Booted, port: int, user: int | None) -> str:
    """The command that stops the owner of a port of another system."""
    report = json.loads(system.checks("--json", f"127.0.0.1:{port}", user=user))
    (found,) = [one for one in report["findings"] if one["code"] == "B402"]
    (command,) = [fix["command"] for fix in found["fix"] if not fix["command"].startswith("ss ")]
    return str(command)


def test_units_are_stopped_by_their_manager(tmp_path: Path) -> None:
    """systemd as process 1, and below it one of a user's own."""
    with activators.booted(units(), tmp_path) as system:
        manager = f"user@{real.NOBODY}.service"
        system.run("systemctl", "start", "web.service", manager, check=True)
        for port in (_OF_SYSTEM, _OF_USER):
            system.checks("wait", f"127.0.0.1:{port}", "--timeout", "60")
        web = printed_in(system, _OF_SYSTEM, None)
        assert web == "systemctl stop web.service"
        system.run("sh", "-c", web, check=True)
        mine = printed_in(system, _OF_USER, real.NOBODY)
        assert mine == "systemctl --user stop mine.service"
        runtime = f"XDG_RUNTIME_DIR=/run/user/{real.NOBODY}"
        system.run("env", runtime, "sh", "-c", mine, user=real.NOBODY, check=True)
        for port in (_OF_SYSTEM, _OF_USER):
            assert "no program listens there" in system.checks(f"127.0.0.1:{port}")
