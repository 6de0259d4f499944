"""checks scan: which TCP ports of this machine accept, and who answers there."""

from __future__ import annotations

import errno
import os
import sys
from time import monotonic

from checks.address.readings import split_zone
from checks.cli import answers, terminal
from checks.cli.parser import Parser, add_activate, add_output, host, port_ranges, seconds
from checks.findings import wording
from checks.model.exits import OK, USAGE, WRONG
from checks.model.records import NamedTuple
from checks.model.words import SCHEMA
from checks.probe import fragile, machine, sockets, targets
from checks.probe import scan as probe
from checks.probe.ask import queues, resolve
from checks.report import columns, plain
from checks.report import listeners as report
from checks.report.clean import line as clean
from checks.rules.listening import taking
from checks.rules.tables import present

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from checks.model.evidence import Listener, Machine
    from checks.probe.targets import Address, Target
    from checks.report.style import Style

DESCRIPTION = """\
Connect to every TCP port of an address of this machine and list the open ports
with their owners. Nothing is sent, and each connection is closed at once.
Listeners that a connection would harm (netcat, debugpy) or that would start a
service (systemd socket units, inetd) are listed without a connection. So is a
program that does not accept the connections in its queue.
"""

EPILOG = """\
examples:
  python3 -m checks scan
  python3 -m checks scan ::1 -p -1023,3000-9999
  python3 -m checks scan --json | jq .port

exit codes: 0 the scan was made · 1 the address cannot be scanned · 2 usage
With --json, "unread" names the socket tables that could not be read. An empty
"listeners" then means only that the owner was not seen.
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
    "address-not-available": "could not be tested",
    "left-alone": "skipped",
    "not-taken": "does not accept",
}
_SHOWN = ("accepted", "left-alone")
_NOT_ASKED = frozenset(("address-not-available", "unreachable"))
"""Outcomes that say nothing of the port: no packet got to the address."""
_NOT_ASKED_WHY = {
    "EADDRNOTAVAIL": "this machine has no address to connect from",
    "EADDRINUSE": "no local port is left",
}
"""By the errno; for others the system's own words."""


class Options(NamedTuple):
    """The arguments, by the names that the parser gives them."""

    host: str
    format: str
    quiet: bool
    no_color: bool
    ports: Sequence[tuple[int, int]] | None
    timeout: float | None
    remote: bool
    activate: bool

    @property
    def numbers(self) -> list[int]:
        """The ports that are asked for, each once."""
        return sorted({n for a, b in self.ports or [(1, 65535)] for n in range(a, b + 1)})


class Owners(NamedTuple):
    """What the socket table says of the ports of an address.

    Arguments:
        listeners: those that take connections to it, by port, the most specific first.
        unread: socket tables that could not be read, so that there may be more.
        notes: why not.
    """

    listeners: Mapping[int, tuple[Listener, ...]]
    unread: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def of(self, port: int) -> tuple[Listener, ...]:
        """The listeners on one port."""
        return self.listeners.get(port, ())


class Result(NamedTuple):
    """What came of a scan.

    Arguments:
        made: the outcomes.
        owners: who listens on the ports, as far as it was seen.
        timeout: seconds that a silent port was waited for.
    """

    made: probe.Scan
    owners: Owners
    timeout: float

    @property
    def nowhere(self) -> str:
        """Why no port of the address could be asked; "" where one was."""
        answers = self.made.answers
        if self.made.refused or not answers or any(a.outcome not in _NOT_ASKED for a in answers):
            return ""
        symbol = answers[0].errno or "no way"
        why = _NOT_ASKED_WHY.get(symbol) or os.strerror(getattr(errno, symbol, 0))
        return f"{why} ({symbol})"

    @property
    def unexplained(self) -> bool:
        """Whether a port accepted and its listener was not seen."""
        return not self.owners.listeners.keys() >= set(self.made.of("accepted"))


def parser() -> Parser:
    """Return the parser of the arguments."""
    made = Parser("scan", "[OPTION...] [HOST]", DESCRIPTION, EPILOG)
    made.add_argument("host", nargs="?", default="127.0.0.1", metavar="HOST",
                      help="an address or name of this machine (default 127.0.0.1)")  # fmt: skip
    add_output(made, "one JSON object per open or silent port and line")
    made.add_argument(
        "-p",
        "--ports",
        type=port_ranges,
        action="extend",
        metavar="RANGES",
        help="22,80,8000-8100 (default all, 1-65535); a range may lack an end: -1023",
    )
    made.add_argument(
        "--timeout",
        type=seconds(0.001, 60),
        metavar="S",
        help=f"seconds to wait for a silent port (default {LOCAL:g}; other machines {REMOTE:g})",
    )
    made.add_argument(
        "--remote", action="store_true", help="also an address that is not this machine's"
    )
    add_activate(made)
    return made


