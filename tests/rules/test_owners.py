"""Who stands for several processes that hold one socket."""

from __future__ import annotations

import pytest

from checks.model.evidence import Owner
from checks.rules import owners


def owner(pid: int, name: str = "server", *, marked: bool = False) -> Owner:
    """A process that holds the socket."""
    return Owner(pid, name, None, None, None, main=marked)


SYSTEMD, LAUNCHD = owner(1, "systemd"), owner(1, "launchd")


@pytest.mark.parametrize(
    ("held", "pid"),
    [
        ((), None),
        ((owner(7),), 7),
        ((owner(7), owner(8, marked=True), owner(9)), 8),
        ((owner(7), owner(8)), 7),
        ((SYSTEMD,), 1),
        ((SYSTEMD, owner(7)), 7),
        ((LAUNCHD, owner(7), owner(8)), 7),
        ((owner(1, "uwsgi"), owner(7, "uwsgi")), 1),
        ((owner(7, "systemd"), owner(8)), 7),
        ((owner(7, "sleep", marked=True), owner(8), owner(9)), 8),
        ((owner(7, "sh", marked=True), owner(8, marked=True)), 8),
        ((owner(7, "sleep"), owner(8, "sleep")), 7),
    ],
    ids=[
        "none", "one", "the ancestor", "strangers", "systemd alone", "systemd and its service",
        "launchd", "a container's first process", "systemd --user",
        "a parent that never listens", "a shell and its server", "only such",
    ],
)  # fmt: skip
def test_the_one_that_accepts_is_named(held: tuple[Owner, ...], pid: int | None) -> None:
    """The ancestor, else the first; systemd keeps a socket that its service accepts on."""
    main = owners.main(held)
    assert (main.pid if main else None) == pid


def test_an_ancestor_is_only_one_that_was_marked() -> None:
    """Nothing is claimed of processes that are strangers to each other."""
    assert owners.ancestor((owner(7), owner(8))) is None
    assert owners.ancestor((owner(7), owner(8, marked=True))) == owner(8, marked=True)
