"""How text for a person is drawn: its width, its colours, whose commands it shows.

A report is made on one machine and read on another, so its commands name this program in the
documented form. Only where text is drawn for the one who started it does the name become the
one that was typed (:mod:`checks.cli.program`).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from checks.report.rows import Row

PROGRAM = "python3 -m checks"
"""This program in commands: the form that works in a bare clone."""

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


def spoken(command: str, program: str) -> str:
    """Return a command with this program named as it was started.

    Arguments:
        command: one command line. Only one that begins with :data:`PROGRAM`, or with ``sudo``
            before it, is this program's; what it repeats of an input is left as it is.
        program: how it was started.
    """
    for before in ("", "sudo "):
        begin = before + PROGRAM
        if command == begin or command.startswith(f"{begin} "):
            return before + program + command[len(begin) :]
    return command


def fill(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """Break a text into lines at its spaces.

    textwrap compiles patterns for hyphens and sentence ends that are not wanted here; with the
    pattern module it would cost the default command about as much as its whole probe.

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
