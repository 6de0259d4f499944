"""checks listen: list every listener of this machine, who holds it and who can reach it.

Nothing is connected to and nothing is bound: the socket table is read, and the
processes that hold the sockets are looked up in one pass.
"""

from __future__ import annotations

import gc
import sys
from time import sleep

from checks.cli import answers, program, terminal
from checks.cli.parser import Parser, add_output, port_ranges, seconds
from checks.model.exits import FAILED, OK, USAGE, WRONG
from checks.model.records import NamedTuple
from checks.model.words import TCP, UDP
from checks.probe import machine, sockets
from checks.probe.machine import origins
from checks.report import columns, formats
from checks.report import listeners as report
from checks.report.clean import line as clean
from checks.report.listeners import Listing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from checks.report.listeners import Entry

    Place = tuple[str, str]

DESCRIPTION = """\
List what listens on this machine, worst first: address and port, who can
reach it, the owner, what the port is often used for, and findings.

reach: host     only programs of this machine
       network  machines that can reach this one address
       any      every machine that can reach this one
       (judged by the bound address; a firewall may still block connections)
"""

EPILOG = """\
examples:
  python3 -m checks listen
  python3 -m checks listen --exposed --tcp
  python3 -m checks listen --watch
  python3 -m checks listen --json | jq -r .listener.port
  python3 -m checks listen --exposed --fail-on exposed || echo open to others

exit codes: 0 the listeners were read · 1 with --fail-on exposed: other machines
can reach a listed socket · 2 usage · 3 a socket table could not be read,
so there may be more listeners · with --format nagios: 0 OK, 1 WARNING,
2 CRITICAL, 3 UNKNOWN
With --json an unread table is one more object, before the listeners:
{"schema": ..., "unread": ["tcp4", ...], "says": ...}
"""

INTERVAL = 2.0
"""Seconds between two looks with --watch."""

WORDS = {"=": "present", "+": "new", "-": "gone"}


class Options(NamedTuple):
    """The arguments, by the names that the parser gives them."""

    format: str
    quiet: bool
    no_color: bool
    tcp: bool
    udp: bool
    port: Sequence[tuple[int, int]] | None
    exposed: bool
    fail_on: str | None
    watch: float | None

    @property
    def protocols(self) -> tuple[str, ...]:
        """Those that are asked for; without a word both."""
        return tuple(name for name in (TCP, UDP) if getattr(self, name)) or (TCP, UDP)

    @property
    def single(self) -> int:
        """The one port that is asked for; the kernel then picks its rows. 0 for several."""
        ports = self.port or ()
        return ports[0][0] if len(ports) == 1 and ports[0][0] == ports[0][1] else 0

    def wants(self, entry: Entry) -> bool:
        """Whether a listener is among what is asked for."""
        if self.exposed and not entry.exposed:
            return False
        port = entry.listener.port
        return not self.port or any(first <= port <= last for first, last in self.port)


def parser() -> Parser:
    """Return the parser of the arguments."""
    made = Parser("listen", "[OPTION...]", DESCRIPTION, EPILOG)
    add_output(made, "one JSON object per listener and line")
    made.add_argument(
        "--format",
        choices=formats.NAMES,
        default="text",
        help="output format: text for people, the others for programs",
    )
    made.add_argument("--tcp", action="store_true", help="only TCP")
    made.add_argument("--udp", action="store_true", help="only UDP")
    made.add_argument(
        "--port",
        type=port_ranges,
        action="extend",
        metavar="N",
        help="only these ports: 5432 or 3000-3999,8080",
    )
    made.add_argument(
        "--exposed", action="store_true", help="only what is bound to more than loopback"
    )
    made.add_argument(
        "--fail-on",
        choices=("exposed",),
        help="exit 1 if a listed socket is bound to more than loopback",
    )
    made.add_argument(
        "--watch",
        type=seconds(0.1, 3600),
        nargs="?",
        const=INTERVAL,
        metavar="S",
        help="look again every S seconds (default 2) and mark what is new (+) and"
        " gone (-), until Ctrl-C; in a pipe the changes are printed as lines",
    )
    return made


def read(argv: Sequence[str]) -> Options:
    """Read the arguments."""
    return Options(**parser().read(argv))


def run(options: Options) -> int:
    """List once, or watch."""
    if options.watch is not None:
        return _watch(options, options.watch)
    gc.disable()  # all that is made stays until the end: on a large machine a quarter of the time
    listing = _look(options)
    if not options.quiet or formats.of(options.format).exits:
        style = terminal.style(no_color=options.no_color)
        written = formats.load(options.format).listeners(listing, style)
        if not options.quiet:
            if formats.of(options.format).is_utf8:
                terminal.write_utf8()
            _show(written.text, listing.notes)
        if written.code is not None:
            return written.code
    if options.fail_on and any(entry.exposed for entry in listing.entries):
        return WRONG
    return FAILED if listing.unread else OK


