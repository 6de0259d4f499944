"""A whole paste: nothing, a list, and what each kind of paste loads."""

from __future__ import annotations

import subprocess
import sys

import pytest

from checks import classify


@pytest.mark.parametrize("text", ["", " ", "\t\n", "\ufeff", '""'])
def test_nothing_is_empty(text: str) -> None:
    """White space alone, or quotes around nothing, is the kind *empty*."""
    assert classify(text).kind in ("empty", "text")
    assert classify(text).endpoints == ()


class TestList:
    """A column of words, one a line."""

    def test_each_line_is_read_as_if_alone(self) -> None:
        """Bare ports and odd spellings too, each with its place in the whole text."""
        text = " 62893\n\n0x7f.1\n'[::1]:80'\n"
        found = classify(text)
        assert found.kind == "text"
        assert [text[slice(*each.span)] for each in found.endpoints] == [
            "62893",
            "0x7f.1",
            "[::1]:80",
        ]

    def test_any_other_line_makes_it_running_text(self) -> None:
        """Where a bare number is a number."""
        assert [each.text for each in classify("62893\nhello 127.0.0.1:80").endpoints] == [
            "127.0.0.1:80"
        ]
        assert classify("62893\nhello").endpoints == ()


DOORS = {
    "text.paste", "text.errors", "text.prose", "address.whatwg", "address.names", "address.uts46",
    "ports.services", "ports.uses",
}  # fmt: skip
"""What loads where it is needed, and costs milliseconds."""


@pytest.mark.parametrize(
    ("text", "opened"),
    [
        ("127.0.0.1", set()),
        ("127.0.0.1:62893", {"text.paste"}),
        ("http://[::1]:80/", {"text.paste"}),
        ("0x7f.1", {"text.paste", "address.whatwg"}),
        ("localhost:80", {"text.paste", "address.whatwg", "address.names"}),
        ("localhost", {"text.paste", "address.whatwg", "address.names", "text.errors"}),
        ("refused", {"text.paste", "address.whatwg", "address.names", "text.errors"}),
        ("at 127.0.0.1:80", {"text.paste", "text.errors", "text.prose"}),
    ],
)
def test_a_paste_loads_what_it_needs(text: str, opened: set[str]) -> None:
    """A stream of plain addresses does not pay for URLs, names, errors and logs."""
    code = "import sys; from checks import classify; classify(sys.argv[1]); print(*sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code, text], capture_output=True, text=True, check=True
    )
    assert {door for door in DOORS if f"checks.{door}" in result.stdout.split()} == opened
