"""What is looked at only where the sockets on the port do not explain what a connection met.

No connection came about for want of a local port; nothing listens here, but in a container it
may; a NAT rule or a relay led the connection into another network namespace. Each is a door:
what looks there is loaded where it is needed.
"""

from __future__ import annotations

from checks.model.evidence import Namespaces
from checks.model.words import TCP
from checks.probe.machine import spaces
from checks.rules.connects import ELSEWHERE
from checks.rules.tables import present

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from checks.model.evidence import Attempt, Identity, LocalPorts, Machine, Relay
    from checks.probe.ask import queues
    from checks.probe.sockets import Table
    from checks.probe.targets import Target

_CLOSED = ("closed", "reset")


def without_ports(
    chosen: Sequence[Target], result: queues.Result, ephemeral: tuple[int, int] | None
) -> tuple[queues.Result, LocalPorts | None]:
    """Tell what was not connected to for want of a local port, and what uses them.

    Arguments:
        chosen: the addresses.
        result: what the connects gave.
        ephemeral: the range of ports; None where it is not to be read what uses them, which
            takes a second where there are thousands.
    """
    if all(attempt.errno != "EADDRNOTAVAIL" for attempt in result.attempts):
        return result, None
    from checks.probe.ask import local_ports  # noqa: PLC0415 - only where it may be so

    attempts, found = local_ports.explain(chosen, result.attempts, ephemeral)
    return result._replace(attempts=attempts), found


def namespaces(
    chosen: Sequence[Target], result: queues.Result, found: Table, facts: Machine
) -> Namespaces | None:
    """Look into other network namespaces, where a connection was led out of this one or refused.

    To be asked while the connections are open.

    Arguments:
        chosen: the addresses.
        result: what the connects gave.
        found: the sockets on the port.
        facts: this machine.

    Returns:
        None where they were not looked at.
    """
    if facts.system != "linux":
        return None
    for index, attempt in enumerate(result.attempts):
        opened = result.opened.get(index)
        if attempt.arrived == ELSEWHERE and opened is not None:
            led: Namespaces = _module().of_connection(opened.ours, facts.interfaces)
            return led
    if any(map(_is_refused, chosen, result.attempts)) and _is_unused(found):
        seen = spaces.others()
        if not seen.spaces and not seen.hidden:
            return Namespaces(listeners=(), looked_at=0, complete=seen.complete)
        alike: Namespaces = _module().on_port(chosen[0].port, seen)
        return alike
    return None


def _is_refused(target: Target, attempt: Attempt) -> bool:
    return target.local and attempt.outcome == "refused"


def _is_unused(found: Table) -> bool:
    """Whether the table shows that nothing listens on the port by TCP, on any address."""
    listens = any(row.protocol == TCP for row in found.listeners)
    return present(listens, found.unread, TCP) is False


def behind(relay: Relay | None, identity: Identity | None, facts: Machine) -> Namespaces | None:
    """Look at what is behind a relay whose connections are ended at once.

    Arguments:
        relay: what passes the connections on.
        identity: how what was asked behaved.
        facts: this machine.

    Returns:
        None where that is not the matter, or the target is in no namespace of this machine.
    """
    if relay is None or relay.target is None or identity is None or facts.system != "linux":
        return None
    if relay.engine is None or identity.behaviour not in _CLOSED:
        return None
    there: Namespaces | None = _module().behind(relay.target)
    return there


def _module() -> ModuleType:
    from checks.probe.machine import namespaces as module  # noqa: PLC0415 - 1 ms, where it is asked

    return module
