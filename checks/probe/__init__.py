"""What this machine itself says about an endpoint.

Five witnesses are heard, in an order in which none disturbs the next: the
resolver, the kernel's socket table, live connects, a trial bind, and what the
peer says of itself. Where two of them disagree the table is read once more
before the contradiction is believed: a server may have started in between. A
listener that a connection would harm is known by the table, and left alone; a
program that takes no connections is found by its queue, and left alone too.

Never imported by the browser's half of the package.
"""

from __future__ import annotations

from time import monotonic

from checks.model.evidence import Answer, Attempt, Identity, Listener, Machine, Probe
from checks.probe import fragile, machine, sockets, system, targets
from checks.probe.ask import bind, queues, resolve
from checks.probe.machine import relay
from checks.rules import owners
from checks.rules.connects import ended_elsewhere
from checks.rules.queues import is_full, is_stuck

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.probe.sockets.table import Table
    from checks.probe.targets import Address, Target
    from checks.text.endpoint import Endpoint

__all__ = ["investigate"]

_LONGEST = 60.0  # seconds; what a caller's timeout is cut to
_SHORTEST = 0.001

_SILENT = {"timed-out", "unreachable", "address-not-available"}
"""What a loopback address gives while its interface is down."""


def investigate(
    endpoint: Endpoint,
    *,
    timeout: float = 1.0,
    remote: bool = False,
    identify: bool = True,
    activate: bool = False,
) -> Probe:
    """Gather the evidence of this machine about one endpoint.

    Arguments:
        endpoint: what was pasted. Without a host, both loopback addresses are asked.
        timeout: seconds for one connect and for the resolver. A connect that
            times out is tried twice; all addresses are asked at once. The
            whole takes at most five timeouts and the reading of the tables.
        remote: whether other machines' addresses may be connected to.
        identify: whether to ask what speaks on a port of this machine that
            accepts; at most a second more, and a few connections.
        activate: whether to connect also where that starts a service.

    Returns:
        the evidence; for an endpoint that cannot be asked, with the outcome
        ``not-probed`` and a note that says why. Nothing is raised: a fault of
        the probe itself is the outcome ``failed``, with a note on it.
    """
    try:
        return _investigate(endpoint, _bounded(timeout), remote, identify, activate)
    except Exception as error:  # a diagnosis must not fail on what it diagnoses
        note = f"The probe failed and is at fault itself: {type(error).__name__}: {error}"
        return Probe("failed", None, (), (), (), (), _unknown(), (note,))


def _investigate(
    endpoint: Endpoint, timeout: float, remote: bool, identify: bool, activate: bool
) -> Probe:
    facts = machine.facts()
    port = endpoint.port.number if endpoint.port else None
    answers: tuple[Answer, ...] = ()
    host = endpoint.host
    if endpoint.port is None and host is not None and host.kind == "name":
        return _resolved(host.text, facts, timeout)
    if not port:
        return _not_probed(facts, _why_no_port(endpoint))
    addresses, note = _addresses(endpoint)
    if addresses is None:
        answers, addresses = _resolve(endpoint.host.text if endpoint.host else "", facts, timeout)
    chosen = targets.choose(addresses, port, facts.interfaces, remote)
    found = sockets.on_port(port, facts.interfaces)
    spared = _spared(chosen, found, activate)
    chosen = _without(chosen, spared)
    found, result = _hear(chosen, found, facts, port, timeout)
    attempts = result.attempts
    try:
        bindings = bind.trials(chosen, found, facts, attempts)
        passing = (
            relay.find(_taking(chosen, attempts, found), port)
            if _listens_here(chosen, attempts)
            else None
        )
        identity = None
        if identify:
            identity, attempts = _identity(endpoint, chosen, result, found, spared)
    finally:
        result.close()
    listeners = found.listeners
    if any(is_stuck(attempt) for attempt in attempts):
        listeners = queues.stuck_first(listeners)
    return Probe(
        _outcome(attempts, answers, bool(addresses), bool(spared)),
        answers[0] if answers else None,
        attempts,
        listeners,
        found.others,
        bindings,
        facts,
        (*([note] if note else []), *found.notes),
        answers[1:],
        passing,
        identity,
        found.unread,
    )


