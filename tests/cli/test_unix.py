"""Unix sockets as targets of the commands: exit codes, JSON, waiting, and what is no socket."""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import activators
import pytest
import servers
import situations as real
import unix_scenes as unix
from needs import need
from sentences import hold

from checks import diagnose
from checks.cli import main
from checks.probe import fragile
from checks.probe.unix import ask, paths
from checks.report import json as document
from checks.report import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from scenes import Scene

    from checks.report import Report

grp = pytest.importorskip("grp")

pytestmark = pytest.mark.machine

EVERY = [
    unix.listener, unix.abstract, unix.stale, unix.only_bound, unix.absent, unix.full,
    unix.waiting, unix.stopped,
]  # fmt: skip


def run(*words: str) -> int:
    """The exit code of a command line."""
    return main(list(words))


def wait(target: str, *options: str, seconds: float = 0.2) -> int:
    """The exit code of a wait."""
    return run("wait", target, "--timeout", str(seconds), *options)


@pytest.mark.parametrize(
    ("situation", "code"),
    [(unix.listener, 0), (unix.stale, 1), (unix.absent, 1), (unix.stopped, 1)],
)
def test_exit_codes(situation: Callable[[], AbstractContextManager[Scene]], code: int) -> None:
    """A socket that accepts is well, any other is an error."""
    with situation() as scene:
        assert run("-q", scene.target) == code


@pytest.mark.parametrize("spelling", ["unix:{}", "unix://{}", "{}"])
def test_every_spelling_of_a_path_is_the_socket(spelling: str) -> None:
    """``unix:PATH``, ``unix://PATH`` and the path itself ask the same."""
    with unix.listener("plain-name") as scene:
        report = diagnose(spelling.format(scene.path), identify=False)
    assert [found.finding.code for found in report.findings] == ["C322"]
    assert report.classification.endpoints[0].path == scene.path


def test_a_working_directory_that_was_deleted_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative path leads nowhere there."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    report = diagnose("unix:app.sock")
    assert [found.finding.code for found in report.findings] == ["C325"]


def test_a_path_that_is_no_socket_is_no_target(capsys: pytest.CaptureFixture[str]) -> None:
    """A bare path counts only where it is a socket, or its name says so."""
    assert run("-q", "/etc/passwd") == 2
    assert "checks unix:/etc/passwd" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["app", "two words", "a:b", "x'y", "line\nend", "colour\x1b[31m"])
