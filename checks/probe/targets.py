"""The addresses to ask, and the reasons not to.

Only this machine is asked: a diagnosis must not become a scan of somebody
else's. What belongs to this machine is decided by its interfaces' addresses,
127.0.0.0/8 (RFC 1122 §3.2.1.3), ::1 and the unspecified addresses.
"""

from __future__ import annotations

import os
import socket

from checks.address import ipv4, ipv6, readings
from checks.model.records import NamedTuple
from checks.probe.sockets.row import plain
from checks.rules import listening, places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from checks.model.evidence import Interface, Listener
    from checks.rules.places import Place
    from checks.text.endpoint import Endpoint

MOST = 16
"""Addresses asked for one name."""

OTHER_MACHINE = "other-machine"
NO_INTERFACE = "no-interface"
NEEDS_ZONE = "needs-zone"
"""Reasons not to ask, as :attr:`checks.model.evidence.Attempt.reason` has them."""


class Address(NamedTuple):
    """An address as an integer, and its zone.

    Arguments:
        version: 4 or 6.
        value: the address.
        zone: interface name or index of a scoped IPv6 address, or None.
        detail: why it is asked, where that is not plain.
        beside: whether it is asked although this system does not give it for the name.
    """

    version: int
    value: int
    zone: str | None = None
    detail: str | None = None
    beside: bool = False


class Target(NamedTuple):
    """One address to connect to.

    Arguments:
        text: the address in reports, with its zone.
        version: 4 or 6, the family of the socket.
        port: 1 to 65535.
        scope: index of the zone's interface; 0 where there is none.
        local: True for an address of this machine.
        bind: the address for a trial bind(); differs for a wildcard.
        detail: a word to the reader, or None.
        skip: why it is not asked, in words; None where it is.
        beside: as in :class:`Address`.
        reason: the same as ``skip``, as :attr:`checks.model.evidence.Attempt.reason` has it.
        interfaces: the interfaces that have the address; () where they are not known.
    """

    text: str
    version: int
    port: int
    scope: int
    local: bool
    bind: str
    detail: str | None = None
    skip: str | None = None
    beside: bool = False
    reason: str | None = None
    interfaces: tuple[str, ...] = ()

    @property
    def bare(self) -> str:
        """The address as the socket table shows it: no zone, IPv4-mapped as IPv4."""
        return plain(self.text.partition("%")[0])

    @property
    def place(self) -> Place:
        """Where a connection goes, as the rules compare it."""
        return places.destination(self.text)


def name_of(endpoint: Endpoint) -> str | None:
    """Return the name that was asked for, as a server is told it; None where there is none."""
    host = endpoint.host
    if host is None or host.kind != "name":
        return None
    return readings.to_wire(host.text)


def takers(target: Target, listeners: Iterable[Listener]) -> tuple[Listener, ...]:
    """Return the TCP listeners one of which gets a connection to a target; () for no such.

    One of which it is not known whether it takes the connection counts.

    Arguments:
        target: where a connection would go.
        listeners: of its port.
    """
    if not target.local:
        return ()
    return listening.most_specific(listeners, target.place, target.interfaces)


LOOPBACKS = (Address(4, 0x7F000001), Address(6, 1))
WILDCARDS = (Address(4, 0), Address(6, 0))


def choose(
    addresses: Iterable[Address], port: int, interfaces: Sequence[Interface], remote: bool
) -> tuple[Target, ...]:
    """Turn addresses into targets, each once, in the order given.

    Arguments:
        addresses: what the endpoint's host stands for.
        port: 1 to 65535.
        interfaces: this machine's addresses.
        remote: whether other machines may be asked.
    """
    chosen: dict[str, Target] = {}
    for address in addresses:
        target = _target(address, port, interfaces, remote)
        chosen.setdefault(target.text, target)
        if len(chosen) == MOST:
            break
    return tuple(chosen.values())


def is_local(at: Place, interfaces: Sequence[Interface]) -> bool:
    """Whether an address belongs to this machine; the routing says so where no list does.

    Arguments:
        at: the address.
        interfaces: this machine's addresses; empty where they cannot be listed.
    """
    local = places.is_local(at, interfaces)
    return _is_own(at) if local is None else local


