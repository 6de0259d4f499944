"""What a verdict says of the program that listens: as the answer, or after it."""

from __future__ import annotations

from checks.findings import catalogue
from checks.findings.base import Match
from checks.findings.features import of_owners

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.findings.base import Subject


def decisive(subject: Subject) -> tuple[str, str] | None:
    """Return the code and the message of a finding that explains why nothing is served.

    Arguments:
        subject: the endpoint with its evidence.

    Returns:
        the first by what it explains: a program that is no server is so also when it is
        stopped. None where nothing of the kind is found.
    """
    found = dict(_found(subject, _DECISIVE))
    return next(((code, found[code]) for code in _DECISIVE if code in found), None)


_DECISIVE = ("O706", "O704", "O703", "O701")


def in_the_way(subject: Subject) -> str:
    """Return a sentence that goes after the name of a program that has a wanted port; "" for none.

    Arguments:
        subject: the endpoint with its evidence.
    """
    found = decisive(subject)
    return _IN_THE_WAY.get(found[0], "") if found else ""


_IN_THE_WAY = {
    "O701": " The process is stopped.",
    "O704": " It inherited the socket from a server that has ended.",
}


def addition(subject: Subject) -> str:
    """Return a sentence that goes after the verdict on a program that answers; "" for none.

    Arguments:
        subject: the endpoint with its evidence.
    """
    found = dict(_found(subject, BESIDE, "warning"))
    message = next((found[code] for code in BESIDE if code in found), "")
    first, stop, _ = message.partition(". ")
    return f" {first}." if stop else ""


BESIDE = ("O707", "O705")
"""Findings on a program that answers, and does not serve what it should."""


def _found(
    subject: Subject, codes: tuple[str, ...], severity: str = "error"
) -> Iterator[tuple[str, str]]:
    """Those of some findings that apply so severely, each with its message."""
    if subject.probe is None:
        return
    for finding in catalogue.asked(dict.fromkeys(of_owners(subject.probe))):
        match = finding.look(subject) if finding.code in codes else None
        if isinstance(match, Match) and (match.severity or finding.severity) == severity:
            yield finding.code, match.message
