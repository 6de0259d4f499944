"""What the findings of this group need at hand: the conclusion and its surroundings."""

from __future__ import annotations

from checks.findings import commands, wording
from checks.findings.witness import absent, port_of
from checks.model import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.findings.base import Fix, Subject
    from checks.findings.connection.conclusion import Conclusion
    from checks.model.evidence import Listener, Peer, Probe


class ConnectionContext:
    """What a class of this group needs at hand: the conclusion and its surroundings."""

    __slots__ = ("attempt", "conclusion", "name", "number", "probe", "subject")

    def __init__(self, subject: Subject, probe: Probe, number: int, conclusion: Conclusion):
        self.subject = subject
        self.probe = probe
        self.number = number
        self.conclusion = conclusion
        self.attempt = conclusion.attempt
        host = subject.endpoint.host if subject.endpoint else None
        self.name = host.text if host is not None and host.kind == "name" else None

    @property
    def here(self) -> str:
        """The endpoint that the conclusion is about, as a person writes it."""
        if self.attempt is not None:
            return words.at(self.attempt.address, self.number)
        host = self.subject.endpoint.host if self.subject.endpoint else None
        text = wording.clip(host.text) if host else "port"
        return f"{text}:{self.number}" if host else f"port {self.number}"

    @property
    def named(self) -> str:
        """The same, with the name in front that led to it."""
        return f"{wording.clip(self.name)} ({self.here})" if self.name else self.here

    @property
    def listeners(self) -> tuple[Listener, ...]:
        """The rows that the conclusion rests on."""
        return self.conclusion.listeners

    @property
    def absent(self) -> bool:
        """Whether the socket table shows that no listener takes connections to the address."""
        return absent(self.probe, self.attempt, local=self.conclusion.local)

    def evidence(self, *peers: Peer) -> tuple[str, ...]:
        """The witnesses, one line each."""
        probe = self.probe
        lines = []
        if probe.resolution is not None and self.name is not None:
            lines.append(wording.answer_line(probe.resolution, self.name))
        lines += [wording.attempt_line(one, self.number) for one in probe.attempts]
        if self.conclusion.local:
            lines += [wording.listener_line(row) for row in _shown(self)]
        lines += [wording.peer_line(peer) for peer in peers]
        return tuple(lines)

    def fixes(self, *groups: tuple[Fix, ...]) -> tuple[Fix, ...]:
        """The fixes for the machine that was probed."""
        return commands.for_machine(self.probe, *groups)


def _shown(context: ConnectionContext) -> tuple[Listener, ...]:
    """The rows of the conclusion, and after them the other rows on the port."""
    rows = context.listeners
    known = frozenset(rows)
    return (*rows, *(row for row in context.probe.listeners if row not in known))


def context_of(subject: Subject, code: str) -> ConnectionContext | None:
    """The context where *code* is what the witnesses add up to."""
    probe, conclusion = subject.probe, subject.conclusion
    if probe is None or conclusion is None or conclusion.code != code:
        return None
    return ConnectionContext(subject, probe, port_of(subject) or 0, conclusion)  # 0: a name alone


def no_row(context: ConnectionContext) -> tuple[str, ...]:
    """A line for the rows that are not there, where their absence was seen."""
    if not context.absent:
        return ()
    return (f"socket table: no TCP listener accepts connections to {context.here}",)