def _target(address: Address, port: int, interfaces: Sequence[Interface], remote: bool) -> Target:
    version, value, zone, detail, beside = address
    text = ipv4.format(value) if version == 4 else ipv6.format(value)
    if value == 0:
        return _loopback(version, port, text, interfaces)
    at = places.of(version, value)
    scope = 0
    if at.link_local:
        zone = zone or next(iter(places.interfaces_of(at, interfaces)), None)
        scope = _index(zone)
        name = _named(scope)  # the table names interfaces, so %2 becomes %eth0
        zone, at = name or zone, at._replace(zone=name)
    local = is_local(at, interfaces)
    shown = f"{text}%{zone}" if zone and version == 6 else text
    reason = _why_not(at, zone, scope, asked=local or remote)
    return Target(
        text=shown,
        version=version,
        port=port,
        scope=scope,
        local=local,
        bind=shown,
        detail=detail,
        skip=_SKIPS[reason].format(zone=zone) if reason else None,
        beside=beside,
        reason=reason,
        interfaces=places.interfaces_of(at, interfaces),
    )


_SKIPS = {
    OTHER_MACHINE: "not an address of this machine; --remote asks other machines",
    NO_INTERFACE: "this machine has no interface {zone}",
    NEEDS_ZONE: "a link-local address needs its interface: fe80::1%eth0 (RFC 4007 §11)",
}


def _loopback(version: int, port: int, wildcard: str, interfaces: Sequence[Interface]) -> Target:
    """The target of a wildcard address, which is bound, and not connected to."""
    text = "127.0.0.1" if version == 4 else "::1"
    return Target(
        text=text,
        version=version,
        port=port,
        scope=0,
        local=True,
        bind=wildcard,
        detail=f"{wildcard} is every address of this machine; {text} was tested",
        interfaces=places.interfaces_of(places.place(text), interfaces),
    )


def _why_not(at: Place, zone: str | None, scope: int, *, asked: bool) -> str | None:
    """Why an address is not asked; None where it is."""
    if at.link_local and zone and not scope:
        return NO_INTERFACE
    if not asked:
        return OTHER_MACHINE
    return NEEDS_ZONE if at.link_local and not zone else None


def _index(zone: str | None) -> int:
    """Index of an interface by name or number; 0 where there is none."""
    try:
        if zone and zone.isascii() and zone.isdecimal() and len(zone) < 10:
            socket.if_indextoname(int(zone))
            return int(zone)
        return socket.if_nametoindex(zone) if zone else 0
    except (OSError, ValueError, AttributeError):
        return 0


def _named(index: int) -> str | None:
    """Name of an interface; None where it has none (or on Windows, where zones are numbers)."""
    try:
        return socket.if_indextoname(index) if index and hasattr(os, "geteuid") else None
    except OSError:
        return None


def _is_own(at: Place) -> bool:
    """Where interfaces cannot be listed: what the routing says, and no packet is sent for it.

    To bind proves nothing: groups and broadcast addresses can be bound, and with
    ip_nonlocal_bind any address. A UDP socket that is connected to one's own address
    has that address as its source too. A second IPv4 address of an interface may get
    the first as its source; then it is bound before, and Linux connects a socket only
    from an address that it has (ip_route_output_key: EINVAL for any other source).
    """
    version, value, _ = at
    if value >> (28 if version == 4 else 120) == (0xE if version == 4 else 0xFF):
        return False  # a group: RFC 5771, RFC 4291 §2.7
    text = ipv4.format(value) if version == 4 else ipv6.format(value)
    if _value(version, source(version, text)) == value:
        return True
    return version == 4 and _value(version, source(version, text, text)) == value


def source(version: int, text: str, bound: str | None = None) -> str | None:
    """Return the address that packets to an address would come from; None where there is no way.

    Broadcast addresses have none: connect() fails with EACCES without SO_BROADCAST.

    Arguments:
        version: 4 or 6.
        text: the address, without a zone.
        bound: an address to bind before.
    """
    try:
        family = socket.AF_INET if version == 4 else socket.AF_INET6
        with socket.socket(family, socket.SOCK_DGRAM) as trial:
            if bound is not None:
                trial.bind((bound, 0))
            trial.connect((text, _ANY_PORT))
            found: str = trial.getsockname()[0]
    except (OSError, ValueError):
        return None
    return found.partition("%")[0]


def _value(version: int, text: str | None) -> int | None:
    """An address as a number; None where there is none."""
    if text is None:
        return None
    return ipv4.parse(text) if version == 4 else ipv6.parse(text)


_ANY_PORT = 9  # discard; UDP's connect() sends nothing
