"""Causes: what an error most probably comes from, ranked, with what to do first.

A cause is data with a rule (:class:`.base.Rule`), in the module of its operation.
Each error of a text is looked at with its endpoint and the marks of the text; what
speaks for a cause gives it points (:class:`.base.Clue`), and a cause for which
nothing speaks is not told. Findings of a machine confirm a cause or rule it out.
"""

from __future__ import annotations

from checks.causes import connect, elsewhere, forwarding, loopback, resolve, wording
from checks.causes.base import (
    CONFIRMED,
    LIKELY,
    OPEN,
    POSSIBLE,
    RARE,
    RULED_OUT,
    Because,
    Cause,
    Clue,
)
from checks.causes.situation import Situation
from checks.causes.steps import ordered
from checks.text import marks
from checks.text.errors import ErrorMessage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from checks.causes.base import Rule
    from checks.findings.base import Found
    from checks.text import Classification

__all__ = ["Cause", "explain", "situations", "verdict"]

MOST = 5
"""So many causes of a text are told."""

_LIKELY, _POSSIBLE = 50, 10
"""Points from which a cause is likely, and possible."""
_LATER = 10
"""Points that a cause of a later error has less than one of the first."""

RULES: tuple[Rule, ...] = (
    *forwarding.RULES,
    *resolve.RULES,
    *elsewhere.RULES,
    *loopback.RULES,
    *connect.RULES,
)


def situations(classification: Classification) -> list[Situation]:
    """Return a situation for each error of a text, the most telling first.

    A text without an error that any table knows is one situation, where it has marks: some
    causes are told by a sentence, or by the program that answered.
    """
    found = marks.read(classification.input)
    errors = classification.errors or ((_no_error(classification),) if found else ())
    low = marks.lowered(classification.input)
    return [Situation(classification, error, found, low) for error in errors]


def _no_error(classification: Classification) -> ErrorMessage:
    """What stands for the error of a text that names none: no name, and the first endpoint."""
    asked = (i for i, one in enumerate(classification.endpoints) if one.role in (None, "target"))
    return ErrorMessage("", {}, "", "", (0, 0), (), endpoint=next(asked, None))


def explain(classification: Classification, found: Iterable[Found] = ()) -> tuple[Cause, ...]:
    """Return the causes of a text's errors, the most likely first, each once.

    Arguments:
        classification: the text as it was read.
        found: the findings of a machine that was asked about it; none where none was.
    """
    codes: dict[int | None, set[str]] = {}
    for one in found:
        codes.setdefault(one.endpoint, set()).add(one.finding.code)
    told: dict[str, tuple[tuple[int, int], Cause]] = {}
    for number, situation in enumerate(situations(classification)):
        for rule in RULES:
            clues = tuple(_clues(rule, situation))
            points = sum(clue.points for clue in clues)
            if points <= 0:
                continue
            cause = _cause(rule, situation, points, clues, codes.get(situation.error.endpoint))
            rank = (_order(cause), _LATER * number - points)
            if rule.key not in told or rank < told[rule.key][0]:
                told[rule.key] = (rank, cause)
    ranked = sorted(told.values(), key=lambda one: one[0])
    return tuple(cause for _, cause in ranked[:MOST])


def verdict(classification: Classification, causes: Sequence[Cause]) -> str:
    """Return the sentence on a text with an error; as :func:`.wording.verdict`."""
    first, *_ = situations(classification)
    return wording.verdict(first, causes)


def _order(cause: Cause) -> int:
    return (CONFIRMED, OPEN, RULED_OUT).index(cause.state)


def _clues(rule: Rule, situation: Situation) -> Iterator[Clue]:
    """What speaks for a cause in a situation; nothing where it cannot explain the error."""
    error = situation.error
    if rule.errors and error.name not in rule.errors:
        return
    if rule.operations and error.operation and error.operation not in rule.operations:
        return
    for key, points in rule.marks.items():
        mark = situation.marks.get(key)
        if mark is not None:
            yield Clue(points, Because(mark.text, mark.span, mark.says))
    if rule.look is not None:
        yield from rule.look(situation)


def _cause(
    rule: Rule,
    situation: Situation,
    points: int,
    clues: tuple[Clue, ...],
    codes: set[str] | None,
) -> Cause:
    strongest = sorted(clues, key=lambda clue: -clue.points)
    return Cause(
        key=rule.key,
        endpoint=situation.error.endpoint,
        likelihood=LIKELY if points >= _LIKELY else POSSIBLE if points >= _POSSIBLE else RARE,
        state=_state(rule, codes or set()),
        says=wording.filled(rule.says, situation),
        because=tuple(clue.because for clue in strongest if clue.because and clue.points > 0),
        steps=ordered(rule.steps(situation), situation.system),
        finding=rule.finding,
        page=rule.page,
    )


def _state(rule: Rule, codes: set[str]) -> str:
    if codes.intersection(rule.confirmed_by):
        return CONFIRMED
    return RULED_OUT if codes.intersection(rule.ruled_out_by) else OPEN
