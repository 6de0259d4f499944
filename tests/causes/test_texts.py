"""For each cause a text that yields it first, and a near one that does not.

The tables are in ``texts/``: a line ``=== key`` begins a text whose first cause has this
key, ``=/= key`` a near one whose first cause has another.
"""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest
from cases import each
from hypothesis import given, settings
from hypothesis import strategies as st

from checks import causes
from checks.causes import RULES, bind, clients, denied, http, policy, tls
from checks.causes.base import Cause
from checks.findings import catalogue
from checks.findings.base import Found, Match
from checks.text import classify

TABLES = Path(__file__).parent / "texts"
MODULES = (bind, clients, denied, tls, http, policy)
SECOND = {"exclusive-listener"}
"""Causes that are never the first: the same words have a likelier one."""


def rows(mark: str) -> list[tuple[str, str]]:
    """The keys and texts of all tables that begin with a mark."""
    found = []
    for table in sorted(TABLES.glob("*.txt")):
        blocks = re.split(r"^(=[=/]=) (\S+)\n", table.read_text(encoding="utf-8"), flags=re.M)[1:]
        found += [
            (key, text.rstrip("\n"))
            for sign, key, text in zip(blocks[::3], blocks[1::3], blocks[2::3], strict=True)
            if sign == mark
        ]
    return found


def keys(text: str) -> list[str]:
    """The keys of the causes of a text, the likeliest first."""
    return [cause.key for cause in causes.explain(classify(text))]


@each(("key", "text"), rows("==="))
def test_the_text_yields_the_cause_first(key: str, text: str) -> None:
    """What people paste names its cause."""
    assert keys(text)[:1] == [key]


@each(("key", "text"), rows("=/="))
def test_a_near_text_yields_another(key: str, text: str) -> None:
    """Words of the same kind do not name the cause where something else is so."""
    assert keys(text)[:1] != [key]


def test_every_cause_has_both_texts() -> None:
    """No rule of these modules is without a text and a near one."""
    known = {rule.key for module in MODULES for rule in module.RULES} - SECOND
    assert known <= {key for key, _ in rows("===")}
    assert known <= {key for key, _ in rows("=/=")}


def test_an_exclusive_listener_is_told_beside_the_reserved_range() -> None:
    """Windows gives 10013 for both."""
    words = "An attempt was made to access a socket in a way forbidden by its access permissions."
    assert keys(f"listen tcp 127.0.0.1:9201: bind: {words}")[:2] == [
        "winnat-excluded-range",
        "exclusive-listener",
    ]


@each(("key", "text"), rows("==="))
def test_the_answer_has_steps_and_a_reason(key: str, text: str) -> None:
    """The first cause has something to do first, and no field is left unfilled."""
    first = causes.explain(classify(text))[0]
    assert first.key == key
    assert first.steps, "nothing to do"
    assert len(first.says.split()) <= 25
    for words in told(first):
        assert "None" not in words.split(), words
        assert not re.search(r"\{\w*\}", words), words


WRITTEN = [text for mark in ("===", "=/=") for _, text in rows(mark)]


@given(st.lists(st.sampled_from(WRITTEN), min_size=1, max_size=3), st.data())
@settings(max_examples=60, deadline=None)
def test_words_are_quoted_as_they_are_written(texts: list[str], data: st.DataObject) -> None:
    """In any mixture and cut of the texts a reason is at its span, and nothing raises."""
    text = "\n".join(texts)
    text = text[data.draw(st.integers(0, 40)) : len(text) - data.draw(st.integers(0, 40))]
    for cause in causes.explain(classify(text)):
        for one in cause.because:
            first, last = one.span
            assert text[first:last].strip() == one.text.strip()


@pytest.mark.parametrize(
    ("code", "states"),
    [
        ("B404", {"time-wait": "confirmed", "stale-process": "ruled-out"}),
        ("B402", {"time-wait": "ruled-out", "stale-process": "open", "second-instance": "open"}),
        ("B401", {"time-wait": "ruled-out", "stale-process": "ruled-out"}),
    ],
)
def test_a_machine_decides(code: str, states: dict[str, str]) -> None:
    """What a bind test of the machine shows confirms a cause or rules it out."""
    text = "    s.bind(('127.0.0.1', 6101))\nOSError: [Errno 98] Address already in use"
    found = [
        Found(catalogue.finding(code), Match(""), None),
        Found(catalogue.finding(code), Match(""), 0),
    ]
    causes_of = {cause.key: cause.state for cause in causes.explain(classify(text), found)}
    assert states.items() <= causes_of.items()


def told(cause: Cause) -> list[str]:
    """Every sentence and command of a cause."""
    steps = [(step.text, step.command or "", step.look_for or "") for step in cause.steps]
    return [cause.says, *(words for step in steps for words in step)]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_pages_and_findings_are_written_as_such(module: ModuleType) -> None:
    """A page is a path below the root, and a finding one of the catalogue."""
    codes = {code for code, _, _ in catalogue.LINES}
    for rule in module.RULES:
        assert re.fullmatch(r"[a-z0-9-]+/[a-z0-9-]+/(#[a-z0-9_-]+)?", rule.page), rule.key
        assert {rule.finding, *rule.confirmed_by, *rule.ruled_out_by} <= {None, *codes}, rule.key


def test_keys_are_of_one_rule_in_these_modules() -> None:
    """A cause has one home."""
    found = [rule.key for module in MODULES for rule in module.RULES]
    assert len(found) == len(set(found))
    assert set(found) <= {rule.key for rule in RULES}


PORTLESS = [
    "Error: read ECONNRESET",
    "curl: (52) Empty reply from server",
    "connect ECONNREFUSED",
    "java.net.SocketException: Connection reset",
    "dial tcp: connection refused",
]


@pytest.mark.parametrize("text", PORTLESS)
def test_no_port_is_made_up(text: str) -> None:
    """Where the text has no port, none is in a command."""
    steps = [step for cause in causes.explain(classify(text)) for step in cause.steps]
    assert steps
    for step in steps:
        assert not re.search(r"localhost:\d", step.command or ""), step
