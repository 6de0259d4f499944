"""What holds for every cause, whatever the text: reasons, steps, pages, states and words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cases import each
from hypothesis import given
from hypothesis import strategies as st
from markdown.extensions.toc import slugify

from checks import causes
from checks.causes import RULES, wording
from checks.causes.base import CONFIRMED, LIKELY, OPEN, RULED_OUT, Cause, Rule
from checks.causes.steps import MOST
from checks.findings import by_key, catalogue, commands
from checks.findings.base import Found, Match
from checks.text import classify, marks
from checks.text.errors.table import ERRORS

TEXTS = [
    text
    for table in sorted((Path(__file__).parent / "texts").glob("*.txt"))
    for text in re.split(r"^=[=/]= \S+\n", table.read_text(encoding="utf-8"), flags=re.M)[1:]
]
PARTS = [line for text in TEXTS for line in text.splitlines()]


def causes_of(text: str) -> tuple[Cause, ...]:
    """The causes of a text of which no machine was asked."""
    return causes.explain(classify(text))


def check(text: str) -> None:
    """Assert what holds for the causes of any text."""
    found = causes_of(text)
    assert len(found) <= causes.MOST
    assert len({cause.key for cause in found}) == len(found)
    for cause in found:
        assert len(commands.numbered(cause.steps)) <= MOST
        for because in cause.because:
            start, end = because.span
            assert text[start:end] == because.text
            assert because.text.strip()
    assert len(causes.verdict(classify(text), found).splitlines()) <= 1


@each("text", TEXTS)
def test_reasons_are_words_of_the_text(text: str) -> None:
    """Each reason is where it says to be; no text has more than five causes or three steps."""
    check(text)


@given(st.lists(st.sampled_from(PARTS), max_size=6).map("\n".join))
def test_any_lines_together_are_explained(text: str) -> None:
    """Texts that speak for many causes at once still keep the measure."""
    check(text)


@given(st.text(max_size=80), st.sampled_from(PARTS), st.text(max_size=80))
def test_nothing_around_a_message_raises(before: str, part: str, after: str) -> None:
    """Other languages, signs whose lower case is longer, and control characters do no harm."""
    check(f"{before}{part}{after}")


@each("text", TEXTS)
def test_no_sentence_is_longer_than_the_house_allows(text: str) -> None:
    """The verdict has at most two sentences of 25 words, and no field is left open."""
    said = causes.verdict(classify(text), causes_of(text))
    sentences = re.split(r"(?<=\.) (?=[A-Z])", said)
    assert len(sentences) <= 2, said
    for sentence in sentences:
        assert len(sentence.split()) <= wording.MOST_WORDS, sentence
    if "'s default port)" in said:  # which is a guess, and goes where there is no room for it
        assert len(said.split()) <= wording.MOST_WORDS, said
    assert "likely There" not in said
    for cause in causes_of(text):
        for step in cause.steps:
            assert not re.search(r"\{\w*\}", f"{step.text}{step.command}{step.look_for}")
            assert len(step.text.split()) <= wording.MOST_WORDS, step.text


def test_every_error_has_a_sentence_for_its_endpoint() -> None:
    """The verdict names the endpoint for each error of the table, so each has its verb."""
    assert set(wording.HAPPENED) == {row.name for row in ERRORS}
    for sentence in wording.HAPPENED.values():
        assert sentence.endswith("."), sentence
        assert not re.search(r"(?<!\{)\b(at|host|client|connection)\}", sentence.replace("{at}", "")
                             .replace("{host}", "").replace("{client}", "")
                             .replace("{connection}", "")), sentence  # fmt: skip


def test_a_cause_has_one_home() -> None:
    """No two rules have the same key."""
    keys = [rule.key for rule in RULES]
    assert len(keys) == len(set(keys))


@each("rule", RULES, ids=lambda rule: rule.key)
def test_a_rule_names_errors_and_findings_that_exist(rule: Rule) -> None:
    """A name or code that is misspelt would never match."""
    codes = {code for code, _, _ in catalogue.LINES}
    assert {rule.finding, *rule.confirmed_by, *rule.ruled_out_by} <= {None, *codes}
    assert set(rule.errors) <= {row.name for row in ERRORS} | {""}
    assert not set(rule.confirmed_by) & set(rule.ruled_out_by)
    assert set(rule.marks) <= MARKS


MARKS = {row[0] for row in marks.ROWS}
ROOT = Path(__file__).parents[2]


@each("rule", RULES, ids=lambda rule: rule.key)
def test_the_page_of_a_rule_exists(rule: Rule) -> None:
    """Its guide is a page of the site, and its section has a heading there."""
    page, _, anchor = rule.page.partition("#")
    text = (ROOT / "docs" / f"{page.rstrip('/')}.md").read_text(encoding="utf-8")
    assert not anchor or anchor in sections(text)


def sections(text: str) -> set[str]:
    """The anchors of a page: those that are written, and those that its headings give."""
    written = set(re.findall(r"\{[^}\n]*#([\w-]+)", text))
    headings = re.findall(r"^#+ (.*?)(?: *\{[^}\n]*\})?$", text, flags=re.M)
    return written | {slugify(heading.replace("`", ""), "-") for heading in headings}


def found(code: str, endpoint: int = 0) -> Found:
    """A finding of a machine that was asked, of one endpoint."""
    finding = by_key(code)
    assert finding is not None
    return Found(finding, Match(""), endpoint)


def test_a_finding_of_a_machine_confirms_a_cause() -> None:
    """What the text only suggests leads where the machine shows it."""
    text = classify("connect ECONNREFUSED 127.0.0.1:4200")
    causes_found = causes.explain(text, [found("C309")])
    assert (causes_found[0].key, causes_found[0].state) == ("server-only-on-ipv6", CONFIRMED)
    assert "Most likely" not in causes.verdict(text, causes_found)


def test_a_finding_of_a_machine_rules_a_cause_out() -> None:
    """Where the port answers, the server runs: another cause leads."""
    text = classify("connect ECONNREFUSED 127.0.0.1:51742")
    causes_found = causes.explain(text, [found("C301")])
    states = {cause.key: cause.state for cause in causes_found}
    assert states["server-not-running"] == RULED_OUT
    assert causes_found[0].state != RULED_OUT


def test_this_machine_does_not_decide_for_a_client_in_a_container() -> None:
    """Its localhost is another one, so nothing is confirmed or ruled out by ours."""
    text = classify("api_1  | connect ECONNREFUSED 127.0.0.1:5436")
    causes_found = causes.explain(text, [found("C302")])
    assert causes_found[0].key == "client-in-container"
    assert {cause.state for cause in causes_found} == {OPEN}


@each("text", TEXTS)
def test_something_speaks_for_each_likely_cause(text: str) -> None:
    """No list is fixed: what is told first has its words in the text."""
    assert all(cause.because for cause in causes_of(text) if cause.likelihood == LIKELY)


def test_a_bare_refusal_says_that_the_text_cannot_tell() -> None:
    """The one command that decides comes first, and no cause is likely."""
    text = "connect ECONNREFUSED 127.0.0.1:51742"
    causes_found = causes_of(text)
    assert causes.verdict(classify(text), causes_found) == (
        "127.0.0.1:51742 refused Node's connection. The text alone does not show why."
    )
    assert causes_found[0].steps[0].command == "python3 -m checks localhost:51742"
    assert LIKELY not in {cause.likelihood for cause in causes_found}


@pytest.mark.parametrize(
    ("text", "system"),
    [
        ("[WinError 10061] No connection could be made because the target machine actively"
         " refused it: 127.0.0.1:5432", "windows"),
        ("connect ECONNREFUSED 127.0.0.1:5432\n  errno: -61", "macos"),
        ("connect ECONNREFUSED 127.0.0.1:5432\n  errno: -111", "linux"),
    ],
)  # fmt: skip
def test_the_command_of_the_system_that_the_message_shows_is_first(text: str, system: str) -> None:
    """A number of Windows is answered with the command of Windows."""
    steps = commands.numbered(causes_of(text)[0].steps)
    shown = [step[0].os for step in steps if step[0].os]
    assert shown
    assert set(shown) == {system}


@pytest.mark.parametrize("text", TEXTS[::9])
def test_the_answer_is_the_causes_and_their_sentence(text: str) -> None:
    """What is given together is what is given one by one."""
    read = classify(text)
    both = causes.answer(read)
    assert both[:2] == (causes.explain(read), causes.verdict(read, both[0]))


def test_a_log_that_repeats_an_error_is_explained_once() -> None:
    """A thousand lines cost little more than one."""
    line = "connect ECONNREFUSED 127.0.0.1:51742\n"
    assert [one.key for one in causes_of(line * 1000)] == [one.key for one in causes_of(line)]


def test_the_port_of_the_code_is_forwarded() -> None:
    """Dart prints the client's own port; the server's is in the code above it."""
    text = (
        "dio.get('http://127.0.0.1:5610/list')\nSocketException: OS Error: Connection refused,"
        " errno = 111, address = 127.0.0.1, port = 40112"
    )
    commands_of = [step.command for step in causes_of(text)[0].steps]
    assert "adb reverse tcp:5610 tcp:5610" in commands_of


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("dial tcp 127.0.0.1:1234: connect: connection refused", ""),
        ("lmstudio: connect ECONNREFUSED 127.0.0.1:1234", "LM Studio"),
        ("connect ECONNREFUSED 127.0.0.1:5571", ""),
        ("the Android device: connect ECONNREFUSED 127.0.0.1:5571", "Android Emulator"),
        ("connect ECONNREFUSED 127.0.0.1:5432", "PostgreSQL"),
    ],
)
def test_a_number_of_anyones_names_no_server(text: str, named: str) -> None:
    """What one tool has by default, and many others have too, is named where the text does."""
    read = classify(text)
    said = causes.verdict(read, causes.explain(read))
    assert ("default port" in said) is bool(named)
    assert named in said


@pytest.mark.parametrize(
    ("text", "command", "look_for"),
    [
        ("routines:ssl3_get_record:wrong version number", "http://HOST:PORT/", "for HOST and PORT"),
        ("SSL routines:wrong version number db.test:6400", "http://db.test:6400/", ""),
    ],
)
def test_a_command_has_no_host_that_the_text_lacks(text: str, command: str, look_for: str) -> None:
    """What no word of the text names is a word in capitals, and the step says what it is."""
    first = causes_of(text)[0].steps[0]
    assert command in (first.command or "")
    assert look_for in (first.look_for or "")
    assert ("PORT" in (first.look_for or "")) is bool(look_for)


def test_a_browser_is_told_its_own_proxy_settings() -> None:
    """It reads no variable of a shell, and the text does not name the proxy."""
    read = classify(
        "WebSocket connection to 'ws://198.51.100.7:9304/': ERR_PROXY_CONNECTION_FAILED"
    )
    found = causes.explain(read)
    assert causes.verdict(read, found).startswith("The proxy of the client could not be reached.")
    assert found[0].key == "proxy-env"
    assert not any(step.command for step in found[0].steps)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Failed to bind 10.7.7.7: Address already in use", "The port is in use."),
        ("Failed to bind 10.7.7.7:4100: Address already in use", "10.7.7.7:4100 is in use."),
    ],
)
def test_a_host_alone_is_never_in_use(text: str, said: str) -> None:
    """What is in use is a port of it, which the text may not tell."""
    assert causes.verdict(classify(text), causes_of(text)).startswith(said)
