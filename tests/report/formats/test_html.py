"""The card: well-formed, the same words as the terminal, and no markup from input."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from checks import classify
from checks.findings import CATALOGUE
from checks.report import conclude
from checks.report.formats import html
from checks.report.formats.text import render as as_text
from checks.report.style import Style

TAGS = {"a", "code", "dd", "div", "dl", "dt", "li", "mark", "p", "pre", "span", "ul"}
ATTRIBUTES = {"class", "data-severity", "href", "tabindex", "title"}
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
        """Note the element; it is open now."""
        self.tags.append(tag)
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
            assert re.fullmatch(r"site:reference/findings/[a-z0-9-]+/", value)
    shown = "".join(walked.text)
    assert not re.search(
        r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown
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


def test_a_log_is_shown_with_its_endpoints_marked() -> None:
    """Each span of the text is marked, line breaks stay, and what is no endpoint is not."""
    made = card("a 127.0.0.1:80 b\nc [::1]:81 <d>\n")
    assert re.search(
        r"a <mark>127\.0\.0\.1:80</mark> b\nc <mark>\[::1\]:81</mark> &lt;d&gt;\n", made
    )
    assert "<pre" not in card("127.0.0.1:80")


def test_what_is_told_of_a_long_log_is_bounded() -> None:
    """A thousand endpoints: some in full, the rest counted; the text is cut, and says so."""
    log = "\n".join(f"connect 127.0.0.1:{port} refused" for port in range(2000, 3000))
    made = card(log)
    assert made.count('class="answer-endpoint"') == html.MAX_TOLD
    assert f"and {1000 - html.MAX_TOLD} more endpoints" in made
    assert "more characters" in made
    assert len(made) < 200_000


def test_attributes_are_escaped_too() -> None:
    """A value can not end its attribute."""
    node = html.element("a", "x", href="\"'<>&", class_="c", data_x="1")
    assert html.serialise(node) == (
        '<a href="&quot;&#39;&lt;&gt;&amp;" class="c" data-x="1">x</a>'
    )  # fmt: skip
