"""Tables that are cut by their heading: a cell belongs to the column above it.

PowerShell sets numbers to the right and words to the left, and leaves a cell empty;
Docker and kubectl begin each column at one place.
"""

from __future__ import annotations

import re

from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    Cells = dict[str, tuple[int, int]]

MOST_LINES = 5000
"""Rows of one table that are read."""
LONGEST = 2000
"""Characters of a line: a longer one is no row."""

_WORD = re.compile(r"\S{1,300}")
_PHRASE = re.compile(r"\S{1,60}(?: \S{1,60}){0,3}")
_RULER = re.compile(r"[-=+| \t\r]{3,400}")


class Column(NamedTuple):
    """A column of a heading: its name, and where it begins and ends in the line."""

    name: str
    first: int
    last: int


def words(heading: str) -> tuple[Column, ...]:
    """Return the columns of a heading whose names are single words."""
    return tuple(Column(found.group(), *found.span()) for found in _WORD.finditer(heading))


def phrases(heading: str) -> tuple[Column, ...]:
    """Return the columns of a heading whose names may hold single spaces: ``CONTAINER ID``."""
    return tuple(Column(found.group(), *found.span()) for found in _PHRASE.finditer(heading))


def below(text: str, at: int) -> Iterator[tuple[int, str]]:
    """Yield the lines behind a place, each with its start, to the first empty one.

    Arguments:
        text: the whole text.
        at: where the heading ends.
    """
    start = text.find("\n", at) + 1
    for _ in range(MOST_LINES):
        if start <= 0 or start >= len(text):
            return
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = text[start : min(end, start + LONGEST)].rstrip("\r")
        if not line.strip(" \t>|"):
            return
        if not _RULER.fullmatch(line):
            yield start, line
        start = end + 1


def by_word(line: str, start: int, columns: tuple[Column, ...]) -> Cells:
    """Cut a row whose cells hold no spaces: as many words as columns, or each below its name.

    Arguments:
        line: the row.
        start: where it is in the text.
        columns: of the heading.

    Returns:
        the span of each cell in the text, by the name of its column.
    """
    found = [word.span() for word in _WORD.finditer(line)]
    if len(found) == len(columns):
        pairs = list(zip(columns, found, strict=True))
    else:
        pairs = [(max(columns, key=lambda one: _overlap(one, span)), span) for span in found]
    cells: Cells = {}
    for column, (first, last) in pairs:
        cells.setdefault(column.name, (start + first, start + last))
    return cells


def _overlap(column: Column, span: tuple[int, int]) -> int:
    """How many characters a word and a name have above one another; below 0, how far apart."""
    return min(column.last, span[1]) - max(column.first, span[0])


def by_place(line: str, start: int, columns: tuple[Column, ...]) -> Cells:
    """Cut a row whose cells may hold spaces, and begin where their names do.

    The arguments and what is returned are those of :func:`by_word`.
    """
    cells: Cells = {}
    for number, column in enumerate(columns):
        last = columns[number + 1].first if number + 1 < len(columns) else len(line)
        cell = line[column.first : last]
        kept = cell.strip()
        if kept:
            first = start + column.first + len(cell) - len(cell.lstrip())
            cells[column.name] = (first, first + len(kept))
    return cells
