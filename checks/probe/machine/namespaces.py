"""What listens in the other network namespaces of this machine: in its containers, mostly.

``/proc/PID/net`` has the tables of the namespace that a process is in, and every user may
read them: only who holds a socket is hidden. A namespace that no process is in has no table
there, and nothing accepts in it.

Asked only where the sockets of this namespace do not explain what a connection met. Bounded in
time, namespaces and bytes; :mod:`checks.probe.machine.spaces` finds them.

Sources: network_namespaces(7); proc_pid_net(5); Linux, fs/proc/proc_net.c
(get_proc_task_net, which asks for no permission) and net/ipv4/tcp_ipv4.c (tcp_seq_start,
listeners first).
"""

from __future__ import annotations

import socket
from time import monotonic

from checks.model.evidence import NamespaceListener, Namespaces
from checks.model.words import TCP, at
from checks.probe import system
from checks.probe.machine import cgroups, files, interfaces, processes, relay
from checks.probe.machine.spaces import Seen, Space, others
from checks.probe.sockets import netlink, procfs
from checks.probe.sockets.evidence import Describer
from checks.probe.sockets.row import LISTEN
from checks.rules.places import place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from checks.model.evidence import Interface, Listener, Unit
    from checks.probe.sockets.row import Row

_MOST_LISTENERS = 8
_LISTENERS = 1 << 18  # bytes of a table: 1,700 listeners
_TABLE = 1 << 22  # bytes of a table with its connections: 28,000
_OF_CONTAINERS = tuple("docker br- veth podman cni lxc lxd incus flannel cali".split())
"""How the interfaces begin that lead to containers: Docker, Podman, Kubernetes, LXC."""
_OPEN = frozenset(("established", "close-wait", "fin-wait-1", "fin-wait-2"))


# What is asked of them


def on_port(port: int, seen: Seen | None = None) -> Namespaces:
    """Return the listeners on a port in the other namespaces.

    Arguments:
        port: 1 to 65535.
        seen: those namespaces, where they were looked for.
    """
    seen = seen or others()
    rows, complete = _rows(seen, port)
    return _result(seen, "port", rows, complete=complete)


def _rows(seen: Seen, port: int) -> tuple[list[tuple[Space, Row]], bool]:
    """The listeners on a port, each with its namespace; whether there was time for all."""
    spaces = [space for space in seen.spaces if _in_use(space)]
    entered = _entered(spaces, port, seen) if len(spaces) > 1 else None
    found: list[tuple[Space, Row]] = []
    for space in spaces:
        if entered is not None:
            rows = entered.get(space.root, [])
        elif monotonic() > seen.deadline:
            return found, False
        else:
            rows = _listening(space, port)
        found += [(space, row) for row in rows]
    return found, seen.complete


def _entered(spaces: Sequence[Space], port: int, seen: Seen) -> dict[str, list[Row]] | None:
    """The listeners by the fast way, which root has; None for a user, and where it fails."""
    if not system.is_administrator():
        return None
    try:
        from checks.probe.machine import enter  # noqa: PLC0415 - ctypes: 4 ms, for several only
    except ImportError:  # a Python that was built without ctypes
        return None
    roots = [space.root for space in spaces]
    return enter.listening(roots, port, lambda: monotonic() > seen.deadline)


def _in_use(space: Space) -> tuple[int, ...]:
    """The IP versions of which a namespace has TCP sockets: proc_pid_net(5), sockstat.

    A browser's sandbox has none, and its table need not be read: 4.5 ms each on a machine with
    24 GB, as the kernel walks the connections of all namespaces for it.
    """
    kept = []
    for version, name in ((4, "sockstat"), (6, "sockstat6")):
        text = files.read(f"{space.root}/net/{name}")
        if text is None or not _has_none(text):
            kept.append(version)
    return tuple(kept)


def _has_none(sockstat: str) -> bool:
    """Whether the line ``TCP: inuse 0 ...``, or ``TCP6: inuse 0``, is there."""
    lines = (line.split()[:3] for line in sockstat.splitlines())
    return any(words in (["TCP:", "inuse", "0"], ["TCP6:", "inuse", "0"]) for words in lines)


def _listening(space: Space, port: int) -> list[Row]:
    rows = _table(space, port=port, limit=_LISTENERS)
    return [row for row in rows if row.state == LISTEN]


def _table(space: Space, *, port: int = 0, remote_port: int = 0, limit: int) -> list[Row]:
    """The TCP rows of a namespace; none where its processes are gone."""
    try:
        return [
            row
            for version in _in_use(space)
            for row in procfs.sockets(
                TCP, version, port, space.root, remote_port=remote_port, limit=limit
            )
        ]
    except OSError:
        return []


def of_connection(ours: tuple[str, int], own: Sequence[Interface]) -> Namespaces:
    """Return the listener that an open connection of ours was led to.

    The other end is in another namespace, whose table has our end as its far end: with our
    port, and an address of this machine, as NAT may have put another one in its place. Only one
    row of all namespaces that can be it is proof, since one port serves many connections.

    Arguments:
        ours: address and port of our end.
        own: the addresses of this machine.
    """
    seen = others()
    here = {one for one in (ours[0], *(each.address for each in own)) if not place(one).loopback}
    ends: list[tuple[Space, Row]] = []
    for space in seen.spaces:
        if monotonic() > seen.deadline:
            return _result(seen, "connection", [], complete=False)
        ends += [(space, row) for row in _ends(space, ours[1], here)]
    if len(ends) != 1 or not seen.complete:
        return _result(seen, "connection", [], complete=seen.complete)
    ((space, row),) = ends
    rows = [(space, each) for each in _takers(_listening(space, row.local_port), row)]
    found = _result(seen, "connection", rows[:1], complete=True)
    return _arrived(found, at(row.local, row.local_port))


