"""Whether a condition holds on an endpoint now, and if not, why.

Made to be asked again and again while a server starts. So unlike a diagnosis
it never tries to bind: for the moment of the trial the server's own bind()
would fail, and the wait would cause what it waits out. A listener that a
connection would harm is open by the word of the socket table alone.

A server that accepts and says nothing is not asked again: the connection is
kept open, and its answer is waited for from one look to the next. One that does
not take a connection gets no other.
"""

from __future__ import annotations

from checks.model.evidence import Answer, Attempt, Machine, Probe
from checks.model.records import NamedTuple
from checks.probe import beyond, fragile, sockets, targets
from checks.probe.ask import queues, resolve
from checks.rules.connects import NO_LOCAL_PORT
from checks.rules.queues import is_stuck

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.probe.ask.connect import Opened
    from checks.probe.exchange import Exchange
    from checks.probe.sockets.row import Table
    from checks.probe.targets import Address, Target
    from checks.text.endpoint import Endpoint

OPEN, CLOSED, HTTP, TLS = "open", "closed", "http", "tls"

STILL = "it still listens"
SILENT = "it accepts but does not answer"

_REFUSALS = frozenset(("refused", "self-connected", "unsupported", "address-not-available"))
"""Outcomes that prove that no program accepts; silence and a reset prove nothing."""


def _is_refusal(attempt: Attempt) -> bool:
    """Whether it proves that no program accepts: without a local port nothing was asked."""
    return attempt.outcome in _REFUSALS and attempt.reason != NO_LOCAL_PORT


class Look(NamedTuple):
    """What one look gave.

    Arguments:
        held: whether the condition held.
        why: what stood in its way, a few words; "" where the evidence tells it.
        probe: the evidence.
        elsewhere: whether every address is another machine's, and was not asked.
        ended: whether a connection came about and is over: the next is one more.
        waits: whether time was spent on a connection that is open; the next look goes on with it.
    """

    held: bool
    why: str
    probe: Probe
    elsewhere: bool = False
    ended: bool = False
    waits: bool = False


class Wanted(NamedTuple):
    """What is waited for.

    Arguments:
        condition: ``open``, ``closed``, ``http``, ``tls`` or the name of a protocol.
        path: of the HTTP request.
        secure: whether HTTP is spoken inside TLS.
    """

    condition: str
    path: str = "/"
    secure: bool = False


class _Held:
    """A connection that is kept from one look to the next."""

    def __init__(self, attempt: Attempt, opened: Opened, inodes: frozenset[int]) -> None:
        self.attempt = attempt
        self.opened = opened
        self.inodes = inodes  # of the listeners that took it
        self.exchange: Exchange | None = None

    def close(self) -> None:
        """Close the connection."""
        if self.exchange is not None:
            self.exchange.close()
        self.opened.socket.close()


