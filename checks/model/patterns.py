"""Regular expressions that are compiled when they are first used, or first can match.

A pattern that most texts do not need should not cost the start of a command, and
``re.compile`` at each use costs more than many a search: it looks the pattern up
in the cache of :mod:`re`, which holds 512 and then drops the oldest.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from re import compile as lazy
else:

    class lazy:  # noqa: N801 - stands for re.compile, and is called alike
        """What ``re.compile`` returns, made at the first use of one of its methods.

        Arguments:
            pattern: the regular expression.
            flags: as of ``re.compile``.
        """

        __slots__ = ("_flags", "_pattern", "finditer", "fullmatch", "match", "search", "sub")

        def __init__(self, pattern, flags=0):
            self._pattern = pattern
            self._flags = flags

        def __getattr__(self, name):
            """Compile; called for a method that is not there yet, so once."""
            compiled = re.compile(self._pattern, self._flags)
            for method in ("finditer", "fullmatch", "match", "search", "sub"):
                setattr(self, method, getattr(compiled, method))
            return getattr(compiled, name)


__all__ = ["Sought", "has_any", "lazy", "needed", "sought"]

MOST = 24
"""So many strings are worth to be looked for before a pattern is."""

_ESCAPED = {"x": 4, "u": 6, "U": 10}
"""Characters of an escape that is a character by its number."""


def has_any(text: str, strings: tuple[str, ...]) -> bool:
    """Whether one of several strings is in a text: twice as fast as ``any`` of a generator.

    Arguments:
        text: any text.
        strings: as they are in it.
    """
    for string in strings:  # noqa: SIM110 - as the docstring says
        if string in text:
            return True
    return False


class Sought:
    """One of many patterns, most of which are in no text: a row of a table.

    It is worked out what the pattern needs when a text is first looked at, and the pattern
    is compiled for the first text that has that. ASCII and MULTILINE hold.

    Arguments:
        pattern: a regular expression.
    """

    __slots__ = ("_compiled", "_pattern", "_strings")

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._strings: tuple[str, ...] | None = None
        self._compiled: re.Pattern[str] | None = None

    def may_be_in(self, text: str) -> bool:
        """Whether a text has what the pattern needs."""
        if self._strings is None:
            self._strings = needed(self._pattern)
        return not self._strings or has_any(text, self._strings)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """As :meth:`re.Pattern.finditer`."""
        return self._regex().finditer(text) if self.may_be_in(text) else iter(())

    def search(self, text: str, first: int = 0, last: int | None = None) -> re.Match[str] | None:
        """As :meth:`re.Pattern.search`, between two places of the text."""
        if not self.may_be_in(text):
            return None
        return self._regex().search(text, first, len(text) if last is None else last)

    def _regex(self) -> re.Pattern[str]:
        if self._compiled is None:
            self._compiled = re.compile(self._pattern, re.ASCII | re.MULTILINE)
        return self._compiled


def sought(pattern: str) -> Sought:
    """The one object for a pattern; more of them are in use than :mod:`re` keeps."""
    found = _made.get(pattern)
    if found is None:
        if len(_made) >= _MOST_MADE:
            _made.clear()
        found = _made[pattern] = Sought(pattern)
    return found


_made: dict[str, Sought] = {}
_MOST_MADE = 2000
"""Twice what the tables have. Some patterns hold a port or a host: a stream has many."""


def needed(pattern: str) -> tuple[str, ...]:
    """Strings of which one is in every text that a pattern matches; none where it does not tell.

    To look for them first is quicker than to compile a pattern and to search with it.

    Arguments:
        pattern: a valid regular expression. Of one that ignores case nothing is told.
    """
    flags = pattern[2:].partition(")")[0] if pattern.startswith("(?") else ""
    if flags.isalpha() and "i" in flags:
        return ()
    found, _ = _alternatives(pattern, 0)
    return found if len(found) <= MOST and "" not in found else ()


def _alternatives(pattern: str, at: int) -> tuple[tuple[str, ...], int]:
    """What one of the branches from an index has, and where they end: at ")" or the end."""
    found: list[str] = []
    while True:
        of_branch, at = _branch(pattern, at)
        found += of_branch or ("",)
        if at == len(pattern) or pattern[at] == ")":
            return (() if "" in found else tuple(dict.fromkeys(found))), at
        at += 1


def _branch(pattern: str, at: int) -> tuple[tuple[str, ...], int]:
    """The best that a branch from an index tells, and the index of what ends it."""
    best: tuple[str, ...] = ()
    run = ""
    while at < len(pattern) and pattern[at] not in "|)":
        char, end = pattern[at], _end(pattern, at)
        written: tuple[str, ...] = ()
        if char == "(":
            written, end = _group(pattern, at)
        elif char == "\\":
            char = _escaped(pattern[at + 1 : end])
        elif char in "[.^$":
            char = ""
        repeat = pattern[end : end + 1]
        if len(char) == 1 and char != "(" and repeat not in _REPEATS:
            run, at = run + char, end
            continue
        if len(char) == 1 and char != "(" and repeat == "+":
            run += char
        best = _better(best, (run,))
        run = ""
        if repeat not in ("?", "*") and not pattern.startswith(("{0,", "{,"), end):
            best = _better(best, written)
        at = _end(pattern, end) if repeat in _REPEATS else end
        at += pattern[at : at + 1] == "?" and repeat in _REPEATS  # a lazy one
    return _better(best, (run,)), at


_REPEATS = ("?", "*", "+", "{")


def _group(pattern: str, at: int) -> tuple[tuple[str, ...], int]:
    """What a group has that begins at an index, and the index behind it."""
    end = _end(pattern, at)
    if not pattern.startswith("(?", at):
        return _alternatives(pattern, at + 1)[0], end
    if pattern.startswith("(?P<", at):
        return _alternatives(pattern, pattern.index(">", at) + 1)[0], end
    if pattern.startswith(("(?:", "(?="), at):
        return _alternatives(pattern, at + 3)[0], end
    return (), end


def _escaped(letters: str) -> str:
    """The character that an escape stands for; "" for a class or a place."""
    if letters[0] in _ESCAPED:
        return chr(int(letters[1:], 16))
    return "" if letters.isalnum() else letters


def _better(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """The one whose shortest string is longer."""
    return max(one, other, key=lambda strings: min(map(len, strings), default=0))


def _end(pattern: str, at: int) -> int:
    """The index behind the piece that begins at one: a group, a class, an escape, a repeat."""
    char = pattern[at]
    if char == "\\":
        return at + _ESCAPED.get(pattern[at + 1], 2)
    if char == "{":
        return pattern.find("}", at) + 1 or at + 1
    if char == "[":
        at += 2 if pattern.startswith("[^", at) else 1
        at += 1 if pattern.startswith("]", at) else 0
        while pattern[at] != "]":
            at += 2 if pattern[at] == "\\" else 1
        return at + 1
    if char == "(":
        at += 1
        while pattern[at] != ")":
            at = _end(pattern, at)
    return at + 1
