"""Words of a command line, quoted for a shell.

``shlex.quote`` does the same, but its module costs 2 ms to import.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:/-_=@%+,")

_LONGEST = 200
"""Characters of a name or a path; what is longer is not typed again."""


def quoted(word: str) -> str:
    """Return one word of a POSIX shell (XCU §2.2.2): between single quotes nothing is special."""
    if word and _SAFE.issuperset(word):
        return word
    return "'" + word.replace("'", "'\"'\"'") + "'"


def is_typable(word: str) -> bool:
    """Whether a name or path from outside can be typed and shown: no control character, no option.

    Letters are those of ASCII and of the Latin blocks after it; what others look like, and which
    way they run, differs from terminal to terminal.
    """
    return (
        0 < len(word) <= _LONGEST
        and word[0] != "-"
        and all(" " <= each <= "~" or "\u00c0" <= each <= "\u024f" for each in word)
    )


def joined(words: Iterable[str]) -> str:
    """Return a command line that a shell takes apart into the words again."""
    return " ".join(map(quoted, words))
