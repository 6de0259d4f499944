"""The kernel's tables over netlink, with /proc/net as the second witness."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import sys
from typing import TYPE_CHECKING

import pytest
import situations
from hypothesis import given
from hypothesis import strategies as st
from needs import missing, need_ipv6, need_root
from situations import free_port

from checks.probe.machine import interfaces, kernel
from checks.probe.sockets import netlink, procfs

if TYPE_CHECKING:
    from checks.probe.sockets.row import Row

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")

TABLES = [("tcp", 4), ("tcp", 6), ("udp", 4), ("udp", 6)]


def shared(row: Row) -> tuple[object, ...]:
    """What both witnesses tell about a socket."""
    receive = row.receive if row.state == "listen" else None
    return (row.protocol, row.state, row.version, *row[3:7], receive, row.uid, row.inode)


@pytest.mark.parametrize(("protocol", "version"), TABLES)
def test_agrees_with_procfs_on_a_busy_network(protocol: str, version: int) -> None:
    """Every row that both show is the same row in both."""
    need_ipv6()
    with (
        situations.own_network(),
        situations.listening("127.0.0.1"),
        situations.listening("::"),
        situations.backlog_full("127.0.0.1"),
        situations.backlog_full("::1"),
        situations.time_wait("127.0.0.1"),
        situations.time_wait("::1"),
        situations.client_port("127.0.0.1"),
        situations.client_port("::1"),
        situations.self_connected("127.0.0.1"),
        situations.udp_bound("127.0.0.1"),
        situations.udp_bound("::"),
        situations.bound_only("127.0.0.1"),
    ):
        asked = [row for row in netlink.sockets(protocol, version) if row.state != "bound"]
        read = procfs.sockets(protocol, version)
    assert sorted(map(shared, asked), key=str) == sorted(map(shared, read), key=str)
    assert len(asked) >= (1 if protocol == "udp" else 5)


@pytest.mark.parametrize(("protocol", "version"), TABLES)
def test_the_kernel_picks_the_port(protocol: str, version: int) -> None:
    """Asked for one port, only that port's rows come back, the same as in the whole table."""
    need_ipv6()
    address = "127.0.0.1" if version == 4 else "::1"
    opened = situations.listening if protocol == "tcp" else situations.udp_bound
    with opened(address), opened(address) as port:
        rows = netlink.sockets(protocol, version, port)
        everything = netlink.sockets(protocol, version)
    assert [row.local_port for row in rows] == [port]
    assert rows == [row for row in everything if row.local_port == port]
    assert len(everything) > 1


@pytest.mark.parametrize(("v6only", "address"), [(True, "::"), (False, "::"), (True, "::1")])
def test_tells_whether_an_ipv6_socket_takes_ipv4(v6only: bool, address: str) -> None:
    """IPV6_V6ONLY is in the row; /proc/net does not have it."""
    need_ipv6()
    with situations.listening(address, v6only=v6only) as port:
        (row,) = netlink.sockets("tcp", 6, port)
        (poorer,) = procfs.sockets("tcp", 6, port)
    assert row.v6only is v6only
    assert poorer.v6only is None


def test_tells_backlog_and_queue() -> None:
    """For a listener the queues are the connections that wait and that may wait."""
    with situations.hung("127.0.0.1", backlog=5) as (port, _):
        with (
            socket.create_connection(("127.0.0.1", port)),
            socket.create_connection(("127.0.0.1", port)),
        ):
            rows = netlink.sockets("tcp", 4, port)
        (listener,) = (row for row in rows if row.state == "listen")
    assert (listener.receive, listener.send) == (2, 5)


def test_tells_a_bound_socket_that_does_nothing() -> None:
    """From Linux 6.8 on a socket that is bound and idle is a row of its own."""
    with situations.bound_only("127.0.0.1") as port:
        rows = netlink.sockets("tcp", 4, port)
        assert procfs.sockets("tcp", 4, port) == []
    if tuple(int(part) for part in os.uname().release.split(".")[:2]) < (6, 8):
        missing("Linux 6.8")
    assert [(row.state, row.local) for row in rows] == [("bound", "127.0.0.1")]


def test_an_ipv4_mapped_socket_is_shown_as_the_ipv4_it_takes() -> None:
    """Java binds ::ffff:127.0.0.1, which takes traffic for 127.0.0.1 and no other."""
    need_ipv6()
    with situations.listening("::ffff:127.0.0.1") as port:
        (row,) = netlink.sockets("tcp", 6, port)
        (read,) = procfs.sockets("tcp", 6, port)
    assert (row.local, row.version, row.v6only) == ("127.0.0.1", 6, False)
    assert read.local == "127.0.0.1"


def test_tells_the_interface_a_socket_is_tied_to() -> None:
    """SO_BINDTODEVICE is in the row."""
    need_root()
    if sys.platform != "linux":
        missing("Linux")
    with socket.socket() as tied:
        tied.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo\0")
        tied.bind(("0.0.0.0", port := free_port()))
        tied.listen()
        (row,) = netlink.sockets("tcp", 4, port)
    assert interfaces.name(row.interface) == "lo"


