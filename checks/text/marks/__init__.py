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

from checks.model.records import NamedTuple
from checks.text.marks import clients, places, relayed, sayings

__all__ = ["Mark", "lowered", "read"]


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


def read(text: str) -> dict[str, Mark]:
    """Find the marks of a text, each at its first place.

    Arguments:
        text: any text.

    Returns:
        the marks by their keys, in the order of the tables. Takes time in proportion to
        the length of the text.
    """
    low = lowered(text)
    found = {}
    for table in _TABLES:
        for key, words, pattern, says in table:
            if key in found or not any(word in low for word in words):
                continue
            match = re.search(pattern, text, re.ASCII | re.MULTILINE)  # kept by re
            if match:
                first, last = match.span()
                found[key] = Mark(key, text[first:last].strip(), (first, last), says)
    return found


def lowered(text: str) -> str:
    """The text in lower case, of the same length, so that an index counts in both."""
    return text.lower() if text.isascii() else "".join(_low(char) for char in text)


def _low(char: str) -> str:
    low = char.lower()
    return low if len(low) == 1 else char
