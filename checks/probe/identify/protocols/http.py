"""HTTP/1.1 (RFC 9112) and HTTP/2 with prior knowledge (RFC 9113 §3.3): the requests.

http.client and urllib follow redirects, wait for whole bodies and cost 26 ms
of import; a probe asks once, reads the first kilobytes, and goes.
"""

from __future__ import annotations

from checks.model.records import NamedTuple
from checks.probe.identify.ask import Ask
from checks.probe.identify.found import Found, came, details
from checks.probe.identify.greeting import Greeting
from checks.probe.identify.page import complete, parse
from checks.probe.identify.protocols import echo
from checks.rules.protocols import PROTOCOLS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator

    from checks.probe.identify.ask import Conversation, Reply
    from checks.probe.identify.page import Page
    from checks.rules.protocols import Protocol

FOREIGN_HOST = "rebind.invalid"
"""A name that no resolver may ever answer for (RFC 6761 §6.4)."""

FOREIGN_ORIGIN = "https://origin.invalid"

BODY = 4096
"""Bytes of the first page."""

FOLLOWING = 1536
"""Bytes of any further page."""

_AGENT = "loopback-checks"

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_SETTINGS = b"\0\0\0\x04\0\0\0\0\0"
_GOAWAY = b"\0\0\x08\x07\0\0\0\0\0" + bytes(8)
_FRAME_SETTINGS = 4


ALPN = ("h2", "http/1.1")
ALPN_OLD = ("http/1.1",)
"""HTTP's names inside TLS (RFC 7301; IANA, "TLS ALPN Protocol IDs"): all, and that of HTTP/1.1."""


class Wish(NamedTuple):
    """One request.

    Arguments:
        host: value of the Host header, with the port where it is not the default.
        path: with the query.
        origin: value of an Origin header; None sends none.
    """

    host: str
    path: str = "/"
    origin: str | None = None

    def encode(self) -> bytes:
        """The request as bytes, one that closes the connection."""
        lines = [
            f"GET {self.path} HTTP/1.1",
            f"Host: {self.host}",
            f"User-Agent: {_AGENT}",
            "Accept: text/html, application/json, */*",
            *([f"Origin: {self.origin}"] if self.origin else []),
            "Connection: close",
            "",
            "",
        ]
        return "\r\n".join(lines).encode("latin-1", "replace")

    def __str__(self) -> str:
        """The request as evidence names it."""
        origin = f" and Origin {self.origin}" if self.origin else ""
        return f'"GET {self.path}" with Host {self.host}{origin}'


def ask(wish: Wish, limit: int = BODY) -> Generator[Ask, Reply, tuple[Page | None, Reply]]:
    """Send a request; returns the page (None where no HTTP came) and the reply."""
    reply = yield Ask(wish.encode(), complete, limit=limit)
    return parse(reply.data), reply


def converse(wish: Wish) -> Conversation:
    """The first request, ``GET /``: harmless by definition (RFC 9110 §9.2.1, safe methods)."""
    page, reply = yield from ask(wish)
    evidence = (came(str(wish), reply),)
    if echo.gives_back(wish.encode(), reply.data, len(wish.path) + 4):
        return Found("echo", evidence=evidence)
    if page is None or _disclaims(reply.data):
        return Found(None, evidence=evidence, suspects=suspects(reply.data))
    tls_only = refuses_plain(page)
    status = f"HTTP/{page.version} {page.status} {page.reason}".strip()
    return Found(
        "http",
        details=details(status=status, title=page.title),
        evidence=evidence,
        traits=("tls-only",) if tls_only else (),
        suspects=("tls",) if tls_only else (),
        page=page,
    )


def refuses_plain(page: Page) -> bool:
    """A TLS server's polite answer to a request in plain text.

    nginx: "400 The plain HTTP request was sent to HTTPS port"; Go's net/http:
    "Client sent an HTTP request to an HTTPS server."; Apache: "You're speaking
    plain HTTP to an SSL-enabled server port."
    """
    if page.status not in (400, 497):
        return False
    said = page.body.lower()
    return any(
        mark in said
        for mark in (
            b"plain http request was sent to https port",
            b"http request to an https server",
            b"speaking plain http to an ssl-enabled server port",
            b"combination of host and port requires tls",
        )
    )


def is_error(data: bytes) -> bool:
    """Whether an answer to what is no HTTP is a server's error page, with its head or without.

    nginx, Go and Node.js send a status line. Python's http.server takes a line without a version
    for HTTP/0.9, whose answer is the page alone.
    """
    return data.startswith(b"HTTP/1.") or data[:15].lower().startswith(
        (b"<!doctype html", b"<html")
    )


def suspects(data: bytes) -> tuple[str, ...]:
    """What the answer to an HTTP request tells of a server that speaks something else."""
    for protocol in PROTOCOLS:
        if data.startswith(protocol.http_error) or _is_page_of(protocol, data):
            return (protocol.name,)
    return ("http2",) if _is_settings(data) else ()


def _is_page_of(protocol: Protocol, data: bytes) -> bool:
    return bool(protocol.http_page) and protocol.http_page in data


def _disclaims(data: bytes) -> bool:
    """A page by which a server says in HTTP that it does not speak it."""
    return any(_is_page_of(protocol, data) for protocol in PROTOCOLS)


def _is_settings(said: bytes) -> bool:
    """A SETTINGS frame on stream 0, the first that an HTTP/2 server sends (RFC 9113 §3.4)."""
    return len(said) >= 9 and not said[0] and said[3] == _FRAME_SETTINGS and said[5:9] == bytes(4)


def converse_http2() -> Conversation:
    """HTTP/2 with prior knowledge: the preface and empty SETTINGS, then GOAWAY.

    RFC 9113 §3.4: the server's connection preface is a SETTINGS frame, and it
    is the first frame it sends. No stream is opened.
    """
    reply = yield Ask(PREFACE + _SETTINGS, lambda data: len(data) >= 9, 0.5)
    said = reply.data
    evidence = (came("the HTTP/2 preface", reply),)
    if not _is_settings(said):
        return Found(None, evidence=evidence)
    yield Ask(_GOAWAY, wait=0.0)
    return Found("http", details=details(http_version="2"), evidence=evidence)


def _recognise(said: bytes, _: int) -> Found | None:
    """Settings before anything was asked: gRPC servers send them."""
    length = int.from_bytes(said[:3], "big")
    if said[4] or length % 6 or length > 120:
        return None
    return Found("http", details=details(http_version="2"))


GREETING = Greeting(_is_settings, _recognise, whole=_is_settings)