def read(argv: Sequence[str]) -> Options:
    """Read the arguments."""
    return Options(**parser().read(argv))


def run(options: Options) -> int:
    """Scan every address that the host stands for."""
    addresses = _addresses(options.host)
    if addresses is None:
        terminal.complain(
            f"{terminal.quote(options.host)} is no host; expected one such as 127.0.0.1 or ::1"
        )
        return USAGE
    facts = machine.facts()
    chosen = targets.choose(addresses, 1, facts.interfaces, options.remote)
    if not chosen:
        terminal.complain(f"{terminal.quote(options.host)} has no address here")
        return WRONG
    for target in chosen:
        if target.skip:
            terminal.complain(f"{clean(target.text)} is not scanned: {target.skip}")
    asked = [target for target in chosen if not target.skip]
    numbers = options.numbers
    codes = [_scan(target, numbers, facts, options, number) for number, target in enumerate(asked)]
    return max(codes, default=USAGE)


def _addresses(text: str) -> list[Address] | None:
    """The addresses of what was typed; None where it is no host."""
    typed = host(text)
    if typed is None:
        return None
    if typed.kind == "wildcard":
        return list(targets.WILDCARDS)
    if typed.kind == "name":
        return [each for each in resolve.addresses(typed.text, 5.0)[1] if not each.beside]
    if typed.version not in (4, 6) or typed.value < 0:
        return None
    return [targets.Address(typed.version, typed.value, typed.zone or split_zone(text)[1])]


def _scan(
    target: Target, ports: Sequence[int], facts: Machine, options: Options, number: int
) -> int:
    """Scan one address and tell what came of it."""
    try:
        result = _result(target, ports, facts, options)
    except OSError as error:
        terminal.complain(f"{target.text} cannot be scanned: {error.strerror or error}")
        return WRONG
    nowhere = result.nowhere
    if not options.quiet:
        _print(result, options, number)
    sys.stdout.flush()
    if nowhere:
        terminal.complain(f"{clean(target.text)} cannot be scanned: {nowhere}")
        return WRONG
    if result.unexplained and not options.quiet:
        for note in result.owners.notes:
            terminal.complain(clean(note))
    return OK


def _result(target: Target, ports: Sequence[int], facts: Machine, options: Options) -> Result:
    """Connect to the ports that a connection does not harm; say of the others what is known.

    Raises:
        OSError: no socket is to be had.
    """
    timeout = options.timeout or (LOCAL if target.local else REMOTE)
    owners = _owners(target, ports, facts)
    known = owners.listeners
    bare = set(ports).difference(known)
    spared = _spared(target, owners, options)
    stuck = queues.stuck(target, known, timeout, bare)
    out = stuck.union(spared)
    asked = [port for port in ports if port not in out]
    with terminal.Progress(quiet=options.quiet or options.format == "json") as progress:
        made = probe.scan(target, asked, timeout, known, _Count(target, len(asked), progress))
    # Those that did not take ours show it by now.
    fresh = {port: known[port] for port in made.of("accepted") if port in known}
    stuck |= queues.stuck(target, fresh, timeout, bare.intersection(made.of("accepted")))
    made = _with(_with(made, spared, "left-alone"), stuck, "not-taken")
    if any(answer.port not in known for answer in made.answers):  # it has come up in between
        owners = _owners(target, ports, facts)
    first = {port: queues.stuck_first(owners.of(port)) for port in stuck & owners.listeners.keys()}
    waited = made.timeout or timeout
    return Result(made, owners._replace(listeners={**owners.listeners, **first}), waited)


def _spared(target: Target, owners: Owners, options: Options) -> list[int]:
    """Ports whose listener a connection would harm, or for which it would start a service."""
    return [
        port
        for port, rows in owners.listeners.items()
        if fragile.find(target, rows, activate=options.activate) is not None
    ]


class _Count:
    """Says how far the scan is, once it has taken a while."""

    def __init__(self, target: Target, total: int, progress: terminal.Progress) -> None:
        self.target = target
        self.total = total
        self.progress = progress
        self.next = monotonic() + _SAID_AFTER

    def __call__(self, done: int, open_: int) -> None:
        if not self.progress.on or monotonic() < self.next:
            return
        self.next = monotonic() + 0.2
        self.progress.say(
            f"scanning {clean(self.target.text)}: {done:,} of {self.total:,} ports, {open_} open"
        )


