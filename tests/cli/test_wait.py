"""checks wait: until it holds, or the time is up; then the command."""

from __future__ import annotations

import json
import re
import select
import signal
import socket
import subprocess
import sys
import threading
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest
import situations as real
from cli.terminal import CLEARED, PATIENCE, PROGRAM, ROOT, on_terminal, plain, run
from needs import need
from peers import peer

from checks.cli import wait
from checks.probe import machine
from checks.probe import wait as probe
from checks.rules.protocols import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def answering(answer: bytes, address: str = "127.0.0.1") -> Iterator[int]:
    """A server that reads a request and gives this answer, to everyone; yields its port."""
    with real.accepting(address) as (port, listener):
        listener.settimeout(None)

        def serve() -> None:
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                with client:
                    client.settimeout(PATIENCE)
                    try:
                        if answer and client.recv(65536):
                            client.sendall(answer)
                    except OSError:
                        pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield port
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(PATIENCE)


@contextmanager
def waiting(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """``checks wait`` in a pipe, under way."""
    with subprocess.Popen(
        [*PROGRAM, "wait", *arguments], cwd=ROOT, text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as child:  # fmt: skip
        try:
            yield child
        finally:
            child.kill()


class TestConditions:
    """--for: what holds, and what does not."""

    def test_open_at_once(self) -> None:
        """A listener is there: exit 0 and a sentence."""
        with real.listening_process("127.0.0.1") as (port, pid):
            found = run("wait", f"127.0.0.1:{port}")
        assert (found.returncode, found.stderr) == (0, "")
        assert re.match(r"open after \d+\.\d s: ", found.stdout)
        assert f"pid {pid}" in found.stdout

    def test_plain_text_is_not_tls_and_is_said_in_words(self) -> None:
        """What OpenSSL calls a wrong version number is a server without TLS."""
        with answering(b"HTTP/1.0 400 Bad Request\r\n\r\n") as port:
            found = run("wait", "--for", "tls", "--timeout", "1", f"127.0.0.1:{port}")
        assert found.returncode == 124
        assert found.stderr.rstrip().endswith("it answers, but not with TLS")

    def test_open_after_a_while(self) -> None:
        """It looks again until the server is there."""
        port = real.free_port()
        with on_terminal("wait", f"127.0.0.1:{port}") as terminal:
            terminal.until(f"127.0.0.1:{port} refused the connection: no program listens there.")
            with real.listening("127.0.0.1", port):
                shown = plain(terminal.end())
        assert terminal.child.returncode == 0
        assert "open after " in shown

    def test_it_never_takes_the_port_it_waits_for(self) -> None:
        """A trial bind would make the server's own fail; here none is made (seen by strace)."""
        need("strace", "strace")
        port = real.free_port()
        found = subprocess.run(
            ["strace", "-f", "-e", "trace=bind", *PROGRAM, "wait", f"127.0.0.1:{port}",
             "--timeout", "0.2"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert "gave up" in found.stderr
        assert f"htons({port})" not in found.stderr

    def test_closed(self) -> None:
        """It holds once nothing answers; while something does, it says so."""
        port = real.free_port()
        with real.listening("127.0.0.1", port):
            late = run("wait", f"127.0.0.1:{port}", "--for", "closed", "--timeout", "1")
        assert late.returncode == 124
        assert "it still listens" in late.stderr  # seen in the table after the first look
        assert run("wait", f"127.0.0.1:{port}", "--for", "closed").returncode == 0

    def test_the_unspecified_address_is_this_machine(self) -> None:
        """It is no name whose addresses the system would have to give."""
        with real.listening("127.0.0.1") as port:
            assert run("wait", f"0.0.0.0:{port}", "--timeout", "10").returncode == 0

    def test_silence_is_not_closed(self) -> None:
        """A full queue refuses nothing."""
        with real.backlog_full("127.0.0.1") as port:
            found = run("wait", f"127.0.0.1:{port}", "--for", "closed", "--timeout", "0.2")
        assert found.returncode == 124

    @pytest.mark.parametrize(
        ("answer", "code"),
        [(b"HTTP/1.1 503 No\r\n\r\n", 0), (b"HTTP/1.0 200 OK\r\n\r\nhello", 0),
         (b"SSH-2.0-x\r\n", 124), (b"no line", 124), (b"", 124)],
    )  # fmt: skip
    def test_http_is_any_answer_of_http(self, answer: bytes, code: int) -> None:
        """Whatever the status; another protocol, or none, is not it."""
        with answering(answer) as port:
            timeout = "10" if code == 0 else "1"
            found = run("wait", f"127.0.0.1:{port}", "--for", "http", "--timeout", timeout)
        assert found.returncode == code
        if code:  # a server that closes with the request unread resets the connection
            said = ("not with HTTP", "closes without an answer", "reset by peer")
            assert any(words in found.stderr for words in said)

    def test_a_url_is_requested_as_it_is_written(self) -> None:
        """For http URLs an answer is waited for, and path and name are sent."""
        with (
            real.accepting("127.0.0.1") as (port, listener),
            waiting(f"http://localhost:{port}/health?x=1#y") as child,
        ):
            client, _ = listener.accept()
            with client:
                client.settimeout(PATIENCE)
                heard = client.recv(65536)
                client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            child.communicate(timeout=PATIENCE)
        assert child.returncode == 0
        assert heard.startswith(b"GET /health?x=1 HTTP/1.1\r\nHost: localhost:")

    def test_tls_is_a_finished_handshake(self, tmp_path: Path) -> None:
        """A self-signed certificate does; plain text does not."""
        import ssl

        need("openssl", "openssl")
        key, certificate = str(tmp_path / "key"), str(tmp_path / "certificate")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x",
             "-keyout", key, "-out", certificate], check=True, capture_output=True, timeout=60,
        )  # fmt: skip
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        with (
            real.accepting("127.0.0.1") as (port, listener),
            waiting(f"127.0.0.1:{port}", "--for", "tls") as child,
        ):
            client, _ = listener.accept()  # one connection does for both
            with context.wrap_socket(client, server_side=True):
                child.communicate(timeout=PATIENCE)
        assert child.returncode == 0
        with answering(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
            plain_text = run("wait", f"127.0.0.1:{port}", "--for", "tls", "--timeout", "0.2")
        assert plain_text.returncode == 124

    def test_a_protocol_by_its_name(self) -> None:
        """As the identification has it; another one is named."""
        with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") as port:
            found = run("wait", f"127.0.0.1:{port}", "--for", "redis", "--timeout", "0.2")
        assert found.returncode == 124
        assert "it speaks http" in found.stderr

    def test_a_silent_server_does_not_hold_it_up(self) -> None:
        """A peer that accepts and says nothing costs no more than the time given."""
        with real.listening("127.0.0.1") as port:
            found = run("wait", f"127.0.0.1:{port}", "--for", "http", "--timeout", "0.3")
        assert found.returncode == 124
        assert "does not answer" in found.stderr


def silent(connection: socket.socket) -> None:
    """Read everything and say nothing."""
    while connection.recv(4096):
        pass


class TestPoliteness:
    """What the server sees of it, counted there."""

    @pytest.fixture(autouse=True)
    def _alone(self) -> Iterator[None]:
        """A network of its own: another test may scan every port of this machine."""
        with real.own_network():
            yield

    @pytest.mark.parametrize("condition", ["http", "tls", "redis", "ssh"])
    def test_a_silent_server_is_asked_on_one_connection(self, condition: str) -> None:
        """It is kept open from one look to the next."""
        with peer(silent) as other:
            found = run("wait", f"127.0.0.1:{other.port}", "--for", condition, "--timeout", "1.5")
            seen = other.connections
        assert (found.returncode, seen) == (124, 1)
        assert "it accepts but does not answer" in found.stderr

    @pytest.mark.parametrize("condition", ["open", "http", "tls", "redis", "ssh", "closed"])
    def test_a_hung_server_has_one_slot_taken(self, condition: str) -> None:
        """However often it is waited for; it is not open, and it is not closed."""
        with real.hung("127.0.0.1") as (port, _):
            for _ in range(3):
                found = run("wait", f"127.0.0.1:{port}", "--for", condition, "--timeout", "0.3")
                assert found.returncode == 124
                assert real.queued(port) == 1

    @pytest.mark.parametrize("condition", ["http", "tls", "redis", "ssh"])
    def test_a_server_that_ends_connections_is_asked_less_and_less(self, condition: str) -> None:
        """Each look is one more connection, so they come further apart."""
        with peer(lambda _: None) as other:
            run("wait", f"127.0.0.1:{other.port}", "--for", condition, "--timeout", "2")
            seen = other.connections
        assert 2 <= seen <= 8  # after 0.1, 0.15, 0.23, 0.34, 0.51, 0.76 s

    def test_only_what_is_waited_for_is_asked(self) -> None:
        """Redis' PING, in plain text and inside TLS, and nothing else."""
        heard: list[bytes] = []

        def note(connection: socket.socket) -> None:
            heard.append(connection.recv(4096))

        with peer(note) as other:
            run("wait", f"127.0.0.1:{other.port}", "--for", "redis", "--timeout", "1")
        heard = [said for said in heard if said]  # the time may be up before the last is asked
        assert len(heard) > 1
        assert all(said.startswith((b"*1\r\n$4\r\nPING", b"\x16\x03")) for said in heard)

    @pytest.mark.parametrize(
        ("condition", "answer"),
        [
            ("http", b"HTTP/1.1 200 OK\r\n\r\n"),
            ("ssh", b"SSH-2.0-x\r\n"),
            ("redis", b"-NOAUTH\r\n"),
        ],
    )
    def test_a_late_answer_is_heard(self, condition: str, answer: bytes) -> None:
        """By a later look, on the connection of the first one."""
        let = threading.Event()

        def late(connection: socket.socket) -> None:
            assert let.wait(PATIENCE)
            connection.sendall(answer)
            silent(connection)

        with peer(late) as other:
            watch = watching(other.port, condition)
            looks = (watch.look(0.5) for _ in range(20))  # a look that ends before its connect
            first = next(look for look in looks if look.why)  # would make a second one
            let.set()
            last = first
            while not last.held:
                last = watch.look(PATIENCE)
            assert other.connections == 1
        assert (first.held, first.waits, first.why) == (False, True, probe.SILENT)

    def test_a_server_that_is_started_anew_is_asked_anew(self) -> None:
        """Also where the connection to the former one is still open."""
        with (
            real.accepting("127.0.0.1") as (port, listener),
            closing(watching(port, "http")) as watch,
        ):
            held = []
            accepting = threading.Thread(target=lambda: held.append(listener.accept()[0]))
            accepting.start()
            assert watch.look(real.SHORT).waits
            accepting.join(PATIENCE)
            listener.close()
            with closing(held[0]), socket.socket() as again:
                again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                held[0].setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                again.bind(("127.0.0.1", port))
                again.listen()
                assert watch.look(real.SHORT).why == ""  # not taken: the verdict tells it
                again.accept()[0].close()

    def test_a_name_that_is_not_recognised_is_bad_usage(self) -> None:
        """It could never be seen, and there is no question for it."""
        found = run("wait", "127.0.0.1:9", "--for", "kafka")
        assert (found.returncode, found.stdout) == (2, "")
        assert "postgresql" in found.stderr

    def test_a_mistyped_name_is_bad_usage_that_says_what_was_meant(self) -> None:
        """The names that are known are those of the one list."""
        found = run("wait", "127.0.0.1:9", "--for", "postgers")
        assert (found.returncode, found.stdout) == (2, "")
        assert found.stderr.rstrip().endswith("Did you mean postgresql?")
        known = found.stderr.partition("recognised: ")[2].partition(".")[0].split(", ")
        assert known == sorted(BY_NAME.keys() - {"http", "tls"})


def watching(port: int, condition: str) -> probe.Watch:
    """What the command looks with."""
    return probe.Watch(
        real.endpoint("127.0.0.1", port), probe.Wanted(condition), machine.facts(), remote=False
    )


class TestTimeout:
    """124, and why."""

    def test_it_says_what_a_diagnosis_would(self) -> None:
        """Nothing there; the other family; UDP only; a full queue."""
        port = str(real.free_port())
        assert f"127.0.0.1:{port} refused the connection: no program listens there." in self.reason(
            f"127.0.0.1:{port}"
        )
        with real.listening("::1") as other:
            assert f"[::1]:{other}" in self.reason(f"127.0.0.1:{other}")
        with real.udp_bound("127.0.0.1") as udp:
            assert "UDP" in self.reason(f"127.0.0.1:{udp}")
        with real.backlog_full("127.0.0.1") as full:
            assert "queue is full" in self.reason(f"127.0.0.1:{full}")
        assert "no address" in self.reason("nope.invalid:80")

    @staticmethod
    def reason(target: str) -> str:
        """What stands on standard error when the time is up."""
        found = run("wait", target, "--timeout", "0.1")
        assert (found.returncode, found.stdout) == (124, "")
        (line,) = found.stderr.splitlines()
        assert line.startswith("checks: gave up after ")
        return line

    def test_json_tells_how_it_ended(self) -> None:
        """One object, whether it held or not."""
        with real.listening("127.0.0.1") as port:
            up = json.loads(run("wait", "--json", f"127.0.0.1:{port}").stdout)
        found = run("wait", "--json", f"127.0.0.1:{port}", "--timeout", "0.1")
        down = json.loads(found.stdout)
        keys = {"schema", "input", "for", "held", "seconds", "why", "verdict", "probe"}
        assert set(up) == set(down) == keys
        assert (up["held"], up["why"]) == (True, None)
        assert (down["held"], found.returncode) == (False, 124)
        assert "no program listens there" in down["why"]

    def test_quiet_prints_nothing(self) -> None:
        """Only the exit code."""
        found = run("wait", "-q", real.unused(), "--timeout", "0.1")
        assert (found.returncode, found.stdout, found.stderr) == (124, "", "")

    def test_ctrl_c_ends_it(self) -> None:
        """130, no traceback, no line left on the terminal."""
        with on_terminal("wait", f"127.0.0.1:{real.free_port()}") as terminal:
            terminal.until("refused the connection", "waiting for 127.0.0.1:")
            terminal.interrupt()
            shown = terminal.end()
        assert terminal.child.returncode == 130
        assert "Traceback" not in shown
        assert shown.endswith(CLEARED)

    def test_the_reason_follows_what_happens(self) -> None:
        """On a terminal the line changes when the cause does."""
        port = real.free_port()
        with on_terminal("wait", f"127.0.0.1:{port}") as terminal:
            terminal.until("refused the connection")
            with real.udp_bound("127.0.0.1", port):
                terminal.until("for UDP only")
            terminal.interrupt()
            terminal.end()


class TestCommand:
    """What comes after --."""

    def test_it_runs_after_success_with_its_own_exit_code(self) -> None:
        """In the same process, with its arguments untouched, options and -- among them."""
        code = "import os, sys; print(os.getpid(), *sys.argv[1:]); sys.exit(7)"
        with (
            real.listening("127.0.0.1") as port,
            waiting(
                f"127.0.0.1:{port}", "--", sys.executable, "-c", code, "--json", "--", "-x", "a b"
            ) as child,
        ):
            out, problems = child.communicate(timeout=PATIENCE)
        assert (child.returncode, problems) == (7, "")
        assert out == f"{child.pid} --json -- -x a b\n"

    def test_it_does_not_run_after_a_timeout(self) -> None:
        """124, and nothing was started."""
        found = run("wait", real.unused(), "--timeout", "0.1", "--", "echo", "ran")
        assert (found.returncode, found.stdout) == (124, "")

    @pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT, signal.SIGPIPE])
    def test_signals_reach_it(self, sent: signal.Signals) -> None:
        """The command is what the signal ends; SIGPIPE is not ignored, as Python would have it."""
        with (
            real.listening("127.0.0.1") as port,
            waiting(f"127.0.0.1:{port}", "--", "sh", "-c", "echo up; exec sleep 60") as child,
        ):
            assert child.stdout is not None
            assert select.select([child.stdout], [], [], PATIENCE)[0]
            assert child.stdout.readline() == "up\n"
            child.send_signal(sent)
            assert child.wait(PATIENCE) == -sent

    @pytest.mark.parametrize(("command", "code"), [("/nonexistent", 127), ("/etc/passwd", 126)])
    def test_what_cannot_be_run(self, command: str, code: int) -> None:
        """127 where there is no such program, 126 where it is none."""
        with real.listening("127.0.0.1") as port:
            found = run("wait", f"127.0.0.1:{port}", "--", command)
        assert (found.returncode, found.stdout) == (code, "")
        assert command in found.stderr

    def test_no_descriptor_is_handed_on(self) -> None:
        """The command has its three standard ones and no socket of ours."""
        with real.listening("127.0.0.1") as port:
            found = run("wait", f"127.0.0.1:{port}", "--", "ls", "/proc/self/fd")
        assert found.stdout.split() == ["0", "1", "2", "3"]  # 3 is that of the listing


class TestUsage:
    """Targets that cannot be waited for."""

    @pytest.mark.parametrize(
        "arguments",
        [[], ["127.0.0.1"], ["127.0.0.1:0"], ["127.0.0.1:99999"], ["hello world"], ["1 2"],
         ["127.0.0.1:80 127.0.0.1:81"], ["9", "--timeout", "x"], ["9", "--timeout", "-1"],
         ["9", "--for", "a b"], ["--", "ls"], ["9", "extra"]],
    )  # fmt: skip
    def test_bad_usage_is_two(self, arguments: list[str]) -> None:
        """With a reason, and no traceback."""
        found = run("wait", *arguments)
        assert (found.returncode, found.stdout) == (2, "")
        assert found.stderr
        assert "Traceback" not in found.stderr

    def test_another_machine_needs_the_option(self) -> None:
        """Nothing is sent, and it does not wait."""
        found = run("wait", "192.0.2.99:80")
        assert found.returncode == 2
        assert "--remote" in found.stderr

    @pytest.mark.parametrize(
        ("url", "path"),
        [
            ("http://h", "/"),
            ("http://h/", "/"),
            ("http://h:1/a/b?c=d#e", "/a/b?c=d"),
            ("http://h?q", "/?q"),
            ("http://h/a b", "/a%20b"),
            ("http://h/\r\nX: y", "/%0D%0AX:%20y"),
            ("http://h/\x1b", "/%1B"),
            ("http://h/ä", "/%C3%A4"),
            ("http://h/%20?a=%", "/%20?a=%"),
        ],
    )
    def test_a_path_cannot_break_the_request(self, url: str, path: str) -> None:
        """What no request line may hold is sent as an escape."""
        assert wait._path(url) == path

    def test_an_own_pid_is_no_matter(self) -> None:
        """The split takes the first -- only."""
        assert wait.read(["x", "--", "a", "--", "b"]).command == ("a", "--", "b")
        assert wait.read(["x", "-q"]).command == ()
