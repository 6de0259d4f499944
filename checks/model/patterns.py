"""Regular expressions that are compiled when they are first used.

A pattern that most texts do not need should not cost the start of a command, and
``re.compile`` at each use costs more than many a search: it looks the pattern up
in the cache of :mod:`re`, which holds 512 and then drops the oldest.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import compile as lazy
else:
    import re

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


__all__ = ["lazy", "literal_of"]

_ESCAPED = {"x": 4, "u": 6, "U": 10}
"""Characters of an escape that is a character by its number."""


def literal_of(pattern: str) -> str:
    """The longest run of characters that is in every text a pattern matches; "" for none known.

    To look for it first is quicker than to compile a pattern and to search with it.

    Arguments:
        pattern: a regular expression without flags. What is in a group is not looked at.
    """
    runs = [""]
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "|":
            return ""
        if char == "\\" and not pattern[at + 1].isalnum():
            runs[-1] += pattern[at + 1]
            at += 2
            continue
        if char in "?*{":  # what is before it may be absent
            runs[-1] = runs[-1][:-1]
        if char in "\\[({?*+.^$":
            runs.append("")
            at = _end(pattern, at)
            continue
        runs[-1] += char
        at += 1
    return max(runs, key=len)


def _end(pattern: str, at: int) -> int:
    """The index behind the piece of a pattern that begins at one: a group, a class, an escape."""
    char = pattern[at]
    if char == "\\":
        return at + _ESCAPED.get(pattern[at + 1], 2)
    if char == "{":
        return pattern.index("}", at) + 1
    if char == "[":
        at += 2 if pattern.startswith("[^") else 1
        at += 1 if pattern.startswith("]", at) else 0
        while pattern[at] != "]":
            at += 2 if pattern[at] == "\\" else 1
        return at + 1
    if char == "(":
        at += 1
        while pattern[at] != ")":
            at = _end(pattern, at)
    return at + 1
