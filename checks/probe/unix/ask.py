"""connect() to a Unix socket, and what became of it.

A program that takes no connections keeps ours in its queue until it does, also after we
have closed it. So none is made where another waits and is not taken, and one at most.
"""

from __future__ import annotations

import socket
import struct
from time import monotonic, sleep

from checks.model.records import NamedTuple
from checks.probe.ask.connect import symbol_of
from checks.probe.unix import table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

SUPPORTED = hasattr(socket, "AF_UNIX")
"""Python for Windows has none, although Windows itself does."""

LONGEST = 107
"""Bytes of a path: ``sun_path`` has 108 on Linux, with the NUL that ends it; macOS has 104."""

_WATCHED = 0.25
"""Seconds for which a queue is watched; a server takes its connections in microseconds."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.001, 0.05

_OUTCOMES = {
    "ECONNREFUSED": "refused",
    "ENOENT": "absent",
    "ENOTDIR": "absent",
    "EACCES": "not-permitted",
    "EPERM": "not-permitted",
    "EAGAIN": "queue-full",
    "EWOULDBLOCK": "queue-full",
    "EPROTOTYPE": "wrong-type",
    "ENAMETOOLONG": "too-long",
    "ENOTSOCK": "not-a-socket",
}


class Connected(NamedTuple):
    """What connect() gave.

    Arguments:
        outcome: as :attr:`checks.model.evidence.UnixSocket.outcome` has it.
        errno: its symbol; None where there is none.
        milliseconds: until the outcome.
        socket: our end of a connection that came about; the caller closes it.
        peer: process and user at the other end, SO_PEERCRED; None where not to be had.
    """

    outcome: str
    errno: str | None
    milliseconds: float
    socket: socket.socket | None = None
    peer: tuple[int, int] | None = None


def address(path: str) -> str | bytes:
    """Return a path as connect() takes it: an abstract name begins with a NUL byte."""
    return b"\0" + path[1:].encode() if path.startswith("@") else path


def connect(path: str, kind: str = "stream", timeout: float = 1.0) -> Connected:
    """Connect once.

    Arguments:
        path: absolute, or ``@name``.
        kind: ``stream`` or ``seqpacket``.
        timeout: seconds; only a system other than Linux lets a full queue wait.
    """
    sort = socket.SOCK_SEQPACKET if kind == "seqpacket" else socket.SOCK_STREAM
    began = monotonic()
    opened = socket.socket(socket.AF_UNIX, sort)  # type: ignore[attr-defined,unused-ignore]
    opened.settimeout(timeout)
    try:
        opened.connect(address(path))
    except OSError as error:
        opened.close()
        symbol = symbol_of(error.errno) if error.errno else _without_errno(error)
        outcome = _OUTCOMES.get(symbol or "", "other-error")
        if path.startswith("@") and outcome == "refused":
            outcome = "absent"
        return Connected(outcome, symbol, _since(began))
    except ValueError:  # a NUL byte inside
        opened.close()
        return Connected("absent", None, _since(began))
    return Connected("accepted", None, _since(began), opened, _peer(opened))


def _without_errno(error: OSError) -> str | None:
    """Python itself refuses a path that is too long, and has a class for a timeout."""
    if isinstance(error, TimeoutError):
        return "EAGAIN"
    return "ENAMETOOLONG" if "too long" in str(error) else None


def _peer(opened: socket.socket) -> tuple[int, int] | None:
    """Process and user of the other end, as they were at its listen(): unix(7), SO_PEERCRED."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return None
    try:
        pid, uid, _ = struct.unpack("=iII", opened.getsockopt(socket.SOL_SOCKET, option, 12))
    except (OSError, struct.error):
        return None
    return pid, uid


def is_emptied(inode: int, most: int, seconds: float = _WATCHED) -> tuple[bool | None, float]:
    """Whether a program takes the connections that wait, so that at most *most* are left.

    Arguments:
        inode: of the listening socket.
        most: so many may wait.
        seconds: for which its queue is watched.

    Returns:
        True or False, None where it cannot be seen; and for how many milliseconds it was watched.
    """
    return _watch(lambda: _waiting(inode), most, seconds)


def _watch(look: Callable[[], int | None], most: int, seconds: float) -> tuple[bool | None, float]:
    began, pause = monotonic(), _FIRST_PAUSE
    while True:
        waiting = look()
        if waiting is None:
            return None, _since(began)
        if waiting <= most:
            return True, _since(began)
        if monotonic() - began >= seconds:
            return False, _since(began)
        sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)


def _waiting(inode: int) -> int | None:
    """How many connections wait in the queue of a socket; None where that is not seen."""
    rows = table.rows(listening=True) or ()
    return next((row.queue for row in rows if row.inode == inode), None)


def _since(began: float) -> float:
    return round((monotonic() - began) * 1000, 3)
