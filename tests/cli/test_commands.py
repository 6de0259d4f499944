"""The list of commands: what is in it can be asked for, and nothing else is a command."""

from __future__ import annotations

import pkgutil
import re

import pytest
from cli.terminal import run

from checks import cli
from checks.cli import commands
from checks.cli.commands import COMMANDS, DIAGNOSIS, Command
from checks.report import formats

every_command = pytest.mark.parametrize("command", COMMANDS, ids=lambda each: each.module)


@every_command
def test_a_command_is_a_module_with_three_functions(command: Command) -> None:
    """What the list says can be loaded, and has what the program asks of it."""
    module = command.load()
    assert all(callable(getattr(module, name)) for name in ("parser", "read", "run"))
    assert command.name in module.parser().prog


def test_every_module_of_a_command_is_in_the_list() -> None:
    """A command that no line of the list names could not be asked for."""
    found = {
        each.name
        for each in pkgutil.iter_modules(cli.__path__)
        if hasattr(Command(each.name, "", "").load(), "run")
    }
    assert found == {each.module for each in COMMANDS}


def test_the_help_has_every_way_to_call_the_program() -> None:
    """One line each, in the order of the list, none of them broken."""
    shown = run("--help").stdout.partition("commands:\n")[2].partition("\n\n")[0]
    lines = [re.split(r"  +", line.strip()) for line in shown.splitlines()]
    wanted = [
        [f"{each.name} {takes}".strip(), says]
        for each in COMMANDS
        for takes, says in ((each.takes, each.says), *each.also)
    ]
    assert lines == wanted


@every_command
def test_the_first_word_chooses(command: Command) -> None:
    """The rest is the command's; a diagnosis has no word and gets all."""
    argv = [command.name, "x", "-q"] if command.name else ["x", "-q"]
    assert commands.chosen(argv) == (command, ["x", "-q"])


@pytest.mark.parametrize("word", ["", "diagnose", "Listen", "--listen", "127.0.0.1", "-"])
def test_any_other_word_is_a_target(word: str) -> None:
    """Also the name of a module, and a command's name that comes later."""
    assert commands.chosen([word, "listen"]) == (DIAGNOSIS, [word, "listen"])
    assert commands.chosen([]) == (DIAGNOSIS, [])


@pytest.mark.parametrize("words", [["127.0.0.1:9"], ["listen", "--port", "1"]])
@pytest.mark.parametrize("form", formats.NAMES)
def test_json_is_stronger_than_another_format(words: list[str], form: str) -> None:
    """In every command that has both options."""
    command, arguments = commands.chosen(words)
    options = command.load().read([*arguments, "--json", "--format", form])
    assert options.format == "json"
