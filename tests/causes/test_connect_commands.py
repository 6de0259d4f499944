"""The commands of a connection's steps, run where Linux can."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from needs import need, need_linux

from checks import causes
from checks.causes import clients, elsewhere, forwarding, loopback, resolve
from checks.causes import connect as connections
from checks.text import classify

TABLES = Path(__file__).parent / "texts"
KINDS = ("connect", "loopback", "elsewhere", "forwarding", "resolve", "clients")
KEYS = {
    rule.key
    for module in (connections, loopback, elsewhere, forwarding, resolve, clients)
    for rule in module.RULES
}


def commands() -> set[tuple[str | None, str]]:
    """The systems and commands of the causes of these modules, over all of their texts."""
    found = set()
    for kind in KINDS:
        table = (TABLES / f"{kind}.txt").read_text(encoding="utf-8")
        for text in re.split(r"^=[=/]= \S+\n", table, flags=re.M)[1:]:
            for cause in causes.explain(classify(text)):
                if cause.key in KEYS:
                    found |= {(step.os, step.command) for step in cause.steps if step.command}
    return found


def test_no_command_holds_a_word_of_the_text_that_a_shell_would_read() -> None:
    """Only numbers, addresses and names go into a command."""
    for _, command in commands():
        assert not re.search(r"[`\"\\<>]|\$\(", command.replace("C:\\Windows\\System32", "")
                             .replace("\\drivers\\etc\\hosts", "")), command  # fmt: skip


HARMLESS = (
    "ss -", "env |", "getent ", "ip -br", "ip route", "hostname -I", "cat /etc", "git config --get",
)  # fmt: skip
"""Commands that only show, and that a machine of this kind has."""


def harmless() -> list[str]:
    """Those of Linux, in order."""
    return sorted(
        command
        for system, command in commands()
        if system in (None, "linux") and command.startswith(HARMLESS)
    )


@pytest.mark.parametrize("command", harmless())
def test_a_command_that_shows_something_runs(command: str) -> None:
    """No option is unknown: nothing is printed that complains of the call."""
    need_linux()
    need("ss", "iproute2")
    program = command.split()[0]
    if shutil.which(program) is None and program != "export":
        pytest.skip(f"needs {program}")
    done = subprocess.run(
        ["bash", "-c", command], stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=30, check=False,
    )  # fmt: skip
    assert not re.search(r"(?i)usage:|invalid option|unrecognized|syntax|unknown", done.stderr)


def outcome(command: str) -> str:
    """What this program says to the deciding command."""
    words = command.split()
    assert words[:3] == ["python3", "-m", "checks"]
    done = subprocess.run(
        [sys.executable, "-m", "checks", "--no-color", *words[3:]],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return done.stdout


def test_the_deciding_command_tells_the_causes_of_a_refusal_apart() -> None:
    """No listener, and a listener on IPv4 only: two of the three outcomes, seen."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        text = classify(f"connect ECONNREFUSED 127.0.0.1:{port}")
        command = causes.explain(text)[0].steps[0].command
        assert command is not None
        running = outcome(command)
    stopped = outcome(command)
    assert f"127.0.0.1:{port}" in running
    assert running != stopped
    assert "refused" in stopped
