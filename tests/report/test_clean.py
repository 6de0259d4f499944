"""Text from outside: what is shown of it, and what never gets through."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from checks.report.clean import line


@given(st.text(st.characters(codec=None)))
def test_no_control_gets_through(text: str) -> None:
    """Of no text a control, format, surrogate or separator character is left."""
    forbidden = {"Cc", "Cs", "Zl", "Zp"}
    assert not [c for c in line(text, 10_000) if unicodedata.category(c) in forbidden]


def test_every_bidi_control_is_shown_as_its_escape() -> None:
    """Each character with the property Bidi_Control becomes visible."""
    for code in (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)):
        assert line(f"a{chr(code)}b") == f"a\\u{code:04x}b"


def test_ordinary_text_is_left_alone() -> None:
    """Letters of any script, punctuation and emoji are shown as they are."""
    for text in ("127.0.0.1:62893", "bücher · 例え", "➜ Local", "👍"):
        assert line(text) == text


def test_escapes_and_newlines_are_visible() -> None:
    """Nothing is hidden: what was there can be read."""
    assert line("\x1b[31m\r\n\t\x00\x9b") == "\\x1b[31m\\r\\n\\t\\x00\\x9b"


def test_a_long_text_is_cut_and_counted() -> None:
    """The rest is told as a number."""
    assert line("x" * 1000, 10) == "x" * 10 + "… (990 more characters)"
