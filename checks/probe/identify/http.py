"""HTTP/1.1 (RFC 9112) and HTTP/2 with prior knowledge (RFC 9113 §3.3): the requests.

http.client and urllib follow redirects, wait for whole bodies and cost 26 ms
of import; a probe asks once, reads the first kilobytes, and goes.
"""

from __future__ import annotations

from checks.model.records import NamedTuple
from checks.probe.identify.conn import Ask
from checks.probe.identify.found import Found, came, details
from checks.probe.identify.page import complete, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator

    from checks.probe.identify.conn import Conversation, Reply
    from checks.probe.identify.page import Page

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


_MONGODB = b"MongoDB over HTTP"
"""In the page that MongoDB gives a browser (its transport layer, sendHTTPResponse)."""


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
    if page is None or _MONGODB in page.body:  # which says in HTTP that it does not speak it
        # No server begins an answer with a request: this is the client's own, given back (RFC 862).
        is_echo = len(reply.data) > len(wish.path) + 4 and wish.encode().startswith(reply.data)
        return Found(
            "echo" if is_echo else None,
            evidence=(came(str(wish), reply),),
            suspects=() if is_echo else suspects(reply.data),
            said=b"" if is_echo else reply.data[:512],
        )
    traits: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    if refuses_plain(page):
        traits, lead = ("tls-only",), ("tls",)
    status = f"HTTP/{page.version} {page.status} {page.reason}".strip()
    return Found(
        "http",
        details=details(status=status, title=page.title),
        evidence=(came(str(wish), reply),),
        traits=traits,
        suspects=lead,
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


def suspects(data: bytes) -> tuple[str, ...]:
    """What the answer to an HTTP request tells of a server that speaks something else.

    Each mark is what that server's protocol prescribes for bytes it cannot
    read: a TLS alert (RFC 8446 §6), an AMQP protocol header (AMQP 0-9-1
    §2.2.4), a RESP error, memcached's ``ERROR``, SOCKS's "no acceptable
    methods" (RFC 1928 §3), a TPKT header (RFC 1006 §6).
    """
    if data[:2] == b"\x15\x03":
        return ("tls",)
    if data[:4] == b"AMQP":
        return ("amqp",)
    if data[:1] in (b"-", b"+"):
        return ("redis",)
    if data[:5] == b"ERROR":
        return ("memcached",)
    if data == b"\x05\xff":
        return ("socks",)
    if data[:3] == b"\x03\x00\x00":
        return ("rdp",)
    if _MONGODB in data:
        return ("mongodb",)
    if len(data) >= 9 and data[3] == _FRAME_SETTINGS and data[:2] == b"\0\0":
        return ("http2",)
    return ()


def converse_http2() -> Conversation:
    """HTTP/2 with prior knowledge: the preface and empty SETTINGS, then GOAWAY.

    RFC 9113 §3.4: the server's connection preface is a SETTINGS frame, and it
    is the first frame it sends. No stream is opened.
    """
    reply = yield Ask(PREFACE + _SETTINGS, lambda data: len(data) >= 9, 0.5)
    said = reply.data
    evidence = (came("the HTTP/2 preface", reply),)
    if len(said) < 9 or said[3] != _FRAME_SETTINGS or said[5:9] != bytes(4) or said[:1] != b"\0":
        return Found(None, evidence=evidence)
    yield Ask(_GOAWAY, wait=0.0)
    return Found("http", details=details(http_version="2"), evidence=evidence)
