"""What an errno of connect() and an ICMP error mean, as a table."""

from __future__ import annotations

import pytest

from checks.model.evidence import Attempt, Icmp
from checks.rules import connects

ROUTER = Icmp(4, 3, 1, "192.0.2.1")
PROHIBITED = Icmp(4, 3, 13, "192.0.2.1")


@pytest.mark.parametrize(
    ("symbol", "local", "icmp", "listened", "outcome"),
    [
        ("ECONNREFUSED", True, None, True, "refused"),
        ("ECONNREFUSED", True, Icmp(4, 3, 3, "127.0.0.1"), True, "rejected"),
        ("ECONNREFUSED", False, Icmp(4, 3, 3, None), True, "rejected"),
        ("ECONNABORTED", True, None, True, "reset"),
        ("EPERM", True, None, True, "rejected"),
        ("ETIMEDOUT", False, None, True, "timed-out"),
        ("EPROTONOSUPPORT", True, None, False, "unsupported"),
        ("EHOSTUNREACH", True, None, True, "unreachable"),
        ("EHOSTUNREACH", True, ROUTER, True, "rejected"),
        ("EHOSTUNREACH", False, ROUTER, True, "unreachable"),
        ("EHOSTUNREACH", False, PROHIBITED, True, "rejected"),
        ("EHOSTUNREACH", True, None, False, "rejected"),
        ("EHOSTUNREACH", False, None, False, "unreachable"),
        ("EINVAL", True, None, True, "unreachable"),
        ("E9999", True, None, True, "unreachable"),
    ],
)  # fmt: skip
def test_outcome_follows_from_all_that_was_heard(
    symbol: str, local: bool, icmp: Icmp | None, listened: bool, outcome: str
) -> None:
    """One errno has several causes; the ICMP message tells, or else the address."""
    assert connects.outcome(symbol, local=local, icmp=icmp, listened=listened) == outcome


@pytest.mark.parametrize(
    ("arrived", "elsewhere"),
    [(None, False), ("127.0.0.1:80", False), ("127.0.0.1:8080", True), ("elsewhere", True)],
)
def test_a_connection_that_ended_elsewhere(arrived: str | None, elsewhere: bool) -> None:
    """By the port of its other end; where that was not seen nothing is said."""
    made = Attempt("127.0.0.1", "accepted", None, 0.1, arrived=arrived)
    assert connects.ended_elsewhere(made, 80) is elsewhere
