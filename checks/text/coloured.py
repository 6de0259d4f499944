"""Text with control sequences pasted along: read without them, and told where it has them.

A terminal's log has colours, and they stand inside of what is to be read: Vite prints
``http://localhost:`` and then the port in bold. A paste often has lost the escape character,
or has it spelled, and only ``[31m`` is left. So the sequences are taken out first, the rest is
read as any other text, and the spans are moved back.

Sources: ECMA-48 §5.4 (control sequences), §8.3.89 (OSC), §8.3.117 (SGR, the codes of colours);
ISO/IEC 2022 (``ESC ( B``); OSC 8, hyperlinks in terminals.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.text.endpoint import Endpoint
    from checks.text.reading import Reading
    from checks.text.settings import Setting
    from checks.text.tables import Row, Table

_SEQUENCE = re.compile(
    r"\x1b(?:\[[0-?]{0,32}[ -/]{0,4}[@-~]"
    r"|\][^\x07\x1b\n]{0,2000}(?:\x07|\x1b\\)"
    r"|[()][0-9A-B])"
)
_COLOUR = re.compile(r"\[(?:0?[0-47-9]|[2-4]\d|9[0-7]|10[0-7])(?:;\d{1,3}){0,8}m(?!\])", re.ASCII)
"""A colour without its escape character; ``[5m]`` is a time in PromQL."""
_SPELLED = ("\u241b", "^[", "\\u001b", "\\u001B", "\\x1b", "\\x1B", "\\033", "\\e")
"""How an escape character is spelled: by cat -v, by JSON, by shells."""


class Uncoloured(NamedTuple):
    """A text without its control sequences.

    Arguments:
        text: what is left.
        starts: where each stretch of it begins.
        places: where the same stretch begins in the text as it was pasted.
    """

    text: str
    starts: tuple[int, ...]
    places: tuple[int, ...]

    def span(self, span: tuple[int, int]) -> tuple[int, int]:
        """Return where a piece of this text is in the text as it was pasted."""
        first, last = span
        if first == last:
            return self._place(first), self._place(first)
        return self._place(first), self._place(last - 1) + 1

    def inner(self, span: tuple[int, int]) -> tuple[int, int]:
        """Return where a piece of the text as it was pasted is in this text."""
        return self._inner(span[0]), self._inner(span[1])

    def _inner(self, at: int) -> int:
        stretch = max(0, bisect_right(self.places, at) - 1)
        ends = (*self.starts[stretch + 1 : stretch + 2], len(self.text))
        return min(self.starts[stretch] + max(0, at - self.places[stretch]), ends[0])

    def _place(self, at: int) -> int:
        stretch = bisect_right(self.starts, at) - 1
        return self.places[stretch] + at - self.starts[stretch]


def uncoloured(text: str) -> Uncoloured | None:
    """Return a text without its control sequences; None where it has none.

    What begins like one and is none keeps its place, with a space for the escape character.

    Arguments:
        text: as it was pasted.
    """
    may_have = "\x1b" in text or ("[" in text and "m" in text)
    found = _sequences(text) if may_have else []
    if not found and "\x1b[" not in text:
        return None
    parts: list[str] = []
    starts, places = [0], [0]
    at = length = 0
    for first, last in found:
        parts.append(text[at:first])
        length += first - at
        at = last
        if starts[-1] == length:
            places[-1] = last
        else:
            starts.append(length)
            places.append(last)
    parts.append(text[at:])
    plain = "".join(parts).replace("\x1b", " ")
    return Uncoloured(plain, tuple(starts), tuple(places))


def bare(text: str) -> str:
    """Return a text, or a piece of one, without its control sequences."""
    plain = uncoloured(text)
    return text if plain is None else plain.text


def _sequences(text: str) -> list[tuple[int, int]]:
    """Where the control sequences are, in order and without overlaps."""
    found = [match.span() for match in _SEQUENCE.finditer(text)] if "\x1b" in text else []
    for match in _COLOUR.finditer(text):
        first = match.start()
        if text[first - 1 : first] != "\x1b":
            head = text[max(0, first - 6) : first]
            first -= max((len(one) for one in _SPELLED if head.endswith(one)), default=0)
            found.append((first, match.end()))
    found.sort()
    return [
        span for number, span in enumerate(found) if not number or span[0] >= found[number - 1][1]
    ]


def moved(one: Reading, text: str, plain: Uncoloured) -> Reading:
    """Return a reading of the text without sequences as one of the text with them.

    Arguments:
        one: of the text that is left.
        text: as it was pasted.
        plain: what is left of it.
    """
    banner = one.banner and one.banner._replace(span=plain.span(one.banner.span))
    return one._replace(
        endpoints=tuple(_end(end, text, plain) for end in one.endpoints),
        errors=tuple(
            error._replace(span=plain.span(error.span), text=text[slice(*plain.span(error.span))])
            for error in one.errors
        ),
        banner=banner,
        tables=tuple(_table(table, text, plain) for table in one.tables),
        settings=tuple(_setting(setting, text, plain) for setting in one.settings),
    )


def _end(end: Endpoint, text: str, plain: Uncoloured) -> Endpoint:
    span = plain.span(end.span)
    return end._replace(text=text[slice(*span)], span=span)


def _some(end: Endpoint | None, text: str, plain: Uncoloured) -> Endpoint | None:
    return None if end is None else _end(end, text, plain)


def _row(row: Row, text: str, plain: Uncoloured) -> Row:
    return row._replace(
        span=plain.span(row.span),
        local=_some(row.local, text, plain),
        peer=_some(row.peer, text, plain),
    )


def _table(table: Table, text: str, plain: Uncoloured) -> Table:
    return table._replace(
        span=plain.span(table.span),
        rows=tuple(_row(row, text, plain) for row in table.rows),
        about=_some(table.about, text, plain),
    )


def _setting(setting: Setting, text: str, plain: Uncoloured) -> Setting:
    return setting._replace(
        span=plain.span(setting.span),
        endpoint=_some(setting.endpoint, text, plain),
        far=_some(setting.far, text, plain),
    )
