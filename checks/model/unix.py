"""What this machine showed of a Unix socket; a part of :mod:`checks.model.evidence`."""

from __future__ import annotations

from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Activation, Owner


class UnixListener(NamedTuple):
    """One row of the kernel's table of Unix sockets that takes connections."""

    path: str
    """The file that it is bound to, as the program named it; ``@name`` for an abstract one."""
    kind: str
    """``stream``, ``seqpacket`` or ``datagram``."""
    queue: int | None
    """Connections that wait to be accepted; None if unknown."""
    backlog: int | None
    """The largest number that may wait; None if unknown."""
    uid: int | None
    """The user that made the socket, as a number."""
    user: str | None
    """The same, as a name."""
    inode: int | None
    """The kernel's number of the socket."""
    owners: tuple[Owner, ...]
    """Empty if the owner is hidden from this user or lives elsewhere."""
    no_owner: str | None = None
    """Why ``owners`` is empty, as in ``Listener.no_owner``."""
    source: str = "netlink"
    """Where it was read: ``netlink`` or ``procfs``."""
    activation: Activation | None = None
    """Set where the socket is held for a service that a connection starts."""


class FileFacts(NamedTuple):
    """What a path leads to, as stat(2) has it."""

    path: str
    """The path."""
    kind: str
    """``socket``, ``file``, ``directory``, ``pipe``, ``device`` or ``dangling-link``."""
    mode: str
    """As ls shows it: ``srw-rw----``."""
    user: str
    """Whose it is, a name or a number."""
    group: str
    """Its group, a name or a number."""


class UnixSocket(NamedTuple):
    """A Unix socket that was asked for, and what became of the connection.

    ``outcome`` is one of:

    ``accepted``
        connect() succeeded
    ``refused``
        ECONNREFUSED: the file is there, and no socket listens on it
    ``absent``
        ENOENT, or of an abstract name ECONNREFUSED: there is no such socket
    ``not-permitted``
        EACCES or EPERM: the mode of a directory or of the file, or a policy
    ``not-a-socket``
        the path leads to a file of another kind
    ``too-long``
        the path is longer than a socket's address (107 bytes on Linux)
    ``queue-full``
        EAGAIN: so many connections wait already as may wait
    ``wrong-type``
        EPROTOTYPE: a datagram socket, which takes no connections
    ``left-alone``
        a service's socket that systemd holds, where a connection would start the service, or
        that of a program which takes one client and then ends
    ``not-taken``
        others wait and are not taken, so none was made; or this one was not taken
    ``unsupported``
        this Python has no Unix sockets
    ``other-error``
        any other errno
    """

    path: str
    """The path as it was asked, absolute; ``@name`` for an abstract socket."""
    outcome: str
    """What became of it, see above."""
    errno: str | None = None
    """Symbol of connect()'s errno; None if there is none or none was made."""
    milliseconds: float | None = None
    """Until the outcome."""
    file: FileFacts | None = None
    """What the path leads to; None for nothing, an abstract name, or what was not visible."""
    barrier: FileFacts | None = None
    """Of ``not-permitted``: the directory or file whose mode keeps this user out; None if
    the modes allow it, so that a policy such as AppArmor or SELinux does not."""
    membership: str | None = None
    """Of ``not-permitted``: whether the group of ``barrier`` would help: ``not-member``, or
    ``not-in-session`` (this user is in it, and this session is older). None if it would not."""
    parent: str | None = None
    """Of ``absent``: the nearest directory above the path that exists."""
    similar: tuple[UnixListener, ...] = ()
    """Of ``absent`` and ``refused``: listening sockets that may be the one that was meant."""
    peer: Owner | None = None
    """Of ``accepted``: the process that called listen() by SO_PEERCRED, where no row shows one."""
    peer_uid: int | None = None
    """The user of that process, as a number, also where the process is not visible."""
    bound: bool = False
    """Of ``refused``: whether a socket is bound to the file that does not listen."""
    watched: float | None = None
    """Of ``not-taken``: milliseconds for which the queue was watched."""
    mount: str | None = None
    """Of ``absent`` and ``refused`` where a process listens on a file of this path nevertheless:
    ``same`` if it sees the files that this program sees, so its file was removed or replaced,
    ``other`` if it has its own (a container, PrivateTmp=); None if that was not visible."""
