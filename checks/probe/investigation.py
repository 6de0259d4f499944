"""The steps of an investigation, in an order in which none disturbs the next.

A listener that a connection would harm is known by the table, and left alone; a
program that takes no connections is found by its queue, and left alone too.
"""

from __future__ import annotations

from checks.model.evidence import (
    Answer,
    Attempt,
    Identity,
    Machine,
    Probe,
    Relay,
    Restarts,
)
from checks.model.words import TCP
from checks.probe import beyond, contradictions, fragile, machine, sockets, targets
from checks.probe.ask import bind, queues
from checks.probe.machine import processes, relay
from checks.probe.sockets import unclosed
from checks.rules import owners
from checks.rules.connects import ended_elsewhere
from checks.rules.queues import is_stuck

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from checks.model.evidence import Peer, UnixListener
    from checks.probe.sockets import Table
    from checks.probe.targets import Address, Target
    from checks.text.endpoint import Endpoint


def run(
    endpoint: Endpoint,
    timeout: float,
    *,
    remote: bool,
    identify: bool,
    activate: bool,
    watch: bool,
) -> Probe:
    """Gather the evidence; the arguments are those of :func:`checks.probe.investigate`."""
    facts = machine.facts()
    if endpoint.path is not None:
        from checks.probe.unix import investigation as unix  # noqa: PLC0415 - where one is asked

        return unix.run(endpoint.path, facts, timeout, identify=identify, activate=activate)
    host = endpoint.host
    if endpoint.port is None and host is not None and host.kind == "name":
        return _of_name(host.text, facts, timeout)
    port = endpoint.port.number if endpoint.port else None
    if not port:
        return _not_asked("not-probed", facts, (_why_no_port(endpoint),))
    answers: tuple[Answer, ...] = ()
    addresses, note = _addresses(endpoint)
    if addresses is None:
        answers, addresses = _resolve(host.text if host else "", facts, timeout)
    chosen = targets.choose(addresses, port, facts.interfaces, remote)
    found = sockets.on_port(port, facts.interfaces)
    spared, chosen = fragile.spare(chosen, found.listeners, activate=activate)
    found, result = contradictions.connect(chosen, found, facts, port, timeout)
    result, local_ports = beyond.without_ports(chosen, result, facts.ephemeral)
    attempts = result.attempts
    identity = None
    try:
        bindings = bind.trials(chosen, found, facts, attempts)
        passing = _relay(chosen, attempts, found)
        namespaces = beyond.namespaces(chosen, result, found, facts)
        if identify:
            identity, attempts = _identity(endpoint, chosen, result, found, spared)
    finally:
        result.close()
    return Probe(
        outcome=_outcome(attempts, answers, addresses, spared),
        resolution=answers[0] if answers else None,
        attempts=attempts,
        listeners=queues.in_order(found.listeners, attempts),
        others=_others(found.others, attempts),
        bindings=bindings,
        machine=facts,
        notes=(*([note] if note else []), *found.notes),
        answers=answers[1:],
        relay=passing,
        identity=identity,
        unread=found.unread,
        local_ports=local_ports,
        unix_listeners=_on_files(port, chosen, attempts, found),
        unclosed=unclosed.stayed(port, found.unclosed),
        restarts=_restarts(chosen, attempts, found, timeout) if watch else None,
        namespaces=namespaces or beyond.behind(passing, identity, facts),
    )


def _on_files(
    port: int, chosen: Sequence[Target], attempts: Sequence[Attempt], found: Table
) -> tuple[UnixListener, ...]:
    """The Unix sockets of the port's service, looked for only where nothing listens on the port."""
    if not _is_closed(chosen, attempts, found):
        return ()
    from checks.probe.unix import beside  # noqa: PLC0415 - 0.7 ms, where nothing listens

    return beside.of_port(port)


def _is_closed(chosen: Sequence[Target], attempts: Sequence[Attempt], found: Table) -> bool:
    """Whether a connection was refused, and nothing listens on the port."""
    if any(row.protocol == TCP for row in found.listeners):
        return False
    return any(
        target.local and attempt.outcome == "refused"
        for target, attempt in zip(chosen, attempts, strict=True)
    )


def _restarts(
    chosen: Sequence[Target], attempts: Sequence[Attempt], found: Table, timeout: float
) -> Restarts | None:
    """Whether a supervisor starts the program again and again, where one may."""
    rows = [row for row in found.listeners if row.protocol == TCP]
    by: tuple[int, ...] = ()
    if rows:
        may = any(owners.is_restarted(owner) for row in rows for owner in row.owners)
    else:
        by = processes.supervisors() if _is_closed(chosen, attempts, found) else ()
        may = bool(by)
    if not may or not chosen:
        return None
    from checks.probe import restarts  # noqa: PLC0415 - where a supervisor is

    left = any(peer.state == "time-wait" for peer in found.others)
    return restarts.watch(chosen[0].port, rows, by, timeout, left=left)


def _of_name(name: str, facts: Machine, timeout: float) -> Probe:
    """A name without a port: only the resolver is asked."""
    answers, addresses = _resolve(name, facts, timeout)
    made = _not_asked("not-probed" if addresses else "not-resolved", facts)
    return made._replace(resolution=answers[0], answers=answers[1:])


def _not_asked(outcome: str, facts: Machine, notes: tuple[str, ...] = ()) -> Probe:
    """The evidence where no address was asked."""
    return Probe(
        outcome=outcome,
        resolution=None,
        attempts=(),
        listeners=(),
        others=(),
        bindings=(),
        machine=facts,
        notes=notes,
    )


