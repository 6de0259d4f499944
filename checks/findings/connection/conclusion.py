"""The one explanation of a connection's outcome, out of several witnesses.

A refusal, a silence or an answer means different things beside different rows
of the socket table. This module decides which one finding of group C holds, once
for an endpoint, and only that finding is asked for its words. Deciding in one
place is what makes sure that exactly one of them speaks.
"""

from __future__ import annotations

from checks.findings import witness
from checks.model.records import NamedTuple
from checks.rules.connects import NO_LOCAL_PORT, ended_elsewhere, may_be_refusal
from checks.rules.places import LOOPBACK4, destination, place
from checks.rules.queues import is_full, is_stuck

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Attempt, Listener, Probe
    from checks.rules.places import Place

# Where several addresses were tried and none accepted, the explanation that
# tells most: first what is certain about a socket, last "no such way".
_TELLS_MOST = (
    "C312",
    "C305",
    "C321",
    "C304",
    "C306",
    "C303",
    "C309",
    "C310",
    "C311",
    "C313",
    "C328",
    "C302",
    "C307",
)


class Conclusion(NamedTuple):
    """Which finding explains the outcome, and what it speaks of.

    Arguments:


        code: the code of the finding, ``C301`` to ``C328``.
        attempt: the connect() that it explains; None where none was made.
        listeners: the rows that the explanation rests on, most telling first.
        local: whether the address belongs to this machine.
    """

    code: str
    attempt: Attempt | None = None
    listeners: tuple[Listener, ...] = ()
    local: bool = True


def conclude(probe: Probe, port: int | None) -> Conclusion | None:
    """Explain what became of the connection; None where nothing was tried.

    Arguments:
        probe: what was witnessed.
        port: the number that was asked for; None where the text has none.
    """
    if _is_unresolved(probe):
        return Conclusion("C308")  # also for a name without a port
    if port is None:
        return None
    cases = (_accepted, _not_taken, _left_alone, _failed, _no_interface, _not_this_machine)
    return next((found for case in cases if (found := case(probe, port)) is not None), None)


def _is_unresolved(probe: Probe) -> bool:
    if probe.outcome == "not-resolved":
        return True
    return probe.resolution is not None and not probe.resolution.addresses


def _accepted(probe: Probe, port: int) -> Conclusion | None:
    """Of several that accepted the first counts."""
    accepted = witness.accepted(probe)
    if not accepted:
        return None
    resolution = probe.resolution
    if resolution and not any(_is_among(resolution.addresses, one) for one in accepted):
        return _reached("C309", probe, accepted[0], port)
    return _reached("C301", probe, accepted[0], port)


def _not_taken(probe: Probe, _: int) -> Conclusion | None:
    """A program that takes none of its connections; seen on one address, that explains all."""
    stuck = next((attempt for attempt in probe.attempts if is_stuck(attempt)), None)
    return None if stuck is None else _for("C320", probe, stuck)


def _left_alone(probe: Probe, _: int) -> Conclusion | None:
    spared = witness.left_alone(probe)
    return None if spared is None else _for("C318", probe, spared)


def _failed(probe: Probe, _: int) -> Conclusion | None:
    """Of several attempts the one whose explanation tells most."""
    tried = (attempt for attempt in probe.attempts if attempt.outcome != "skipped")
    found = [_explain(probe, attempt) for attempt in tried]
    return min(found, key=lambda one: _TELLS_MOST.index(one.code), default=None)


def _no_interface(probe: Probe, _: int) -> Conclusion | None:
    for attempt in probe.attempts:
        if attempt.reason == "no-interface":
            return Conclusion("C307", attempt, (), local=False)
    return None


def _not_this_machine(probe: Probe, _: int) -> Conclusion | None:
    return Conclusion("C316") if probe.outcome == "not-this-machine" else None


def _reached(code: str, probe: Probe, attempt: Attempt, port: int) -> Conclusion:
    """What accepted; a listener that the connection went past is not it."""
    made = _for(code, probe, attempt)
    return made._replace(listeners=()) if ended_elsewhere(attempt, port) else made


