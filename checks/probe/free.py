"""Ports that a server could have: chosen with reasons, and really tried.

``bind(0)`` gives a free port too, but one from the ephemeral range, where the
next outgoing connection may take it before the server does, and often one
that means something to other programs. Chosen here are ports that nothing is
likely to want.
"""

from __future__ import annotations

import socket
from contextlib import ExitStack
from random import SystemRandom

from checks import ports
from checks.model.records import NamedTuple
from checks.ports import services, uses
from checks.probe import system
from checks.probe.ask.connect import symbol_of
from checks.rules import reserved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from checks.model.evidence import Machine

FIRST, LAST = 1024, 65535

_NO_FAMILY = ("EAFNOSUPPORT", "EPROTONOSUPPORT", "EADDRNOTAVAIL")
_UNPRIVILEGED = 1024


class Place(NamedTuple):
    """An address to bind: canonical text, version 4 or 6, index of its zone's interface."""

    text: str
    version: int
    scope: int = 0


class Choice(NamedTuple):
    """A port that was bound, and closed again.

    Arguments:
        port: its number.
        bound: the addresses it was bound on.
        objections: what speaks against it; empty for a port chosen freely.
    """

    port: int
    bound: tuple[str, ...]
    objections: tuple[str, ...]


class Search(NamedTuple):
    """What a search gave.

    Arguments:
        choices: at most as many as were asked for.
        missing: addresses that this machine does not have, with the errno.
        taken: ports that would have done but could not be bound.
    """

    choices: tuple[Choice, ...]
    missing: tuple[tuple[str, str], ...]
    taken: int


def search(
    places: Sequence[Place], machine: Machine, count: int, within: tuple[int, int] | None = None
) -> Search:
    """Find ports that can be bound on every one of some addresses.

    Arguments:
        places: the addresses. One whose family this machine lacks is left
            out, as long as another is there.
        machine: for its ephemeral range and its rules.
        count: how many to find.
        within: first and last port to choose from. Without it only ports to
            which there is no objection are taken; with it those with the
            fewest come first.

    Returns:
        the ports in random order, so that two searches at a time seldom choose
        the same.
    """
    there, missing = _present(places)
    if not there:
        return Search((), missing, 0)
    choices: list[Choice] = []
    taken = 0
    with ExitStack() as held:  # what is chosen stays bound until all are
        for port, objections in _candidates(machine, within):
            if not _bind(there, port, held):
                taken += 1
                continue
            choices.append(Choice(port, tuple(place.text for place in there), objections))
            if len(choices) == count:
                break
    return Search(tuple(choices), missing, taken)


def _present(
    places: Sequence[Place],
) -> tuple[list[Place], tuple[tuple[str, str], ...]]:
    """The addresses that can be bound at all, and those that this machine lacks."""
    there, missing = [], []
    for place in places:
        try:
            with _open(place) as trial:
                trial.bind(_sockaddr(place, 0))
        except OSError as error:
            symbol = symbol_of(error.errno or 0)
            if symbol in _NO_FAMILY:
                missing.append((place.text, symbol))
                continue
        there.append(place)
    return there, tuple(missing)


def _candidates(
    machine: Machine, within: tuple[int, int] | None
) -> Iterable[tuple[int, tuple[str, ...]]]:
    """Ports in the order in which to try them, each with what speaks against it."""
    first, last = within or (FIRST, LAST)
    numbers = list(range(first, last + 1))
    SystemRandom().shuffle(numbers)
    judge = _Judge(machine, numbers)
    judged = ((port, judge.objections(port)) for port in numbers)
    if within is None:
        return (each for each in judged if not each[1])
    return sorted(judged, key=lambda each: len(each[1]))


class _Judge:
    """Says what speaks against a port; the tables are walked once for all of them."""

    def __init__(self, machine: Machine, numbers: Sequence[int]) -> None:
        self.machine = machine
        self.ephemeral = machine.ephemeral or ports.ephemeral_range(machine.system)
        low, high = min(numbers), max(numbers)
        self.uses: dict[int, str] = {}
        for first, last, use in uses.all_uses():
            for port in range(max(first, low), min(last, high) + 1):
                self.uses.setdefault(port, use.name)
        self.services: dict[int, str] = {}
        for service in services.all_services():
            first, last = service.ports
            for port in range(max(first, low), min(last, high) + 1):
                self.services.setdefault(port, service.name)

    def objections(self, port: int) -> tuple[str, ...]:
        """What speaks against a port, each a few words."""
        found = []
        start = self.machine.unprivileged_start
        if port < (_UNPRIVILEGED if start is None else start):
            found.append("privileged")
        if self.ephemeral and self.ephemeral[0] <= port <= self.ephemeral[1]:
            found.append("in this system's ephemeral range")
        if reserved.holds(self.machine.reserved_ports, port):
            found.append("set aside by this system")
        if any(port in blocked for blocked in ports.BLOCKED.values()):
            found.append("blocked by browsers")
        if port in self.services:
            found.append(f"registered for {self.services[port]}")
        if port in self.uses:
            found.append(f"often {self.uses[port]}")
        return tuple(found)


def _bind(places: Sequence[Place], port: int, held: ExitStack) -> bool:
    """Bind a port on every address, and keep it; False where one of them is refused."""
    with ExitStack() as trying:
        try:
            for place in places:
                trying.enter_context(_open(place)).bind(_sockaddr(place, port))
        except OSError:
            return False
        held.push(trying.pop_all())
    return True


def _open(place: Place) -> socket.socket:
    family = socket.AF_INET if place.version == 4 else socket.AF_INET6
    opened = socket.socket(family, socket.SOCK_STREAM)
    system.exclusively(opened)
    if place.version == 6:
        # The other family is tried by itself; a dual-stack socket would collide with it.
        opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    return opened


def _sockaddr(place: Place, port: int) -> tuple[str, int] | tuple[str, int, int, int]:
    bare = place.text.partition("%")[0]
    return (bare, port) if place.version == 4 else (bare, port, 0, place.scope)
