"""The card: well-formed, the same words as the terminal, and no markup from input."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from checks import classify
from checks.findings import CATALOGUE
from checks.model.evidence import Asked
from checks.report import conclude, markup, pieces, prose
from checks.report.formats import html
from checks.report.formats.text import render as as_text
from checks.report.style import Style

TAGS = set(
    "a button code dd details div dl dt input label li mark ol p pre span summary ul wbr".split()
)
ATTRIBUTES = set(
    "aria-label class data-likelihood data-os data-row data-severity data-system"
    " data-systems data-token href name open role tabindex title type value".split()
)
PAGE = r"site:[a-z0-9/-]+/(#[a-z0-9_-]+)?"
"""What a link of a card may be: a page of the site, and its section."""
HOSTILE = [
    "<script>alert(1)</script> 127.0.0.1:80",
    '"><img src=x onerror=alert(1)>127.0.0.1',
    "http://127.0.0.1:80/<svg onload=alert(1)>",
    "javascript:alert(1)//127.0.0.1",
    "&lt;b&gt;&#60;b&#62; ECONNREFUSED ::1:80",
    'href="site:evil" 127.0.0.1:1',
    "\x00\x1b[31m\u202e127.0.0.1:80\u2066 refused",
    "<%= 127.0.0.1 %>{{ 7*7 }}${7*7}",
    "]]>--><!--127.0.0.1:80-->",
    "fe80::1%<b>",
    "<b>.localhost:80",
    "\ud800 127.0.0.1:80",
]


def card(text: str) -> str:
    """The card of a text that no machine was asked about."""
    return html.render([conclude(classify(text))])


class Walker(HTMLParser):
    """Every element in the order of the text, and that each is ended."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element; it is open now, unless it is one that is never ended."""
        self.tags.append(tag)
        if tag not in ("input", "wbr"):
            self.open.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        """The innermost open element is the one that ends."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep what a reader sees."""
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        """There is none."""
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        """There is none."""
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        """There is none."""
        raise AssertionError(data)


@pytest.mark.parametrize("text", HOSTILE)
def test_input_never_becomes_markup(text: str) -> None:
    """Only the module's own elements and attributes come out, each of them ended."""
    walked = Walker(card(text))
    assert not walked.open
    assert set(walked.tags) <= TAGS
    assert {name for name, _ in walked.attributes} <= ATTRIBUTES
    for name, value in walked.attributes:
        if name == "href":
            assert re.fullmatch(PAGE, value)
    shown = "".join(walked.text)
    assert not re.search(
        r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown
    )


def test_site_links_are_only_the_cards_own() -> None:
    """What a page replaces in the text of a card can not come from input."""
    made = card('href="site:x" 127.0.0.1')
    assert 'href="site:x' not in made


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1:62893", "0x7f.1:62893", "http://[::ffff:127.0.0.1]:6000/", "localhost:5000",
        "Error: connect ECONNREFUSED ::1:5432", "62893", "fe80::1%eth0", "10.0.0.1.nip.io",
    ],
)  # fmt: skip
def test_the_card_says_what_the_terminal_says(text: str) -> None:
    """Verdict, rows, messages and advice are the same words."""
    report = conclude(classify(text))
    words = " ".join(" ".join(Walker(html.render([report])).text).split())
    assert report.verdict in words
    terminal = as_text(report, Style(100))
    for found in report.findings:
        shown_there = found.match.message.split(".")[0][:40] in " ".join(terminal.split())
        assert (found.match.message in words) == shown_there or found.finding.code in words
        assert found.finding.code in words
    for fix in (fix for found in report.findings for fix in found.match.fix):
        if fix.text in " ".join(terminal.split()):
            assert fix.text in words


def test_every_link_leads_to_a_finding() -> None:
    """A slug in a card is one of the catalogue's."""
    slugs = {finding.slug for finding in CATALOGUE}
    found = set(re.findall(r'href="site:reference/findings/([^/]+)/"', card("127.0.0.1:6000")))
    assert found
    assert found <= slugs


def marks(made: str) -> list[tuple[str, str]]:
    """Each piece of the text that a card shows: its row and its characters."""
    source = made.partition("<pre")[2].partition("</pre>")[0]
    source = re.sub(r'<span class="answer-hidden">[^<]*</span>', "", source)
    return re.findall(r'<mark data-token="([^"]*)">([^<]*)</mark>', source)


def test_a_log_is_shown_with_its_pieces_marked() -> None:
    """Each piece of the text is marked, line breaks stay, and what is none is not."""
    made = card("a 127.0.0.1:80 b\nc [::1]:81 <d>\n")
    assert marks(made) == [
        ("host-0", "127.0.0.1"), ("port-0", "80"), ("host-1", "[::1]"), ("port-1", "81"),
    ]  # fmt: skip
    assert "</mark> b\nc <mark" in made
    assert "</mark> &lt;d&gt;\n</pre>" in made
    assert "<pre" not in card("127.0.0.1")


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1:80", "https://ann:pw@localhost:81/a?b#c", "connect ECONNREFUSED ::1:82",
        "10:11:12 listen EADDRINUSE :::83\n10:11:13 connect ETIMEDOUT 10.1.1.1:84",
    ],
)  # fmt: skip
def test_every_piece_has_a_row_that_explains_it(text: str) -> None:
    """A key in the text is a key in the card, and the first piece of each says what it is."""
    made = card(text)
    keys = {row for row, _ in marks(made)}
    assert len(keys) > 1
    assert keys <= set(re.findall(r'data-row="([^"]*)"', made))
    assert made.count("answer-hidden") == len(keys)


