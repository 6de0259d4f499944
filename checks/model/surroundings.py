"""What is around an endpoint on its machine: its local ports, its other network namespaces.

Part of :mod:`checks.model.evidence`, where the records are to be had.
"""

from __future__ import annotations

from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Listener, Owner


class PortHolder(NamedTuple):
    """A process, and how many of the local ports it holds."""

    owner: Owner
    """The process; of a shared socket the one that stands for all."""
    ports: int
    """How many ports."""


class LocalPorts(NamedTuple):
    """The local ports of one address, none of which was left for a connection.

    connect() takes a port of ``Machine.ephemeral`` that has no connection to the same endpoint
    yet, and that no socket is bound to. Where none is left it fails with EADDRNOTAVAIL, and
    bind() to port 0 with EADDRINUSE.
    """

    source: str
    """The address whose ports are used up."""
    endpoint: str
    """Where the connection was to go: ``127.0.0.1:62893``."""
    connections: int
    """Ports of the range that have a connection to that endpoint."""
    others: int
    """Ports of the range that other sockets of this address have."""
    time_wait: int
    """Of all these the ports of closed connections, in TIME_WAIT: no process holds them."""
    close_wait: int
    """Of all these the ports whose other end has closed the connection, and the program has not."""
    holders: tuple[PortHolder, ...] = ()
    """The processes with the most of them, at most four, the first one most."""
    reuse: int | None = None
    """``net.ipv4.tcp_tw_reuse``: 0 never, 1 always, 2 on loopback: whether a port in TIME_WAIT
    serves a new connection after a second. None if unknown."""

    @property
    def in_use(self) -> int:
        """How many ports of the range are in use."""
        return self.connections + self.others


class NamespaceListener(NamedTuple):
    """A TCP listener in another network namespace of this machine (network_namespaces(7))."""

    listener: Listener
    """The row of that namespace's table: its address is one of that namespace."""
    why: str
    """Why it is told: ``port`` (it has the port that was asked for), ``connection`` (the
    connection of this test ended there, as that table shows) or ``relay`` (it has the port that
    a relay passes connections on to)."""
    pid: int
    """A process in that namespace, the one with the lowest number."""
    namespace: int | None
    """The number of the namespace, as lsns shows it; None if this user may not know it."""
    addresses: tuple[str, ...] = ()
    """The addresses of that namespace, loopback and link-local ones apart."""
    container: str | None = None
    """The name of the container, where a daemon or its monitor tells it."""
    arrived: str | None = None
    """Of ``why`` ``connection`` where it ended, as that table has it: ``172.17.0.2:80``."""


class Namespaces(NamedTuple):
    """What the network namespaces of other processes show."""

    listeners: tuple[NamespaceListener, ...]
    """The listeners in them that have to do with what was asked."""
    looked_at: int
    """How many other namespaces were looked at."""
    complete: bool
    """False if time ran out, or processes are hidden from this user: then there may be
    more."""
    containers: tuple[str, ...] = ()
    """Where processes are hidden from this user: the interfaces of container networks that this
    machine has, so that containers are there which could not be looked at."""
    relay: str | None = None
    """The target of the relay, ``172.17.0.2:80``, where the namespace that has its address was
    looked at: without a listener of ``why`` ``relay`` nothing listens there."""
