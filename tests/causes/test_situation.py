"""What is sought in a text is found, whichever way is the quicker one."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from checks.causes.misled import misled
from checks.causes.situation import Situation
from checks.text import classify
from checks.text.errors import ErrorMessage

PATTERNS = (
    r"\bhmr\b|websocket|lost socket", "socket|sock", r"\bsock\b", r"sock(?:et)?\b", r"hm.|x",
    r"\b10055\b|of buffers", r"(?:hmr)|lost",
)  # fmt: skip
PIECES = (
    "hmr", "socket", "web", "lost ", " ", "sock", "10055", "1", "of ", "buffers", "hm", "x", "\n",
)  # fmt: skip


def situation(text: str) -> Situation:
    """A text as the rules look at it, without an error."""
    none = ErrorMessage("", {}, "", "", (0, 0), ())
    return Situation(classify(text), none, {}, text.lower(), {})


@example("hmr", r"hm.|x")
@example("web socket", r"\bhmr\b|websocket|lost socket")
@example("of buffers", r"\b10055\b|of buffers")
@given(st.lists(st.sampled_from(PIECES)).map("".join), st.sampled_from(PATTERNS))
def test_words_are_what_the_pattern_finds(text: str, pattern: str) -> None:
    """A choice of plain words is looked for by its words; the pattern decides all the same."""
    match = re.search(pattern, text, re.ASCII | re.MULTILINE)
    found = situation(text).words(pattern, "it says so")
    expected = None if match is None else match.group().strip()
    assert (found.text if found else None) == expected


def test_a_search_is_made_once_for_all_errors_of_a_text() -> None:
    """The errors share what was found; another search has a place of its own."""
    looked = []

    def find(low: str) -> list[re.Match[str]]:
        looked.append(low)
        return [*re.finditer("a", low)]

    one = situation("a b A")
    other = one._replace(port=80)
    assert len(one.once("a", find)) == 2
    assert other.once("a", find) == one.once("a", find)
    assert looked == ["a b a"]
    assert len(other.once("b", find)) == 2
    assert len(looked) == 2


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("cannot reach shop.example/127.0.0.1 at 8081", "shop.example"),
        ('server at "cache.example" (127.0.0.1), port 6380 failed', "cache.example"),
        ("Connecting to cache.example|127.0.0.1|:8080... failed", "cache.example"),
        ("Connecting to cache.example (cache.example)|127.0.0.1|:8080", "cache.example"),
        ("cannot reach localhost/10.4.0.9 at 8081", "localhost"),
        ("cannot reach shop.example/10.4.0.9 at 8081", None),
        ("GET /items/12 of 127.0.0.1", None),
    ],
)
def test_a_name_that_led_elsewhere_is_seen_by_its_address(text: str, name: str | None) -> None:
    """After a slash, a bracket or a bar; a path of numbers is no address."""
    found = misled(situation(text))
    assert (found.name if found else None) == name
