"""The whole probe in real situations: each as the machine really is, none mocked."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest
import situations
from needs import need_ipv6, need_root
from situations import SHORT, ask, free_port

from checks import probe
from checks.address.host import Host
from checks.model.evidence import Icmp, Interface, Listener, Probe
from checks.ports import Port
from checks.probe import sockets
from checks.probe.ask import connect
from checks.probe.sockets.row import Table
from checks.rules.connects import words
from checks.text.endpoint import Endpoint

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")


def only_listener(found: Probe) -> Listener:
    """The one listener that is expected."""
    assert len(found.listeners) == 1, found.listeners
    return found.listeners[0]


class TestAcceptingListener:
    """A listener that takes the connect."""

    def test_is_witnessed_four_times(self) -> None:
        """A listener on 127.0.0.1 accepts, is in the table, has an owner and keeps the port."""
        with situations.listening("127.0.0.1", backlog=7) as port:
            found = ask("127.0.0.1", port)
        listener = only_listener(found)
        assert found.outcome == "accepted"
        assert found.attempts[0].outcome == "accepted"
        assert found.attempts[0].errno is None
        assert found.attempts[0].milliseconds is not None
        assert listener[:6] == ("tcp", "127.0.0.1", port, None, 0, 7)
        assert (listener.uid, listener.reach) == (os.getuid(), "host")
        assert [owner.pid for owner in listener.owners] == [os.getpid()]
        assert found.bindings[0][2:5] == ("in-use", "EADDRINUSE", "EADDRINUSE")
        assert found.others == ()
        assert found.notes == ()

    @pytest.mark.parametrize(
        ("bound", "v6only", "asked", "reach"),
        [
            ("0.0.0.0", False, "127.0.0.1", "any"),
            ("::1", False, "::1", "host"),
            ("::", False, "127.0.0.1", "any"),
            ("::", False, "::1", "any"),
            ("::", True, "::1", "any"),
            ("127.0.0.2", False, "127.0.0.2", "host"),
            ("::", False, "::ffff:127.0.0.1", "any"),
        ],
    )
    def test_reach_follows_the_bound_address(
        self, bound: str, v6only: bool, asked: str, reach: str
    ) -> None:
        """A wildcard is open to anyone, a loopback address to this machine."""
        need_ipv6()
        with situations.listening(bound, v6only=v6only) as port:
            found = ask(asked, port)
        assert found.outcome == "accepted"
        assert (only_listener(found).address, only_listener(found).reach) == (bound, reach)
        assert found.bindings[0].outcome == "in-use"

    def test_network_address_has_its_interface(self) -> None:
        """A listener on a network address is reached through the interface that has it."""
        with situations.network_interface() as (name, address, _):
            with situations.listening(address) as port:
                found = ask(address, port)
            with situations.listening("127.0.0.1") as port:
                refused = ask(address, port)
        assert found.outcome == "accepted"
        assert (only_listener(found).reach, only_listener(found).interface) == ("network", name)
        assert (refused.outcome, refused.bindings[0].outcome) == ("refused", "free")

    def test_wildcard_target_asks_loopback(self) -> None:
        """0.0.0.0 cannot be called; what was called is recorded."""
        with situations.listening("127.0.0.1") as port:
            found = ask("0.0.0.0", port)
        assert found.attempts[0].address == "127.0.0.1"
        assert found.attempts[0].detail is not None
        assert "0.0.0.0" in found.attempts[0].detail
        assert found.bindings[0].address == "0.0.0.0"
        assert found.bindings[0].outcome == "in-use"

    def test_star_and_bare_port_ask_both_families(self) -> None:
        """Without an address both loopback addresses are asked."""
        need_ipv6()
        with situations.listening("::1") as port:
            for host in ("*", None):
                found = ask(host, port)
                outcomes = [(each.address, each.outcome) for each in found.attempts]
                assert outcomes == [("127.0.0.1", "refused"), ("::1", "accepted")]
                assert found.outcome == "accepted"


class TestNothingThere:
    """A refused connect and what explains it."""

    def test_free_port(self) -> None:
        """Where nothing is, every witness says so."""
        found = ask("127.0.0.1", free_port())
        assert found.outcome == "refused"
        assert found.attempts[0].errno == "ECONNREFUSED"
        assert (found.listeners, found.others, found.notes) == ((), (), ())
        assert found.bindings[0][2:] == ("free", None, None, None, None)

    @pytest.mark.parametrize(
        ("bound", "v6only", "asked"),
        [
            ("::1", False, "127.0.0.1"),
            ("127.0.0.1", False, "::1"),
            ("::", True, "127.0.0.1"),
            ("127.0.0.2", False, "127.0.0.1"),
        ],
    )
    def test_listener_elsewhere(self, bound: str, v6only: bool, asked: str) -> None:
        """A listener on another address refuses here, leaves the port free here, and is shown."""
        need_ipv6()
        with situations.listening(bound, v6only=v6only) as port:
            found = ask(asked, port)
        assert found.outcome == "refused"
        assert only_listener(found).address == bound
        assert only_listener(found).v6only is (True if v6only else only_listener(found).v6only)
        assert found.bindings[0].outcome == "free"

    def test_udp_only(self) -> None:
        """A UDP socket is a listener of its own protocol and keeps no TCP port."""
        with situations.udp_bound("127.0.0.1") as port:
            found = ask("127.0.0.1", port)
        listener = only_listener(found)
        assert (listener.protocol, listener.queue, listener.backlog) == ("udp", None, None)
        assert [owner.pid for owner in listener.owners] == [os.getpid()]
        assert found.outcome == "refused"
        assert found.bindings[0].outcome == "free"

    def test_bound_but_not_listening(self) -> None:
        """A socket that holds the port and does not listen keeps others from it."""
        with situations.bound_only("127.0.0.1") as port:
            found = ask("127.0.0.1", port)
        assert found.outcome == "refused"
        assert found.listeners == ()
        assert found.bindings[0][2:4] == ("bound-not-listening", "EADDRINUSE")
        # Kernels before 6.8 do not list such sockets; the trial bind finds them all the same.
        assert [peer.state for peer in found.others] in ([], ["bound"])

    @pytest.mark.parametrize(("reuse", "errno"), [(True, None), (False, "EADDRINUSE")])
    def test_time_wait_only(self, reuse: bool, errno: str | None) -> None:
        """A leftover blocks bind(); SO_REUSEADDR helps where the old server had set it too."""
        with situations.time_wait("127.0.0.1", reuse_address=reuse) as port:
            found = ask("127.0.0.1", port)
        assert found.outcome == "refused"
        assert found.listeners == ()
        assert [peer.state for peer in found.others] == ["time-wait"]
        assert found.bindings[0][2:5] == ("time-wait", "EADDRINUSE", errno)

    def test_client_port(self) -> None:
        """A connection's local port is in use, and is no listener."""
        with situations.client_port("127.0.0.1") as port:
            found = ask("127.0.0.1", port)
        assert found.outcome == "refused"
        assert found.listeners == ()
        assert [(each.state, each.local) for each in found.others] == [
            ("established", f"127.0.0.1:{port}")
        ]
        assert [owner.pid for owner in found.others[0].owners] == [os.getpid()]
        assert found.bindings[0].outcome == "client-port"

    def test_socket_connected_to_itself(self) -> None:
        """A socket whose two ends are one is shown as it is, and is not open."""
        with situations.self_connected("127.0.0.1") as port:
            found = ask("127.0.0.1", port)
        assert found.outcome == "refused"
        assert (found.others[0].state, found.others[0].local) == (
            "established",
            found.others[0].remote,
        )
        assert found.bindings[0].outcome == "client-port"


