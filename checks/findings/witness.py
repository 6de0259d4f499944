"""What a rule asks of the evidence: which listener covers an address, who holds it.

The questions are asked by several findings and must get one answer. They are
answered from the records of :mod:`checks.model.evidence` alone, with the project's
own address parsers, so that recorded evidence is judged alike everywhere.
"""

from __future__ import annotations

from checks.rules import owners, places, queues, spared
from checks.rules.listening import taking
from checks.rules.places import destination, interfaces_of, place
from checks.rules.tables import present

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.findings.base import Subject
    from checks.model.evidence import Attempt, Listener, Machine, Owner, Peer, Probe, Relay
    from checks.rules.places import Place

_LIMITED_BROADCAST = 0xFFFFFFFF  # RFC 919
_LOOPBACK_BROADCAST = 0x7FFFFFFF  # 127.255.255.255: lo has 127.0.0.1/8
_NOT_HERE = frozenset(("other-machine", "no-interface"))
"""Reasons for which an attempt was skipped whose address is not this machine's."""
CONNECTION_STATES = frozenset(
    (
        "established",
        "syn-sent",
        "syn-received",
        "fin-wait-1",
        "fin-wait-2",
        "close-wait",
        "last-ack",
        "closing",
    )
)
"""States of a TCP socket that belongs to a connection (RFC 9293 §3.3.2), TIME-WAIT apart."""


def covering(
    probe: Probe, at: Place, *, unsure: bool = False, protocol: str = "tcp"
) -> tuple[Listener, ...]:
    """The listeners that take connections to *at*, the most specific bind first.

    Arguments:
        unsure: whether one that may or may not cover the address counts.
    """
    on = interfaces_of(at, probe.machine.interfaces)
    return taking(probe.listeners, at, on, protocol, unsure=unsure)


def asked_here(probe: Probe) -> bool:
    """Whether what was asked is this machine's, so that its socket table is about it.

    Where it is not, a listener of this machine on the same port number is
    another service, and nobody's business.
    """
    if not probe.attempts or probe.outcome == "not-this-machine":
        return probe.outcome not in ("not-resolved", "not-this-machine")
    return any(
        attempt.reason not in _NOT_HERE and is_local(destination(attempt.address), probe.machine)
        for attempt in probe.attempts
    )


def lets_in_loopback(probe: Probe, listener: Listener) -> str | None:
    """Where other machines may reach a listener on 127.0.0.0/8: ``eth0``; None where nowhere.

    Linux drops what comes in for 127.0.0.0/8 unless route_localnet is on.
    """
    bound = place(listener.address)
    if bound.version != 4 or not bound.loopback:
        return None
    return ", ".join(probe.machine.route_localnet) or None


def names_many(at: Place, machine: Machine) -> bool:
    """Whether an address is broadcast or multicast: TCP connects to one machine only."""
    if at.version == 6:
        return at.value >> 120 == 0xFF  # RFC 4291 §2.7
    if at.version != 4:
        return False
    if at.value >> 28 == 0xE or at.value in (_LIMITED_BROADCAST, _LOOPBACK_BROADCAST):
        return True
    return any(
        _is_last_of(at.value, each.address, each.prefix_length) for each in machine.interfaces
    )


def _is_last_of(value: int, address: str, length: int) -> bool:
    """Whether a value is the broadcast address of an interface's IPv4 network (RFC 922)."""
    own = place(address)
    if own.version != 4 or not 0 < length < 31:  # /31 has none: RFC 3021
        return False
    hosts = (1 << (32 - length)) - 1
    return value == own.value | hosts and value != own.value


def is_local(at: Place, machine: Machine) -> bool:
    """Whether the address is this machine's.

    Without a list of interfaces it counts as such: a probe goes to other
    machines only when it is told to, and then it lists them.
    """
    return places.is_local(at, machine.interfaces) is not False


def is_self_connected(peer: Peer) -> bool:
    """Whether both ends of a row are one socket (RFC 9293 §3.5, simultaneous open)."""
    return peer.state == "established" and peer.remote is not None and peer.local == peer.remote


def connections(probe: Probe) -> tuple[Peer, ...]:
    """The TCP rows that use the port as one end of a connection."""
    return tuple(
        peer for peer in probe.others if peer.protocol == "tcp" and peer.state in CONNECTION_STATES
    )


def listens(probe: Probe, at: Place | None = None, *, protocol: str = "tcp") -> bool | None:
    """Whether a listener takes connections to *at*; None where the evidence leaves it open.

    That it does so when a table was not read, or when a row may or may not cover the
    address, is why every rule asks here before it concludes from a row that is not there.

    Arguments:
        at: the address; None for any listener on the port.
        protocol: ``tcp`` or ``udp``.
    """
    if at is None:
        rows = tuple(row for row in probe.listeners if row.protocol == protocol)
        return present(bool(rows), probe.unread, protocol)
    if covering(probe, at, protocol=protocol):
        return True
    if covering(probe, at, unsure=True, protocol=protocol):
        return None
    return present(False, probe.unread, protocol, at.version)


def absent(probe: Probe, attempt: Attempt | None, *, local: bool) -> bool:
    """Whether the socket table shows that no listener takes connections to an address.

    Arguments:
        probe: the evidence.
        attempt: a connect() to the address; None where none was made.
        local: whether the address is this machine's. Its table tells nothing of another's.
    """
    if not local or attempt is None:
        return False
    return listens(probe, destination(attempt.address)) is False


def main_owner(listener: Listener) -> Owner | None:
    """The process to name, where several hold the listener: :func:`checks.rules.owners.main`."""
    return owners.main(listener.owners)


def left_alone(probe: Probe) -> Attempt | None:
    """The first attempt that was not made for the listener's sake; None where all were."""
    return next((each for each in probe.attempts if spared.is_spared(each, probe)), None)


def why_left_alone(attempt: Attempt, listener: Listener) -> str:
    """Why a connection to a listener was not made, as a clause; "" where that is not known."""
    owner = main_owner(listener)
    return spared.clause(attempt.reason, listener, owner.name if owner else None)


def accepted(probe: Probe) -> tuple[Attempt, ...]:
    """The attempts that reached a listening socket whose program takes connections."""
    return tuple(
        attempt
        for attempt in probe.attempts
        if attempt.outcome == "accepted" and not queues.is_stuck(attempt)
    )


def port_of(subject: Subject) -> int | None:
    """The port number of the endpoint, or None."""
    endpoint = subject.endpoint
    return endpoint.port.number if endpoint and endpoint.port else None


def relay_of(subject: Subject) -> Relay | None:
    """The relay that takes the very connection that is spoken of; None for any other.

    The port may have a relay on one address and a service of its own on another.
    """
    relay = subject.probe.relay if subject.probe else None
    conclusion = subject.conclusion
    if relay is None or conclusion is None:
        return None
    rows = conclusion.listeners
    if relay.pid is None or not rows:
        return relay
    return relay if any(owner.pid == relay.pid for owner in rows[0].owners) else None
