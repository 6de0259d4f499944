"""What the port registry says: the services assigned to a port, and to a name.

``socket.getservbyport`` reads the machine's own short list, gives one name and
no description, and finds nothing in a browser. The table here is IANA's, whole
and the same everywhere. It is one text of 6,370 rows that is searched as it
stands: to build a dict of it would cost every caller more than it returns.
"""

from __future__ import annotations

from checks.model.records import NamedTuple
from checks.ports._services import RANGES, TABLE

TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

_TRANSPORTS = {"t": "tcp", "u": "udp", "s": "sctp", "d": "dccp"}


class Service(NamedTuple):
    """One assignment of the registry: a name, and the port or range it has."""

    name: str
    """As registered. Upper and lower case mean the same (RFC 6335 §5.1)."""
    transports: tuple[str, ...]
    """Of ``tcp``, ``udp``, ``sctp``, ``dccp``; empty if the registry gives none."""
    description: str | None
    """IANA's text; None if there is none."""
    ports: tuple[int, int]
    """First and last port, the same number twice for a single port."""

    def to_dict(self) -> dict[str, object]:
        """The service as the JSON contract has it."""
        return {
            "name": self.name,
            "transports": list(self.transports),
            "description": self.description,
            "ports": list(self.ports),
        }


def on_port(number: int) -> tuple[Service, ...]:
    """Return the services of port *number*, the name to show first first.

    That is the registry's order: a name comes before its aliases and historic
    spellings. A range that holds the port comes last. Empty if nothing is
    assigned, reserved ports included, and for a number that is no port.
    """
    known = _looked_up.get(number)
    if known is None:
        if len(_looked_up) >= _MOST:
            _looked_up.clear()
        known = _looked_up[number] = _on_port(number)
    return known


_looked_up: dict[int, tuple[Service, ...]] = {}
_MOST = 256
"""Ports of which the services are kept: one answer asks for those of a port several times."""


def _on_port(number: int) -> tuple[Service, ...]:
    found = []
    start = _first_row(number)
    while start < len(TABLE):
        end = TABLE.index("\n", start)
        service = _service(TABLE[start:end])
        if service.ports[0] != number:
            break
        found.append(service)
        start = end + 1
    found += [service for service in _RANGES if service.ports[0] <= number <= service.ports[1]]
    return tuple(found)


def named(name: str) -> tuple[Service, ...]:
    """Return the services registered as *name*, by port; case does not matter.

    Only whole names are found. Linear in the table, for any text.
    """
    wanted = name.lower()
    return tuple(service for service in _candidates(wanted) if service.name.lower() == wanted)


def number(name: str, transport: str) -> int | None:
    """Return the port that a tool means by the name of a service; None if it is none.

    Arguments:
        name: as lsof, netstat and tcpdump print it in the place of a port.
        transport: ``tcp`` or ``udp``.

    Source: services(5); getservbyport(3), which those tools ask.
    """
    key = (name, transport)
    if key not in _numbers:
        if len(_numbers) >= _MOST_NUMBERS:
            _numbers.clear()
        found = [one for one in named(name) if one.ports[0] == one.ports[1]]
        fitting = [one for one in found if transport in one.transports] or found
        first = fitting[0].ports[0] if fitting else None
        _numbers[key] = _MEANT.get(name.lower(), first)
    return _numbers[key]


_MEANT = {"http-alt": 8080}
"""Where the registry has several ports for a name that tools print often: services(5), netbase."""

_numbers: dict[tuple[str, str], int | None] = {}
_MOST_NUMBERS = 256
"""Rows of one table repeat a few names, and a search goes through the whole registry."""


def names(wanted: AbstractSet[int]) -> dict[int, str]:
    """Return the name to show first of each port that has one, in one walk over the table.

    Arguments:
        wanted: the ports; for a few of them :func:`on_port` is quicker.
    """
    found: dict[int, str] = {}
    for row in TABLE.splitlines():
        number, name, _ = row.split("\t", 2)
        port = int(number)
        if port in wanted:
            found.setdefault(port, name)
    for service in _RANGES:
        for port in wanted & set(range(service.ports[0], service.ports[1] + 1)):
            found.setdefault(port, service.name)
    return found


def all_services() -> Iterator[Service]:
    """Yield every service, by first port."""
    pending = list(_RANGES)
    for row in TABLE.splitlines():
        service = _service(row)
        while pending and pending[0].ports < service.ports:
            yield pending.pop(0)
        yield service
    yield from pending


def _candidates(wanted: str) -> Iterator[Service]:
    """Yield, by port, the ranges, and the rows that hold *wanted* between two tabs."""
    lowered = TABLE.lower()  # as long as the table: no capital in it grows or shrinks
    pending = list(_RANGES)
    position = lowered.find(f"\t{wanted}\t")
    while position >= 0:
        start = TABLE.rfind("\n", 0, position) + 1
        end = TABLE.index("\n", position + 1)
        service = _service(TABLE[start:end])
        while pending and pending[0].ports < service.ports:
            yield pending.pop(0)
        yield service
        position = lowered.find(f"\t{wanted}\t", end)
    yield from pending


def _first_row(number: int) -> int:
    """Return where the first row with a port of at least *number* starts, by bisection."""
    low, high = 0, len(TABLE)
    while low < high:
        start = TABLE.rfind("\n", 0, (low + high) // 2) + 1
        if int(TABLE[start : TABLE.index("\t", start)]) < number:
            low = TABLE.index("\n", start) + 1
        else:
            high = start
    return low


def _service(row: str) -> Service:
    """Read one row of the table."""
    port, name, letters, *description = row.split("\t")
    number = int(port)
    return Service(name, _transports(letters), "".join(description) or None, (number, number))


def _transports(letters: str) -> tuple[str, ...]:
    return tuple(_TRANSPORTS[letter] for letter in letters if letter in _TRANSPORTS)


_RANGES = tuple(
    Service(name, _transports(letters), description, (first, last))
    for first, last, name, letters, description in RANGES
)
"""The registry's named ranges, by port."""
