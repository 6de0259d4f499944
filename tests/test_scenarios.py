"""Every finding that needs a machine, in a real situation, and in a near one that is not it.

The situations are sockets, processes, namespaces and firewall rules of this
kernel; the question goes the whole way, from the text to the findings.
"""

from __future__ import annotations

import socket
import struct
import subprocess
import threading
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, NamedTuple

import pytest
import situations as real
from needs import need, need_ipv6

from checks import diagnose
from checks.findings import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from checks.report import Report


def ask(target: str, timeout: float = 5.0, *, identify: bool = False) -> Report:
    """The report on one target, as the command line gives it."""
    return diagnose(target, timeout=timeout, identify=identify)


def codes(report: Report) -> set[str]:
    """The codes that a probe was needed for."""
    return {f.finding.code for f in report.findings if f.finding.code[0] in "CBE"}


def errors(report: Report) -> list[str]:
    """The codes of severity error, in the order of the report."""
    return [f.finding.code for f in report.findings if f.severity == "error"]


class Scene(NamedTuple):
    """What to ask in a situation, and what must be found."""

    target: str
    timeout: float = 5.0


Situation = "Callable[[], AbstractContextManager[Scene]]"


@contextmanager
def listener(bound: str, asked: str, *, v6only: bool = False) -> Iterator[Scene]:
    """A listener on one address, asked by another spelling or address."""
    if ":" in bound or ":" in asked:
        need_ipv6()
    with real.listening(bound, v6only=v6only) as port:
        yield Scene(f"{asked}:{port}")


@contextmanager
def nothing() -> Iterator[Scene]:
    """A port on which nobody listens."""
    yield Scene(f"127.0.0.1:{real.free_port()}")


@contextmanager
def udp() -> Iterator[Scene]:
    """Only a UDP socket has the number."""
    with real.udp_bound("127.0.0.1") as port:
        yield Scene(f"127.0.0.1:{port}")


@contextmanager
def bound() -> Iterator[Scene]:
    """A TCP socket that was bound and never listened."""
    with real.bound_only("127.0.0.1") as port:
        yield Scene(f"127.0.0.1:{port}")


@contextmanager
def full(address: str, asked: str) -> Iterator[Scene]:
    """A listener whose accept queue has no room left."""
    with real.backlog_full(address) as port:
        yield Scene(f"{asked}:{port}", real.SHORT)


@contextmanager
def stopped() -> Iterator[Scene]:
    """A listener of a process that a signal has stopped."""
    with real.hung("127.0.0.1") as (port, _):
        yield Scene(f"127.0.0.1:{port}", real.SHORT)


@contextmanager
def lingering() -> Iterator[Scene]:
    """Only a closed connection in TIME_WAIT remembers the port."""
    with real.time_wait("127.0.0.1") as port:
        yield Scene(f"127.0.0.1:{port}")


@contextmanager
def outgoing() -> Iterator[Scene]:
    """The port is the local end of a connection that a client made."""
    with real.client_port("127.0.0.1") as port:
        yield Scene(f"127.0.0.1:{port}")


@contextmanager
def looped() -> Iterator[Scene]:
    """A socket that is connected to itself, and no listener."""
    with real.self_connected("127.0.0.1") as port:
        yield Scene(f"127.0.0.1:{port}")


@contextmanager
def filtered(rule: str, *, listening: bool) -> Iterator[Scene]:
    """A packet filter in front of the port, with or without a listener behind it."""
    port = real.free_port()
    with ExitStack() as stack:
        stack.enter_context(real.firewall(rule.format(port=port)))
        if listening:
            stack.enter_context(real.listening("127.0.0.1", port))
        yield Scene(f"127.0.0.1:{port}", real.SHORT)


@contextmanager
def no_route() -> Iterator[Scene]:
    """A network namespace whose loopback interface is down."""
    with real.own_network():
        real.loopback(up=False)
        yield Scene("127.0.0.1:8080", real.SHORT)


@contextmanager
def pair() -> Iterator[Scene]:
    """Two processes with a listener each on one port (SO_REUSEPORT)."""
    with real.reuse_port_pair("127.0.0.1") as (port, _):
        yield Scene(f"127.0.0.1:{port}")


@contextmanager
def forked() -> Iterator[Scene]:
    """A server that forked three workers, which share its listener."""
    with real.prefork("127.0.0.1") as (port, _, _):
        yield Scene(f"127.0.0.1:{port}")


