"""Filling lines, without textwrap.

textwrap compiles patterns for hyphens and sentence ends that are not wanted
here; with the pattern module it would cost the default command about as much
as its whole probe.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def fill(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """Break a text into lines at its spaces.

    Arguments:
        text: one paragraph. Several spaces stay several, but at a line's end.
        width: the most columns of a line, prefixes included.
        first: what the first line begins with.
        rest: what the other lines begin with.

    Returns:
        at least one line. A word that is longer than a line is broken, but
        for a URL: in pieces it could not be copied.
    """
    lines = [first]
    gap = ""
    for word in _words(text, width - max(len(first), len(rest))):
        if gap and len(lines[-1]) + len(gap) + len(word) > width:
            lines.append(rest)
            gap = ""
        if word:
            lines[-1] += gap + word
            gap = ""
        gap += " "
    return lines


def _words(text: str, room: int) -> Iterator[str]:
    """The pieces between single spaces: an empty one for each further space."""
    room = max(room, 8)
    for word in text.split(" "):
        if "://" in word:
            yield word
            continue
        for start in range(0, max(len(word), 1), room):
            yield word[start : start + room]
