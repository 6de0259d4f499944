"""--format junit: one suite, one case a target."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
import situations as real
from cli.terminal import run
from report.formats.cases import NASTY, case, entry, listing

from checks.report.formats import junit
from checks.report.style import Style


@pytest.mark.machine
def test_a_case_a_target() -> None:
    """What is wrong fails, what cannot be read is an error, the rest passes."""
    with real.listening("127.0.0.1") as port:
        down = real.free_port()
        found = run("--format", "junit", f"127.0.0.1:{port}", f"127.0.0.1:{down}", "hello world")
    suites = ElementTree.fromstring(found.stdout)  # noqa: S314 - our own
    suite = suites[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "1", "1")
    up, failed, bad = suite
    assert [each.tag for each in up] == ["system-out"]
    assert failed.get("name") == f"127.0.0.1:{down}"
    assert failed[0].tag == "failure"
    assert failed[0].get("type") == "C302"
    assert (
        failed[0].get("message")
        == f"127.0.0.1:{down} refused the connection: no program listens there."
    )
    assert "ECONNREFUSED" in (failed[0].text or "")
    assert bad[0].tag == "error"
    assert found.returncode == 2


def test_listeners() -> None:
    """What others may reach fails."""
    suites = ElementTree.fromstring(  # noqa: S314 - our own
        junit.listeners(listing(entry(), entry(reach="host")), Style()).text
    )
    assert [one[0].tag for one in suites[0]] == ["failure", "system-out"]
    assert suites[0][0][0].get("type") == "E502"


def test_nothing_from_outside_breaks_it() -> None:
    """Markup, controls, non-characters and lone surrogates stay text."""
    made = (
        junit.diagnosis([case(NASTY)], Style()),
        junit.listeners(listing(entry(NASTY)), Style()),
    )
    for text, _ in made:
        root = ElementTree.fromstring(text.encode("utf-8"))  # noqa: S314 - our own
        name = root[0][0].get("name") or ""
        assert "<&>\"'|=\\" in name
        assert "\\x1b[2J" in name
