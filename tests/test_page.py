"""What the page asks: the same answers as the command line, and a command that is safe to paste."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks import page

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("text", ["127.0.0.1:62893", "Error: connect ECONNREFUSED ::1:5432", ""])
def test_the_document_is_what_the_command_line_prints(text: str) -> None:
    """Byte for byte."""
    ran = subprocess.run(
        [sys.executable, "-m", "checks", "classify", "--json", text],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert page.document(text) + "\n" == ran.stdout


@given(st.text(max_size=80))
def test_anything_is_answered(text: str) -> None:
    """One element, whatever is pasted."""
    made = page.answer(text)
    assert made.startswith('<div class="answer">')
    assert made.endswith("</div>")


@given(st.text(min_size=1, max_size=80))
def test_the_command_is_one_line_and_quoted_as_a_shell_reads_it(text: str) -> None:
    """Nothing of the text is special to a shell."""
    line = page.command(text)
    assert line.isprintable()
    words = shlex.split(line)
    assert words[:3] == ["python3", "-m", "checks"]
    if text.strip().isprintable() and text.strip():
        assert words[-1] == text.strip()


def test_of_a_log_the_command_asks_its_endpoints() -> None:
    """A paste of several lines is no argument; what it names is."""
    assert page.command("a\nconnect 127.0.0.1:80 failed\nat [::1]:81") == (
        "python3 -m checks 127.0.0.1:80 '[::1]:81'"
    )


def test_an_option_is_no_target() -> None:
    """What begins with a hyphen is kept from being read as an option."""
    assert page.command("--help") == "python3 -m checks -- --help"


def test_nothing_gives_the_example() -> None:
    """The command is never without a target."""
    assert page.command(" \n") == "python3 -m checks 127.0.0.1:62893"
