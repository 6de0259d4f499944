"""Status codes of HTTP, and who is at fault where one of them says that something is.

The phrase is this table's, never the server's: a server may send any text there.
"""

from __future__ import annotations

PHRASES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    407: "Proxy Authentication Required",
    408: "Request Timeout",
    410: "Gone",
    421: "Misdirected Request",
    426: "Upgrade Required",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    451: "Unavailable For Legal Reasons",
    500: "Internal Server Error",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
    505: "HTTP Version Not Supported",
    507: "Insufficient Storage",
    508: "Loop Detected",
}
"""IANA, "Hypertext Transfer Protocol (HTTP) Status Code Registry", as of 2026-11: the ones that
a request for ``/`` may meet."""

OF_THE_QUESTION = frozenset((501, 505))
"""Of the codes from 500 on those that tell of the request (RFC 9110 §15.6.2, §15.6.6): a server
that takes no GET is not at fault."""

_PROXIES = frozenset(
    ("haproxy", "envoy", "traefik", "varnish", "varnishd", "awselb", "istio-envoy", "kong")
)
"""Proxies that answer 503 where no server behind them is up: HAProxy, Configuration Manual §1.3.1
("503 when no server was available"); Envoy, response flags UH and UF; Varnish, "Backend fetch
failed"; Traefik, "no available server"."""


def named(status: int) -> str:
    """The code with its phrase, where it has one: ``502 Bad Gateway``."""
    return f"{status} {PHRASES.get(status, '')}".rstrip()


def is_refusal(status: int | None) -> bool:
    """Whether the server is well and does not give what was asked for, or not so."""
    return status is not None and (400 <= status < 500 or status in OF_THE_QUESTION)


def is_error(status: int | None) -> bool:
    """Whether the server says that something is wrong with it, or with what is behind it."""
    return status is not None and 500 <= status < 600 and status not in OF_THE_QUESTION


def fault(status: int | None, *programs: str | None) -> str | None:
    """Who is at fault where a server answers with an error of its own (RFC 9110 §15.6).

    Arguments:
        status: of the answer; None where there was none.
        programs: the names of the server, as it calls itself and as its process is called.

    Returns:
        ``behind``: the server that a proxy asked has refused or has given no valid answer;
        ``behind-late``: that server has not answered in time; ``behind-none``: a proxy has no
        server that is up; ``busy``: overloaded, starting or in maintenance; ``program``: the
        program itself, or one behind it; None where no one is.
    """
    if status is None or not is_error(status):
        return None
    if status == 503:
        names = {(name or "").lower() for name in programs}
        return "busy" if names.isdisjoint(_PROXIES) else "behind-none"
    return _FAULTS.get(status, "program")


_FAULTS = {502: "behind", 504: "behind-late"}
