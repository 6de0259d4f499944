"""Every test is run once, in whatever order; what is long comes first in each share."""

from __future__ import annotations

from pathlib import Path

import order
import pytest

ROOT = Path(__file__).parent.parent
FILES = [*order.SECONDS, "tests/test_page.py", "tests/model/test_records.py"]
ITEMS = [f"{file}::test_{number}" for file in FILES for number in range(len(file))]


def file_of(item: str) -> str:
    """The file of a made test."""
    return item.partition("::")[0]


@pytest.mark.parametrize("workers", [1, 2, 3, 4, 7, 64])
def test_nothing_is_lost_or_run_twice(workers: int) -> None:
    """Of any number of workers."""
    assert sorted(order.dealt(ITEMS, file_of, workers)) == sorted(ITEMS)


def test_one_worker_has_them_as_they_were_collected() -> None:
    """Nothing has to be dealt."""
    assert order.dealt(ITEMS, file_of, 1) == ITEMS


@pytest.mark.parametrize("workers", [2, 3])
def test_each_share_begins_with_long_files_and_ends_with_short_ones(workers: int) -> None:
    """The shares are cut as xdist cuts them; what ends the run is short."""
    many = [*ITEMS, *(f"tests/model/test_records.py::more_{number}" for number in range(9000))]
    found = order.dealt(many, file_of, workers)
    left = len(found)
    loads = []
    for at in range(workers):
        share, found = found[: left // (workers - at)], found[left // (workers - at) :]
        left -= len(share)
        long = [file_of(item) in order.SECONDS for item in share]
        assert long == sorted(long, reverse=True)
        assert not long[-1]
        files = {file_of(item) for item in share} & (order.SECONDS.keys() - order.APART)
        loads.append(sum(order.SECONDS[file] for file in files))
    assert max(loads) < 1.1 * min(loads)


def test_the_files_are_there() -> None:
    """A file that was renamed is noticed."""
    assert [file for file in order.SECONDS if not (ROOT / file).is_file()] == []
    assert set(order.SECONDS) >= order.APART
