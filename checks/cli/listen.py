"""checks listen: every listener of this machine, who holds it and who can reach it.

Nothing is connected to and nothing is bound: the socket table is read, and the
processes that hold the sockets are looked up in one pass.
"""

from __future__ import annotations

import sys

from checks.cli import commands, program, terminal
from checks.cli.parser import add_output
from checks.model.evidence import TCP, UDP
from checks.probe import machine
from checks.probe.sockets import listeners
from checks.report import columns, formats, json
from checks.report import listeners as report
from checks.report.clean import line as clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from checks.report.listeners import Entry

    Seen = tuple[tuple[Entry, ...], tuple[str, ...], tuple[str, ...]]
    """Entries, notes on what could not be learned, socket tables that could not be read."""

DESCRIPTION = """\
List what listens on this machine, worst first: address and port, who can
reach it, the owner, what the port is often used for, and findings.

reach: host     programs of this machine only
       network  machines that reach this one address
       any      every machine that reaches any address of this one
       (by the bound address; a firewall may stop them, and is not seen here)
"""

EPILOG = """\
examples:
  python3 -m checks listen
  python3 -m checks listen --exposed --tcp
  python3 -m checks listen --watch
  python3 -m checks listen --json | jq -r .listener.port
  python3 -m checks listen --exposed --fail-on exposed || echo open to others

exit codes: 0 the listeners were read · 1 with --fail-on exposed, where what is
listed reaches beyond this machine · 2 usage · 3 a socket table could not be
read, so that there may be more · with --format nagios: 0 OK, 1 WARNING,
2 CRITICAL, 3 UNKNOWN
With --json such a table is an object of its own, before the listeners:
{"schema": ..., "unread": ["tcp4", ...], "says": ...}
"""

INTERVAL = 2.0
"""Seconds between two looks with --watch."""

WORDS = {"=": "present", "+": "new", "-": "gone"}


def parser() -> argparse.ArgumentParser:
    """Return the parser of the arguments."""
    made = commands.new_parser("listen", "[OPTION...]", DESCRIPTION, EPILOG)
    add_output(made, "a listener")
    made.add_argument(
        "--format",
        choices=formats.NAMES,
        default="text",
        help="for a person, or for the machine that reads the report",
    )
    made.add_argument("--tcp", action="store_true", help="TCP only")
    made.add_argument("--udp", action="store_true", help="UDP only")
    made.add_argument(
        "--port",
        type=commands.ranges,
        action="extend",
        metavar="N",
        help="these ports only: 5432 or 3000-3999,8080",
    )
    made.add_argument(
        "--exposed", action="store_true", help="only what is bound to more than loopback"
    )
    made.add_argument(
        "--fail-on",
        choices=("exposed",),
        help="exit 1 where something listed is bound to more than loopback",
    )
    made.add_argument(
        "--watch",
        type=commands.seconds(0.1, 3600),
        nargs="?",
        const=INTERVAL,
        metavar="S",
        help="look again every S seconds (default 2) and mark what is new (+) and"
        " gone (-), until Ctrl-C; in a pipe the changes are printed as lines",
    )
    return made


def run(options: argparse.Namespace) -> int:
    """List once, or watch."""
    if options.json:
        options.format = "json"
    if options.watch is not None:
        return _watch(options)
    import gc  # noqa: PLC0415 - only here

    gc.disable()  # all that is made stays until the end: on a large machine a quarter of the time
    listing = _listing(options)
    style = terminal.style(no_color=options.no_color)
    if not options.quiet or formats.of(options.format).exits:
        written = formats.load(options.format).listeners(listing, style)
        if not options.quiet:
            _show(written.text, listing.notes)
        if written.code is not None:
            return written.code
    if options.fail_on and any(entry.exposed for entry in listing.entries):
        return commands.WRONG
    return commands.UNSEEN if listing.unread else commands.OK


def _listing(options: argparse.Namespace) -> report.Listing:
    reaches = report.REACHES[1:] if options.exposed else report.REACHES
    return report.Listing(*_look(options), tuple(_protocols(options)), reaches)


def look(options: argparse.Namespace) -> Seen:
    """Read the table once; return what was asked for, and what could not be learned."""
    import gc  # noqa: PLC0415 - only here

    gc.disable()  # as above, for one look of many
    try:
        return _look(options)
    finally:
        gc.enable()


def _look(options: argparse.Namespace) -> Seen:
    facts = machine.facts()
    protocols = _protocols(options)
    single = _single(options.port)
    read = listeners.named if options.format == "text" else listeners.every
    table = read(facts.interfaces, protocols, single)
    wanted = tuple(
        entry
        for entry in report.entries(table.listeners, facts, table.unread)
        if (entry.exposed or not options.exposed)
        and (not options.port or any(a <= entry.listener.port <= b for a, b in options.port))
    )
    return wanted, table.notes, table.unread


