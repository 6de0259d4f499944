"""checks free: ports that a server can have, and why these."""

from __future__ import annotations

import sys

from checks import classify
from checks import ports as classes
from checks.cli import commands, terminal
from checks.cli.parser import add_output
from checks.model.contract import SCHEMA
from checks.probe import free as probe
from checks.probe import machine, targets
from checks.report.clean import line as clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from checks.model.evidence import Machine
    from checks.probe.free import Choice, Place, Search

DESCRIPTION = """\
Print ports that a server can have: bound for a moment on the address in both
families, outside this system's ephemeral range, and not what something else
is known to use.

Standard output has the numbers only, one a line; the reasons go to standard
error, when that is a terminal.
"""

EPILOG = """\
A port that is free now may be taken a moment later: nothing holds it until
your program binds it. A program that can do so should bind port 0 instead,
and read from the socket which port it got.

examples:
  PORT=$(python3 -m checks free)
  python3 -m checks free -n 3
  python3 -m checks free --range 3000-3999 --bind 0.0.0.0

exit codes: 0 as many as asked for · 1 fewer, or none · 2 usage
"""

_PAIRS = {
    (4, 0x7F000001): targets.LOOPBACKS,
    (6, 1): targets.LOOPBACKS,
    (4, 0): targets.WILDCARDS,
    (6, 0): targets.WILDCARDS,
}
"""Addresses that have a counterpart in the other family; both are tried."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the arguments."""
    made = commands.new_parser("free", "[OPTION...]", DESCRIPTION, EPILOG)
    add_output(made, "a port")
    made.add_argument(
        "-n", "--number", type=_number, default=1, metavar="N", help="how many (default 1)"
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


def _number(text: str) -> int:
    return commands.port(text)


def _range(text: str) -> tuple[int, int]:
    found = commands.ranges(text)
    if len(found) != 1:
        import argparse  # noqa: PLC0415 - only for the complaint

        raise argparse.ArgumentTypeError(
            f"{terminal.quote(text)} is not one range such as 3000-3999"
        )
    return found[0]


def run(options: argparse.Namespace) -> int:
    """Search, print, and say why."""
    facts = machine.facts()
    places = _places(options.bind, facts)
    if places is None:
        commands.complain(
            f"{terminal.quote(options.bind)} is no address; expected one such as 127.0.0.1 or ::"
        )
        return commands.USAGE
    found = probe.search(places, facts, options.number, options.range)
    if _named(options.bind) in {text for text, _ in found.missing}:
        found = found._replace(choices=())  # the other family is no answer to this address
    reasons = _reasons(found, facts, options)
    if options.json and not options.quiet:
        from checks.report import json  # noqa: PLC0415 - only here

        for choice in found.choices:
            print(json.line(_document(choice, reasons)))
    elif not options.quiet:
        for choice in found.choices:
            print(choice.port)
    sys.stdout.flush()
    short = len(found.choices) < options.number
    if short:
        commands.complain(_short(found, options, places))
    elif not options.quiet and sys.stderr.isatty():
        for line in _told(found.choices, reasons):
            print(line, file=sys.stderr)
    return commands.WRONG if short else commands.OK


def _places(text: str, facts: Machine) -> tuple[Place, ...] | None:
    """The addresses to bind for what was typed; None where it is no address."""
    found = classify(text)
    host = found.endpoints[0].host if len(found.endpoints) == 1 else None
    if host is None or found.endpoints[0].port is not None or host.prefix_length is not None:
        return None
    if host.kind == "name" and host.text.lower().rstrip(".") == "localhost":
        asked: Sequence[targets.Address] = targets.LOOPBACKS
    elif host.kind == "wildcard":
        asked = targets.WILDCARDS
    elif host.version in (4, 6) and host.value >= 0:
        alone = (targets.Address(host.version, host.value, host.zone),)
        asked = _PAIRS.get((host.version, host.value), alone)
    else:
        return None
    chosen = targets.choose(asked, 1, facts.interfaces, True)
    return tuple(probe.Place(each.bind, each.version, each.scope) for each in chosen)


def _named(text: str) -> str | None:
    """The very address that was typed; None for a name, which may stand for either family."""
    host = classify(text).endpoints[0].host
    return None if host is None or host.kind in ("name", "wildcard") else host.address


def _reasons(found: Search, facts: Machine, options: argparse.Namespace) -> tuple[str, ...]:
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


def _short(found: Search, options: argparse.Namespace, places: Sequence[Place]) -> str:
    lacking = [text for text, _ in found.missing]
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
