"""The kernel's table of Unix sockets, with the processes that hold them.

netlink tells what ``/proc/net/unix`` leaves out: the queue of a listener, and the inode of
the file that it is bound to, which proves that a path leads to this very socket. Both show
the sockets of this network namespace only, although a path leads to others too.

Sources: sock_diag(7), include/uapi/linux/unix_diag.h, net/unix/diag.c, unix(7).
"""

from __future__ import annotations

import struct
import sys

from checks.model.evidence import UnixListener
from checks.model.records import NamedTuple
from checks.probe import system
from checks.probe.machine import files, kernel, processes
from checks.probe.sockets.evidence import no_owner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_NETLINK_SOCK_DIAG = 4
_SOCK_DIAG_BY_FAMILY = 20
_AF_UNIX = 1
_REQUEST = struct.Struct("=BBHIIIII")  # unix_diag_req
_ROW = struct.Struct("=BBBBIII")  # unix_diag_msg
_NAME, _VFS, _QUEUE, _UID = 0, 1, 4, 7  # UNIX_DIAG_*
_SHOW = 0x01 | 0x02 | 0x10 | 0x40  # UDIAG_SHOW_NAME, _VFS, _RQLEN, _UID

_LISTEN, _CLOSED = 10, 7  # include/net/tcp_states.h
_KINDS = {1: "stream", 2: "datagram", 5: "seqpacket"}  # SOCK_*
_ACCEPTS = 0x10000  # __SO_ACCEPTCON, include/linux/net.h
_TABLE = "/proc/net/unix"
_MOST = 1 << 24  # bytes of that file


class UnixRow(NamedTuple):
    """One bound Unix socket.

    Arguments:
        path: as the program named it; ``@name`` for an abstract one.
        kind: as :attr:`checks.model.evidence.UnixListener.kind` has it.
        listens: whether it takes connections.
        inode: of the socket.
        file: inode of the file; None where unknown, or for an abstract one.
        queue: connections that wait.
        backlog: how many may.
        uid: the user that made it.
        source: the witness.
    """

    path: str
    kind: str
    listens: bool
    inode: int
    file: int | None = None
    queue: int | None = None
    backlog: int | None = None
    uid: int | None = None
    source: str = "netlink"


def rows(*, listening: bool = False) -> list[UnixRow] | None:
    """Return every bound Unix socket of this network namespace; None where none can be read.

    Arguments:
        listening: only those that take connections.
    """
    if system.NAME != "linux":
        return None
    try:
        found = list(_of_netlink(listening=listening))
    except (OSError, ValueError, AttributeError):
        return _of_procfs(listening=listening)
    return found


def _of_netlink(*, listening: bool) -> list[UnixRow]:
    states = 1 << _LISTEN if listening else 1 << _LISTEN | 1 << _CLOSED
    request = _REQUEST.pack(_AF_UNIX, 0, 0, states, 0, _SHOW, 0xFFFFFFFF, 0xFFFFFFFF)
    found = []
    for _, body in kernel.dump(_NETLINK_SOCK_DIAG, _SOCK_DIAG_BY_FAMILY, request):
        if len(body) >= _ROW.size:
            row = _row(body)
            if row is not None:
                found.append(row)
    return found


def _row(body: bytes) -> UnixRow | None:
    """One row; None for a socket without a name, which no client can ask for."""
    _, kind, state, _, inode, _, _ = _ROW.unpack_from(body)
    told = dict(kernel.attributes(body, _ROW.size))
    name = told.get(_NAME, b"")
    if not name:
        return None
    listens = state == _LISTEN
    queue = told.get(_QUEUE, b"") if listens else b""
    vfs, uid = told.get(_VFS, b""), told.get(_UID, b"")
    waiting = struct.unpack_from("=II", queue) if len(queue) >= 8 else (None, None)
    return UnixRow(
        path=_text(name),
        kind=_KINDS.get(kind, str(kind)),
        listens=listens,
        inode=inode,
        file=int.from_bytes(vfs[:4], sys.byteorder) if len(vfs) >= 4 else None,
        queue=waiting[0],
        backlog=waiting[1],
        uid=int.from_bytes(uid[:4], sys.byteorder) if len(uid) >= 4 else None,
    )


def _text(name: bytes) -> str:
    """A name as people write it: an abstract one begins with a NUL byte, unix(7)."""
    if name[:1] == b"\0":
        return "@" + name[1:].decode("utf-8", "replace").replace("\0", "@")
    return name.partition(b"\0")[0].decode("utf-8", "replace")


def _of_procfs(*, listening: bool) -> list[UnixRow] | None:
    """``Num RefCount Protocol Flags Type St Inode Path``; the path may have spaces."""
    text = files.read(_TABLE, _MOST)
    if text is None:
        return None
    found = []
    for line in text.splitlines()[1:]:
        fields = line.split(None, 7)
        if len(fields) == 8:
            try:
                flags, kind, inode = int(fields[3], 16), int(fields[4], 16), int(fields[6])
            except ValueError:
                continue
            row = UnixRow(
                path=fields[7], kind=_KINDS.get(kind, str(kind)), listens=bool(flags & _ACCEPTS),
                inode=inode, source="procfs",
            )  # fmt: skip
            if row.listens or not listening:
                found.append(row)
    return found


def describe(found: Sequence[UnixRow]) -> tuple[UnixListener, ...]:
    """Return rows as evidence, with the processes that hold them; those are looked for once."""
    held = processes.holders([row.inode for row in found])
    made = []
    for row in found:
        owners = held.owners.get(row.inode, ())
        user = system.user_name(row.uid) if row.uid is not None else None
        made.append(
            UnixListener(
                path=row.path,
                kind=row.kind,
                queue=row.queue,
                backlog=row.backlog,
                uid=row.uid,
                user=user or (owners[0].user if owners else None),
                inode=row.inode,
                owners=owners,
                no_owner=None if owners else no_owner(held),
                source=row.source,
            )
        )
    return tuple(made)
