"""C319 localhost-two-programs."""

from __future__ import annotations

from checks.findings import commands, owners, witness, wording
from checks.findings.base import Finding, Fix, Match, Subject
from checks.model import words
from checks.model.records import NamedTuple
from checks.rules import programs
from checks.rules.connects import ended_elsewhere
from checks.rules.listening import most_specific
from checks.rules.places import interfaces_of, place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from checks.model.evidence import Listener, Probe
    from checks.rules.places import Place


class LocalhostTwoPrograms(Finding):
    """Different programs answer on 127.0.0.1 and on ::1.

    What it means
    -------------
    The name localhost has both loopback addresses, 127.0.0.1 and ::1. On this port each of them
    has another program. So two clients with the same URL can reach different programs. No
    connection fails, which makes it hard to notice.

    How it is detected
    ------------------
    Connections to both addresses were accepted. For each address, the socket table shows the
    listener with the most specific bind. The two listeners have no process in common. If you
    asked for one of the addresses, the other is known from the table only, and the finding is a
    notice.

    A process and its child count as one program. So do processes with the same parent and the
    same command line (workers), and the two proxies through which Docker publishes a port. If the
    process of a listener is not visible, there is no finding. It is a notice if the two command
    lines differ in the address only: you may want two copies.

    Why it happens
    --------------
    - A development server listens on ::1 only, because it listens on "localhost". Another one, or
      an older copy, is still on 127.0.0.1. Neither finds its port in use.
    - A container publishes the port on 127.0.0.1, and the same service also runs outside it.
    - One program listens on 0.0.0.0, and another one on ::1 or on :: for IPv6 only.

    What to do
    ----------
    Write 127.0.0.1 or [::1] in the URL instead of localhost. Then it is clear which program
    answers. Stop the program that you do not need. To see which program has which address:

    - Linux: Show the listener: `ss -ltnp 'sport = :62893'`. The last column names the program and
      its pid, with sudo also for programs of other users.
    - macOS: Show the listener: `sudo lsof -nP -iTCP:62893 -sTCP:LISTEN`. COMMAND and PID name the
      program.
    - Windows: Show the listener, in PowerShell: `Get-NetTCPConnection -LocalPort 62893 -State
      Listen -ErrorAction SilentlyContinue`. Find its program by OwningProcess: `Get-Process -Id
      PID`.

    Guide
    -----
    troubleshooting/localhost-or-127/#both-work-and-give-different-answers

    Sources
    -------
    - RFC 6761, section 6.3, localhost: https://www.rfc-editor.org/info/rfc6761
    - RFC 6724, section 6, the order of addresses: https://www.rfc-editor.org/info/rfc6724
    - IPV6_V6ONLY(2const): https://man7.org/linux/man-pages/man2/IPV6_V6ONLY.2const.html
    - Node.js manual, dns.setDefaultResultOrder(): https://nodejs.org/api/dns.html
    - Vite, server.host: https://vite.dev/config/server-options.html
    """

    code = "C319"
    slug = "localhost-two-programs"
    severity = "warning"
    title = "Different programs on 127.0.0.1 and ::1"
    example = "localhost:62893"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where both loopback addresses lead to processes that are not related."""
        two = pair(subject)
        if two is None or subject.probe is None:
            return None
        probe, port = subject.probe, two.port
        clear = (
            f"Write {words.at(two.here, port)} or {words.at(two.there, port)}: then it is clear"
            " which program answers."
        )
        stops = (*owners.stop(two.four[0], probe), *owners.stop(two.six[0], probe))
        fixes = commands.for_machine(probe, (Fix(clear),), commands.who_listens(port), stops)
        lines = (
            *(wording.attempt_line(one, port) for one in probe.attempts),
            *(wording.listener_line(row) for row in two.rows),
        )
        alike = programs.are_alike(two.four[0], two.six[0])
        severity = "notice" if alike or not two.both else None
        return Match(two.text, fixes, lines, severity, listeners=two.rows, brief=two.brief)


class Pair(NamedTuple):
    """Two programs behind the two loopback addresses.

    Arguments:
        asked: what was asked, as a message names it.
        port: of both.
        here: the IPv4 address.
        four: the listeners that take its connections.
        there: the IPv6 address.
        six: the listeners that take its connections.
        both: whether both were asked, by a name or by the port alone.
        first: the one that was asked, where it was one: 4 or 6.
        clients: which clients try which program first; "" where that is not known.
    """

    asked: str
    port: int
    here: str
    four: tuple[Listener, ...]
    there: str
    six: tuple[Listener, ...]
    both: bool
    first: int
    clients: str

    @property
    def rows(self) -> tuple[Listener, ...]:
        """The listeners, those of the address that was asked first."""
        return (*self.six, *self.four) if self.first == 6 else (*self.four, *self.six)

    @property
    def brief(self) -> str:
        """The answer of a verdict where both were asked, else what it adds on the other one."""
        if self.both:
            return self.text
        other, row = (self.there, self.six[0]) if self.first == 4 else (self.here, self.four[0])
        return f"{words.at(other, self.port)} is another program: {wording.holder(row)}."

    @property
    def text(self) -> str:
        """Who is reached by which address, in a sentence or two."""
        four, six = wording.holder(self.four[0]), wording.holder(self.six[0])
        here, there = words.at(self.here, self.port), words.at(self.there, self.port)
        if self.both:
            text = f"{self.asked} reaches two programs: {four} on {here} and {six} on {there}."
            return text + self.clients
        if self.first == 6:
            four, six, here, there = six, four, there, here
        return f"{here} reaches {four}. {there} reaches another program, {six}."


def pair(subject: Subject) -> Pair | None:
    """The two programs of an endpoint on loopback; None where there is one, or it is not known."""
    probe, port = subject.probe, witness.port_of(subject)
    if probe is None or port is None:
        return None
    (here, four), (there, six) = (_reached(probe, port, version) for version in (4, 6))
    both = bool(here and there)
    first = 4 if here else 6
    if not both and len(probe.listeners) > 1:
        here, four, there, six = _by_table(probe, here, four, there, six)
    if not four or not six or not programs.are_apart(four, six):
        return None
    host = subject.endpoint.host if subject.endpoint else None
    asked = f"{wording.clip(host.text)}:{port}" if host else f"Port {port}"
    clients = _who_reaches_which(probe, {here: four[0], there: six[0]})
    return Pair(asked, port, here, four, there, six, both, first, clients)


_Rows = tuple["Listener", ...]


def _by_table(
    probe: Probe, here: str, four: _Rows, there: str, six: _Rows
) -> tuple[str, _Rows, str, _Rows]:
    """The same, where one of the two was asked: the other one as the socket table has it."""
    if here == _FOUR and not there and probe.resolution is None:
        return here, four, _SIX, _takers(probe, place(_SIX))
    if there == _SIX and not here and probe.resolution is None:
        return _FOUR, _takers(probe, place(_FOUR)), there, six
    return here, four, there, six


_FOUR, _SIX = "127.0.0.1", "::1"


def _reached(probe: Probe, port: int, version: int) -> tuple[str, tuple[Listener, ...]]:
    """The loopback address of an IP version that accepted, and what takes its connections."""
    for attempt in witness.accepted(probe):
        at = place(attempt.address)
        if at.loopback and at.version == version and not ended_elsewhere(attempt, port):
            return attempt.address, _takers(probe, at)
    return "", ()


def _takers(probe: Probe, at: Place) -> tuple[Listener, ...]:
    """The listeners one of which takes connections to an address; empty where any is unknown."""
    rows = most_specific(probe.listeners, at, interfaces_of(at, probe.machine.interfaces))
    sure = frozenset(witness.covering(probe, at))
    known = all(row in sure and row.owners and row.activation is None for row in rows)
    return rows if known else ()


_CLIENTS = {
    "curl": "curl",
    "node": "Node.js",
    "browsers": "browsers",
    "getaddrinfo": "programs that ask the system",
}
"""By the name that an answer has in the evidence: what takes it."""


def _who_reaches_which(probe: Probe, rows: Mapping[str, Listener]) -> str:
    """Which clients try which program first; "" where no answer to a name is known."""
    answers = (*probe.answers, probe.resolution) if probe.resolution else probe.answers
    parts = []
    for address, row in rows.items():
        known = [
            _CLIENTS[one.who]
            for one in answers
            if one.who in _CLIENTS and one.addresses[:1] == (address,)
        ]
        if known:
            tries = "tries" if known in (["curl"], ["Node.js"]) else "try"
            parts.append(f"{wording.joined(known)} {tries} {wording.holder(row)} first")
    return f" By that name, {', '.join(parts)}." if parts else ""