def _protocols(options: argparse.Namespace) -> list[str]:
    return [name for name in (TCP, UDP) if getattr(options, name)] or [TCP, UDP]


def _single(ranges: Sequence[tuple[int, int]] | None) -> int:
    """The one port that is asked for; the kernel then picks its rows. 0 for several."""
    if ranges and len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return ranges[0][0]
    return 0


def _show(text: str, notes: Sequence[str]) -> None:
    if not sys.stdout.isatty():  # there is no place for them in what a program reads
        for note in notes:
            commands.complain(clean(note))
    sys.stdout.write(text)
    sys.stdout.flush()


def _watch(options: argparse.Namespace) -> int:
    """Look again and again; ended by Ctrl-C, or by a reader that has gone."""
    if not formats.of(options.format).at_once:
        commands.complain(f"--watch does not go with --format {options.format}")
        return commands.USAGE
    redraw = sys.stdout.isatty() and options.format == "text" and not options.quiet
    screen = _Screen(options) if redraw else _Lines(options)
    try:
        screen.follow(options.watch)
    finally:
        screen.leave()
    return commands.OK


class _Lines:
    """Changes as lines: a mark (``=`` present, ``+`` new, ``-`` gone), then the row."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.before: dict[tuple[str, str], Entry] | None = None
        self.unread: tuple[str, ...] = ()

    def follow(self, interval: float) -> None:
        """Look every *interval* seconds, for ever."""
        from time import sleep  # noqa: PLC0415 - only here

        while True:
            found, notes, unread = look(self.options)
            now = {entry.place: entry for entry in reversed(found)}
            before = self.before
            marks = dict.fromkeys(now, "=" if before is None else "+")
            for place, entry in (before or {}).items():
                if place in now:
                    del marks[place]
                elif any(name.startswith(entry.listener.protocol) for name in unread):
                    now[place] = entry  # it was not seen to be gone
                else:
                    now[place] = entry
                    marks[place] = "-"
            if unread != self.unread:
                self.blind(notes, unread)
                self.unread = unread
            self.show(found, notes, now, marks)
            self.before = {place: entry for place, entry in now.items() if marks.get(place) != "-"}
            sleep(interval)

    def blind(self, notes: Sequence[str], unread: Sequence[str]) -> None:
        """Say that a table could not be read any more, or can be read again."""
        if self.options.quiet:
            return
        if self.options.format == "json":
            print(json.line(report.unseen(unread, notes if unread else ())))
        for note in notes if unread else ("the socket table can be read again",):
            commands.complain(clean(note))

    def show(
        self,
        found: Sequence[Entry],
        notes: Sequence[str],
        now: Mapping[tuple[str, str], Entry],
        marks: Mapping[tuple[str, str], str],
    ) -> None:
        """Print what has changed."""
        if self.options.quiet:
            return
        for place, mark in marks.items():
            print(self.line(now[place], mark))
        sys.stdout.flush()

    def line(self, entry: Entry, mark: str) -> str:
        """One change."""
        if self.options.format == "json":
            return json.line({"change": WORDS[mark], **entry.to_dict(program.site())})
        listener = entry.listener
        codes = " ".join(entry.codes)
        text = f"{mark} {' '.join(entry.place)} {listener.reach} {columns.who(listener)} {codes}"
        return text.rstrip()

    def leave(self) -> None:
        """Nothing to put back."""


class _Screen(_Lines):
    """The whole table, drawn again in place."""

    def blind(self, notes: Sequence[str], unread: Sequence[str]) -> None:
        """Nothing more: the sum below the table says it."""

    def show(
        self,
        found: Sequence[Entry],
        notes: Sequence[str],
        now: Mapping[tuple[str, str], Entry],
        marks: Mapping[tuple[str, str], str],
    ) -> None:
        """Draw the table from the top left corner, and clear what is left below."""
        from shutil import get_terminal_size  # noqa: PLC0415 - only on a terminal

        size = get_terminal_size()
        gone = [entry for place, entry in now.items() if marks.get(place) == "-"]
        shown = {} if self.before is None else marks
        drawn = terminal.style(no_color=self.options.no_color)
        lines = list(columns.draw([*gone, *found], drawn, max(40, size.columns), shown))
        listing = report.Listing(tuple(found), tuple(notes), self.unread)
        ends = f"every {self.options.watch:g} s, Ctrl-C ends"
        below = ["", *columns.below(listing, drawn), ends]
        room = max(1, size.lines - len(below) - 1)
        if len(lines) > room:
            below.insert(1, f"{len(lines) - room + 1} more rows do not fit.")
            lines = lines[: room - 1]
        clear = "\x1b[H" if self.before is not None else "\x1b[H\x1b[2J"
        sys.stdout.write(clear + "".join(f"{line}\x1b[K\n" for line in [*lines, *below]) + "\x1b[J")
        sys.stdout.flush()
