"""What this machine says of a Unix socket: the file, who listens on it, and a connection."""

from __future__ import annotations

from checks.model.evidence import Listener, Probe, UnixSocket
from checks.model.records import NamedTuple
from checks.model.words import TCP
from checks.probe import fragile, sockets
from checks.probe.machine import activation, files, processes, socket_units
from checks.probe.unix import ask, paths, speaker, table
from checks.rules import unix_services
from checks.rules.spared import would_start

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.model.evidence import Identity, Machine, Owner, UnixListener
    from checks.probe.unix.ask import Connected
    from checks.probe.unix.table import UnixRow

_MOST_SIMILAR = 5
_NO_TABLE = (
    "The kernel's table of Unix sockets could not be read, so who listens is known only from a"
    " connection."
)


class Examined(NamedTuple):
    """What became of one look at a Unix socket.

    Arguments:
        unix: the evidence.
        listeners: the rows of the socket.
        row: the one that a connection went to, as the table has it; None for none.
        opened: the connection that came about; the caller closes it.
        notes: what could not be learned.
        others: the other rows of the table.
    """

    unix: UnixSocket
    listeners: tuple[UnixListener, ...] = ()
    row: UnixRow | None = None
    opened: Connected | None = None
    notes: tuple[str, ...] = ()
    others: tuple[UnixRow, ...] = ()


def run(path: str, machine: Machine, timeout: float, *, identify: bool, activate: bool) -> Probe:
    """Gather the evidence on one Unix socket.

    Arguments:
        path: as it was asked; ``@name`` for an abstract socket.
        machine: the facts about this system.
        timeout: seconds for the connection.
        identify: whether to ask what speaks there, on the connection that is made.
        activate: whether to connect also where that starts a service.
    """
    asked = paths.absolute(path)
    met = examine(asked, machine, timeout, activate=activate)
    made, listeners, identity = met.unix, met.listeners, None
    beside: tuple[Listener, ...] = ()
    if met.opened is not None:
        owners = tuple(owner for one in listeners for owner in one.owners)
        made, identity = _accepted(made, met, owners if identify else None)
    if made.outcome in ("absent", "refused"):
        made = made._replace(similar=_similar(asked, met.others), mount=_mount(listeners))
        beside = _on_port(asked, machine)
    found = probe_of(made, listeners, machine, met.notes, identity)
    return found._replace(listeners=beside)


def examine(path: str, machine: Machine, timeout: float, *, activate: bool) -> Examined:
    """Look at a socket once: its rows, and a connection where that harms nothing.

    Arguments:
        path: absolute, or ``@name``.
        machine: the facts about this system.
        timeout: seconds for the connection.
        activate: whether to connect also where that starts a service.
    """
    if not ask.SUPPORTED:
        return Examined(UnixSocket(path, "unsupported"))
    every = table.rows()
    own = _of_path(path, every or ())
    row = next((one for one in own if one.listens), None)
    listeners = table.describe([one for one in own if one.listens])
    notes = () if every is not None or machine.system != "linux" else (_NO_TABLE,)
    listeners = _held(path, listeners)
    starts = not activate and any(would_start(one) for one in listeners)
    if starts or any(_would_end(one) for one in listeners):
        made = UnixSocket(path, "left-alone", file=paths.facts(path))
        return Examined(made, listeners, row, None, notes)
    made, opened = _connect(path, own, row, timeout)
    others = tuple(one for one in every or () if one.listens and one not in own)
    return Examined(made, listeners, row, opened, notes, others)


def _on_port(path: str, machine: Machine) -> tuple[Listener, ...]:
    """The TCP listeners on the port of the same service: a client may use that instead."""
    port = unix_services.port_of(path)
    if port is None:
        return ()
    rows = sockets.on_port(port, machine.interfaces).listeners
    return tuple(row for row in rows if row.protocol == TCP)


def probe_of(
    made: UnixSocket,
    listeners: tuple[UnixListener, ...],
    machine: Machine,
    notes: tuple[str, ...] = (),
    identity: Identity | None = None,
) -> Probe:
    """Return the evidence on one Unix socket as a probe."""
    return Probe(
        outcome=made.outcome,
        resolution=None,
        attempts=(),
        listeners=(),
        others=(),
        bindings=(),
        machine=machine,
        notes=notes,
        identity=identity,
        unix=made,
        unix_listeners=listeners,
    )


def _of_path(path: str, rows: Sequence[UnixRow]) -> list[UnixRow]:
    """The rows that a path leads to: by the inode of the file, else by their name."""
    number = None if path.startswith("@") else paths.inode(path)
    if number is not None:
        found = [row for row in rows if row.file == number]
        if found:
            return found
    real = path if path.startswith("@") else paths.real(path)
    return [row for row in rows if row.path in (path, real)]


