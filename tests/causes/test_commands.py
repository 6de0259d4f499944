"""The commands of the first steps, run where Linux can: they show what the step says."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from needs import need, need_linux

from checks import causes
from checks.text import classify

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from checks.findings.base import Fix


def steps(text: str) -> list[Fix]:
    """The steps of the first cause of a text."""
    return list(causes.explain(classify(text))[0].steps)


def linux(text: str, word: str) -> str:
    """The first command for Linux, or for each system, with a word in it."""
    return next(
        step.command
        for step in steps(text)
        if step.command and word in step.command and step.os in (None, "linux")
    )


def run(command: str) -> str:
    """What a command prints; it must end within some seconds."""
    done = subprocess.run(
        ["bash", "-c", command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return done.stdout + done.stderr


@contextmanager
def listener() -> Iterator[socket.socket]:
    """A socket that listens on a free port of 127.0.0.1."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def port_of(server: socket.socket) -> int:
    """The number of its port."""
    number: int = server.getsockname()[1]
    return number


def test_the_owner_of_a_taken_port_is_shown() -> None:
    """``ss`` shows this very process, and nothing where nothing listens."""
    need_linux()
    need("ss", "iproute2")
    with listener() as server:
        port = port_of(server)
        command = linux(f"Error: listen EADDRINUSE: address already in use :::{port}", "ss -")
        assert f"pid={os.getpid()}," in run(command)
    assert f"pid={os.getpid()}," not in run(command)


def test_a_connection_in_time_wait_is_shown() -> None:
    """The server ends the connection first, so its port has the row."""
    need_linux()
    need("ss", "iproute2")
    with listener() as server:
        port = port_of(server)
        with socket.create_connection(("127.0.0.1", port)) as client:
            server.accept()[0].close()
            assert client.recv(1) == b""
    text = f"s.bind(('127.0.0.1', {port}))\nOSError: [Errno 98] Address already in use\nTIME_WAIT"
    assert f"127.0.0.1:{port}" in run(linux(text, "time-wait"))


def test_switched_off_ipv6_is_shown() -> None:
    """The kernel says 0 or 1."""
    need_linux()
    shown = run(linux("Error: listen EADDRNOTAVAIL: address not available ::1:5190", "ipv6"))
    assert shown.strip() in ("0", "1")


def test_the_addresses_of_the_machine_are_shown() -> None:
    """``ip`` lists the loopback address."""
    need_linux()
    need("ip", "iproute2")
    text = "Error: listen EADDRNOTAVAIL: address not available 203.0.113.9:5190"
    assert "127.0.0.1/8" in run(linux(text, "ip -br"))


@contextmanager
def tls_server(folder: Path) -> Iterator[int]:
    """The port of a server with a self-signed certificate for localhost.

    Arguments:
        folder: where the certificate is made.
    """
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    made = ["openssl", "req", "-x509", "-nodes", "-newkey", "rsa:2048", "-days", "2"]
    subprocess.run([*made, *files, *names], check=True, capture_output=True, timeout=60)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    with listener() as server:
        threading.Thread(target=answer, args=(server, context), daemon=True).start()
        yield port_of(server)


def answer(server: socket.socket, context: ssl.SSLContext) -> None:
    """Take connections until the server is closed, and answer each over TLS."""
    while True:
        try:
            plain = server.accept()[0]
        except OSError:
            return
        try:
            with context.wrap_socket(plain, server_side=True) as talk:
                talk.recv(4096)
                talk.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok")
        except OSError:
            plain.close()


def test_the_certificate_is_shown(tmp_path: Path) -> None:
    """``openssl`` prints for which names it is, and until when."""
    need_linux()
    need("openssl", "openssl")
    with tls_server(tmp_path) as port:
        text = f"certificate is not valid for '127.0.0.1'. https://127.0.0.1:{port}/"
        shown = run(linux(f"Hostname mismatch, {text}", "openssl"))
    assert "DNS:localhost" in shown
    assert "Not After" in shown


def test_the_right_scheme_answers(tmp_path: Path) -> None:
    """``curl`` gets an answer by https where http got none, and the reverse."""
    need_linux()
    need("curl", "curl")
    with tls_server(tmp_path) as port:
        text = f"Client sent an HTTP request to an HTTPS server. http://127.0.0.1:{port}/"
        assert "200 OK" in run(linux(text, "curl"))
    with listener() as server:
        threading.Thread(target=plain_answer, args=(server,), daemon=True).start()
        text = f"https://127.0.0.1:{port_of(server)}/ SSL routines::wrong version number"
        assert "200 OK" in run(linux(text, "curl"))


def plain_answer(server: socket.socket) -> None:
    """Answer one request in plain HTTP."""
    with server.accept()[0] as talk:
        talk.recv(4096)
        talk.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok")


@pytest.mark.parametrize(
    "text",
    [
        "Bind for 127.0.0.1:5455 failed: port is already allocated",
        "listen tcp :443: bind: permission denied",
        "x509: certificate has expired or is not yet valid",
        "nginx: [emerg] bind() to 0.0.0.0:8484 failed (13: Permission denied)",
        "502 Bad Gateway nginx http://localhost:8090/",
    ],
)
def test_a_shell_reads_the_commands(text: str) -> None:
    """What is not run here, as it changes the machine, is at least a command line."""
    need_linux()
    bash = shutil.which("bash")
    assert bash
    commands = [step.command for step in steps(text) if step.command and step.os != "windows"]
    assert commands
    for command in commands:
        checked = subprocess.run([bash, "-n", "-c", command], capture_output=True, check=False)
        assert checked.returncode == 0, command