def _ends(space: Space, port: int, here: Collection[str]) -> list[Row]:
    """The rows of a namespace whose far end may be a port of this one.

    An address that both have, as they all have 127.0.0.1, is the namespace's own; and a socket
    of ours that is connected to the very row is its far end.
    """
    rows = [
        row
        for row in _table(space, remote_port=port, limit=_TABLE)
        if row.state in _OPEN and row.remote in here
    ]
    theirs = _addresses(space) if rows else ()
    return [row for row in rows if row.remote not in theirs and not _is_direct(port, row)]


def _arrived(found: Namespaces, end: str) -> Namespaces:
    """The same with where the connection ended."""
    return found._replace(listeners=tuple(one._replace(arrived=end) for one in found.listeners))


def _is_direct(port: int, row: Row) -> bool:
    """Whether another socket of ours, with the same port, is connected to the very end."""
    version = 6 if ":" in row.local else 4
    try:
        return any(
            (each.remote, each.remote_port) == (row.local, row.local_port)
            for each in netlink.sockets(TCP, version, port)
        )
    except (OSError, ValueError, AttributeError):
        return True


def _takers(rows: Iterable[Row], connection: Row) -> list[Row]:
    """The listeners that may have taken a connection, the most specific one first."""
    bound = [row for row in rows if row.local in (connection.local, "0.0.0.0", "::")]
    return sorted(bound, key=lambda row: row.local != connection.local)


def behind(target: str) -> Namespaces | None:
    """Return what listens where a relay passes connections on to.

    Arguments:
        target: ``172.17.0.2:80``.

    Returns:
        None where no other namespace has that address, or more than one: then it is not
        known which is meant (as with Docker inside of a container).
    """
    address, _, number = target.rpartition(":")
    address = address.strip("[]")
    if not place(address).version or not (number.isascii() and number.isdecimal()):
        return None
    seen = others()
    having: list[Space] = []
    for space in seen.spaces:
        if monotonic() > seen.deadline:
            return None
        if address in _addresses(space):
            having.append(space)
    if len(having) != 1 or not seen.complete:
        return None
    rows = [(having[0], row) for row in _listening(having[0], int(number))]
    return _result(seen, "relay", rows, complete=True)._replace(relay=target)


# What is said of them


def _result(
    seen: Seen, why: str, rows: Sequence[tuple[Space, Row]], *, complete: bool
) -> Namespaces:
    held = processes.holders({row.inode for _, row in rows[:_MOST_LISTENERS] if row.inode})
    made = Describer((), held, reasons=True)
    listeners = tuple(
        _of_space(space, made.listener(row), why) for space, row in rows[:_MOST_LISTENERS]
    )
    return Namespaces(
        listeners=listeners,
        looked_at=len(seen.spaces),
        complete=complete and not seen.hidden,
        containers=_container_interfaces() if seen.hidden else (),
    )


def _of_space(space: Space, listener: Listener, why: str) -> NamespaceListener:
    unit = listener.managed_by or _unit(space)
    link = files.link(f"{space.root}/ns/net") or ""
    number = link.removeprefix("net:[").removesuffix("]")
    return NamespaceListener(
        listener=listener._replace(managed_by=unit, unit=cgroups.text(unit)),
        why=why,
        pid=space.pids[0],
        namespace=int(number) if number.isascii() and number.isdecimal() else None,
        addresses=_addresses(space),
        container=_container(unit, listener.owners[0].pid if listener.owners else space.pids[0]),
    )


def _unit(space: Space) -> Unit | None:
    """The unit or container that all of its processes are in, as far as looked at."""
    units = {cgroups.unit_of_process(pid) for pid in space.pids}
    return units.pop() if len(units) == 1 else None


def _addresses(space: Space) -> tuple[str, ...]:
    """The addresses of a namespace that others may connect to."""
    found = (each.address for each in interfaces.of_procfs(space.root))
    places = ((address, place(address)) for address in found)
    return tuple(address for address, spot in places if not spot.loopback and not spot.link_local)


def _container(unit: Unit | None, pid: int) -> str | None:
    """The name of a container, by Docker's daemon or by Podman's monitor."""
    if unit is None:
        return None
    if unit.kind == "docker":
        return relay.name_of(unit.name)
    if unit.kind == "podman":
        return of_monitor(pid)
    return unit.name if unit.kind in ("lxc", "machine") else None


def of_monitor(pid: int) -> str | None:
    """Return the name of a Podman container; None where its monitor is not seen.

    conmon, which is an ancestor of its processes, has it on the command line (``-n``).

    Arguments:
        pid: a process of the container.
    """
    for ancestor, name in processes.ancestors_of(pid)[1:]:
        if name == "conmon":
            owner = processes.describe(ancestor)
            found = relay.of_owner(owner, 0) if owner is not None else None
            return found.container if found is not None else None
    return None


def _container_interfaces() -> tuple[str, ...]:
    """The interfaces of this machine that lead to containers, by their names."""
    try:
        names = [name for _, name in socket.if_nameindex()]
    except (OSError, AttributeError):
        return ()
    return tuple(name for name in names if name.startswith(_OF_CONTAINERS))
