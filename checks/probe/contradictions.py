"""Connects beside the socket table: where they contradict each other, both once more.

A server may have started in between, so that a contradiction is believed only
when it is seen twice.
"""

from __future__ import annotations

from checks.probe import machine, sockets, targets
from checks.probe.ask import queues
from checks.rules.queues import is_full

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.model.evidence import Machine
    from checks.probe.sockets import Table
    from checks.probe.targets import Target

_SILENT = {"timed-out", "unreachable", "address-not-available"}
"""What a loopback address gives while its interface is down."""


def connect(
    chosen: Sequence[Target], found: Table, facts: Machine, port: int, timeout: float
) -> tuple[Table, queues.Result]:
    """Connect to every target, after the table was read.

    One that is not answered is not made again where that has its reason on this machine.

    Arguments:
        chosen: the addresses; one with a ``skip`` reason is not asked.
        found: the sockets on their port, as they were just now.
        facts: this machine.
        port: 1 to 65535.
        timeout: seconds for one connect.

    Returns:
        the table as it was last read, and what the connects gave; the caller closes what
        is open.
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
