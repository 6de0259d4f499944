"""Two programs on one port: which is named, and who reaches which.

Real processes, asked from the text to the verdict; beside each situation a near one.
"""

from __future__ import annotations

from contextlib import ExitStack

import pytest
import sentences
import situations as real
from needs import need_ipv6

from checks import diagnose
from checks.report import Report


def ask(target: str) -> Report:
    """The report on a target; it hangs on no sentence of the evidence."""
    report = diagnose(target, identify=False)
    sentences.hold(report.classification, report.probes)
    return report


def severity(report: Report, code: str) -> str | None:
    """That of a finding; None where it was not found."""
    return next((f.severity for f in report.findings if f.finding.code == code), None)


@pytest.mark.parametrize(
    ("labels", "severe"),
    [(("old", "new"), "warning"), ((None, None), "info")],
    ids=["two programs", "workers"],
)
def test_all_that_share_a_port_are_named(labels: tuple[str | None, ...], severe: str) -> None:
    """The kernel gives each connection to one of them, so no first one answers."""
    port = real.free_port()
    with ExitStack() as stack:
        pids = [
            stack.enter_context(
                real.listening_process("127.0.0.1", port, reuse_port=True, label=label)
            )[1]
            for label in labels
        ]
        report = ask(f"127.0.0.1:{port}")
    for pid in pids:
        assert str(pid) in report.verdict
    assert report.verdict.startswith(f"127.0.0.1:{port} answers: python")
    assert "share the port, and the kernel spreads the connections" in report.verdict
    assert severity(report, "B408") == severe


def test_a_more_specific_listener_shares_nothing() -> None:
    """0.0.0.0 and 127.0.0.1 of two programs: one of them gets every connection."""
    with (
        real.listening_process("127.0.0.1", reuse_port=True) as (port, near),
        real.listening_process("0.0.0.0", port, reuse_port=True, label="far") as (_, far),
    ):
        report = ask(f"127.0.0.1:{port}")
    assert "spreads" not in report.verdict
    assert f"(pid {near})" in report.verdict
    assert str(far) not in report.verdict


def test_sockets_of_one_process_share_nothing_with_another() -> None:
    """One server with a socket for each of its threads."""
    with (
        real.listening("127.0.0.1", reuse_port=True) as port,
        real.listening("127.0.0.1", port, reuse_port=True),
    ):
        report = ask(f"127.0.0.1:{port}")
    assert "spreads" not in report.verdict


@pytest.mark.parametrize("asked", ["127.0.0.1", "[::1]"])
def test_one_loopback_address_asked_tells_of_the_other_program(asked: str) -> None:
    """Who answers, and that another client may reach another program."""
    need_ipv6()
    with (
        real.listening_process("127.0.0.1") as (port, four),
        real.listening_process("::1", port, label="other") as (_, six),
    ):
        report = ask(f"{asked}:{port}")
    own, other = (four, six) if asked == "127.0.0.1" else (six, four)
    there = "[::1]" if asked == "127.0.0.1" else "127.0.0.1"
    assert report.verdict.startswith(f"{asked}:{port} answers: python")
    assert f"(pid {own}) listens there" in report.verdict
    assert f"{there}:{port} is another program: python" in report.verdict
    assert f"(pid {other})." in report.verdict
    assert severity(report, "C319") == "notice"


def test_localhost_tells_both_and_who_reaches_which() -> None:
    """The name stands for both addresses, and clients differ in which they try first."""
    need_ipv6()
    with (
        real.listening_process("127.0.0.1") as (port, four),
        real.listening_process("::1", port, label="other") as (_, six),
    ):
        report = ask(f"localhost:{port}")
    assert report.verdict.startswith(f"localhost:{port} reaches two programs: python")
    for pid in (four, six):
        assert f"(pid {pid})" in report.verdict
    assert "browsers try" in report.verdict
    assert severity(report, "C319") == "warning"


@pytest.mark.parametrize("asked", ["127.0.0.1", "[::1]", "localhost"])
def test_one_program_on_both_addresses_is_one(asked: str) -> None:
    """The same process on 127.0.0.1 and ::1."""
    need_ipv6()
    with real.listening("127.0.0.1") as port, real.listening("::1", port):
        report = ask(f"{asked}:{port}")
    assert severity(report, "C319") is None
    assert "another program" not in report.verdict
    assert "two programs" not in report.verdict