def _owners(target: Target, ports: Sequence[int], facts: Machine) -> Owners:
    """Look up who takes connections to the target; of another machine nothing is known."""
    if not target.local:
        return Owners({})
    table = sockets.every(facts.interfaces, ("tcp",), ports[0] if len(ports) == 1 else 0)
    version = 4 if "." in target.bare else 6
    wanted = set(ports)
    asked = (row for row in table.listeners if row.port in wanted)
    found: dict[int, tuple[Listener, ...]] = {}
    for row in taking(asked, target.place, target.interfaces):
        found[row.port] = (*found.get(row.port, ()), row)
    seen = present(False, table.unread, "tcp", version) is not None
    return Owners(found) if seen else Owners(found, table.unread, table.notes)


def _with(made: probe.Scan, ports: Collection[int], outcome: str) -> probe.Scan:
    """The scan, with ports of which the socket table tells more than a connect."""
    if not ports:
        return made
    answers = [each for each in made.answers if each.port not in ports]
    answers += [probe.Answer(port, outcome, None) for port in ports]
    return made._replace(answers=tuple(sorted(answers)))


def _print(result: Result, options: Options, number: int) -> None:
    """Print objects, or a table where a port could be asked."""
    if options.format == "json":
        for document in _documents(result):
            print(answers.json_line(document))
    elif not result.nowhere:
        if number:
            print()
        for line in _text(result, terminal.style(no_color=options.no_color)):
            print(line)


def _documents(result: Result) -> Iterator[dict[str, object]]:
    made, owners = result.made, result.owners
    likely = report.likely(answer.port for answer in made.answers)
    for answer in made.answers:
        yield {
            "schema": SCHEMA,
            "address": made.address,
            "port": answer.port,
            "outcome": answer.outcome,
            "errno": answer.errno,
            "likely": likely.get(answer.port) or None,
            "listeners": [plain(row) for row in owners.of(answer.port)],
            **({"unread": list(owners.unread)} if owners.unread else {}),
        }


def _text(result: Result, style: Style) -> Iterator[str]:
    # A port in silence is worth a row only where something listens on it.
    shown = [
        each
        for each in result.made.answers
        if each.outcome in (*_SHOWN, "not-taken") or each.port in result.owners.listeners
    ]
    yield from _table(shown, result.owners, style)
    if sys.stdout.isatty() or not shown:
        if shown:
            yield ""
        yield from style.wrap(_sum(result))


def _table(shown: Sequence[probe.Answer], owners: Owners, style: Style) -> Iterator[str]:
    """A row for each port, under a head; nothing where there is none."""
    if not shown:
        return
    likely = report.likely(each.port for each in shown)
    rows = [(str(each.port), _word(each), _who(each, owners), likely[each.port]) for each in shown]
    head = ("port", "", "owner (pid)", "usually")
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    yield style.paint(_row(head, widths), "2")
    for each, row in zip(shown, rows, strict=True):
        yield style.paint(_row(row, widths), "32" if each.outcome in _SHOWN else "31")


def _row(texts: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(text.ljust(width) for text, width in zip(texts, widths, strict=True)).rstrip()


def _word(answer: probe.Answer) -> str:
    return _OUTCOMES.get(answer.outcome, answer.outcome)


def _who(answer: probe.Answer, owners: Owners) -> str:
    rows = owners.of(answer.port)
    if rows:
        others = f", and {len(rows) - 1} more" if len(rows) > 1 else ""
        return f"{columns.who(rows[0])}{_for(rows[0])} on {columns.where(rows[0])}{others}"
    if answer.outcome not in ("accepted", "not-taken"):
        return ""
    return "not seen" if owners.unread else "no listener of this machine: a NAT rule or a relay"


def _for(row: Listener) -> str:
    """The unit or service that a listener is held for."""
    return clean(wording.held_for(row))


def _sum(result: Result) -> str:
    made = result.made
    counts = {"open": len(made.of("accepted")), "closed": made.refused}
    for answer in made.answers:
        if answer.outcome != "accepted":
            silent = answer.outcome == "timed-out"
            word = f"without an answer in {result.timeout:g} s" if silent else _word(answer)
            counts[word] = counts.get(word, 0) + 1
    said = ", ".join(f"{count:,} {word}" for word, count in counts.items())
    ports = f"{made.asked:,} port{'s' if made.asked != 1 else ''}"
    return f"{clean(made.address)}: {ports} asked in {made.seconds:.2f} s: {said}."
