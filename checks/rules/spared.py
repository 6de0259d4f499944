"""Listeners that no connection is made to for their own sake: which, and why.

The probe decides it before it connects; the findings say it. What a reader is told
of the reason is made here, from the code and from what the row has, so that the
evidence and the finding say the same.
"""

from __future__ import annotations

from checks.rules import queues

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Attempt, Listener, Probe, UnixListener

SINGLE_USE = "single-use"
DEBUGGER = "debugger"
STARTS_SERVICE = "starts-service"
"""Values of :attr:`checks.model.evidence.Attempt.reason`."""

_REASONS = (SINGLE_USE, DEBUGGER, STARTS_SERVICE)
_HOW = {
    "socat": "without fork",
    "gdbserver": "--once",
    "dlv": "without --accept-multiclient",
}
_NETCAT = "without --keep-open or -k"
"""How a program is started that takes one client, by its name; netcat has several names."""


def is_spared(attempt: Attempt, probe: Probe) -> bool:
    """Whether a connection was not made for the listener's sake.

    A report of an older version has no reasons; then it says of the whole only
    that a listener was left alone, and of an attempt that its queue was the cause.
    """
    if attempt.outcome != "skipped" or queues.is_stuck(attempt):
        return False
    return attempt.reason in _REASONS or (attempt.reason is None and probe.outcome == "left-alone")


def would_start(listener: Listener | UnixListener | None) -> bool:
    """Whether something holds a socket for a service that a connection would start."""
    held = listener.activation if listener is not None else None
    return held is not None and not held.running


def clause(reason: str | None, listener: Listener | UnixListener, program: str | None) -> str:
    """Why no connection is made, as a clause; "" for any other reason.

    Arguments:
        reason: as :attr:`checks.model.evidence.Attempt.reason` has it.
        listener: the row of the socket table.
        program: the name of the program that listens; None where it is not visible.
    """
    if reason == STARTS_SERVICE:
        starts = listener.activation.starts if listener.activation else None
        return f"a connection would start {starts or 'its service'}"
    if reason == DEBUGGER:
        return "debugpy does not recover from a client that leaves at once"
    if reason == SINGLE_USE:
        name = program or "the program"
        name = "socat" if name.startswith("socat") else name
        return f"{name} {_HOW.get(name, _NETCAT)} takes one connection and then ends"
    return ""