class TestSilence:
    """Connects that are not answered, told apart."""

    @pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
    def test_full_backlog(self, address: str) -> None:
        """A queue above the backlog explains the timeout: a second wait would tell nothing."""
        need_ipv6()
        with situations.backlog_full(address) as port:
            found = ask(address, port, timeout=SHORT)
        listener = only_listener(found)
        assert (found.outcome, found.attempts[0].attempts) == ("timed-out", 1)
        assert listener.queue is not None
        assert listener.backlog is not None
        assert listener.queue > listener.backlog

    @pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
    def test_dropped_despite_listener(self, address: str) -> None:
        """A rule that drops leaves a listener with an empty queue."""
        port = free_port()
        with situations.firewall(f"tcp dport {port} drop"), situations.listening(address, port):
            found = ask(address, port, timeout=SHORT)
        assert (found.outcome, found.attempts[0].attempts) == ("timed-out", 2)
        assert found.attempts[0].errno is None
        assert only_listener(found).queue == 0

    def test_dropped_without_listener(self) -> None:
        """A rule that drops looks the same on the wire where nothing listens."""
        port = free_port()
        with situations.firewall(f"tcp dport {port} drop"):
            found = ask("127.0.0.1", port, timeout=SHORT)
        assert found.outcome == "timed-out"
        assert found.listeners == ()
        assert found.bindings[0].outcome == "free"

    def test_silent_addresses_are_waited_for_together(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Two silent addresses are silent in the time of one."""
        port, real = free_port(), connect._wait
        waits: list[int] = []

        def record(descriptors: list[int], seconds: float) -> list[int]:
            waits.append(len(descriptors))
            return real(descriptors, seconds)

        monkeypatch.setattr(connect, "_wait", record)
        with situations.firewall(f"tcp dport {port} drop"):
            found = ask("*", port, timeout=SHORT)
        assert [each.outcome for each in found.attempts] == ["timed-out", "timed-out"]
        assert set(waits) == {2}

    def test_loopback_interface_is_down(self) -> None:
        """Silence while lo is down is not blamed on a firewall."""
        with situations.own_network():
            situations.loopback(up=False)
            found = ask("127.0.0.1", free_port(), timeout=SHORT)
        assert found.attempts[0].outcome == "unreachable"
        assert found.attempts[0].detail == "the loopback interface lo is down"


class TestRejection:
    """A rule's answer, as far as it can be told from the system's own."""

    @pytest.mark.parametrize(
        ("address", "rule", "errno", "icmp"),
        [
            ("127.0.0.1", "icmpx admin-prohibited", "EHOSTUNREACH", (4, 3, 13)),
            ("127.0.0.1", "icmpx host-unreachable", "EHOSTUNREACH", (4, 3, 1)),
            ("127.0.0.1", "icmpx port-unreachable", "ECONNREFUSED", (4, 3, 3)),
            ("127.0.0.1", "icmpx no-route", "ENETUNREACH", (4, 3, 0)),
            ("::1", "icmpx admin-prohibited", "EACCES", (6, 1, 1)),
            ("::1", "icmpx port-unreachable", "ECONNREFUSED", (6, 1, 4)),
        ],
    )
    def test_icmp_over_a_listener(
        self, address: str, rule: str, errno: str, icmp: tuple[int, int, int]
    ) -> None:
        """The ICMP message itself is the evidence, whatever errno it became."""
        port = free_port()
        with (
            situations.firewall(f"tcp dport {port} reject with {rule}"),
            situations.listening(address, port),
        ):
            found = ask(address, port)
        assert found.outcome == "rejected"
        assert found.attempts[0].errno == errno
        message = Icmp(*icmp, address)
        assert (found.attempts[0].icmp, found.attempts[0].detail) == (message, words(message))
        assert only_listener(found).queue == 0

    def test_reset_over_a_listener_is_asked_twice(self) -> None:
        """A RST where the table has a listener is a contradiction, so it is asked again."""
        port = free_port()
        with (
            situations.firewall(f"tcp dport {port} reject with tcp reset"),
            situations.listening("127.0.0.1", port),
        ):
            found = ask("127.0.0.1", port)
        assert (found.outcome, found.attempts[0].attempts) == ("refused", 2)
        assert found.attempts[0].detail is None
        assert only_listener(found).address == "127.0.0.1"

    def test_redirected_without_listener(self) -> None:
        """Where the packet filter redirects, a connect is accepted and the table is empty."""
        port, to = free_port(), free_port()
        with situations.redirected(port, to), situations.listening("127.0.0.1", to):
            found = ask("127.0.0.1", port)
        assert found.outcome == "accepted"
        assert found.listeners == ()
        assert found.bindings[0].outcome == "free"


class TestOwnSelfConnect:
    """The kernel may choose the port asked for as the source port of the asking."""

    @pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
    def test_is_never_taken_for_an_answer(self, address: str) -> None:
        """A connect that met itself is asked again with another source port."""
        port = free_port() & ~1  # connect() takes even ports first
        with (
            situations.own_network(),
            situations.sysctl("net.ipv4.ip_local_port_range", f"{port} {port + 1}"),
        ):
            found = ask(address, port)
        assert (found.outcome, found.attempts[0].attempts) == ("refused", 2)
        assert found.bindings[0].outcome == "free"

    def test_is_said_where_no_other_port_exists(self) -> None:
        """With one port in the range there is no other answer; the port stays free for bind()."""
        port = free_port()
        with (
            situations.own_network(),
            situations.sysctl("net.ipv4.ip_local_port_range", f"{port} {port}"),
        ):
            found = ask("127.0.0.1", port)
        assert (found.outcome, found.attempts[0].attempts) == ("self-connected", 3)
        assert found.others == ()
        assert found.bindings[0].outcome == "free"


class TestOwners:
    """Whose socket it is."""

    def test_another_process(self) -> None:
        """The owner is the process that holds the socket, with its command and parent."""
        with situations.listening_process("127.0.0.1") as (port, pid):
            found = ask("127.0.0.1", port)
        (owner,) = only_listener(found).owners
        assert (owner.pid, owner.parent, owner.main) == (pid, os.getpid(), False)
        assert owner.directory == "/"
        assert owner.command is not None
        assert owner.command.startswith(f"{sys.executable} -I -S -c ")
        assert owner.started is not None
        assert owner.started.endswith("Z")

    def test_prefork_names_all_and_marks_the_master(self) -> None:
        """Four processes hold one socket; the one they descend from is the main one."""
        with situations.prefork("127.0.0.1", 3) as (port, master, workers):
            found = ask("127.0.0.1", port)
        owners = only_listener(found).owners
        assert {owner.pid for owner in owners} == {master, *workers}
        assert [owner.pid for owner in owners if owner.main] == [master]

    def test_reuse_port_gives_two_listeners(self) -> None:
        """Two sockets on one address and port are two rows with an owner each."""
        with situations.reuse_port_pair("127.0.0.1") as (port, pids):
            found = ask("127.0.0.1", port)
        assert len(found.listeners) == 2
        assert {each.owners[0].pid for each in found.listeners} == set(pids)
        assert not any(owner.main for each in found.listeners for owner in each.owners)

    def test_two_listeners_in_each_others_way(self) -> None:
        """127.0.0.1 and 0.0.0.0 may be held by different processes; both are shown."""
        with (
            situations.listening_process("127.0.0.1", reuse_port=True) as (port, first),
            situations.listening_process("0.0.0.0", port, reuse_port=True) as (_, second),
        ):
            found = ask("127.0.0.1", port)
        assert {each.address: each.owners[0].pid for each in found.listeners} == {
            "127.0.0.1": first,
            "0.0.0.0": second,
        }

    def test_root_sees_another_users_process(self) -> None:
        """Root is told the process and its user."""
        with situations.other_users_listener("127.0.0.1") as (port, pid):
            found = ask("127.0.0.1", port)
        listener = only_listener(found)
        assert (listener.uid, listener.user) == (situations.NOBODY, "nobody")
        assert [(owner.pid, owner.user) for owner in listener.owners] == [(pid, "nobody")]

    def test_nobody_is_told_that_it_is_hidden(self) -> None:
        """Without rights the row, its user and its queue are known; the process is hidden."""
        need_root()
        with situations.listening_process("127.0.0.1") as (port, _), situations.as_nobody():
            found = ask("127.0.0.1", port)
        listener = only_listener(found)
        assert found.outcome == "accepted"
        assert (listener.uid, listener.user, listener.owners) == (0, "root", ())
        assert (listener.queue, listener.backlog) == (0, 64)
        assert found.notes == (
            f"The process that holds tcp 127.0.0.1:{port} is hidden from this user;"
            " it belongs to root.",
        )
        assert (found.machine.user, found.machine.privileged) == ("nobody", False)


class TestOtherMachines:
    """A diagnosis is not a scan of somebody else's machine."""

    @pytest.mark.parametrize(
        "address", ["192.0.2.77", "2001:db8::1", "255.255.255.255", "224.0.0.1"]
    )
    def test_are_not_asked(self, address: str) -> None:
        """Without --remote another machine's address is skipped, and said to be."""
        with situations.own_network():
            found = ask(address, free_port())
        assert found.outcome == "not-this-machine"
        assert found.attempts[0][1:4] == ("skipped", None, None)
        assert found.bindings == ()

    @pytest.mark.parametrize("address", ["192.0.2.77", "2001:db8::1"])
    def test_are_asked_with_remote(self, address: str) -> None:
        """With --remote they are; without a route they are unreachable."""
        with situations.own_network():
            found = ask(address, free_port(), remote=True)
        assert found.outcome == "unreachable"
        assert found.attempts[0].errno == "ENETUNREACH"
        assert found.bindings == ()


class TestNames:
    """Host names, by the system's own resolver."""

    @pytest.mark.parametrize(
        ("bound", "accepting"), [("127.0.0.1", {"127.0.0.1"}), ("::1", {"::1"})]
    )
    def test_localhost_always_tries_both(self, bound: str, accepting: set[str]) -> None:
        """Both families are asked; an address the system did not give is marked."""
        need_ipv6()
        with situations.listening(bound) as port:
            found = ask("localhost", port)
        assert found.resolution is not None
        assert {each.address for each in found.attempts} >= {"127.0.0.1", "::1"}
        assert {each.address for each in found.attempts if each.outcome == "accepted"} == accepting
        marked = {each.address for each in found.attempts if each.detail}
        assert marked == {"127.0.0.1", "::1"} - set(found.resolution.addresses)
        assert found.outcome == "accepted"
        assert [answer.who for answer in found.answers] == [
            "hosts file",
            "node",
            "curl",
            "browsers",
        ]

    def test_unknown_name(self) -> None:
        """A name without an address ends the probe with the resolver's word."""
        with situations.own_network():
            found = ask("no-such-host.invalid", free_port())
        assert found.outcome == "not-resolved"
        assert found.resolution is not None
        assert found.resolution.addresses == ()
        assert found.resolution.error in ("EAI_NONAME", "EAI_AGAIN", "EAI_NODATA")
        assert found.attempts == ()


class TestTotal:
    """Whatever is asked, an answer comes back."""

    @pytest.mark.parametrize("port", [None, 0, "99999", "-1"])
    def test_no_port_to_ask(self, port: int | str | None) -> None:
        """Without a usable port nothing is asked, and the note says why."""
        found = ask("127.0.0.1", port)
        assert (found.outcome, found.attempts, found.listeners) == ("not-probed", (), ())
        assert len(found.notes) == 1
        assert found.machine.system == "linux"

    def test_invalid_host(self) -> None:
        """A host that is none leaves the port's own witnesses."""
        with situations.listening("127.0.0.1") as port:
            host = Host("a b", "invalid", 0, -1)
            found = probe.investigate(Endpoint("", (0, 0), None, host, Port(str(port), port)))
        assert found.outcome == "not-probed"
        assert only_listener(found).port == port
        assert found.notes == ("'a b' is not a host that can be tested.",)

    @pytest.mark.parametrize("timeout", [float("nan"), float("inf"), -1.0, 0.0, 1e300])
    def test_strange_timeouts(self, timeout: float) -> None:
        """A timeout that is no time is replaced, not raised about."""
        found = ask("127.0.0.1", free_port(), timeout=timeout)
        assert found.outcome in ("refused", "timed-out")

    @pytest.mark.parametrize(
        "text", ["\0", "\ud800", "a" * 300, "a..b", "-", "[", "%", "xn--", "ü" * 70, "a.\0.b"]
    )
    def test_strange_names(self, text: str) -> None:
        """No text in the place of a name gets an exception out."""
        host = Host(text, "name", 0, -1)
        found = probe.investigate(Endpoint("", (0, 0), None, host, Port("9", free_port())))
        assert found.outcome in ("not-resolved", "refused")

    def test_broken_part(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A fault of the probe itself is a note, not a traceback."""
        monkeypatch.setattr(sockets, "on_port", lambda *_: 1 // 0)
        found = ask("127.0.0.1", free_port())
        assert found.outcome == "failed"
        assert "ZeroDivisionError" in found.notes[0]

    def test_zone_of_no_interface(self) -> None:
        """A zone that has no interface of this machine is said, not asked."""
        found = ask("fe80::1%nosuch0", free_port(), remote=True)
        assert found.outcome == "not-probed"
        assert found.attempts[0].detail == "this machine has no interface nosuch0"

    def test_link_local_address_of_this_machine(self) -> None:
        """Its interface is filled in where the address is this machine's."""
        with (
            situations.network_interface() as (name, _, address),
            situations.listening(address, scope=name) as port,
        ):
            found = ask(address, port)
        assert (found.outcome, found.attempts[0].address) == ("accepted", f"{address}%{name}")
        assert (only_listener(found).reach, only_listener(found).interface) == ("network", name)
        assert found.bindings[0].outcome == "in-use"


class TestTwoProbes:
    """A probe that follows another."""

    def test_a_server_that_started_in_between_is_seen(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """An accept that the table does not explain has it read again, without our connection."""
        real, readings = sockets.on_port, iter([True])

        def late(
            port: int, interfaces: Sequence[Interface] = (), ours: Collection[str] = ()
        ) -> Table:
            if next(readings, False):
                return Table((), (), "netlink")
            return real(port, interfaces, ours)

        monkeypatch.setattr(sockets, "on_port", late)
        with situations.accepting("127.0.0.1") as (port, _):
            found = ask("127.0.0.1", port, timeout=SHORT)
            shown = real(port)
        assert (only_listener(found).port, only_listener(found).queue) == (port, 0)
        assert found.others == ()
        assert len(shown.others) == 1  # it is there, waiting to be accepted
        assert shown.listeners[0].queue == 1

    def test_a_free_port_stays_free(self) -> None:
        """Nothing that was asked leaves the port in use."""
        port = free_port()
        for _ in range(3):
            assert ask("127.0.0.1", port).bindings[0].outcome == "free"
        with situations.listening("127.0.0.1", port):
            pass

    def test_an_accepting_server_can_restart(self) -> None:
        """Our connection leaves no TIME_WAIT on the server's port."""
        with situations.listening("127.0.0.1") as port:
            assert ask("127.0.0.1", port).outcome == "accepted"
        assert ask("127.0.0.1", port).bindings[0].outcome == "free"
