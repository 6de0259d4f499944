"""Diagnoses of real sockets by a Python for Windows: on Windows, or under wine.

Each command is a process with its output in a pipe, as a script of Windows has it. What wine
answers otherwise than Windows is not asked here: see tools/windows.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(sys.platform != "win32", reason="needs Windows")

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60
_WITHOUT_PSUTIL = "import sys; sys.modules['psutil'] = None; from checks.cli import entry; entry()"


def environment(**variables: str) -> dict[str, str]:
    """Of a command: output as Windows encodes it, unless something else is asked for."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONIOENCODING"}
    return {**kept, **variables}


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command line."""
    return _run(["-m", "checks", *arguments], variables)


def run_without_psutil(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The same, as if psutil were not installed."""
    return _run(["-c", _WITHOUT_PSUTIL, *arguments], {})


def _run(arguments: list[str], variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    encoding = variables.get("PYTHONIOENCODING", "cp1252").partition(":")[0]
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment(**variables),
        stdin=subprocess.DEVNULL, capture_output=True, encoding=encoding, timeout=PATIENCE,
        check=False,
    )  # fmt: skip


def probed(*arguments: str) -> dict[str, Any]:
    """The evidence on the one endpoint of a diagnosis; nothing is on standard error."""
    done = run("--json", *arguments)
    assert done.stderr == ""
    (endpoint,) = json.loads(done.stdout)["endpoints"]
    probe: dict[str, Any] = endpoint["probe"]
    assert probe["machine"]["system"] == "windows"
    return probe


