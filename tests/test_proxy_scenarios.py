"""A proxy variable of the shell: which clients would go elsewhere, and where nothing is said."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import sentences
import situations as real

from checks import cli, diagnose

if TYPE_CHECKING:
    from checks.report import Report

PROXY = "http://ann:s3cret@proxy.example:3128"


def ask(target: str, *, identify: bool = True) -> Report:
    """The report on a target; it hangs on no sentence of the evidence."""
    report = diagnose(target, identify=identify)
    sentences.hold(report.classification, report.probes)
    return report


def severity(report: Report) -> str | None:
    """That of the finding; None where it was not found."""
    return next((f.severity for f in report.findings if f.finding.code == "N801"), None)


def test_the_clients_that_would_ask_the_proxy_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the verdict of a server that answers, with the proxy and without its password."""
    monkeypatch.setenv("http_proxy", PROXY)
    with real.http_server() as (port, _):
        report = ask(f"127.0.0.1:{port}")
    assert report.verdict.endswith(
        " From this shell curl, Wget, Python's urllib and requests would send requests for"
        f" 127.0.0.1:{port} to the proxy http://proxy.example:3128."
    )
    assert severity(report) == "warning"
    assert "s3cret" not in json.dumps(report.to_dict())


@pytest.mark.parametrize("listed", ["127.0.0.1", "localhost,127.0.0.1,::1"])
def test_a_list_that_covers_the_host_says_nothing(
    monkeypatch: pytest.MonkeyPatch, listed: str
) -> None:
    """In both cases of its name, as Wget wants it."""
    monkeypatch.setenv("http_proxy", PROXY)
    monkeypatch.setenv("no_proxy", listed)
    with real.http_server() as (port, _):
        report = ask(f"127.0.0.1:{port}")
    assert severity(report) is None
    assert "proxy" not in report.verdict


def test_a_list_that_covers_it_for_some_names_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network means something to curl and requests, and nothing to Wget and urllib."""
    monkeypatch.setenv("http_proxy", PROXY)
    monkeypatch.setenv("no_proxy", "127.0.0.0/8")
    with real.http_server() as (port, _):
        report = ask(f"http://127.0.0.1:{port}/")
    assert "From this shell Wget and Python's urllib would send requests" in report.verdict
    (found,) = [f for f in report.findings if f.finding.code == "N801"]
    (first, *_) = found.match.fix
    assert first.command is not None
    assert first.command.startswith('export NO_PROXY="$no_proxy,localhost,127.0.0.1,::1"')


@pytest.mark.parametrize("target", ["postgresql://127.0.0.1:{}", "ssh://127.0.0.1:{}"])
def test_what_is_no_http_says_nothing(monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    """Clients of other protocols read none of these variables."""
    monkeypatch.setenv("http_proxy", PROXY)
    with real.listening("127.0.0.1") as port:
        report = ask(target.format(port), identify=False)
    assert severity(report) is None


def test_a_service_that_is_recognised_as_another_says_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A greeting of SSH on a port that may be anything's."""
    monkeypatch.setenv("http_proxy", PROXY)
    with real.greeting(b"SSH-2.0-OpenSSH_9.2\r\n") as port:
        report = ask(f"127.0.0.1:{port}")
    assert report.probes[0].identity is not None
    assert report.probes[0].identity.protocol == "ssh"
    assert severity(report) is None


def test_where_nothing_listens_it_is_a_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The refusal is what matters; that curl meets the proxy is worth a word."""
    monkeypatch.setenv("http_proxy", PROXY)
    report = ask(real.unused())
    assert severity(report) == "notice"
    assert report.severity == "error"


def test_no_variable_says_nothing() -> None:
    """And the record of the machine has none."""
    report = ask(real.unused())
    assert severity(report) is None
    assert report.probes[0].machine.proxies == ()


def test_the_list_of_listeners_is_not_concerned(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It asks for no endpoint."""
    monkeypatch.setenv("http_proxy", PROXY)
    with real.listening("127.0.0.1") as port:
        cli.main(["listen", "--port", str(port)])
    assert "N801" not in capsys.readouterr().out