def _is_among(addresses: tuple[str, ...], attempt: Attempt) -> bool:
    """Whether the resolver gives the address of the attempt."""
    wanted = place(attempt.address)[:2]
    return any(destination(text)[:2] == wanted for text in addresses)


def _for(code: str, probe: Probe, attempt: Attempt) -> Conclusion:
    """A conclusion that rests on the rows that cover the address, sure or not.

    This machine's table says nothing about another machine's address.
    """
    spot = destination(attempt.address)
    local = witness.is_local(spot, probe.machine)
    rows = witness.covering(probe, spot, unsure=True) if local else ()
    return Conclusion(code, attempt, rows, local)


def _explain(probe: Probe, attempt: Attempt) -> Conclusion:
    """Explain one attempt that did not reach a listener."""
    outcome = attempt.outcome
    if outcome == "self-connected":
        return _for("C312", probe, attempt)
    if outcome == "rejected":
        return _for("C306", probe, attempt)
    if outcome == "timed-out":
        return _explain_silence(probe, attempt)
    if outcome == "refused":
        return _explain_refusal(probe, attempt)
    if outcome == "reset":
        return _for("C303", probe, attempt)
    if attempt.reason == NO_LOCAL_PORT:
        return _for("C321", probe, attempt)
    return _for("C307", probe, attempt)


def _explain_silence(probe: Probe, attempt: Attempt) -> Conclusion:
    plain = _for("C304", probe, attempt)
    if may_be_refusal(attempt) and not plain.listeners and not _holds(probe, attempt):
        return Conclusion("C302", attempt, _of_tcp(probe))
    full = tuple(row for row in plain.listeners if is_full(row))
    return plain._replace(code="C305", listeners=full) if full else plain


def _holds(probe: Probe, attempt: Attempt) -> bool:
    """Whether the trial bind of the address that was asked met a socket."""
    return any(
        trial.address == attempt.address and trial.outcome == "in-use" for trial in probe.bindings
    )


def _of_tcp(probe: Probe) -> tuple[Listener, ...]:
    return tuple(row for row in probe.listeners if row.protocol == "tcp")


def _explain_refusal(probe: Probe, attempt: Attempt) -> Conclusion:
    spot = destination(attempt.address)
    if not witness.is_local(spot, probe.machine):
        return Conclusion("C302", attempt, (), local=False)
    rows = witness.covering(probe, spot)
    if rows:
        return Conclusion("C303", attempt, rows)
    return _explain_absence(probe, attempt, spot)


def _explain_absence(probe: Probe, attempt: Attempt, spot: Place) -> Conclusion:
    """Nothing covers the address: what else there is on the port."""
    tcp = _of_tcp(probe)
    if rows := tuple(row for row in tcp if _is_other_family(row, spot)):
        return Conclusion("C309", attempt, rows)
    if spot.loopback and (rows := tuple(row for row in tcp if _on_loopback(row))):
        return Conclusion("C310", attempt, rows)
    if tcp or witness.listens(probe) is None:  # what else has the port explains nothing then
        return Conclusion("C302", attempt, tcp)
    return _without_listener(probe, attempt)


def _without_listener(probe: Probe, attempt: Attempt) -> Conclusion:
    """Nothing listens on the port by TCP, on any address."""
    if any(witness.is_self_connected(peer) for peer in probe.others):
        return Conclusion("C312", attempt)
    if udp := tuple(row for row in probe.listeners if row.protocol == "udp"):
        return Conclusion("C311", attempt, udp)
    if probe.unix_listeners:
        return Conclusion("C328", attempt)
    return Conclusion("C313" if witness.connections(probe) else "C302", attempt)


def _on_loopback(listener: Listener) -> bool:
    return place(listener.address).loopback


def _is_other_family(listener: Listener, spot: Place) -> bool:
    """Whether the listener would cover the same place, were it asked by its own family."""
    bound = place(listener.address)
    if bound.version in (0, spot.version):
        return False
    if bound.unspecified:
        return listener.interface is None
    return spot.loopback and bound in ((4, LOOPBACK4, None), (6, 1, bound.zone))
