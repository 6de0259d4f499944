"""What an absent row means, table by table."""

from __future__ import annotations

from itertools import combinations

import pytest

from checks.rules.tables import TABLES, known, present

SUBSETS = [names for size in range(5) for names in combinations(TABLES, size)]


@pytest.mark.parametrize("unread", SUBSETS, ids="+".join)
def test_yes_no_and_unknown(unread: tuple[str, ...]) -> None:
    """A row is a yes; without one it is a no where every table that may hold it was read."""
    for protocol in ("tcp", "udp"):
        assert present(True, unread, protocol) is True
        of_ipv6 = f"{protocol}6" in unread
        of_either = of_ipv6 or f"{protocol}4" in unread
        assert present(False, unread, protocol, 6) is (None if of_ipv6 else False)
        assert present(False, unread, protocol, 4) is (None if of_either else False)
        assert present(False, unread, protocol) is (None if of_either else False)


def test_names_from_outside_are_held_to_the_list() -> None:
    """A pasted report may say anything."""
    assert known(["udp6", "<script>", "tcp4", "udp6", ""]) == ("tcp4", "udp6")
    assert known([]) == ()
