"""Very many diagnoses in one process: does anything grow, hang or break?

The peers, good and hostile, live in another process. The mix is a cycle: what
takes long by its nature (a full backlog, a silent peer) comes seldom, so that
the whole fits its time. Counted are open descriptors, threads and resident
memory, after a warm-up in which caches fill.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import inspect
import os
import random
import statistics
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import pytest
import situations as real

from benchmarks import hostile
from benchmarks.table import markdown
from checks import diagnose

if TYPE_CHECKING:
    from collections.abc import Mapping

COUNT, SECONDS = 20_000, 900.0
"""How many, in about ten minutes; it ends after fifteen, how many there are by then."""
TIMEOUT = 0.05
"""Seconds for a connect; of these peers one is silent to it, and it is tried twice."""

HANGS = 20.0
"""Seconds after which one diagnosis counts as hung."""

MIX = {
    "refusing": 96, "accepting": 24, "closing": 30, "reset": 30, "escapes": 8,
    "endless": 4, "zeros": 2, "half-close": 2, "backlog": 2, "silent": 1, "dripping": 1,
}  # fmt: skip
"""How often each comes in a cycle of 200."""

EXPECTED = {
    "refusing": {"C302"},
    "backlog": {"C305"},
}
"""Findings of which one must be there; for the others C301, C314 or C315."""

ANSWERS = {"C301", "C314", "C315"}

GROWTH = 2048.0
"""KiB that resident memory may grow over the whole, by the fitted line: less than a
tenth of a KiB for each diagnosis, while the smallest leak of one object each is more."""

PAGE = os.sysconf("SC_PAGE_SIZE") // 1024


class Sample(NamedTuple):
    """What this process has, at one moment."""

    number: int
    descriptors: int
    threads: int
    kibibytes: float


class Spent:
    """Milliseconds of many diagnoses, in memory that does not grow with them."""

    def __init__(self) -> None:
        self.times = self.total = self.longest = 0.0

    def add(self, milliseconds: float) -> None:
        """One more."""
        self.times += 1
        self.total += milliseconds
        self.longest = max(self.longest, milliseconds)


class Result(NamedTuple):
    """What a soak gave."""

    wanted: int
    done: int
    seconds: float
    samples: tuple[Sample, ...]
    """After the warm-up."""
    spent: Mapping[str, Spent]
    """Times by peer."""
    wrong: tuple[str, ...]
    """Diagnoses that raised or hung."""
    unexpected: Mapping[str, int]
    """Peer and findings where the expected one is not among them, and how often."""

    @property
    def slope(self) -> float:
        """KiB of resident memory for each thousand diagnoses, by least squares."""
        points = [(s.number, s.kibibytes) for s in self.samples]
        if len({x for x, _ in points}) < 2:
            return 0.0
        return statistics.linear_regression(*zip(*points, strict=True)).slope * 1000

    @property
    def problems(self) -> tuple[str, ...]:
        """Everything that is not as it must be, one line each."""
        found = [*self.wrong[:10]]
        if self.done < self.wanted:
            found.append(f"{self.done} of {self.wanted} diagnoses within the time")
        first, last = self.samples[0], self.samples[-1]
        if last.descriptors > first.descriptors:
            found.append(f"descriptors grew from {first.descriptors} to {last.descriptors}")
        if last.threads > first.threads:
            found.append(f"threads grew from {first.threads} to {last.threads}")
        growth = self.slope * (last.number - first.number) / 1000
        if growth > GROWTH:
            found.append(f"memory grew by {growth:.0f} KiB")
        return tuple(found)


def sample(number: int) -> Sample:
    """Count now."""
    with open("/proc/self/statm") as file:
        pages = int(file.read().split()[1])
    descriptors = len(os.listdir("/proc/self/fd"))
    return Sample(number, descriptors, threading.active_count(), pages * PAGE)


def cycle(seed: int) -> list[str]:
    """One round of the mix, in an order that is not regular and always the same."""
    names = [name for name, times in MIX.items() for _ in range(times)]
    random.Random(seed).shuffle(names)  # noqa: S311 - an order, no secret
    return names


def run(count: int, seconds: float) -> Result:
    """Diagnose again and again.

    Arguments:
        count: how many; a tenth of them, at most 1,000, are the warm-up.
        seconds: the time after which no further one begins.
    """
    warm = min(1000, max(1, count // 10))
    every = max(1, count // 200)
    samples: list[Sample] = []
    wrong: list[str] = []
    unexpected: Counter[str] = Counter()
    spent = {name: Spent() for name in MIX}
    names: list[str] = []
    with hostile.peers() as (ports, _):
        begin = time.perf_counter()
        number = 0
        while number < count and time.perf_counter() - begin < seconds:
            if not names:
                names = cycle(number)
            name = names.pop()
            spent[name].add(_one(name, ports[name], wrong, unexpected))
            number += 1
            if number == warm:
                gc.collect()
            if number >= warm and (number % every == 0 or number == count):
                samples.append(sample(number))
        total = time.perf_counter() - begin
        gc.collect()
        samples.append(sample(number))
    return Result(
        count, number, total, tuple(samples), spent, tuple(wrong), unexpected
    )  # fmt: skip


def _one(name: str, port: int, wrong: list[str], unexpected: Counter[str]) -> float:
    """One diagnosis; its milliseconds."""
    faulthandler.dump_traceback_later(HANGS * 3, exit=True)  # what hangs for good, ends the soak
    begin = time.perf_counter()
    try:
        report = diagnose(f"127.0.0.1:{port}", timeout=TIMEOUT, **_identified())
    except Exception as error:
        wrong.append(f"{name}: raised {type(error).__name__}: {error}")
        return (time.perf_counter() - begin) * 1000
    finally:
        faulthandler.cancel_dump_traceback_later()
    spent = time.perf_counter() - begin
    if spent > HANGS:
        wrong.append(f"{name}: took {spent:.1f} s")
    codes = {found.finding.code for found in report.findings}
    if not codes & EXPECTED.get(name, ANSWERS):
        unexpected[f"{name}: {' '.join(sorted(c for c in codes if c[0] in 'CBESO'))}"] += 1
    return spent * 1000


def _identified() -> dict[str, bool]:
    """What a diagnosis must be told, that it also asks what speaks there."""
    return {"identify": True} if "identify" in inspect.signature(diagnose).parameters else {}


def main(*, quick: bool = False) -> int:
    """Print the tables; 1 where something grew, hung or broke."""
    count, seconds = (COUNT // 10, SECONDS / 10) if quick else (COUNT, SECONDS)
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(real.own_network())
        except pytest.skip.Exception as reason:
            print(f"In this machine's network: {reason}\n")
        result = run(count, seconds)
    named = "with" if _identified() else "without"
    print(f"## {result.done:,} diagnoses in one process, {named} identification\n")
    rows = [
        (name, int(one.times), one.total / one.times, one.longest)
        for name, one in result.spent.items()
        if one.times
    ]
    print(markdown(("peer", "diagnoses", "mean ms", "longest ms"), rows))
    first, last = result.samples[0], result.samples[-1]
    print(f"\nafter {first.number:,} and after {last.number:,}, in {result.seconds:.0f} s:\n")
    table = [
        ("descriptors", first.descriptors, last.descriptors,
         max(s.descriptors for s in result.samples)),
        ("threads", first.threads, last.threads, max(s.threads for s in result.samples)),
        ("resident KiB", first.kibibytes, last.kibibytes, max(s.kibibytes for s in result.samples)),
    ]  # fmt: skip
    print(markdown(("what", "first", "last", "most"), table))
    print(f"\nmemory, fitted: {result.slope:+.1f} KiB for each 1,000 diagnoses;"
          f" raised or hung: {len(result.wrong)}")  # fmt: skip
    for said, times in result.unexpected.items():
        print(f"- not the finding that was expected, {times} times: {said}")
    for problem in result.problems:
        print(f"- PROBLEM: {problem}")
    return int(bool(result.problems))
