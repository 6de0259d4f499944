"""What to do first: at most three steps, from the causes, the findings, or what a text is."""

from __future__ import annotations

from checks.findings import commands, leading
from checks.findings.base import Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.causes.base import Cause
    from checks.findings.base import Found
    from checks.text import Classification

MOST = 3
"""So many steps are told; more are not read by a person in a hurry."""

_PLAIN = frozenset(("endpoint", "url", "port"))


def steps_of(
    classification: Classification,
    causes: Sequence[Cause],
    found: Sequence[Found],
    *,
    asked: bool,
    summed_up: Sequence[Fix] = (),
) -> tuple[Fix, ...]:
    """Return the steps of a text, those of one step side by side.

    Arguments:
        classification: the text as it was read.
        causes: of its errors, the likeliest first.
        found: its findings, the worst first.
        asked: whether a machine was asked: then the findings know better than the text.
        summed_up: the steps for the tables and commands of the text.
    """
    line = None if asked else leading(classification)
    if line is not None and line.normal:
        return ()
    notices = asked or classification.kind != "text"
    known = found if asked or _is_here(classification, found) else _of_no_port(found)
    by_finding, by_cause = _of_findings(known, notices=notices), _of_causes(causes, asked=asked)
    wanted = by_finding or by_cause if asked else by_cause or by_finding
    sure = causes and (classification.errors or causes[0].likelihood == "likely")
    if summed_up and not asked and not (by_cause and sure):
        wanted = [*summed_up]
    if not asked and not any(fix.command for fix in wanted):
        wanted += [*_of_text(classification, found)]
    if line is not None and line.step and not _has_command_of(line.step, wanted):
        wanted = [Fix(line.step), *wanted]
    steps = commands.distinct(commands.numbered(wanted))
    return tuple(fix for step in steps[:MOST] for fix in step)


def _has_command_of(step: str, fixes: Sequence[Fix]) -> bool:
    """Whether a sentence names in backticks a command that one of some fixes has."""
    return not {fix.command for fix in fixes}.isdisjoint(step.split("`")[1::2])


def _of_causes(causes: Sequence[Cause], *, asked: bool) -> list[Fix]:
    """The steps of the likeliest cause, and the first other one of the next, if there is room.

    After a machine was asked, what is left over and rare is nothing to act on.
    """
    left = [
        cause
        for cause in causes
        if cause.state != "ruled-out" and not (asked and cause.likelihood == "rare")
    ]
    found = [fix for cause in left[:1] for fix in cause.steps]
    own = commands.distinct(commands.numbered(found))
    for cause in left[1:2]:
        both = commands.distinct([*own, *commands.numbered(cause.steps)])
        found += next(iter(both[len(own) :]), [])
    return found


def _of_findings(found: Sequence[Found], *, notices: bool) -> list[Fix]:
    """The fixes of what is wrong; where nothing is, of what is worth a notice.

    In running text a notice is about a number among others, which is nothing to act on.
    """
    severities = {one.severity for one in found}
    shown = severities & {"warning", "error"} or ({"notice", "ok"} if notices else set())
    return [fix for one in found if one.severity in shown for fix in one.match.fix]


_HERE = frozenset(("A101", "A102", "A103", "A104", "A105", "A114"))
"""Findings on an address that may be this machine's."""
_SURE = frozenset(("A101", "A102", "A103", "A114"))
"""The same of an address that is, or of every one."""


def _is_here(
    classification: Classification, found: Sequence[Found], codes: frozenset[str] = _HERE
) -> bool:
    """Whether the first endpoint may be one of this machine; a text without one is."""
    endpoint = classification.endpoints[0] if classification.endpoints else None
    if endpoint is None or endpoint.host is None:
        return True
    return endpoint.host.loopback or any(one.finding.code in codes for one in found)


def _of_no_port(found: Sequence[Found]) -> list[Found]:
    """Without what is to do about a port, which is done on the machine that listens there."""
    return [one for one in found if one.finding.code[0] != "P" or one.severity == "error"]


def _of_text(classification: Classification, found: Sequence[Found]) -> Sequence[Fix]:
    """How to find the program, where a text is a port of this machine and no more."""
    endpoint = classification.endpoints[0] if classification.endpoints else None
    if classification.kind == "unix" and endpoint is not None and endpoint.path is not None:
        return commands.ask_about_file(endpoint.path)
    if classification.kind not in _PLAIN or endpoint is None or endpoint.port is None:
        return ()
    number = endpoint.port.number
    here = _is_here(classification, found, _SURE)
    return commands.who_listens(number) if here and number else ()
