"""The rows of a report: a value and what is said of it are two fields, whatever they hold."""

from __future__ import annotations

import re

import pytest
from findings.records import PYTHON, attempt, listener, probe
from hypothesis import given
from hypothesis import strategies as st

from checks import classify
from checks.model.evidence import Owner
from checks.report import Report, conclude, rows
from checks.report.formats import html, text
from checks.report.row import owner_text
from checks.report.style import Style

COMMAND = "sh -c 'run  it'"
"""A command line with two spaces, as ps shows it."""


def report(command: str) -> Report:
    """A server of this machine that was started with the command line."""
    owner = PYTHON._replace(command=command)
    evidence = probe(attempt("accepted"), listeners=(listener("127.0.0.1", owner, port=8080),))
    return conclude(classify("127.0.0.1:8080"), {0: evidence})


def test_a_command_line_with_two_spaces_is_one_text() -> None:
    """In the card it stands whole, and no part of the row is marked as code."""
    made = html.render([report(COMMAND)])
    (row,) = re.findall("<dd>([^/]*pid [^/]*)</dd>", made)
    assert row.endswith("sh -c &#39;run  it&#39;")
    assert "<code>" not in row


def test_the_terminal_shows_both_spaces() -> None:
    """The line can be compared with that of ps."""
    assert COMMAND in text.render(report(COMMAND), Style(100))


@given(st.text("ab -'", min_size=1, max_size=40))
def test_what_is_code_hangs_on_the_field_alone(command: str) -> None:
    """No text of another program decides how a row is drawn."""
    codes = [re.findall("<code>[^<]*</code>", html.render([report(c)])) for c in ("x", command)]
    assert codes[0] == codes[1]


def test_a_row_has_a_value_or_a_note() -> None:
    """Of each row something is shown."""
    made = report(COMMAND)
    (endpoint,) = made.classification.endpoints
    for row in rows.of_endpoint(endpoint, made.probes[0]):
        assert row.value or row.note


def test_of_many_workers_and_sockets_the_first_are_shown() -> None:
    """The parent and what was asked come first, and what is left out is counted."""
    owners = [PYTHON._replace(pid=pid, main=pid == 60) for pid in range(50, 70)]
    shared = tuple(listener("127.0.0.1", PYTHON._replace(pid=pid)) for pid in range(100, 164))
    row = listener("127.0.0.9", *owners)
    evidence = probe(attempt("accepted", "127.0.0.9"), listeners=(*shared, row))
    (endpoint,) = classify(f"127.0.0.9:{row.port}").endpoints
    notes = [each.note for each in rows.of_endpoint(endpoint, evidence)]
    start = notes.index(f"tcp 127.0.0.9:{row.port}")
    assert "(pid 60), the parent of the others" in notes[start + 1]
    assert notes[start + 5] == "and 16 more processes"
    assert sum(note.startswith("tcp 127.0.0.") for note in notes) == 8
    assert "and 57 more on this port" in notes


def test_the_programs_of_a_port_are_one_row() -> None:
    """With how many more there are left out."""
    found = [row.note for row in rows.of_endpoint(classify("127.0.0.1:8080").endpoints[0], None)]
    often = [note for note in found if note.startswith("often ")]
    assert len(often) == 1
    assert often[0].endswith(" and others")


@pytest.mark.parametrize(
    ("owner", "words"),
    [
        (PYTHON._replace(state="stopped"), ", stopped"),
        (PYTHON._replace(state="\x1b[31m"), ""),
        (
            PYTHON._replace(descriptors=16, descriptor_limit=16),
            ", 16 of 16 file descriptors in use",
        ),
        (PYTHON._replace(descriptors=15, descriptor_limit=16), ""),
        (PYTHON._replace(program_was="replaced"), ", program file replaced"),
        (PYTHON._replace(directory_was="deleted"), ", working directory deleted"),
    ],
)
def test_a_process_is_named_with_what_is_wrong_with_it(owner: Owner, words: str) -> None:
    """And with nothing that only a pasted report has."""
    plain = owner_text(PYTHON)
    began = plain.index(": python3 -m")
    assert owner_text(owner) == f"{plain[:began]}{words}{plain[began:]}"
