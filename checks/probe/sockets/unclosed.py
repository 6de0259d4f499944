"""Connections that their clients have closed, and the program that took them has not.

Such a connection is in CLOSE-WAIT for the moment that a program needs to see its end. So a
pile is believed only when the same connections are there again a while later; where there are
few, nothing is read and no time is spent. What waits in the accept queue may be in that state
too: its row has no inode yet.
"""

from __future__ import annotations

from time import sleep

from checks.model import words
from checks.model.words import TCP
from checks.probe.sockets import linux
from checks.rules.owners import is_pile
from checks.rules.queues import GONE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from checks.probe.sockets.row import Row

_A_WHILE = 0.25
"""Seconds between two looks: a program that is at work closes them in far less."""


def ends(rows: Iterable[Row]) -> frozenset[str]:
    """Return both ends of each such connection.

    Arguments:
        rows: of one port.
    """
    return frozenset(
        f"{row.local} {words.at(row.remote, row.remote_port)}"
        for row in rows
        if row.state == GONE and row.protocol == TCP and row.inode
    )


def stayed(port: int, before: frozenset[str]) -> int:
    """Return how many of such connections are still there; 0 where they were no pile.

    Arguments:
        port: of the listener.
        before: those that were seen at first.
    """
    if not is_pile(len(before)):
        return 0
    sleep(_A_WHILE)
    return len(before & ends(linux.read((TCP,), port).rows))
