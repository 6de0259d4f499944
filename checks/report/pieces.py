"""The pasted text as the card shows it: each piece marked and tied to its row."""

from __future__ import annotations

from checks.model.records import NamedTuple
from checks.report import tokens
from checks.report.clean import line as clean
from checks.report.markup import Element, element
from checks.report.rows import Row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from checks.report import Report
    from checks.report.tokens import Token

MAX_SOURCE = 20_000
"""Characters of a pasted text that are shown again with its pieces marked."""
MOST_VALUES = 3
"""So many different values of one part, such as the path, are told."""

HIDDEN = "\u2022" * 8
"""Stands for a password, whatever its length."""

_HINT = "Point at or tap a marked word, or use the arrow keys, to see what it is."


class Pieces(NamedTuple):
    """The text of a report and its pieces.

    Arguments:
        text: what was pasted.
        tokens: its pieces, in its order.
    """

    text: str
    tokens: tuple[Token, ...]

    @property
    def several(self) -> bool:
        """Whether there is more than one piece, so that showing them tells something."""
        return len(self.tokens) > 1

    def row_at(self, place: int) -> str:
        """The row of the piece that begins at a place; "" where none does."""
        return next((one.row for one in self.tokens if one.span[0] == place), "")


def pieces_of(report: Report, most_causes: int) -> Pieces:
    """Find the pieces of a report's text.

    Arguments:
        report: whose text it is.
        most_causes: so many causes are told; the words of others are not marked.
    """
    causes = report.causes[:most_causes]
    found = tokens.tokens(report.classification, causes, MAX_SOURCE)
    return Pieces(report.classification.input, found)


def draw(pieces: Pieces, says: Mapping[str, str]) -> Iterator[Element]:
    """Yield the text with its pieces marked, and a place where one is explained.

    Arguments:
        pieces: of the text.
        says: what is said of the piece of a row, by the row's key; read out with the first
            piece of it. A piece whose row is missing says what it is by itself.
    """
    parts: list[Element | str] = []
    told: set[str] = set()
    at = 0
    for token in pieces.tokens:
        first, last = token.span
        parts += [lines(pieces.text[at:first]), _mark(token, pieces.text[first:last], says, told)]
        at = last
    parts.append(lines(pieces.text[at:MAX_SOURCE]))
    rest = len(pieces.text) - MAX_SOURCE
    if rest > 0:
        parts.append(f"… ({rest} more characters)")
    yield element(
        "pre",
        *parts,
        class_="answer-source",
        tabindex="0",
        role="group",
        aria_label="Your text, piece by piece",
    )
    yield element("p", _HINT, class_="answer-explained")


def _mark(token: Token, text: str, says: Mapping[str, str], told: set[str]) -> Element:
    shown = HIDDEN if token.kind == "password" else lines(text)
    if token.row in told:
        return element("mark", shown, data_token=token.row)
    told.add(token.row)
    known = says.get(token.row)
    own = token.says if token.kind in ("host", "port") or not known else ""
    said = clean("; ".join(filter(None, (own, known))), 200)
    words = f"{token.kind}: {said}" if said else token.kind
    hidden = element("span", f" ({words})", class_="answer-hidden")
    return element("mark", shown, hidden, data_token=token.row)


def lines(text: str) -> str:
    """Text with its line breaks and tabs; every other control character is made visible."""
    text = text.replace("\r\n", "\n")
    if text.isascii() and text.replace("\n", "").isprintable() and len(text) <= MAX_SOURCE:
        return text  # as nearly every piece is
    if "\t" in text:
        return "\t".join(map(lines, text.split("\t")))
    return "\n".join(clean(part, MAX_SOURCE) for part in text.split("\n"))


def masked(text: str) -> str:
    """Return words of a text without the passwords in them.

    Arguments:
        text: some words of what was pasted.
    """
    shown, at = [], 0
    for first, last in tokens.secrets(text):
        shown += [text[at:first], HIDDEN]
        at = last
    return "".join([*shown, text[at:]])


_LABELS = {kind: kind.capitalize() for kind in tokens.PARTS}


def rows_of(pieces: Pieces) -> Iterator[tuple[str, list[Row]]]:
    """Yield the rows of the parts that are no endpoint: key, and one row for each value."""
    found: dict[str, dict[str, str]] = {}
    for token in pieces.tokens:
        if token.kind in _LABELS:
            text = HIDDEN if token.kind == "password" else pieces.text[slice(*token.span)]
            found.setdefault(token.kind, {}).setdefault(text, token.says)
    for kind in tokens.PARTS:
        if kind in found:
            yield kind, [*_part(kind, found[kind])]


def _part(kind: str, values: Mapping[str, str]) -> Iterator[Row]:
    label = _LABELS[kind]
    for number, (value, says) in enumerate([*values.items()][:MOST_VALUES]):
        yield Row("" if number else label, clean(value, 200), says if not number else "")
    if len(values) > MOST_VALUES:
        yield Row("", note=f"and {len(values) - MOST_VALUES} more")
