"""Commands run as a person runs them: in a pipe, or on a terminal that is really one."""

from __future__ import annotations

import os
import re
import select
import signal
import struct
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

if sys.platform != "win32":
    import fcntl
    import pty
    import termios

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parent.parent.parent
CONTROL = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
PATIENCE = 90.0

CLEARED = f"\r{' ' * 79}\r"
"""What takes back a line of progress on 80 columns."""

PROGRAM = [sys.executable, "-S", "-m", "checks"]


def _environment(**env: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "LINES")}
    path = os.pathsep.join([os.path.dirname(sys.executable), kept.get("PATH", os.defpath)])
    return {**kept, "PATH": path, "TERM": "xterm-256color", **env}


def run(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run ``python -S -m checks`` in a pipe."""
    return subprocess.run(
        [*PROGRAM, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120,
        check=False, env=_environment(**env),
    )  # fmt: skip


class Terminal:
    """A command on a terminal; what it writes comes together on one screen."""

    def __init__(self, controller: int, child: subprocess.Popen[bytes]) -> None:
        self.controller = controller
        self.child = child
        self.written = ""

    def until(self, *texts: str) -> str:
        """Read until each of the texts has been written, in order; return all of it."""
        deadline = monotonic() + PATIENCE
        at = 0
        for text in texts:
            while (found := self.written.find(text, at)) < 0:
                assert self._read(deadline), f"{text!r} did not come: {self.written!r}"
            at = found + len(text)
        return self.written

    def end(self) -> str:
        """Read to the end; return all that was written."""
        deadline = monotonic() + PATIENCE
        while self._read(deadline):
            pass
        self.child.wait(PATIENCE)
        return self.written

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        os.write(self.controller, b"\x03")

    def _read(self, deadline: float) -> bool:
        if not select.select([self.controller], [], [], max(0, deadline - monotonic()))[0]:
            return False
        try:
            part = os.read(self.controller, 65536)
        except OSError:  # EIO: the other side is closed
            return False
        self.written += part.decode("utf-8", "replace")
        return bool(part)


@contextmanager
def on_terminal(
    *arguments: str, columns: int = 80, lines: int = 24, env: Mapping[str, str] | None = None
) -> Iterator[Terminal]:
    """A command with its own terminal of that size, for input and output."""
    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    child = subprocess.Popen(
        [sys.executable, "-c", _CONTROLLING, *PROGRAM, *arguments], cwd=ROOT, stdin=terminal,
        stdout=terminal, stderr=terminal, start_new_session=True, env=_environment(**(env or {})),
    )  # fmt: skip
    os.close(terminal)
    try:
        yield Terminal(controller, child)
    finally:
        if child.poll() is None:
            child.send_signal(signal.SIGKILL)
        child.wait(PATIENCE)
        os.close(controller)


_CONTROLLING = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Makes the terminal the session's own, so that Ctrl-C on it is a signal."""


def plain(text: str) -> str:
    """What was written without colours and cursor movement."""
    return CONTROL.sub("", text).replace("\r\n", "\n")
