"""Where the sockets of a table are bound, and in whose accept queue a connection waits."""

from __future__ import annotations

from checks.model import words
from checks.probe.machine import interfaces
from checks.probe.sockets.row import LISTEN
from checks.rules.listening import Bind, most_specific
from checks.rules.places import place
from checks.rules.queues import taken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from checks.probe.sockets.row import Row


def bind_of(row: Row) -> Bind:
    """Return where a socket is bound."""
    return Bind(row.protocol, row.local, row.v6only, _device(row.interface))


def joined(row: Row, listening: Iterable[Bind]) -> Bind | None:
    """Return where the listener is bound in whose queue a connection waits; None for no such.

    The row of a connection names the device that its listener is bound to
    (inet_request_bound_dev_if() in include/net/inet_sock.h).

    Arguments:
        row: a connection that no process holds yet.
        listening: where the listeners of its port are bound.
    """
    by = (_device(row.interface) or "",)
    found = most_specific(listening, place(row.local), by, row.protocol)
    return found[0] if found else None


def _device(index: int) -> str | None:
    return (interfaces.name(index) or f"#{index}") if index else None


def without(rows: Sequence[Row], ours: Collection[str]) -> list[Row]:
    """Return the rows without the far ends of our connections, which no queue has then either.

    Arguments:
        rows: of one port.
        ours: our own ends: ``127.0.0.1:40000``.
    """
    theirs = [row for row in rows if words.at(row.remote, row.remote_port) not in ours]
    for row in rows if ours else ():
        if words.at(row.remote, row.remote_port) in ours and taken(row.state, row.inode) is False:
            at = _waited_for(row, theirs)
            if at is not None:
                theirs[at] = theirs[at]._replace(receive=(theirs[at].receive or 1) - 1)
    return theirs


def _waited_for(row: Row, rows: list[Row]) -> int | None:
    """Index of the listener in whose queue a connection waits; None for no such."""
    waited = {
        bind_of(each): at
        for at, each in reversed(list(enumerate(rows)))
        if each.state == LISTEN and each.receive
    }
    bound = joined(row, waited)
    return None if bound is None else waited[bound]
