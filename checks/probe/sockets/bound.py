"""Where the sockets of a table are bound, and in whose accept queue a connection waits."""

from __future__ import annotations

from checks.probe.sockets.row import interface_name
from checks.rules.listening import Bind, most_specific
from checks.rules.places import place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

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
    return (interface_name(index) or f"#{index}") if index else None
