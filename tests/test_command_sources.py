"""Every command of a step has a place that describes it, and its system's shell reads it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from command_sources import SOURCES
from written_commands import UNKNOWN, simple, written

from checks import causes
from checks.text import classify

TEXTS = Path(__file__).parent / "causes" / "texts"
WRITTEN = tuple(written())
FORMS = [form for _, _, forms in SOURCES for form in forms]

OF_THE_TEXT = {
    "findings/overview/todo.py", "findings/owners.py", "findings/supervisors.py",
    "findings/connection/unix.py",
    "findings/connection/unix_socket_accepts.py",
}  # fmt: skip
"""Where the command is the reader's own, or comes from a function that is read by itself."""


def is_known_at_run_time(form: str, where: str) -> bool:
    """Whether nothing of a form is written, at one of the places where that is right."""
    return set(form) <= set(UNKNOWN) and where.split(":")[0] in OF_THE_TEXT


def form_of(command: str) -> re.Pattern[str]:
    """The pattern of a form: any value in place of ``{}``."""
    return re.compile(".+".join(map(re.escape, command.split(UNKNOWN))))


def test_every_form_has_its_source() -> None:
    """No step calls a program in a way that nobody has looked up."""
    missing = {
        form: where
        for _, line, where in WRITTEN
        for form in simple(line)
        if form not in FORMS and not is_known_at_run_time(form, where)
    }
    assert missing == {}


def test_no_source_is_left_over() -> None:
    """A form that no step has any more goes out, and none is told twice."""
    used = {form for _, line, _ in WRITTEN for form in simple(line)}
    assert [form for form in FORMS if form not in used] == []
    assert sorted(FORMS) == sorted(set(FORMS))


@pytest.mark.parametrize(("place", "says"), [row[:2] for row in SOURCES])
def test_a_source_is_a_place(place: str, says: str) -> None:
    """A repository with a path, a page, a manual page, or a part of a standard."""
    kinds = (
        r"[\w.-]+/[\w.-]+ [\w./-]+.*", r"https://\S+", r"[\w.-]+\(\d\).*",
        r"proc_sys_net\(5\).*", r"Python, .*", r"POSIX.*", r"this program, .*",
    )  # fmt: skip
    assert any(re.fullmatch(kind, place) for kind in kinds)
    assert says


def test_the_texts_show_no_command_without_its_source() -> None:
    """What the causes of the texts print is of these forms, with the values put in."""
    patterns = [form_of(form) for form in FORMS]
    shown = set()
    for table in sorted(TEXTS.glob("*.txt")):
        for text in re.split(r"^=[=/]= \S+\n", table.read_text(encoding="utf-8"), flags=re.M)[1:]:
            for cause in causes.explain(classify(text)):
                shown |= {step.command for step in cause.steps if step.command}
    assert len(shown) > 100
    parts = {part for command in shown for part in simple(command)}
    assert [one for one in sorted(parts) if not any(p.fullmatch(one) for p in patterns)] == []


def test_windows_reads_its_commands() -> None:
    """PowerShell 5.1 has no ``&&``, and its ``curl`` is another program."""
    for system, line, where in WRITTEN:
        if system == "windows":
            assert "&&" not in line, where
            assert not re.search(r"\bcurl\b(?!\.exe)|/dev/null|\bsudo\b", line), where


def test_every_shell_reads_a_command_for_every_system() -> None:
    """A command without a system has nothing that one shell reads otherwise than another."""
    for system, line, where in WRITTEN:
        if system is None:
            assert not re.search(r"&&|;|\$\(|/dev/null|%\w+%|'|^curl\b", line), (line, where)
