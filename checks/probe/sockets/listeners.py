"""Every listener of this machine, with its owners: the whole table at once.

:mod:`checks.probe.sockets.table` answers for one port and may look things up row by
row. A machine with ten thousand listeners is asked differently: one dump of
each table, one pass over the processes, and every name, unit and interface
looked up once.
"""

from __future__ import annotations

import sys

from checks.address import blocks, ipv4, ipv6
from checks.model.evidence import TCP, UDP, Listener
from checks.probe.machine import activation
from checks.probe.sockets.row import Row, interface_name
from checks.probe.sockets.table import Table
from checks.rules import owners as rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from checks.model.evidence import Interface, Owner, Unit

PROTOCOLS = (TCP, UDP)


def every(
    interfaces: Sequence[Interface] = (), protocols: Sequence[str] = PROTOCOLS, port: int = 0
) -> Table:
    """Return the sockets of this machine that take traffic.

    Arguments:
        interfaces: the machine's addresses, to name a listener's interface.
        protocols: ``tcp``, ``udp`` or both.
        port: the local port; 0 for every one.

    Returns:
        the listeners by protocol, port and address. ``others`` is empty. The
        notes say what could not be learned; nothing is raised.
    """
    if sys.platform == "linux":
        return _linux(interfaces, protocols, port)
    return _elsewhere(interfaces, protocols, port)


def named(
    interfaces: Sequence[Interface] = (), protocols: Sequence[str] = PROTOCOLS, port: int = 0
) -> Table:
    """The same as :func:`every`, of the owners only number, name and parent.

    For a list on a screen: nothing else of them is shown there, and on a large
    machine the rest is a third of the work.
    """
    if sys.platform == "linux":
        from checks.probe.machine import processes  # noqa: PLC0415 - Linux only

        return _linux(interfaces, protocols, port, processes.name)
    return _elsewhere(interfaces, protocols, port)


def _linux(
    interfaces: Sequence[Interface],
    protocols: Sequence[str],
    port: int,
    describe: Callable[[int, str], Owner | None] | None = None,
) -> Table:
    from checks.probe.machine import processes  # noqa: PLC0415 - Linux only
    from checks.probe.sockets import linux  # noqa: PLC0415 - Linux only

    rows, unread, told = linux.read(protocols, port, taking=True)
    notes = list(told)
    rows.sort(key=_order)
    inodes = {row.inode for row in rows if row.inode}
    held = processes.holders(inodes, describe=describe or processes.describe)
    if not held.complete:
        notes.append("There was not enough time to look at every process; owners may be missing.")
    listed = _Listed(interfaces, held.owners, units=describe is None)
    listeners = activation.mark([listed.listener(row) for row in rows])
    source = " and ".join(dict.fromkeys(row.source for row in rows))
    return Table(listeners, (), source or "netlink", tuple(notes), unread)


