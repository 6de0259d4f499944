"""What is printed can be read in a pipe of any encoding: our marks are replaced, and no more."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from contextlib import suppress

import pytest

from checks import cli
from checks.cli import program

ENCODINGS = ("ascii", "cp1252", "cp932", "cp850", "latin-1", "utf-8")
COMMANDS = (
    ["--help"],
    ["classify", "127.0.0.1:9"],
    ["explain"],
    ["explain", "C302"],
    ["listen", "--help"],
    ["free", "--help"],
)

Printed = Callable[..., bytes]


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., bytes]:
    """What a command writes to a stream of an encoding that is no terminal."""

    def run(arguments: list[str], encoding: str, system: str = "linux") -> bytes:
        written = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding=encoding))
        monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
        monkeypatch.setattr(program, "system", lambda: system)
        with suppress(SystemExit):  # that is how help ends
            cli.main(arguments)
        sys.stdout.flush()
        return written.getvalue()

    return run


@pytest.mark.parametrize("system", ["linux", "windows"])
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_every_encoding_takes_every_answer(
    arguments: list[str], encoding: str, system: str, printed: Printed
) -> None:
    """Nothing is an exception, and nothing of our own is an escape."""
    text = printed(arguments, encoding, system).decode(encoding)
    assert text
    assert "\\x" not in text
    assert "\\u" not in text


def test_marks_are_put_into_words(printed: Printed) -> None:
    """A section is called so, a dot between two things is a dash."""
    text = printed(["classify", "127.0.0.1:9"], "ascii").decode("ascii")
    assert "RFC 1122 section 3.2.1.3" in text
    assert "exit codes: 0 nothing wrong - 1 a finding" in printed(["--help"], "cp932").decode()


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "cp932"])
def test_a_pipe_of_windows_is_ascii_but_for_what_comes_from_outside(
    encoding: str, printed: Printed
) -> None:
    """It is read with another code page than it was written with; names keep their letters."""
    assert printed(["classify", "127.0.0.1:9"], encoding, "windows").isascii()
    name = {"cp932": "ド"}.get(encoding, "ü")
    written = printed(["classify", f"{name}.example:80"], encoding, "windows")
    assert name.encode(encoding) in written


def test_what_an_encoding_lacks_of_a_text_is_escaped(printed: Printed) -> None:
    """A letter that looks like another one is never written as that one."""
    for system in ("linux", "windows"):
        written = printed(["classify", "а.example:80"], "cp1252", system)  # a Cyrillic letter
        assert b"\\u0430.example" in written


@pytest.mark.parametrize("system", ["linux", "windows"])
def test_a_document_that_says_utf_8_is_utf_8(system: str, printed: Printed) -> None:
    """JUnit's XML names the encoding in its first line."""
    written = printed(["--format", "junit", "--no-identify", "ü.invalid:80"], "cp1252", system)
    assert written.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    assert "ü.invalid" in written.decode("utf-8")
