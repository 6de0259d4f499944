"""The command line, from the parsers themselves: no option can be missing here.

``--help`` is not copied: its lines break by the width of a terminal. The parser's
actions are walked instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from checks.cli.commands import COMMANDS
from tools.site.markup import code, escape, fence, page, prose, table

if TYPE_CHECKING:
    import argparse

PATH = "reference/cli.md"


class Command(NamedTuple):
    """One command and its parser."""

    name: str
    """Empty for the diagnosis, which has no name."""
    says: str
    """What it does, as a heading."""
    parser: argparse.ArgumentParser

    @property
    def heading(self) -> str:
        """As a heading and an anchor have it."""
        return self.name or "checks TARGET"


def all_commands() -> list[Command]:
    """Return every command with its parser, the diagnosis first."""
    return [Command(each.name, _heading(each.says), each.load().parser()) for each in COMMANDS]


def _heading(says: str) -> str:
    text = says.partition(";")[0]
    return text[:1].upper() + text[1:]


def pages() -> dict[str, str]:
    """Return the page: path below docs to Markdown."""
    return {PATH: _page()}


def _page() -> str:
    commands = all_commands()
    intro = (
        "One program explains an address or an error, tests it on your machine, lists what"
        " listens there, finds a free port and waits for a server. It changes nothing.\n\n"
        "## Get the program { #get }\n\n{{ get }}\n\n"
        "From a clone of the repository the same program runs as `python3 -m checks`, which is how"
        " this site writes it. Installed as a package it is called `checks`.\n\n## Commands\n\n"
        + table(
            ("Command", "What it does"),
            ((f"[{code(one.heading)}](#{_anchor(one)})", one.says) for one in commands),
        )
    )
    common = (
        "The findings that the answers name are explained on [their pages](findings/index.md)."
        " What `--json` prints is described under [JSON](json.md)."
    )
    return page(
        "Command line",
        "Every command and option of checks, with examples and exit codes, made from the argument"
        " parsers themselves.",
        "\n\n".join([intro, common, *(_command(one) for one in commands)]),
    )


def _anchor(command: Command) -> str:
    return command.name or "diagnose"


def _command(command: Command) -> str:
    parser = command.parser
    parts = [
        f"## {command.says}: {code(command.heading)} {{ #{_anchor(command)} }}",
        fence(str(parser.usage), "text"),
        _description(parser.description or ""),
        *_lists(parser),
    ]
    if parser.epilog:
        parts.append(_description(parser.epilog))
    return "\n\n".join(parts)


def _description(text: str) -> str:
    """Paragraphs as prose; what is laid out in columns stays as it is."""
    blocks = text.strip("\n").split("\n\n")
    return "\n\n".join(
        fence(block) if "  " in block else prose(block) for block in blocks if block.strip()
    )


def _lists(parser: argparse.ArgumentParser) -> list[str]:
    """One list of what stands without a dash, one of the options; a phone shows both whole."""
    found = []
    actions = [action for action in parser._actions if action.help != "==SUPPRESS=="]
    for title, wanted in (("Arguments", False), ("Options", True)):
        rows = [
            f"{spelled(action)}\n:   {escape(_help(action))}"
            for action in actions
            if bool(action.option_strings) is wanted
        ]
        if rows:
            found += [f"**{title}**", "\n\n".join(rows)]
    return found


def spelled(action: argparse.Action) -> str:
    """Write how an argument is given: ``-n N``, ``--number N``."""
    value = _value(action)
    if not action.option_strings:
        return code(value or action.dest.upper())
    return ", ".join(code(f"{text} {value}".rstrip()) for text in action.option_strings)


def _value(action: argparse.Action) -> str:
    """The value as a reader writes it; in brackets where it may be left out."""
    if action.nargs == 0:
        return ""
    name = action.metavar if isinstance(action.metavar, str) else None
    if name is None and action.choices is not None:
        name = "{" + ",".join(map(str, action.choices)) + "}"
    name = name or action.dest.upper()
    if action.option_strings:
        return f"[{name}]" if action.nargs == "?" else name
    return {"?": f"[{name}]", "*": f"[{name}...]", "+": f"{name}..."}.get(str(action.nargs), name)


def _help(action: argparse.Action) -> str:
    """The help as one line, a full sentence or not as the parser has it."""
    text = " ".join((action.help or "").split())
    return text.replace("%(default)s", str(action.default)).replace("%%", "%")
