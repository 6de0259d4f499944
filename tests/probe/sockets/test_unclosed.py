"""Connections that only their clients have closed: which count; they are looked at twice."""

from __future__ import annotations

import socket
import sys

import pytest
import situations

from checks.probe import sockets
from checks.probe.sockets import unclosed

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")


def test_those_that_stay_are_counted() -> None:
    """Of a dozen all; of one none, and no time is spent."""
    with situations.unclosed("127.0.0.1", 12) as (port, _):
        ends = sockets.on_port(port).unclosed
        assert len(ends) == 12
        assert unclosed.stayed(port, ends) == 12
        assert unclosed.stayed(port, frozenset(list(ends)[:1])) == 0


def test_those_that_are_gone_by_then_are_not() -> None:
    """A server that is about to close them leaves no pile."""
    with situations.unclosed("127.0.0.1", 12) as (port, _):
        ends = sockets.on_port(port).unclosed
    assert unclosed.stayed(port, ends) == 0


def test_what_waits_in_the_queue_is_not_the_programs_to_close() -> None:
    """A program that hangs has not taken them; that is another finding."""
    with situations.hung("127.0.0.1", backlog=32) as (port, _):
        for _ in range(12):
            socket.create_connection(("127.0.0.1", port), situations.PATIENCE).close()
        table = sockets.on_port(port)
        assert [peer.state for peer in table.others] == ["close-wait"] * 12
        assert table.unclosed == frozenset()
