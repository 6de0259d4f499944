"""Who can reach a service that answered."""

from __future__ import annotations

from checks.findings import wording
from checks.model import words
from checks.rules.places import place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.findings.service.context import ServiceContext
    from checks.model.evidence import Listener


def open_row(found: ServiceContext) -> Listener | None:
    """The row by which others may reach the very program that answered; None where none does.

    That is the row that took the connection, or another one of the same processes.
    """
    row = found.row
    if row is None or row.reach != "host":
        return row
    same = (
        other
        for other in found.probe.listeners
        if other.protocol == "tcp" and other.reach != "host" and other.owners == row.owners
    )
    return next(same, None) if row.owners else None


def is_open(found: ServiceContext) -> bool:
    """Whether others than this machine may reach what answered, firewalls apart.

    Without a row the address that accepted decides: one of a network is open.
    """
    if not found.local or open_row(found) is not None:
        return True
    if found.row is not None:
        return False
    accepted = next((one for one in found.probe.attempts if one.outcome == "accepted"), None)
    return accepted is not None and not place(accepted.address).loopback


_OTHERS = "other machines can connect too, unless a firewall or a rule of the service stops them."


def who_can(found: ServiceContext) -> str:
    """One sentence on who can connect to it."""
    row = open_row(found)
    if not found.local:
        return "It is another machine, reached over the network."
    if row is not None and row.reach == "any":
        return f"It listens on every address of this machine: {_OTHERS}"
    if row is not None:
        return f"It listens on {words.at(row.address, row.port)}: {_OTHERS}"
    unseen = wording.not_read(found.probe.unread)
    if found.row is not None and not unseen:
        return "Only this machine can reach it, but all its programs and users can."
    if unseen:
        return f"{unseen} So its reach is not known."
    return "Who else can reach it is not known, because no listener of this machine takes it."