@contextmanager
def listening(answer: bytes = b"") -> Iterator[int]:
    """A server on 127.0.0.1 that gives each client the same bytes; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=_serve, args=(server, answer), daemon=True)
        thread.start()
        yield server.getsockname()[1]
    thread.join(PATIENCE)


def _serve(server: socket.socket, answer: bytes) -> None:
    while True:
        try:
            client, _ = server.accept()
        except OSError:  # closed
            return
        with closing(client):
            if answer:
                client.settimeout(1.0)
                try:
                    client.recv(4096)
                    client.sendall(answer)
                except OSError:
                    continue


@contextmanager
def taken() -> Iterator[int]:
    """A port that is bound, so that no program listens there meanwhile; yields it."""
    with socket.socket() as bound:
        exclusive = socket.SO_EXCLUSIVEADDRUSE  # type: ignore[attr-defined,unused-ignore]
        bound.setsockopt(socket.SOL_SOCKET, exclusive, 1)
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


HTTP = b"HTTP/1.1 200 OK\r\nServer: own-server/1.0\r\nContent-Length: 2\r\n\r\nhi"


ELSEWHERE = ("ss -", "sudo", "/proc", "namespace", "lsof", "SO_REUSEADDR", "the kernel")
"""What only other systems have."""


def free() -> int:
    """A port that nothing listened on a moment ago."""
    with taken() as port:
        return port


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_refusal_is_told(host: str) -> None:
    """By address and by name; the trial bind gets the port."""
    port = free()
    probe = probed(f"{host}:{port}")
    assert probe["outcome"] == "refused"
    assert {each["outcome"] for each in probe["bindings"]} == {"free"}


def test_a_refusal_is_told_in_words_for_windows() -> None:
    """The verdict, and commands that are there; no word of what only Linux has."""
    done = run(f"127.0.0.1:{free()}")
    assert (done.returncode, done.stderr) == (1, "")
    assert "C302" in done.stdout
    assert not any(word in done.stdout for word in ELSEWHERE)


def test_an_answer_is_told_in_words_for_windows() -> None:
    """With an owner that was seen or not; wine shows no process of a socket."""
    with listening(HTTP) as port:
        done = run(f"127.0.0.1:{port}")
        bare = run_without_psutil(f"127.0.0.1:{port}")
    for each in (done, bare):
        assert (each.returncode, each.stderr) == (0, "")
        assert "speaks HTTP (own-server 1.0)" in " ".join(each.stdout.split())
        assert not any(word in each.stdout for word in ELSEWHERE)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_server_is_identified(host: str) -> None:
    """What it speaks, and its product."""
    with listening(HTTP) as port:
        probe = probed(f"{host}:{port}")
    assert probe["outcome"] == "accepted"
    assert probe["identity"]["protocol"] == "http"
    assert probe["identity"]["product"] == "own-server"


def test_a_server_is_in_the_table() -> None:
    """Its row is read by psutil; the trial bind meets it."""
    with listening() as port:
        probe = probed("--no-identify", f"127.0.0.1:{port}")
    assert [(row["address"], row["port"]) for row in probe["listeners"]] == [("127.0.0.1", port)]
    assert [each["outcome"] for each in probe["bindings"]] == ["in-use"]


def test_a_port_that_is_bound_and_does_not_listen_is_not_free() -> None:
    """Connections to it are refused, and it cannot be had."""
    with taken() as port:
        probe = probed(f"127.0.0.1:{port}")
    assert probe["outcome"] == "refused"
    assert [each["outcome"] for each in probe["bindings"]] != ["free"]


def test_without_psutil_nothing_is_claimed_of_who_listens() -> None:
    """A server answers: its owner is unknown, and that no program listens is not said."""
    with listening() as port:
        done = run_without_psutil("--no-identify", "--json", f"127.0.0.1:{port}")
    assert done.stderr == ""
    document = json.loads(done.stdout)
    codes = {each["code"] for each in document["findings"]}
    assert "B403" not in codes
    assert document["endpoints"][0]["probe"]["bindings"][0]["outcome"] == "in-use"


def test_listen_without_psutil_says_what_it_needs() -> None:
    """In one line, and not as a fault."""
    done = run_without_psutil("listen")
    (line,) = done.stderr.splitlines()
    assert line.startswith("checks: Who listens could not be learned: on this system that needs")


def test_listen_shows_a_server() -> None:
    """Its address and port are in the list."""
    with listening() as port:
        done = run("listen", "--port", str(port))
    assert (done.returncode, done.stderr) == (0, "")
    assert f"127.0.0.1:{port}" in done.stdout


def test_free_gives_a_port_that_can_be_bound() -> None:
    """The number alone, on a line."""
    done = run("free")
    assert done.stderr == ""
    with socket.create_server(("127.0.0.1", int(done.stdout))):
        pass


def test_scan_tells_open_from_closed() -> None:
    """A port that answers, and one beside it that refuses."""
    closed = free()
    with listening() as port:
        done = run("scan", "--json", "-p", f"{port},{closed}", "127.0.0.1")
    assert done.stderr == ""
    documents = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["port"] for each in documents] == [port]


def test_wait_ends_when_a_server_listens() -> None:
    """And runs the command behind it."""
    with listening() as port:
        code = "raise SystemExit(7)"
        done = run("wait", f"localhost:{port}", "--timeout", "20", "--", sys.executable, "-c", code)
    assert (done.returncode, done.stderr) == (7, "")


def test_wait_gives_up() -> None:
    """It says what stood in its way."""
    done = run("wait", f"127.0.0.1:{free()}", "--timeout", "1")
    assert done.returncode == 124
    assert "waiting for open" in done.stderr


def test_a_name_that_no_resolver_knows_is_a_finding() -> None:
    """And no exception."""
    done = run("nope.invalid:80")
    assert (done.returncode, done.stderr) == (1, "")
    assert "nope.invalid" in done.stdout.splitlines()[0]


@pytest.mark.parametrize("encoding", ["cp1252", "cp932", "ascii"])
def test_a_pipe_of_any_encoding_takes_the_help(encoding: str) -> None:
    """It is not an exception, whatever of it the encoding lacks."""
    done = run("--help", PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    assert "exit codes: 0 nothing wrong" in done.stdout


def test_an_interrupt_ends_it() -> None:
    """What Ctrl-C raises, from a thread: wine's consoles pass none on to another process."""
    code = (
        "import _thread, threading; from checks.cli import entry;"
        " threading.Timer(3, _thread.interrupt_main).start(); entry()"
    )
    done = _run(["-c", code, "wait", f"127.0.0.1:{free()}", "--timeout", "50"], {})
    assert (done.returncode, done.stdout) == (130, "")
    assert "Traceback" not in done.stderr
