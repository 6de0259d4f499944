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

from checks.model.patterns import sought
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
    there = {row for word in _words_in(low) for row in _rows_by_word[word]}
    for number in sorted(there):
        key, _, pattern, says = ROWS[number]
        match = None if key in found else sought(pattern).search(text)
        if match:
            words, span = trimmed(text, match.span())
            found[key] = Mark(key, words, span, says)
    return found


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
