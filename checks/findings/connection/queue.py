"""The accept queue of a listener, and what keeps it from being emptied, in words."""

from __future__ import annotations

from checks.findings.witness import main_owner
from checks.findings.wording import engaged, processes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Listener


def waiting(count: int) -> str:
    """How many connections wait: the start of a sentence."""
    return "1 connection waits" if count == 1 else f"{count} connections wait"


def instead(row: Listener | None) -> str:
    """A sentence for what a process does instead of accepting, or why it cannot; "" for neither.

    Arguments:
        row: the listener whose connections are not taken.
    """
    owner = main_owner(row) if row else None
    halted = _HALTED.get(owner.state or "", "") if owner else ""
    if row is not None and not halted:
        stopped = [each for each in row.owners if each.state == "stopped"]
        are = "is" if len(stopped) == 1 else "are"
        halted = f" {processes(stopped)} {are} stopped by a signal (state T)." if stopped else ""
    doing = engaged(row)
    return halted or (f" {doing[0].upper()}{doing[1:]}." if doing else "")


_HALTED = {
    "stopped": " The process is stopped by a signal (state T).",
    "traced": " The process is held by a debugger (state t).",
}
