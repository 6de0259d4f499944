"""The words of a command line, and the values of its options, with their places in the text."""

from __future__ import annotations

import re

from checks.model.records import NamedTuple
from checks.text.authority import all_digits
from checks.text.tables import cells

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from checks.text.endpoint import Endpoint

Span = tuple[int, int]

REST = r"(?:[^\n\\|;&]|\\\r?\n|\\[^\n]|&&?(?=[^\s&])){0,1200}"
"""What follows a program's name: to the end of the line, which a backslash continues."""

_WORD = re.compile(r"[^\s\"'\\`]{1,300}")
_PUNCTUATION = frozenset(",[]{}()")


class Word(NamedTuple):
    """One word of a command line and where it is in the text; quotes are no part of it."""

    text: str
    span: Span


def words(text: str, first: int, last: int) -> list[Word]:
    """Return the words of a command line.

    Arguments:
        text: the whole text.
        first: where the command begins.
        last: where it ends.
    """
    found = []
    for match in _WORD.finditer(text, first, last):
        word = match.group()
        kept = word.rstrip(",") if word != "," else ""
        if kept and not _PUNCTUATION.issuperset(kept):
            found.append(Word(kept, (match.start(), match.start() + len(kept))))
    return found


def value(found: list[Word], names: Iterable[str]) -> tuple[Word | None, bool]:
    """Return the value of an option: ``--host 0.0.0.0``, ``--host=0.0.0.0``, ``-p8080``.

    Arguments:
        found: the words of a command line.
        names: the option's spellings, with their dashes.

    Returns:
        the value, None where there is none; and whether the option is there.
    """
    for number, word in enumerate(found):
        for name in names:
            if word.text == name:
                after = found[number + 1] if number + 1 < len(found) else None
                good = after is not None and not after.text.startswith("-")
                return (after if good else None), True
            rest = _joined(word.text, name)
            if rest:
                return Word(rest, (word.span[1] - len(rest), word.span[1])), True
    return None, False


def _joined(word: str, name: str) -> str:
    """The value in one word with its option: ``--host=a``, ``-p8080``; "" where there is none."""
    long = name.startswith("--") or "." in name
    start = f"{name}=" if long else name
    if not word.startswith(start):
        return ""
    rest = word[len(start) :].lstrip("=")
    return rest if long or all_digits(rest) or ":" in rest or "." in rest else ""


def host_and_port(text: str, host: Word | None, port: Word | None) -> Endpoint | None:
    """Return the endpoint of a host and a port that are told apart; None where there is none."""
    number = cells.port_at(text, port.span) if port is not None else None
    if host is None or cells.host_of(host.text) is None:
        return number
    if port is None or number is None:
        return cells.pair_at(text, host.span, None)
    span = (min(host.span[0], port.span[0]), max(host.span[1], port.span[1]))
    made = cells.pair_at(text, host.span, port.span)
    return made._replace(text=text[slice(*span)], span=span, form="keywords") if made else number


def together(text: str, word: Word) -> Endpoint | None:
    """Return the endpoint of ``HOST:PORT``, ``:PORT``, ``PORT`` or ``HOST``; None for others."""
    first, last = word.span
    for prefix in ("tcp://", "http://", "tcp:"):
        if word.text.startswith(prefix):
            first += len(prefix)
    written = text[first:last].rstrip("/")
    last = first + len(written)
    if all_digits(written):
        return cells.port_at(text, (first, last))
    if written.startswith(":") and all_digits(written[1:]):
        return cells.port_at(text, (first + 1, last))
    head, colon, tail = written.rpartition(":")
    if colon and all_digits(tail) and cells.host_of(head) is not None:
        found = cells.end_at(text, (first, last))
        return found if found is not None and found.port is not None else None
    plain = cells.host_of(written) if written else None
    return cells.pair_at(text, (first, last), None) if plain is not None else None
