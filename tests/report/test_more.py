"""The line "More" leads to the page of the verdict, not of what is worst for its own sake."""

from __future__ import annotations

import pytest
from findings.records import PYTHON, attempt, binding, listener, probe, speaks

from checks import classify
from checks.model.evidence import Probe
from checks.report import conclude
from checks.report.formats import html, text
from checks.report.style import Style

HERE = "127.0.0.1:8080"
"""On a port that two programs want by default, which is worth a notice (P208)."""
ROW = (listener("127.0.0.1", PYTHON, port=8080),)
OPEN = (listener("0.0.0.0", PYTHON, port=8080),)


def leads_to(written: str, *probes: Probe) -> str:
    """The code behind "More" in the text of a report."""
    report = conclude(classify(written), dict(enumerate(probes)))
    lines = text.render(report, Style(100)).splitlines()
    (line,) = [line for line in lines if line.startswith("More: ")]
    return line.rpartition(" ")[2]


@pytest.mark.parametrize(
    ("evidence", "code"),
    [
        (probe(attempt("accepted"), listeners=ROW, identity=speaks("http")), "C301"),
        (probe(attempt("accepted"), listeners=OPEN, identity=speaks("http")), "E502"),
        (
            probe(
                attempt("accepted"), listeners=ROW, identity=speaks(None, behaviour="silent")
            ),
            "C315",
        ),
        (
            probe(
                attempt("accepted"), listeners=OPEN, identity=speaks(None, behaviour="closed")
            ),
            "C314",
        ),
        (probe(attempt("refused")), "C302"),
        (probe(attempt("timed-out"), listeners=ROW), "C304"),
        (probe(outcome="failed", notes=("It failed.",)), "P208"),
    ],
    ids=["answers", "open", "hung", "closes", "refused", "dropped", "failed"],
)  # fmt: skip
def test_it_is_the_finding_that_the_verdict_puts_into_words(evidence: Probe, code: str) -> None:
    """Of a hung server that it says nothing, and not that its port is contested."""
    assert leads_to(HERE, evidence) == code


def test_of_several_endpoints_it_is_the_one_in_trouble() -> None:
    """As the verdict is about that one."""
    fine = probe(attempt("accepted"), listeners=OPEN, identity=speaks("http"))
    assert leads_to(f"{HERE} 127.0.0.1:8081", fine, probe(attempt("refused"))) == "C302"


def test_for_a_server_it_is_the_trial_bind() -> None:
    """A message of bind() is answered by whether the port can be had."""
    taken = binding("in-use", port=8080)
    evidence = probe(attempt("accepted"), listeners=ROW, bindings=(taken,))
    assert leads_to(f"bind: Address already in use {HERE}", evidence) == "B402"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (HERE, "A101"),
        ("127.0.0.1:0", "P201"),
        ("http://127.1.1.1:80\\@127.2.2.2:80/", "A102"),
        ("0x7f.1:8080", "A101"),
        ("localhost:8080", "A114"),
        ("10.0.0.1.nip.io", "A116"),
        ("8080", "P208"),
        (f"connect ECONNREFUSED {HERE}", "C302"),
    ],
)
def test_without_a_machine_it_is_what_the_text_is(written: str, code: str) -> None:
    """The spelling's finding, or the first that an error message leads to."""
    assert leads_to(written) == code


@pytest.mark.parametrize(
    ("pasted", "page"),
    [
        (
            "Connected to the target VM, address: '127.0.0.1:62893', transport: 'socket'",
            "troubleshooting/target-vm/",
        ),
        ("DevTools listening on ws://127.0.0.1:62893/devtools/browser/5b3a", "uses/debuggers/"),
        ('INFO:     127.0.0.1:62893 - "GET / HTTP/1.1" 200 OK', "ports/62893/#in-a-servers-log"),
        ("  TCP    127.0.0.1:52144   127.0.0.1:52145   ESTABLISHED   4711", "virus/"),
    ],
    ids=["target-vm", "devtools", "access-log", "netstat"],
)
def test_what_is_no_error_leads_to_a_guide(pasted: str, page: str) -> None:
    """Of a line that only tells an address, the page about such lines."""
    card = html.render([conclude(classify(pasted))])
    assert page in card.rpartition("More: ")[2]
