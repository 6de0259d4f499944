"""HTTP servers that fail, are slow or serve one client at a time: what the verdict says of each.

Real servers on loopback, asked the whole way from the text to the verdict; beside each
situation a near one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import scenes
import sentences
import situations as real

from checks import diagnose

if TYPE_CHECKING:
    from checks.report import Report

SLOW = 30.0
"""Seconds until a slow server answers, longer than any check waits."""


def ask(target: str, timeout: float = 5.0) -> Report:
    """The report on a target; it hangs on no sentence of the evidence."""
    report = diagnose(target, timeout=timeout)
    sentences.hold(report.classification, report.probes)
    return report


def codes(report: Report) -> set[str]:
    """The codes of what was found of the service, and of a connection that is not taken."""
    return {f.finding.code for f in report.findings if f.finding.code[0] in "SC"}


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (500, "answers 500 Internal Server Error: python"),
        (502, "works, but the server behind it does not."),
        (503, "is overloaded, is starting or is in maintenance."),
        (504, "works, but the server behind it did not answer in time."),
        (507, "answers 507 Insufficient Storage: python"),
    ],
)
def test_an_error_of_the_server_is_a_warning_that_names_who_is_at_fault(
    status: int, said: str
) -> None:
    """The endpoint, the status, the process and the fault are in the verdict."""
    with real.http_server(status) as (port, pid):
        report = ask(f"127.0.0.1:{port}")
    assert report.verdict.startswith(f"127.0.0.1:{port} answers {status} ")
    assert said in report.verdict
    assert f"(pid {pid})" in report.verdict
    assert "S608" in codes(report)
    assert report.severity == "warning"


@pytest.mark.parametrize("status", [401, 403, 404, 405, 426, 501])
def test_a_refusal_is_in_the_verdict_and_no_fault(status: int) -> None:
    """An API without a page, or one that asks for a password, is well."""
    with real.http_server(status) as (port, _):
        report = ask(f"127.0.0.1:{port}")
    assert f" with {status} " in report.verdict
    assert report.verdict.count("on /") == 1
    assert "S608" not in codes(report)
    assert report.severity in ("ok", "info", "notice")


@pytest.mark.parametrize("status", [200, 204, 301])
def test_an_answer_that_is_well_has_no_status_in_the_verdict(status: int) -> None:
    """A page, an empty answer and a redirection to HTTPS."""
    with real.http_server(status) as (port, _):
        report = ask(f"127.0.0.1:{port}")
    assert f"{status}" not in report.verdict.replace(str(port), "").replace("pid", "")
    assert not {"S608", "S609"} & codes(report)


def test_a_first_answer_that_takes_long_is_told_as_slow_http() -> None:
    """Its errors to other questions tell that it is HTTP."""
    with real.http_server(seconds=SLOW) as (port, pid):
        report = ask(f"127.0.0.1:{port}")
    assert f"127.0.0.1:{port} speaks HTTP but has not answered within " in report.verdict
    assert f"(pid {pid})" in report.verdict
    assert "S609" in codes(report)
    assert report.severity == "warning"
    identity = report.probes[0].identity
    assert identity is not None
    assert identity.milliseconds < 1500


def test_a_slow_server_for_one_client_is_told_that_http_has_no_answer() -> None:
    """It takes no second question, so that it speaks HTTP is not sure."""
    with real.http_server(seconds=SLOW, threads=False) as (port, _):
        plain, as_url = ask(f"127.0.0.1:{port}"), ask(f"http://127.0.0.1:{port}/", 0.3)
    said = "accepts connections but has not answered an HTTP request within"
    assert said in plain.verdict
    assert "S609" not in codes(plain)
    assert "S609" not in codes(as_url)  # it is still busy with the first question
    assert "C320" in codes(as_url)


def test_a_url_makes_a_silent_port_slow_http() -> None:
    """Where HTTP was asked for, that it has no answer is a finding; else it is not."""
    with scenes.serving(scenes.silent) as scene:
        plain, as_url = ask(scene.target), ask(f"http://{scene.target}/")
        postgresql = ask(f"postgresql://{scene.target}/")
    assert "S609" not in codes(plain) | codes(postgresql)
    assert "S609" in codes(as_url)
    assert "C315" in codes(plain)


def test_a_slow_handshake_of_tls_is_no_slow_http() -> None:
    """A server that waits before its handshake is as silent as any."""
    with scenes.serving(scenes.silent) as scene:
        report = ask(f"https://{scene.target}/")
    assert "S609" not in codes(report)


def test_a_server_for_one_client_at_a_time_is_busy_with_a_named_one() -> None:
    """The client's process is found at the other end of the connection that was taken."""
    with (
        real.http_server(threads=False) as (port, pid),
        real.connected_client(port) as (_, client),
    ):
        report = ask(f"127.0.0.1:{port}", 0.3)
    assert f"127.0.0.1:{port} but accepts no connections: most likely it is busy" in report.verdict
    assert f"(pid {pid}) listens" in report.verdict
    assert f"(pid {client})." in report.verdict
    assert {"C320", "S610"} <= codes(report)
    first = next(found for found in report.findings if found.finding.code == "C320")
    assert first.match.fix[0].text.startswith("Close the connection of that client")


def test_a_server_with_threads_is_not_busy() -> None:
    """It has the same connection open and takes others."""
    with real.http_server() as (port, _), real.connected_client(port):
        report = ask(f"127.0.0.1:{port}")
    assert not {"C320", "S610"} & codes(report)


def test_a_stopped_server_is_not_busy() -> None:
    """It holds the connection of a client, too, and its state tells why it takes no other."""
    with scenes.stopped() as scene:
        report = ask(scene.target, 0.3)
    assert "C320" in codes(report)
    assert "S610" not in codes(report)


def test_a_hung_server_with_connections_of_several_clients_is_not_called_busy() -> None:
    """One that serves many and takes no more does not serve one at a time."""
    with real.hung_with_clients(2) as port:
        report = ask(f"127.0.0.1:{port}", 0.3)
    assert "C320" in codes(report)
    assert "S610" not in codes(report)
