"""A terminal that can only print, and answers for a program: nothing is drawn or taken back."""

from __future__ import annotations

import re

import pytest
import situations as real
from cli.terminal import CLEARED, on_terminal

pytestmark = pytest.mark.machine

DUMB = {"TERM": "dumb"}
TAKEN_BACK = re.compile(r"\r(?!\n)")


PORT = 2991

SLOW = {
    "diagnose": ("--timeout", "0.8", f"127.0.0.1:{PORT}", "127.0.0.1:1"),
    "wait": ("wait", "--timeout", "1.5", f"127.0.0.1:{PORT}"),
    "scan": ("scan", "--timeout", "0.7", "-p", f"2000-{PORT}"),
    "free": ("free",),
}
"""Commands that take more than a second where packets to the port are dropped."""


def shown_by(command: str, flags: tuple[str, ...], env: dict[str, str]) -> tuple[str, int]:
    """What a slow command writes to its terminal, and its exit code."""
    first, *rest = SLOW[command]
    words = (*flags, first, *rest) if command == "diagnose" else (first, *flags, *rest)
    with (
        real.firewall(f"tcp dport 2000-{PORT} drop"),
        on_terminal(*words, env=env) as terminal,
    ):
        shown = terminal.end()
    return shown, terminal.child.returncode


@pytest.mark.parametrize("command", SLOW)
@pytest.mark.parametrize(
    ("flags", "env"),
    [(("-q",), {}), (("--json",), {}), ((), DUMB), ((), {"TERM": ""})],
    ids=["quiet", "json", "dumb", "unset"],
)
def test_nothing_is_drawn(command: str, flags: tuple[str, ...], env: dict[str, str]) -> None:
    """No note on the wait, no escape sequence, no line that is written twice."""
    shown, code = shown_by(command, flags, env)
    assert code in (0, 1, 124), shown
    assert "\x1b" not in shown
    assert not TAKEN_BACK.search(shown)
    assert "waiting for 127" not in shown
    assert "scanning" not in shown
    if flags == ("-q",):
        assert shown == ""
    if flags == ("--json",):
        assert all(line.startswith("{") for line in shown.splitlines())


@pytest.mark.parametrize("command", ["diagnose", "wait"])
@pytest.mark.parametrize(("flags", "env"), [(("--no-color",), {}), ((), {"NO_COLOR": "1"})])
def test_without_colours_a_line_is_taken_back_by_blanks(
    command: str, flags: tuple[str, ...], env: dict[str, str]
) -> None:
    """The note is there, and no escape sequence."""
    shown, _ = shown_by(command, flags, env)
    assert "waiting for 127.0.0.1" in shown
    assert CLEARED in shown
    assert "\x1b" not in shown


def test_a_list_that_is_watched_grows_on_a_dumb_terminal() -> None:
    """A line for each change; nothing is drawn from the top again."""
    with (
        real.listening("127.0.0.1") as port,
        on_terminal("listen", "--watch", "0.2", "--port", str(port), env=DUMB) as terminal,
    ):
        terminal.until(str(port))
        terminal.interrupt()
        shown = terminal.end()
    assert "\x1b" not in shown
    assert not TAKEN_BACK.search(shown)
