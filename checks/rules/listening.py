"""Which listener takes a connection: yes, no or unknown; and of several, the most specific one.

A listener takes what is sent to its own address, or with a wildcard address to
any address of its IP version; ``::`` takes IPv4 too unless IPV6_V6ONLY is set.
A socket that is bound to a network device (SO_BINDTODEVICE) takes only what
arrives by it. What this machine sends to an address of its own counts as
arriving by the interface that has the address, although lo carries it. So a
wildcard listener that is bound to eth0 takes a connection to eth0's address, and
none to 127.0.0.1.

Sources: ip(7), ipv6(7), socket(7), RFC 3493 §5.3; Linux,
net/ipv4/inet_hashtables.c (__inet_lookup_listener, __inet_hash),
net/ipv4/route.c (ip_route_output_key_hash_rcu: orig_oif),
net/ipv6/ip6_input.c (ip6_rcv_core), net/ipv4/inet_connection_sock.c
(inet_csk_bind_conflict).
"""

from __future__ import annotations

from checks.model.records import NamedTuple
from checks.model.words import TCP
from checks.rules.places import Place, place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeVar

    from checks.model.evidence import Listener

    Bound = TypeVar("Bound", "Listener", "Bind")

_LOOPBACK_DEVICE = ("lo",)
"""Where 127.0.0.0/8 and ::1 are on Linux, the only system that binds sockets to devices."""


class Bind(NamedTuple):
    """Where a socket is bound, for what is no row of the evidence.

    Arguments:
        protocol: ``tcp`` or ``udp``.
        address: the bound address.
        v6only: whether IPV6_V6ONLY is set on an IPv6 socket; None where unknown.
        interface: as :attr:`checks.model.evidence.Listener.interface` has it.
    """

    protocol: str
    address: str
    v6only: bool | None = None
    interface: str | None = None


def takes(
    listener: Listener | Bind, at: Place, on: Sequence[str] = (), protocol: str = TCP
) -> bool | None:
    """Whether a listener takes what is sent to *at*; None where that is not known.

    Arguments:
        listener: a socket that takes traffic.
        at: an address of this machine.
        on: the interfaces that have it (:func:`checks.rules.places.interfaces_of`); empty
            where they are not known.
        protocol: ``tcp`` or ``udp``.
    """
    if listener.protocol != protocol:
        return False
    bound = place(listener.address)
    if not bound.unspecified:
        same = bound[:2] == at[:2] and at.version != 0
        return _on_its_link(listener, bound, at, on) if same else False
    return _both(_of_its_version(listener, bound, at), _by_its_device(listener, at, on))


def _both(one: bool | None, other: bool | None) -> bool | None:
    """Whether both hold: one that does not decides, even where the other is not known."""
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _of_its_version(listener: Listener | Bind, bound: Place, at: Place) -> bool | None:
    """Whether a wildcard listener takes the IP version of what is sent."""
    if bound.version == at.version:
        return True
    if bound.version == 6 and at.version == 4:
        return None if listener.v6only is None else not listener.v6only
    return False


def _by_its_device(listener: Listener | Bind, at: Place, on: Sequence[str]) -> bool | None:
    """Whether what is sent to *at* arrives by the device that a wildcard listener is bound to."""
    tied = device(listener)
    if tied is None:
        return True
    if at.link_local and at.zone:
        on = (at.zone,)
    elif not on and at.loopback:
        on = _LOOPBACK_DEVICE
    if tied not in on:
        return False if on else None
    return True if len(on) == 1 else None


def _on_its_link(
    listener: Listener | Bind, bound: Place, at: Place, on: Sequence[str]
) -> bool | None:
    """Whether a listener on one address is where the address is meant.

    It mostly names the interface that has the address; another one is a device
    that the socket is bound to.
    """
    if not bound.link_local:
        return listener.interface is None or not on or listener.interface in on
    zone = device(listener)
    if zone and at.zone:
        return zone == at.zone
    return True if len(on) < 2 else None


def device(listener: Listener | Bind) -> str | None:
    """Return the interface that is part of where a listener is bound; None where none is.

    A link-local address is bound on one link, and a socket on a wildcard address
    may be bound to one device.
    """
    bound = place(listener.address)
    if bound.zone:
        return bound.zone
    return listener.interface if bound.unspecified or bound.link_local else None


def rank(listener: Listener | Bind, at: Place) -> int:
    """Say how specific a listener is that takes what is sent to *at*: 0 is the most specific.

    The address itself comes before a wildcard, and for IPv4 the wildcard of IPv4
    before that of both versions. Wildcards of one version can listen on one port
    with SO_REUSEPORT only; the kernel then takes the first of them that it finds,
    bound to a device or not.

    Arguments:
        listener: a listener that takes it, or may take it.
        at: the address; of version 0 for what is no address, as a pasted report may have.
    """
    bound = place(listener.address)
    if not bound.unspecified or at.version == 0:
        return 0
    return 2 if at.version == 4 and bound.version == 6 else 1


def taking(
    listeners: Iterable[Bound],
    at: Place,
    on: Sequence[str] = (),
    protocol: str = TCP,
    *,
    unsure: bool = True,
) -> tuple[Bound, ...]:
    """Return the listeners that take what is sent to *at*, the most specific first.

    Arguments:
        listeners: of one port.
        at: an address of this machine.
        on: the interfaces that have it; empty where they are not known.
        protocol: ``tcp`` or ``udp``.
        unsure: whether one of which it is not known counts.
    """
    wanted = (True, None) if unsure else (True,)
    found = [row for row in listeners if takes(row, at, on, protocol) in wanted]
    found.sort(key=lambda row: rank(row, at))
    return tuple(found)


def most_specific(
    listeners: Iterable[Bound], at: Place, on: Sequence[str] = (), protocol: str = TCP
) -> tuple[Bound, ...]:
    """Return the listeners one of which gets a connection to *at*; () where none takes it.

    There are several where they share an address (SO_REUSEPORT). The arguments
    are those of :func:`taking`; one of which it is not known whether it takes the
    connection counts.
    """
    found = taking(listeners, at, on, protocol)
    return tuple(row for row in found if rank(row, at) == rank(found[0], at))


def excludes(listener: Listener | Bind, address: str) -> bool | None:
    """Whether a listener keeps another socket from being bound to *address* on its port.

    Both without SO_REUSEADDR and SO_REUSEPORT, and the other bound to no device:
    then a device that the listener is bound to makes no difference. An IPv6
    wildcard is meant to take IPv4 as well, as most servers bind it.

    Arguments:
        listener: a socket that takes traffic.
        address: for a TCP socket, what is to be bound, canonical text.

    Returns:
        None where IPV6_V6ONLY of the listener is not known, and decides.
    """
    bound, mine = place(listener.address), place(address)
    if listener.protocol != TCP:
        return False
    if mine.unspecified and mine.version == 6:
        return True
    if bound[:2] == mine[:2]:
        return True
    if bound.unspecified:
        return _of_its_version(listener, bound, mine)
    return mine.unspecified and mine.version == bound.version
