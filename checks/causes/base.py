"""What a cause is: the rule that knows it, and what is told of it for one text."""

from __future__ import annotations

from checks.findings.base import Fix
from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from checks.causes.situation import Situation

OPEN, CONFIRMED, RULED_OUT = "open", "confirmed", "ruled-out"
"""States of a cause: nothing was asked that decides it, or what a machine said of it."""

LIKELY, POSSIBLE, RARE = "likely", "possible", "rare"


class Because(NamedTuple):
    """Words of a text that speak for a cause.

    Arguments:
        text: the characters, as they were written.
        span: where they are in the text: first index, index after the last.
        says: what they tell, as a clause.
    """

    text: str
    span: tuple[int, int]
    says: str

    def to_dict(self) -> dict[str, object]:
        """The words as the JSON contract has them."""
        return {"text": self.text, "span": list(self.span), "says": self.says}


class Clue(NamedTuple):
    """What speaks for a cause, or against it.

    Arguments:
        points: how much: 100 is a sentence that only this cause prints, 60 a mark that is
            right in most texts, 30 one that leans, 10 a base rate; negative speaks against.
        because: the words, where words say it.
    """

    points: int
    because: Because | None = None


class Rule(NamedTuple):
    """One cause, as data with a rule.

    Arguments:
        key: stable, as codes of findings are: ``localhost-is-ipv6``.
        says: what is so, as one sentence; fields of a situation in braces: ``{at}``,
            ``{host}``, ``{port}``, ``{service}``, ``{client}``.
        page: of the site, below its root, with its section.
        steps: makes the first steps for a situation, most telling first.
        errors: names that it explains; empty for any.
        operations: that it explains; empty for any.
        marks: points by the key of a mark.
        look: gives the other clues of a situation.
        finding: code of the finding that a machine shows for it; None if there is none.
        confirmed_by: codes of findings that prove it.
        ruled_out_by: codes of findings that exclude it.
    """

    key: str
    says: str
    page: str
    steps: Callable[[Situation], tuple[Fix, ...]]
    errors: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    marks: Mapping[str, int] = {}
    look: Callable[[Situation], Iterable[Clue]] | None = None
    finding: str | None = None
    confirmed_by: tuple[str, ...] = ()
    ruled_out_by: tuple[str, ...] = ()


class Cause(NamedTuple):
    """A cause as it is told of one text.

    Arguments:
        key: of its rule.
        endpoint: index of the endpoint that it concerns; None if there is none.
        likelihood: ``likely``, ``possible`` or ``rare``.
        state: ``open``; after a machine was asked also ``confirmed`` or ``ruled-out``.
        says: what is so, in one sentence.
        because: the words of the text that speak for it, the strongest first.
        steps: what to do first, at most three things.
        finding: code of the finding that a machine shows for it, or None.
        page: of the site, below its root.
    """

    key: str
    endpoint: int | None
    likelihood: str
    state: str
    says: str
    because: tuple[Because, ...]
    steps: tuple[Fix, ...]
    finding: str | None
    page: str

    def to_dict(self) -> dict[str, object]:
        """The cause as the JSON contract has it."""
        return {
            "key": self.key,
            "finding": self.finding,
            "endpoint": self.endpoint,
            "likelihood": self.likelihood,
            "state": self.state,
            "says": self.says,
            "because": [one.to_dict() for one in self.because],
            "steps": [step.to_dict() for step in self.steps],
            "page": self.page,
        }
