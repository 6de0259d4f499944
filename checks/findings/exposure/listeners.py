"""The listeners on the port of a subject, and who else answers on loopback."""

from __future__ import annotations

from checks.findings import commands, reach, wording
from checks.findings.service.context import context_of
from checks.findings.witness import asked_here, port_of
from checks.rules.places import place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.findings.base import Fix, Subject
    from checks.model.evidence import Listener, Probe


def listeners_of(subject: Subject) -> tuple[tuple[Listener, ...], ...]:
    """The listeners on the port by protocol and address; none for another machine."""
    if subject.probe is None or port_of(subject) is None or not asked_here(subject.probe):
        return ()
    seen: dict[tuple[str, str, str | None], list[Listener]] = {}
    for row in subject.probe.listeners:
        seen.setdefault((row.protocol, row.address, row.interface), []).append(row)
    return tuple(map(tuple, seen.values()))


def endpoint(row: Listener) -> str:
    """Where a listener is bound, with its protocol: ``TCP 0.0.0.0:80``."""
    return f"{row.protocol.upper()} {wording.bound(row)}"


def on_loopback(probe: Probe) -> dict[str, list[Listener]]:
    """By protocol the first listener on loopback, and the first one of other processes.

    Whatever the owners of a listener, one of the two has others. So each of thousands of
    listeners is compared with two, not with all.
    """
    found: dict[str, list[Listener]] = {}
    for row in probe.listeners:
        known = found.setdefault(row.protocol, [])
        if len(known) == 2 or not place(row.address).loopback:
            continue
        if not known or known[0].owners != row.owners:
            known.append(row)
    return found


def other_answers_loopback(loopback: dict[str, list[Listener]], row: Listener) -> str:
    """A sentence for a listener whose port another program answers on loopback."""
    for other in loopback.get(row.protocol, ()):
        if other.owners != row.owners:
            return (
                f" On {wording.bound(other)} {wording.holder(other)} answers, so"
                " this machine and the others do not see the same service."
            )
    return ""


def closer(subject: Subject, row: Listener) -> tuple[Fix, ...]:
    """How to keep others out."""
    if subject.probe is None:
        return ()
    found = context_of(subject)
    speaker = found.row if found is not None else None
    same = speaker is not None and _one_program(speaker, row)
    product = found.identity.product if found is not None and same else None
    return commands.for_machine(subject.probe, reach.keep_out(row, subject.probe, product or ""))


def _one_program(one: Listener, other: Listener) -> bool:
    """Whether two listeners of a port are of the same program, on both IP versions mostly."""
    owners = [{owner.pid for owner in row.owners} for row in (one, other)]
    alike = (one.protocol, one.address) == (other.protocol, other.address)
    return alike or (one.protocol == other.protocol and bool(owners[0] & owners[1]))
