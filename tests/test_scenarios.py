"""Every finding that needs a machine, in a real situation, and in a near one that is not it.

The situations are sockets, processes, namespaces and firewall rules of this
kernel; the question goes the whole way, from the text to the findings.
"""

from __future__ import annotations

import socket
import subprocess
from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest
import scenes
import sentences
import situations as real
import unix_scenes as unix
from needs import need, need_ipv6
from scenes import Scene, of

from checks import diagnose
from checks.findings import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from checks.report import Report


def ask(target: str, timeout: float = 5.0, *, identify: bool = False) -> Report:
    """The report on one target, as the command line gives it.

    It hangs on no sentence of the evidence: that is held of each situation.
    """
    report = diagnose(target, timeout=timeout, identify=identify)
    sentences.hold(report.classification, report.probes)
    return report


def codes(report: Report) -> set[str]:
    """The codes that a probe was needed for."""
    return {f.finding.code for f in report.findings if f.finding.code[0] in "CBEON"}


def errors(report: Report) -> list[str]:
    """The codes of severity error, in the order of the report."""
    return [f.finding.code for f in report.findings if f.severity == "error"]


def ask_in(scene: Scene) -> Report:
    """The report on a situation, asked as the user that it names."""
    with real.as_nobody() if scene.user is not None else nullcontext():
        return ask(scene.target, scene.timeout)


FREE = of(scenes.free)
V4 = of(scenes.listener, "127.0.0.1", "127.0.0.1")
ALL = of(scenes.listener, "0.0.0.0", "127.0.0.1")
DUAL = of(scenes.listener, "::", "127.0.0.1")
SIX = of(scenes.listener, "::1", "::1")
SIX_BY_IPV4 = of(scenes.elsewhere, "::1", "127.0.0.1", "::1")
FULL = of(scenes.full, "127.0.0.1")
LOCALHOST = of(scenes.fixed, "localhost", 81)
CLOSES = of(scenes.serving, scenes.closing)
RESETS = of(scenes.serving, scenes.resetting)
SILENT = of(scenes.serving, scenes.silent)


def filtered(rule: str, *, listens: bool = True) -> Callable[[], AbstractContextManager[Scene]]:
    """A packet filter in front of a port, made when the test runs."""
    return of(scenes.filtered, f"tcp dport {{port}} {rule}", "", listens=listens)


PROOFS = [
    ("C301", "127.0.0.1", V4, FREE),
    ("C302", "free", FREE, V4),
    (
        "C303",
        "reset over a listener",
        filtered("reject with tcp reset"),
        FREE,
    ),
    (
        "C304",
        "dropped, with a listener",
        filtered("drop"),
        FULL,
    ),
    ("C304", "dropped, without", filtered("drop", listens=False), FREE),
    (
        "C305",
        "full, IPv4",
        FULL,
        filtered("drop"),
    ),
    ("C305", "full, IPv6", of(scenes.full, "::1"), SIX),
    (
        "C306",
        "prohibited",
        filtered("reject with icmp type admin-prohibited"),
        filtered("reject with tcp reset"),
    ),
    ("C307", "no route", scenes.no_route, FREE),
    (
        "C308",
        "no such name",
        of(scenes.fixed, "nope.invalid", 80),
        of(scenes.fixed, "localhost", 81),
    ),
    ("C309", "::1 only", SIX_BY_IPV4, V4),
    ("C309", ":: v6only", of(scenes.elsewhere, "::", "127.0.0.1", "", v6only=True), DUAL),
    (
        "C309",
        "127.0.0.1 only, asked by IPv6",
        of(scenes.elsewhere, "127.0.0.1", "::1", ""),
        SIX,
    ),
    ("C310", "127.0.0.2 only", of(scenes.elsewhere, "127.0.0.2", "127.0.0.1", ""), V4),
    ("C311", "UDP only", scenes.udp, FREE),
    ("C312", "self-connect", scenes.looped, scenes.client),
    ("C313", "a client's port", scenes.client, scenes.looped),
    ("C316", "another machine", of(scenes.fixed, "192.0.2.1", 80), FREE),
    (
        "C317",
        "localhost, one family",
        of(scenes.listener, "::1", "localhost"),
        SIX,
    ),
    ("C318", "netcat for one client", of(scenes.netcat), of(scenes.netcat, "--keep-open")),
    (
        "C319",
        "localhost, a process for each address",
        of(scenes.both_loopbacks, processes=2),
        of(scenes.both_loopbacks, processes=1),
    ),
    ("C320", "a stopped process", scenes.stopped, V4),
    ("C320", "a queue that is not full", scenes.stopped, FULL),
    ("C321", "local ports used up", scenes.few_ports, of(scenes.few_ports, left=1)),
    ("C321", "not for want of an address", scenes.few_ports, scenes.no_route),
    ("C322", "a Unix listener", unix.listener, unix.stale),
    ("C322", "an abstract name", unix.abstract, unix.absent),
    ("C323", "a file that was left", unix.stale, unix.listener),
    ("C323", "a file that is bound only", unix.only_bound, unix.full),
    ("C324", "a file of root's", unix.closed_file, of(unix.closed_file, 0o666)),
    ("C324", "a directory of root's", unix.closed_directory, of(unix.closed_directory, 0o755)),
    ("C325", "no file", unix.absent, unix.stale),
    ("C325", "a file that was removed", unix.removed, unix.listener),
    ("C323", "a file that was made anew", of(unix.removed, made_anew=True), unix.removed),
    ("C326", "a directory", of(unix.of_kind, "directory"), unix.absent),
    ("C326", "an ordinary file", of(unix.of_kind, "file"), unix.stale),
    ("C326", "a datagram socket", of(unix.of_kind, "datagram"), unix.only_bound),
    ("C326", "a path that is too long", of(unix.of_kind, "long"), unix.absent),
    ("C327", "a full queue", unix.full, unix.listener),
    ("C327", "a queue that waits", unix.waiting, unix.listener),
    ("C327", "a stopped process", unix.stopped, unix.abstract),
    ("C328", "PostgreSQL's file", unix.file_of_port, of(unix.file_of_port, more=1)),
    ("C328", "a file of any name", unix.file_of_port, of(unix.file_of_port, "{port}.sock")),
    ("C328", "a file and a port", unix.file_of_port, unix.file_and_port),
    ("N802", "in a container", scenes.inside, of(scenes.inside, here=True)),
    ("N802", "asked by a user", of(scenes.inside, user=real.NOBODY), of(scenes.inside, port=False)),
    ("N802", "behind a NAT rule", scenes.led_inside, V4),
    ("B401", "free", FREE, V4),
    ("B402", "in use", V4, FREE),
    ("B403", "bound, not listening", scenes.bound, FREE),
    ("B404", "TIME_WAIT", scenes.lingering, FREE),
    ("B405", "a system port as nobody", scenes.low_port, FREE),
    ("B407", "reserved", scenes.reserved, FREE),
    ("B408", "SO_REUSEPORT", scenes.pair, V4),
    ("B408", "prefork", scenes.forked, V4),
    ("E501", "loopback", V4, ALL),
    ("E502", "0.0.0.0", ALL, V4),
    ("E502", "::", DUAL, SIX),
    ("E503", "a network address", scenes.network, V4),
    ("E504", "dual stack", DUAL, of(scenes.listener, "::", "::1", v6only=True)),
    ("E507", "root's process as nobody", scenes.hidden, scenes.seen),
    ("O701", "a stopped process", scenes.stopped, FULL),
    ("O702", "deleted", of(scenes.changed, program=True), scenes.in_memory),
    ("O702", "replaced", of(scenes.changed, program=True, again=True), of(scenes.changed)),
    ("O703", "no descriptor left", of(scenes.leaking, 12), scenes.stopped),
    ("O703", "one is left", of(scenes.leaking, 12), of(scenes.leaking, 10)),
    ("O704", "sleep", scenes.inherited, of(scenes.inherited, alive=True)),
    ("O705", "a dozen", of(scenes.unclosed, 12), of(scenes.unclosed, 1)),
    ("O706", "supervisord", of(scenes.restarted, 0.3), of(scenes.restarted, 600.0)),
    ("O707", "deleted", of(scenes.changed, directory=True), of(scenes.changed)),
    ("O707", "made again", of(scenes.changed, directory=True, again=True), V4),
]


