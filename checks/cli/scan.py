"""checks scan: which TCP ports of this machine accept, and who answers there."""

from __future__ import annotations

import errno
import os
import sys

from checks import classify
from checks.address.readings import split_zone
from checks.cli import commands, terminal
from checks.cli.parser import add_activate, add_output
from checks.findings import wording
from checks.model.contract import SCHEMA
from checks.probe import fragile, machine, targets
from checks.probe import scan as probe
from checks.probe.ask import queues, resolve
from checks.probe.sockets import listeners
from checks.report import columns, plain
from checks.report import listeners as report
from checks.report.clean import line as clean
from checks.rules.listening import taking
from checks.rules.tables import present

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Collection, Iterator, Sequence

    from checks.model.evidence import Listener, Machine
    from checks.probe.targets import Address, Target
    from checks.report.style import Style

DESCRIPTION = """\
Connect to every TCP port of an address of this machine and list those that
accept, with the owner. Nothing is sent; a connection is closed at once. A
listener that this would harm (netcat, debugpy), or for which it would start a
service (systemd socket units, inetd), is listed and left alone. So is a program
that does not take the connections that wait for it.
"""

EPILOG = """\
examples:
  python3 -m checks scan
  python3 -m checks scan ::1 -p -1023,3000-9999
  python3 -m checks scan --json | jq .port

exit codes: 0 the scan was made · 1 the address cannot be asked · 2 usage
With --json "unread" names the socket tables that could not be read, if any:
then an empty "listeners" means that the owner was not seen.
"""

LOCAL, REMOTE = 0.25, 1.0
"""Seconds that a silent port is waited for. A machine answers itself in microseconds."""

_SAID_AFTER = 1.0  # seconds
_OUTCOMES = {
    "accepted": "open",
    "timed-out": "no answer",
    "rejected": "rejected",
    "reset": "reset",
    "unreachable": "unreachable",
    "address-not-available": "could not be asked",
    "left-alone": "left alone",
    "not-taken": "does not accept",
}
_SHOWN = ("accepted", "left-alone")
_NOT_ASKED = frozenset(("address-not-available", "unreachable"))
"""Outcomes that say nothing of the port: no packet got to the address."""
_NOT_ASKED_WHY = {
    "EADDRNOTAVAIL": "this machine has no address to ask it from",
    "EADDRINUSE": "no source port is left to ask it from",
}
"""By the errno; for others the system's own words."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the arguments."""
    made = commands.new_parser("scan", "[OPTION...] [HOST]", DESCRIPTION, EPILOG)
    made.add_argument("host", nargs="?", default="127.0.0.1", metavar="HOST",
                      help="an address or name of this machine (default 127.0.0.1)")  # fmt: skip
    add_output(made, "a port that did not refuse")
    made.add_argument(
        "-p",
        "--ports",
        type=commands.ranges,
        action="extend",
        metavar="RANGES",
        help="22,80,8000-8100 (default all, 1-65535); a range may lack an end: -1023",
    )
    made.add_argument(
        "--timeout",
        type=commands.seconds(0.001, 60),
        metavar="S",
        help=f"seconds to wait for a silent port (default {LOCAL:g}; other machines {REMOTE:g})",
    )
    made.add_argument(
        "--remote", action="store_true", help="also an address that is not this machine's"
    )
    add_activate(made)
    return made


def run(options: argparse.Namespace) -> int:
    """Scan every address that the host stands for."""
    facts = machine.facts()
    addresses = _addresses(options.host)
    if addresses is None:
        commands.complain(
            f"{terminal.quote(options.host)} is no host; expected one such as 127.0.0.1 or ::1"
        )
        return commands.USAGE
    chosen = targets.choose(addresses, 1, facts.interfaces, options.remote)
    skipped = [target for target in chosen if target.skip]
    for target in skipped:
        commands.complain(f"{clean(target.text)} is not scanned: {target.skip}")
    if len(skipped) == len(chosen):
        if not chosen:
            commands.complain(f"{terminal.quote(options.host)} has no address here")
        return commands.USAGE if skipped else commands.WRONG
    ports = sorted({p for a, b in options.ports or [(1, 65535)] for p in range(a, b + 1)})
    codes = [
        _scan(target, ports, facts, options, number)
        for number, target in enumerate(each for each in chosen if not each.skip)
    ]
    return max(codes)