def _why_no_port(endpoint: Endpoint) -> str:
    if endpoint.port is None:
        return "No port was given, so nothing was tested."
    if endpoint.port.number == 0:
        return 'Port 0 means "choose one" to bind(); it cannot be tested.'
    return f"{endpoint.port.text!r} is not a port number, so nothing was tested."


# Which addresses


def _addresses(endpoint: Endpoint) -> tuple[list[Address] | None, str | None]:
    """The addresses an endpoint stands for, None for a name; and a note."""
    host = endpoint.host
    if host is None:
        return list(targets.LOOPBACKS), None
    if host.kind == "wildcard":
        return list(targets.WILDCARDS), None
    if host.version in (4, 6) and host.value >= 0:
        return [targets.Address(host.version, host.value, host.zone)], None
    if host.kind == "name":
        return None, None
    return [], f"{host.text!r} is not a host that can be tested."


def _resolve(name: str, facts: Machine, timeout: float) -> tuple[tuple[Answer, ...], list[Address]]:
    """The resolver's answer, that of the hosts file, and what clients take; the addresses."""
    from checks.probe.ask import clients, resolve  # noqa: PLC0415 - 0.4 ms, for names only

    answer, addresses = resolve.addresses(name, timeout)
    hosts = resolve.hosts_file(name)
    found: tuple[Answer, ...] = (answer, hosts) if hosts else (answer,)
    if resolve.is_localhost(name):
        ipv6 = not facts.interfaces or any(each.address == "::1" for each in facts.interfaces)
        found += clients.answers(name, answer, ipv6=ipv6)
    return found, addresses


# What became of the connections


def _reached(target: Target, attempt: Attempt) -> bool:
    """Whether a connection to this machine was accepted, or would only have waited."""
    return target.local and (attempt.outcome == "accepted" or is_stuck(attempt))


def _relay(chosen: Sequence[Target], attempts: Sequence[Attempt], found: Table) -> Relay | None:
    """What passes the connections on, by the listeners that may have taken one."""
    reached = [pair for pair in zip(chosen, attempts, strict=True) if _reached(*pair)]
    if not reached:
        return None
    takers = dict.fromkeys(
        listener
        for target, attempt in reached
        if not ended_elsewhere(attempt, target.port)
        for listener in targets.takers(target, found.listeners)
    )
    return relay.find(tuple(takers), chosen[0].port)


def _others(others: tuple[Peer, ...], attempts: Sequence[Attempt]) -> tuple[Peer, ...]:
    """The connections on the port, with their clients where the program takes no other one."""
    if not any(is_stuck(attempt) for attempt in attempts):
        return others
    from checks.probe.sockets import clients  # noqa: PLC0415 - for a program that hangs

    return clients.named(others)


def _identity(
    endpoint: Endpoint,
    chosen: Sequence[Target],
    result: queues.Result,
    found: Table,
    spared: Mapping[int, fragile.Spared],
) -> tuple[Identity | None, tuple[Attempt, ...]]:
    """What speaks on the first address of this machine that accepted, or was left alone.

    The connection of the connect test is asked on; it is the first of the few that are made.

    Returns:
        the identity, and the attempts with what was learned of them.
    """
    attempts = result.attempts
    at = _to_ask(chosen, result)
    if at is None and not spared:
        return None, attempts
    from checks.probe import speaker  # noqa: PLC0415 - brings the protocols, where one may speak

    if at is None:
        known = (speaker.of_spared(chosen[index], each) for index, each in spared.items())
        return next((each for each in known if each is not None), None), attempts
    result.close(at)
    opened = result.opened.pop(at, None)
    identity, attempt = speaker.of_accepted(endpoint, chosen[at], attempts[at], opened, found)
    return identity, (*attempts[:at], attempt, *attempts[at + 1 :])


def _to_ask(chosen: Sequence[Target], result: queues.Result) -> int | None:
    """Index of the first address of this machine that accepted; None for no such.

    Where a program takes no connections, one that was seen to be taken.
    """
    attempts = result.attempts
    if any(is_stuck(attempt) for attempt in attempts):
        taken = [at for at in result.opened if attempts[at].taken and chosen[at].local]
        return min(taken, default=None)
    accepted = (
        at
        for at, attempt in enumerate(attempts)
        if attempt.outcome == "accepted" and chosen[at].local
    )
    return next(accepted, None)


def _outcome(
    attempts: Sequence[Attempt],
    answers: Sequence[Answer],
    addresses: Sequence[Address],
    spared: Mapping[int, fragile.Spared],
) -> str:
    """The outcome that counts, as :attr:`checks.model.evidence.Probe.outcome` has it."""
    outcomes = [attempt.outcome for attempt in attempts]
    if "accepted" in outcomes:
        return "accepted"
    if spared or any(is_stuck(attempt) for attempt in attempts):
        return "left-alone"
    tried = next((outcome for outcome in outcomes if outcome != "skipped"), None)
    return tried or _why_none(attempts, answers, addresses)


def _why_none(
    attempts: Sequence[Attempt], answers: Sequence[Answer], addresses: Sequence[Address]
) -> str:
    """The outcome where no connection was tried."""
    if answers and not addresses:
        return "not-resolved"
    if any(attempt.reason == targets.OTHER_MACHINE for attempt in attempts):
        return "not-this-machine"
    return "not-probed"
