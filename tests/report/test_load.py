"""Reports printed as JSON are read back; what breaks the contract is refused, and never raises."""

from __future__ import annotations

import json as json_module
import math
from typing import Any

import pytest
from situations import listening

from checks import diagnose
from checks import page as web
from checks.report import Report, json, load
from checks.report.formats import html

pytestmark = pytest.mark.machine


@pytest.fixture(scope="module")
def report() -> Report:
    """A real diagnosis of a real listener."""
    with listening("127.0.0.1") as port:
        return diagnose(f"127.0.0.1:{port}", identify=False)


def printed(report: Report) -> str:
    """What ``--json`` prints of it."""
    return json.line(report.to_dict())


def test_what_was_printed_is_told_with_its_evidence(report: Report) -> None:
    """The card of the paste is that of the machine where it was printed."""
    assert load.load(printed(report)) == (report,)
    assert web.answer(printed(report)) == html.render([report])
    assert "listens" in web.answer(printed(report))


def test_several_lines_are_several_reports(report: Report) -> None:
    """As a stream prints them."""
    assert load.load(f"{printed(report)}\n{printed(report)}\n") == (report, report)


def test_an_indented_object_is_read_too(report: Report) -> None:
    """As jq prints it."""
    assert load.load(json_module.dumps(report.to_dict(), indent=2)) == (report,)


def test_a_newer_field_is_passed_over(report: Report) -> None:
    """Additions keep the contract."""
    document: Any = report.to_dict()
    document["endpoints"][0]["probe"]["later"] = {"x": 1}
    assert load.load(json.line(document)) == (report,)


def test_what_was_not_seen_is_not_seen_here_either(report: Report) -> None:
    """A paste of a machine that could not read its tables is judged as such."""
    document: Any = report.to_dict()
    document["endpoints"][0]["probe"].update(listeners=[], unread=["tcp4", "tcp6", "<b>"])
    (read,) = load.load(json.line(document))
    assert read.unread == ("tcp4", "tcp6")
    assert read.verdict.endswith("answers, but the listening program is not visible.")
    document["endpoints"][0]["probe"].update(unread=[])
    (read,) = load.load(json.line(document))
    assert "a NAT rule" in read.verdict
    del document["endpoints"][0]["probe"]["unread"]  # as an older version printed it
    assert load.load(json.line(document)) == (read,)


def older(value: Any) -> Any:
    """A document as a version printed it that had no codes for what the probe says in words."""
    if isinstance(value, list):
        return [older(each) for each in value]
    if not isinstance(value, dict):
        return value
    later = ("reason", "icmp", "no_owner", "route_localnet", "problem_code")
    return {key: older(each) for key, each in value.items() if key not in later}


def test_a_report_without_codes_is_read_as_far_as_it_goes(report: Report) -> None:
    """What a code would tell is unknown then; nobody reads it out of a sentence."""
    (read,) = load.load(json.line(older(report.to_dict())))
    assert (read.findings, read.verdict) == (report.findings, report.verdict)
    document = older(report.to_dict())
    document["endpoints"][0]["probe"].update(outcome="left-alone", identity=None, bindings=[])
    document["endpoints"][0]["probe"]["attempts"][0].update(
        outcome="skipped", detail="skipped: a connection would start x.service", arrived=None
    )
    (read,) = load.load(json.line(document))
    assert "No connection was made." in read.verdict
    assert "C318" in [found.finding.code for found in read.findings]


@pytest.mark.parametrize(
    "text", ["", "{", "{}", "[1]", '{"schema":"other/1","input":""}', "127.0.0.1"]
)
def test_other_texts_are_no_reports(text: str) -> None:
    """They are classified like any text."""
    assert load.load(text) == ()


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value below *value*."""
    found = [path] if path else []
    steps = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for step, inner in steps:
        found += places(inner, (*path, step))
    return found


@pytest.mark.parametrize(
    "wrong",
    [None, 5, -1.5, "x" * 300, [], [[]], {}, True, "<script>", [1, 2], 10**400, -(10**400), 1 << 63,
     math.nan, math.inf, -math.inf, 1e308, "\ud800", "fe80::1%" + "z" * 300, "[::1]:99999"],
)  # fmt: skip
def test_evidence_of_the_wrong_form_is_refused_in_one_sentence(
    report: Report, wrong: object
) -> None:
    """Every value of the evidence is replaced in turn: a card comes out, never an exception."""
    text = printed(report)
    for path in places(json_module.loads(text)["endpoints"][0]["probe"]):
        document = json_module.loads(text)
        at = document["endpoints"][0]["probe"]
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = wrong
        made = web.answer(json_module.dumps(document))
        assert made.startswith('<div class="answer">')
        assert "<script>" not in made


def test_the_complaint_says_where(report: Report) -> None:
    """A person can find the place."""
    text = printed(report).replace('"outcome":"accepted"', '"outcome":5', 1)
    assert "endpoints[0].probe.outcome is no str" in web.answer(text)


@pytest.mark.parametrize("number", ["1" + "0" * 400, "-1e400", "NaN", "1e300"])
def test_a_number_that_no_machine_counts_is_refused(report: Report, number: str) -> None:
    """It could not be drawn: float() of a long number is an error by itself."""
    printed_number = json_module.dumps(report.probes[0].attempts[0].milliseconds)
    text = printed(report).replace(
        f'"milliseconds":{printed_number}', f'"milliseconds":{number}', 1
    )
    assert "attempts[0].milliseconds is beyond what a machine counts" in web.answer(text)


@pytest.mark.parametrize("depth", [100, 100_000])
def test_deep_nesting_is_no_report(depth: int) -> None:
    """It is told as a text, or refused; nothing is raised."""
    deep = "[" * depth + "]" * depth
    for text in (
        f'{{"schema":"checks/1","input":"127.0.0.1:9","endpoints":{deep}}}',
        f'{{"schema":"checks/1","input":"127.0.0.1:9","endpoints":[{{"probe":{deep}}}]}}',
    ):
        assert web.answer(text).startswith('<div class="answer">')
