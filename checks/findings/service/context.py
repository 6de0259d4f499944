"""A service that was asked what it speaks, and where that was."""

from __future__ import annotations

from checks.findings import commands, owners, speech, wording
from checks.findings.witness import left_alone, port_of
from checks.model import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.findings.base import Fix, Subject
    from checks.model.evidence import Attempt, Identity, Listener, Probe


class ServiceContext:
    """A service that was asked what it speaks, and where that was."""

    __slots__ = ("here", "identity", "local", "port", "probe", "row")

    def __init__(self, subject: Subject, probe: Probe, identity: Identity, attempt: Attempt):
        conclusion = subject.conclusion
        self.probe = probe
        self.identity = identity
        self.port = port_of(subject) or 0
        self.here = words.at(attempt.address, self.port)
        self.local = conclusion is not None and conclusion.local
        self.row: Listener | None = None
        if conclusion is not None and conclusion.attempt == attempt and conclusion.listeners:
            self.row = conclusion.listeners[0]

    @property
    def who(self) -> str:
        """Who accepts, as far as that is known: the words before "accepts"."""
        return wording.holder(self.row) if self.row else "Something"

    def evidence(self) -> tuple[str, ...]:
        """The identification's lines, after the row that took the connection."""
        row = (wording.listener_line(self.row),) if self.row else ()
        return (*row, *speech.evidence(self.identity))

    def fixes(self, *groups: tuple[Fix, ...]) -> tuple[Fix, ...]:
        """The fixes for the machine that was probed."""
        return commands.for_machine(self.probe, *groups)

    @property
    def published(self) -> bool:
        """Whether it runs in a container that has published the port."""
        relay = owners.relay_of(self.row, self.probe) if self.row else self.probe.relay
        return relay is not None and relay.engine is not None


def context_of(subject: Subject) -> ServiceContext | None:
    """What is spoken on the port; None where that is not known, or nothing listens.

    It was asked of what accepted; of a listener that was left alone its command told.
    """
    probe = subject.probe
    if probe is None or probe.identity is None or port_of(subject) is None:
        return None
    attempt = next((one for one in probe.attempts if one.outcome == "accepted"), None)
    attempt = attempt or left_alone(probe)
    return None if attempt is None else ServiceContext(subject, probe, probe.identity, attempt)


def mute(subject: Subject, *behaviours: str) -> ServiceContext | None:
    """What was accepted without a word, where it behaved in one of these ways."""
    found = context_of(subject)
    if found is None or not speech.is_mute(found.identity, *behaviours):
        return None
    return found
