"""A text that names very many endpoints: some are asked, and each format names the others."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
import situations as real
from published_schema import validator

from checks import MAX_PROBED, diagnose
from checks.report import Report, json, load
from checks.report.formats import Case, html, junit, nagios, prometheus, text
from checks.report.style import Style

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.machine

MORE = 3
SENTENCE = f"{MORE} of {MAX_PROBED + MORE} endpoints were not tested"


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    """Of listeners that all accept, three more than are asked; the first is named twice."""
    with ExitStack() as stack:
        ports = [stack.enter_context(real.listening("127.0.0.1")) for _ in range(MAX_PROBED + MORE)]
        lines = [f"127.0.0.1:{port}" for port in [ports[0], *ports]]
        yield diagnose("\n".join(lines), identify=False)


def test_so_many_are_asked_and_a_repeat_is_none_of_them(report: Report) -> None:
    """What is named twice takes no other's turn."""
    last = MAX_PROBED + MORE + 1
    assert sorted(report.probes) == [0, *range(2, MAX_PROBED + 1)]
    assert report.unasked == tuple(range(last - MORE, last))
    assert all(probe.outcome == "accepted" for probe in report.probes.values())


def test_the_terminal_names_them(report: Report) -> None:
    """A row at each, and one sentence for all."""
    shown = text.render(report, Style())
    assert SENTENCE in " ".join(shown.split())
    assert shown.count("not tested: the text names too many endpoints") == MORE


def test_the_card_names_them(report: Report) -> None:
    """It tells of twelve endpoints, and of what was left out."""
    assert SENTENCE in html.render((report,))


def test_the_contract_names_them_and_is_read_back(report: Report) -> None:
    """Their indexes, and no field where all were asked."""
    document = report.to_dict()
    validator().validate(document)
    assert document["unasked"] == list(report.unasked)
    assert "unasked" not in report._replace(unasked=()).to_dict()
    assert load.load(json.line(document)) == (report,)


@pytest.mark.parametrize("unasked", [[0], [99], [-1], "17", [1.5], [True]])
def test_a_paste_that_names_others_is_refused(report: Report, unasked: object) -> None:
    """What was asked, or is not there, was not left out."""
    with pytest.raises(load.ReportError, match="unasked"):
        load.load(json.line({**report.to_dict(), "unasked": unasked}))


def test_a_monitor_is_not_told_that_all_is_well(report: Report) -> None:
    """UNKNOWN for nagios, an error for JUnit, a number for Prometheus."""
    style = Style()
    line, code = nagios.diagnosis([Case(report)], style)
    assert code == nagios.UNKNOWN
    assert SENTENCE in line
    suites = junit.diagnosis([Case(report)], style).text
    case = ElementTree.fromstring(suites)[0][0]  # noqa: S314 - our own
    assert [each.tag for each in case] == ["error"]
    assert SENTENCE in (case[0].get("message") or "")
    assert (
        f"}} {MORE}\n"
        in prometheus.diagnosis([Case(report)], style).text.partition("_untested{")[2]
    )
    asked = [Case(report._replace(unasked=()))]
    assert nagios.diagnosis(asked, style).code == nagios.OK
    assert "untested" not in prometheus.diagnosis(asked, style).text
    assert "untested" not in junit.diagnosis(asked, style).text
