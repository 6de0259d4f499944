"""Which steps are shown to a reader of a system."""

from __future__ import annotations

import pytest

from checks.report import conclude, selection
from checks.text import classify


def commands(text: str, system: str | None) -> list[str]:
    """The commands of the first two steps of a text, with their systems."""
    steps = selection.steps(conclude(classify(text)), system)[:2]
    return [f"{fix.os}: {fix.command}" for step in steps for fix in step]


@pytest.mark.parametrize("system", ["linux", "macos", "windows", None])
def test_a_step_of_one_system_is_shown_to_everyone(system: str | None) -> None:
    """A message of Windows is explained on Linux too."""
    shown = commands("Error: listen EACCES: permission denied 127.0.0.1:50057", system)
    assert shown[0] == "windows: netsh int ipv4 show excludedportrange protocol=tcp"


def test_of_several_systems_the_readers_is_shown() -> None:
    """A command for each system is one step, of which the reader sees one."""
    text = "Error: listen EADDRINUSE: address already in use :::4100"
    assert commands(text, "linux")[0] == "linux: ss -ltnp 'sport = :4100'"
    assert commands(text, "macos")[0] == "macos: sudo lsof -nP -iTCP:4100 -sTCP:LISTEN"
    assert len(commands(text, None)) == len(commands(text, "linux")) + 2


def test_the_system_that_the_text_shows_comes_before_the_readers() -> None:
    """By a path, by a number of its own, by the tool of a table; whatever the steps' order is."""
    path = (
        "listening on 4100\nError: connect ECONNREFUSED 127.0.0.1:4100\n    at /home/ann/app.js:5"
    )
    number = "ConnectionRefusedError: [WinError 10061] 127.0.0.1:4100"
    table = "  TCP    127.0.0.1:4100    0.0.0.0:0    LISTENING    4242"
    assert [conclude(classify(text)).system for text in (path, number, table)] == [
        "linux", "windows", "windows",
    ]  # fmt: skip
    assert commands(path, "macos") == commands(path, "linux")
    assert commands(number, "macos") == commands(number, "windows")


def test_a_step_of_one_system_shows_no_system() -> None:
    """The order of the commands is no sign: this text names none."""
    assert (
        conclude(classify("Error: listen EACCES: permission denied 127.0.0.1:50057")).system is None
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("127.0.0.1:8123", True), ("0.0.0.0:8123", True), ("[::]:8080", True), (":8123", True),
        ("192.168.7.20:8080", True), ("9.9.9.9:8080", False), ("9.9.9.9:53", False),
        ("host.docker.internal:3000", False), ("db.example.com:5432", False),
    ],
)  # fmt: skip
def test_only_a_port_that_may_be_here_is_looked_for_here(text: str, shown: bool) -> None:
    """This machine's socket table tells nothing of another machine."""
    found = [fix.command for fix in conclude(classify(text)).steps]
    assert any("ss -ltnp" in (command or "") for command in found) is shown
