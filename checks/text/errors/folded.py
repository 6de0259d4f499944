"""A text as error messages are looked for in it: in lower case, cut into words, on one line."""

from __future__ import annotations

import re

from checks.address.scripts import has_letter
from checks.model.records import NamedTuple
from checks.text.errors.table import FILE_CALLS, FILE_SIGNS

_FILE_SYSCALL = rf"\bsyscall: '(?:{FILE_CALLS})'"

_PLAIN = {"\u2018": "'", "\u2019": "'", "\xa0": " ", "\u202f": " "}


words_of = re.compile(r"[a-z_][a-z0-9_]*").findall
"""The ASCII words of a text in lower case; texts and wordings are cut by the same rule."""


class Folded(NamedTuple):
    """A text in lower case, and its words, for all that look for words in it.

    Arguments:
        low: the text as :func:`fold` gives it.
        words: its ASCII words.
    """

    low: str
    words: frozenset[str]


def folded(text: str) -> Folded:
    """Fold a text and cut it into words, once for all readers.

    Arguments:
        text: any text.
    """
    low = fold(text)
    return Folded(low, frozenset(words_of(low)))


class FoldedText:
    """What holds for all of a text, worked out once.

    Arguments:
        low: the text as :func:`fold` gives it.
        words: its ASCII words.
    """

    def __init__(self, low: str, words: frozenset[str]) -> None:
        self.low = low
        self.words = words
        self.flat = low.replace("\n", " ")  # terminals wrap lines
        self.bare = len(low.strip(" \t\r\n.:;,()[]\"'"))
        """Its length without the punctuation around it."""
        self.on_file = "syscall" in words and bool(re.search(_FILE_SYSCALL, low, re.ASCII))
        """Whether Node says that the call was one on a file."""
        self.file_errors: set[str] = set()
        """Names of the rows that the text gives to a file or a log-in, not to a socket."""

    def is_about_file(self, end: int) -> bool:
        """Whether what follows an index shows that a file or a log-in was refused."""
        return self.on_file or bool(re.compile(FILE_SIGNS, re.ASCII).match(self.flat, end))


def fold(text: str) -> str:
    """Lower case and plain apostrophes and spaces, every index kept."""
    if text.isascii():
        return text.lower()
    return text.translate({ord(char): _fold_one(char) for char in set(text)})


def _fold_one(char: str) -> str:
    """A character in lower case, where that is one character and every Python knows it."""
    low = _PLAIN.get(char) or char.lower()
    if low == char or len(low) != 1:  # U+0130 becomes two characters
        return char
    return low if low in " '" or has_letter(char) else char
