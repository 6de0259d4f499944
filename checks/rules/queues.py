"""The accept queue of a listener: what waits in it, and whether the program takes it out.

The kernel completes connections for a program that listens and lines them up
until the program calls accept(). A connection that waits is a row of the socket
table that no process holds yet: it has no inode. It stays there until accept(),
also when its client has closed. So a diagnosis of a program that hangs would
fill the queue, one slot a question, and later blame the program for it.

Sources: listen(2); Linux, net/ipv4/inet_connection_sock.c (inet_csk_accept) and
include/net/sock.h (sk_acceptq_is_full).
"""

from __future__ import annotations

from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Attempt, Listener

GONE = "close-wait"
"""The state of a connection that its client has closed, and this side has not."""

_QUEUED = ("established", GONE)
"""States that a connection may have while it waits."""

_DEFERRED = "syn-received"
"""With TCP_DEFER_ACCEPT a connection joins the queue when its client has sent something."""


class Queue(NamedTuple):
    """The accept queue of one bound address at one time.

    Arguments:
        length: connections that wait, as the listening rows say.
        waiting: the clients' ends of those that have a row: ``127.0.0.1:40000``.
            A connection that its client has reset waits too, and has no row.
        gone: those of ``waiting`` whose client has closed.
    """

    length: int
    waiting: frozenset[str]
    gone: frozenset[str] = frozenset()

    @property
    def unseen(self) -> int:
        """How many wait without a row."""
        return max(0, self.length - len(self.waiting))


def taken(state: str, inode: int | None) -> bool | None:
    """Whether the program has accepted a connection, by the row of its end.

    Arguments:
        state: a value of :data:`checks.probe.sockets.row.STATES`.
        inode: of the row; None where no process holds the socket.

    Returns:
        None for a connection that has not joined the queue yet.
    """
    if state == _DEFERRED:
        return None
    return inode is not None or state not in _QUEUED  # other states come of close()


def drains(before: Queue, after: Queue) -> bool:
    """Whether the program took any connection between two looks at its queue."""
    left = len(before.waiting - after.waiting)
    reset = max(0, after.unseen - before.unseen)
    unseen_left = after.unseen < before.unseen and after.length < before.length
    return left > reset or unseen_left


def is_full(listener: Listener) -> bool:
    """Whether no further connection fits into the accept queue.

    Linux drops the handshake once the queue is longer than the backlog
    (sk_acceptq_is_full).
    """
    return (
        listener.queue is not None
        and listener.backlog is not None
        and 0 <= listener.backlog < listener.queue
    )


def is_leftover(queue: Queue) -> bool:
    """Whether all that waits is one connection whose client has gone.

    That is what a diagnosis leaves behind. It fills the queue of a listener whose
    backlog is 0, and must not be what the listener is blamed for the next time.
    """
    return queue.length == 1 and len(queue.gone) == 1


def is_stuck(attempt: Attempt) -> bool:
    """Whether it was seen that the program takes no connection: this one, or those before it."""
    return attempt.taken is False
