"""The commands beside the diagnosis: listen, scan, free, wait, completion.

Each module has ``parser()``, which makes its argument parser, and
``run(options)``, which returns the exit code. They are imported one at a time,
by the command that is asked for. None of them changes anything: no process is
ended, no setting written, and no service started unless ``--activate`` is given.
"""

from __future__ import annotations

import sys

from checks.cli import program, terminal
from checks.cli.parser import Parser, number_of_seconds
from checks.model import exits

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence
    from types import ModuleType

NAMES = ("listen", "scan", "free", "wait", "completion")

OK, WRONG, USAGE, UNSEEN = exits.OK, exits.WRONG, exits.USAGE, exits.FAILED
"""UNSEEN: what was asked for could not be looked at."""

TIMED_OUT = exits.TIMED_OUT


def module(name: str) -> ModuleType:
    """Return the module of a command, by name."""
    from importlib import import_module  # noqa: PLC0415 - one command, one import

    return import_module(f"checks.cli.{name}")


def main(argv: Sequence[str]) -> int:
    """Do what the arguments say.

    Arguments:
        argv: the command's name, then its arguments.

    Returns:
        the exit code.
    """
    name, *arguments = argv
    command = module(name)
    split = getattr(command, "split", None)  # only wait has arguments that are not its own
    rest: list[str] = []
    if split is not None:
        arguments, rest = split(arguments)
    options = command.parser().parse_args(arguments)
    options.rest = rest
    program.site()  # a bad setting is told before anything is asked
    return int(command.run(options))


def new_parser(
    name: str, usage: str, description: str, epilog: str = ""
) -> argparse.ArgumentParser:
    """Return a parser that writes as the others do.

    Arguments:
        name: the command.
        usage: what follows the name on the usage line.
        description: what it does.
        epilog: examples and exit codes.
    """
    return Parser(name, usage, description, epilog)


def seconds(least: float, most: float) -> Callable[[str], float]:
    """Return a reader of seconds for argparse.

    Arguments:
        least: the smallest number allowed.
        most: the largest.
    """

    def read(text: str) -> float:
        import argparse  # noqa: PLC0415 - as above

        value = number_of_seconds(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(
                f"{terminal.quote(text)} is not a time; expected seconds, {least:g} to {most:g}"
            )
        return value

    return read


def port(text: str) -> int:
    """Read one port for argparse; 0 is none."""
    from checks import ports  # noqa: PLC0415 - only here

    number = ports.parse(text).number
    if not number:
        import argparse  # noqa: PLC0415 - as above

        raise argparse.ArgumentTypeError(f"{terminal.quote(text)} is no port; expected 1 to 65535")
    return number


def ranges(text: str) -> list[tuple[int, int]]:
    """Read ``22,80,8000-8100`` for argparse: first and last port of each part.

    An end that is left out is the first or the last port: ``-1023``, ``-``.
    """
    found = []
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        low = port(first) if first or not dash else 1
        high = (port(last) if last else 65535) if dash else low
        if low > high:
            import argparse  # noqa: PLC0415 - as above

            raise argparse.ArgumentTypeError(f"{terminal.quote(part)} ends before it begins")
        found.append((low, high))
    return found


def complain(text: str) -> None:
    """Say on standard error what was wrong."""
    print(f"checks: {text}", file=sys.stderr, flush=True)


class Progress:
    """One line on a terminal's standard error, rewritten in place, gone at the end.

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
        from shutil import get_terminal_size  # noqa: PLC0415 - only on a terminal

        room = max(20, get_terminal_size().columns) - 1
        shown = text if len(text) <= room else f"{text[: room - 1]}…"
        self.said = text  # first, so that an interrupt of the writing clears it as well
        print(f"\r\x1b[K{shown}", end="", file=sys.stderr, flush=True)

    def note(self, text: str) -> None:
        """Leave *text*, which must be clean, above the line, for good."""
        if self.on:
            self._clear()
            print(text, file=sys.stderr, flush=True)

    def _clear(self) -> None:
        if self.said:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            self.said = ""

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self._clear()
