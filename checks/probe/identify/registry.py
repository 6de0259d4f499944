"""Which protocol is tried on which port, and in which order on any other."""

from __future__ import annotations

QUIET = frozenset((515, *range(9101, 9108)))
"""Ports on which nothing is sent: a printer prints what arrives on 9100 to 9107
(raw printing), and an LPD takes a first byte for an order (RFC 1179 §5). 9100
itself is far more often a Prometheus exporter, so one request is made there."""

PRINTER_OR_EXPORTER = 9100

SPEAKS_FIRST = frozenset((
    21, 22, 23, 25, 110, 119, 143, 465, 587, 873, 990, 1025, 1110, 1143, 2121, 2222, 2525, 3306,
    3307, 3308, 4222, 5678, 5900, 5901, 5902, 5903, 6667, 33060,
))  # fmt: skip
"""Ports of protocols in which the server greets; IANA, and usual development ports."""

PORTS: dict[str, tuple[int, ...]] = {
    "tls": (443, 465, 636, 853, 990, 993, 995, 2376, 4433, 4443, 5061, 5671, 6443, 6697, 8443,
            8883, 9443, 10250),
    "postgresql": (5432, 5433, 5434, 6432, 15432, 54320, 54321, 54322),
    "redis": (6379, 6380, 6381, 7000, 7001, 16379, 26379),
    "memcached": (11211, 11212),
    "mongodb": (27017, 27018, 27019, 27020),
    "amqp": (5672, 5673),
    "mqtt": (1883, 1884),
    "ldap": (389, 1389, 3268, 10389),
    "dns": (53, 5353, 8053, 5300),
    "rdp": (3389, 3390),
    "x11": tuple(range(6000, 6064)),
    "socks": (1080, 1081, 9050, 9150),
    "http2": (50051,),
}  # fmt: skip
"""Ports that suggest a protocol in which the client speaks first. IANA's
assignments, and the usual neighbours of development."""

INSIDE_TLS = {
    465: "greeting", 563: "greeting", 636: "ldap", 853: "dns", 990: "greeting", 993: "greeting",
    995: "greeting", 5671: "amqp", 6380: "redis", 6697: "greeting", 8883: "mqtt",
}  # fmt: skip
"""What is spoken inside TLS on ports where that is not HTTP."""

INSIDE_UNKNOWN = ("redis", "mqtt", "ldap", "amqp")
"""What is asked inside TLS on any port after HTTP was not understood there."""

ALWAYS = ("http", "tls")
"""Asked of every port, after what the port suggests."""

AFTER_SILENCE = ("dns", "rdp", "x11")
"""Servers that wait for the rest of a message when an HTTP request arrives."""

AFTER_END = ("tls", "redis", "postgresql", "memcached", "mqtt", "ldap", "http2", "socks",
             "mongodb", "amqp", "x11", "rdp")  # fmt: skip
"""Servers that end the connection without a word when an HTTP request arrives.
The
text protocols among them do so on purpose, to stop a browser from writing to them."""

BRIEF = 0.01
USUAL = 0.06
LONG = 0.45
"""Seconds of listening before anything is sent: where a client-first protocol
is likely, where nothing is known, where the server should greet."""


def likely(port: int) -> tuple[str, ...]:
    """The protocols that a port suggests."""
    return tuple(protocol for protocol, ports in PORTS.items() if port in ports)


def order(port: int) -> tuple[str, ...]:
    """What to ask on a port before any answer tells more, the likely first."""
    if port in QUIET:
        return ()
    if port == PRINTER_OR_EXPORTER:
        return ("http",)
    first = likely(port)
    return first + tuple(name for name in (*ALWAYS, *AFTER_SILENCE) if name not in first)


def after_end(port: int) -> tuple[str, ...]:
    """What to ask where an HTTP request was met by the end of the connection."""
    return () if port == PRINTER_OR_EXPORTER else AFTER_END


def inside_tls(port: int) -> str:
    """What to ask inside TLS."""
    return INSIDE_TLS.get(port, "http")


def patience(port: int) -> float:
    """Seconds to listen before the first request."""
    if port in SPEAKS_FIRST or port in QUIET:
        return LONG
    return BRIEF if likely(port) or port in (80, 8080, 8000, 3000, 5000, 5173, 9222) else USUAL