def _spared(chosen: Sequence[Target], found: Table, activate: bool) -> dict[int, fragile.Spared]:
    """The fragile listeners that connects would meet, by the index of the target."""
    met = {
        index: fragile.find(target, found.listeners, activate=activate)
        for index, target in enumerate(chosen)
    }
    return {index: spared for index, spared in met.items() if spared is not None}


def _without(chosen: Sequence[Target], spared: dict[int, fragile.Spared]) -> tuple[Target, ...]:
    """The targets, with the reason at those that are left alone."""
    return tuple(
        fragile.skipped(target, spared[index]) if index in spared else target
        for index, target in enumerate(chosen)
    )


def _listens_here(chosen: Sequence[Target], attempts: Sequence[Attempt]) -> bool:
    """Whether a connection to this machine was accepted, or would only have waited."""
    return any(
        target.local and (attempt.outcome == "accepted" or is_stuck(attempt))
        for target, attempt in zip(chosen, attempts, strict=True)
    )


def _taking(
    chosen: Sequence[Target], attempts: Sequence[Attempt], found: Table
) -> tuple[Listener, ...]:
    """The listeners that may have taken a connection, not those on other addresses."""
    return tuple(
        dict.fromkeys(
            listener
            for target, attempt in zip(chosen, attempts, strict=True)
            if (attempt.outcome == "accepted" or is_stuck(attempt))
            and not ended_elsewhere(attempt, target.port)
            for listener in targets.takers(target, found.listeners)
        )
    )


def _resolved(name: str, facts: Machine, timeout: float) -> Probe:
    """A name without a port: only the resolver is asked."""
    answers, addresses = _resolve(name, facts, timeout)
    outcome = "not-probed" if addresses else "not-resolved"
    return Probe(outcome, answers[0], (), (), (), (), facts, (), answers[1:])


def _identity(
    endpoint: Endpoint,
    chosen: Sequence[Target],
    result: queues.Result,
    found: Table,
    spared: dict[int, fragile.Spared],
) -> tuple[Identity | None, tuple[Attempt, ...]]:
    """What speaks on the first address of this machine that accepted, or was left alone.

    The connection of the connect test is asked on; it is the first of the few that are made.

    Returns:
        the identity, and the attempts with what was learned of them.
    """
    attempts = result.attempts
    if any(is_stuck(attempt) for attempt in attempts):
        open_here = [at for at in result.opened if attempts[at].taken and chosen[at].local]
    else:
        open_here = [
            at
            for at, attempt in enumerate(attempts)
            if attempt.outcome == "accepted" and chosen[at].local
        ]
    if not open_here:
        return _known(chosen, spared), attempts
    from checks.probe.identify import identify  # noqa: PLC0415 - not where nothing answers

    at = min(open_here)
    result.close(at)
    host, port = endpoint.host, endpoint.port
    past = ended_elsewhere(attempts[at], chosen[at].port)
    takers = targets.takers(chosen[at], found.listeners)
    owner = None if past else owners.main([each for row in takers for each in row.owners])
    began = monotonic()
    identity = identify(
        chosen[at].text,
        (port.number if port else None) or 0,
        host=host.text if host is not None and host.kind == "name" else None,
        command=owner.command if owner else None,
        name=owner.name if owner else None,
        opened=result.opened.pop(at, None),
    )
    if identity.behaviour == "not-taken":
        watched = (monotonic() - began) * 1000
        late = attempts[at]._replace(taken=False, watched=watched)
        return None, (*attempts[:at], late, *attempts[at + 1 :])
    return identity, attempts


def _known(chosen: Sequence[Target], spared: dict[int, fragile.Spared]) -> Identity | None:
    """What the owner's command tells of a listener that was left alone; nothing is asked."""
    for index, each in spared.items():
        from checks.probe.identify import debuggers, identify  # noqa: PLC0415 - seldom

        target, command = chosen[index], each.owner.command if each.owner else None
        if debuggers.from_command(command, target.port) is not None:
            return identify(target.text, target.port, command=command)
    return None


