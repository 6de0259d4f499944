"""When one conversation takes its steps."""

from __future__ import annotations

import selectors
import socket
from time import monotonic
from typing import TYPE_CHECKING

from checks.probe.ask.connect import Opened
from checks.probe.identify.ask import Ask
from checks.probe.identify.budget import Budget
from checks.probe.identify.found import Found
from checks.probe.identify.task import Task

if TYPE_CHECKING:
    from checks.probe.identify.ask import Conversation

WAIT = 50.0


def listening() -> Conversation:
    """Only listen."""
    yield Ask(b"", wait=WAIT)
    return Found(None)


def due(since: float | None) -> float:
    """When the first wait ends, from now, on a connection that came about then."""
    ours, theirs = socket.socketpair()
    with ours, theirs, selectors.DefaultSelector() as selector:
        ours.setblocking(False)
        task = Task("listening", listening(), opened=Opened(ours, ("127.0.0.1", 1), None, since))
        before = monotonic()
        task.start(("127.0.0.1", 1), Budget(WAIT), selector)
        left = task.due - before
        task.stop(selector)
        return left


def test_the_first_wait_counts_from_when_the_connection_came_about() -> None:
    """Half of it is over."""
    assert due(monotonic() - WAIT / 2) <= WAIT / 2 + 1


def test_a_connection_that_has_been_open_for_long_is_listened_to_all_the_same() -> None:
    """A moment is left, for what has come in meanwhile."""
    assert 0 < due(monotonic() - 2 * WAIT) < WAIT / 2


def test_where_that_is_not_known_the_whole_wait_is_ahead() -> None:
    """A connection that the task made itself begins now."""
    assert due(None) >= WAIT
