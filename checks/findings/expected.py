"""Which protocol belongs on a port, or was asked for by a URL.

Only what is beyond doubt is expected: a URL's scheme, or a port whose registered
service and whose every product in the table of uses are of one protocol. 8080
belongs to nobody; 5432 is PostgreSQL's.
"""

from __future__ import annotations

from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.ports import Port
    from checks.text.endpoint import Endpoint


class Expected(NamedTuple):
    """What a client would speak.

    Arguments:
        protocol: as in :class:`checks.model.evidence.Identity`.
        tls: True where it begins with TLS, False where it begins in plain
            text, None where both are usual.
        why: what says so, as a message has it: ``the URL says https``.
        asked: whether a person asked for it, rather than the port's custom.
    """

    protocol: str
    tls: bool | None
    why: str
    asked: bool


_PROTOCOLS: dict[str, tuple[str, bool | None]] = {
    "http": ("http", False), "www": ("http", False), "www-http": ("http", False),
    "https": ("http", True), "ws": ("http", False), "wss": ("http", True),
    "ssh": ("ssh", False), "sftp": ("ssh", False), "git+ssh": ("ssh", False),
    "svn+ssh": ("ssh", False),
    "ftp": ("ftp", False), "ftps": ("ftp", True),
    "smtp": ("smtp", False), "submission": ("smtp", False),
    "smtps": ("smtp", True), "submissions": ("smtp", True),
    "imap": ("imap", False), "imaps": ("imap", True),
    "pop": ("pop3", False), "pop3": ("pop3", False), "pop3s": ("pop3", True),
    "nntp": ("nntp", False), "nntps": ("nntp", True),
    "ldap": ("ldap", False), "ldaps": ("ldap", True),
    "domain": ("dns", False), "dns": ("dns", False), "domain-s": ("dns", True),
    "rsync": ("rsync", False), "vnc": ("vnc", False), "rfb": ("vnc", False),
    "rdp": ("rdp", False), "ms-wbt-server": ("rdp", False),
    "socks4": ("socks", False), "socks4a": ("socks", False),
    "socks5": ("socks", False), "socks5h": ("socks", False), "socks": ("socks", False),
    "mqtt": ("mqtt", False), "mqtts": ("mqtt", True), "secure-mqtt": ("mqtt", True),
    "amqp": ("amqp", False), "amqps": ("amqp", True),
    "nats": ("nats", None),
    "redis": ("redis", None), "rediss": ("redis", True),
    "valkey": ("redis", None), "valkeys": ("redis", True),
    "postgres": ("postgresql", None), "postgresql": ("postgresql", None),
    "cockroachdb": ("postgresql", None),
    "mysql": ("mysql", None), "mariadb": ("mysql", None),
    "mongodb": ("mongodb", None),
    "memcached": ("memcached", None), "memcache": ("memcached", None),
    "docker": ("http", False), "docker-s": ("http", True),
}  # fmt: skip
"""URL schemes and names of the port registry, to the protocol that they mean.

Whether it begins with TLS is as the scheme or the registration says; None for
databases, which offer TLS on the same port or within their own protocol."""

_OTHERWISE_REGISTERED = frozenset(("sftp",))
"""Schemes whose name in the registry is another protocol's: 115 is RFC 913's."""

_OWNERS: dict[str, str] = {
    "PostgreSQL": "postgresql",
    "MySQL, MariaDB": "mysql",
    "Redis, Valkey": "redis",
    "MongoDB": "mongodb",
    "memcached": "memcached",
    "RabbitMQ": "amqp",
    "Docker": "http",
}
"""Products of the table of uses that speak the protocol of the port's registered service."""

_UNREGISTERED = {4222: Expected("nats", None, "port 4222", False)}
"""Ports of one widespread product that the registry does not know; the table of uses has them."""


def expected(endpoint: Endpoint | None) -> Expected | None:
    """What a client of the endpoint would speak; None where that is open."""
    if endpoint is None:
        return None
    if endpoint.scheme is not None:
        scheme = endpoint.scheme.lower()
        found = _PROTOCOLS.get(scheme)
        plain = scheme in ("redis", "valkey")  # a scheme is plain beside its own with an "s"
        return found and Expected(found[0], False if plain else found[1], scheme, True)
    return by_port(endpoint.port) if endpoint.port is not None else None


def by_port(port: Port) -> Expected | None:
    """What belongs on a port; None where nobody, or more than one, may claim it."""
    if not port.number:
        return None
    if port.number in _UNREGISTERED:
        return _UNREGISTERED[port.number]
    first = next((one.name.lower() for one in port.services if "tcp" in one.transports), "")
    found = _PROTOCOLS.get(first) if first not in _OTHERWISE_REGISTERED else None
    if found is None or any(_OWNERS.get(use.name) != found[0] for use in port.uses):
        return None
    return Expected(*found, f"port {port.number}", False)
