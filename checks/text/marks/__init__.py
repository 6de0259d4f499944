"""Marks: words of a text that tell which client asked, on which system, and in what surroundings.

``web-1  |`` is the prefix that docker compose puts before a container's output, ``errno: -4078``
is Node on Windows, ``E/flutter`` a phone or its emulator. A mark says nothing by
itself; a cause names the marks that speak for it.

Each module has a table of one kind: :mod:`.clients`, :mod:`.places`, :mod:`.relayed`,
:mod:`.sayings`. A row
has a word that must be in the text, so that a text without it costs one search.
"""

from __future__ import annotations

import re
from itertools import islice

from checks.model.patterns import Sought, sought
from checks.model.records import NamedTuple
from checks.text.marks import clients, places, relayed, sayings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Mark", "lowered", "read", "trimmed"]


class Mark(NamedTuple):
    """One mark in a text.

    Arguments:
        key: of the row: ``compose``, ``node``, ``wsl`` ...
        text: the characters, as they were written.
        span: where they are in the text: first index, index after the last.
        says: what they tell, as a clause after "because": ``"web-1 |" is docker compose's
            prefix of a container's output``.
    """

    key: str
    text: str
    span: tuple[int, int]
    says: str


_TABLES = (sayings.MARKS, relayed.MARKS, places.MARKS, clients.MARKS)
ROWS = tuple(row for table in _TABLES for row in table)
"""Every row: key, words of which one must be in the text, pattern, what it tells."""
_rows_by_word: dict[str, list[int]] = {}
for _number, (_, _words, _, _) in enumerate(ROWS):
    for _word in _words:
        _rows_by_word.setdefault(_word, []).append(_number)
_WORDS = tuple(_rows_by_word)


def read(text: str) -> dict[str, Mark]:
    """Find the marks of a text, each at its first place.

    Arguments:
        text: any text.

    Returns:
        the marks by their keys, in the order of the tables. Takes time in proportion to
        the length of the text.
    """
    low = lowered(text)
    found: dict[str, Mark] = {}
    there: dict[int, list[str]] = {}
    for word in _words_in(low):
        for row in _rows_by_word[word]:
            there.setdefault(row, []).append(word)
    for number, words_there in sorted(there.items()):
        key, _, pattern, says = ROWS[number]
        match = None if key in found else _search(sought(pattern), text, low, words_there)
        if match:
            words, span = trimmed(text, match.span())
            found[key] = Mark(key, words, span, says)
    return found


def _search(pattern: Sought, text: str, low: str, words_there: list[str]) -> re.Match[str] | None:
    """The first place of a pattern; where a few short words bring it up, in the lines of these.

    ``404`` is in many a number and ``@`` in many a line, and most such patterns are slow:
    1,000 lines of a server's log took 42 ms, and take 22.
    """
    if len(text) < _LONG or any(len(word) > _SHORT for word in words_there):
        return pattern.search(text)
    places = [at for word in words_there for at in islice(_places(word, low), _MOST_PLACES + 1)]
    if len(places) > _MOST_PLACES:
        return pattern.search(text)
    for at in sorted(places):
        before = text.rfind("\n", 0, at)
        first = text.rfind("\n", 0, max(0, before)) + 1
        behind = text.find("\n", at)
        last = text.find("\n", behind + 1) if behind >= 0 else -1
        last = last if last >= 0 else len(text)
        if last - first > _LONG:
            return pattern.search(text)
        match = pattern.search(text, first, last)
        if match:
            return match
    return None


_SHORT, _MOST_PLACES = 4, 50


def _places(word: str, low: str) -> Iterator[int]:
    """Where a word is in a text; of a number where it stands alone."""
    at = low.find(word)
    while at >= 0:
        end = at + len(word)
        beside = (low[at - 1 : at], low[end : end + 1])
        if not (word.isdecimal() and any(char in _WORDLY for char in beside)):
            yield at
        at = low.find(word, at + 1)


_WORDLY = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")


def _words_in(low: str) -> Iterator[str]:
    """The words of the tables that a text has.

    Of a long text the triples of characters are made first: most words begin with one that
    is not among them, which a look-up tells. A table of 1,000 rows: 6 instead of 22 ms.
    """
    triples = set(zip(low, low[1:], low[2:], strict=False)) if len(low) > _LONG else None
    for word in _WORDS:
        if triples is not None and len(word) >= _TRIPLE and tuple(word[:3]) not in triples:
            continue
        if word in low and (not word.isdecimal() or _is_number_in(word, low)):
            yield word


_LONG, _TRIPLE = 2000, 3


def _is_number_in(number: str, low: str) -> bool:
    """Whether a number stands alone in a text: 404 is no part of port 40404, nor of ``a404``."""
    return re.search(rf"\b{number}\b", low, re.ASCII) is not None


def trimmed(text: str, span: tuple[int, int]) -> tuple[str, tuple[int, int]]:
    """The words between two places of a text, and where they are, without spaces around them."""
    words = text[span[0] : span[1]]
    first = span[0] + len(words) - len(words.lstrip())
    words = words.strip()
    return words, (first, first + len(words))


def lowered(text: str) -> str:
    """The text in lower case, of the same length, so that an index counts in both."""
    return text.lower() if text.isascii() else "".join(_low(char) for char in text)


def _low(char: str) -> str:
    low = char.lower()
    return low if len(low) == 1 else char
