"""Medians of interleaved runs, so that a slow minute of the machine hits every peer alike."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROOT = Path(__file__).parent.parent


def environment() -> dict[str, str]:
    """The environment of a user whose second run it is: bytecode is cached."""
    found = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    cache = ROOT / ".cache" / "pycache"
    return {**found, "PYTHONPYCACHEPREFIX": str(cache)}


def runs(*, quick: bool = False) -> int:
    """How often each command is run; ``BENCH_RUNS`` in the environment says otherwise."""
    return int(os.environ.get("BENCH_RUNS", "3" if quick else "25"))


class Finished(NamedTuple):
    """A process that has ended."""

    code: int
    """Its exit code; negative where a signal ended it."""
    stdout: bytes
    stderr: bytes
    milliseconds: float
    """From the start to the end, as a shell that waits for it sees it."""


def finished(
    command: Sequence[str], *, capture: bool, longest: float = 120.0, user: int | None = None
) -> Finished:
    """Run a command to its end, from the root of the project.

    The wait has no timeout of its own: ``Popen.wait(timeout)`` looks at growing
    intervals, up to 50 ms, and would round the time up to one of them.

    Arguments:
        command: program and arguments.
        capture: whether its output is wanted; else it goes nowhere.
        longest: seconds after which it is killed.
        user: uid and gid to run as; None for this process' own.

    Raises:
        OSError: it cannot be started.
    """
    where = subprocess.PIPE if capture else subprocess.DEVNULL
    env = environment()
    begin = time.perf_counter()
    child = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=where, stderr=where, env=env, cwd=ROOT,
        user=user, group=user, extra_groups=None if user is None else [],
    )  # fmt: skip
    watchdog = threading.Timer(longest, child.kill)
    watchdog.start()
    try:
        stdout, stderr = child.communicate()
        spent = (time.perf_counter() - begin) * 1000
    finally:
        watchdog.cancel()
        watchdog.join()
    return Finished(child.returncode, stdout or b"", stderr or b"", spent)


def processes(commands: Mapping[str, Sequence[str]], runs: int) -> dict[str, float]:
    """Milliseconds of wall time of each command, start to exit: the median of *runs*."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, command in commands.items():
            spent = finished(command, capture=False).milliseconds
            if turn:  # the first turn fills the caches
                times[name].append(spent)
    return {name: statistics.median(values) for name, values in times.items()}


def rates(functions: Mapping[str, Callable[[], int]], runs: int) -> dict[str, float]:
    """Items per second of each function, which returns how many it did: the median of *runs*."""
    found: dict[str, list[float]] = {name: [] for name in functions}
    for _ in range(runs):
        for name, function in functions.items():
            begin = time.perf_counter()
            count = function()
            found[name].append(count / (time.perf_counter() - begin))
    return {name: statistics.median(values) for name, values in found.items()}


def has_command(name: str) -> bool:
    """Whether ours has a command of that name: asked of the program itself."""
    done = finished([sys.executable, "-m", "checks", name, "--help"], capture=True)
    return done.code == 0 and f"checks {name}" in done.stdout.decode()
