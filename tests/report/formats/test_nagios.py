"""--format nagios: one line, and an exit code that is the plugin's."""

from __future__ import annotations

import re

import pytest
import situations as real
from cli.terminal import run
from report.formats.cases import NASTY, case, entry, listing

from checks.report.formats import nagios
from checks.report.style import Style


@pytest.mark.machine
@pytest.mark.parametrize(
    ("bound", "code", "word"), [("127.0.0.1", 0, "OK"), ("0.0.0.0", 1, "WARNING")]
)
def test_the_state_of_a_listener(bound: str, code: int, word: str) -> None:
    """OK on loopback, WARNING where it is open to others; for both commands."""
    with real.listening(bound) as port:
        diagnosis = run("--format", "nagios", f"127.0.0.1:{port}")
        listed = run("listen", "--port", str(port), "--format", "nagios")
    for found in (diagnosis, listed):
        assert found.returncode == code
        assert found.stdout.startswith(f"CHECKS {word} - ")
        assert found.stdout.count("\n") == 1
    assert re.search(rf" \| '127\.0\.0\.1 {port}'=[0-9.]+ms\n$", diagnosis.stdout)
    assert listed.stdout.endswith(f"listeners=1 exposed={code}\n")


@pytest.mark.machine
@pytest.mark.parametrize(
    ("targets", "code", "word"),
    [
        (["127.0.0.1:{port}"], 2, "CRITICAL"),
        (["hello world"], 3, "UNKNOWN"),
        (["hello world", "127.0.0.1:{port}"], 2, "CRITICAL"),
    ],
)
def test_the_worst_counts_and_comes_first(targets: list[str], code: int, word: str) -> None:
    """CRITICAL before UNKNOWN before WARNING."""
    port = real.free_port()
    found = run("--format", "nagios", *(target.format(port=port) for target in targets))
    assert (found.returncode, found.stderr) == (code, "")
    assert found.stdout.startswith(f"CHECKS {word} - ")


def test_nothing_from_outside_breaks_it() -> None:
    """One line, one bar: the first would end the text."""
    made = (
        nagios.diagnosis([case(NASTY)], Style()),
        nagios.listeners(listing(entry(NASTY)), Style()),
    )
    for text, _ in made:
        assert text.count("\n") == 1
        assert text.count("|") <= 1
        assert "\x1b" not in text
