"""Peers that misbehave, and small stand-ins for servers that no package brings.

Each is a thread with a real listening socket; what it does to a connection is
a function of that connection.
"""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping

Behave = Callable[[socket.socket], None]

_LATE = 0.6
"""Seconds; longer than any greeting is waited for before something is asked."""


class Peer:
    """A listener that treats every connection in one way, each in a thread of its own."""

    def __init__(self, behave: Behave, address: str = "127.0.0.1") -> None:
        self.connections = 0
        self._address = address
        self.stopping = threading.Event()
        self._behave = behave
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._listener = socket.create_server((address, 0), family=family)
        self.port: int = self._listener.getsockname()[1]
        self._main = threading.Thread(target=self._accept)
        self._main.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            if self.stopping.is_set():
                connection.close()
                return
            self.connections += 1
            connection.settimeout(10)
            self._open.append(connection)
            self._begin(connection)

    def _begin(self, connection: socket.socket) -> None:
        thread = threading.Thread(target=self._serve, args=(connection,))
        self._threads.append(thread)
        thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            self._behave(connection)

    def stop(self) -> None:
        """End the listener, its connections and its threads."""
        self.stopping.set()
        with contextlib.suppress(OSError), socket.create_connection((self._address, self.port), 1):
            pass
        self._main.join(10)
        self._listener.close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)


class OneAtATime(Peer):
    """A listener that takes a connection when the one before has ended."""

    def _begin(self, connection: socket.socket) -> None:
        self._serve(connection)


@contextlib.contextmanager
def peer(behave: Behave, address: str = "127.0.0.1") -> Iterator[Peer]:
    """A peer for the length of a test."""
    made = Peer(behave, address)
    try:
        yield made
    finally:
        made.stop()


def silent(connection: socket.socket) -> None:
    """Read everything, say nothing, until the other side goes."""
    while connection.recv(4096):
        pass


def endless(piece: bytes) -> Behave:
    """Send the same bytes for as long as they are taken."""

    def behave(connection: socket.socket) -> None:
        while True:
            connection.sendall(piece)

    return behave


def dripping(text: bytes, event: threading.Event) -> Behave:
    """Send one byte at a time, a few in a second, until the event."""

    def behave(connection: socket.socket) -> None:
        for octet in text:
            connection.sendall(bytes((octet,)))
            if event.wait(0.2):
                return

    return behave


def resetting(connection: socket.socket) -> None:
    """Close at once, with a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def closing(_: socket.socket) -> None:
    """Close at once."""


def half_closing(connection: socket.socket) -> None:
    """End the own side at once, and go on reading."""
    connection.shutdown(socket.SHUT_WR)
    silent(connection)


def saying(said: bytes) -> Behave:
    """Greet with these bytes, then only read."""

    def behave(connection: socket.socket) -> None:
        connection.sendall(said)
        silent(connection)

    return behave


def late(behave: Behave) -> Behave:
    """Be slow: treat the first connection so only after something came, the others after a while.

    A question that comes on one of the others ends it: a server that greets must not be asked
    before it has.
    """
    first = threading.Event()

    def behave_late(connection: socket.socket) -> None:
        if not first.is_set():
            first.set()
            connection.recv(1, socket.MSG_PEEK)
        elif select.select([connection], [], [], _LATE)[0]:
            return
        behave(connection)

    return behave_late


def relaying(port: int) -> Behave:
    """Be the server on another port."""

    def behave(connection: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", port), 10) as server:
            ends = {connection: server, server: connection}
            while True:
                for end in select.select(list(ends), [], [], 10)[0]:
                    data = end.recv(4096)
                    if not data:
                        return
                    ends[end].sendall(data)

    return behave


def answering(said: bytes) -> Behave:
    """Answer the first request with these bytes, and close."""

    def behave(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(said)

    return behave


def web(pages: Mapping[str, bytes], otherwise: bytes = b"") -> Behave:
    """Answer HTTP requests by path with whole answers."""

    def behave(connection: socket.socket) -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            data = connection.recv(4096)
            if not data:
                return
            request += data
        path = request.split(b" ")[1].decode() if request.startswith(b"GET ") else ""
        connection.sendall(pages.get(path, otherwise))

    return behave


def page(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """A whole HTTP answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body
