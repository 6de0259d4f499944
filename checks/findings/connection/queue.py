"""The accept queue of a listener, and what keeps it from being emptied, in words."""

from __future__ import annotations

from checks.findings.witness import main_owner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Listener


def waiting(count: int) -> str:
    """How many connections wait: the start of a sentence."""
    return "1 connection waits" if count == 1 else f"{count} connections wait"


def halted(row: Listener | None) -> str:
    """A sentence for a process that cannot accept, as it runs no code."""
    owner = main_owner(row) if row else None
    return _HALTED.get(owner.state or "", "") if owner else ""


_HALTED = {
    "stopped": " The process is stopped by a signal (state T).",
    "traced": " The process is held by a debugger (state t).",
}
