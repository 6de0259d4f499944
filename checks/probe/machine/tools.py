"""The system's own commands, run for what they print, in bounded time."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from time import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LAST_WAIT = 0.2  # seconds for a process that was killed
_LEAST = 0.3  # seconds to read what a command has printed, where another took all the time


def outputs(commands: Iterable[Sequence[str]], patience: float) -> tuple[str | None, ...]:
    """Run commands side by side, in the language C, with nothing to read.

    A program that the kernel holds does not end even when it is killed (lsof on a dead
    network file system), so it is not waited for beyond its time.

    Arguments:
        commands: the words of each.
        patience: seconds for all of them together.

    Returns:
        what each printed; None where it could not be run or took too long. What it printed
        counts whatever its exit status: lsof ends with 1 also where it found something.
    """
    until = monotonic() + patience
    running = [_start(command) for command in commands]
    return tuple(
        None if each is None else _finish(each, max(_LEAST, until - monotonic()))
        for each in running
    )


def output(command: Sequence[str], patience: float) -> str | None:
    """Run one command as :func:`outputs` does."""
    return outputs((command,), patience)[0]


def _start(command: Sequence[str]) -> subprocess.Popen[bytes] | None:
    try:
        return subprocess.Popen(  # noqa: S603 - fixed commands of the system
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C"},
        )
    except (OSError, ValueError):
        return None


def _finish(process: subprocess.Popen[bytes], seconds: float) -> str | None:
    try:
        said = process.communicate(timeout=seconds)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_LAST_WAIT)
        if process.stdout is not None:
            process.stdout.close()
        return None
    except BaseException:
        process.kill()
        raise
    return said.decode("utf-8", "replace")
