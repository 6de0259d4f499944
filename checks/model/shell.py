"""Words of a command line, quoted for a shell.

``shlex.quote`` does the same, but its module costs 2 ms to import.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:/-_=@%+,")


def quoted(word: str) -> str:
    """Return one word of a POSIX shell (XCU §2.2.2): between single quotes nothing is special."""
    if word and _SAFE.issuperset(word):
        return word
    return "'" + word.replace("'", "'\"'\"'") + "'"


def joined(words: Iterable[str]) -> str:
    """Return a command line that a shell takes apart into the words again."""
    return " ".join(map(quoted, words))
