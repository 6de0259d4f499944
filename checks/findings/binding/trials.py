"""The trial binds of a subject, with and without SO_REUSEADDR, and their words."""

from __future__ import annotations

from checks.findings import wording
from checks.findings.witness import port_of
from checks.model import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.findings.base import Subject
    from checks.model.evidence import Binding, Probe


def trials_of(subject: Subject, *outcomes: str) -> tuple[Binding, ...]:
    """The trial binds that ended in one of *outcomes*."""
    if subject.probe is None or port_of(subject) is None:
        return ()
    return tuple(trial for trial in subject.probe.bindings if trial.outcome in outcomes)


def places(trials: tuple[Binding, ...]) -> str:
    """The endpoints of the trials, as one phrase."""
    return wording.joined([words.at(trial.address, trial.port) for trial in trials])


def are(trials: tuple[Binding, ...]) -> str:
    """The verb for them."""
    return "are" if len(trials) > 1 else "is"


def lines_of(trials: tuple[Binding, ...], probe: Probe) -> tuple[str, ...]:
    """The trials as lines of evidence."""
    return tuple(wording.binding_line(trial, probe.machine.system) for trial in trials)