def _held(path: str, listeners: Sequence[UnixListener]) -> tuple[UnixListener, ...]:
    """The listeners, with what holds one for a service: as for a port, its home is the same."""
    where = path if path.startswith("@") else paths.real(path)
    rows = activation.mark([_as_port(row, socket_units.short(where)) for row in listeners])
    return tuple(
        row._replace(activation=held.activation) for row, held in zip(listeners, rows, strict=True)
    )


def _would_end(row: UnixListener) -> bool:
    """Whether a program of the listener takes one client and then ends."""
    return any(fragile.why_on_file(owner.command) is not None for owner in row.owners)


def _as_port(row: UnixListener, path: str) -> Listener:
    """A row as one of TCP with port 0, which is how socket units have a path."""
    return Listener(
        protocol=TCP, address=path, port=0, v6only=None, queue=row.queue, backlog=row.backlog,
        uid=row.uid, user=row.user, inode=row.inode, unit=None, owners=row.owners, reach="host",
    )  # fmt: skip


def _connect(
    path: str, own: Sequence[UnixRow], row: UnixRow | None, timeout: float
) -> tuple[UnixSocket, Connected | None]:
    """Connect, unless others wait already and are not taken; the connection that came about."""
    file = paths.facts(path)
    made = UnixSocket(path, "other-error", file=file)
    if file is not None and file.kind not in ("socket", "dangling-link"):
        return made._replace(outcome="not-a-socket"), None
    if row is not None and row.queue:
        emptied, watched = ask.is_emptied(row.inode, 0)
        if emptied is False:
            full = row.backlog is not None and row.queue > row.backlog
            outcome = "queue-full" if full else "not-taken"
            return made._replace(outcome=outcome, watched=watched), None
    done = ask.connect(path, row.kind if row else "stream", timeout)
    made = made._replace(outcome=done.outcome, errno=done.errno, milliseconds=done.milliseconds)
    return (made, done) if done.socket is not None else (_explained(made, own), None)


def _accepted(
    made: UnixSocket, met: Examined, owners: tuple[Owner, ...] | None
) -> tuple[UnixSocket, Identity | None]:
    """A connection came about: is it taken, who has the other end, what is spoken.

    Arguments:
        made: what is known so far.
        met: with the connection, which is closed here.
        owners: the processes that listen; None where nothing is to be asked.
    """
    assert met.opened is not None  # noqa: S101 - as called
    assert met.opened.socket is not None  # noqa: S101 - the same
    try:
        made = taken(made, met)
        if made.outcome != "accepted":
            return made, None
        if owners is None or (met.row is not None and met.row.kind != "stream"):
            return made, None
        peer = (made.peer,) if made.peer else owners
        return made, speaker.identify(made.path, met.opened.socket, peer)
    finally:
        met.opened.socket.close()


def taken(made: UnixSocket, met: Examined) -> UnixSocket:
    """Return what is known of a connection that came about: is it taken, who has the other end.

    Arguments:
        made: what is known so far.
        met: with the connection.
    """
    assert met.opened is not None  # noqa: S101 - as called
    seen = any(row.owners for row in met.listeners)
    peer = None if seen else _peer(met.opened)
    uid = met.opened.peer[1] if met.opened.peer else None
    made = made._replace(peer=peer, peer_uid=uid)
    if met.row is not None and met.row.queue is not None:
        emptied, watched = ask.is_emptied(met.row.inode, 0)
        if emptied is False:
            return made._replace(outcome="not-taken", watched=watched)
    return made


def _peer(done: Connected) -> Owner | None:
    """The process that called listen(), by the connection, where the table shows no owner.

    0 is one of another PID namespace, and process 1 listened for a service that has it now.
    """
    return processes.describe(done.peer[0]) if done.peer and done.peer[0] > 1 else None


def _explained(made: UnixSocket, own: Sequence[UnixRow]) -> UnixSocket:
    """What else is known of a connection that failed."""
    if made.outcome == "absent":
        parent = None if made.path.startswith("@") else paths.nearest(made.path)
        if made.file is not None and made.file.kind == "dangling-link":
            parent = paths.nearest(paths.real(made.path))
        return made._replace(parent=parent)
    if made.outcome == "not-permitted":
        kept = paths.barrier(made.path)
        return made._replace(barrier=kept, membership=paths.membership(kept))
    if made.outcome == "refused":
        return made._replace(bound=any(not row.listens for row in own))
    return made


def _mount(listeners: Sequence[UnixListener]) -> str | None:
    """Whether the process that has a file of this path sees the same files as this one."""
    owner = next((one for row in listeners for one in row.owners), None)
    theirs = files.link(f"/proc/{owner.pid}/ns/mnt") if owner is not None else None
    ours = files.link("/proc/self/ns/mnt")
    if theirs is None or ours is None:
        return None
    return "same" if theirs == ours else "other"


def _similar(path: str, rows: Sequence[UnixRow]) -> tuple[UnixListener, ...]:
    """The listening sockets that may have been meant, with their owners."""
    other = {row.path: row for row in rows}
    likely = unix_services.alike(path, other)[:_MOST_SIMILAR]
    return table.describe([other[one] for one in likely])