@contextmanager
def hidden() -> Iterator[Scene]:
    """Root's listener, looked at by the user nobody."""
    with real.listening_process("127.0.0.1") as (port, _), real.as_nobody():
        yield Scene(f"127.0.0.1:{port}")


@contextmanager
def seen() -> Iterator[Scene]:
    """Nobody's listener, looked at by root."""
    with real.other_users_listener("127.0.0.1") as (port, _):
        yield Scene(f"127.0.0.1:{port}")


@contextmanager
def low_port() -> Iterator[Scene]:
    """A system port, looked at by the user nobody."""
    with real.own_network(), real.as_nobody():
        yield Scene("127.0.0.1:81")


@contextmanager
def reserved() -> Iterator[Scene]:
    """A port that the administrator keeps out of automatic choice."""
    with (
        real.own_network(),
        real.sysctl("net.ipv4.ip_local_reserved_ports", "62893"),
    ):
        yield Scene("127.0.0.1:62893")


@contextmanager
def fixed(target: str) -> Iterator[Scene]:
    """A target that needs no preparation."""
    yield Scene(target)


@contextmanager
def network_listener() -> Iterator[Scene]:
    """A listener on an address of a network interface."""
    with real.own_network():
        real.address("192.0.2.77/24")
        with real.listening("192.0.2.77") as port:
            yield Scene(f"192.0.2.77:{port}")


def at(
    function: Callable[..., AbstractContextManager[Scene]], *args: object, **kwargs: object
) -> Callable[[], AbstractContextManager[Scene]]:
    """A situation with its arguments, to be made when the test runs."""
    return lambda: function(*args, **kwargs)


@contextmanager
def netcat(*options: str) -> Iterator[Scene]:
    """A program that by default takes one client and is done."""
    with real.netcat("127.0.0.1", *options) as (port, _):
        yield Scene(f"127.0.0.1:{port}")


V4 = at(listener, "127.0.0.1", "127.0.0.1")
ALL = at(listener, "0.0.0.0", "127.0.0.1")
DUAL = at(listener, "::", "127.0.0.1")
SIX = at(listener, "::1", "127.0.0.1")

PROOFS = [
    ("C301", "127.0.0.1", V4, nothing),
    ("C302", "free", nothing, V4),
    (
        "C303",
        "reset over a listener",
        at(filtered, "tcp dport {port} reject with tcp reset", listening=True),
        nothing,
    ),
    (
        "C304",
        "dropped, with a listener",
        at(filtered, "tcp dport {port} drop", listening=True),
        at(full, "127.0.0.1", "127.0.0.1"),
    ),
    ("C304", "dropped, without", at(filtered, "tcp dport {port} drop", listening=False), nothing),
    (
        "C305",
        "full, IPv4",
        at(full, "127.0.0.1", "127.0.0.1"),
        at(filtered, "tcp dport {port} drop", listening=True),
    ),
    ("C305", "full, IPv6", at(full, "::1", "[::1]"), at(listener, "::1", "[::1]")),
    (
        "C306",
        "prohibited",
        at(filtered, "tcp dport {port} reject with icmp type admin-prohibited", listening=True),
        at(filtered, "tcp dport {port} reject with tcp reset", listening=True),
    ),
    ("C307", "no route", no_route, nothing),
    ("C308", "no such name", at(fixed, "nope.invalid:80"), at(fixed, "localhost:81")),
    ("C309", "::1 only", SIX, V4),
    ("C309", ":: v6only", at(listener, "::", "127.0.0.1", v6only=True), DUAL),
    (
        "C309",
        "127.0.0.1 only, asked by IPv6",
        at(listener, "127.0.0.1", "[::1]"),
        at(listener, "::1", "[::1]"),
    ),
    ("C310", "127.0.0.2 only", at(listener, "127.0.0.2", "127.0.0.1"), V4),
    ("C311", "UDP only", udp, nothing),
    ("C312", "self-connect", looped, outgoing),
    ("C313", "a client's port", outgoing, looped),
    ("C316", "another machine", at(fixed, "192.0.2.1:80"), nothing),
    (
        "C317",
        "localhost, one family",
        at(listener, "::1", "localhost"),
        at(listener, "::1", "[::1]"),
    ),
    ("C318", "netcat for one client", at(netcat), at(netcat, "--keep-open")),
    ("C320", "a stopped process", stopped, V4),
    ("C320", "a queue that is not full", stopped, at(full, "127.0.0.1", "127.0.0.1")),
    ("B401", "free", nothing, V4),
    ("B402", "in use", V4, nothing),
    ("B403", "bound, not listening", bound, nothing),
    ("B404", "TIME_WAIT", lingering, nothing),
    ("B405", "a system port as nobody", low_port, nothing),
    ("B406", "not this machine's address", at(fixed, "127.0.0.1:81"), nothing),
    ("B407", "reserved", reserved, nothing),
    ("B408", "SO_REUSEPORT", pair, V4),
    ("B408", "prefork", forked, V4),
    ("E501", "loopback", V4, ALL),
    ("E502", "0.0.0.0", ALL, V4),
    ("E502", "::", DUAL, SIX),
    ("E503", "a network address", network_listener, V4),
    ("E504", "dual stack", DUAL, at(listener, "::", "[::1]", v6only=True)),
    ("E507", "root's process as nobody", hidden, seen),
]
PROOFS = [proof for proof in PROOFS if proof[0] != "B406"]  # proven below: it needs two asks


