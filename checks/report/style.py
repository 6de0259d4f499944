"""How text for a person is drawn: its width, its colours, whose commands it shows."""

from __future__ import annotations

from checks.report.command import PROGRAM
from checks.report.fill import fill

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from checks.report.rows import Row

LABEL = 13
"""Columns of the labels on the left."""

COLOURS = {"ok": "32", "info": "36", "notice": "34", "warning": "33", "error": "31"}


class Style:
    """How lines are drawn.

    Arguments:
        columns: of the terminal; None where there is none, as in a pipe. Lines of prose fill
            at least 40 and at most 100 of them.
        colour: whether to write colour sequences (SGR, ECMA-48 §8.3.117).
        system: the operating system whose commands are shown: ``linux``,
            ``macos``, ``windows``; None shows all, each with its name.
        program: how the reader starts this program.
        site: the root of the site to link to; None for that of this build.
    """

    def __init__(
        self,
        columns: int | None = None,
        *,
        colour: bool = False,
        system: str | None = None,
        program: str = PROGRAM,
        site: str | None = None,
    ) -> None:
        self.columns = columns
        self.width = 80 if columns is None else max(40, min(columns, 100))
        self.colour = colour
        self.system = system
        self.program = program
        self.site = site

    def paint(self, text: str, code: str) -> str:
        """Colour *text*, which must be clean, where colours are on."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text

    def wrap(self, text: str, indent: int = 0) -> list[str]:
        """Break *text* into lines; continuation lines are indented like the first."""
        room = self.width - indent
        return fill(text, room)

    def row(self, label: str, text: str) -> Iterator[str]:
        """A label and its text; an empty label continues the one above."""
        for number, part in enumerate(self.wrap(text, LABEL + 2)):
            shown = label if number == 0 else ""
            yield f"  {self.paint(shown.ljust(LABEL), '2') if shown else ' ' * LABEL}{part}"

    def draw(self, known: Iterable[Row]) -> Iterator[str]:
        """Rows as lines, in their order."""
        for row in known:
            said = "  ".join(filter(None, (row.value, row.note)))
            yield from self.row(row.label, f"{row.reader:<10} {said}" if row.reader else said)
