"""Trial binds, read together with the socket table."""

from __future__ import annotations

import errno
import socket
import sys

import pytest
import situations
from needs import need_ipv6, need_root
from situations import ask, free_port

from checks.model.evidence import Binding, Listener, Machine, Peer
from checks.probe import system
from checks.probe.ask import bind
from checks.probe.sockets.row import Table

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")

LINUX = Machine("linux", "root", True, (32768, 60999), 1024, "", ())
EMPTY = Table((), (), "netlink")


def listener(address: str, *, protocol: str = "tcp", v6only: bool | None = None) -> Listener:
    """A row of the table."""
    return Listener(protocol, address, 80, v6only, 0, 1, 0, "root", 1, None, (), "any")


def taken(
    address: str,
    table: Table,
    monkeypatch: pytest.MonkeyPatch,
    *,
    answers: bool = False,
    reuse: bool = False,
) -> Binding:
    """What a trial says where every bind() gives EADDRINUSE.

    Arguments:
        answers: whether a connection was accepted.
        reuse: whether bind() with SO_REUSEADDR succeeds.
    """

    def refuse(opened: socket.socket, _: object) -> None:
        if not (reuse and opened.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR)):
            raise OSError(errno.EADDRINUSE, "in use")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    version = 6 if ":" in address else 4
    return bind.trial(address, version, 80, 0, table, LINUX, answers=answers)


class TestLive:
    """On real sockets; the plain cases are in test_investigate.py."""

    def test_a_dual_stack_wildcard_needs_both_families(self) -> None:
        """[::] cannot be bound beside an IPv4 listener, except for IPv6 alone."""
        need_ipv6()
        with situations.listening("127.0.0.1") as port:
            (binding,) = ask("::", port).bindings
        assert (binding.address, binding.outcome) == ("::", "in-use")
        assert binding.detail is not None
        assert "IPV6_V6ONLY" in binding.detail

    def test_an_ipv6_listener_leaves_ipv4_free(self) -> None:
        """A ::1 listener keeps 127.0.0.1 from nobody."""
        need_ipv6()
        with situations.listening("::1") as port:
            assert ask("127.0.0.1", port).bindings[0].outcome == "free"
            assert ask("::1", port).bindings[0].outcome == "in-use"

    def test_a_low_port_is_not_permitted_to_nobody(self) -> None:
        """Below the kernel's first unprivileged port bind() gives EACCES."""
        need_root()
        with situations.own_network(), situations.as_nobody():
            (low,) = ask("127.0.0.1", 1023).bindings
            (high,) = ask("127.0.0.1", 1024).bindings
        assert (low.outcome, low.errno, low.errno_reuse) == ("not-permitted", "EACCES", "EACCES")
        assert low.detail == "ports below 1024 need privileges on this system"
        assert high.outcome == "free"

    def test_the_first_unprivileged_port_is_the_kernels(self) -> None:
        """Where the setting differs the reason gives the number in force."""
        need_root()
        with (
            situations.own_network(),
            situations.sysctl("net.ipv4.ip_unprivileged_port_start", "20000"),
            situations.as_nobody(),
        ):
            (binding,) = ask("127.0.0.1", 19999).bindings
        assert binding.detail == "ports below 20000 need privileges on this system"

    def test_a_reserved_port_is_free_for_who_names_it(self) -> None:
        """The kernel's ip_local_reserved_ports only keeps a port from being chosen."""
        port = free_port()
        with (
            situations.own_network(),
            situations.sysctl("net.ipv4.ip_local_reserved_ports", f"80,{port - 1}-{port}"),
        ):
            found = ask("127.0.0.1", port)
        assert found.bindings[0].outcome == "free"
        assert found.bindings[0].detail is not None
        assert found.bindings[0].detail.startswith("reserved")
        assert found.machine.reserved_ports == f"80,{port - 1}-{port}"

    def test_an_address_of_no_interface(self) -> None:
        """Bind gives EADDRNOTAVAIL for another machine's address."""
        binding = bind.trial("203.0.113.7", 4, free_port(), 0, EMPTY, LINUX)
        assert (binding.outcome, binding.errno) == ("address-not-available", "EADDRNOTAVAIL")

    def test_a_port_that_answers_is_in_use(self) -> None:
        """Redirected past a socket that is bound and idle: connections are accepted."""
        with (
            situations.redirected(2001, 2002),
            situations.listening("127.0.0.1", 2002),
            situations.bound_only("127.0.0.1", 2001),
        ):
            found = ask("127.0.0.1", 2001)
            idle = ask("127.0.0.2", 2001)
        assert found.outcome == "accepted"
        assert (found.bindings[0].outcome, found.bindings[0].detail) == ("in-use", bind.ANSWERS)
        assert idle.bindings[0].outcome == "free"

    def test_without_ipv6(self) -> None:
        """With IPv6 switched off ::1 is no address of this machine."""
        with situations.own_network(), situations.sysctl("net.ipv6.conf.all.disable_ipv6", "1"):
            found = ask("::1", free_port())
        assert found.outcome == "address-not-available"
        assert found.bindings[0].outcome == "address-not-available"

    def test_the_trial_is_over_at_once(self) -> None:
        """After a trial the port can be listened on."""
        port = free_port()
        assert bind.trial("127.0.0.1", 4, port, 0, EMPTY, LINUX).outcome == "free"
        with situations.listening("127.0.0.1", port):
            pass