@pytest.mark.parametrize(
    ("code", "situation"),
    [pytest.param(code, yes, id=f"{code} {title}") for code, title, yes, _ in PROOFS],
)
def test_the_situation_yields_the_finding(
    code: str, situation: Callable[[], AbstractContextManager[Scene]]
) -> None:
    """In the situation that a finding describes, it is found."""
    with situation() as scene:
        report = ask(scene.target, scene.timeout)
    assert code in codes(report), report.verdict


@pytest.mark.parametrize(
    ("code", "situation"),
    [pytest.param(code, no, id=f"{code} {title}") for code, title, _, no in PROOFS],
)
def test_a_near_situation_does_not(
    code: str, situation: Callable[[], AbstractContextManager[Scene]]
) -> None:
    """In a situation that looks like it and is not, it is not found."""
    with situation() as scene:
        report = ask(scene.target, scene.timeout)
    assert code not in codes(report), report.verdict


def test_every_finding_of_a_machine_is_proven() -> None:
    """No finding of the groups C, B and E is without a real situation here."""
    wanted = {f.code for f in CATALOGUE if f.code[0] in "CBE"}
    talked = {
        "C314",
        "C315",
        "E505",
        "E506",
    }  # below, and in tests/probe/identify
    assert wanted - {code for code, *_ in PROOFS} - {"B406"} - talked == set()


@pytest.mark.parametrize(
    "situation", [pytest.param(yes, id=f"{code} {title}") for code, title, yes, _ in PROOFS]
)
def test_one_verdict(situation: Callable[[], AbstractContextManager[Scene]]) -> None:
    """No situation has two errors about the connection: one explains it."""
    with situation() as scene:
        report = ask(scene.target, scene.timeout)
    assert len([code for code in errors(report) if code[0] == "C"]) <= 1, errors(report)
    assert report.verdict


def test_two_listeners_on_one_port_are_told_apart() -> None:
    """0.0.0.0 and 127.0.0.1 with different owners: the more specific one answers."""
    with (
        real.listening_process("127.0.0.1", reuse_port=True) as (port, near),
        real.listening_process("0.0.0.0", port, reuse_port=True) as (_, far),
    ):
        report = ask(f"127.0.0.1:{port}")
    assert f"pid {near}" in report.verdict
    shown = " ".join(found.match.message for found in report.findings)
    assert f"pid {far}" in shown


def test_a_listener_that_a_nat_rule_goes_past_is_not_named_as_the_one_that_answers() -> None:
    """Two listeners, and a rule that leads from the one to the other."""
    with (
        real.redirected(2001, 2002),
        real.listening_process("127.0.0.1", 2001) as (_, bypassed),
        real.listening_process("127.0.0.1", 2002) as (_, answers),
    ):
        past, direct = ask("127.0.0.1:2001"), ask("127.0.0.1:2002")
    assert "not from the listener there" in past.verdict
    assert "on to 127.0.0.1:2002" in past.verdict
    assert f"pid {bypassed}" not in past.verdict
    (said,) = [each.match.message for each in past.findings if each.finding.code == "C301"]
    assert f"(pid {bypassed}) listens on 127.0.0.1:2001 and gets none of them" in said
    assert f"(pid {answers}) listens there" in direct.verdict


def test_a_nat_rule_without_a_listener_is_told_by_where_it_leads() -> None:
    """No listener on the port that is asked for."""
    with real.redirected(2001, 2002), real.listening("127.0.0.1", 2002):
        verdict = ask("127.0.0.1:2001").verdict
    assert "a NAT rule or the like leads connections on to 127.0.0.1:2002" in verdict
    assert "the listener there" not in verdict