def test_a_refusal_is_an_oserror(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that the kernel does not have is an OSError with its errno."""
    monkeypatch.setitem(netlink._NUMBERS, "tcp", 200)
    with pytest.raises(OSError, match="No such file"):
        netlink.sockets("tcp", 4)


def test_no_netlink_is_an_oserror(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system call filter that forbids the socket is an OSError."""
    monkeypatch.setattr(netlink, "_NETLINK_SOCK_DIAG", 31)
    with pytest.raises(OSError, match="not supported"):
        netlink.sockets("tcp", 4)


Answer = tuple[bytes, list[object], int, tuple[int, int]]


class FakeSocket:
    """A netlink socket that answers what it is told to, again and again."""

    def __init__(self, data: bytes, flags: int = 0, sender: int = 0) -> None:
        self.answer: Answer = (data, [], flags, (sender, 0))

    def __enter__(self) -> FakeSocket:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def settimeout(self, _: float) -> None:
        """Whatever the timeout, the answer is there."""

    def sendto(self, *_: object) -> None:
        """Whatever the question, the answer is the same."""

    def recvmsg(self, _: int) -> Answer:
        """The same answer each time."""
        return self.answer


def message(kind: int, body: bytes) -> bytes:
    """One netlink message, filled up to the next."""
    filling = b"\0" * (-len(body) % 4)
    return struct.pack("=IHHII", 16 + len(body), kind, 0, 1, 0) + body + filling


@given(st.binary(max_size=400))
def test_garbage_ends_with_rows_or_an_oserror(data: bytes) -> None:
    """Whatever bytes arrive, the answer is rows or an OSError, in bounded time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "_PATIENCE", 0.001)
        patch.setattr(socket, "socket", lambda *_: FakeSocket(data))
        with contextlib.suppress(OSError):
            assert netlink.sockets("tcp", 4) == []


@given(st.binary(max_size=400))
def test_garbage_in_a_row_is_bounded(body: bytes) -> None:
    """A row with impossible attributes is a row with fewer facts, or none."""
    data = message(20, body) + message(3, struct.pack("=i", 0))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "socket", lambda *_: FakeSocket(data))
        assert len(netlink.sockets("tcp", 6)) == (len(body) >= 72)


def test_a_kernel_that_does_not_pick_the_port(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of other ports, which some kernels send for parts of the table, are left out."""
    starts = (bytes([2, 10, 0, 0]) + port.to_bytes(2, "big") for port in (80, 81))
    data = b"".join(message(20, start + bytes(66)) for start in starts) + message(3, b"")
    monkeypatch.setattr(socket, "socket", lambda *_: FakeSocket(data))
    assert [row.local_port for row in netlink.sockets("tcp", 4, 80)] == [80]
    assert [row.local_port for row in netlink.sockets("tcp", 4)] == [80, 81]


@pytest.mark.parametrize(
    ("data", "flags", "sender", "error"),
    [
        (message(3, b"\0\0\0\0"), socket.MSG_TRUNC, 0, "cut off"),
        (b"", 0, 0, "cut off"),
        (message(3, b"\0\0\0\0"), 0, 4711, "did not end"),
        (struct.pack("=IHHII", 4000, 20, 0, 1, 0), 0, 0, "impossible length"),
        (message(2, struct.pack("=i", -1)), 0, 0, "not permitted"),
        (message(3, struct.pack("=i", -12)), 0, 0, "memory"),
    ],
)
def test_broken_answers_are_oserrors(
    data: bytes, flags: int, sender: int, error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut, forged, endless and failed answers are told apart from an empty table."""
    monkeypatch.setattr(kernel, "_PATIENCE", 0.01)
    monkeypatch.setattr(socket, "socket", lambda *_: FakeSocket(data, flags, sender))
    with pytest.raises(OSError, match=error):
        netlink.sockets("tcp", 4)


def test_the_kernel_picks_what_takes_traffic() -> None:
    """Listeners and open UDP sockets; no connection, and nothing that is only bound."""
    with (
        situations.listening("127.0.0.1") as port,
        situations.bound_only("127.0.0.1") as idle,
        situations.client_port("127.0.0.1") as client,
        situations.udp_bound("127.0.0.1") as datagrams,
    ):
        streams = netlink.sockets("tcp", 4, taking=True)
        others = netlink.sockets("udp", 4, taking=True)
        everything = netlink.sockets("tcp", 4)
    assert all(row.takes_traffic for row in (*streams, *others))
    assert port in {row.local_port for row in streams}
    assert not {idle, client} & {row.local_port for row in streams}
    assert {idle, client, port} <= {row.local_port for row in everything}
    assert datagrams in {row.local_port for row in others}
