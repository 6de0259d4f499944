"""checks free: ports that a server can have, and why these."""

from __future__ import annotations

import argparse
import sys

from checks import ports as classes
from checks.cli import answers, terminal
from checks.cli.parser import Parser, add_output, host, port, port_ranges
from checks.model.exits import OK, USAGE, WRONG
from checks.model.records import NamedTuple
from checks.model.words import SCHEMA
from checks.probe import free as probe
from checks.probe import machine, targets
from checks.report.clean import line as clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from checks.model.evidence import Machine
    from checks.probe.free import Choice, Place, Search

DESCRIPTION = """\
Print free ports for a server. Each was bound for a moment, for IPv4 and IPv6,
is outside this system's ephemeral range, and is no program's known default.

Standard output has only the numbers, one per line. The reasons are printed on
standard error if that is a terminal.
"""

EPILOG = """\
A port that is free now may be in use a moment later: nothing reserves it until
your program binds it. If your program can, let it bind port 0 instead and read
from the socket which port it got.

examples:
  PORT=$(python3 -m checks free)
  python3 -m checks free -n 3
  python3 -m checks free --range 3000-3999 --bind 0.0.0.0

exit codes: 0 as many as requested · 1 fewer or none · 2 usage
"""

_PAIRS = {
    (4, 0x7F000001): targets.LOOPBACKS,
    (6, 1): targets.LOOPBACKS,
    (4, 0): targets.WILDCARDS,
    (6, 0): targets.WILDCARDS,
}
"""Addresses that have a counterpart in the other family; both are tried."""


class Options(NamedTuple):
    """The arguments, by the names that the parser gives them."""

    format: str
    quiet: bool
    no_color: bool
    number: int
    range: tuple[int, int] | None
    bind: str


def parser() -> Parser:
    """Return the parser of the arguments."""
    made = Parser("free", "[OPTION...]", DESCRIPTION, EPILOG)
    add_output(made, "one JSON object per port and line")
    made.add_argument(
        "-n", "--number", type=port, default=1, metavar="N", help="how many (default 1)"
    )
    made.add_argument(
        "--range",
        type=_range,
        metavar="A-B",
        help="choose from these; what speaks against one is then said, not decided",
    )
    made.add_argument(
        "--bind",
        default="127.0.0.1",
        metavar="ADDR",
        help="the address to bind (default 127.0.0.1 and ::1; 0.0.0.0 tries :: as well)",
    )
    return made


def _range(text: str) -> tuple[int, int]:
    found = port_ranges(text)
    if len(found) != 1:
        raise argparse.ArgumentTypeError(
            f"{terminal.quote(text)} is not one range such as 3000-3999"
        )
    return found[0]


def read(argv: Sequence[str]) -> Options:
    """Read the arguments."""
    return Options(**parser().read(argv))


def run(options: Options) -> int:
    """Search, print, and say why."""
    facts = machine.facts()
    places = _places(options.bind, facts)
    if places is None:
        terminal.complain(
            f"{terminal.quote(options.bind)} is no address; expected one such as 127.0.0.1 or ::"
        )
        return USAGE
    found = probe.search(places, facts, options.number, options.range)
    if _named(options.bind) in _lacking(found):
        found = found._replace(choices=())  # the other family is no answer to this address
    reasons = _reasons(found, facts, options)
    _print(found.choices, reasons, options)
    if len(found.choices) < options.number:
        terminal.complain(_short(found, options, places))
        return WRONG
    if not options.quiet and options.format != "json" and sys.stderr.isatty():
        for line in _told(found.choices, reasons):
            print(line, file=sys.stderr)
    return OK


def _print(choices: Iterable[Choice], reasons: Sequence[str], options: Options) -> None:
    """The answer for a program: numbers, or an object each."""
    if not options.quiet:
        for choice in choices:
            as_json = options.format == "json"
            print(answers.json_line(_document(choice, reasons)) if as_json else choice.port)
    sys.stdout.flush()


def _places(text: str, facts: Machine) -> tuple[Place, ...] | None:
    """The addresses to bind for what was typed; None where it is no address."""
    asked = _addresses(text)
    if asked is None:
        return None
    chosen = targets.choose(asked, 1, facts.interfaces, True)
    return tuple(probe.Place(each.bind, each.version, each.scope) for each in chosen)


def _addresses(text: str) -> Sequence[targets.Address] | None:
    typed = host(text)
    if typed is None:
        return None
    if typed.kind == "name" and typed.text.lower().rstrip(".") == "localhost":
        return targets.LOOPBACKS
    if typed.kind == "wildcard":
        return targets.WILDCARDS
    if typed.version not in (4, 6) or typed.value < 0:
        return None
    alone = (targets.Address(typed.version, typed.value, typed.zone),)
    return _PAIRS.get((typed.version, typed.value), alone)


def _named(text: str) -> str | None:
    """The very address that was typed; None for a name, which may stand for either family."""
    typed = host(text)
    return None if typed is None or typed.kind in ("name", "wildcard") else typed.address


def _lacking(found: Search) -> list[str]:
    """Addresses that this machine does not have."""
    return [text for text, _ in found.missing]


def _reasons(found: Search, facts: Machine, options: Options) -> tuple[str, ...]:
    """Why these ports: what was tried, and what was kept out."""
    bound = found.choices[0].bound if found.choices else ()
    ephemeral = facts.ephemeral or classes.ephemeral_range(facts.system)
    reasons = [f"bound on {' and '.join(bound)}, and closed again"]
    reasons += [f"{clean(text)} is not this machine's ({why})" for text, why in found.missing]
    if options.range is None:
        if ephemeral:
            reasons.append(f"outside this system's ephemeral range {ephemeral[0]}-{ephemeral[1]}")
        reasons.append("not registered, not a known default, not blocked by browsers")
    else:
        reasons.append(
            f"within {options.range[0]}-{options.range[1]}, what is known to be used last"
        )
    return tuple(reasons)


def _told(choices: Sequence[Choice], reasons: Sequence[str]) -> list[str]:
    told = [f"why: {'; '.join(reasons)}."]
    told += [
        f"but {choice.port} is {', '.join(choice.objections)}."
        for choice in choices
        if choice.objections
    ]
    told.append(
        "Nothing holds it until your program binds it; a program that can should bind port 0."
    )
    return told


def _short(found: Search, options: Options, places: Sequence[Place]) -> str:
    lacking = _lacking(found)
    if not found.choices and (len(lacking) == len(places) or _named(options.bind) in lacking):
        return f"this machine has no address {', '.join(lacking)}"
    where = f" from {options.range[0]} to {options.range[1]}" if options.range else ""
    return (
        f"{len(found.choices)} of {options.number} ports found{where};"
        f" {found.taken} could not be bound"
    )


def _document(choice: Choice, reasons: Sequence[str]) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "port": choice.port,
        "bound": list(choice.bound),
        "objections": list(choice.objections),
        "reasons": list(reasons),
    }
