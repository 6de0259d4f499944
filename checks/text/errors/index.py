"""The table of error messages, turned for look-up: rows by word, by number and by pattern.

Built once, when the first text that may have an error is read: about 1 ms.
"""

from __future__ import annotations

from checks.model.patterns import Sought
from checks.model.records import NamedTuple
from checks.text.errors.folded import words_of
from checks.text.errors.table import (
    CURL,
    ERRORS,
    HTTP_SYS,
    NUMBER_WORDS,
    PATTERNS,
    UNBOUND,
    UNNAMED,
    WINERROR,
    ErrorRow,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

EXACT, NUMBERED, HINTED, VAGUE = 3, 2, 1, 0
"""The ranks that the docstring of :mod:`checks.text.errors` explains."""

VAGUE_NAMES = frozenset((UNNAMED, UNBOUND))
"""Rows of the messages that only say that there is no connection, or no listener."""


class Wording(NamedTuple):
    """Words of the table, with their marks and without, and what they stand for."""

    words: str
    plain: str
    row: ErrorRow
    rank: int
    system: str | None
    guarded: bool = False


class Hit(NamedTuple):
    """One place of a text where a row matched."""

    rank: int
    start: int
    end: int
    row: ErrorRow
    system: str | None

    def order(self) -> tuple[int, int, int]:
        """The smallest is the most telling: by rank, then the first, then the longest."""
        return (-self.rank, self.start, -self.end)


def _wordings(row: ErrorRow) -> Iterator[Wording]:
    """Every name and wording of a row, with its rank and system."""
    hinted = VAGUE if row.name in VAGUE_NAMES else HINTED
    for phrases, rank, system, guarded in (
        (row.symbols, EXACT, None, False),
        (row.wordings, EXACT, None, False),
        (row.linux, EXACT, "linux", False),
        (row.macos, EXACT, "macos", False),
        (row.windows, EXACT, "windows", False),
        (row.guarded, EXACT, None, True),
        (row.hints, hinted, None, False),
    ):
        for words in phrases:
            yield Wording(words, words.strip("|@"), row, rank, system, guarded)


_SHORT = 4
"""A word of so many letters is in most texts."""


def _by_word() -> dict[str, list[Wording]]:
    """Wordings by the ASCII word of theirs that the fewest share; by "" where they have none.

    Measured: a third of the candidates that the longest word gives.
    """
    cut = [(wording, words_of(wording.plain)) for row in ERRORS for wording in _wordings(row)]
    weight: dict[str, int] = {}
    for _, words in cut:
        for word in words:
            weight[word] = weight.get(word, 1000 if len(word) <= _SHORT else 0) + 1
    found: dict[str, list[Wording]] = {"": []}
    for wording, words in cut:
        word = min(words, key=weight.__getitem__) if words else ""
        found.setdefault(word, []).append(wording)
    return found


BY_WORD = _by_word()
"""Wordings by one of their ASCII words, which is in any text that has the wording."""

WORDLESS = [(wording, frozenset(wording.plain)) for wording in BY_WORD.pop("")]
"""Wordings without an ASCII word, Chinese, Japanese, Russian, with their characters."""

BY_NAME = {row.name: row for row in ERRORS}

BY_PATTERN: dict[str, list[tuple[Sought, ErrorRow]]] = {}
"""Wordings with a hole in them by a word that must be in the text: the pattern, the row."""

WORDLESS_PATTERNS: list[tuple[str, Sought, ErrorRow]] = []
"""The same in other scripts: characters that must be in the text stand for the word."""

for _word, _pattern, _name in PATTERNS:
    if _word.isascii():
        BY_PATTERN.setdefault(_word, []).append((Sought(_pattern), BY_NAME[_name]))
    else:
        WORDLESS_PATTERNS.append((_word, Sought(_pattern), BY_NAME[_name]))

ANCHORS = NUMBER_WORDS.union(BY_WORD, (word for word, _, _ in PATTERNS), ["curl"])
"""A text without any of these words has no error (unless it is not ASCII)."""


# --- by number -----------------------------------------------------------------------


def _by_number(system: str, rows: Iterable[ErrorRow]) -> dict[int, ErrorRow]:
    """The rows that have a number on a system, by that number."""
    return {row.codes[system]: row for row in rows if system in row.codes}


def _by_unix_number(rows: Iterable[ErrorRow]) -> dict[int, tuple[ErrorRow, str | None]]:
    """By Linux's number, and by macOS's where it is free, with the system where they differ."""
    found: dict[int, tuple[ErrorRow, str | None]] = {}
    for row in rows:
        if "linux" in row.codes and row.name not in ("EINVAL", "ENOENT"):
            linux, macos = row.codes["linux"], row.codes["macos"]
            found[linux] = (row, "linux" if linux != macos else None)
            found.setdefault(macos, (row, "macos"))
    return found


_RESOLVER_ROWS = [row for row in ERRORS if row.name.startswith("EAI_")]
_SOCKET_ROWS = [row for row in ERRORS if row not in _RESOLVER_ROWS]

BY_UNIX = _by_unix_number(_SOCKET_ROWS)
BY_MACOS = _by_number("macos", _SOCKET_ROWS)
BY_WINSOCK = _by_number("windows", _SOCKET_ROWS)
BY_HTTP_SYS = {number: BY_NAME[name] for number, name in HTTP_SYS.items()}
BY_WINERROR = {number: BY_NAME[name] for number, name in WINERROR.items()}
BY_RESOLVER = _by_number("linux", _RESOLVER_ROWS)
BY_CHROMIUM = _by_number("chromium", ERRORS)
BY_LIBUV = {row.uv: row for row in ERRORS if row.uv}
BY_APPLE = {row.apple: row for row in ERRORS if row.apple}
BY_CURL = {number: BY_NAME[name] for number, name in CURL.items()}