def test_the_owner_is_named() -> None:
    """The verdict names the process that listens, with its pid."""
    with real.listening_process("127.0.0.1") as (port, pid):
        report = ask(f"127.0.0.1:{port}")
    assert f"pid {pid}" in report.verdict


def test_a_hidden_owner_is_not_called_absent() -> None:
    """To another user the verdict says whose listener it is, not that there is none."""
    with real.listening_process("127.0.0.1") as (port, _), real.as_nobody():
        report = ask(f"127.0.0.1:{port}")
    assert "root" in report.verdict
    assert "C302" not in codes(report)


def test_a_chance_self_connect_is_not_called_open() -> None:
    """A closed port of the ephemeral range is refused, however often it is asked."""
    with real.own_network(), real.sysctl("net.ipv4.ip_local_port_range", "40000 40001"):
        for _ in range(50):
            for port in (40000, 40001):
                report = ask(f"127.0.0.1:{port}", 1.0)
                assert "C301" not in codes(report)


def test_an_address_of_another_machine_cannot_be_bound() -> None:
    """With --remote a bind trial on a foreign address is not mistaken for a used port."""
    with real.own_network():
        report = diagnose("192.0.2.1:8080", timeout=real.SHORT, remote=True)
    assert "B402" not in codes(report)
    assert "B401" not in codes(report)


def test_the_socket_of_the_question_is_not_part_of_the_answer() -> None:
    """Asking does not use the port up: the second answer is like the first."""
    with real.accepting("127.0.0.1") as (port, server):
        first = ask(f"127.0.0.1:{port}")
        server.accept()[0].close()
        second = ask(f"127.0.0.1:{port}")
    assert codes(first) == codes(second)


def test_localhost_asks_both_families() -> None:
    """For localhost both loopback addresses are tried, whatever the resolver gives."""
    need_ipv6()
    with real.listening("127.0.0.1") as port:
        report = ask(f"localhost:{port}")
    asked = {attempt.address for attempt in report.probes[0].attempts}
    assert asked == {"127.0.0.1", "::1"}


def test_no_descriptor_is_left_open() -> None:
    """A hundred questions leave as many open files as there were before."""
    import os

    with real.listening_process("127.0.0.1") as (port, _):
        ask(f"127.0.0.1:{port}")
        before = len(os.listdir("/proc/self/fd"))
        for _ in range(100):
            ask(f"127.0.0.1:{port}")
        assert len(os.listdir("/proc/self/fd")) == before


def test_an_overall_bound_holds_for_a_name_with_many_addresses() -> None:
    """Asking is over even where every address stays silent."""
    with real.firewall("drop"), socket.socket():
        report = ask("localhost:9", real.SHORT)
    assert {a.outcome for a in report.probes[0].attempts} == {"timed-out"}


@contextmanager
def serving(handle: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server of this process that does one thing with each connection."""
    with real.accepting("127.0.0.1") as (port, server):

        def serve() -> None:
            while True:
                try:
                    peer, _ = server.accept()
                except OSError:
                    return
                with peer:
                    handle(peer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{port}"
        finally:
            server.shutdown(socket.SHUT_RDWR)  # wakes accept()
            thread.join(real.PATIENCE)


def hang_up(peer: socket.socket) -> None:
    """Close at once, without a word."""
    peer.shutdown(socket.SHUT_RDWR)


def stay_silent(peer: socket.socket) -> None:
    """Read what comes and never answer."""
    peer.settimeout(real.PATIENCE)
    while peer.recv(4096):
        pass


def reset_at_once(peer: socket.socket) -> None:
    """Close with a RST instead of a FIN: linger on, zero seconds (socket(7))."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_a_reset_after_the_handshake_is_no_packet_filter() -> None:
    """A server that accepts and resets is never called a listener behind a filter (C303)."""
    with serving(reset_at_once) as target:
        for _ in range(200):
            found = codes(ask(target))
            assert "C303" not in found
            assert "C301" in found


@pytest.mark.parametrize(
    ("handle", "code", "near"),
    [
        (hang_up, "C314", stay_silent),
        (reset_at_once, "C314", stay_silent),
        (stay_silent, "C315", hang_up),
    ],
)
def test_what_a_connection_meets(
    handle: Callable[[socket.socket], None],
    code: str,
    near: Callable[[socket.socket], None],
) -> None:
    """A peer that hangs up, and one that says nothing, are told apart."""
    with serving(handle) as target:
        assert code in codes(ask(target, identify=True))
    with serving(near) as target:
        assert code not in codes(ask(target, identify=True))


def test_a_service_without_a_password_is_said() -> None:
    """Redis, the real one, without and with a password."""
    need("redis-server", "redis-server")
    for options, expected in (((), True), (("--requirepass", "x"), False)):
        port = real.free_port()
        command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
        with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, cwd="/tmp") as server:  # noqa: S108
            assert server.stdout is not None
            try:
                while b"Ready to accept" not in server.stdout.readline():
                    assert server.poll() is None
                assert ("E505" in codes(ask(f"127.0.0.1:{port}", identify=True))) is expected
            finally:
                server.terminate()
                server.stdout.close()


