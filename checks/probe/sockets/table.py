"""Every socket on one port, with its owners, from the best witness there is.

netlink first, ``/proc/net`` where a table of it is missing, psutil on other
systems. The three agree on what they all show; the richer ones show more.
"""

from __future__ import annotations

import sys

from checks.address import blocks, ipv4, ipv6
from checks.model.evidence import TCP, Interface, Listener, Owner, Peer
from checks.model.records import NamedTuple
from checks.probe.sockets.bound import bind_of, joined
from checks.probe.sockets.row import BOUND, LISTEN, Row, interface_name, join
from checks.rules import owners as rules
from checks.rules.queues import taken
from checks.rules.tables import TABLES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from checks.model.evidence import Unit
    from checks.probe.machine.processes import Holders

MOST_OTHERS = 64
"""Connections kept; a busy server has thousands, and they tell nothing new."""

_TELLING = {BOUND: 0, "time-wait": 1}
"""States that explain why a port is taken; they are kept first."""


class Table(NamedTuple):
    """The sockets on one port of this machine.

    Arguments:
        listeners: the sockets that take traffic, TCP before UDP.
        others: connections and idle sockets on the port, the telling ones first.
        source: the witness that was heard, "" where none was.
        notes: what could not be learned, one sentence each.
        unread: the tables that were not read, or not whole, as
            :attr:`checks.model.evidence.Probe.unread` has them.
    """

    listeners: tuple[Listener, ...]
    others: tuple[Peer, ...]
    source: str
    notes: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def sockets(port: int, interfaces: Sequence[Interface] = (), ours: Collection[str] = ()) -> Table:
    """Return every socket whose local port is *port*.

    Arguments:
        port: 1 to 65535.
        interfaces: the machine's addresses, to name a listener's interface.
        ours: our own ends of connections we made (``127.0.0.1:40000``); the
            other ends are left out.
    """
    if not 0 < port < 65536:
        return Table((), (), "", ())
    if sys.platform != "linux":
        return _foreign(port, interfaces)
    from checks.probe.sockets import linux  # noqa: PLC0415 - Linux only

    read = linux.read(port=port)
    if set(read.unread) >= set(TABLES):
        last = _foreign(port, interfaces)
        return last._replace(notes=read.notes) if last.unread else last
    return _table(_without(read.rows, ours), interfaces, list(read.notes))._replace(
        unread=read.unread
    )


def _without(rows: list[Row], ours: Collection[str]) -> list[Row]:
    """The rows without the far ends of our connections, which no queue has then either."""
    theirs = [row for row in rows if join(row.remote, row.remote_port) not in ours]
    for row in rows if ours else ():
        if join(row.remote, row.remote_port) in ours and taken(row.state, row.inode) is False:
            at = _joined(row, theirs)
            if at is not None:
                theirs[at] = theirs[at]._replace(receive=(theirs[at].receive or 1) - 1)
    return theirs


def _joined(row: Row, rows: list[Row]) -> int | None:
    """Index of the listener in whose queue a connection waits; None for no such."""
    waited = {
        bind_of(each): at
        for at, each in reversed(list(enumerate(rows)))
        if each.state == LISTEN and each.receive
    }
    bound = joined(row, waited)
    return None if bound is None else waited[bound]


def _table(rows: list[Row], interfaces: Sequence[Interface], notes: list[str]) -> Table:
    from checks.probe.machine import processes  # noqa: PLC0415 - Linux only

    taking = sorted((row for row in rows if row.takes_traffic), key=_listener_order)
    idle = sorted((row for row in rows if not row.takes_traffic), key=_other_order)
    kept = idle[:MOST_OTHERS]
    if len(idle) > len(kept):
        notes.append(f"{len(idle)} connections use the port; {len(kept)} of them are listed.")
    inodes = {row.inode for row in (*taking, *kept) if row.inode}
    holders = processes.holders(inodes)
    if not holders.complete:
        notes.append("There was not enough time to look at every process; owners may be missing.")
    listeners = _marked([_listener(row, holders, interfaces) for row in taking])
    notes += _hidden(listeners, holders)
    others = tuple(
        Peer(
            row.protocol,
            row.state,
            join(row.local, row.local_port),
            join(row.remote, row.remote_port) if row.remote_port else None,
            holders.owners.get(row.inode or 0, ()),
        )
        for row in kept
    )
    sources = dict.fromkeys(row.source for row in rows)
    return Table(listeners, others, " and ".join(sources) or "netlink", tuple(notes))


def _listener(row: Row, holders: Holders, interfaces: Sequence[Interface]) -> Listener:
    owners = holders.owners.get(row.inode or 0, ())
    unit = _unit(row, owners)
    return Listener(
        row.protocol,
        row.local,
        row.local_port,
        row.v6only,
        row.receive if row.protocol == TCP else None,
        row.send if row.protocol == TCP else None,
        row.uid,
        _user(row.uid),
        row.inode,
        _text(unit),
        owners,
        *_reach(row, interfaces),
        row.source,
        unit,
        no_owner=None if owners or row.inode is None else _no_owner(holders),
    )


def _user(uid: int | None) -> str | None:
    from checks.probe.machine.processes import user_name  # noqa: PLC0415 - Linux only

    return None if uid is None else user_name(uid)


