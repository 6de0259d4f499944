"""Real supervisors with one program each, a context manager a kind; each cleans up.

What listens is a script of Python's. It is known by its port, and so it is ended in the end
wherever it has got to.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import situations as real
from activators import ended, wait_for, wait_for_listener
from needs import need
from npm_packages import installed

from checks.model.shell import joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.model.evidence import Owner

PM2 = {"pm2": "7.0.4"}

SERVER = """
import socket, sys
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    listener.accept()[0].close()
"""

HEIR = """
import socket, subprocess, sys
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # else TIME_WAIT has the port
listener.bind(("127.0.0.1", int(sys.argv[1])))
subprocess.Popen(["sleep", "600"], pass_fds=(listener.fileno(),))
listener.listen()
while True:
    listener.accept()[0].close()
"""
"""The same with another program, which gets the listener too and goes on without the server."""


class Supervised(NamedTuple):
    """A program that a supervisor runs."""

    port: int
    """Where it listens."""
    path: str | None = None
    """What the command of the supervisor needs on the PATH; None where it is there."""


def owners(port: int) -> list[Owner]:
    """The processes that hold the listener of a port."""
    return [owner for row in real.ask("127.0.0.1", port).listeners for owner in row.owners]


def pid_of(port: int) -> int:
    """The first process that holds the listener of a port."""
    return owners(port)[0].pid


@contextmanager
def _program(wrapped: bool, script: str = SERVER) -> Iterator[tuple[int, str, Path]]:
    """A port, the command line that listens there, and a folder.

    Arguments:
        wrapped: whether a shell starts it and stays.
        script: what it runs.
    """
    port = real.free_port()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        (home / "server.py").write_text(script)
        command = joined([sys.executable, "-I", "-S", str(home / "server.py"), str(port)])
        command = f"sh -c '{command}; true'" if wrapped else command
        try:
            yield port, command, home
        finally:
            for owner in _holders(port):
                with suppress(ProcessLookupError):
                    os.kill(owner, signal.SIGKILL)


def _holders(port: int) -> list[int]:
    """What is left of the program; it has been orphaned where a supervisor was killed."""
    return [owner.pid for owner in owners(port) if owner.pid != os.getpid()]


@contextmanager
def supervisord(
    *, wrapped: bool = False, group: bool = False, script: str = SERVER
) -> Iterator[Supervised]:
    """supervisord with a configuration of its own; its group may listen instead of its program."""
    need("supervisord", "supervisor")
    with _program(wrapped, script) as (port, command, home):
        section = f"[program:web]\ncommand={command}\nstartsecs=0\n"
        if group:
            wait = joined([sys.executable, "-I", "-S", "-c", "import signal; signal.pause()"])
            section = f"[fcgi-program:web]\ncommand={wait}\nsocket=tcp://127.0.0.1:{port}\n"
        (home / "some.conf").write_text(
            f"[supervisord]\nnodaemon=true\nlogfile=/dev/null\nlogfile_maxbytes=0\n"
            f"pidfile={home}/pid\n[unix_http_server]\nfile={home}/s\n"
            "[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory ="
            " supervisor.rpcinterface:make_main_rpcinterface\n"
            f"[supervisorctl]\nserverurl=unix://{home}/s\n{section}"
        )
        with ended(["supervisord", "-n", "-c", str(home / "some.conf")]):
            wait_for_listener(port)
            if group:  # supervisord listens before it has started the program that gets the socket
                wait_for(
                    lambda: len({owner.name for owner in owners(port)}) == 2,
                    f"the program of the group on port {port}",
                )
            yield Supervised(port)


@contextmanager
def runit(*, wrapped: bool = False) -> Iterator[Supervised]:
    """runsvdir with one service, which is a link to a directory elsewhere."""
    need("runsvdir", "runit")
    with _program(wrapped) as (port, command, home):
        (home / "web").mkdir()
        _script(home / "web/run", command if wrapped else f"exec {command}")
        (home / "services").mkdir()
        (home / "services/web").symlink_to("../web")
        with ended(["runsvdir", str(home / "services")]):
            wait_for_listener(port)
            yield Supervised(port)
            subprocess.run(["sv", "exit", str(home / "web")], check=False, capture_output=True)


@contextmanager
def s6(*, wrapped: bool = False) -> Iterator[Supervised]:
    """s6-svscan with one service."""
    need("s6-svscan", "s6")
    with _program(wrapped) as (port, command, home):
        (home / "services/web").mkdir(parents=True)
        _script(home / "services/web/run", command if wrapped else f"exec {command}")
        with ended(["s6-svscan", str(home / "services")]):
            wait_for_listener(port)
            yield Supervised(port)


def _script(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


@contextmanager
def pm2(*, wrapped: bool = False, cluster: bool = False) -> Iterator[Supervised]:
    """pm2 with one program; in cluster mode its daemon listens for two workers."""
    need("node", "nodejs")
    path = str(installed("pm2", PM2, "--omit=optional", "--ignore-scripts") / ".bin")
    with _program(wrapped) as (port, command, home), ExitStack() as stack:
        environment = {
            **os.environ, "PM2_HOME": str(home / "pm2"), "PATH": f"{path}:{os.environ['PATH']}",
        }  # fmt: skip

        def run(*words: str) -> None:
            subprocess.run(
                ["pm2", *words], env=environment, check=True, capture_output=True, cwd=home,
                timeout=real.PATIENCE,
            )  # fmt: skip

        stack.callback(run, "kill")
        if cluster:
            (home / "a.js").write_text(f"require('net').createServer().listen({port}, '127.0.0.1')")
            run("start", "a.js", "--name", "my web", "-i", "2")
        else:
            run("start", command, "--name", "my web")
        wait_for_listener(port)
        yield Supervised(port, path)