class _Listed:
    """Turns rows into listeners; remembers what it has looked up.

    Arguments:
        interfaces: the machine's addresses.
        owners: the processes that hold each inode.
        units: whether the unit is looked up also where an owner is seen.
    """

    def __init__(
        self,
        interfaces: Sequence[Interface],
        owners: Mapping[int, tuple[Owner, ...]],
        *,
        units: bool = True,
    ) -> None:
        self.owners = owners
        self.of_owners = units
        self.names = {each.address: each.name for each in reversed(interfaces)}
        self.users: dict[int | None, str] = {}
        self.units: dict[int, Unit | None] = {}
        self.groups: dict[int, Unit | None] = {}
        self.reaches: dict[tuple[str, int], tuple[str, str | None]] = {}

    def listener(self, row: Row) -> Listener:
        """Return the row as evidence."""
        owners = self.owners.get(row.inode or 0, ())
        where = row.local, row.interface
        reach = self.reaches.get(where)
        if reach is None:
            reach = self.reaches[where] = self.reach(row)
        tcp = row.protocol == TCP
        unit = None if owners and not self.of_owners else self.unit(row, owners)
        return Listener(
            row.protocol,
            row.local,
            row.local_port,
            row.v6only,
            row.receive if tcp else None,
            row.send if tcp else None,
            row.uid,
            self.users.get(row.uid) or self.user(row.uid),
            row.inode,
            None if unit is None else self.text(unit),
            owners,
            reach[0],
            reach[1],
            row.source,
            unit,
        )

    def user(self, uid: int | None) -> str | None:
        """The login name of a user, asked for once."""
        if uid is None:
            return None
        if uid not in self.users:
            from checks.probe.machine.processes import user_name  # noqa: PLC0415 - Linux only

            self.users[uid] = user_name(uid)
        return self.users[uid]

    def text(self, unit: Unit) -> str | None:
        """The unit in words."""
        from checks.probe.machine import cgroups  # noqa: PLC0415 - Linux only

        return cgroups.text(unit)

    def unit(self, row: Row, owners: tuple[Owner, ...]) -> Unit | None:
        """The unit or container, as :mod:`checks.probe.sockets.table` finds it."""
        if not owners:
            return self.group(row.cgroup) if row.cgroup else None
        unit = self.process(owners)
        from checks.probe.machine import cgroups  # noqa: PLC0415 - Linux only

        if row.cgroup and cgroups.is_manager(unit):
            return self.group(row.cgroup) or unit
        return unit

    def process(self, owners: tuple[Owner, ...]) -> Unit | None:
        """The unit or container of the main process, asked for once."""
        main = rules.main(owners)
        pid = main.pid if main is not None else 0
        if pid not in self.units:
            from checks.probe.machine import cgroups  # noqa: PLC0415 - Linux only

            self.units[pid] = cgroups.unit_of_process(pid)
        return self.units[pid]

    def group(self, number: int) -> Unit | None:
        """The unit or container of a control group, asked for once."""
        if number not in self.groups:
            from checks.probe.machine import cgroups  # noqa: PLC0415 - Linux only

            self.groups[number] = cgroups.unit_of_number(number)
        return self.groups[number]

    def reach(self, row: Row) -> tuple[str, str | None]:
        """Who can connect, by bound address and interface; and that interface's name."""
        # All of 127.0.0.0/8 is on the interface of 127.0.0.1, the one address that is listed.
        listed = "127.0.0.1" if row.local.startswith("127.") else row.local
        name = _tied_to(row.interface) or self.names.get(listed) or None
        if row.interface and name == "lo":
            return "host", name
        if row.local in ("0.0.0.0", "::"):
            return ("network" if name else "any"), name
        version = 6 if ":" in row.local else 4
        value = (ipv6 if version == 6 else ipv4).parse(row.local)
        loopback = value is not None and blocks.is_loopback(version, value)
        return ("host" if loopback else "network"), name


def _tied_to(index: int) -> str | None:
    return interface_name(index) if index else None


def _elsewhere(interfaces: Sequence[Interface], protocols: Sequence[str], port: int) -> Table:
    """psutil's table, on other systems than Linux."""
    from checks.probe.sockets import psutil_backend  # noqa: PLC0415 - other systems than Linux

    rows, held, unread, note = psutil_backend.sockets(port, taking=True)
    listed = _Listed(interfaces, {})
    listeners = []
    for row in sorted(rows, key=_order):
        if row.protocol not in protocols:
            continue
        owners = held[row]
        reach, name = listed.reach(row)
        user = next((owner.user for owner in owners), None)
        listeners.append(
            Listener(
                row.protocol, row.local, row.local_port, row.v6only, None, None, row.uid, user,
                None, None, owners, reach, name, row.source,
            )
        )  # fmt: skip
    source = listeners[0].source if listeners else ""
    gaps = tuple(name for name in unread if name[:-1] in protocols)
    return Table(activation.mark(listeners), (), source, (note,) if note is not None else (), gaps)


def _order(row: Row) -> tuple[str, int, int, str, int]:
    return row.protocol, row.local_port, row.version, row.local, row.inode or 0
