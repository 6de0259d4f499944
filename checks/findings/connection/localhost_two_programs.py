"""C319 localhost-two-programs."""

from __future__ import annotations

from checks.findings import commands, owners, witness, wording
from checks.findings.base import Finding, Fix, Match, Subject
from checks.model import words
from checks.rules.connects import ended_elsewhere
from checks.rules.listening import most_specific
from checks.rules.places import interfaces_of, place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from checks.model.evidence import Listener, Owner, Probe
    from checks.rules.places import Place


class LocalhostTwoPrograms(Finding):
    """Different programs answer on 127.0.0.1 and on ::1.

    What it means
    -------------
    The name localhost stands for both loopback addresses, 127.0.0.1 and ::1. Each of them has a
    program of its own on this port. So one client reaches one program, and another client with
    the same URL reaches the other. No connection fails, which makes it hard to see.

    How it is detected
    ------------------
    Connections to both addresses were accepted. For each address the socket table shows which
    listener takes them, the most specific bind first. The two listeners have no process in common.

    A process and its child count as one program. So do processes with the same parent and the
    same command line (workers), and the two proxies through which Docker publishes a port of one
    container. Where the process of a listener is not visible, nothing is said. It is a notice where
    the two command lines differ in the address only: they may be two copies that are wanted.

    Why it happens
    --------------
    - A development server listens on ::1 only, because it was told localhost. Another one, or an
      older copy, is still on 127.0.0.1. Neither finds its port in use.
    - A container publishes the port on 127.0.0.1, and the same service also runs outside of it.
    - One program listens on 0.0.0.0, and another one on ::1 or on :: for IPv6 only.

    What to do
    ----------
    Write 127.0.0.1 or [::1] in the URL instead of localhost: then it is clear which program
    answers. Stop the program that you do not need. See which program has which address:

    - Linux: `ss -ltnp 'sport = :62893'`
    - macOS: `lsof -nP -iTCP:62893 -sTCP:LISTEN`
    - Windows: `netstat -ano | findstr /R /C:":62893 "`

    Sources
    -------
    - RFC 6761, section 6.3, localhost: https://www.rfc-editor.org/info/rfc6761
    - RFC 6724, section 6, the order of addresses: https://www.rfc-editor.org/info/rfc6724
    - ipv6(7), IPV6_V6ONLY: https://man7.org/linux/man-pages/man7/ipv6.7.html
    - Node.js manual, dns.setDefaultResultOrder(): https://nodejs.org/api/dns.html
    - Vite, server.host: https://vite.dev/config/server-options.html
    """

    code = "C319"
    slug = "localhost-two-programs"
    severity = "warning"
    title = "Two programs answer, one on 127.0.0.1 and one on ::1"
    example = "localhost:62893"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where both loopback addresses accepted, by processes that are not related."""
        probe, port = subject.probe, witness.port_of(subject)
        if probe is None or port is None:
            return None
        (here, four), (there, six) = (_reached(probe, port, version) for version in (4, 6))
        if not four or not six or not _are_apart(four, six):
            return None
        host = subject.endpoint.host if subject.endpoint else None
        asked = f"{wording.clip(host.text)}:{port}" if host else f"Port {port}"
        text = (
            f"{asked} reaches two programs: {wording.holder(four[0])} on"
            f" {words.at(here, port)} and {wording.holder(six[0])} on {words.at(there, port)}."
            f"{_who_reaches_which(probe, {here: four[0], there: six[0]})}"
        )
        clear = (
            f"Write {words.at(here, port)} or {words.at(there, port)}: then it is clear which"
            " program answers."
        )
        stops = (*owners.stop(four[0], probe), *owners.stop(six[0], probe))
        fixes = commands.for_machine(probe, (Fix(clear),), commands.who_listens(port), stops)
        lines = (
            *(wording.attempt_line(one, port) for one in probe.attempts),
            *(wording.listener_line(row) for row in (*four, *six)),
        )
        severity = "notice" if _program(four[0]) == _program(six[0]) else None
        return Match(text, fixes, lines, severity, listeners=(*four, *six))


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


def _are_apart(four: tuple[Listener, ...], six: tuple[Listener, ...]) -> bool:
    """Whether no process of the one has to do with a process of the other."""
    if _one_container(four[0], six[0]):
        return False
    one, other = (
        {owner.pid: owner for row in rows for owner in row.owners} for rows in (four, six)
    )
    return (
        one.keys().isdisjoint((*other, *(owner.parent for owner in other.values())))
        and other.keys().isdisjoint(owner.parent for owner in one.values())
        and _siblings(one.values()).isdisjoint(_siblings(other.values()))
    )


def _siblings(owners: Iterable[Owner]) -> set[tuple[int | None, str]]:
    """What workers of one parent have in common: the parent and the command line."""
    return {(owner.parent, owner.command) for owner in owners if owner.command is not None}


def _one_container(four: Listener, six: Listener) -> bool:
    """Whether an engine may publish a port of one container by both; True where that is open."""
    a, b = four.relay, six.relay
    if a is None or b is None or a.engine is None or a.engine != b.engine:
        return False
    if not a.target or not b.target or a.target == b.target:
        return True
    return ("[" in a.target) != ("[" in b.target)  # a container may have an address of each


def _program(listener: Listener) -> tuple[str, tuple[str, ...]] | None:
    """The name of the main process and its command line without the address to listen on."""
    owner = witness.main_owner(listener)
    if owner is None:
        return None
    words = (owner.command or "").split()
    return owner.name, tuple(word for word in words if not _is_address(word))


def _is_address(word: str) -> bool:
    return place(word.rpartition("=")[2].strip("[]")).version != 0


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