@pytest.mark.parametrize(
    "text",
    [
        "https://ann:Xq7zW@localhost:8443/a", "see https://ann:Xq7zW@localhost:8443/a and ::1",
        "dial https://ann:Xq7zW@localhost:8443/: connection refused",
        "DATABASE_PASSWORD=Xq7zW\nconnect ECONNREFUSED 127.0.0.1:5432",
    ],
)  # fmt: skip
def test_a_password_is_never_shown(text: str) -> None:
    """Neither in the text nor in a row, a cause or a finding."""
    made = card(text)
    assert "Xq7zW" not in made
    assert pieces.HIDDEN in made


def test_steps_stand_before_causes_text_and_facts() -> None:
    """The order of the answer."""
    made = card("Error: connect ECONNREFUSED 127.0.0.1:8123")
    parts = ("head", "steps", "why", "text", "facts", "links")
    places = [made.index(f'class="answer-{part}"') for part in parts]
    assert places == sorted(places)


def test_commands_of_several_systems_can_be_chosen() -> None:
    """One step with a command a system, and a radio button for each; none is chosen yet."""
    made = card("127.0.0.1:8123")
    assert re.findall(r'data-os="(\w+)"', made) == ["linux", "macos", "windows"]
    assert re.findall(r'type="radio" name="system-0" value="(\w+)"', made) == [
        "linux", "macos", "windows",
    ]  # fmt: skip
    assert "checked" not in made
    assert made.count('class="answer-copy">Copy<') == 3


def test_two_reports_have_a_choice_each() -> None:
    """Radio buttons of one name would be one choice."""
    report = conclude(classify("127.0.0.1:8123"))
    made = html.render([report, report])
    assert {*re.findall(r'name="([^"]*)"', made)} == {"system-0", "system-1"}


@pytest.mark.parametrize(
    ("text", "system"),
    [
        ("dial tcp 127.0.0.1:81: connectex: No connection could be made because the target"
         " machine actively refused it.", "windows"),
        ("connect ECONNREFUSED 127.0.0.1:81", ""),
    ],
)  # fmt: skip
def test_the_system_that_a_message_shows_is_told(text: str, system: str) -> None:
    """Its commands are the ones that help."""
    assert re.findall(r'data-system="(\w*)"', card(text)) == [system]


@pytest.mark.parametrize(
    ("text", "unfolded"),
    [
        ("127.0.0.1:80", True),
        ("http://localhost/", True),
        ("connect ECONNREFUSED ::1:80", False),
        ("http://localhost:81 http://127.0.0.1:81", False),
        ('INFO: 127.0.0.1:50123 - "GET /a HTTP/1.1" 200 OK', False),
    ],
)
def test_the_facts_of_a_bare_address_are_unfolded(text: str, unfolded: bool) -> None:
    """They are what was asked for; beside steps, causes or another answer they are folded."""
    assert (' open=""' in card(text)) is unfolded


def test_errors_beside_the_verdict_are_named_with_their_endpoints() -> None:
    """A log with three tells of one first; the others, not that one, are a line below it."""
    made = card(
        "connect ECONNREFUSED 127.0.0.1:81\nconnect ETIMEDOUT 10.1.1.1:82\n"
        "listen EADDRINUSE: address already in use :::83"
    )
    head = made.partition("answer-steps")[0]
    assert "10.1.1.1:82 did not answer" in head
    assert "ECONNREFUSED at <code>127.0.0.1:81</code>, EADDRINUSE at <code>[::]:83</code>." in head
    assert "ETIMEDOUT" not in head


def test_an_error_of_many_endpoints_is_named_once() -> None:
    """With the first of them and their number; in the terminal too."""
    text = "\n".join(f"connect ECONNREFUSED 127.0.0.1:{port}" for port in (81, 82, 83, 82))
    head = card(text).partition("answer-steps")[0]
    assert "ECONNREFUSED at <code>127.0.0.1:82</code> and 1 more endpoint." in head
    lines = as_text(conclude(classify(text)), Style(80)).splitlines()
    assert lines[1] == "Also in the text: ECONNREFUSED at 127.0.0.1:82 and 1 more endpoint."


def test_an_endpoint_of_a_log_has_only_its_own_errors() -> None:
    """Not the most telling one of the whole text."""
    text = (
        "connect ECONNREFUSED 127.0.0.1:81\nlisten EADDRINUSE: address already in use :::83\n"
        "GET http://127.0.0.1:84/ 200"
    )
    made = card(text)
    each = re.findall(r'class="answer-endpoint">.*?<dl', made)
    assert [re.findall("E[A-Z]{5,}", one) for one in each[:3]] == [
        ["ECONNREFUSED"], ["EADDRINUSE"], [],
    ]  # fmt: skip
    terminal = as_text(conclude(classify(text)), Style(80))
    assert terminal.count("ECONNREFUSED (connect)") == 1