class Watch:
    """One endpoint that is looked at until a condition holds.

    Arguments:
        endpoint: with a port from 1 to 65535.
        wanted: the condition.
        machine: this machine.
        remote: whether other machines' addresses may be connected to.
        activate: whether to connect also where that starts a service.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        wanted: Wanted,
        machine: Machine,
        *,
        remote: bool,
        activate: bool = False,
    ) -> None:
        self.endpoint = endpoint
        self.wanted = wanted
        self.machine = machine
        self.remote = remote
        self.activate = activate
        self.port = (endpoint.port.number if endpoint.port else None) or 0
        self._held: dict[str, _Held] = {}
        self._seen: frozenset[int] = frozenset()  # inodes of listeners that have accepted
        self._accepted: Probe | None = None  # the evidence of that
        self._inside: dict[str, bool] = {}  # whether TLS is to be spoken with an address
        self._waited = False  # whether this look has waited on a connection

    def close(self) -> None:
        """Close what is open."""
        for held in self._held.values():
            held.close()
        self._held.clear()

    def look(self, timeout: float) -> Look:
        """Look once.

        Arguments:
            timeout: seconds that one connection may take.
        """
        self._waited = False
        answers, addresses = _addresses(self.endpoint, timeout)
        chosen = targets.choose(addresses, self.port, self.machine.interfaces, self.remote)
        found = sockets.on_port(self.port, self.machine.interfaces)
        if self._still_listens(chosen, found) and self._accepted is not None:
            return Look(False, STILL, self._accepted)
        spared, chosen = fragile.spare(chosen, found.listeners, activate=self.activate)
        found, attempts = self._connect(chosen, found, timeout)
        probe = self._evidence(answers, attempts, found)
        elsewhere = bool(chosen) and all(
            target.reason == targets.OTHER_MACHINE for target in chosen
        )
        if spared and probe.outcome != "accepted":
            held, why = _holds_by_table(self.wanted, spared[min(spared)], self.port)
            return Look(held, why, probe._replace(outcome="left-alone"), elsewhere)
        held, why, ended = self._holds(chosen, found, probe, timeout)
        return Look(held, why, probe, elsewhere, ended, self._waited)

    def _evidence(
        self, answers: Sequence[Answer], attempts: tuple[Attempt, ...], found: Table
    ) -> Probe:
        return Probe(
            outcome=_outcome(attempts),
            resolution=answers[0] if answers else None,
            attempts=attempts,
            listeners=queues.in_order(found.listeners, attempts),
            others=found.others,
            bindings=(),
            machine=self.machine,
            notes=found.notes,
            answers=tuple(answers[1:]),
            unread=found.unread,
        )

    def _connect(
        self, chosen: Sequence[Target], found: Table, timeout: float
    ) -> tuple[Table, tuple[Attempt, ...]]:
        """Connect where no connection is kept; the table and one attempt a target."""
        for text in self._outdated(chosen, found):
            self._held.pop(text).close()
        for held in self._held.values():
            self._follow(held, timeout)
        new = [target for target in chosen if target.text not in self._held]
        result, _ = beyond.without_ports(new, queues.attempt(new, found, timeout), None)
        if result.sources and not found.listeners:  # it has come up in between
            found = sockets.on_port(self.port, self.machine.interfaces, result.sources)
        for at, opened in result.opened.items():
            kept = _Held(result.attempts[at], opened, _inodes(new[at], found))
            self._held[new[at].text] = kept
        made = {target.text: each for target, each in zip(new, result.attempts, strict=True)}
        made |= {text: held.attempt for text, held in self._held.items()}
        return found, tuple(made[target.text] for target in chosen)

    def _outdated(self, chosen: Sequence[Target], found: Table) -> list[str]:
        """The kept connections that are to an address no longer asked, or to a former listener."""
        listening = {target.text: _inodes(target, found) for target in chosen}

        def replaced(text: str, held: _Held) -> bool:
            now = listening[text]
            return bool(now and held.inodes) and now.isdisjoint(held.inodes)

        return [
            text
            for text, held in self._held.items()
            if text not in listening or replaced(text, held)
        ]

    def _follow(self, held: _Held, timeout: float) -> None:
        """See whether a connection that was not taken is taken now."""
        if is_stuck(held.attempt):
            (told,) = queues.watch([held.opened], timeout)
            self._waited = told.taken is False
            watched = (held.attempt.watched or 0.0) + (told.watched or 0.0)
            held.attempt = held.attempt._replace(
                taken=told.taken, watched=watched if told.taken is False else None
            )

    def _still_listens(self, chosen: Sequence[Target], found: Table) -> bool:
        """Of what is to close: whether a listener is there that has accepted before."""
        return self.wanted.condition == CLOSED and any(
            _inodes(target, found) & self._seen for target in chosen
        )

    def _holds(
        self, chosen: Sequence[Target], found: Table, probe: Probe, timeout: float
    ) -> tuple[bool, str, bool]:
        """Whether the condition holds; if not, why; and whether a connection is over."""
        condition = self.wanted.condition
        if condition == CLOSED:
            return self._closed(chosen, found, probe)
        accepting = [
            target
            for target, attempt in zip(chosen, probe.attempts, strict=True)
            if attempt.outcome == "accepted" and not is_stuck(attempt) and not target.beside
        ]  # a program that asks the system does not get to what is asked beside its answer
        if condition == OPEN and accepting:
            self.close()
            return True, "", False
        why, ended = "", False
        for target in accepting:
            told, over = self._speaks(target, found, timeout)
            if told == "":
                self.close()
                return True, "", False
            why, ended = told or SILENT, ended or over
        return False, why, ended

    def _closed(
        self, chosen: Sequence[Target], found: Table, probe: Probe
    ) -> tuple[bool, str, bool]:
        self.close()
        if any(each.outcome == "accepted" or is_stuck(each) for each in probe.attempts):
            for target in chosen:
                self._seen |= _inodes(target, found)
            self._accepted = probe
            return False, "it still answers", True
        tried = [attempt for attempt in probe.attempts if attempt.outcome != "skipped"]
        return bool(tried) and all(map(_is_refusal, tried)), "", False

    def _speaks(self, target: Target, found: Table, timeout: float) -> tuple[str | None, bool]:
        """What the peer does instead of what is waited for, and whether its connection is over.

        "" where it does what is waited for; None where it has not answered yet.
        """
        from checks.probe import exchange  # noqa: PLC0415 - not for open and closed

        condition = self.wanted.condition
        if condition not in (HTTP, TLS) and exchange.is_known(condition, self.port, found):
            return "", False
        held = self._held.get(target.text)
        if held is None:  # reset right after it was accepted
            return "it accepts, then resets the connection", True
        if held.exchange is None:
            name = targets.name_of(self.endpoint) or target.text
            inside = self._inside.get(target.text, exchange.begins_with_tls(self.port))
            held.exchange = exchange.Exchange(
                held.opened, condition, self.port, name, self.wanted.path,
                secure=self.wanted.secure if condition == HTTP else inside,
            )  # fmt: skip
        if not held.exchange.go_on(timeout):
            self._waited = True
            return None, False
        del self._held[target.text]
        self._inside[target.text] = held.exchange.next_inside
        return held.exchange.why(), True


def look(
    endpoint: Endpoint,
    wanted: Wanted,
    timeout: float,
    machine: Machine,
    *,
    remote: bool,
    activate: bool = False,
) -> Look:
    """Look once, and keep nothing. The arguments are those of :class:`Watch` and its ``look``."""
    watch = Watch(endpoint, wanted, machine, remote=remote, activate=activate)
    try:
        return watch.look(timeout)
    finally:
        watch.close()


def _outcome(attempts: Sequence[Attempt]) -> str:
    outcomes = [attempt.outcome for attempt in attempts]
    if "accepted" in outcomes:
        return "accepted"
    if any(is_stuck(attempt) for attempt in attempts):
        return "left-alone"
    return outcomes[0] if outcomes else "not-resolved"


def _inodes(target: Target, found: Table) -> frozenset[int]:
    """The sockets that listen for a target."""
    return frozenset(row.inode for row in targets.takers(target, found.listeners) if row.inode)


def _holds_by_table(wanted: Wanted, spared: fragile.Spared, port: int) -> tuple[bool, str]:
    """What can be said of a listener that is not to be connected to."""
    if wanted.condition == OPEN:
        return True, ""
    if wanted.condition == CLOSED:
        return False, STILL
    from checks.probe.identify import debuggers  # noqa: PLC0415 - seldom

    command = spared.owner.command if spared.owner is not None else None
    known = debuggers.from_command(command, port)
    if known is not None and known.protocol == wanted.condition:
        return True, ""
    insists = " (--activate allows it)" if spared.listener.activation is not None else ""
    return False, f"its protocol is not tested: {spared.says}{insists}"


def _addresses(endpoint: Endpoint, timeout: float) -> tuple[tuple[Answer, ...], Sequence[Address]]:
    host = endpoint.host
    if host is None:
        return (), targets.LOOPBACKS
    if host.kind == "wildcard":
        return (), targets.WILDCARDS
    if host.kind == "name":
        answer, found = resolve.addresses(host.text, timeout)
        return (answer,), found
    return (), [targets.Address(host.version, host.value, host.zone)]
