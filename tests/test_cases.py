"""A test over a table goes through all of it, and says which cases fail and why."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import pytest
from cases import LONGEST, SHOWN, each


def test_every_case_is_tried_and_every_failure_named() -> None:
    """Also those after the first that fails, each with the reason and its place."""
    tried = []

    @each("number, text", [(1, "a"), (2, "b"), (3, "c"), (4, "d")], ids=lambda one: f"<{one}>")
    def small(number: int, text: str) -> None:
        tried.append(text)
        assert number < 3, text
        if number == 1:
            pytest.fail("no first")

    with pytest.raises(AssertionError) as caught:
        small()
    assert tried == ["a", "b", "c", "d"]
    first, *lines = str(caught.value).splitlines()
    assert first == "3 of 4 cases:"
    told = [line for line in lines if line.startswith("- ")]
    assert [line.partition(" (")[0] for line in told] == ["- <1>-<a>", "- <3>-<c>", "- <4>-<d>"]
    assert "no first" in told[0]
    assert re.search(r"\(line \d+\): AssertionError: c", told[1])
    assert isinstance(caught.value.__cause__, pytest.fail.Exception)


def test_all_that_fail_are_named_and_the_first_told() -> None:
    """A table that is wrong throughout makes no endless message."""
    many = 3 * SHOWN

    @each("text", ["x" * number for number in range(1, many + 1)])
    def wrong(text: str) -> None:
        raise ValueError(text)

    with pytest.raises(AssertionError) as caught:
        wrong()
    told = str(caught.value).splitlines()
    assert len(told) == 1 + many
    assert sum("ValueError" in line for line in told) == SHOWN
    assert max(map(len, told[SHOWN + 1 :])) <= LONGEST + len("- ''...")


def test_what_is_right_passes_and_a_table_without_cases_does_not() -> None:
    """An empty table would test nothing."""
    each("one", [1, 2])(_positive)()
    with pytest.raises(AssertionError, match="there is no case"):
        each("one", [])(_positive)()
    with pytest.raises(AssertionError, match="an argument is missing"):
        each("another", [1])(_positive)


def _positive(one: int) -> None:
    assert one > 0


def test_a_skip_is_one_of_the_whole_test() -> None:
    """What is missing is missing for every case."""

    @each("one", [1, 2])
    def skipped(one: int) -> None:
        pytest.skip(f"{one} is missing")

    with pytest.raises(pytest.skip.Exception, match="1 is missing"):
        skipped()


def _made() -> Iterator[int]:
    """Cases that are made when they are asked for."""
    yield from (1, 2, 3)


class TestInAClass:
    """As of pytest."""

    seen: list[int] = []  # noqa: RUF012  # one list for both tests

    @each("number", _made)
    def test_cases_and_fixtures(self, number: int, tmp_path: object) -> None:
        """Pytest gives the fixture, the table the number."""
        assert tmp_path
        self.seen.append(number)

    def test_all_were_seen(self) -> None:
        """And of the arguments pytest sees the fixture alone."""
        assert self.seen in ([], [1, 2, 3])
        assert [*inspect.signature(self.test_cases_and_fixtures).parameters] == ["tmp_path"]
