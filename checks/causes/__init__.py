"""Causes: what an error most probably comes from, ranked, with what to do first.

A cause is data with a rule (:class:`.base.Rule`), in the module of its operation.
Each error of a text is looked at with its endpoint and the marks of the text; what
speaks for a cause gives it points (:class:`.base.Clue`), and a cause for which
nothing speaks is not told. Findings of a machine confirm a cause or rule it out.
"""

from __future__ import annotations

from checks.causes import (
    bind,
    clients,
    connect,
    denied,
    elsewhere,
    forwarding,
    http,
    loopback,
    policy,
    recovered,
    resolve,
    tls,
    wording,
)
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
from checks.causes.situation import Situation, situation_of
from checks.causes.steps import connect as steps
from checks.causes.steps import ordered
from checks.model.records import NamedTuple
from checks.text import classify_plain, marks
from checks.text.coloured import uncoloured
from checks.text.errors import ErrorMessage

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator, Sequence

    from checks.causes.base import Rule
    from checks.findings.base import Found
    from checks.text import Classification
    from checks.text.coloured import Uncoloured
    from checks.text.endpoint import Endpoint

__all__ = ["Cause", "answer", "explain", "situations", "verdict"]

MOST = 5
"""So many causes of a text are told."""

_LIKELY, _POSSIBLE = 50, 10
"""Points from which a cause is likely, and possible."""
ELSEWHERE = (
    "compose", "pid-1", "container-host", "container-shell", "docker-build", "alpine", "dart",
    "android", "pod",
)  # fmt: skip
"""Marks of a client whose localhost is another one than that of the machine that was asked."""
_STATES = (CONFIRMED, OPEN, RULED_OUT)
_MOST_ERRORS = 8
_FEW = 20
_LATER = 10
"""Points that a cause of a later error has less than one of the first."""

RULES: tuple[Rule, ...] = (
    *forwarding.RULES,
    *clients.RULES,
    *resolve.RULES,
    *elsewhere.RULES,
    *loopback.RULES,
    *connect.RULES,
    *bind.RULES,
    *denied.RULES,
    *tls.RULES,
    *http.RULES,
    *policy.RULES,
)


def situations(classification: Classification) -> list[Situation]:
    """Return a situation for each error of a text, the most telling first.

    A text without an error that any table knows is one situation, where it has marks: some
    causes are told by a sentence, or by the program that answered. A log that repeats an
    error is one situation, and of many errors the first ones are looked at.
    """
    found = marks.read(classification.input)
    errors = classification.errors or ((_no_error(classification),) if found else ())
    low = marks.lowered(classification.input)
    errors = tuple(_left(errors, classification, low))
    searched: dict[str, list[re.Match[str]]] = {}
    several: dict[tuple[str, str | None, str], Situation] = {}
    for error in errors:
        situation = situation_of(classification, error, found, low, searched)
        several.setdefault((error.name, error.operation, situation.at), situation)
        if len(several) == _MOST_ERRORS:
            break
    return list(several.values())


def _left(
    errors: Sequence[ErrorMessage], classification: Classification, low: str
) -> Iterator[ErrorMessage]:
    """The errors that no later line takes back."""
    connected = recovered.last_connected(classification, low) if classification.errors else {}
    for error in errors:
        if not recovered.is_passed(error, classification, connected):
            yield error


def _no_error(classification: Classification) -> ErrorMessage:
    """What stands for the error of a text that names none: no name, and what is asked here."""
    asked = [i for i, one in enumerate(classification.endpoints) if one.role in (None, "target")]
    here = (i for i in asked[:_FEW] if _is_here(classification.endpoints[i]))
    index = next(here, asked[0] if asked else None)
    return ErrorMessage("", {}, "", "", (0, 0), (), endpoint=index)


def _is_here(endpoint: Endpoint) -> bool:
    return endpoint.host is not None and endpoint.host.loopback


class _Told(NamedTuple):
    """A rule that something speaks for, in one situation."""

    rule: Rule
    situation: Situation
    points: int
    clues: tuple[Clue, ...]
    state: str
    rank: tuple[int, int]


class Answer(NamedTuple):
    """What a text says of its errors.

    Arguments:
        causes: as :func:`explain` gives them.
        says: the sentence, as :func:`verdict` gives it.
        system: that the text shows, for which the steps have their commands; None for none.
    """

    causes: tuple[Cause, ...] = ()
    says: str = ""
    system: str | None = None


def answer(classification: Classification, found: Iterable[Found] = ()) -> Answer:
    """Return the causes, the sentence and the system; the text is looked through once for all.

    Arguments:
        classification: as for :func:`explain`.
        found: the same.
    """
    bare, plain = _bare(classification)
    all_of_it = situations(bare)
    causes = _explained(all_of_it, found)
    if not all_of_it and bare.errors:
        index = bare.errors[0].endpoint or 0
        return Answer(says=wording.passed(bare.endpoints[index]))
    says = _sentence(all_of_it, causes)
    if plain is not None:
        causes = tuple(_moved(cause, classification.input, plain) for cause in causes)
    return Answer(causes, says, next((one.system for one in all_of_it if one.system), None))


