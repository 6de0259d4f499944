"""A plain static server, as any that a site may stand on, with a log of its requests."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit


class Request(NamedTuple):
    """One request, and how it was answered."""

    path: str
    status: int


class Server:
    """Where the site is, and what it was asked for."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.requests: list[Request] = []
        self.queries: set[str] = set()
        self.connections: set[socket.socket] = set()

    @property
    def root(self) -> str:
        """The site at the root of a host."""
        return f"http://127.0.0.1:{self.port}/"

    @property
    def below(self) -> str:
        """The site below a path, as the build was told."""
        return f"http://127.0.0.1:{self.port}/project/"


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # RFC 9239 §6; the WebAssembly Web API §2; RFC 7763. The system's table may lack them.
    extensions_map = {  # noqa: RUF012, the class of the standard library has it so
        "": "application/octet-stream",
        ".css": "text/css",
        ".gz": "application/gzip",
        ".html": "text/html; charset=utf-8",
        ".ico": "image/x-icon",
        ".js": "text/javascript",
        ".json": "application/json",
        ".md": "text/markdown; charset=utf-8",
        ".mjs": "text/javascript",
        ".png": "image/png",
        ".svg": "image/svg+xml",
        ".txt": "text/plain; charset=utf-8",
        ".wasm": "application/wasm",
        ".webmanifest": "application/manifest+json",
        ".xml": "application/xml",
        ".zip": "application/zip",
    }

    def __init__(self, site: Server, *arguments: object, directory: str) -> None:
        self._site = site
        super().__init__(*arguments, directory=directory)  # type: ignore[arg-type]

    def setup(self) -> None:
        """Remember the connection, to be able to end it."""
        super().setup()
        self._site.connections.add(self.connection)

    def finish(self) -> None:
        """Forget the connection."""
        self._site.connections.discard(self.connection)
        with contextlib.suppress(OSError):  # it may have been ended meanwhile
            super().finish()

    def translate_path(self, path: str) -> str:
        """A file of the site, also below /project/, also as a proxy is asked (RFC 9112 §3.2.2)."""
        if path.startswith("http://"):
            path = urlsplit(path).path
        return super().translate_path(path.removeprefix("/project"))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The site's own page where there is none."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.exists():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", self.extensions_map[".html"])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Remember what was asked."""
        status = code.value if isinstance(code, HTTPStatus) else int(code)
        asked = urlsplit(self.path)
        self._site.queries.add(asked.query)
        self._site.requests.append(Request(unquote(asked.path), status))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Print nothing."""


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that leaves in the middle of an answer is no error."""


@contextmanager
def serving(site: Path, port: int = 0) -> Iterator[Server]:
    """Serve a folder on 127.0.0.1; at the end nothing is left that would answer.

    Arguments:
        site: the folder.
        port: the port; 0 for any that is free.
    """
    http = _Http(("127.0.0.1", port), partial(_Handler, directory=str(site)))
    server = Server(http.server_address[1])
    http.RequestHandlerClass = partial(_Handler, server, directory=str(site))
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        thread.join()
        http.server_close()
        for connection in list(server.connections):  # those that are kept alive would go on
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
