"""The list of commands: what each is called, what it takes and what it does.

A command is a module of this package with three functions, and a line of :data:`COMMANDS`:

- ``parser()`` makes its argument parser,
- ``read(argv)`` reads its arguments with it and returns them as a record,
- ``run(options)`` does what they say and returns the exit code.

The module of a command is imported when the command is asked for. No command changes anything:
no process is ended, no setting written, and no service started unless ``--activate`` is given.

argparse has subparsers, which are not used. The diagnosis has no command word, so that any text
may be its first argument; its options and texts stand in any order, which
``parse_intermixed_args()`` refuses to a parser with subparsers; and argparse needs the parsers of
all commands to be made before one is chosen, where a diagnosis of plain targets needs none.
"""

from __future__ import annotations

from importlib import import_module

from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType


class Command(NamedTuple):
    """One command.

    Arguments:
        name: the word that asks for it, and its module; empty for the diagnosis.
        takes: its arguments, as the help shows them.
        says: what it does, in a few words; before a semicolon in fewer.
        also: other ways to call it: what it takes then, and what it does.
    """

    name: str
    takes: str
    says: str
    also: tuple[tuple[str, str], ...] = ()

    @property
    def module(self) -> str:
        """The name of its module."""
        return self.name or "diagnose"

    def load(self) -> ModuleType:
        """Return its module."""
        return import_module(f"checks.cli.{self.module}")


DIAGNOSIS = Command("", "TARGET...", "classify, then test it on this machine")
COMMANDS = (
    DIAGNOSIS,
    Command("classify", "TEXT...", "classify only; no socket is opened",
            also=(("-", "classify each line of standard input"),)),
    Command("explain", "[WHAT]", "print the page of a finding, or the list"),
    Command("listen", "", "list every listener of this machine"),
    Command("scan", "[HOST]", "list the open TCP ports of this machine"),
    Command("free", "", "print a free port"),
    Command("wait", "TARGET", "wait until it answers, then run a command"),
    Command("completion", "SHELL", "print completions for bash, zsh or fish"),
)  # fmt: skip
"""Every command, in the order of the help."""

_BY_NAME = {each.name: each for each in COMMANDS if each.name}


def chosen(argv: Sequence[str]) -> tuple[Command, Sequence[str]]:
    """Return the command that the first argument names, and its arguments.

    Without such a word that is the diagnosis, with all arguments.
    """
    command = _BY_NAME.get(argv[0]) if argv else None
    return (command, argv[1:]) if command else (DIAGNOSIS, argv)


def overview() -> str:
    """Return the table of the help: a line for each way to call the program."""
    ways = [
        (f"{each.name} {takes}".strip(), says)
        for each in COMMANDS
        for takes, says in ((each.takes, each.says), *each.also)
    ]
    return "".join(f"  {way:<21}{says}\n" for way, says in ways)
