"""Lists of ports that a system sets aside."""

from __future__ import annotations

import pytest

from checks.rules import reserved


@pytest.mark.parametrize(
    ("ranges", "inside", "outside"),
    [
        ("8080", [8080], [808, 8081]),
        ("80,50000-50059", [80, 50000, 50059], [81, 49999, 50060]),
        ("", [], [0, 1]),
        ("x,1-y,-,³", [], [1]),
    ],
)
def test_reserved_ranges(ranges: str, inside: list[int], outside: list[int]) -> None:
    """A list as the kernel prints it; what is no range reserves nothing."""
    assert all(reserved.holds(ranges, port) for port in inside)
    assert not any(reserved.holds(ranges, port) for port in outside)


def test_ranges_as_numbers() -> None:
    """First and last port of each."""
    assert reserved.parse("80, 50000-50059,x") == ((80, 80), (50000, 50059))
