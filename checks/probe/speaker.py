"""What speaks on the address that a connection went to, or would have gone to.

Loaded where something answers: it brings the protocols with it.
"""

from __future__ import annotations

from time import monotonic

from checks.probe import targets
from checks.probe.identify import debuggers, identify
from checks.rules import owners
from checks.rules.connects import ended_elsewhere

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Attempt, Identity, Owner
    from checks.probe.ask.connect import Opened
    from checks.probe.fragile import Spared
    from checks.probe.sockets import Table
    from checks.probe.targets import Target
    from checks.text.endpoint import Endpoint


def of_accepted(
    endpoint: Endpoint, target: Target, attempt: Attempt, opened: Opened | None, found: Table
) -> tuple[Identity | None, Attempt]:
    """Ask what speaks where a connection was accepted.

    Arguments:
        endpoint: what the person asked for.
        target: the address.
        attempt: the connect that was accepted.
        opened: its connection, which is asked on first; it is closed here.
        found: the sockets on the port.

    Returns:
        the identity, and the attempt with what was learned of it: a program that does not
        take the connection has no identity.
    """
    owner = None if ended_elsewhere(attempt, target.port) else _owner(target, found)
    began = monotonic()
    identity = identify(
        target.text,
        target.port,
        host=targets.name_of(endpoint),
        command=owner.command if owner else None,
        name=owner.name if owner else None,
        opened=opened,
    )
    if identity.behaviour == "not-taken":
        watched = (monotonic() - began) * 1000
        return None, attempt._replace(taken=False, watched=watched)
    return identity, attempt


def of_spared(target: Target, spared: Spared) -> Identity | None:
    """Say what the owner's command tells of a listener that was left alone; nothing is asked."""
    command = spared.owner.command if spared.owner else None
    if debuggers.from_command(command, target.port) is None:
        return None
    return identify(target.text, target.port, command=command)


def _owner(target: Target, found: Table) -> Owner | None:
    """The one that listens where a connection went; None where it is not seen."""
    takers = targets.takers(target, found.listeners)
    return owners.main([owner for row in takers for owner in row.owners])
