"""The argument parser of every command: argparse with clean messages."""

from __future__ import annotations

import argparse
import sys

from checks.cli import program
from checks.model.exits import USAGE
from checks.report.clean import line as clean
from checks.report.command import PROGRAM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from _typeshed import SupportsWrite


class Parser(argparse.ArgumentParser):
    """argparse, whose errors repeat what was typed: here without control characters.

    Arguments:
        command: one of the commands; "" for the diagnosis.
        usage: what follows the command on the line after "usage:".
        description: what the command does.
        epilog: examples, exit codes. They name this program in the documented form, and are
            shown with the one that was typed.
    """

    def __init__(self, command: str, usage: str, description: str, epilog: str = "") -> None:
        name = program.name()
        prog = f"{name} {command}".rstrip()
        super().__init__(
            prog=prog,
            usage=f"{prog} {usage}",
            description=description,
            epilog=epilog.replace(PROGRAM, name),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        """Write help, usage and version; argparse itself passes over a disk that is full."""
        (file or sys.stderr).write(message)

    def error(self, message: str) -> NoReturn:
        """Say in one line what is wrong, and where to read on; exit with 2."""
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: error: {clean(message)} (see --help)\n")


def add_output(parser: argparse.ArgumentParser, each: str) -> None:
    """Add what every command has: ``--json``, ``--quiet``, ``--no-color``.

    Arguments:
        parser: the command's.
        each: what one JSON object stands for.
    """
    parser.add_argument("--json", action="store_true", help=f"one JSON object {each}, one a line")
    parser.add_argument(
        "-q", "--quiet", action="store_true", help="print no report; the exit code is the answer"
    )
    parser.add_argument(
        "--no-color",
        action="store_true",
        help="no colours (also: set NO_COLOR; never used in a pipe)",
    )


def add_activate(parser: argparse.ArgumentParser) -> None:
    """Add the option that every command which connects has."""
    parser.add_argument(
        "--activate",
        action="store_true",
        help="also connect where that starts a service (socket units, inetd)",
    )


def number_of_seconds(text: str) -> float:
    """Read a time as people write it; -1 where it is none.

    float() takes more: digits of every script, underscores between them.
    """
    try:
        return float(text) if text.isascii() and "_" not in text else -1.0
    except ValueError:
        return -1.0
