"""The socket table of this machine: its rows, whichever witness they came from, and what a whole
table gave as evidence.
"""

from __future__ import annotations

from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from checks.model.evidence import Listener, Owner, Peer

STATES = {
    1: "established",
    2: "syn-sent",
    3: "syn-received",
    4: "fin-wait-1",
    5: "fin-wait-2",
    6: "time-wait",
    7: "closed",
    8: "close-wait",
    9: "last-ack",
    10: "listen",
    11: "closing",
    12: "syn-received",
}
"""Linux, include/net/tcp_states.h; 12 is a request that has no full socket yet."""

BOUND = "bound"
"""A TCP socket that has a port and neither listens nor is connected."""

LISTEN = "listen"


class Row(NamedTuple):
    """One socket of this machine.

    Arguments:
        protocol: ``tcp`` or ``udp``.
        state: a value of :data:`STATES`, or ``bound``.
        version: 4 or 6, the family of the socket.
        local: address of this side, canonical text.
        local_port: port of this side.
        remote: address of the other side; the unspecified address where none.
        remote_port: port of the other side; 0 where there is none.
        receive: bytes not yet read; for a listener, connections not yet accepted.
        send: bytes not yet acknowledged; for a listener, the backlog. None
            where the witness does not tell.
        uid: user that made the socket; None where unknown.
        inode: number of the socket; None where no process holds it.
        v6only: whether an IPv6 socket refuses IPv4; None where unknown.
        cgroup: number of the control group that made it; None where unknown.
        interface: index of the interface it is tied to; 0 where none.
        source: the witness.
    """

    protocol: str
    state: str
    version: int
    local: str
    local_port: int
    remote: str
    remote_port: int
    receive: int | None
    send: int | None
    uid: int | None
    inode: int | None
    v6only: bool | None
    cgroup: int | None
    interface: int
    source: str

    @property
    def takes_traffic(self) -> bool:
        """True for a TCP listener and for a UDP socket that is open to anyone."""
        if self.protocol == "udp":
            return self.state == "closed"
        return self.state == LISTEN


class Reading(NamedTuple):
    """What was read of the socket tables.

    Arguments:
        rows: of all tables that were read.
        unread: the tables that were not, or not whole: ``tcp4``, ``udp6``.
        notes: why not, and how to see them; empty where all were read.
        owners: of each row, the processes that hold it; None where the inode leads to them.
    """

    rows: list[Row]
    unread: tuple[str, ...]
    notes: tuple[str, ...]
    owners: Mapping[Row, tuple[Owner, ...]] | None = None


def plain(address: str) -> str:
    """Return the IPv4 address inside an IPv4-mapped one (RFC 4291 §2.5.5.2), else *address*.

    A socket bound to ``::ffff:127.0.0.1`` takes IPv4 traffic for 127.0.0.1 and
    nothing else; Java binds so by default.
    """
    return address[7:] if address.startswith("::ffff:") and "." in address else address


class Table(NamedTuple):
    """The sockets of this machine, on one port or on all.

    Arguments:
        listeners: the sockets that take traffic, TCP before UDP.
        others: connections and idle sockets on the port, the telling ones first.
        source: the witness that was heard, "" where none was.
        notes: what could not be learned, one sentence each.
        unread: the tables that were not read, or not whole, as
            :attr:`checks.model.evidence.Probe.unread` has them.
        unclosed: the ends of connections that only their clients have closed.
    """

    listeners: tuple[Listener, ...]
    others: tuple[Peer, ...]
    source: str
    notes: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    unclosed: frozenset[str] = frozenset()
