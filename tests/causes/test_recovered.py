"""Errors that a later line takes back have no cause and no step."""

from __future__ import annotations

import pytest

from checks import explain

PASSED = [
    "dial tcp 127.0.0.1:5673: connect: connection refused, retrying in 1s\n"
    "connected to 127.0.0.1:5673",
    "09:00:01 WARN connect ECONNREFUSED 127.0.0.1:6390 (attempt 1/5)\n"
    "09:00:03 INFO connection established to 127.0.0.1:6390",
    "* connect to 127.0.0.1 port 8093 failed: Connection refused\n"
    "*   Trying [::1]:8093...\n"
    "* Connected to localhost (::1) port 8093",
]
NOT_PASSED = [
    "connected to 127.0.0.1:5673\ndial tcp 127.0.0.1:5673: connect: connection refused",
    "dial tcp 127.0.0.1:5673: connect: connection refused\nconnected to 127.0.0.1:5673\n"
    "dial tcp 127.0.0.1:5673: connect: connection refused",
    "connect ECONNREFUSED 127.0.0.1:6390\ncould not get connected to 127.0.0.1:6390",
    "connect ECONNREFUSED 127.0.0.1:6390\nconnected to 127.0.0.1:6391",
    "connect ECONNREFUSED 127.0.0.1:6390\nIs a client connected to 127.0.0.1:6390?",
    "* connect to 127.0.0.1 port 8093 failed: Connection refused\n"
    "* Connected to localhost (::1) port 8093\n* Recv failure: Connection reset by peer",
]


@pytest.mark.parametrize("text", PASSED)
def test_what_was_connected_later_is_told_as_such(text: str) -> None:
    """A log of a start shows refusals until the server is there."""
    report = explain(text)
    assert report.classification.errors
    assert report.causes == ()
    assert report.steps == ()
    assert "failed at first. A later line says that it is connected." in report.verdict


@pytest.mark.parametrize("text", NOT_PASSED)
def test_what_failed_last_has_a_cause(text: str) -> None:
    """Another endpoint, a negation, a question and a later failure take nothing back."""
    report = explain(text)
    assert report.causes
    assert "failed at first" not in report.verdict


def test_one_of_two_errors_is_left() -> None:
    """The other endpoint is what the answer is about."""
    report = explain(
        "dial tcp 10.7.0.7:443: i/o timeout\ndial tcp 10.7.0.8:443: i/o timeout\n"
        "connected to 10.7.0.7:443"
    )
    assert report.verdict.startswith("10.7.0.8:443 did not answer")
    assert {cause.endpoint for cause in report.causes} == {1}