class TestReason:
    """Who holds a port, by the rows."""

    @pytest.mark.parametrize(
        ("mine", "theirs", "v6only", "in_the_way"),
        [
            ("127.0.0.1", "127.0.0.1", None, True),
            ("127.0.0.1", "0.0.0.0", None, True),
            ("0.0.0.0", "127.0.0.2", None, True),
            ("127.0.0.1", "127.0.0.2", None, False),
            ("127.0.0.1", "::", False, True),
            ("127.0.0.1", "::", None, True),
            ("127.0.0.1", "::", True, False),
            ("127.0.0.1", "::1", True, False),
            ("0.0.0.0", "::1", True, False),
            ("::1", "::", True, True),
            ("::1", "0.0.0.0", None, False),
            ("::", "0.0.0.0", None, True),
            ("::", "127.0.0.1", None, True),
            ("::", "::1", True, True),
            ("::ffff:127.0.0.1", "127.0.0.1", None, True),
        ],
    )
    def test_listeners(
        self,
        mine: str,
        theirs: str,
        v6only: bool | None,
        in_the_way: bool,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """A listener is named as the reason only where its address overlaps."""
        table = Table((listener(theirs, v6only=v6only),), (), "netlink")
        found = taken(mine, table, monkeypatch)
        assert (found.outcome == "in-use") is in_the_way

    @pytest.mark.parametrize(
        ("mine", "theirs", "v6only"),
        [
            ("127.0.0.1", "0.0.0.0", False),
            ("0.0.0.0", "127.0.0.2", False),
            ("127.0.0.1", "127.0.0.2", False),
            ("127.0.0.1", "::", False),
            ("127.0.0.1", "::", True),
            ("0.0.0.0", "::1", False),
            ("::1", "::", True),
            ("::1", "0.0.0.0", False),
            ("::", "127.0.0.1", False),
            ("::ffff:127.0.0.1", "127.0.0.1", False),
        ],
    )
    def test_overlap_is_what_the_kernel_does(self, mine: str, theirs: str, v6only: bool) -> None:
        """For each pair the reading of the rows agrees with bind() itself."""
        need_ipv6()
        with situations.listening(theirs, v6only=v6only) as port:
            (binding,) = ask(mine, port).bindings
        assert binding.errno in (None, "EADDRINUSE")
        assert (binding.outcome == "in-use") is (binding.errno is not None)

    def test_udp_is_never_in_the_way(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A UDP socket on the same address and port is no reason."""
        table = Table((listener("127.0.0.1", protocol="udp"),), (), "netlink")
        assert taken("127.0.0.1", table, monkeypatch).outcome == "bound-not-listening"

    @pytest.mark.parametrize(
        ("states", "outcome"),
        [
            (["bound"], "bound-not-listening"),
            (["time-wait", "bound"], "bound-not-listening"),
            (["time-wait"], "time-wait"),
            (["time-wait", "established"], "client-port"),
            (["close-wait"], "client-port"),
            ([], "bound-not-listening"),
        ],
    )
    def test_other_rows(
        self, states: list[str], outcome: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Among several rows the one that holds the port hardest is the reason."""
        peers = tuple(Peer("tcp", state, "127.0.0.1:80", "127.0.0.1:9") for state in states)
        assert taken("127.0.0.1", Table((), peers, ""), monkeypatch).outcome == outcome

    @pytest.mark.parametrize(
        ("mine", "unread", "outcome"),
        [
            ("127.0.0.1", ("tcp4",), "in-use"),
            ("127.0.0.1", ("tcp6",), "in-use"),  # a dual-stack listener may be there
            ("::1", ("tcp6",), "in-use"),
            ("::", ("tcp4",), "in-use"),
            ("::1", ("tcp4",), "bound-not-listening"),
            ("127.0.0.1", ("udp4", "udp6"), "bound-not-listening"),
            ("127.0.0.1", (), "bound-not-listening"),
        ],
    )
    def test_a_table_that_was_not_read_shows_no_absence(
        self, mine: str, unread: tuple[str, ...], outcome: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Held by what was not seen, where the listener may be in that table."""
        found = taken(mine, Table((), (), "", (), unread), monkeypatch)
        assert found.outcome == outcome
        assert (found.detail == bind.UNSEEN) is (outcome == "in-use")

    @pytest.mark.parametrize(("unread", "detail"), [((), bind.ANSWERS), (("tcp4",), bind.UNSEEN)])
    def test_what_accepts_is_in_use(
        self, unread: tuple[str, ...], detail: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """An idle socket on the port may be another; a connection was accepted."""
        for rows in ((), (Peer("tcp", "bound", "127.0.0.1:80", None),)):
            found = taken("127.0.0.1", Table((), rows, "", (), unread), monkeypatch, answers=True)
            assert (found.outcome, found.detail) == ("in-use", detail)

    def test_rows_that_were_seen_count_beside_a_table_that_was_not(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """An idle socket, a connection; a leftover only where SO_REUSEADDR shows no listener."""

        def say(state: str, *, reuse: bool = False, answers: bool = False) -> str:
            rows = (Peer("tcp", state, "127.0.0.1:80", "127.0.0.1:9"),)
            table = Table((), rows, "", (), ("tcp6",))
            return taken("127.0.0.1", table, monkeypatch, reuse=reuse, answers=answers).outcome

        assert say("bound") == "bound-not-listening"
        assert say("established") == "client-port"
        assert say("established", answers=True) == "in-use"
        assert say("time-wait", reuse=True) == "time-wait"
        assert say("time-wait") == "in-use"

    @pytest.mark.parametrize(
        ("ranges", "answers", "outcome", "reason"),
        [
            ("50000-50059,61999-62098", False, "reserved", None),
            ("50000-50059", False, "in-use", "exclusive"),
            ("", False, "in-use", "denied"),  # netsh said nothing
            ("61999-62098", True, "in-use", "exclusive"),
        ],
    )
    def test_windows_denies_for_two_reasons(
        self,
        ranges: str,
        answers: bool,
        outcome: str,
        reason: str | None,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """EACCES (10013) there is an excluded range, or a socket with SO_EXCLUSIVEADDRUSE."""
        self.deny(monkeypatch)
        windows = LINUX._replace(system="windows", unprivileged_start=0, reserved_ports=ranges)
        made = bind.trial("127.0.0.1", 4, 62000, 0, EMPTY, windows, answers=answers)
        assert (made.outcome, made.reason) == (outcome, reason)
        row = Table((listener("0.0.0.0"),), (), "psutil")
        made = bind.trial("127.0.0.1", 4, 62000, 0, row, windows)
        assert (made.outcome, made.reason) == ("in-use", "exclusive")

    def test_linux_denies_for_want_of_a_privilege(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """EACCES says there that nobody may have it."""
        self.deny(monkeypatch)
        assert bind.trial("127.0.0.1", 4, 62000, 0, EMPTY, LINUX).outcome == "not-permitted"

    @staticmethod
    def deny(monkeypatch: pytest.MonkeyPatch) -> None:
        """Let every bind() fail with EACCES."""

        def refuse(*_: object) -> None:
            raise OSError(errno.EACCES, "forbidden")

        monkeypatch.setattr(socket.socket, "bind", refuse)

    def test_the_first_bind_is_exclusive_and_the_second_is_not(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """On Windows a bind() without the option would succeed beside a wildcard listener."""
        asked: list[int] = []
        monkeypatch.setattr(system, "exclusively", lambda opened: asked.append(opened.fileno()))
        made = taken("127.0.0.1", EMPTY, monkeypatch)
        assert made.errno == made.errno_reuse == "EADDRINUSE"
        assert len(asked) == 1

    def test_a_strange_errno_is_no_verdict(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What bind() was never seen to give is reported, not read."""

        def refuse(*_: object) -> None:
            raise OSError(errno.EIO, "broken")

        monkeypatch.setattr(socket.socket, "bind", refuse)
        binding = bind.trial("127.0.0.1", 4, 80, 0, EMPTY, LINUX)
        assert (binding.outcome, binding.detail) == ("not-tried", "bind() failed with EIO")
