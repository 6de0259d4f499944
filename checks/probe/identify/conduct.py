"""How a peer treats connections: whether it speaks, keeps silent, or ends them."""

from __future__ import annotations

from checks.probe.ask.queues import taken
from checks.probe.identify import plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.probe.identify.ask import Reply
    from checks.probe.identify.budget import Budget
    from checks.probe.identify.task import Task

_UNCERTAIN = ("silent", "closed", "reset")
"""What is said of a peer only until it has answered."""


class Conduct:
    """What the connections of one identification met.

    Arguments:
        budget: counts the connections that were ended, and with them how many more there may be.
    """

    def __init__(self, budget: Budget) -> None:
        self.behaviour = "silent"
        """As in :class:`checks.model.evidence.Identity`."""
        self.early = 0
        """Connections that ended before anything was sent."""
        self._budget = budget
        self._unasked = False  # whether the last one did
        self._kept = 0  # connections that did not end after something was sent

    @property
    def is_settled(self) -> bool:
        """Whether an early end is to be believed: it was met twice."""
        return self.early > 1

    def ended_early(self, reply: Reply, *, first: bool) -> None:
        """Note a connection that ended before anything was sent.

        Arguments:
            reply: how it ended.
            first: whether it is the first connection of all.
        """
        self.early += 1
        self._unasked = True
        if first or self.is_settled:
            self.behaviour = reply.end if self._budget.met else "refused"

    def note(self, task: Task) -> bool:
        """Note a conversation that is over; whether it ended before anything was sent."""
        if _spoke_first(task):
            self.behaviour = "spoke-first"
        elif task.received and self.behaviour in _UNCERTAIN:
            self.behaviour = "answered"
        if task.ended and not task.received and not task.failed:
            self._budget.ended += 1
        elif not task.failed:
            self._kept += 1
        unasked, self._unasked = self._unasked, False
        return unasked and not task.received

    def judge_silence(self, first: Task) -> None:
        """Not a byte came: was the connection never taken, was each one ended, or neither?"""
        if self.behaviour != "silent" or self._budget.bytes:
            return
        if first.opened is not None and not first.ended and taken(first.opened) is False:
            self.behaviour = "not-taken"
        elif self._budget.ended and not self._kept:
            self.behaviour = "hangs-up"

    def told(self) -> str:
        """The behaviour, where any connection came about."""
        known = self._budget.met or self.behaviour in ("refused", "not-asked")
        return self.behaviour if known else "refused"


def _spoke_first(task: Task) -> bool:
    """Whether bytes came on a connection that only listened, in plain text."""
    in_plain = task.found is None or task.found.tls is None
    return task.name == plan.GREETING and task.received > 0 and in_plain
