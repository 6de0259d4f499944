"""Error messages: the errors that a pasted message, log line or code names.

``connect ECONNREFUSED 127.0.0.1:62893``, ``[WinError 10048] Only one usage of
each socket address``, ``bind() to 0.0.0.0:80 failed (13: Permission denied)``
and ``127.0.0.1 refused to connect.`` each name one error, in the words of
another program. The standard library's ``errno`` knows the numbers of the
system it runs on only; the message may come from any.

What tells more stands first:

1. names and wordings that stand for one error (``ECONNREFUSED``, "connection
   refused");
2. numbers behind an error prefix (``[Errno 111]``, ``os error 98``);
3. hints, such as "context deadline exceeded", which count where the text has
   nothing of the kinds above;
4. words that only say that there is no connection ("Failed to establish a new
   connection"), named ``ERR_CONNECTION_FAILED``, or no listener ("could not
   bind"), named ``ERR_LISTEN_FAILED``.

Within one rank the first in the text is the most telling, as programs put the
cause before what followed from it; at one place the longer. Of one line only
the highest rank counts: the rest are other words for the same failure.

A number alone (``10061``) is a port here, never an error: the same digits are
a valid port, and that is what people paste. It needs a prefix. After
``errno`` and its like any number of the table counts; after ``error`` or
``code`` only Windows', Chromium's and Apple's, unless the pair is the whole
text (``error 111``).

Words that files share with sockets ("permission denied") count only beside a
word of sockets or a number with its prefix, and never where a file or a log-in
follows (``permission denied, open '/etc/shadow'``).

The text is read once for its words; only wordings whose longest word is in
the text are looked for, each in one pass, and every pattern is bounded, so the
time is linear. A text without any of their words is done after the first step.
"""

from __future__ import annotations

from checks.model.records import NamedTuple
from checks.text.errors import code, numbers, wordings
from checks.text.errors.folded import Folded, FoldedText, folded
from checks.text.errors.index import ANCHORS, HINTED, Hit

__all__ = ["ErrorMessage", "find"]


class ErrorMessage(NamedTuple):
    """An error that was recognised in a text.

    Arguments:
        name: ``ECONNREFUSED``, ``EAI_NONAME``, ``ERR_UNSAFE_PORT`` ...
        platform_codes: its number by system: ``{"linux": 111, "macos": 61}``.
        says: what happened, in a short sentence or two.
        text: the characters that gave it away, as they were written.
        span: where they are in the text: first index, index after the last.
        leads_to: codes of the findings to look at, most likely first.
        system: the system whose number or wording it is: ``linux``, ``macos``
            (the BSDs share its numbers), ``windows`` or ``solaris``; None
            where the message does not tell.
        operation: what failed: ``connect``, ``bind``, ``listen``, ``accept``, ``resolve``,
            ``send``, ``receive``, ``tls``, ``http`` or ``socket``; None if the text
            does not tell.
        endpoint: index of the endpoint that it concerns; None if there is none.
    """

    name: str
    platform_codes: dict[str, int]
    says: str
    text: str
    span: tuple[int, int]
    leads_to: tuple[str, ...]
    system: str | None = None
    operation: str | None = None
    endpoint: int | None = None

    def to_dict(self) -> dict[str, object]:
        """The error as the JSON contract has it."""
        return {
            "name": self.name,
            "platform_codes": dict(self.platform_codes),
            "says": self.says,
            "text": self.text,
            "span": list(self.span),
            "leads_to": list(self.leads_to),
            "system": self.system,
            "operation": self.operation,
            "endpoint": self.endpoint,
        }


MAX_FOUND = 40
"""So many places of errors are told; a log repeats itself."""


def find(text: str, words: Folded | None = None) -> tuple[ErrorMessage, ...]:
    """Return the errors of a text, the most telling first, the others in the order of the text.

    Arguments:
        text: anything a person pastes: a message, a stack trace, a log line,
            a symbol, a number with its prefix.
        words: the same, folded, where that is known already.

    Returns:
        the places of errors, at most :data:`MAX_FOUND`, without operation and
        endpoint: :mod:`checks.text.binding` finds these, and joins the places of
        one error. The first is the most telling by the module's docstring. Never
        raises.
    """
    low, cut = words or folded(text)
    if low.isascii() and ANCHORS.isdisjoint(cut):
        return ()
    whole = FoldedText(low, cut)
    hits = [*wordings.hits(whole), *numbers.hits(whole)]
    hits = [hit for hit in hits if hit.row.name not in whole.file_errors]
    if hits and code.may_have_code(low):
        hits = [hit for hit in hits if not code.is_handled(low, hit.start, hit.end)]
    if not hits:
        return ()
    hits.sort(key=Hit.order)
    kept = hits[:1] if len(hits) == 1 else _in_lines(low, hits)
    kept[1:] = sorted(kept[1:], key=lambda hit: hit.start)
    return tuple(_message(text, low, hit) for hit in kept[:MAX_FOUND])


def _in_lines(low: str, hits: list[Hit]) -> list[Hit]:
    """Of each line the places of its highest rank that do not overlap.

    Arguments:
        low: the folded text.
        hits: the most telling first.
    """
    hinted = hits[0].rank > HINTED
    lines: dict[int, list[Hit]] = {}
    for hit in hits:
        if hinted and hit.rank == HINTED:
            continue
        line = lines.setdefault(low.rfind("\n", 0, hit.start), [])
        if not line or (line[0].rank == hit.rank and not _overlaps(hit, line)):
            line.append(hit)
    return sorted((hit for line in lines.values() for hit in line), key=Hit.order)


def _overlaps(hit: Hit, others: list[Hit]) -> bool:
    return any(hit.start < one.end and one.start < hit.end for one in others)


def _message(text: str, low: str, hit: Hit) -> ErrorMessage:
    row = hit.row
    return ErrorMessage(
        name=row.name,
        platform_codes=dict(row.codes),
        says=row.says,
        text=text[hit.start : hit.end],
        span=(hit.start, hit.end),
        leads_to=row.leads_to,
        system=hit.system or numbers.system_of(low, hit),
    )
