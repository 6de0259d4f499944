"""In which order the workers of one run take the tests: what is long begins first.

Each worker of pytest-xdist begins with an equal share, one after the other from the list, and
takes from the end of another's share what is left there when its own is done. With the tests in
the order of their files one worker ends with minutes of browsers while the others have nothing
left. So each share has its part of the long files at its beginning, and short tests at its end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")

SECONDS = {
    "tests/site/test_fences.py": 190,
    "tests/site/test_browser.py": 85,
    "tests/site/test_accessibility.py": 73,
    "tests/findings/test_stop_commands.py": 70,
    "tests/site/test_widget.py": 36,
    "tests/probe/identify/test_servers.py": 36,
    "tests/vectors/test_engines.py": 36,
    "tests/test_growth.py": 30,
    "tests/findings/test_judge.py": 30,
    "tests/test_total.py": 28,
    "tests/cli/test_cli.py": 28,
    "tests/site/test_offline.py": 22,
    "tests/test_scenarios.py": 60,
    "tests/mkdocs_pyodide/test_browser.py": 20,
    "tests/cli/test_listen.py": 19,
    "tests/cli/test_wait.py": 17,
    "tests/cli/test_blind.py": 16,
    "tests/cli/test_program.py": 15,
    "tests/address/test_readings_differential.py": 13,
    "tests/test_faults.py": 13,
    "tests/site/test_reference_pages.py": 13,
    "tests/vectors/test_vectors.py": 12,
    "tests/cli/test_scan.py": 13,
    "tests/probe/identify/test_traits.py": 13,
    "tests/test_readme.py": 12,
    "tests/site/test_firefox.py": 11,
    "tests/site/test_built.py": 11,
    "tests/mkdocs_pyodide/test_offline.py": 9,
    "tests/site/test_theme.py": 9,
    "tests/cli/test_free.py": 9,
    "tests/site/test_widget_hostile.py": 7,
    "tests/mkdocs_pyodide/test_assets.py": 7,
    "tests/test_benchmarks.py": 6,
    "tests/site/test_widget_snippets.py": 4,
    "tests/site/test_widget_tables.py": 3,
}
"""Files and what they take on two cores, one after the other. What is not here is short; a figure
that is wrong costs time and nothing else."""

APART = frozenset(
    f"tests/{name}.py"
    for name in (
        "site/test_fences", "vectors/test_engines", "test_growth", "test_total", "test_faults",
        "cli/test_cli", "cli/test_blind",
    )
)  # fmt: skip
"""Files whose tests share nothing: each worker has a part."""


def dealt(items: Sequence[Item], file_of: Callable[[Item], str], workers: int) -> list[Item]:
    """The tests in the order in which the shares of so many workers are cut from them.

    Arguments:
        items: in the order of collection.
        file_of: gives the path of a test's file.
        workers: how many there are; one takes the tests as they are.
    """
    if workers < 2:
        return list(items)
    apart: list[list[Item]] = [[] for _ in range(workers)]
    long: dict[str, list[Item]] = {}
    short: list[Item] = []
    for at, item in enumerate(items):
        file = file_of(item)
        if file in APART:
            apart[at % workers].append(item)
        elif file in SECONDS:
            long.setdefault(file, []).append(item)
        else:
            short.append(item)
    shares: list[list[Item]] = [[] for _ in range(workers)]
    loads = [0] * workers
    for file in sorted(long, key=lambda file: -SECONDS[file]):
        share = loads.index(min(loads))
        shares[share] += long[file]
        loads[share] += SECONDS[file]
    return _filled([[*ours, *part] for ours, part in zip(shares, apart, strict=True)], short)


def _filled(shares: list[list[Item]], short: list[Item]) -> list[Item]:
    """The shares one after the other, each made as large as xdist will cut it."""
    left, found = sum(map(len, shares)) + len(short), list[Item]()
    for at, share in enumerate(shares):
        size = left // (len(shares) - at)
        more = max(0, size - len(share))
        found += share + short[:more]
        del short[:more]
        left -= size
    return found + short