def _marked(listeners: Sequence[Listener]) -> tuple[Listener, ...]:
    """The listeners, with what a connection would start, and where they pass connections on."""
    from checks.probe.machine import activation, relay  # noqa: PLC0415 - only where a table was read

    return tuple(
        row._replace(relay=relay.of_listener(row)) if row.protocol == TCP else row
        for row in activation.mark(listeners)
    )


def _text(unit: Unit | None) -> str | None:
    from checks.probe.machine import cgroups  # noqa: PLC0415 - Linux only

    return cgroups.text(unit)


def _unit(row: Row, owners: tuple[Owner, ...]) -> Unit | None:
    """The unit or container; by the socket's own control group where that tells more.

    So it does where no owner is seen, and of a socket that systemd holds for a unit.
    """
    from checks.probe.machine import cgroups  # noqa: PLC0415 - Linux only

    main = rules.main(owners)
    unit = cgroups.unit_of_process(main.pid) if main is not None else None
    if row.cgroup and (not owners or cgroups.is_manager(unit)):
        return cgroups.unit_of_number(row.cgroup) or unit
    return unit


def _reach(row: Row, interfaces: Sequence[Interface]) -> tuple[str, str | None]:
    """Who can connect, by bound address and interface; and that interface's name."""
    name = _tied_to(row.interface) or _interface_of(row.local, interfaces)
    if name == "lo" and row.interface:
        return "host", name
    if row.local in ("0.0.0.0", "::"):
        return ("network" if name else "any"), name
    version = 6 if ":" in row.local else 4
    value = (ipv6 if version == 6 else ipv4).parse(row.local)
    loopback = value is not None and blocks.is_loopback(version, value)
    return ("host" if loopback else "network"), name


def _tied_to(index: int) -> str | None:
    return interface_name(index) if index else None


def _interface_of(address: str, interfaces: Sequence[Interface]) -> str | None:
    if address.startswith("127."):
        address = "127.0.0.1"  # all of 127.0.0.0/8 is on that interface, one address is listed
    return next((each.name for each in interfaces if each.address == address and each.name), None)


def _hidden(listeners: tuple[Listener, ...], holders: Holders) -> list[str]:
    """Say why a listener has no owner: hidden is not the same as absent."""
    notes = []
    for listener in listeners:
        if listener.owners or listener.inode is None:
            continue
        notes.append(_why_hidden(listener, holders))
    return notes


def _no_owner(holders: Holders) -> str:
    """Why no owner was seen, as :attr:`checks.model.evidence.Listener.no_owner` has it.

    Never "nobody": what is not in /proc may be elsewhere.
    """
    if not holders.seen:
        return "no-processes"
    if not holders.hidden:
        return "not-found"
    return "not-all-read" if _sees_everything() else "other-user"


def _why_hidden(listener: Listener, holders: Holders) -> str:
    """The same in words."""
    where = f"{listener.protocol} {join(listener.address, listener.port)}"
    if listener.no_owner == "no-processes":
        return (
            f"The processes could not be looked at (/proc shows none), so who holds {where} is"
            " not known."
        )
    if listener.no_owner == "other-user":
        user = listener.user or "another user"
        return f"The process that holds {where} is hidden from this user; it belongs to {user}."
    note = f"No process was found that holds {where}: "
    if listener.no_owner == "not-all-read":
        count = f"{holders.hidden} process{'es' if holders.hidden > 1 else ''}"
        return note + f"{count} could not be looked at."
    return note + (
        "the kernel itself may, or a process of another PID namespace, such as a container's."
    )


def _sees_everything() -> bool:
    from checks.probe.machine import privileged  # noqa: PLC0415 - machine imports interfaces

    return privileged()


def _foreign(port: int, interfaces: Sequence[Interface]) -> Table:
    from checks.probe.sockets import psutil_backend  # noqa: PLC0415 - other systems than Linux

    rows, owners, unread, note = psutil_backend.sockets(port)
    listeners = _marked(
        [
            Listener(
                row.protocol,
                row.local,
                row.local_port,
                None,
                None,
                None,
                None,
                next((owner.user for owner in owners.get(row, ())), None),
                None,
                None,
                owners.get(row, ()),
                *_reach(row, interfaces),
                row.source,
            )
            for row in sorted(rows, key=_listener_order)
            if row.takes_traffic
        ]
    )
    others = tuple(
        Peer(
            row.protocol,
            row.state,
            join(row.local, row.local_port),
            join(row.remote, row.remote_port) if row.remote_port else None,
            owners.get(row, ()),
        )
        for row in sorted(rows, key=_other_order)[:MOST_OTHERS]
        if not row.takes_traffic
    )
    source = rows[0].source if rows else ""
    return Table(listeners, others, source, (note,) if note else (), unread)


def _listener_order(row: Row) -> tuple[str, int, str, int]:
    return row.protocol, row.version, row.local, row.inode or 0


def _other_order(row: Row) -> tuple[int, str, str, int]:
    own = row.remote_port == row.local_port and row.remote == row.local
    return (-1 if own else _TELLING.get(row.state, 2)), row.protocol, row.remote, row.remote_port
