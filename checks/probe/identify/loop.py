"""Several bounded conversations at once, until one settles the matter.

All of one identification share one budget. asyncio would do the waiting as
well, but its import alone takes longer than most identifications.
"""

from __future__ import annotations

import selectors
from time import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from checks.probe.identify.budget import Budget
    from checks.probe.identify.task import Address, Task

    Settled: TypeAlias = "Callable[[Task, list[Task]], bool]"

_MOST = 4
"""Connections open at a time."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.001, 0.05
"""Seconds between two looks whether a connection was taken: at first, and at most."""


def run(
    tasks: list[Task],
    address: Address,
    budget: Budget,
    settled: Settled,
    far: tuple[str, int] | None = None,
) -> None:
    """Run conversations until one settles the matter, or time or bytes are up.

    Arguments:
        tasks: in order of preference. Each is left alone for its ``stagger``
            before the next joins; at once where all before it have ended.
        address: where all of them connect to.
        budget: shared by all.
        settled: called with each task that ended, and with those not yet
            begun, which it may reorder; True ends everything.
        far: where connections have their other end. No task joins others
            whose connections the program has not taken.
    """
    with selectors.DefaultSelector() as selector:
        running = _Running(tasks, address, budget, settled, far=far, selector=selector)
        try:
            running.run()
        finally:
            running.stop()


class _Running:
    """The conversations that are held at once, and those that wait."""

    def __init__(
        self,
        tasks: list[Task],
        address: Address,
        budget: Budget,
        settled: Settled,
        far: tuple[str, int] | None,
        selector: selectors.BaseSelector,
    ) -> None:
        self.waiting = list(tasks)
        self.active: list[Task] = []
        self.address = address
        self.budget = budget
        self.settled = settled
        self.far = far
        self.selector = selector
        self._following = 0.0  # when the next task may join
        self._pause = _FIRST_PAUSE

    def run(self) -> None:
        """Until one settles the matter, or time or bytes are up."""
        while (self.waiting or self.active) and not self.budget.exhausted:
            if self._may_join():
                self._join()
            elif not self.active:
                return
            else:
                joins = self.waiting and self._following > monotonic()  # else it waits for one
                latest = self._following if joins else self.budget.deadline
                _wait(self.selector, self.active, self.budget, latest)
            if self._settle():
                return
        for task in self.active:  # time or bytes are up: each ends with what it has
            if not task.done:
                task.turn(self.budget, self.selector, 0)
        self._settle()

    def stop(self) -> None:
        """End what is not over."""
        for task in self.active:
            task.stop(self.selector)
        for task in self.waiting:
            task.stop(None)

    def _may_join(self) -> bool:
        """Whether the next task may begin; a look at the queue is put off for a while."""
        if not self.waiting or self.budget.connections >= self.budget.most:
            return False
        if not self.active:
            return True
        if any(task.is_answered() for task in self.active):
            return False
        if monotonic() < self._following or len(self.active) >= _MOST:
            return False
        if any(task.waits(self.far) for task in self.active):
            self._following = monotonic() + self._pause
            self._pause = min(2 * self._pause, _LONGEST_PAUSE)
            return False
        return True

    def _join(self) -> None:
        task = self.waiting.pop(0)
        task.start(self.address, self.budget, self.selector)
        self._following, self._pause = monotonic() + task.stagger, _FIRST_PAUSE
        self.active.append(task)

    def _settle(self) -> bool:
        """Take out what is over; whether that settles the matter."""
        for task in [task for task in self.active if task.done]:
            self.active.remove(task)
            task.stop(self.selector)
            if self.settled(task, self.waiting):
                return True
        return False


def go_on(task: Task, budget: Budget, seconds: float) -> bool:
    """Hold one conversation for some time, on a connection that is open.

    Arguments:
        task: with ``opened``; begun or not.
        budget: its own.
        seconds: after which it is left as it is, its connection open.

    Returns:
        whether it has ended; its connection is closed then.
    """
    until = monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        task.resume(budget, selector)
        while not task.done and monotonic() < until:
            _wait(selector, [task], budget, until)
    if task.done:
        task.stop(None)
    return task.done


def _wait(
    selector: selectors.BaseSelector, active: list[Task], budget: Budget, latest: float
) -> None:
    """Wait for the next event of any task, not beyond *latest*, and let every task act on it."""
    until = min([latest, budget.deadline, *(task.due for task in active)])
    ready = selector.select(max(0.0, until - monotonic()))
    seen = set()
    for key, events in ready:
        task: Task = key.data
        seen.add(task)
        task.turn(budget, selector, events)
    for task in active:
        if task not in seen and not task.done and task.due <= monotonic():
            task.turn(budget, selector, 0)
