"""What the findings of this group need at hand: the sockets that take the connection."""

from __future__ import annotations

from checks.findings import commands, wording
from checks.findings.connection.context import ConnectionContext
from checks.findings.witness import main_owner, port_of
from checks.rules.queues import is_stuck

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from checks.findings.base import Fix, Subject
    from checks.findings.connection.conclusion import Conclusion
    from checks.model.evidence import Listener, Owner, Probe

_OF_A_LISTENER = frozenset(("C301", "C303", "C304", "C305", "C318", "C320"))
"""Conclusions about a connection to the very listener; others name one that was not asked."""


class OwnerContext:
    """The listeners on the address that was asked, and what became of the connection.

    Arguments:
        subject: the endpoint with its evidence.
        probe: that evidence.
        number: the port.
        conclusion: what the evidence says of the connection.
    """

    __slots__ = ("_connection", "conclusion", "number", "probe", "rows")

    def __init__(self, subject: Subject, probe: Probe, number: int, conclusion: Conclusion):
        self._connection = ConnectionContext(subject, probe, number, conclusion)
        self.probe = probe
        self.number = number
        self.conclusion = conclusion
        first = conclusion.listeners[0]
        self.rows: tuple[Listener, ...] = tuple(
            row
            for row in conclusion.listeners
            if (row.address, row.interface) == (first.address, first.interface)
        )

    @property
    def owners(self) -> tuple[tuple[Listener, Owner], ...]:
        """The process that stands for each socket, with the socket; each process once."""
        found: dict[int, tuple[Listener, Owner]] = {}
        for row in self.rows:
            owner = main_owner(row)
            if owner is not None:
                found.setdefault(owner.pid, (row, owner))
        return tuple(found.values())

    def first(self, says: Callable[[Owner], str]) -> tuple[Listener, Owner] | None:
        """The first of :attr:`owners` of which something is said; None where there is none."""
        return next((pair for pair in self.owners if says(pair[1])), None)

    @property
    def is_taken(self) -> bool:
        """Whether it was seen that the program takes connections."""
        attempt = self.conclusion.attempt
        return attempt is not None and attempt.taken is True

    @property
    def is_stuck(self) -> bool:
        """Whether it was seen that the program takes none."""
        attempt = self.conclusion.attempt
        stuck = attempt is not None and is_stuck(attempt)
        return stuck or self.conclusion.code == "C305"

    def evidence(self, *lines: str) -> tuple[str, ...]:
        """The witnesses, one line each, and last those of the process."""
        return (*self._connection.evidence(), *lines)

    def fixes(self, *groups: tuple[Fix, ...]) -> tuple[Fix, ...]:
        """The fixes for the machine that was probed."""
        return commands.for_machine(self.probe, *groups)


def context_of(subject: Subject) -> OwnerContext | None:
    """The context where a listener of this machine has the connection."""
    probe, conclusion, number = subject.probe, subject.conclusion, port_of(subject)
    if probe is None or conclusion is None or not number:
        return None
    if conclusion.code not in _OF_A_LISTENER or not conclusion.listeners:
        return None
    return OwnerContext(subject, probe, number, conclusion) if conclusion.local else None


def beside(row: Listener, rows: Sequence[Listener]) -> str:
    """A sentence for other sockets on the address of one, which may take their connections."""
    others = sum(1 for other in rows if other is not row)
    if not others:
        return ""
    more = "Another socket listens" if others == 1 else f"{others} other sockets listen"
    return f" {more} on the same address. The system gives each connection to one of them."


def state_line(owner: Owner, what: str) -> str:
    """``/proc: python3 (pid 4242) is stopped``."""
    return f"/proc: {wording.process(owner)} {what}"