@pytest.mark.parametrize(
    ("code", "situation"),
    [pytest.param(code, yes, id=f"{code} {title}") for code, title, yes, _ in PROOFS],
)
def test_the_situation_yields_the_finding(
    code: str, situation: Callable[[], AbstractContextManager[Scene]]
) -> None:
    """In the situation that a finding describes, it is found."""
    with situation() as scene:
        report = ask_in(scene)
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
        report = ask_in(scene)
    assert code not in codes(report), report.verdict


def test_every_finding_of_a_machine_is_proven() -> None:
    """No finding of the groups C, B, E, O and N is without a real situation here."""
    wanted = {f.code for f in CATALOGUE if f.code[0] in "CBEON"}
    talked = {
        "C314",
        "C315",
        "E505",
        "E506",
        "N801",
    }  # below, in tests/probe/identify, and in tests/test_proxy_scenarios.py
    assert wanted - {code for code, *_ in PROOFS} - {"B406"} - talked == set()


@pytest.mark.parametrize(
    "situation", [pytest.param(yes, id=f"{code} {title}") for code, title, yes, _ in PROOFS]
)
def test_one_verdict(situation: Callable[[], AbstractContextManager[Scene]]) -> None:
    """No situation has two errors about the connection: one explains it."""
    with situation() as scene:
        report = ask_in(scene)
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
    assert "a NAT rule leads connections on to 127.0.0.1:2002" in verdict
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


def test_a_reset_after_the_handshake_is_no_packet_filter() -> None:
    """A server that accepts and resets is never called a listener behind a filter (C303)."""
    with RESETS() as scene:
        for _ in range(200):
            found = codes(ask(scene.target))
            assert "C303" not in found
            assert "C301" in found


@pytest.mark.parametrize(
    ("met", "code", "near"),
    [(CLOSES, "C314", SILENT), (RESETS, "C314", SILENT), (SILENT, "C315", CLOSES)],
)
def test_what_a_connection_meets(
    met: Callable[[], AbstractContextManager[Scene]],
    code: str,
    near: Callable[[], AbstractContextManager[Scene]],
) -> None:
    """A peer that hangs up, and one that says nothing, are told apart."""
    with met() as scene:
        assert code in codes(ask(scene.target, identify=True))
    with near() as scene:
        assert code not in codes(ask(scene.target, identify=True))


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
    with SILENT() as behind:
        port = real.free_port()
        relay = f"TCP-LISTEN:{port},bind=127.0.0.1,fork,reuseaddr"
        with subprocess.Popen(
            ["socat", "-d", "-d", relay, f"TCP:{behind.target}"], stderr=subprocess.PIPE
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
        assert behind.target in " ".join(found.match.message for found in report.findings)
        assert "E506" not in codes(ask(behind.target))


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
        [("unreachable", "a route forbids it"), ("blackhole", "a route of this system forbids it")],
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
