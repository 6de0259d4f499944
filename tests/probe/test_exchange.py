"""One question on one connection that stays open: whatever the clock shows, it comes back."""

from __future__ import annotations

import itertools
import socket

import pytest

from checks.probe.ask.connect import Opened
from checks.probe.exchange import Exchange
from checks.probe.identify import loop


@pytest.mark.parametrize("readings", range(1, 13))
def test_the_time_may_end_between_two_looks_at_the_clock(
    monkeypatch: pytest.MonkeyPatch, readings: int
) -> None:
    """The next wait is then no wait; without an end it would be one for ever, and no number."""
    clock = itertools.count()
    monkeypatch.setattr(loop, "monotonic", lambda: next(clock) / 100)
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    asked = Exchange(
        Opened(ours, ("127.0.0.1", 1), None), "ssh", 22, "127.0.0.1", "/", secure=False
    )
    with theirs:
        try:
            assert not asked.go_on(readings / 100)
        finally:
            asked.close()
