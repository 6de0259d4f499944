"""Serve the built site on this machine, as its own pages advise: ``python3 -m tools.serve``.

Python's ``http.server`` would do, but for three things that the site tells its
readers to care about: it answers any Host header (so a web page could read it
by DNS rebinding), it has no type for ``.mjs`` on some systems, and it sends the
WebAssembly runtime uncompressed on each visit.
"""

from __future__ import annotations

import argparse
import gzip
import io
import os
import sys
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

HOST, PORT = "127.0.0.1", 62893
"""The site's own address."""

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".gz": "application/gzip",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".pyz": "application/zip",
    ".sha256": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".xml": "application/xml",
    ".zip": "application/zip",
}
_COMPRESSED = frozenset(set(_TYPES) - {".gz", ".pyz", ".zip"})
_NAMES = frozenset(("127.0.0.1", "localhost", "[::1]"))
"""Hosts that lead here without anybody's DNS."""


class Handler(SimpleHTTPRequestHandler):
    """Files of one folder, compressed where that helps, for this machine's own names only."""

    protocol_version = "HTTP/1.1"
    extensions_map = {  # noqa: RUF012 - as the base class has it
        **SimpleHTTPRequestHandler.extensions_map,
        **_TYPES,
    }

    def send_head(self) -> Any:
        """Answer with the headers and a file to copy; None where there is no body to come."""
        if self.headers.get("Host", "").rpartition(":")[0] not in _NAMES:
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST, "This server is not that host")
            return None
        path = Path(self.translate_path(self.path))
        address = self.path.partition("#")[0].partition("?")[0]
        if path.is_dir():
            if not address.endswith("/"):
                self._redirect(address + "/")
                return None
            path /= "index.html"
        if path.is_file():
            return self._send(HTTPStatus.OK, path)
        missing = Path(self.directory) / "404.html"
        if missing.is_file():
            return self._send(HTTPStatus.NOT_FOUND, missing)
        self.send_error(HTTPStatus.NOT_FOUND)
        return None

    def _redirect(self, address: str) -> None:
        self.send_response(HTTPStatus.MOVED_PERMANENTLY)
        # "//host/" would lead to another host (RFC 3986 §4.2).
        self.send_header("Location", "/" + address.lstrip("/"))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: HTTPStatus, path: Path) -> io.BytesIO:
        zipped = "gzip" in self.headers.get("Accept-Encoding", "") and path.suffix in _COMPRESSED
        changed = path.stat().st_mtime
        body = _read(str(path), changed, zipped=zipped)
        self.send_response(status)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", formatdate(changed, usegmt=True))
        self.send_header("Cache-Control", self._caching())
        self.send_header("Vary", "Accept-Encoding")
        self.send_header("X-Content-Type-Options", "nosniff")
        if zipped:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        return io.BytesIO(body)

    def _caching(self) -> str:
        """The runtime's folder is named by its content; everything else is asked for again."""
        return "max-age=31536000, immutable" if "/assets/pyodide/" in self.path else "no-cache"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name
        """Say nothing for each request: the terminal shows where the site is."""


@lru_cache(maxsize=512)
def _read(path: str, changed: float, *, zipped: bool) -> bytes:
    """A file's bytes, kept until it changes."""
    body = Path(path).read_bytes()
    return gzip.compress(body, 6, mtime=0) if zipped else body


class Server(ThreadingHTTPServer):
    """One thread a connection; none outlives the server."""

    daemon_threads = True
    # On Windows SO_REUSEADDR would let a second server take the port (SO_REUSEADDR, Winsock).
    allow_reuse_address = os.name == "posix"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that left in the middle of an answer."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def serve(directory: Path, host: str = HOST, port: int = PORT) -> Server:
    """Return a server that is bound and listens; it serves when asked to.

    Arguments:
        directory: of the built site.
        host: address to bind.
        port: 0 chooses one.

    Raises:
        OSError: where the address cannot be bound.
    """
    handler = type("SiteHandler", (Handler,), {})
    return Server((host, port), lambda *args: handler(*args, directory=str(directory)))


def _port(text: str) -> int:
    """Read a port for argparse; bind() raises OverflowError for others."""
    if not text.isascii() or not text.isdecimal() or len(text) > 5 or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; expected 0 to 65535")
    return int(text)


def main(argv: list[str] | None = None) -> int:
    """Serve until interrupted; return the exit code."""
    parser = argparse.ArgumentParser("python3 -m tools.serve", description="Serve the built site.")
    parser.add_argument("directory", nargs="?", default="site", type=Path, help="default: site")
    parser.add_argument("--host", default=HOST, help=f"address to bind (default {HOST})")
    parser.add_argument(
        "--port", default=PORT, type=_port, metavar="N", help=f"default {PORT}; 0 chooses one"
    )
    options = parser.parse_args(argv)
    if not (options.directory / "index.html").is_file():
        parser.error(f"{options.directory} holds no built site; make it with: make site")
    try:
        server = serve(options.directory, options.host, options.port)
    except (OSError, TypeError, ValueError) as error:  # a name that IDNA refuses is no OSError
        where = f"{options.host}:{options.port}"
        why = getattr(error, "strerror", None) or error
        print(f"serve: {where}: {why}; see: python3 -m checks {where}", file=sys.stderr)
        return 1
    with server:
        host, port = server.server_address[:2]
        print(f"The site is at http://{host!s}:{port}/ (Ctrl-C ends it)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