def _look(options: Options) -> Listing:
    """Read the table once."""
    facts = machine.facts()
    read = sockets.named if options.format == "text" else sockets.every
    table = read(facts.interfaces, options.protocols, options.single)
    local = facts.system == "linux"
    seen = origins.added(table.listeners) if local else table.listeners
    entries = report.entries(seen, facts, table.unread)
    return Listing(
        entries=tuple(filter(options.wants, entries)),
        notes=table.notes,
        unread=table.unread,
        protocols=options.protocols,
        reaches=report.REACHES[1:] if options.exposed else report.REACHES,
    )


def _show(text: str, notes: Sequence[str]) -> None:
    if not sys.stdout.isatty():  # there is no place for them in what a program reads
        for note in notes:
            terminal.complain(clean(note))
    sys.stdout.write(text)
    sys.stdout.flush()


def _watch(options: Options, interval: float) -> int:
    """Look again and again; ended by Ctrl-C, or by a reader that has gone."""
    if not formats.of(options.format).at_once:
        terminal.complain(f"--watch does not go with --format {options.format}")
        return USAGE
    redraw = options.format == "text" and not options.quiet
    view = _Screen(options) if redraw and terminal.is_rewritable(sys.stdout) else _Lines(options)
    before: Mapping[Place, Entry] | None = None
    unread: tuple[str, ...] = ()
    while True:
        listing = _glance(options)
        changes = _changes(before, listing)
        if listing.unread != unread:
            view.blind(listing)
            unread = listing.unread
        view.show(listing, changes)
        before = changes.present
        sleep(interval)


def _glance(options: Options) -> Listing:
    """One look of many: what it leaves behind is collected."""
    gc.disable()  # as above
    try:
        return _look(options)
    finally:
        gc.enable()


class Changes(NamedTuple):
    """What one look shows beside the one before.

    Arguments:
        marks: for each listener that is told, by its place: ``=`` present at the first look,
            ``+`` new, ``-`` gone.
        present: the listeners, by their places, with those that only were not seen.
        gone: those that have gone.
    """

    marks: dict[Place, str]
    present: dict[Place, Entry]
    gone: dict[Place, Entry]


def _changes(before: Mapping[Place, Entry] | None, listing: Listing) -> Changes:
    now = {entry.place: entry for entry in reversed(listing.entries)}
    if before is None:
        return Changes(dict.fromkeys(now, "="), now, {})
    new = [place for place in now if place not in before]
    missing = {place: entry for place, entry in before.items() if place not in now}
    unseen = {place: each for place, each in missing.items() if _is_unread(each, listing.unread)}
    gone = {place: each for place, each in missing.items() if place not in unseen}
    marks = {**dict.fromkeys(new, "+"), **dict.fromkeys(gone, "-")}
    return Changes(marks, {**now, **unseen}, gone)


def _is_unread(entry: Entry, unread: Sequence[str]) -> bool:
    """Whether a table that has listeners such as this one could not be read."""
    return any(name.startswith(entry.listener.protocol) for name in unread)


class _Lines:
    """Changes as lines: a mark (``=`` present, ``+`` new, ``-`` gone), then the row."""

    def __init__(self, options: Options) -> None:
        self.options = options

    def blind(self, listing: Listing) -> None:
        """Say that a table could not be read any more, or can be read again."""
        if self.options.quiet:
            return
        notes = listing.notes if listing.unread else ()
        if self.options.format == "json":
            print(answers.json_line(listing.unseen()))
        for note in notes if listing.unread else ("the socket table can be read again",):
            terminal.complain(clean(note))

    def show(self, listing: Listing, changes: Changes) -> None:
        """Print what has changed."""
        if self.options.quiet:
            return
        told = {**changes.present, **changes.gone}
        for place, mark in changes.marks.items():
            print(self._line(told[place], mark))
        sys.stdout.flush()

    def _line(self, entry: Entry, mark: str) -> str:
        if self.options.format == "json":
            return answers.json_line({"change": WORDS[mark], **entry.to_dict(program.site())})
        listener = entry.listener
        codes = " ".join(entry.codes)
        text = f"{mark} {' '.join(entry.place)} {listener.reach} {columns.who(listener)} {codes}"
        return text.rstrip()


class _Screen(_Lines):
    """The whole table, drawn again in place."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.drawn = False

    def blind(self, listing: Listing) -> None:
        """Nothing more: the sum below the table says it."""

    def show(self, listing: Listing, changes: Changes) -> None:
        """Draw the table from the top left corner, and clear what is left below."""
        size = terminal.size()
        style = terminal.style(no_color=self.options.no_color)
        rows = [*changes.gone.values(), *listing.entries]
        marks = changes.marks if self.drawn else {}
        lines = list(columns.draw(rows, style, max(40, size.columns), marks))
        ends = f"every {self.options.watch:g} s, Ctrl-C ends"
        below = ["", *columns.below(listing, style), ends]
        room = max(1, size.lines - len(below) - 1)
        if len(lines) > room:
            below.insert(1, f"{len(lines) - room + 1} more rows do not fit.")
            lines = lines[: room - 1]
        clear = "\x1b[H" if self.drawn else "\x1b[H\x1b[2J"
        sys.stdout.write(clear + "".join(f"{line}\x1b[K\n" for line in [*lines, *below]) + "\x1b[J")
        sys.stdout.flush()
        self.drawn = True