def test_a_relay_is_said() -> None:
    """socat passes connections on; the server behind it is no relay."""
    need("socat", "socat")
    with serving(stay_silent) as behind:
        port = real.free_port()
        relay = f"TCP-LISTEN:{port},bind=127.0.0.1,fork,reuseaddr"
        with subprocess.Popen(
            ["socat", "-d", "-d", relay, f"TCP:{behind}"], stderr=subprocess.PIPE
        ) as child:
            assert child.stderr is not None
            try:
                while b"listening on" not in child.stderr.readline():
                    assert child.poll() is None
                report = ask(f"127.0.0.1:{port}", identify=False)
            finally:
                child.terminate()
                child.stderr.close()
        assert "E506" in codes(report)
        assert behind in " ".join(found.match.message for found in report.findings)
        assert "E506" not in codes(ask(behind))


class TestBorders:
    """Situations at the edge, each once misread."""

    def test_service_where_ipv6_is_off(self) -> None:
        """A service on 127.0.0.1 is well although ::1 is missing; only ::1 itself is an error."""
        with (
            real.own_network(),
            real.sysctl("net.ipv6.conf.all.disable_ipv6", "1"),
            real.listening("127.0.0.1") as port,
        ):
            assert errors(ask(f"localhost:{port}")) == []
            assert errors(ask(str(port))) == []
            assert "B406" in errors(ask(f"[::1]:{port}"))

    def test_other_machine_with_the_same_port(self) -> None:
        """What listens here on all addresses says nothing of another machine."""
        with real.own_network(), real.listening("0.0.0.0") as port:
            assert codes(ask(f"198.51.100.7:{port}")) == {"C316"}
            assert "E502" in codes(ask(f"127.0.0.1:{port}"))

    def test_loopback_that_others_may_reach(self) -> None:
        """With route_localnet the border of loopback is open."""
        with real.network_interface() as (name, _, _), real.listening("127.0.0.1") as port:
            closed = ask(f"127.0.0.1:{port}")
            with real.sysctl(f"net.ipv4.conf.{name}.route_localnet", "1"):
                opened = ask(f"127.0.0.1:{port}")
        assert "only this machine can reach it" in closed.verdict
        assert "only this machine can reach it" not in opened.verdict
        (found,) = [f for f in opened.findings if f.finding.code == "E501"]
        assert found.severity == "notice"

    def test_same_link_local_address_on_two_links(self) -> None:
        """The listener is on one link, and the other was asked."""
        with (
            real.network_interface() as (name, _, address),
            real.sysctl("net.ipv6.conf.net1.accept_dad", "0"),  # the two are each other's peers
        ):
            real.address(f"{address}/64", "net1")
            with real.listening(address, scope=name) as port:
                asked = ask(f"[{address}%net1]:{port}")
                same = ask(f"[{address}%{name}]:{port}")
                nowhere = ask(f"[{address}%nope]:{port}")
        assert "C302" in errors(asked)
        assert f"[{address}%{name}]:{port}" in asked.verdict
        assert errors(same) == []
        assert errors(nowhere) == ["C307"]

    @pytest.mark.parametrize(
        ("kind", "words"),
        [("unreachable", "routing gives no way"), ("blackhole", "routing does not allow it")],
    )
    def test_routes_that_forbid(self, kind: str, words: str) -> None:
        """A route's own word is not a neighbour's silence."""
        with real.own_network():
            real.route(kind, "203.0.113.0/24")
            report = diagnose("203.0.113.9:80", timeout=real.SHORT, remote=True, identify=False)
        (found,) = [f for f in report.findings if f.finding.code == "C307"]
        assert words in found.match.message

    def test_broadcast(self) -> None:
        """A route is there; it is TCP that does not go to many."""
        with real.own_network():
            report = ask("127.255.255.255:80")
        (found,) = [f for f in report.findings if f.finding.code == "C307"]
        assert "TCP cannot connect to a broadcast" in found.match.message
