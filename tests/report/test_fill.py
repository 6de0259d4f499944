"""Lines are filled, and nothing of the text is lost."""

from __future__ import annotations

import textwrap

from hypothesis import given
from hypothesis import strategies as st

from checks.report.style import fill

WORDS = st.lists(st.text("abcdefgh:.-", min_size=1, max_size=20), min_size=1, max_size=40)


@given(WORDS, st.integers(24, 100))
def test_it_breaks_where_textwrap_does(words: list[str], width: int) -> None:
    """Where no word is longer than a line the result is that of textwrap."""
    text = " ".join(words)
    expected = textwrap.wrap(
        text, width, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False
    )
    assert fill(text, width, "- ", "  ") == expected


@given(WORDS, st.integers(12, 40))
def test_no_line_is_too_long_and_no_character_lost(words: list[str], width: int) -> None:
    """Also where words have to be broken."""
    lines = fill(" ".join(words), width)
    assert max(map(len, lines)) <= width
    assert "".join(lines).replace(" ", "") == "".join(words)


def test_an_empty_text_is_one_line() -> None:
    """A row without text still has its label's line."""
    assert fill("", 80) == [""]
