"""A message of bind() is answered for someone who wants to listen."""

from __future__ import annotations

import pytest
import situations as real

from checks import classify, diagnose
from checks.findings.intent import wants_to_listen


@pytest.mark.parametrize(
    ("text", "wants"),
    [
        ("Error: listen EADDRINUSE: address already in use :::3000", True),
        ("OSError: [Errno 98] Address already in use", True),
        ("listen tcp 127.0.0.1:80: bind: permission denied", True),
        ("listen tcp 192.0.2.1:80: bind: cannot assign requested address", True),
        ("dial tcp 192.0.2.1:80: connect: permission denied", False),
        ("connect ECONNREFUSED 127.0.0.1:80", False),
        ("127.0.0.1:80", False),
    ],
)
def test_the_message_tells_what_was_wanted(text: str, wants: bool) -> None:
    """Messages of bind() and listen() are told from those of connect()."""
    assert wants_to_listen(classify(text)) is wants


@pytest.mark.machine
def test_a_port_that_is_free_again_is_good_news() -> None:
    """EADDRINUSE, and nothing holds the port any more: no error is left."""
    port = real.free_port()
    report = diagnose(f"listen EADDRINUSE: address already in use 127.0.0.1:{port}")
    assert report.severity != "error"
    assert report.verdict.startswith(f"127.0.0.1:{port} is free")


@pytest.mark.machine
def test_a_port_that_is_taken_is_what_is_wrong() -> None:
    """EADDRINUSE, and a listener holds the port: it is named, as an error."""
    with real.listening_process("127.0.0.1") as (port, pid):
        report = diagnose(f"listen EADDRINUSE: address already in use 127.0.0.1:{port}")
    assert report.severity == "error"
    assert f"pid {pid}" in report.verdict
    assert [f.finding.code for f in report.findings if f.severity == "error"] == ["B402"]


@pytest.mark.machine
def test_a_refused_client_is_not_told_of_binding() -> None:
    """The near case: the same port, asked for by someone who wants to connect."""
    port = real.free_port()
    report = diagnose(f"connect ECONNREFUSED 127.0.0.1:{port}")
    assert [f.finding.code for f in report.findings if f.severity == "error"] == ["C302"]