def _addresses(host: str) -> list[Address] | None:
    """The addresses of what was typed; None where it is no host."""
    found = classify(host)
    read = found.endpoints[0].host if len(found.endpoints) == 1 else None
    if read is None or found.endpoints[0].port is not None or read.prefix_length is not None:
        return None
    if read.kind == "wildcard":
        return list(targets.WILDCARDS)
    if read.kind == "name":
        return [each for each in resolve.addresses(read.text, 5.0)[1] if not each.beside]
    if read.version not in (4, 6) or read.value < 0:
        return None
    return [targets.Address(read.version, read.value, read.zone or split_zone(host)[1])]


def _scan(
    target: Target, ports: Sequence[int], facts: Machine, options: argparse.Namespace, number: int
) -> int:
    timeout = options.timeout or (LOCAL if target.local else REMOTE)
    known, unread, notes = _known(target, ports, facts)
    spared = [
        port
        for port, rows in known.items()
        if fragile.find(target, rows, activate=options.activate) is not None
    ]
    bare = set(ports).difference(known)
    stuck = queues.stuck(target, known, timeout, bare)
    out = stuck.union(spared)
    asked = [port for port in ports if port not in out] if out else ports
    with commands.Progress(quiet=options.quiet) as progress:
        show = _Count(target, len(asked), progress)
        try:
            made = probe.scan(target, asked, timeout, known, show)
        except OSError as error:
            commands.complain(f"{target.text} cannot be scanned: {error.strerror or error}")
            return commands.WRONG
    # Those that did not take ours show it by now.
    fresh = {port: known[port] for port in made.of("accepted") if port in known}
    stuck |= queues.stuck(target, fresh, timeout, bare.intersection(made.of("accepted")))
    made = _with(_with(made, spared, "left-alone"), stuck, "not-taken")
    nowhere = _nowhere(made)
    unknown = any(answer.port not in known for answer in made.answers)
    if unknown:  # it has come up in between
        found, unread, notes = _known(target, ports, facts)
    else:
        found = known
    found |= {port: queues.stuck_first(found[port]) for port in stuck & found.keys()}
    if options.json:
        from checks.report import json  # noqa: PLC0415 - only here

        likely = report.likely(answer.port for answer in made.answers)
        for answer in made.answers if not options.quiet else ():
            rows = found.get(answer.port, ())
            print(json.line(_document(made, answer, rows, likely, unread)))
    elif not options.quiet and not nowhere:
        if number:
            print()
        style = terminal.style(no_color=options.no_color)
        for line in _text(made, found, timeout, style, unread):
            print(line)
    sys.stdout.flush()
    if nowhere:
        commands.complain(f"{clean(target.text)} cannot be scanned: {nowhere}")
        return commands.WRONG
    if not options.quiet and not found.keys() >= set(made.of("accepted")):
        for note in notes:
            commands.complain(clean(note))
    return commands.OK


def _nowhere(made: probe.Scan) -> str:
    """Why no port of the address could be asked; "" where one was."""
    if made.refused or not made.answers or any(a.outcome not in _NOT_ASKED for a in made.answers):
        return ""
    symbol = made.answers[0].errno or "no way"
    why = _NOT_ASKED_WHY.get(symbol) or os.strerror(getattr(errno, symbol, 0))
    return f"{why} ({symbol})"


class _Count:
    """Says how far the scan is, once it has taken a while."""

    def __init__(self, target: Target, total: int, progress: commands.Progress) -> None:
        from time import monotonic  # noqa: PLC0415 - only here

        self.clock = monotonic
        self.target = target
        self.total = total
        self.progress = progress
        self.next = monotonic() + _SAID_AFTER

    def __call__(self, done: int, open_: int) -> None:
        if not self.progress.on or self.clock() < self.next:
            return
        self.next = self.clock() + 0.2
        self.progress.say(
            f"scanning {clean(self.target.text)}: {done:,} of {self.total:,} ports, {open_} open"
        )


