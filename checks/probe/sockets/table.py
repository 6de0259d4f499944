"""What is known of the sockets of this machine: the evidence that a table gave."""

from __future__ import annotations

from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Listener, Peer


class Table(NamedTuple):
    """The sockets of this machine, on one port or on all.

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
