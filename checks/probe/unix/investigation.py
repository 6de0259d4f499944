"""What this machine says of a Unix socket: the file, who listens on it, and a connection."""

from __future__ import annotations

import os

from checks.model.evidence import Probe, UnixSocket
from checks.model.words import TCP
from checks.probe import sockets
from checks.probe.machine import processes
from checks.probe.unix import ask, paths, speaker, table
from checks.rules import unix_services

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.model.evidence import Identity, Listener, Machine, Owner, UnixListener
    from checks.probe.unix.ask import Connected
    from checks.probe.unix.table import UnixRow

_MOST_SIMILAR = 5
_NO_TABLE = (
    "The kernel's table of Unix sockets could not be read, so who listens is known only from a"
    " connection."
)


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
    if not ask.SUPPORTED:
        return _probe(UnixSocket(asked, "unsupported"), (), machine)
    every = table.rows()
    own = _of_path(asked, every or ())
    listening = [row for row in own if row.listens]
    listeners = table.describe(listening)
    held = _held_by_systemd(listeners)
    notes = () if every is not None or machine.system != "linux" else (_NO_TABLE,)
    if held is not None and not activate:
        made = UnixSocket(asked, "left-alone", file=paths.facts(asked), reason=held)
        return _probe(made, listeners, machine, notes)
    row = next(iter(listening), None)
    made, opened = _connect(asked, own, row, timeout)
    identity = None
    beside: tuple[Listener, ...] = ()
    if opened is not None:
        owners = tuple(owner for one in listeners for owner in one.owners)
        made, identity = _accepted(made, opened, row, owners if identify else None)
    if made.outcome in ("absent", "refused"):
        made = made._replace(similar=_similar(asked, own, every or ()))
        beside = _on_port(asked, machine)
        listeners = ()  # of a file that was replaced, whose socket is reached no more
    made_of = _probe(made, listeners, machine, notes, identity)
    return made_of._replace(listeners=beside)


def _on_port(path: str, machine: Machine) -> tuple[Listener, ...]:
    """The TCP listeners on the port of the same service: a client may use that instead."""
    port = unix_services.port_of(path)
    if port is None:
        return ()
    rows = sockets.on_port(port, machine.interfaces).listeners
    return tuple(row for row in rows if row.protocol == TCP)


def _probe(
    made: UnixSocket,
    listeners: tuple[UnixListener, ...],
    machine: Machine,
    notes: tuple[str, ...] = (),
    identity: Identity | None = None,
) -> Probe:
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
    real = path if path.startswith("@") else os.path.realpath(path)
    return [row for row in rows if row.path in (path, real)]


def _held_by_systemd(listeners: Sequence[UnixListener]) -> str | None:
    """The manager that alone holds the socket, so that a connection would start its service."""
    owners = [owner for row in listeners for owner in row.owners]
    alone = owners and all(owner.pid == 1 or owner.name == "systemd" for owner in owners)
    return owners[0].name if alone and owners[0].name in ("systemd", "launchd") else None


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
    made: UnixSocket, done: Connected, row: UnixRow | None, owners: tuple[Owner, ...] | None
) -> tuple[UnixSocket, Identity | None]:
    """A connection came about: is it taken, who has the other end, what is spoken.

    Arguments:
        made: what is known so far.
        done: the connection; it is closed here.
        row: the listener, where the table has it.
        owners: the processes that listen; None where nothing is to be asked.
    """
    assert done.socket is not None  # noqa: S101 - as called
    try:
        peer = _peer(done) if row is None else None
        made = made._replace(peer=peer, peer_uid=done.peer[1] if done.peer else None)
        if row is not None and row.queue is not None:
            emptied, watched = ask.is_emptied(row.inode, 0)
            if emptied is False:
                return made._replace(outcome="not-taken", watched=watched), None
        if owners is None or (row is not None and row.kind != "stream"):
            return made, None
        return made, speaker.identify(made.path, done.socket, (peer,) if peer else owners)
    finally:
        done.socket.close()


def _peer(done: Connected) -> Owner | None:
    """The process that listens, by the connection; 0 is one of another PID namespace."""
    return processes.describe(done.peer[0]) if done.peer and done.peer[0] > 0 else None


def _explained(made: UnixSocket, own: Sequence[UnixRow]) -> UnixSocket:
    """What else is known of a connection that failed."""
    if made.outcome == "absent":
        parent = None if made.path.startswith("@") else paths.nearest(made.path)
        if made.file is not None and made.file.kind == "dangling-link":
            parent = paths.nearest(os.path.realpath(made.path))
        return made._replace(parent=parent)
    if made.outcome == "not-permitted":
        kept = paths.barrier(made.path)
        return made._replace(barrier=kept, membership=paths.membership(kept))
    if made.outcome == "refused":
        return made._replace(bound=any(not row.listens for row in own))
    return made


def _similar(
    path: str, own: Sequence[UnixRow], rows: Sequence[UnixRow]
) -> tuple[UnixListener, ...]:
    """The listening sockets that may have been meant, with their owners."""
    other = {row.path: row for row in rows if row.listens and row not in own}
    likely = unix_services.alike(path, other)[:_MOST_SIMILAR]
    return table.describe([other[one] for one in likely])
