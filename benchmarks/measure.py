"""Medians of interleaved runs, so that a slow minute of the machine hits every peer alike."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def environment() -> dict[str, str]:
    """The environment of a user whose second run it is: bytecode is cached."""
    found = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    cache = Path(__file__).parent.parent / ".cache" / "pycache"
    return {**found, "PYTHONPYCACHEPREFIX": str(cache)}


def processes(commands: Mapping[str, Sequence[str]], runs: int) -> dict[str, float]:
    """Milliseconds of wall time of each command, start to exit: the median of *runs*."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    env = environment()
    for turn in range(runs + 1):
        for name, command in commands.items():
            begin = time.perf_counter()
            subprocess.run(
                command,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
                timeout=120,
                env=env,
            )
            if turn:  # the first turn fills the caches
                times[name].append((time.perf_counter() - begin) * 1000)
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
