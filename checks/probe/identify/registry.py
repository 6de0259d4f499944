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

OWNERS: dict[str, tuple[str, ...]] = {
    "postgresql": ("postgres", "postmaster", "pgbouncer", "pgpool"),
    "redis": ("redis-server", "valkey-server", "keydb-server", "dragonfly"),
    "memcached": ("memcached",),
    "mongodb": ("mongod", "mongos"),
    "mqtt": ("mosquitto", "nanomq"),
    "ldap": ("slapd", "ns-slapd"),
    "dns": ("named", "dnsmasq", "unbound", "nsd", "knotd", "kresd", "pdns_server", "pdns_recursor",
            "coredns", "systemd-resolve", "dnscrypt-proxy"),
    "rdp": ("xrdp", "gnome-remote-de"),
    "x11": ("Xorg", "Xvfb", "Xwayland", "Xnest", "Xephyr"),
    "socks": ("sockd", "danted", "microsocks", "ss-local"),
}  # fmt: skip
"""Programs that listen for one protocol in which the client speaks first, by the name of the
process; Linux cuts it after 15 characters."""

GREETERS = frozenset((
    "sshd", "mysqld", "mariadbd", "exim4", "master", "sendmail", "dovecot", "vsftpd", "proftpd",
    "pure-ftpd", "nats-server", "rsync", "Xvnc", "Xtigervnc", "x11vnc", "innd",
))  # fmt: skip
"""Programs that greet. ``master`` is Postfix'."""

GREETED = ("dap", "ftp", "imap", "mysql", "nats", "nntp", "pop3", "rsync", "smtp", "ssh", "vnc")
"""Protocols in which the server speaks first."""

NAMES = frozenset((*PORTS, *GREETED, "echo", "http", "jdwp")) - {"http2"}
"""Every protocol that can be recognised."""

AFTER_SILENCE = ("dns", "tls")
"""Asked where an HTTP request met silence. DNS servers wait for the rest of a message. RDP and
X11 servers do not wait: they answer, or end the connection."""

AFTER_END = ("tls", "text", "postgresql", "mqtt", "ldap")
"""Servers that end the connection without a word when an HTTP request arrives. The text protocols
among them (Redis, memcached, and SOCKS, on one connection) do so on purpose, to stop a browser
from writing to them. With the HTTP request that is as many connections as such a peer is asked on;
MongoDB and AMQP answer the request with bytes of their own, and are asked then."""

BRIEF = 0.01
USUAL = 0.06
LONG = 0.45
"""Seconds of listening before anything is sent: where a client-first protocol
is likely, where nothing is known, where the server should greet."""


def likely(port: int) -> tuple[str, ...]:
    """The protocols that a port suggests."""
    return tuple(protocol for protocol, ports in PORTS.items() if port in ports)


def by_owner(name: str | None) -> tuple[str, ...]:
    """The protocols that the name of the process suggests."""
    return tuple(protocol for protocol, names in OWNERS.items() if name in names)


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
    return tuple(dict.fromkeys((*by_owner(owner), *likely(port), "http", *AFTER_SILENCE)))


def after_end(port: int) -> tuple[str, ...]:
    """What to ask where an HTTP request was met by the end of the connection."""
    return () if port == PRINTER_OR_EXPORTER else AFTER_END


def inside_tls(port: int, owner: str | None = None) -> str:
    """What to ask inside TLS."""
    return INSIDE_TLS.get(port) or next(iter(by_owner(owner)), "http")


def patience(port: int, owner: str | None = None) -> float:
    """Seconds to listen before the first request."""
    if port in SPEAKS_FIRST or port in QUIET or owner in GREETERS:
        return LONG
    if likely(port) or by_owner(owner) or port in (80, 8080, 8000, 3000, 5000, 5173, 9222):
        return BRIEF
    return USUAL
