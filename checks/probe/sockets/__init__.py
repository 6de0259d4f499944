"""The sockets of this machine and who holds them: a file for each way to read their table.

On Linux netlink, or ``/proc/net`` where a table of it is missing; on macOS psutil for
root, else the system's own commands; psutil on other systems. They agree on what they
all show; the richer ones show more.
"""

from __future__ import annotations

from checks.model.words import TCP, UDP
from checks.probe import system
from checks.probe.machine import activation, processes, relay
from checks.probe.sockets import linux
from checks.probe.sockets import unclosed as clients_gone
from checks.probe.sockets.bound import without
from checks.probe.sockets.evidence import Describer, unseen
from checks.probe.sockets.row import BOUND, Reading, Table
from checks.rules.tables import TABLES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from checks.model.evidence import Interface, Listener, Owner
    from checks.probe.machine.processes import Holders
    from checks.probe.sockets.row import Row

__all__ = ["MOST_OTHERS", "PROTOCOLS", "Table", "every", "named", "on_port"]

PROTOCOLS = (TCP, UDP)

MOST_OTHERS = 64
"""Connections kept; a busy server has thousands, and they tell nothing new."""

_TELLING = {BOUND: 0, "time-wait": 1}
"""States that explain why a port is taken; they are kept first."""

_LATE = "There was not enough time to look at every process; owners may be missing."


def on_port(port: int, interfaces: Sequence[Interface] = (), ours: Collection[str] = ()) -> Table:
    """Return every socket whose local port is *port*.

    Arguments:
        port: 1 to 65535.
        interfaces: the machine's addresses, to name a listener's interface.
        ours: our own ends of connections we made (``127.0.0.1:40000``); the
            other ends are left out.
    """
    if not 0 < port < 65536:
        return Table((), (), "")
    read = _read(PROTOCOLS, port)
    rows = without(read.rows, ours)
    idle = sorted((row for row in rows if not row.takes_traffic), key=_other_order)
    kept = idle[:MOST_OTHERS]
    taking = sorted((row for row in rows if row.takes_traffic), key=_order)
    held = _held(read, (*taking, *kept))
    made = Describer(interfaces, held, read.owners, units=read.owners is None, reasons=True)
    seen = [made.listener(row) for row in taking]
    if read.owners is None:
        seen = _with_owners(seen)
    listeners = _relays(activation.mark(seen))
    notes = [*read.notes]
    if len(idle) > len(kept):
        notes.append(f"{len(idle)} connections use the port; {len(kept)} of them are listed.")
    if not held.complete:
        notes.append(_LATE)
    notes += [unseen(row, held) for row in listeners if row.no_owner]
    others = tuple(made.peer(row) for row in kept)
    left = clients_gone.ends(idle)
    return Table(listeners, others, _source(read), tuple(notes), read.unread, left)


def every(
    interfaces: Sequence[Interface] = (), protocols: Sequence[str] = PROTOCOLS, port: int = 0
) -> Table:
    """Return the sockets of this machine that take traffic.

    A machine may have ten thousand of them: one dump of each table, one pass
    over the processes, and every name, unit and interface looked up once.

    Arguments:
        interfaces: the machine's addresses, to name a listener's interface.
        protocols: ``tcp``, ``udp`` or both.
        port: the local port; 0 for every one.

    Returns:
        the listeners by protocol, port and address. ``others`` is empty. The
        notes say what could not be learned; nothing is raised.
    """
    return _listening(interfaces, protocols, port, processes.describe)


def named(
    interfaces: Sequence[Interface] = (), protocols: Sequence[str] = PROTOCOLS, port: int = 0
) -> Table:
    """The same as :func:`every`, of the owners only number, name and parent.

    For a list on a screen: nothing else of them is shown there, and on a large
    machine the rest is a third of the work.
    """
    return _listening(interfaces, protocols, port, processes.name)


def _listening(
    interfaces: Sequence[Interface],
    protocols: Sequence[str],
    port: int,
    describe: Callable[[int, str], Owner | None],
) -> Table:
    read = _read(protocols, port, taking=True)
    rows = sorted(read.rows, key=_order)
    held = _held(read, rows, describe)
    units = describe is processes.describe and read.owners is None
    made = Describer(interfaces, held, read.owners, units=units)
    listeners = activation.mark([made.listener(row) for row in rows])
    notes = read.notes if held.complete else (*read.notes, _LATE)
    return Table(listeners, (), _source(read), notes, read.unread)


def _read(protocols: Sequence[str], port: int, *, taking: bool = False) -> Reading:
    """The rows from this system's best witness."""
    if system.NAME == "linux":
        read = linux.read(protocols, port, taking=taking)
        if taking or not set(read.unread) >= set(TABLES):
            return read
    else:
        read = Reading([], (), ())
    from checks.probe.sockets import others  # noqa: PLC0415 - for other systems, with subprocess

    last = others.read(protocols, port, taking=taking)
    return last._replace(notes=read.notes or last.notes) if last.unread else last


def _held(
    read: Reading,
    rows: Iterable[Row],
    describe: Callable[[int, str], Owner | None] = processes.describe,
) -> Holders:
    """The processes that hold the rows, where the inode leads to them."""
    inodes = {row.inode for row in rows if row.inode} if read.owners is None else ()
    return processes.holders(inodes, describe=describe)


def _with_owners(listeners: list[Listener]) -> list[Listener]:
    """The listeners, their owners with condition, project and launcher, where any is seen."""
    if not any(row.owners for row in listeners):
        return listeners
    from checks.probe.machine import condition, origins  # noqa: PLC0415 - where a process listens

    return origins.added(condition.of_owners(listeners))


def _relays(listeners: Iterable[Listener]) -> tuple[Listener, ...]:
    """The listeners, with where those that serve nothing themselves pass connections on."""
    return tuple(
        row._replace(relay=relay.of_listener(row)) if row.protocol == TCP else row
        for row in listeners
    )


def _source(read: Reading) -> str:
    """The witnesses of what was read, in words."""
    heard = " and ".join(dict.fromkeys(row.source for row in read.rows))
    return heard or ("netlink" if read.owners is None else "")


def _order(row: Row) -> tuple[str, int, int, str, int]:
    return row.protocol, row.local_port, row.version, row.local, row.inode or 0


def _other_order(row: Row) -> tuple[int, str, str, int]:
    own = row.remote_port == row.local_port and row.remote == row.local
    return (-1 if own else _TELLING.get(row.state, 2)), row.protocol, row.remote, row.remote_port
