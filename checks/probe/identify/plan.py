"""What is asked on a port, in which order, and how long a greeting is waited for.

The facts are those of :data:`checks.rules.protocols.PROTOCOLS`; what is added here is
of ports and programs that belong to no protocol of the list.
"""

from __future__ import annotations

from checks.rules.protocols import PROTOCOLS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

QUIET = frozenset((515, *range(9101, 9108)))
"""Ports on which nothing is sent: a printer prints what arrives on 9100 to 9107
(raw printing), and an LPD takes a first byte for an order (RFC 1179 §5). 9100
itself is far more often a Prometheus exporter, so one request is made there."""

PRINTER_OR_EXPORTER = 9100

_PRIOR_KNOWLEDGE = 50051
"""gRPC's usual port: HTTP/2 in plain text."""

_FIRST = tuple(protocol for protocol in PROTOCOLS if not protocol.speaks_first)
_GREET = tuple(protocol for protocol in PROTOCOLS if protocol.speaks_first)

GREETED = frozenset((23, 6667, *(port for each in _GREET for port in each.ports)))
"""Ports on which the server greets; telnet and IRC do it too."""

GREETERS = frozenset(owner for each in _GREET for owner in each.owners)
"""Programs that greet, by the name of the process."""

TLS = frozenset((5061, 6697, *(port for each in PROTOCOLS for port in each.tls_ports)))
"""Ports on which TLS is spoken from the first byte; SIP and IRC have theirs too."""

GREETING = "greeting"
"""In place of a protocol: only listen."""

INSIDE_TLS = {
    6697: GREETING,
    **{
        port: GREETING if each.speaks_first else each.name
        for each in PROTOCOLS
        for port in each.tls_ports
        if each.name != "http"
    },
}
"""What is spoken inside TLS on ports where that is not HTTP."""

INSIDE_UNKNOWN = tuple(each.name for each in PROTOCOLS if each.ask_inside_tls)
"""What is asked inside TLS on any port after HTTP was not understood there."""

AFTER_SILENCE = ("dns", "tls")
"""Asked where an HTTP request met silence. DNS servers wait for the rest of a message. RDP and
X11 servers do not wait: they answer, or end the connection."""

AFTER_END = ("tls", "lines", *(each.name for each in PROTOCOLS if each.ends_on_http))
"""Servers that end the connection without a word when an HTTP request arrives. The text protocols
among them (Redis, memcached, and SOCKS, on one connection) do so on purpose, to stop a browser
from writing to them. With the HTTP request that is as many connections as such a peer is asked on;
MongoDB and AMQP answer the request with bytes of their own, and are asked then."""

BRIEF = 0.01
USUAL = 0.03
LONG = 0.45
"""Seconds of listening before anything is sent: where a client-first protocol
is likely, where nothing is known, where the server should greet. A server that greets
later than that is recognised all the same (:func:`checks.probe.identify.greeting.or_late`)."""


def _suggestions() -> Iterator[tuple[int, str]]:
    """Ports and a protocol to ask there; in plain text before TLS, where a port has both."""
    for port in TLS:
        yield port, "tls"
    yield _PRIOR_KNOWLEDGE, "http2"
    for protocol in _FIRST:
        for port in protocol.ports:
            yield port, protocol.name


SUGGESTED = dict(_suggestions())
"""By port, the protocol that it suggests, where the client speaks first."""


def by_owner(name: str | None) -> tuple[str, ...]:
    """The protocols that the name of the process suggests, where the client speaks first."""
    return tuple(protocol.name for protocol in _FIRST if name in protocol.owners)


def order(port: int, owner: str | None = None) -> tuple[str, ...]:
    """What to ask on a port before any answer tells more, the likely first.

    Arguments:
        port: 1 to 65535.
        owner: the name of the process that listens, which tells more than the number.
    """
    if port in QUIET:
        return ()
    if port == PRINTER_OR_EXPORTER:
        return ("http",)
    first = (*by_owner(owner), SUGGESTED.get(port, "http"))
    return tuple(dict.fromkeys((*first, "http", *AFTER_SILENCE)))


def after_end(port: int) -> tuple[str, ...]:
    """What to ask where an HTTP request was met by the end of the connection."""
    return () if port == PRINTER_OR_EXPORTER else AFTER_END


def inside_tls(port: int, owner: str | None = None) -> str:
    """What to ask inside TLS."""
    return INSIDE_TLS.get(port) or next(iter(by_owner(owner)), "http")


def patience(port: int, owner: str | None = None) -> float:
    """Seconds to listen before the first request."""
    if port in GREETED or port in QUIET or owner in GREETERS:
        return LONG
    return BRIEF if port in SUGGESTED or by_owner(owner) else USUAL
