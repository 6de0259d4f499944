"""Every page is in plain English: no words that make a reader stop, no sentence that is too long.

Readers are often not native speakers, in a hurry, and looking at an error.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from bs4 import BeautifulSoup, Tag
from site_build import Page, Site

MOST_WORDS = 32
"""Words of a sentence; most have fewer than 25."""

DROPPED = re.compile(
    r"""
    \b(?:nobody|somebody|whoever|everybody|shall|kin|one's|neighbours?)\b
  | \bmend(?:s|ed|ing)?\b | \bknock(?:s|ed|ing)?\b | \bwitness(?:es|ed)?\b
  | \bof\ (?:its|his|their)\ own\b(?!\ (?:address|machine|port|host|name|sockets))
  | \bon\ (?:its|their)\ own(?=[.,;:)]|$|\ and\ )
  | \ball\ the\ same\b | \bnext\ door\b | \bthrows?\ dice\b | \bdissected\b
  | \blies?\ in\b | \bstands?\ (?:in|on|at|there|above|below|here|for\ itself)\b
  | \b(?:give|gives|gave|ask|asks|asked)\ (?:for\ )?leave\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Words of an older or an idiomatic English, each of which has a plain one."""

_OTHERS = "reference/services/"
"""Pages whose words are those of a registry."""
_BLOCKS = ("p", "li", "td", "th", "dt", "dd", "h1", "h2", "h3", "h4", "figcaption", "text")
_NOT_PROSE = ("pre", "script", "style", "svg", "nav", "textarea", "button", "form")
_ENDS = re.compile(r"(?<=[.!?])[\"')]*\s+|(?<=[:;])\s+|\s+[–—]\s+")
_VALUES = re.compile(r"CODE(?: \([^)]*\))?(?:,| or| and) (?=CODE)")
"""A value of a list of values, which is read as an item of a list."""
_WORD = re.compile(r"[\w'’./-]*\w")
_QUOTED = re.compile(r"[\"“][^\"”]*[\"”]")


class Block(NamedTuple):
    """A paragraph, an item of a list, a cell or a heading."""

    page: str
    text: str


def blocks(page: Page) -> Iterator[Block]:
    """What a page says, without code, and without the titles of its sources."""
    article = BeautifulSoup(page.text, "html.parser").find("article")
    if not isinstance(article, Tag):
        return
    for heading in article.find_all(["h2", "h3"], id=re.compile(r"^sources(_\d+)?$")):
        for part in list(heading.find_next_siblings()):
            if part.name == "h2":
                break
            part.decompose()
    for part in article.find_all(_NOT_PROSE):
        part.decompose()
    for code in article.find_all(["code", "kbd", "samp"]):
        code.replace_with("CODE")
    for part in article.find_all(_BLOCKS):
        inside = list(part.find_all(_BLOCKS))
        for one in inside:
            one.extract()
        yield Block(page.address, " ".join(part.get_text().split()))


def sentences(text: str) -> list[str]:
    """The sentences of a block; what follows a colon counts as one of its own."""
    return [one for one in _ENDS.split(_VALUES.sub("", text)) if one]


@pytest.fixture(scope="module")
def prose(site: Site) -> list[Block]:
    """The whole site; a block that pages share is there once."""
    own = [page for page in site.pages if not page.address.startswith(_OTHERS)]
    found = {block.text: block for page in own for block in blocks(page)}
    return list(found.values())


def test_no_word_makes_a_reader_stop(prose: list[Block]) -> None:
    """What is quoted, such as a claim of others or a message, keeps its words."""
    found = [
        f"{page or 'home'}: {match[0]!r} in: {text[max(0, match.start() - 50) : match.end() + 50]}"
        for page, text in prose
        for match in DROPPED.finditer(_QUOTED.sub("QUOTED", text))
    ]
    assert found == [], "\n".join(found)


def test_no_sentence_is_too_long(prose: list[Block]) -> None:
    """One idea each."""
    found = [
        f"{page or 'home'}: {len(_WORD.findall(sentence))} words: {sentence}"
        for page, text in prose
        for sentence in sentences(text)
        if len(_WORD.findall(sentence)) > MOST_WORDS
    ]
    assert found == [], "\n".join(found)


def test_there_is_prose_to_read(prose: list[Block]) -> None:
    """The reading itself works, so that the two above can fail."""
    counted = Counter(page.partition("/")[0] for page, _ in prose)
    assert all(counted[part] > 50 for part in ("loopback", "ports", "uses", "security"))
    assert DROPPED.search("nothing of it stands there, and nobody knows")
    assert len(sentences("One idea. Two ideas; three: four")) == 4
