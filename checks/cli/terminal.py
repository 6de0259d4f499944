"""What every command knows of its terminal: its width, colours, what it can show, and notes on it.

A note is written to standard error, and only where that is a terminal.
"""

from __future__ import annotations

import codecs
import os
import sys

from checks.cli import program
from checks.report.clean import line as clean
from checks.report.style import Style

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Timer
    from typing import TextIO

_PLAIN = {"§": "section ", "·": "-", "…": "...", "’": "'"}
"""What is written beside ASCII, and what is written for it where that cannot be."""


def reconfigure() -> None:
    """Have the streams write all that there is, whatever their encoding (PEP 528, PEP 538).

    A pipe of Windows has the code page of its windows (cp1252), and what reads it has mostly
    that of its consoles (cp850). In both ASCII is the same, so that it is used for our marks.
    """
    for stream in (sys.stdout, sys.stderr):
        change = getattr(stream, "reconfigure", None)
        if change is None:
            continue
        in_pipe = program.system() == "windows" and not stream.isatty()
        if in_pipe and codecs.lookup(stream.encoding).name != "utf-8":
            codecs.register_error("checks", _replacing(stream.encoding))
            change(encoding="ascii", errors="checks")
        else:
            codecs.register_error("checks", _replacing())
            change(errors="checks")


def _replacing(code_page: str = "") -> Callable[[UnicodeError], tuple[str | bytes, int]]:
    """What to write for that which an encoding lacks: our marks in ASCII, the rest escaped.

    Arguments:
        code_page: what the rest is written in as far as it can be; "" for nothing more.
    """

    def replace(error: UnicodeError) -> tuple[str | bytes, int]:
        if not isinstance(error, UnicodeEncodeError):
            raise error
        marks = error.object[error.start : error.end]
        text = "".join(_PLAIN.get(mark, mark) for mark in marks)
        if code_page:
            return text.encode(code_page, "backslashreplace"), error.end
        return text.encode("ascii", "backslashreplace").decode("ascii"), error.end

    return replace


def write_utf8() -> None:
    """Have standard output write UTF-8, for a document that says of itself that it is."""
    change = getattr(sys.stdout, "reconfigure", None)
    if change is not None:
        change(encoding="utf-8", errors="backslashreplace")


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


def is_rewritable(stream: TextIO) -> bool:
    """Whether a line can be written again in place: on a terminal that is more than a printer.

    ``TERM=dumb`` says that it is not: terminfo(5), of an editor's own terminal for example.
    """
    return stream.isatty() and not _is_dumb()


def _is_dumb() -> bool:
    """Whether the terminal can print and nothing else, or nobody says what it can.

    Windows sets no TERM.
    """
    term = os.environ.get("TERM")
    return term == "dumb" or (not term and os.name != "nt")


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
        and not _is_dumb()
    )
    return Style(columns, colour=colour, system=system, program=program.name(), site=program.site())


class Progress:
    """One line on standard error, rewritten in place, gone at the end.

    It is cleared by blanks, not by an escape sequence, which an old console of Windows would
    print, and which ``NO_COLOR`` may be meant to keep out.

    Arguments:
        quiet: whether it stays silent in any case.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self.on = not quiet and is_rewritable(sys.stderr)
        self.said = ""

    def say(self, text: str) -> None:
        """Show *text*, which must be clean, in place of what was said before."""
        if not self.on or text == self.said:
            return
        room = _room()
        shown = text if len(text) <= room else f"{text[: room - 1]}…"
        before = self.said
        self.said = text  # first, so that an interrupt of the writing clears it as well
        print(f"{_cleared() if before else ''}{shown}", end="", file=sys.stderr, flush=True)

    def note(self, text: str) -> None:
        """Leave *text*, which must be clean, above the line, for good."""
        if self.on:
            self.clear()
            print(text, file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Take back what was said."""
        if self.said:
            print(_cleared(), end="", file=sys.stderr, flush=True)
            self.said = ""

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()


def _room() -> int:
    """Columns for a line that is taken back: the last one may wrap."""
    return max(20, size().columns) - 1


def _cleared() -> str:
    """Takes back what is on the line."""
    return f"\r{' ' * _room()}\r"


class Waiting:
    """Says, after a second, what is being waited for.

    Arguments:
        target: as it was typed.
        quiet: whether it stays silent in any case.
    """

    def __init__(self, target: str, *, quiet: bool = False) -> None:
        self.target = target
        self.timer: Timer | None = None
        self.progress = Progress(quiet=quiet)

    def __enter__(self) -> None:
        if not self.progress.on:
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
        self.progress.say(f"waiting for {clean(self.target, 60)} …")

    def __exit__(self, *_: object) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer.join()
        self.progress.clear()
