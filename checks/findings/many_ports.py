"""The sentence on several ports that one word stands for: a range, or the ports of a program."""

from __future__ import annotations

from checks.findings import wording
from checks.model import words
from checks.model.words import READING_ORDER, TCP
from checks.rules import owners

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.findings.base import Found, Subject
    from checks.model.evidence import Listener

RANGE, PROGRAM = "range", "program"
"""As :attr:`checks.text.endpoint.Endpoint.form` has them."""

_MOST = 4
"""So many ports are named."""


def sentence(subjects: Sequence[Subject]) -> str | None:
    """Return what a machine says of all of them; None where they are no such ports.

    Arguments:
        subjects: the endpoints of a text, with their evidence.
    """
    forms = {one.endpoint.form for one in subjects if one.endpoint is not None}
    if len(subjects) < 2 or len(forms) != 1:
        return None
    if forms == {PROGRAM}:
        return _of_program(subjects)
    return _of_range(subjects) if forms == {RANGE} else None


def is_closed(subject: Subject) -> bool:
    """Whether it is a port of a range on which nothing was found."""
    endpoint, conclusion = subject.endpoint, subject.conclusion
    if endpoint is None or endpoint.form != RANGE or conclusion is None:
        return False
    return conclusion.code == "C302" and not conclusion.listeners


def in_place(found: Sequence[Found], subjects: Sequence[Subject]) -> tuple[Found, ...]:
    """Return findings, the worst first; a closed port of a range is merely so beside a used one.

    Arguments:
        found: on the endpoints of a text.
        subjects: all of them.
    """
    first = subjects[0].endpoint if subjects else None
    if first is None or first.form != RANGE or not any(map(_listens, subjects)):
        return tuple(found)
    changed = [
        one._replace(match=one.match._replace(severity="info"))
        if one.finding.code == "C302" and is_closed(subjects[one.endpoint or 0])
        else one
        for one in found
    ]
    return tuple(sorted(changed, key=lambda one: READING_ORDER.index(one.severity)))


def _of_program(subjects: Sequence[Subject]) -> str:
    name = subjects[0].endpoint.text if subjects[0].endpoint else ""
    return f"{wording.clip(name)} listens on {len(subjects)} ports: {_named(subjects)}."


def _of_range(subjects: Sequence[Subject]) -> str:
    asked = wording.clip(subjects[0].endpoint.text) if subjects[0].endpoint else ""
    found = [one for one in subjects if _listens(one)]
    if not found:
        return f"No program listens on any of the {len(subjects)} ports {asked}."
    which = f"{len(found)} of the {len(subjects)} ports {asked}"
    return f"Programs listen on {which}: {_named(found)}."


def _listens(subject: Subject) -> bool:
    probe = subject.probe
    return probe is not None and (probe.outcome == "accepted" or _row(subject) is not None)


def _row(subject: Subject) -> Listener | None:
    listeners = subject.probe.listeners if subject.probe else ()
    return next((row for row in listeners if row.protocol == TCP), None)


def _named(subjects: Sequence[Subject]) -> str:
    names = [_name(one) for one in subjects[:_MOST]]
    more = len(subjects) - len(names)
    return wording.joined([*names, f"{more} more"] if more else names)


def _name(subject: Subject) -> str:
    """A port and who listens: ``62893 (python3, pid 44)``; of a program where it listens."""
    endpoint = subject.endpoint
    if endpoint is None or endpoint.port is None:
        return ""
    port, host = endpoint.port.text, endpoint.host
    if endpoint.form == PROGRAM:
        return words.at(host.text, port) if host else port
    row = _row(subject)
    owner = owners.main(row.owners) if row else None
    return f"{port} ({owner.name}, pid {owner.pid})" if owner else port
