"""A stand-in for the daemon of Docker: it has one container, whose published port it holds.

What the ``docker`` command asks for to list containers and to stop one is answered; nothing else.
Source: Docker Engine API, "Ping", "List containers" and "Stop a container".
"""

from __future__ import annotations

import json
import os
import re
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

import pytest
import situations as real
from needs import need

if sys.platform == "win32":  # this can be imported there, and no more
    from socketserver import TCPServer as UnixStreamServer
else:
    from socketserver import UnixStreamServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class _Daemon(UnixStreamServer):
    """Listens on a socket file.

    Arguments:
        path: of the file.
        port: that its container publishes.
        proxy: the process that listens for the container.
    """

    def __init__(self, path: Path, port: int, proxy: int) -> None:
        super().__init__(str(path), _Answers)
        self.port, self.proxy = port, proxy
        self.stopped: list[str] = []


class _Answers(BaseHTTPRequestHandler):
    """One request."""

    server: _Daemon

    def do_HEAD(self) -> None:
        """The ping that comes first."""
        self._answer(200, None)

    def do_GET(self) -> None:
        """The ping, or the list."""
        place = {"PrivatePort": 80, "PublicPort": self.server.port, "Type": "tcp"}
        listed = [{
            "Id": "8dfafdbc3a40f00ba4", "Names": ["/web"], "Image": "nginx:1.25",
            "Command": "nginx", "Created": 1, "State": "running", "Status": "Up",
            "Ports": [{"IP": "127.0.0.1", **place}],
            "NetworkSettings": {"Networks": {"bridge": {"IPAddress": "172.17.0.2"}}},
        }]  # fmt: skip
        self._answer(200, listed if "/containers/json" in self.path else "OK")

    def do_POST(self) -> None:
        """Stop the container: its proxy ends with it."""
        named = re.search(r"/containers/(\w+)/stop", self.path)
        assert named is not None, self.path
        self.server.stopped.append(named[1])
        os.kill(self.server.proxy, 9)
        self._answer(204, None)

    def _answer(self, status: int, body: Any) -> None:
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        for name, value in (
            ("Api-Version", "1.41"), ("Ostype", "linux"), ("Content-Type", "application/json"),
            ("Content-Length", str(len(content))),
        ):  # fmt: skip
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def address_string(self) -> str:
        """There is none."""
        return "unix"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""


@contextmanager
def published(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, list[str]]]:
    """A published port; yields it, and the names of the containers that were stopped."""
    need("docker", "docker.io")
    words = ("-host-ip", "127.0.0.1", "-host-port", "{port}", "-container-ip", "172.17.0.2",
             "-container-port", "80")  # fmt: skip
    with (
        real.renamed_listener("docker-proxy", *words) as (port, pid),
        _Daemon(home / "d", port, pid) as daemon,
    ):
        monkeypatch.setenv("DOCKER_HOST", f"unix://{home / 'd'}")
        monkeypatch.setenv("DOCKER_CONFIG", str(home))
        thread = threading.Thread(target=daemon.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield port, daemon.stopped
        finally:
            daemon.shutdown()
            thread.join()
