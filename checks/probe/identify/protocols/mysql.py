"""MySQL and MariaDB: the server greets with a packet (MySQL client/server protocol).

The server counts a connection that leaves now as aborted. It would shut out a host after
a hundred in a row (``max_connect_errors``), but keeps no such count for connections over
the loopback interface (MySQL manual, "DNS Lookups and the Host Cache").
"""

from __future__ import annotations

from checks.probe.identify.found import Found, details, text
from checks.probe.identify.greeting import Greeting

_VERSION_10 = 10
_ERROR = 0xFF
_LONGEST = 1024  # bytes of a handshake


def _begins(said: bytes) -> bool:
    """A header (length in three bytes, sequence number 0), then the kind of packet."""
    return len(said) > 4 and said[3] == 0 and said[4] in (_VERSION_10, _ERROR)


def _whole(data: bytes) -> bool:
    return len(data) >= 4 + _length(data)


def _length(said: bytes) -> int:
    return int.from_bytes(said[:3], "little")


def recognise(said: bytes, _: int) -> Found | None:
    """The initial handshake, or an error in its place."""
    if len(said) < 8:
        return None
    body = said[4 : 4 + _length(said)]
    return _error(body) if said[4] == _ERROR else _handshake(body, _length(said))


def _error(body: bytes) -> Found | None:
    """Error 1130 or 1129: the server refuses this host."""
    number = int.from_bytes(body[1:3], "little")
    if len(body) <= 4 or not 1000 <= number < 5000:
        return None
    return Found("mysql", None, None, details(error=number, message=body[3:]))


def _handshake(body: bytes, length: int) -> Found | None:
    """The version ends with NUL; MariaDB's has its name, after a prefix for old replicas."""
    version, end, _ = body[1:].partition(b"\0")
    if not end or not version[:1].isdigit() or length > _LONGEST:
        return None
    name = text(version)
    maria = "mariadb" in name.lower()
    return Found(
        "mysql",
        "MariaDB" if maria else "MySQL",
        (name.removeprefix("5.5.5-") if maria else name).partition("-")[0],
        details(server_version=name),
    )


GREETING = Greeting(_begins, recognise, whole=_whole)
