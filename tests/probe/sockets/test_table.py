"""The socket table as a whole: the choice of the witness, and what is said where it falls short."""

from __future__ import annotations

import errno
import socket
import sys
from contextlib import ExitStack
from typing import Any

import pytest
import situations
from needs import missing, need_ipv6, need_root
from situations import ask, free_port

from checks.model.evidence import Listener
from checks.probe import sockets
from checks.probe.machine import elsewhere
from checks.probe.sockets import evidence, netlink, procfs, row
from checks.rules.tables import TABLES

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")


def no_table(*_: object, **__: object) -> None:
    """A witness that is not to be had."""
    raise PermissionError("filtered")


class TestFallback:
    """Without netlink, without a part of it, without both."""

    def test_procfs_where_netlink_is_forbidden(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The rows are the same; what /proc does not tell is None."""
        with situations.listening("127.0.0.1", backlog=3) as port:
            rich = sockets.on_port(port)
            monkeypatch.setattr(netlink, "sockets", no_table)
            poor = sockets.on_port(port)
        assert (rich.source, poor.source) == ("netlink", "procfs")
        assert poor.listeners == (rich.listeners[0]._replace(backlog=None, source="procfs"),)
        assert rich.listeners[0].backlog == 3

    def test_procfs_for_udp_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A kernel may lack udp_diag and have tcp_diag."""
        real = netlink.sockets

        def without_udp(protocol: str, version: int, port: int = 0) -> object:
            if protocol == "udp":
                raise FileNotFoundError
            return real(protocol, version, port)

        monkeypatch.setattr(netlink, "sockets", without_udp)
        with situations.listening("127.0.0.1") as port, situations.udp_bound("127.0.0.1", port):
            found = sockets.on_port(port)
        assert [(each.protocol, each.source) for each in found.listeners] == [
            ("tcp", "netlink"),
            ("udp", "procfs"),
        ]
        assert found.source == "netlink and procfs"

    def test_psutil_where_neither_is_there(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The last witness is psutil."""
        monkeypatch.setattr(netlink, "sockets", no_table)
        monkeypatch.setattr(procfs, "sockets", no_table)
        with situations.listening("127.0.0.1") as port:
            assert sockets.on_port(port).source == "psutil"

    def test_the_kernels_note_stays_where_psutil_has_nothing_either(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """On Linux psutil is no way to see more, so it is not what the note asks for."""
        monkeypatch.setattr(netlink, "sockets", no_table)
        monkeypatch.setattr(procfs, "sockets", no_table)
        monkeypatch.setattr(elsewhere, "psutil", None)
        found = sockets.on_port(9)
        assert (found.listeners, found.unread) == ((), TABLES)
        (note,) = found.notes
        assert "netlink gives PermissionError" in note
        assert "psutil" not in note

    @pytest.mark.parametrize("ipv6", [True, False])
    def test_a_missing_table_is_said(self, ipv6: bool, monkeypatch: pytest.MonkeyPatch) -> None:
        """A gap in the evidence is named; a system without IPv6 has none in its tables of it."""
        if ipv6:
            need_ipv6()
        else:
            monkeypatch.setattr(socket, "socket", without_ipv6(socket.socket))
        monkeypatch.setattr(netlink, "sockets", no_table)
        monkeypatch.setattr(
            procfs, "sockets", lambda protocol, version, _: [] if version == 4 else no_table()
        )
        found = sockets.on_port(9)
        assert found.unread == (("tcp6", "udp6") if ipv6 else ())
        assert [note.partition(" could")[0] for note in found.notes] == (
            ["The kernel's tables of tcp6 and udp6 sockets"] if ipv6 else []
        )
        assert sockets.every(protocols=("udp",)).unread == (("udp6",) if ipv6 else ())

    def test_without_its_ipv4_table_no_table_is_taken_for_absent(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A sandbox without IPv6 is no system without it: other programs may have it."""
        monkeypatch.setattr(socket, "socket", without_ipv6(socket.socket))
        monkeypatch.setattr(netlink, "sockets", no_table)
        monkeypatch.setattr(
            procfs, "sockets", lambda protocol, version, _: [] if protocol == "tcp" else no_table()
        )
        assert sockets.on_port(9).unread == ("udp4", "udp6")
        monkeypatch.setattr(
            procfs,
            "sockets",
            lambda protocol, version, _: [] if (protocol, version) == ("tcp", 4) else no_table(),
        )
        assert sockets.on_port(9).unread == ("udp4", "udp6")


def without_ipv6(real: type[socket.socket]) -> type[socket.socket]:
    """A socket() that gives EAFNOSUPPORT for IPv6."""

    class Only4(real):  # type: ignore[valid-type,misc]
        def __init__(self, family: int = -1, *rest: Any, **named: Any) -> None:
            if family == socket.AF_INET6:
                raise OSError(errno.EAFNOSUPPORT, "no such family")
            super().__init__(family, *rest, **named)

    return Only4


class TestManyRows:
    """Busy machines."""

    def test_connections_are_counted_not_listed(self) -> None:
        """Of many connections some are listed, the telling ones first, and the rest is said."""
        with ExitStack() as stack:
            listener = stack.enter_context(socket.socket())
            listener.bind(("127.0.0.1", port := free_port()))
            listener.listen(100)
            for _ in range(sockets.MOST_OTHERS + 6):
                stack.enter_context(socket.create_connection(("127.0.0.1", port)))
                stack.enter_context(listener.accept()[0])
            finished = socket.create_connection(("127.0.0.1", port))
            listener.accept()[0].close()
            finished.close()
            found = sockets.on_port(port)
        assert len(found.others) == sockets.MOST_OTHERS
        assert found.others[0].state == "time-wait"
        assert found.notes == ("71 connections use the port; 64 of them are listed.",)

    def test_among_very_many_listeners_one_is_found(self) -> None:
        """Two thousand other listeners are not in the answer."""
        with situations.own_network(), ExitStack() as stack:
            for port in range(10000, 10400):
                for address in ("127.0.0.1", "127.0.0.2"):
                    other = stack.enter_context(socket.socket())
                    other.bind((address, port))
                    other.listen(1)
            found = sockets.on_port(10200)
        assert [each.address for each in found.listeners] == ["127.0.0.1", "127.0.0.2"]


class TestReach:
    """Who can connect, beyond what the address says."""

    def test_of_a_socket_tied_to_loopback(self) -> None:
        """A wildcard listener on the loopback interface alone is reached from this machine only."""
        need_root()
        if sys.platform != "linux":
            missing("Linux")
        with socket.socket() as tied:
            tied.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo\0")
            tied.bind(("0.0.0.0", port := free_port()))
            tied.listen()
            (listener,) = sockets.on_port(port).listeners
        assert (listener.reach, listener.interface) == ("host", "lo")

    def test_of_an_ipv4_mapped_listener(self) -> None:
        """A socket bound to ::ffff:127.0.0.1 is reached from this machine only."""
        need_ipv6()
        with situations.listening("::ffff:127.0.0.1") as port:
            found = ask("127.0.0.1", port)
        assert (found.listeners[0].address, found.listeners[0].reach) == ("127.0.0.1", "host")
        assert found.outcome == "accepted"

    def test_of_loopback_addresses_without_an_own_row(self) -> None:
        """127.0.0.2 is on the interface that has 127.0.0.1."""
        with situations.listening("127.0.0.2") as port:
            found = ask("127.0.0.2", port)
        assert found.listeners[0].interface == "lo"


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_no_port_has_no_rows(port: int) -> None:
    """Port 0 would be the whole table; it is nobody's."""
    assert sockets.on_port(port) == row.Table((), (), "")


def test_a_socket_that_no_process_holds() -> None:
    """Root, who sees every process, is told that none holds it, not that it is hidden."""
    need_root()
    with situations.own_network(), situations.held_by_the_kernel() as port:
        found = ask("127.0.0.1", port)
    assert (found.listeners[0].owners, found.listeners[0].no_owner) == ((), "not-found")
    assert found.notes == (
        f"No process was found that holds tcp 127.0.0.1:{port}: the kernel itself may,"
        " or a process of another PID namespace, such as a container's.",
    )


def test_words_for_a_hidden_owner_fit_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is hidden from root by rights; without a procfs nothing is known at all."""
    from checks.probe.machine import processes

    row = Listener("tcp", "127.0.0.1", 1, False, 0, 5, 1000, "ann", 7, None, (), "host")

    def say(*holders: object, root: bool) -> str:
        monkeypatch.setattr(evidence, "privileged", lambda: root)
        held = processes.Holders({}, *holders)  # type: ignore[arg-type]
        return evidence.unseen(row._replace(no_owner=evidence.no_owner(held)), held)

    assert "hidden from this user; it belongs to ann" in say(3, True, root=False)
    assert "3 processes could not be read" in say(3, True, root=True)
    assert say(0, True, root=False).startswith("No process was found that holds")
    assert say(0, True, False, root=True).startswith("The processes could not be read")
