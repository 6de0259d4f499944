"""Patterns that are compiled when they are needed, and what one needs."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.model.patterns import Sought, lazy, needed
from checks.text.banners import reader
from checks.text.banners.rows import ROWS as BANNERS
from checks.text.errors.table import PATTERNS
from checks.text.families import Family
from checks.text.marks import ROWS
from checks.text.settings import FAMILIES as SETTINGS
from checks.text.tables import FAMILIES as TABLES

NEEDED = {
    "abc": ("abc",),
    "ab?c": ("a",),
    "ab*cde": ("cde",),
    "ab+": ("ab",),
    "ab{2}c": ("a",),
    "one|two": ("one", "two"),
    "one|[a-z]": (),
    "x(?:one|two)y": ("one", "two"),
    "(?:one)?two": ("two",),
    "(?:one|two){0,3}x": ("x",),
    "(?P<name>one|two) ": ("one", "two"),
    "(?!no)yes": ("yes",),
    "(?i)yes": (),
    "(?a)yes": ("yes",),
    "(?i:yes)x": ("x",),
    r"\bone\.two\d": ("one.two",),
    r"[\]a]one[^]b]": ("one",),
    "a\\x2db": ("a-b",),
    "(?:a|b(?:cd|ef))g": ("a", "cd", "ef"),
    "": (),
}


@pytest.mark.parametrize(("pattern", "strings"), NEEDED.items())
def test_what_a_pattern_needs(pattern: str, strings: tuple[str, ...]) -> None:
    """By hand, a kind of piece at a time."""
    assert needed(pattern) == strings


PIECES = st.sampled_from(
    ["a", "b", "ab", "c", ".", "[ab]", r"\d", r"\.", "a?", "b*", "c+", "a{2}", "b{0,2}", "(?:", ")",
     "|", "(?:a|bc)", "(?:ab)?", "(?P<x>c)", "(?=a)", "(?!b)", "^", "$", r"\b", "a*?"],
)  # fmt: skip


@given(st.lists(PIECES, max_size=8).map("".join), st.text("abc. 1", max_size=12))
def test_no_match_is_lost(pattern: str, text: str) -> None:
    """With patterns and texts of the same few pieces."""
    try:
        compiled = re.compile(pattern, re.ASCII | re.MULTILINE)
    except re.error:
        return
    found = compiled.search(text)
    sought = Sought(pattern).search(text)
    assert (found and found.span()) == (sought and sought.span())


def test_every_pattern_of_the_tables_is_understood() -> None:
    """Each is parsed, and most tell something."""
    families: tuple[Family, ...] = (*SETTINGS, *TABLES)
    rows = [reader._pattern(number)._pattern for number in range(len(BANNERS))]
    rows += [row[2] for row in ROWS] + [pattern for _, pattern, _ in PATTERNS]
    rows += [family.pattern for family in families]
    untold = sum(not needed(row) for row in rows if row)
    assert untold < len(rows) / 5


def test_a_lazy_pattern_is_as_compiled() -> None:
    """Every method that it has."""
    pattern = lazy(r"(?P<word>[a-z]{2,4})")
    match = pattern.search("12 abcdef")
    assert match is not None
    assert match["word"] == "abcd"
    assert [one.group() for one in pattern.finditer("ab cd")] == ["ab", "cd"]
    assert pattern.fullmatch("abc")
    assert pattern.sub("x", "ab 1") == "x 1"
    assert pattern.match("1") is None