@pytest.mark.parametrize("relative", [True, False])
def test_all_behind_the_scheme_is_the_path_of_a_file(
    name: str, relative: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file may have any name: what is asked is that file, and no other."""
    with unix.folder() as directory, unix.taking(str(directory / name)):
        monkeypatch.chdir(directory)
        path = name if relative else str(directory / name)
        report = diagnose(f"unix:{path}", identify=False)
    assert [found.finding.code for found in report.findings] == ["C322"]
    assert report.classification.endpoints[0].path == path


@pytest.mark.parametrize("situation", EVERY)
def test_the_json_is_complete_and_can_be_pasted(
    situation: Callable[[], AbstractContextManager[Scene]],
) -> None:
    """What a machine saw is explained elsewhere by the same words."""
    with situation() as scene:
        report = diagnose(scene.target, identify=False)
    hold(report.classification, report.probes)
    text = document.line(report.to_dict())
    endpoint = json.loads(text)["endpoints"][0]
    assert endpoint["path"] == scene.path
    assert endpoint["form"] == "unix"
    (again,) = load.load(text)
    assert again.verdict == report.verdict
    assert again.findings == report.findings


@pytest.mark.parametrize(
    "message",
    [
        "Error: connect ENOENT {}",
        "dial unix {}: connect: permission denied",
        'connection to server on socket "{}" failed: Connection refused',
        "Can't connect to local server through socket '{}' (2)",
        "connect() to unix:{} failed (111: Connection refused) while connecting to upstream",
        "listen EADDRINUSE: address already in use {}",
        "Cannot connect to the daemon at unix://{}. Is the daemon running?",
    ],
)
def test_a_message_is_about_the_file_that_it_names(message: str) -> None:
    """The file is asked, whatever the message says of it; as JSON it can be pasted."""
    with unix.stale() as scene:
        report = diagnose(message.format(scene.path), identify=False)
    assert report.verdict.startswith(f"No program listens on {scene.path}")
    (again,) = load.load(document.line(report.to_dict()))
    assert again.verdict == report.verdict


def test_a_file_that_is_there_is_not_said_to_be_missing() -> None:
    """The message says ENOENT, and the server has come up since."""
    with unix.listener() as scene:
        report = diagnose(f"connect ENOENT {scene.path}", identify=False)
    assert report.verdict.startswith(f"{scene.path} accepts connections")
    assert {cause.state for cause in report.causes} == {"ruled-out"}


def test_a_path_that_is_only_mentioned_is_not_asked() -> None:
    """A line without an error, and a path whose name says nothing."""
    with unix.stale() as scene:
        report = diagnose(f"connect ECONNREFUSED 127.0.0.1:1 (see {Path(str(scene.path)).parent})")
    assert [one.path for one in report.classification.endpoints] == [None]


def test_a_server_that_wants_the_path_is_told_to_remove_the_file() -> None:
    """EADDRINUSE with a left-over file: no process is blamed."""
    with unix.stale() as scene:
        report = diagnose(f"listen EADDRINUSE: address already in use {scene.path}")
    assert report.steps[0].command == f"rm {scene.path}"
    with unix.listener() as scene:
        report = diagnose(f"listen EADDRINUSE: address already in use {scene.path}")
    assert "is in use" in report.verdict
    assert report.severity == "error"


def test_the_socket_that_was_meant_is_named() -> None:
    """The same name in another directory counts, a neighbour only as a row."""
    with unix.absent("a/.s.PGSQL.5999", "b/.s.PGSQL.5999") as scene:
        report = diagnose(scene.target, identify=False)
        assert "b/.s.PGSQL.5999" in report.verdict
        assert report.steps[0].command == f"psql -h {Path(str(scene.path)).parents[1]}/b -p 5999"
    with unix.absent("mine.sock", "other.sock") as scene:
        report = diagnose(scene.target, identify=False)
        assert "other.sock" not in report.verdict
        assert "other.sock" in report.probes[0].unix.similar[0].path  # type: ignore[union-attr]


def test_a_file_that_was_removed_from_under_its_server() -> None:
    """The server listens on, and is named; it is not told to be missing."""
    with unix.removed() as scene:
        report = diagnose(scene.target, identify=False)
    assert f"(pid {os.getpid()}) listens on it: it was removed." in report.verdict
    with unix.removed(made_anew=True) as scene:
        report = diagnose(scene.target, identify=False)
    assert f"(pid {os.getpid()}) listens on an earlier file of that path." in report.verdict


def test_the_directory_that_is_missing_is_named() -> None:
    """Not only the file."""
    with unix.absent("deep/er/app.sock") as scene:
        report = diagnose(scene.target)
    home = Path(str(scene.path)).parents[2]
    assert f"The directory {home}/deep/er does not exist either." in report.verdict
    assert report.probes[0].unix.parent == str(home)  # type: ignore[union-attr]


def test_one_slot_of_the_queue_is_used_at_most() -> None:
    """A program that takes nothing has one connection more after any number of questions."""
    with unix.folder() as home, unix.bound(str(home / "app.sock")) as made:
        made.listen(8)
        for _ in range(3):
            report = diagnose(f"unix:{home}/app.sock")
            assert report.findings[0].finding.code == "C327"
        made.setblocking(False)
        made.accept()[0].close()
        with pytest.raises(BlockingIOError):
            made.accept()


def test_permission_names_what_keeps_out() -> None:
    """The directory or the file, with its mode; the fix is no command that opens it to all."""
    with unix.closed_directory() as scene, real.as_nobody():
        report = diagnose(scene.target)
    assert "inner (drwx------, root:root)" in report.verdict
    with unix.closed_file() as scene, real.as_nobody():
        report = diagnose(scene.target)
    assert "srw-------, for root only" in report.verdict
    assert not any("chmod" in (step.command or "") for step in report.steps)


class TestGroups:
    """A socket file that its group may write to."""

    @staticmethod
    def ask(monkeypatch: pytest.MonkeyPatch, *members: str) -> Report:
        """The report for nobody, on a file of the group "mail" that has some members."""
        group = grp.getgrnam("mail")
        known = SimpleNamespace(gr_gid=group.gr_gid, gr_mem=[*members])
        monkeypatch.setattr(paths.grp, "getgrnam", lambda _: known)
        with unix.closed_file(0o660) as scene:
            os.chown(str(scene.path), 0, group.gr_gid)
            with real.as_nobody():
                return diagnose(scene.target, identify=False)

    def test_one_who_is_not_in_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """To join it is the step; whom it lets in is said."""
        report = self.ask(monkeypatch)
        assert "srw-rw----, for root and the group mail." in report.verdict
        assert (report.steps[0].command or "").endswith("usermod -aG mail nobody")

    def test_one_whose_session_is_older(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A member in the database that this process does not have yet: log in again."""
        report = self.ask(monkeypatch, "nobody")
        assert report.steps[0].command == "newgrp mail"


def test_the_owner_that_is_hidden_is_known_by_the_connection() -> None:
    """Another user's process is not seen in /proc, and SO_PEERCRED names it."""
    with unix.other_process() as (scene, pid), real.as_nobody():
        report = diagnose(scene.target, identify=False)
    assert report.probes[0].unix_listeners[0].owners == ()
    assert f"(pid {pid}) listens there" in report.verdict
    with unix.closed_file() as scene, real.as_nobody():  # no connection, so nothing names it
        report = diagnose(scene.target, identify=False)
    assert report.probes[0].unix.peer is None  # type: ignore[union-attr]


@contextmanager
def socat_on_file(path: str, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """socat that listens on a file and echoes; for one client unless it forks."""
    need("socat", "socat")
    command = ["socat", ",".join((f"UNIX-LISTEN:{path}", *options)), "EXEC:cat"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as child:
        try:
            real.until(lambda: os.path.exists(path))
            yield child
        finally:
            child.kill()


def test_a_program_that_takes_one_client_survives() -> None:
    """It is named, and no connection is made; one that forks is asked."""
    with unix.folder() as home, socat_on_file(path := str(home / "once")) as once:
        report = diagnose(path)
        assert wait(path) == 0
        assert wait(path, "--for", "http") == 124
        assert once.poll() is None
        assert report.verdict == (
            f"{path}: socat (pid {once.pid}) listens there. No connection was made, because socat"
            " without fork takes one connection and then ends."
        )
    with unix.folder() as home, socat_on_file(path := str(home / "often"), "fork") as forks:
        assert "accepts connections" in diagnose(path).verdict
        assert forks.poll() is None


@pytest.mark.parametrize(
    ("command", "alone"),
    [
        ("nc -lU /run/x", True),
        ("nc -lkU /run/x", False),
        ("nc -U /run/x", False),
        ("socat unix-l:/run/x,mode=600 -", True),
        ("socat ABSTRACT-LISTEN:x STDOUT", True),
        ("socat UNIX-LISTEN:/run/x,fork TCP:127.0.0.1:80", False),
        ("socat TCP-LISTEN:80,fork UNIX-CONNECT:/run/x", False),
        ("python3 app.py", False),
        (None, False),
    ],
)
def test_what_takes_one_client_on_a_file(command: str | None, alone: bool) -> None:
    """By its command line."""
    assert (fragile.why_on_file(command) is not None) is alone


def test_a_server_that_closes_at_once_is_said_to() -> None:
    """It accepts, and that is all."""
    with unix.folder() as home, unix.bound(path := str(home / "app.sock")) as made:
        made.listen()

        def close_each() -> None:
            with suppress(OSError):
                while True:
                    made.accept()[0].close()

        thread = threading.Thread(target=close_each, daemon=True)
        thread.start()
        report = diagnose(path)
        made.shutdown(socket.SHUT_RDWR)
        thread.join(real.PATIENCE)
    assert "accepts connections but closes them at once" in report.verdict


def test_http_is_spoken_on_one_connection() -> None:
    """A web server on a file says its title, and got one request."""
    server = (
        "import http.server, socketserver, sys, threading\n"
        "class Page(http.server.BaseHTTPRequestHandler):\n"
        "    def do_GET(self):\n"
        "        self.send_response(200); self.end_headers()\n"
        "        self.wfile.write(b'<title>by file</title>')\n"
        "    def address_string(self): return ''\n"
        "    def log_message(self, *_): sys.stderr.write('asked\\n')\n"
        "made = socketserver.ThreadingUnixStreamServer(sys.argv[1], Page)\n"
        "print('ready', flush=True)\n"
        "threading.Thread(target=made.serve_forever, daemon=True).start()\n"
        "sys.stdin.read()\n"
    )
    with unix.folder() as home:
        path = str(home / "web.sock")
        with subprocess.Popen(
            [sys.executable, "-c", server, path],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        ) as child:  # fmt: skip
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
            report = diagnose(f"unix:{path}", timeout=5)
            assert wait(f"unix:{path}", "--for", "http", seconds=10) == 0
            _, errors = child.communicate("")
    identity = report.probes[0].identity
    assert identity is not None
    assert identity.protocol == "http"
    assert dict(identity.details)["title"] == "by file"
    assert identity.connections == 1
    assert errors.count("asked") == 2
    assert "speaks HTTP" in report.verdict


def test_redis_by_its_file_and_by_its_port() -> None:
    """The real server with port 0: the file speaks Redis, the port names the file."""
    need("redis-server", "redis-server")
    with unix.folder() as home:
        path = str(home / "redis.sock")
        words = [
            "redis-server",
            "--port",
            "0",
            "--unixsocket",
            path,
            "--save",
            "",
            "--dir",
            str(home),
        ]
        with subprocess.Popen(words, stdout=subprocess.DEVNULL, cwd=home) as server:
            try:
                assert wait(f"unix:{path}", "--for", "redis", seconds=30) == 0
                report = diagnose(f"unix:{path}", timeout=5)
                assert ran(report, "redis-cli") == "PONG"
                with real.own_network():  # its table has no such socket: SO_PEERCRED names it
                    apart = diagnose(f"unix:{path}", timeout=5)
            finally:
                server.terminate()
    assert "speaks Redis" in report.verdict
    assert f"redis-server (pid {server.pid})" in report.verdict
    assert f"redis-server (pid {server.pid})" in apart.verdict


def test_postgresql_without_a_port() -> None:
    """The real server, listen_addresses empty: its file is named, and the command connects."""
    need("psql", "postgresql-client")
    with unix.folder() as home:
        port = real.free_port()
        plan = servers.postgresql(home, port)
        words = ["" if word == "127.0.0.1" else word for word in plan.command]
        path = home / "data" / f".s.PGSQL.{port}"
        with subprocess.Popen(
            words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as server:
            try:
                assert wait(str(path), "--for", "postgresql", seconds=60) == 0
                report = diagnose(f"127.0.0.1:{port}", timeout=5)
                assert ran(report, "psql", "-U postgres -Atc 'select 41 + 1' postgres") == "42"
                by_file = diagnose(str(path), timeout=5)
                elsewhere = diagnose(
                    f'connection to server on socket "/nowhere/.s.PGSQL.{port}" failed: '
                    "No such file or directory",
                    timeout=5,
                )
                assert ran(elsewhere, "psql", "-U postgres -Atc 'select 3' postgres") == "3"
            finally:
                server.terminate()
    assert f"PostgreSQL's Unix socket, {path}." in report.verdict
    assert "listen_addresses" in report.steps[0].text
    assert "speaks PostgreSQL" in by_file.verdict


def ran(report: Report, program: str, more: str = "") -> str:
    """What the first command of a program among the steps prints, run as it is written."""
    written = [each.command for each in report.steps if each.command]
    command = next(one for one in written if one.startswith(program))
    words = ["sh", "-c", f"{command} {more}"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_socket_that_starts_a_service_is_left_alone() -> None:
    """systemd-socket-activate on a file: nothing is started, also by wait; --activate does."""
    need("systemd-socket-activate", "systemd")
    with unix.folder() as home:
        path, started = str(home / "held.sock"), home / "started"
        service = f"open({str(started)!r}, 'w').close()\n{activators.SERVER}"
        command = ["systemd-socket-activate", "-l", path, sys.executable, "-c", service]
        with activators.ended(command):
            poll = select.poll()
            while not Path(path).exists():
                poll.poll(10)
            report = diagnose(f"unix:{path}")
            assert report.probes[0].outcome == "left-alone"
            assert "No connection was made, because it would start" in report.verdict
            assert report.severity == "notice"
            assert wait(f"unix:{path}") == 0
            assert wait(f"unix:{path}", "--for", "closed") == 124
            assert wait(f"unix:{path}", "--for", "http") == 124
            assert not started.exists()
            assert diagnose(f"unix:{path}", activate=True).probes[0].outcome == "accepted"
            while not started.exists():
                poll.poll(10)


class TestWaiting:
    """``checks wait unix:PATH``."""

    def test_open(self) -> None:
        """Until a program accepts there; any path and abstract name is taken."""
        with unix.listener("no-ending") as scene:
            assert wait(scene.target) == 0
            assert wait(str(scene.path)) == 0
        with unix.abstract() as scene:
            assert wait(str(scene.path)) == 0

    @pytest.mark.parametrize(
        "situation", [unix.stale, unix.absent, unix.only_bound, unix.full, unix.stopped]
    )
    def test_not_open(self, situation: Callable[[], AbstractContextManager[Scene]]) -> None:
        """What does not accept is waited for until the time is up."""
        with situation() as scene:
            assert wait(scene.target) == 124

    def test_closed(self) -> None:
        """A file that is left over is closed; a listener is not."""
        for situation, code in ((unix.stale, 0), (unix.absent, 0), (unix.listener, 124)):
            with situation() as scene:
                assert wait(scene.target, "--for", "closed") == code

    def test_a_server_that_comes_up(self) -> None:
        """The wait ends when it listens."""
        with unix.folder() as home, socket.socket(socket.AF_UNIX) as made:
            path = str(home / "late.sock")

            def begin() -> None:
                made.bind(path)
                made.listen()
                made.accept()[0].close()

            timer = threading.Timer(0.3, begin)
            timer.start()
            assert wait(path, seconds=30) == 0
            timer.join()

    def test_without_unix_sockets(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Python for Windows has none: one line, and nothing is waited for."""
        monkeypatch.delattr(socket, "AF_UNIX")
        assert wait("unix:/run/app.sock") == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_without_unix_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python for Windows has none: it is said, and the exit code is that of what was not seen."""
    monkeypatch.setattr(ask, "SUPPORTED", False)
    assert run("-q", "unix:/run/app.sock") == 3
    report = diagnose("unix:/run/app.sock")
    assert "this Python has no Unix sockets" in report.verdict


def test_no_descriptor_is_left_open() -> None:
    """Fifty questions leave as many open files as there were before."""
    with unix.listener() as scene:
        diagnose(scene.target)
        before = len(os.listdir("/proc/self/fd"))
        for _ in range(50):
            diagnose(scene.target, identify=False)
        assert len(os.listdir("/proc/self/fd")) <= before + 50  # the server here keeps its ends