def _bare(classification: Classification) -> tuple[Classification, Uncoloured | None]:
    """The same text without its control sequences, and where the pieces of it were."""
    plain = uncoloured(classification.input)
    if plain is None:
        return classification, None
    return classify_plain(plain.text), plain


def _moved(cause: Cause, text: str, plain: Uncoloured) -> Cause:
    """A cause with the places of its words in the text as it was pasted."""
    spans = [plain.span(because.span) for because in cause.because]
    return cause._replace(
        because=tuple(
            because._replace(span=span, text=text[slice(*span)])
            for because, span in zip(cause.because, spans, strict=True)
        )
    )


def explain(classification: Classification, found: Iterable[Found] = ()) -> tuple[Cause, ...]:
    """Return the causes of a text's errors, the most likely first, each once.

    Arguments:
        classification: the text as it was read.
        found: the findings of a machine that was asked about it; none where none was. Its
            localhost decides nothing where the text is of a client in a container or a phone.
    """
    return answer(classification, found).causes


def verdict(classification: Classification, causes: Sequence[Cause]) -> str:
    """Return the answer in one or two sentences; as :func:`.wording.verdict`.

    It is about the error that the first cause explains. A text with neither has none.
    """
    return _sentence(situations(_bare(classification)[0]), causes)


def _explained(all_of_it: Sequence[Situation], found: Iterable[Found]) -> tuple[Cause, ...]:
    codes: dict[int | None, set[str]] = {}
    for each in found:
        codes.setdefault(each.endpoint, set()).add(each.finding.code)
    told: dict[str, _Told] = {}
    for number, situation in enumerate(all_of_it):
        here = not (situation.is_loopback and situation.has(*ELSEWHERE))
        known = codes.get(situation.error.endpoint) if here else None
        for cause in _told(situation, number, known or set()):
            key = cause.rule.key
            if key not in told or cause.rank < told[key].rank:
                told[key] = cause
    ranked = sorted(told.values(), key=lambda cause: cause.rank)
    return tuple(_cause(cause, first=number == 0) for number, cause in enumerate(ranked[:MOST]))


def _sentence(all_of_it: Sequence[Situation], causes: Sequence[Cause]) -> str:
    place = causes[0].endpoint if causes else None
    about = [one for one in all_of_it if one.error.endpoint == place] or all_of_it
    return wording.verdict(about[0], causes) if about else ""


def _told(situation: Situation, number: int, codes: set[str]) -> Iterator[_Told]:
    """The rules that something speaks for in the situation of the text's error *number*."""
    for rule in _rules_of(situation.error.name, situation.error.operation):
        clues = _clues(rule, situation)
        points = sum(clue.points for clue in clues)
        if points > 0:
            state = _state(rule, codes)
            rank = (_STATES.index(state), _LATER * number - points)
            yield _Told(rule, situation, points, clues, state, rank)


_by_error: dict[tuple[str, str | None], tuple[Rule, ...]] = {}


def _rules_of(name: str, operation: str | None) -> tuple[Rule, ...]:
    """The rules that may explain an error of an operation, worked out once for each pair."""
    found = _by_error.get((name, operation))
    if found is None:
        found = _by_error[name, operation] = tuple(
            rule
            for rule in RULES
            if (not rule.errors or name in rule.errors)
            and (not rule.operations or operation is None or operation in rule.operations)
        )
    return found


def _clues(rule: Rule, situation: Situation) -> tuple[Clue, ...]:
    """What speaks for a cause in a situation whose error it may explain."""
    found: tuple[Clue, ...] = ()
    if not situation.marks.keys().isdisjoint(rule.marks):
        there = ((situation.marks.get(key), points) for key, points in rule.marks.items())
        found = tuple(
            Clue(points, Because(mark.text, mark.span, mark.says)) for mark, points in there if mark
        )
    return found if rule.look is None else (*found, *rule.look(situation))


def _cause(one: _Told, *, first: bool) -> Cause:
    """The cause as it is told; where even the first is not likely, it begins with how to decide."""
    rule, situation = one.rule, one.situation
    likelihood = LIKELY if one.points >= _LIKELY else POSSIBLE
    if one.points < _POSSIBLE:
        likelihood = RARE
    fixes = rule.steps(situation)
    if first and likelihood != LIKELY:
        if situation.error.name in connect.REFUSED:
            fixes = tuple(dict.fromkeys((*steps.decide(situation), *fixes)))
        elif situation.error.name in elsewhere.ENDED and situation.may_be_loopback:
            fixes = (*steps.decide_ended(situation), *fixes[:1])
    strongest = sorted(one.clues, key=lambda clue: -clue.points)
    return Cause(
        key=rule.key,
        endpoint=situation.error.endpoint,
        likelihood=likelihood,
        state=one.state,
        says=wording.filled(rule.says, situation),
        because=tuple(clue.because for clue in strongest if clue.because and clue.points > 0),
        steps=ordered(fixes, situation.system),
        finding=rule.finding,
        page=rule.page,
    )


def _state(rule: Rule, codes: set[str]) -> str:
    if codes.intersection(rule.confirmed_by):
        return CONFIRMED
    return RULED_OUT if codes.intersection(rule.ruled_out_by) else OPEN