@pytest.mark.parametrize("text", ["", " \n", "my server does not start any more"])
def test_a_text_without_anything_to_explain_says_what_to_paste(text: str) -> None:
    """And is no success, which is green."""
    made = card(text)
    assert 'data-severity="info"' in made
    assert 'class="answer-reason">Paste ' in made
    assert as_text(conclude(classify(text)), Style(80)).splitlines()[1].startswith("Paste ")


def test_words_that_speak_for_a_cause_are_whole_and_said_once() -> None:
    """With their quotation mark; what they tell more is joined."""
    text = (
        'psql: error: connection to server at "localhost" (::1), port 5434 failed:'
        " Connection refused"
    )
    why = card(text).partition("answer-why")[2].partition("answer-text")[0]
    shown = re.findall(r"<mark[^>]*>(.*?)</mark>", why)
    assert shown
    assert all(one.count("&quot;") % 2 == 0 for one in shown)
    for cause in why.split("<li")[1:]:
        marks_of_it = re.findall(r"<mark[^>]*>(.*?)</mark>", cause)
        assert len(marks_of_it) == len({*marks_of_it})


def test_a_command_in_a_sentence_is_code() -> None:
    """Its backticks are not shown; a lone one of a text is."""
    assert "".join(map(markup.serialise, prose.prose("Run `ss -l` first."))) == (
        'Run <code>ss <span class="answer-word">-l</span></code> first.'
    )
    assert "".join(map(markup.serialise, prose.prose("a ` b"))) == "a ` b"


@pytest.mark.parametrize(
    "command",
    ["ss -ltnp", "sudo sysctl net.ipv4.ip_unprivileged_port_start=80", "curl http://localhost:1/",
     "a  b", " a", "x/" * 40],
)  # fmt: skip
def test_where_a_command_may_break_changes_nothing_of_it(command: str) -> None:
    """What is copied is the text of the element."""
    made = "".join(map(markup.serialise, prose.words(command)))
    assert "".join(Walker(made).text) == command


def test_a_finding_on_several_endpoints_is_said_once() -> None:
    """With the endpoints before it."""
    made = card("GET http://127.0.0.1:6000/a\nGET http://127.0.0.2:6000/b\n")
    assert len(re.findall(">P203<", made)) == 1
    assert "<code>127.0.0.1:6000</code> <code>127.0.0.2:6000</code> Port 6000" in made


def test_what_is_told_of_a_long_log_is_bounded() -> None:
    """A thousand endpoints: some in full, some by name, the rest counted; the text is cut."""
    log = "\n".join(f"connect 127.0.0.1:{port} refused" for port in range(2000, 3000))
    made = card(log)
    assert made.count('class="answer-endpoint"') == html.MAX_TOLD
    assert f"{1000 - html.MAX_TOLD} more endpoints" in made
    assert made.count("<li><code>") == html.MAX_LISTED
    assert f"and {1000 - html.MAX_TOLD - html.MAX_LISTED} that are not listed" in made
    assert "more characters" in made
    assert len(made) < 200_000


def test_attributes_are_escaped_too() -> None:
    """A value can not end its attribute."""
    node = markup.element("a", "x", href="\"'<>&", class_="c", data_x="1")
    assert markup.serialise(node) == (
        '<a href="&quot;&#39;&lt;&gt;&amp;" class="c" data-x="1">x</a>'
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("connect ECONNREFUSED 127.0.0.1:8080", True),
        ("http://localhost:3000 http://127.0.0.1:3000", True),
        ("127.0.0.1:8080", False),
    ],
)
def test_a_notice_beside_another_answer_is_a_fact(text: str, beside: bool) -> None:
    """What several programs use is no news where an error is explained."""
    made = card(text)
    assert "P208" in made
    assert ("P208" in made.partition("answer-facts")[2].partition("</details>")[0]) is beside


def test_a_command_of_this_program_says_where_to_get_it() -> None:
    """A visitor of the page need not have it; other commands are there already."""
    made = card("connect ECONNREFUSED 127.0.0.1:8123")
    steps = made.partition("answer-advice")[2].partition("</ol>")[0].split("<li")[1:]
    linked = [('href="site:reference/cli/#get"' in step) for step in steps]
    assert linked == [("python3 <" in step) for step in steps]
    assert any(linked)


def test_a_pasted_report_names_its_machine() -> None:
    """A reader sits at another one; a text that no machine was asked about names none."""
    machine = Asked("build-7", "2026-11-29T20:00:00Z", "macos")
    shown = html.render((conclude(classify("127.0.0.1:62893"), asked=machine),))
    assert "<dt>Asked</dt>" in shown
    assert "<code>build-7</code> macOS, 2026-11-29 20:00:00Z" in shown
    assert "<dt>Asked</dt>" not in html.render((conclude(classify("127.0.0.1:62893")),))
