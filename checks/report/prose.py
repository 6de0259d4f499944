"""The words of a step as elements of the card: commands in the text, and where a line may break.

An option is not broken at its hyphen, and a long word, such as a path, begins a line of its own
before it is broken at its punctuation. None of this is part of what is copied.
"""

from __future__ import annotations

from checks.report.clean import line as clean
from checks.report.markup import Element, element

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

LONG = 16
"""A word of more characters may have to be broken on a phone."""
_BREAKS = frozenset("/_.=,:?&+")
"""After these a long word may be broken."""


def prose(text: str) -> Iterator[Element | str]:
    """Yield a sentence with what it has in backticks as code.

    Arguments:
        text: of this program, with parts of what was pasted.
    """
    parts = clean(text).split("`")
    if len(parts) % 2 == 0:  # a backtick of the text that was pasted
        parts = ["`".join(parts)]
    for number, part in enumerate(parts):
        if number % 2:
            yield element("code", *words(part))
        elif part:
            yield from words(part)


def words(text: str) -> Iterator[Element | str]:
    """Yield a command or a sentence, its options and its long words kept whole where they fit.

    Arguments:
        text: clean.
    """
    plain = ""
    for number, word in enumerate(text.split(" ")):
        plain += " " if number else ""
        if len(word) > LONG or "-" in word:
            if plain:
                yield plain
            plain = ""
            yield element("span", *_breakable(word), class_="answer-word")
        else:
            plain += word
    if plain:
        yield plain


def _breakable(word: str) -> Iterator[Element | str]:
    """A word with the places where it may be broken."""
    if len(word) <= LONG:
        yield word
        return
    part = ""
    for character, following in zip(word, f"{word[1:]} ", strict=True):
        part += character
        if character in _BREAKS and following not in _BREAKS and following != " ":
            yield part
            yield element("wbr")
            part = ""
    if part:
        yield part
