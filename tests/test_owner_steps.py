"""What the findings on a program advise is done, and it helps: the commands are run."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
import situations as real
from needs import need

from checks import diagnose
from checks.probe.machine import processes

if TYPE_CHECKING:
    from checks.findings.base import Found
    from checks.report import Report

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")


def ask(port: int, *, identify: bool = False) -> Report:
    """The report on a port of 127.0.0.1."""
    return diagnose(f"127.0.0.1:{port}", timeout=0.3, identify=identify)


def found(report: Report, code: str) -> Found | None:
    """The finding of a code; None where it does not apply."""
    return next((one for one in report.findings if one.finding.code == code), None)


def commands(report: Report, code: str) -> list[str]:
    """The commands of a finding that has to be there."""
    one = found(report, code)
    assert one is not None, report.verdict
    return [fix.command for fix in one.match.fix if fix.command]


def run(command: str) -> str:
    """What a command prints; it has to succeed."""
    assert not command.startswith("sudo ")
    return subprocess.run(
        ["sh", "-c", command], check=True, capture_output=True, text=True, timeout=real.PATIENCE
    ).stdout


def test_a_stopped_server_continues() -> None:
    """After Ctrl-Z: the first step, and it serves."""
    with real.listening_process("127.0.0.1") as (port, pid):
        os.kill(pid, signal.SIGSTOP)
        report = ask(port)
        assert (
            report.verdict.startswith(f"python (pid {pid}) listens") or f"{pid}" in report.verdict
        )
        run(commands(report, "O701")[0])
        assert found(ask(port), "O701") is None
        assert found(ask(port), "C320") is None


def test_a_server_that_hangs_is_told_by_what_it_does() -> None:
    """It runs a command and serves nobody meanwhile; then it is no more than busy."""
    code = (
        "import subprocess\nlistener = socket.create_server(('127.0.0.1', int(sys.argv[1])))\n"
        "print('ready')\nsys.stdout.flush()\nsubprocess.run(['sleep', '600'])\n"
    )
    port = real.free_port()
    with real.process(code, str(port)) as child:
        while not processes.children(child.pid):
            time.sleep(0.01)
        report = ask(port)
        for pid in processes.children(child.pid):
            os.kill(pid, signal.SIGKILL)
    assert report.verdict == (
        f"python (pid {child.pid}) listens on 127.0.0.1:{port} but accepts no connections: its main"
        " thread waits for a child process."
    )
    assert report.severity == "error"


def test_one_of_two_servers_on_a_port_is_stopped() -> None:
    """SO_REUSEPORT: some connections hang, and it is said whoever takes this one."""
    with real.reuse_port_pair("127.0.0.1") as (port, (first, second)):
        os.kill(second, signal.SIGSTOP)
        try:
            report = ask(port)
        finally:
            os.kill(second, signal.SIGCONT)
        assert f"(pid {second}) listens on 127.0.0.1:{port} but is stopped" in report.verdict
        assert f"pid {first}" not in report.verdict


def test_a_master_that_is_stopped_while_a_worker_serves() -> None:
    """Not every process that holds the listener is stopped, so nothing is said."""
    with real.inherited("127.0.0.1", alive=True) as (port, pid):
        os.kill(pid, signal.SIGSTOP)
        assert found(ask(port), "O701") is None


def test_the_descriptors_are_listed_and_their_limit_is_raised() -> None:
    """16 of 16; with more it takes connections again."""
    need("prlimit", "util-linux")
    with real.leaking("127.0.0.1", 12) as (port, pid):
        report = ask(port)
        assert report.verdict.endswith("it uses 16 of 16 file descriptors.")
        assert f"(pid {pid})" in report.verdict
        listed, limits, *_ = commands(report, "O703")
        assert run(listed).count("/dev/null") == 12
        assert run(limits).split("NOFILE")[1].split()[-3:-1] == ["16", "64"]
        run(f"{limits}=64:")
        assert found(ask(port), "O703") is None
        assert found(ask(port), "C320") is None


def test_node_closes_what_it_has_no_descriptor_for() -> None:
    """It keeps one in reserve: the connection is taken, and closed at once."""
    need("node", "nodejs")
    need("prlimit", "util-linux")
    port = real.free_port()
    script = (
        "const net = require('net'), fs = require('fs');"
        f"net.createServer(() => {{}}).listen({port}, '127.0.0.1', () => {{"
        "try { for (;;) fs.openSync('/dev/null') } catch (error) {} console.log('ready') });"
    )
    command = ["prlimit", "--nofile=48:48", "node", "-e", script]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        try:
            assert child.stdout.readline()
            verdict = ask(port, identify=True).verdict
        finally:
            child.kill()
    assert "closes connections at once: it uses 48 of 48 file descriptors" in verdict


def test_what_an_orphan_holds_is_free_after_the_step() -> None:
    """sleep is ended, and the server can start."""
    with real.inherited("127.0.0.1") as (port, pid):
        (stop,) = commands(ask(port), "O704")
        assert stop == f"kill {pid}"
        run(stop)
        deadline = time.monotonic() + real.PATIENCE
        while found(ask(port), "B401") is None:
            assert time.monotonic() < deadline


def test_connections_are_listed() -> None:
    """A line for each that only its client has closed."""
    need("ss", "iproute2")
    with real.unclosed("127.0.0.1", 12) as (port, _):
        (shown,) = commands(ask(port), "O705")
        assert len(run(shown).splitlines()) == 1 + 12 + 1  # the header, and what the check left


def test_a_restarted_program_shows_why_and_is_stopped() -> None:
    """Its last words, and then the port stays closed."""
    need("supervisorctl", "supervisor")
    with real.restarted(0.3) as (port, configuration):
        report = diagnose(f"127.0.0.1:{port}", identify=False)
        log, stop = commands(report, "O706")
        assert "no database" in run(log)
        assert shlex.split(stop) == ["supervisorctl", "-c", configuration, "stop", "web"]
        run(stop)
        report = diagnose(f"127.0.0.1:{port}", identify=False)
        assert (
            report.verdict == f"127.0.0.1:{port} refused the connection: no program listens there."
        )
