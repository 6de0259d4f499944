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


IN_USE = (
    "Ports are not available: listen tcp 0.0.0.0:5910: bind: An attempt was made to access a"
    " socket in a way forbidden by its access permissions.",
    "Error: listen EADDRINUSE: address already in use 127.0.0.1:4711",
    "[error] could not bind 0.0.0.0:6060: Address already in use (os error 48)",
    "OSError: [Errno 98] Address already in use",
    "nginx: [emerg] bind() to 0.0.0.0:1080 failed (98: Address already in use)",
    "ERROR 2002 (HY000): Can't connect to local MySQL server through socket '/tmp/mysql.sock' (2)",
    "requests.exceptions.ConnectionError: [Errno 61] Connection refused: localhost:9200",
    "PermissionError: [Errno 13] Permission denied: bind 0.0.0.0:443",
)


@pytest.mark.parametrize("text", IN_USE)
def test_no_command_is_told_twice(text: str) -> None:
    """Two causes lead to one command; the second step is another thing to do."""
    steps = selection.steps(conclude(classify(text)))
    shown = [fix.command for step in steps for fix in step if fix.command]
    assert len(steps) == 3
    assert len(shown) == len(set(shown))
    said = " ".join(step[0].text for step in steps)
    assert not any(f"`{command}`" in said for command in shown)


def test_a_step_keeps_its_own_systems() -> None:
    """What macOS has no command for is told in words there, not by the next step's command."""
    text = "requests.exceptions.ConnectionError: [Errno 61] Connection refused: localhost:9200"
    shown = selection.steps(conclude(classify(text)), "macos")
    assert [step[0].command for step in shown[1:]] == [None, "sudo lsof -nP -iTCP -sTCP:LISTEN"]
    assert "start it" in shown[1][0].text


def test_a_step_of_one_system_takes_no_command_of_the_next() -> None:
    """A program is allowed by setcap on Linux; the ranges of Windows are another step."""
    text = "PermissionError: [Errno 13] Permission denied: bind 0.0.0.0:443"
    for step in selection.steps(conclude(classify(text))):
        assert len({fix.text for fix in step}) == 1
