"""What every command knows of its terminal: its width, colours, what it can show, and notes on it.

A note is written to standard error, and only where that is a terminal.
"""

from __future__ import annotations

import os
import sys

from checks.cli import program
from checks.report.clean import line as clean
from checks.report.style import Style

TYPE_CHECKING = False
if TYPE_CHECKING:
    from threading import Timer

_CLEARED = "\r\x1b[K"
"""Takes back what was written on the line."""


def reconfigure() -> None:
    """What a terminal cannot show is escaped, not an exception (PEP 528, PEP 538)."""
    for stream in (sys.stdout, sys.stderr):
        change = getattr(stream, "reconfigure", None)
        if change is not None:
            change(errors="backslashreplace")


def quote(text: str, limit: int = 60) -> str:
    """Text from outside, clean and in quotes, for a message of one line."""
    return f"'{clean(text, limit)}'"


def complain(text: str) -> None:
    """Say on standard error what was wrong."""
    print(f"checks: {text}", file=sys.stderr, flush=True)


def size() -> os.terminal_size:
    """Columns and lines of the terminal, or what COLUMNS and LINES say."""
    from shutil import get_terminal_size  # noqa: PLC0415 - not in a pipe: 3 ms of compression

    return get_terminal_size()


def width() -> int | None:
    """Columns of the terminal that standard output is, at least 40; None where it is none."""
    return max(40, size().columns) if sys.stdout.isatty() else None


def style(*, no_color: bool, system: str | None = None) -> Style:
    """How lines are drawn: colours only on a terminal that has not declined them.

    Arguments:
        no_color: whether the command line declined them.
        system: whose commands to show; None shows those of every system.
    """
    columns = width()
    colour = (
        columns is not None
        and not no_color
        and not os.environ.get("NO_COLOR")  # no-color.org: set and not empty
        and os.environ.get("TERM") != "dumb"
    )
    return Style(columns, colour=colour, system=system, program=program.name(), site=program.site())


class Progress:
    """One line, rewritten in place, gone at the end.

    Arguments:
        quiet: whether it stays silent in any case.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self.on = not quiet and sys.stderr.isatty()
        self.said = ""

    def say(self, text: str) -> None:
        """Show *text*, which must be clean, in place of what was said before."""
        if not self.on or text == self.said:
            return
        room = max(20, size().columns) - 1
        shown = text if len(text) <= room else f"{text[: room - 1]}…"
        self.said = text  # first, so that an interrupt of the writing clears it as well
        print(f"{_CLEARED}{shown}", end="", file=sys.stderr, flush=True)

    def note(self, text: str) -> None:
        """Leave *text*, which must be clean, above the line, for good."""
        if self.on:
            self._clear()
            print(text, file=sys.stderr, flush=True)

    def _clear(self) -> None:
        if self.said:
            print(_CLEARED, end="", file=sys.stderr, flush=True)
            self.said = ""

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self._clear()


class Waiting:
    """Says, after a second, what is being waited for.

    Arguments:
        target: as it was typed.
    """

    def __init__(self, target: str) -> None:
        self.target = target
        self.timer: Timer | None = None
        self.said = False

    def __enter__(self) -> None:
        if not sys.stderr.isatty():
            return
        from threading import Timer  # noqa: PLC0415 - not in a pipe

        timer = Timer(1.0, self._say)
        timer.daemon = True
        try:
            timer.start()
        except RuntimeError:  # no thread is to be had: the answer comes without the note
            return
        self.timer = timer

    def _say(self) -> None:
        self.said = True
        print(f"\rwaiting for {clean(self.target, 60)} …", end="", file=sys.stderr, flush=True)

    def __exit__(self, *_: object) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer.join()
        if self.said:
            print(_CLEARED, end="", file=sys.stderr, flush=True)
