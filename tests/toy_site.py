"""A toy package, a site of three pages around it, and a server that remembers what it was asked."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import socket
import subprocess
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TOY = '''"""Says a text loudly."""
from html import escape

def loud(text: str) -> str:
    """The text in capitals."""
    return f'<b title="{escape(text)}">{escape(text.upper())}</b> <a href="site:sub/deep/">more</a>'
'''

PAGES = {
    "index.md": "# Home\n\n```shout id=box rows=1\nhello <world>\n```\n\nSee `a&b`{shout}.\n",
    "sub/index.md": "# Sub\n",
    "sub/deep/index.md": '# Deep\n\n!!! note\n\n    ```shout label="Say"\n    one\n    ```\n',
}

POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'"
)


def write_toy(folder: Path) -> Path:
    """Write the package; returns its folder."""
    package = folder / "toy"
    (package / "private").mkdir(parents=True)
    (package / "__init__.py").write_text('"""Toy."""\n')
    (package / "web.py").write_text(TOY)
    (package / "private" / "__init__.py").write_text("import socket\n")
    return package


def write_site(folder: Path, *, theme: str = "mkdocs", **options: object) -> Path:
    """Write the toy package and a site that uses it; returns the folder."""
    write_toy(folder)
    for name, text in PAGES.items():
        path = folder / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    plugin = {
        "package": "toy",
        "exclude": ["private"],
        "functions": {"loud": "toy.web:loud"},
        "fences": {"shout": "loud"},
        "inline": "shout",
        "page": "sub/",
        **options,
    }
    config = {
        "site_name": "Toy",
        "site_url": "http://127.0.0.1/base/",
        # A theme of its own: the usual one has inline scripts, which the policy forbids.
        "theme": {"name": None, "custom_dir": "theme", "static_templates": ["404.html"]}
        if theme == "bare"
        else {"name": theme},
        "markdown_extensions": ["admonition", "attr_list", "pymdownx.superfences"],
        "plugins": [{"pyodide": plugin}],
    }
    (folder / "mkdocs.yml").write_text(json.dumps(config))  # JSON is YAML
    (folder / "theme").mkdir()
    for name in ("main.html", "404.html"):
        (folder / "theme" / name).write_text(
            "<!doctype html><html lang=en><head><meta charset=utf-8><title>Toy</title></head>"
            f"<body data-template={name}>{{{{ page.content }}}}</body></html>"
        )
    return folder


def build(
    folder: Path,
    *options: str,
    program: str = "mkdocs",
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Build the site as a person does."""
    return subprocess.run(
        [sys.executable, "-m", program, "build", "-f", str(folder / "mkdocs.yml"), *options],
        cwd=folder, capture_output=True, text=True, timeout=240, check=False,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", **(environment or {})},
    )  # fmt: skip


class Server:
    """Serves a built site under ``/base/``, with a policy; keeps a log.

    Arguments:
        site: the folder.
    """

    def __init__(self, site: Path) -> None:
        self.connections: set[socket.socket] = set()
        self.log: list[tuple[str, int]] = []
        self.policy = POLICY
        self.broken: set[str] = set()
        self.types: dict[str, str] = {}
        handler = functools.partial(_Handler, self, directory=str(site))
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/base/"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def count(self, name: str) -> int:
        """How often a file was sent in full."""
        return sum(path.endswith(f"/{name}") and status == 200 for path, status in self.log)

    def close(self) -> None:
        """Stop serving: connections end, new ones are refused."""
        self.server.shutdown()
        self.server.server_close()
        for connection in list(self.connections):
            with contextlib.suppress(OSError):  # it may end by itself meanwhile
                connection.shutdown(socket.SHUT_RDWR)
        self.thread.join(5)


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, server: Server, *arguments: Any, **names: Any) -> None:
        self.owner = server
        self.status = 0
        super().__init__(*arguments, **names)

    def setup(self) -> None:
        super().setup()
        self.owner.connections.add(self.connection)

    def finish(self) -> None:
        self.owner.connections.discard(self.connection)
        with contextlib.suppress(OSError):  # the browser may be gone
            super().finish()

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix("/base"))

    def guess_type(self, path: str | os.PathLike[str]) -> str:
        name = os.path.basename(path)
        return self.owner.types.get(name) or super().guess_type(path)

    def send_head(self) -> Any:
        if self.path == "/favicon.ico":  # browsers ask by themselves
            self.send_response(204)
            self.end_headers()
            return None
        if not self.path.startswith("/base/") or self.path.rpartition("/")[2] in self.owner.broken:
            return self.send_error(404)
        return super().send_head()

    def send_response(self, code: int, message: str | None = None) -> None:
        self.status = code
        super().send_response(code, message)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", self.owner.policy)
        if "/assets/pyodide/" in self.path and self.status == 200:
            self.send_header("Cache-Control", "public, max-age=31536000, immutable")
        super().end_headers()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        self.owner.log.append((self.path.partition("?")[0], int(code)))

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002  # its name there
        """Quiet: the log is kept, not printed."""


def serving(site: Path) -> Iterator[Server]:
    """For fixtures: a server, and its end."""
    server = Server(site)
    try:
        yield server
    finally:
        server.close()