def _known(
    target: Target, ports: Sequence[int], facts: Machine
) -> tuple[dict[int, tuple[Listener, ...]], tuple[str, ...], tuple[str, ...]]:
    """The listeners that take connections to the target, by port, the most specific first.

    And the socket tables that could not be read, with the notes on why.
    """
    if not target.local:
        return {}, (), ()
    table = listeners.every(facts.interfaces, ("tcp",), ports[0] if len(ports) == 1 else 0)
    version = 4 if "." in target.bare else 6
    wanted = set(ports)
    asked = (row for row in table.listeners if row.port in wanted)
    found: dict[int, tuple[Listener, ...]] = {}
    for row in taking(asked, target.place, target.interfaces):
        found[row.port] = (*found.get(row.port, ()), row)
    unseen = present(False, table.unread, "tcp", version) is None
    return found, table.unread if unseen else (), table.notes if unseen else ()


def _with(made: probe.Scan, ports: Collection[int], outcome: str) -> probe.Scan:
    """The scan, with ports of which the socket table tells more than a connect."""
    if not ports:
        return made
    answers = [each for each in made.answers if each.port not in ports]
    answers += [probe.Answer(port, outcome, None) for port in ports]
    return made._replace(answers=tuple(sorted(answers)))


def _document(
    made: probe.Scan,
    answer: probe.Answer,
    rows: Sequence[Listener],
    likely: dict[int, str],
    unread: Sequence[str],
) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "address": made.address,
        "port": answer.port,
        "outcome": answer.outcome,
        "errno": answer.errno,
        "likely": likely.get(answer.port) or None,
        "listeners": [plain(row) for row in rows],
        **({"unread": list(unread)} if unread else {}),
    }


def _text(
    made: probe.Scan,
    found: dict[int, tuple[Listener, ...]],
    timeout: float,
    style: Style,
    unread: Sequence[str],
) -> Iterator[str]:
    # A port in silence is worth a row only where something listens on it.
    shown = [
        each
        for each in made.answers
        if each.outcome in (*_SHOWN, "not-taken") or each.port in found
    ]
    likely = report.likely(each.port for each in shown)
    lines = [
        (
            str(each.port),
            _OUTCOMES.get(each.outcome, each.outcome),
            _who(found.get(each.port, ()), each, unread),
            likely[each.port],
        )
        for each in shown
    ]
    head = ("port", "", "owner (pid)", "usually")
    wide = [max(map(len, column)) for column in zip(head, *lines, strict=True)]
    if lines:
        yield style.paint(_row(head, wide), "2")
    for each, line in zip(shown, lines, strict=True):
        yield style.paint(_row(line, wide), "32" if each.outcome in _SHOWN else "31")
    if sys.stdout.isatty() or not lines:
        if lines:
            yield ""
        yield from style.wrap(_sum(made, timeout))


def _row(texts: Sequence[str], wide: Sequence[int]) -> str:
    return "  ".join(text.ljust(width) for text, width in zip(texts, wide, strict=True)).rstrip()


def _who(rows: Sequence[Listener], answer: probe.Answer, unread: Sequence[str]) -> str:
    if rows:
        others = f", and {len(rows) - 1} more" if len(rows) > 1 else ""
        return f"{columns.who(rows[0])}{_for(rows[0])} on {columns.where(rows[0])}{others}"
    if answer.outcome not in ("accepted", "not-taken"):
        return ""
    return "not seen" if unread else "no listener of this machine: a NAT rule or a relay"


def _for(row: Listener) -> str:
    """The unit or service that a listener is held for."""
    return clean(wording.held_for(row))


def _sum(made: probe.Scan, timeout: float) -> str:
    counts = {"open": len(made.of("accepted")), "closed": made.refused}
    for answer in made.answers:
        if answer.outcome != "accepted":
            word = _OUTCOMES.get(answer.outcome, answer.outcome)
            if answer.outcome == "timed-out":
                word = f"without an answer in {timeout:g} s"
            counts[word] = counts.get(word, 0) + 1
    said = ", ".join(f"{count:,} {word}" for word, count in counts.items())
    ports = f"{made.asked:,} port{'s' if made.asked != 1 else ''}"
    return f"{clean(made.address)}: {ports} asked in {made.seconds:.2f} s: {said}."
