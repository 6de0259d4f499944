"""Errors by the words that programs print for them: names, sentences, sentences with a hole."""

from __future__ import annotations

import re
from itertools import islice

from checks.address.scripts import has_letter
from checks.text.errors import index
from checks.text.errors.index import EXACT, NUMBERED, VAGUE, Hit
from checks.text.errors.table import SOCKET_WORDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.text.errors.folded import FoldedText
    from checks.text.errors.index import Wording
    from checks.text.errors.table import ErrorRow


MAX_PLACES = 20
"""So many places of one wording are looked at; a log repeats itself."""


def hits(text: FoldedText) -> Iterator[Hit]:
    """Every place of every name and wording of the table that the text has."""
    yield from _worded(text)
    yield from _patterned(text)
    if "curl" in text.words:
        yield from _of_curl(text)


def _worded(text: FoldedText) -> Iterator[Hit]:
    """The places of names and wordings."""
    has_socket_word = not SOCKET_WORDS.isdisjoint(text.words)
    for wording in _candidates(text):
        length = len(wording.plain)
        for start in islice(_places(text, wording), MAX_PLACES):
            end = start + length
            if wording.row.guarded and text.is_about_file(end):
                text.file_errors.add(wording.row.name)
            elif has_socket_word or not wording.guarded:
                yield Hit(wording.rank, start, end, wording.row, wording.system)


def _candidates(text: FoldedText) -> Iterator[Wording]:
    """The wordings that stand somewhere in the text, perhaps inside another word."""
    flat = text.flat
    for word in text.words & index.BY_WORD.keys():
        for wording in index.BY_WORD[word]:
            if wording.plain in flat:
                yield wording
    if not flat.isascii():
        characters = set(flat)
        for wording, needed in index.WORDLESS:
            if needed <= characters and wording.plain in flat:
                yield wording


def _places(text: FoldedText, wording: Wording) -> Iterator[int]:
    """Each index of the wording as whole words, what its mark asks for before it."""
    flat, needle = text.flat, wording.plain
    start = flat.find(needle)
    while start >= 0:
        end = start + len(needle)
        if (
            not (_is_inside_word(flat, start) or _is_inside_word(flat, end))
            and _may_follow(text.low, start, wording.words[0])
            and not (wording.words[-1] == "|" and _is_before_word(text.low, end))
        ):
            yield start
        start = flat.find(needle, start + 1)


def _may_follow(low: str, start: int, mark: str) -> bool:
    """Whether what is before an index is what the mark asks for."""
    if mark == "|":
        before = low[max(0, start - 2) : start]
        return not (before[-1:] == " " and (_is_alnum(before[0]) or before[0] in "'\"`)"))
    if mark == "@":
        words = low[max(0, start - 260) : start].split()  # a name has 253 characters at most
        return bool(words) and (words[-1] == "localhost" or bool(re.search(_HOST, words[-1])))
    return True


_HOST = "[0-9a-z_\x80-\U0010ffff][.:]\\S"
"""A dot or colon inside a word, as a host has it: a name of any script, or an address."""


def _is_before_word(low: str, end: int) -> bool:
    """Whether a space and a word follow this index."""
    return low[end : end + 1] == " " and _is_alnum(low[end + 1 : end + 2])


_ASCII_WORD = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")


def _is_inside_word(flat: str, at: int) -> bool:
    """Whether an ASCII word goes on across this index."""
    return 0 < at < len(flat) and flat[at - 1] in _ASCII_WORD and flat[at] in _ASCII_WORD


def _is_alnum(char: str) -> bool:
    """Whether a character, or none, is a letter or a digit; the same on every interpreter."""
    return char.isalnum() if char.isascii() else has_letter(char)


def _patterned(text: FoldedText) -> Iterator[Hit]:
    """Wordings with a hole in them."""
    rows = [row for word in text.words & index.BY_PATTERN.keys() for row in index.BY_PATTERN[word]]
    if not text.low.isascii():
        rows += [(p, row) for part, p, row in index.WORDLESS_PATTERNS if part in text.low]
    for pattern, row in rows:
        for match in islice(pattern.finditer(text.low), MAX_PLACES):
            if not _is_inside_word(text.low, match.start()):
                yield Hit(_rank(row, EXACT), *match.span(), row, None)


def _of_curl(text: FoldedText) -> Iterator[Hit]:
    """curl's exit codes: ``curl: (7)``."""
    found = re.finditer(r"curl(?:: \(| error )([0-9]{1,2})\b\)?", text.low, re.ASCII)
    for match in islice(found, MAX_PLACES):
        row = index.BY_CURL.get(int(match[1]))
        if row:
            yield Hit(_rank(row, NUMBERED), *match.span(), row, None)


def _rank(row: ErrorRow, rank: int) -> int:
    """The rank, but for the rows that only say that there is no connection or no listener."""
    return VAGUE if row.name in index.VAGUE_NAMES else rank
