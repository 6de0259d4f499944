"""Whose connections a program holds that takes no other ones.

A server that serves one client at a time takes the next connection when the one before has
ended. The connection that it holds has its other end in the table of this machine, where the
client runs here.
"""

from __future__ import annotations

from checks.model import words
from checks.model.words import TCP
from checks.probe.machine import processes
from checks.probe.sockets import linux

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.model.evidence import Peer
    from checks.probe.sockets.row import Row

_MOST = 4
"""Connections that a program holds. One that holds more is not one that serves one at a time."""


def named(others: Sequence[Peer]) -> tuple[Peer, ...]:
    """Return the rows of a port, those that are held with the processes at their other ends.

    Arguments:
        others: the connections on the port.
    """
    held = [at for at, peer in enumerate(others) if _is_held(peer)]
    if not 0 < len(held) <= _MOST:
        return tuple(others)
    far = {at: row for at in held if (row := _other_end(others[at])) is not None}
    owners = processes.holders({row.inode for row in far.values() if row.inode}).owners
    return tuple(
        peer._replace(clients=owners.get(far[at].inode or 0, ())) if at in far else peer
        for at, peer in enumerate(others)
    )


def _is_held(peer: Peer) -> bool:
    return peer.protocol == TCP and bool(peer.owners) and peer.state == "established"


def _other_end(peer: Peer) -> Row | None:
    """The row of the client, where that is a socket of this network namespace."""
    port = (peer.remote or "").rpartition(":")[2]
    if not (port.isascii() and port.isdecimal()):
        return None
    for row in linux.read((TCP,), int(port)).rows:
        if words.at(row.local, row.local_port) == peer.remote and (
            words.at(row.remote, row.remote_port) == peer.local
        ):
            return row
    return None
