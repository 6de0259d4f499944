"""The argument parser of every command: argparse with clean messages, options that several
commands have, and readers of values.
"""

from __future__ import annotations

import argparse
import sys

from checks import __version__, classify, ports
from checks.cli import program, terminal
from checks.model.exits import USAGE
from checks.report.clean import line as clean
from checks.report.style import PROGRAM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, NoReturn

    from _typeshed import SupportsWrite

    from checks.address.host import Host


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
            formatter_class=_formatter,
            allow_abbrev=False,
        )

    def format_help(self) -> str:
        """Write the help, as wide as the terminal."""
        self.formatter_class = argparse.RawDescriptionHelpFormatter
        return super().format_help()

    def format_usage(self) -> str:
        """Write the line of usage, as wide as the terminal."""
        self.formatter_class = argparse.RawDescriptionHelpFormatter
        return super().format_usage()

    def read(self, argv: Sequence[str]) -> dict[str, Any]:
        """Return the arguments by their names; ``--json`` is the format of that name."""
        found = vars(self._parsed(argv))
        if found.pop("json", False):
            found["format"] = "json"
        return found

    def _parsed(self, argv: Sequence[str]) -> argparse.Namespace:
        return self.parse_args(argv)

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        """Write help, usage and version; argparse itself passes over a disk that is full."""
        (file or sys.stderr).write(message)

    def error(self, message: str) -> NoReturn:
        """Say in one line what is wrong, and where to read on; exit with 2."""
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: error: {clean(message)} (see --help)\n")


def _formatter(prog: str) -> argparse.HelpFormatter:
    """For what is not printed: argparse makes a formatter to check each option that is added.

    Without a width it would ask for that of the terminal, by a module that takes 2 ms to load.
    """
    return argparse.RawDescriptionHelpFormatter(prog, width=80)


class TextsParser(Parser):
    """The parser of a command that takes texts: its options may be typed among them.

    Behind ``--`` everything is a text, as a paste may begin with a dash. The arguments are those
    of :class:`Parser`; the command adds its positional argument ``targets``.
    """

    def __init__(self, command: str, usage: str, description: str, epilog: str = "") -> None:
        super().__init__(command, usage, description, epilog)
        self.add_argument("--version", action="version", version=f"checks {__version__}")

    def _parsed(self, argv: Sequence[str]) -> argparse.Namespace:
        arguments = list(argv)
        if "--" in arguments:
            # parse_intermixed_args() parses twice and knows no "--" the second time. Until it is
            # done, a NUL, which no argument can hold, keeps what is behind from being an option.
            at = arguments.index("--")
            arguments[at:] = [f"\0{text}" for text in arguments[at + 1 :]]
        found = self.parse_intermixed_args(arguments)
        found.targets = tuple(text.removeprefix("\0") for text in found.targets)
        return found


def add_output(parser: argparse.ArgumentParser, each: str) -> None:
    """Add what every command has: ``--json``, ``--quiet``, ``--no-color``.

    Arguments:
        parser: the command's.
        each: what is printed then, as words of the help.
    """
    parser.set_defaults(format="text")
    parser.add_argument("--json", action="store_true", help=f"print {each}")
    parser.add_argument(
        "-q", "--quiet", action="store_true", help="print no report, only set the exit code"
    )
    parser.add_argument(
        "--no-color",
        action="store_true",
        help="no colours (also with NO_COLOR; a pipe never gets colours)",
    )


def add_activate(parser: argparse.ArgumentParser) -> None:
    """Add the option that every command which connects has."""
    parser.add_argument(
        "--activate",
        action="store_true",
        help="connect even if that starts a service (socket units, inetd)",
    )


def seconds(least: float, most: float) -> Callable[[str], float]:
    """Return a reader of seconds for argparse.

    Arguments:
        least: the smallest number allowed.
        most: the largest.
    """
    return lambda text: _seconds(text, least <= _number(text) <= most, f"{least:g} to {most:g}")


def some_seconds(most: float) -> Callable[[str], float]:
    """Return a reader of seconds for argparse that takes every time but 0.

    Arguments:
        most: the largest number allowed.
    """
    expected = f"more than 0 and at most {most:g}"
    return lambda text: _seconds(text, 0 < _number(text) <= most, expected)


def _seconds(text: str, fits: bool, expected: str) -> float:
    if not fits:
        raise argparse.ArgumentTypeError(
            f"{terminal.quote(text)} is not a time; expected seconds, {expected}"
        )
    return _number(text)


def _number(text: str) -> float:
    """A number as people write it; -1 where it is none.

    float() takes more: digits of every script, underscores between them.
    """
    try:
        return float(text) if text.isascii() and "_" not in text else -1.0
    except ValueError:
        return -1.0


def port(text: str) -> int:
    """Read one port for argparse; 0 is none."""
    number = ports.parse(text).number
    if not number:
        raise argparse.ArgumentTypeError(f"{terminal.quote(text)} is no port; expected 1 to 65535")
    return number


def port_ranges(text: str) -> list[tuple[int, int]]:
    """Read ``22,80,8000-8100`` for argparse: first and last port of each part.

    An end that is left out is the first or the last port: ``-1023``, ``-``.
    """
    found = []
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        low = port(first) if first or not dash else 1
        high = (port(last) if last else 65535) if dash else low
        if low > high:
            raise argparse.ArgumentTypeError(f"{terminal.quote(part)} ends before it begins")
        found.append((low, high))
    return found


def host(text: str) -> Host | None:
    """Read one address or name; None where it is neither, or where a port or a network is."""
    endpoints = classify(text).endpoints
    if len(endpoints) != 1 or endpoints[0].port is not None:
        return None
    found = endpoints[0].host
    return None if found is None or found.prefix_length is not None else found
