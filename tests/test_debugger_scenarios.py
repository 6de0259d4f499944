"""Debuggers that others can reach: the verdict says so, whether they were asked or left alone."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import sentences
import servers
import situations as real
from servers import Plan, Server

from checks import diagnose

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from checks.report import Report


def ask(target: str) -> Report:
    """The report on a target; it hangs on no sentence of the evidence."""
    report = diagnose(target)
    sentences.hold(report.classification, report.probes)
    return report


def severity(report: Report, code: str) -> str | None:
    """That of a finding; None where it was not found."""
    return next((f.severity for f in report.findings if f.finding.code == code), None)


@contextmanager
def of_node(address: str) -> Iterator[Server]:
    """Node.js with its inspector on an address."""

    def recipe(directory: Path, port: int) -> Plan:
        plan = servers.node_inspector(directory, port)
        command = [each.replace("127.0.0.1", address) for each in plan.command]
        return plan._replace(command=command)

    server = Server("node-inspector", recipe)
    try:
        yield server
    finally:
        server.stop()


def test_an_inspector_on_every_address_is_open_to_others() -> None:
    """Endpoint, what it is, the process, and who can run code in it."""
    with of_node("0.0.0.0") as server:
        report = ask(f"127.0.0.1:{server.port}")
    assert report.verdict.startswith(f"127.0.0.1:{server.port} is the inspector of Node.js, held")
    assert f"(pid {server.pid})" in report.verdict
    assert "any client can run code in it, and other machines may reach it" in report.verdict
    assert severity(report, "S605") == "error"
    assert severity(report, "E502") == "warning"


def test_an_inspector_on_loopback_is_not() -> None:
    """Only this machine can reach it."""
    with of_node("127.0.0.1") as server:
        report = ask(f"127.0.0.1:{server.port}")
    assert "only this machine can reach it" in report.verdict
    assert "other machines may reach it" not in report.verdict
    assert severity(report, "S605") == "warning"


@pytest.mark.parametrize("address", ["0.0.0.0", "127.0.0.1"])
def test_a_debugger_that_is_left_alone_tells_who_can_reach_it(address: str) -> None:
    """Delve takes one client: its command line tells what it is, and no connection is made."""
    options = ("--listen={port}", "--log")
    with real.named_program("dlv", "dap", *options, address=address) as port:
        report = ask(f"127.0.0.1:{port}")
        waiting = real.queued(port)
    assert waiting == 0
    assert "No connection was made, because dlv without --accept-multiclient" in report.verdict
    is_open = address == "0.0.0.0"
    assert ("is Delve, the debugger of Go, held by" in report.verdict) == is_open
    assert ("other machines may reach it" in report.verdict) == is_open
    assert severity(report, "S605") == ("error" if is_open else "warning")
    assert severity(report, "E502") == ("warning" if is_open else None)


def test_a_server_on_every_address_is_no_debugger() -> None:
    """It is open to others, and runs no code for them."""
    with real.http_server(address="0.0.0.0") as (port, _):
        report = ask(f"127.0.0.1:{port}")
    assert "other machines may reach it" in report.verdict
    assert "run code" not in report.verdict
    assert severity(report, "S605") is None
