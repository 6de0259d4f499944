"""A listener that comes and goes, as its program ends and is started again.

One look shows it by luck: it is there, or it is not. So it is looked at for a while, but only where
it may be so: nothing listens and a supervisor runs on this machine, or what listens was started a
moment ago by a supervisor. A look reads one table for one port; the process is looked up when the
listener is a new one.
"""

from __future__ import annotations

from time import monotonic, sleep

from checks.model.evidence import Restarts
from checks.model.words import TCP
from checks.probe.machine import processes
from checks.probe.sockets import linux
from checks.probe.sockets.row import LISTEN
from checks.rules import owners

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.model.evidence import Listener

_YOUNG = 3.0
"""Seconds; a program that has run for longer is not watched."""

_CLOSED = 1.2
"""Seconds for which a port without a listener is watched. supervisord looks once a second, and
runsv waits for a second before it starts a program again."""

_MOVING = 2.5
"""The same where a server was there a moment ago, or a supervisor has just started a program."""

_LONGEST = 4.0
"""Seconds for which a listener is watched that has come or gone."""

_ENOUGH = 3
"""So many starts are enough."""

_PAUSE = 0.04
"""Seconds between two looks."""


def watch(
    port: int, listeners: Sequence[Listener], by: Sequence[int], timeout: float, *, left: bool
) -> Restarts | None:
    """Look at a port for a while; None where no program came and went.

    Arguments:
        port: which one.
        listeners: those of it that are there now. Where there are some, no more time is spent
            than until their program has run for a while.
        by: the supervisors of the machine, where there is no listener.
        left: whether closed connections of a server are still in TIME-WAIT there.
        timeout: seconds for one answer. With less than a second all times are shorter.

    Returns:
        what was seen, from the first look on.
    """
    patience, longest = _patience(listeners, by, left=left), _LONGEST
    if timeout < 1.0:
        patience, longest = patience * timeout, longest * timeout
    seen = _Seen(port, listeners)
    began = monotonic()
    while seen.opened < _ENOUGH and monotonic() - began < (longest if seen.moved else patience):
        sleep(_PAUSE)
        seen.look()
    if not seen.moved or not seen.ended():
        return None
    elapsed = (monotonic() - began) * 1000
    return Restarts(seen.opened, elapsed, tuple(seen.owners.values()))


def _patience(listeners: Sequence[Listener], by: Sequence[int], *, left: bool) -> float:
    """Seconds for which nothing may happen."""
    if not listeners:
        started = (processes.age(child) for pid in by for child in processes.children(pid))
        moving = left or any(age is not None and age < _YOUNG for age in started)
        return _MOVING if moving else _CLOSED
    ages = (
        processes.age(owner.pid)
        for row in listeners
        for owner in row.owners
        if owners.is_restarted(owner)
    )
    return _YOUNG - min((age for age in ages if age is not None), default=_YOUNG)


class _Seen:
    """What was seen of the listeners of a port until now.

    Arguments:
        port: which one.
        listeners: those at the begin.
    """

    def __init__(self, port: int, listeners: Sequence[Listener]) -> None:
        self.port = port
        self.inodes = frozenset(row.inode for row in listeners if row.inode)
        self.opened = int(bool(self.inodes))
        self.moved = False
        first = (owners.main(row.owners) for row in listeners)
        self.owners = {owner.pid: owner for owner in first if owner is not None}

    def ended(self) -> bool:
        """Whether the processes before the last are no more.

        A parent that tries a port, and then starts a child that listens, is still there.
        """
        *before, _ = self.owners or (0,)
        return bool(before) and all(processes.age(pid) is None for pid in before)

    def look(self) -> None:
        """Look once more."""
        rows = linux.read((TCP,), self.port, taking=True).rows
        before = self.inodes
        self.inodes = frozenset(row.inode for row in rows if row.state == LISTEN and row.inode)
        if before & self.inodes or before == self.inodes:
            return
        self.moved = True
        if not self.inodes:
            return
        self.opened += 1
        for held in processes.holders(self.inodes).owners.values():
            owner = owners.main(held)
            if owner is not None:
                self.owners[owner.pid] = owner