def _hear(
    chosen: Sequence[Target], found: Table, facts: Machine, port: int, timeout: float
) -> tuple[Table, queues.Result]:
    """The connects, after the table; both again where they contradict each other.

    One that is not answered is not made again where that has its reason on this machine.
    """

    def explained(target: Target) -> bool:
        if not target.local:
            return False
        return not machine.loopback_up() or _is_full(target, found, port, facts)

    result = queues.attempt(chosen, found, timeout, explained)
    if _SILENT & {attempt.outcome for attempt in result.attempts}:
        result = _without_loopback(chosen, result)
    doubted = _contradictions(chosen, found, result)
    if not doubted:
        return found, result
    found = sockets.on_port(port, facts.interfaces, result.sources)
    refused = [index for index in doubted if result.attempts[index].outcome == "refused"]
    again = queues.attempt([chosen[index] for index in refused], found, timeout)
    attempts = list(result.attempts)
    for index, attempt in zip(refused, again.attempts, strict=True):
        tries = attempts[index].attempts + attempt.attempts
        attempts[index] = attempt._replace(attempts=tries)
    opened = result.opened | {refused[at]: each for at, each in again.opened.items()}
    return found, queues.Result(tuple(attempts), result.sources | again.sources, opened)


def _is_full(target: Target, before: Table, port: int, facts: Machine) -> bool:
    """Whether the queue of the listener was full, before the connect and after it."""
    return all(
        any(is_full(row) for row in targets.takers(target, found.listeners))
        for found in (before, sockets.on_port(port, facts.interfaces))
    )


def _without_loopback(chosen: Sequence[Target], result: queues.Result) -> queues.Result:
    """Say so where the loopback interface is down: no firewall is behind that silence."""
    if machine.loopback_up():
        return result
    attempts = tuple(
        attempt._replace(
            outcome="unreachable", detail=_LOOPBACK_DOWN, reason="loopback-down", icmp=None
        )
        if target.local and attempt.outcome in _SILENT
        else attempt
        for target, attempt in zip(chosen, result.attempts, strict=True)
    )
    return result._replace(attempts=attempts)


_LOOPBACK_DOWN = "the loopback interface lo is down"


def _contradictions(chosen: Sequence[Target], found: Table, result: queues.Result) -> list[int]:
    """Indexes of attempts that the table does not explain."""
    doubted = []
    for index, (target, attempt) in enumerate(zip(chosen, result.attempts, strict=True)):
        if not target.local:
            continue
        listens = targets.takers(target, found.listeners)
        unexplained = ("refused", "timed-out") if listens else ("accepted",)
        if attempt.outcome in unexplained:
            doubted.append(index)
    return doubted


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
    return [], f"{host.text!r} is not a host that could be asked."


def _resolve(name: str, facts: Machine, timeout: float) -> tuple[tuple[Answer, ...], list[Address]]:
    """The resolver's answer, that of the hosts file, and what clients take; the addresses."""
    answer, addresses = resolve.addresses(name, timeout)
    hosts = resolve.hosts_file(name)
    found: tuple[Answer, ...] = (answer, hosts) if hosts else (answer,)
    if resolve.is_localhost(name):
        from checks.probe.ask import clients  # noqa: PLC0415 - for such names only

        ipv6 = not facts.interfaces or any(each.address == "::1" for each in facts.interfaces)
        found += clients.answers(name, answer, ipv6=ipv6)
    return found, addresses


def _outcome(
    attempts: Sequence[Attempt], answers: Sequence[Answer], any_address: bool, spared: bool
) -> str:
    outcomes = [attempt.outcome for attempt in attempts]
    if "accepted" in outcomes:
        return "accepted"
    if spared or any(is_stuck(attempt) for attempt in attempts):
        return "left-alone"
    tried = [outcome for outcome in outcomes if outcome != "skipped"]
    if tried:
        return tried[0]
    if answers and not any_address:
        return "not-resolved"
    if any(attempt.reason == targets.OTHER_MACHINE for attempt in attempts):
        return "not-this-machine"
    return "not-probed"


def _why_no_port(endpoint: Endpoint) -> str:
    if endpoint.port is None:
        return "No port was given, so nothing was asked."
    if endpoint.port.number == 0:
        return 'Port 0 means "choose one" to bind(); nothing can be asked there.'
    return f"{endpoint.port.text!r} is not a port number, so nothing was asked."


def _not_probed(facts: Machine, note: str) -> Probe:
    return Probe("not-probed", None, (), (), (), (), facts, (note,))


def _unknown() -> Machine:
    return Machine(system.NAME, None, False, None, None, "", ())


def _bounded(timeout: float) -> float:
    """A NaN compares false with everything and ends as the default."""
    if timeout != timeout:
        return 1.0
    return min(max(float(timeout), _SHORTEST), _LONGEST)
