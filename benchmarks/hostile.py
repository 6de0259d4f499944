"""Peers of every temper, in a process of their own: ``python -m benchmarks.hostile``.

Prints one line of JSON, names and ports, and ends with its standard input. One
thread for each listener and one for each connection; a connection is given up
after some seconds, whatever it does.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from benchmarks.tools import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONGEST = 3.0
"""Seconds that a connection is kept."""

PAGE = (b"HTTP/1.1 200 OK\r\nServer: example\r\nContent-Length: 21\r\nConnection: close\r\n\r\n"
        b"<title>Example</title>")  # fmt: skip


def web(connection: socket.socket) -> None:
    """Answer one request."""
    connection.recv(4096)
    connection.sendall(PAGE)


def silent(connection: socket.socket) -> None:
    """Read, and say nothing."""
    while connection.recv(4096):
        pass


def closing(_: socket.socket) -> None:
    """Close at once."""


def resetting(connection: socket.socket) -> None:
    """Close at once, with a RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def half(connection: socket.socket) -> None:
    """End the own side, and go on reading."""
    connection.shutdown(socket.SHUT_WR)
    silent(connection)


def endless(connection: socket.socket) -> None:
    """A banner without an end."""
    while True:
        connection.sendall(b"220 and more " * 300)


def zeros(connection: socket.socket) -> None:
    """Nothing but NUL, without an end."""
    while True:
        connection.sendall(bytes(4096))


def dripping(connection: socket.socket) -> None:
    """One byte at a time."""
    stop = threading.Event()
    for _ in range(30):
        connection.sendall(b"2")
        stop.wait(0.1)


def escapes(connection: socket.socket) -> None:
    """A banner of terminal controls and broken UTF-8."""
    connection.sendall(b"\x1b]0;x\x07\x1b[2J\xff\xfe\xe2\x80\xae SSH-2.0-\x9b31m\r\n")
    silent(connection)


ACCEPTING = {
    "accepting": web,
    "silent": silent,
    "closing": closing,
    "reset": resetting,
    "half-close": half,
    "endless": endless,
    "zeros": zeros,
    "dripping": dripping,
    "escapes": escapes,
}
NAMES = (*ACCEPTING, "backlog", "refusing")


def _serve(listener: socket.socket, behave: Callable[[socket.socket], None]) -> None:
    while True:
        connection, _ = listener.accept()
        connection.settimeout(LONGEST)
        threading.Thread(target=_one, args=(connection, behave), daemon=True).start()


def _one(connection: socket.socket, behave: Callable[[socket.socket], None]) -> None:
    with contextlib.suppress(OSError), connection:
        behave(connection)


def main() -> None:
    """Open the listeners, say where, and wait for the end."""
    ports = {}
    kept = []
    for name, behave in ACCEPTING.items():
        listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        ports[name] = listener.getsockname()[1]
        threading.Thread(target=_serve, args=(listener, behave), daemon=True).start()
    full = socket.create_server(("127.0.0.1", 0), backlog=0)
    ports["backlog"] = full.getsockname()[1]
    kept.append(socket.create_connection(full.getsockname()))
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        ports["refusing"] = unused.getsockname()[1]
    print(json.dumps(ports), flush=True)
    os.read(0, 1)


@contextmanager
def peers() -> Iterator[tuple[dict[str, int], int]]:
    """The ports by name, and the pid of the process that has them."""
    child = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.hostile"], cwd=ROOT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert child.stdin is not None  # noqa: S101 - for the type
    assert child.stdout is not None  # noqa: S101
    try:
        yield json.loads(child.stdout.readline()), child.pid
    finally:
        child.stdin.close()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        child.stdout.close()


if __name__ == "__main__":
    main()
