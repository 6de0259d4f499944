"""Where an address is: what it stands for as a number, on which interface, and whose it is.

Addresses travel as texts in the records, in whichever spelling a system printed.
They are compared here, by the project's own parsers, so that evidence that was
recorded elsewhere is judged as on the machine that recorded it.

Sources: RFC 1122 §3.2.1.3, RFC 4291 §2.4, §2.5.5.2; RFC 4007 §6 for zones.
"""

from __future__ import annotations

from checks.address import ipv4, ipv6
from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.model.evidence import Interface

LOOPBACK4 = 0x7F000001
"""127.0.0.1."""

_LINK_LOCAL = 0xFE80 >> 6  # value >> 118 of fe80::/10
_MAPPED = 0xFFFF  # value >> 32 of ::ffff:0:0/96


class Place(NamedTuple):
    """An address as a rule compares it: version (0 where it is none), value, zone."""

    version: int
    value: int
    zone: str | None = None

    @property
    def loopback(self) -> bool:
        """True in 127.0.0.0/8 and for ::1."""
        return self.value >> 24 == 127 if self.version == 4 else self == (6, 1, self.zone)

    @property
    def unspecified(self) -> bool:
        """True for 0.0.0.0 and ``::``."""
        return self.version != 0 and self.value == 0

    @property
    def link_local(self) -> bool:
        """True in fe80::/10, where one address may be on several links: RFC 4007 §6."""
        return self.version == 6 and self.value >> 118 == _LINK_LOCAL


def place(address: str) -> Place:
    """Read an address of a record; an IPv4-mapped one counts as the IPv4 address in it."""
    found = _places.get(address)
    if found is None:
        if len(_places) >= _MOST_PLACES:
            _places.clear()
        found = _places[address] = _read(address)
    return found


_places: dict[str, Place] = {}
_MOST_PLACES = 1 << 14
"""Rules ask for the same addresses again and again, those of ten thousand listeners at most."""


def _read(address: str) -> Place:
    base, _, zone = address.partition("%")
    if ":" not in base:
        value = ipv4.parse(base)
        return Place(0, -1) if value is None else of(4, value)
    value = ipv6.parse(base)
    return Place(0, -1) if value is None else of(6, value, zone or None)


def of(version: int, value: int, zone: str | None = None) -> Place:
    """Return the place of an address that has been read; an IPv4-mapped one as IPv4.

    Arguments:
        version: 4 or 6.
        value: the address as an integer.
        zone: the interface of a scoped IPv6 address, or None.
    """
    if version == 6 and value >> 32 == _MAPPED:
        return Place(4, value & 0xFFFFFFFF)
    return Place(version, value, zone)


def destination(address: str) -> Place:
    """Where a connection to *address* goes: the unspecified address means this machine."""
    spot = place(address)
    if spot.unspecified:
        return Place(4, LOOPBACK4) if spot.version == 4 else Place(6, 1)
    return spot


def interfaces_of(at: Place, interfaces: Sequence[Interface]) -> tuple[str, ...]:
    """Return the interfaces of this machine that have the address, each once; () for none.

    All of 127.0.0.0/8 is where 127.0.0.1 is, unless another interface has the
    very address. The last answer is kept: thousands of listeners that are bound
    to a device ask the same.

    Arguments:
        at: the address; a zone narrows a link-local one down.
        interfaces: this machine's addresses.
    """
    global _last_asked  # one address, one list
    asked, about, names = _last_asked
    if about is not interfaces or asked != at:
        names = _having(at, interfaces)
        if not names and at.version == 4 and at.loopback:
            names = _having(Place(4, LOOPBACK4), interfaces)
        _last_asked = (at, interfaces, names)
    return names


_last_asked: tuple[Place | None, Sequence[Interface] | None, tuple[str, ...]] = (None, None, ())


def _having(at: Place, interfaces: Sequence[Interface]) -> tuple[str, ...]:
    zone = at.zone if at.link_local else None
    found = [
        each.name
        for each in interfaces
        if place(each.address)[:2] == at[:2] and zone in (None, each.name)
    ]
    return tuple(dict.fromkeys(found))


def is_local(at: Place, interfaces: Sequence[Interface]) -> bool | None:
    """Whether an address is this machine's; None where its interfaces are not known.

    127.0.0.0/8, ::1 and the unspecified addresses are every machine's own.

    Arguments:
        at: the address.
        interfaces: this machine's addresses; empty where they could not be learned.
    """
    if at.loopback or at.unspecified:
        return True
    return bool(interfaces_of(at, interfaces)) if interfaces else None


def is_on_link(at: Place, interfaces: Sequence[Interface]) -> bool:
    """Whether an address is in a network that an interface of this machine is in, and not its own.

    Arguments:
        at: the address.
        interfaces: this machine's addresses.
    """
    return not is_local(at, interfaces) and any(_has(each, at) for each in interfaces)


def _has(interface: Interface, at: Place) -> bool:
    """Whether the network of an interface's address has another address in it."""
    own = place(interface.address)
    rest = (32 if own.version == 4 else 128) - interface.prefix_length
    if own.version != at.version or own.loopback or interface.prefix_length <= 0:
        return False
    return rest >= 0 and own.value >> rest == at.value >> rest
