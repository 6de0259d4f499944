"""What every command knows of its terminal: its width, colours, and what it can show."""

from __future__ import annotations

import os
import sys

from checks.cli import program
from checks.report.clean import line as clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.report.style import Style


def reconfigure() -> None:
    """What a terminal cannot show is escaped, not an exception (PEP 528, PEP 538)."""
    for stream in (sys.stdout, sys.stderr):
        change = getattr(stream, "reconfigure", None)
        if change is not None:
            change(errors="backslashreplace")


def quote(text: str, limit: int = 60) -> str:
    """Text from outside, clean and in quotes, for a message of one line."""
    return f"'{clean(text, limit)}'"


def width() -> int | None:
    """Columns of the terminal that standard output is, at least 40; None where it is none."""
    if not sys.stdout.isatty():
        return None
    from shutil import get_terminal_size  # noqa: PLC0415 - loads the compression modules

    return max(40, get_terminal_size().columns)


def style(*, no_color: bool, system: str | None = None) -> Style:
    """How lines are drawn: colours only on a terminal that has not declined them.

    Arguments:
        no_color: whether the command line declined them.
        system: whose commands to show; None shows those of every system.
    """
    from checks.report.style import Style  # noqa: PLC0415 - only for people

    columns = width()
    colour = (
        columns is not None
        and not no_color
        and not os.environ.get("NO_COLOR")  # no-color.org: set and not empty
        and os.environ.get("TERM") != "dumb"
    )
    return Style(columns, colour=colour, system=system, program=program.name(), site=program.site())
