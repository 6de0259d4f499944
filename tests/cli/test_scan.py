"""checks scan: every open port, and none that is not."""

from __future__ import annotations

import json
import resource
import socket

import pytest
import situations as real
from cli.terminal import CLEARED, on_terminal, plain, run
from needs import need_ipv6

from checks.probe import scan, targets

LOOPBACK4, LOOPBACK6 = targets.LOOPBACKS


def target(address: targets.Address = LOOPBACK4) -> targets.Target:
    """The address as the probe takes it."""
    (chosen,) = targets.choose([address], 1, (), False)
    return chosen


def open_ports(*arguments: str) -> list[int]:
    """The ports that ``scan --json`` says accept."""
    found = run("scan", "--json", *arguments)
    assert (found.returncode, found.stderr) == (0, "")
    documents = [json.loads(line) for line in found.stdout.splitlines()]
    return [each["port"] for each in documents if each["outcome"] == "accepted"]


def clients(listener: socket.socket, count: int) -> list[tuple[str, int]]:
    """Accept so many connections; address and port of each client."""
    found = []
    for _ in range(count):
        accepted, (host, port, *_) = listener.accept()
        accepted.close()
        found.append((host, port))
    return found


class TestOpen:
    """What accepts is found."""

    def test_every_open_port_and_no_other(self) -> None:
        """All 65,535 ports: the first and the last are asked too."""
        with (
            real.own_network(),
            real.listening("127.0.0.1", 1),
            real.listening("0.0.0.0", 8080),
            real.listening("127.0.0.1", 65535),
        ):
            assert open_ports() == [1, 8080, 65535]

    def test_the_family_and_the_address_count(self) -> None:
        """A listener on ::1 is not open on 127.0.0.1, one on 127.0.0.2 neither."""
        need_ipv6()
        with (
            real.own_network(),
            real.listening("::1", 2001),
            real.listening("127.0.0.2", 2002),
            real.listening("::", 2003),
        ):
            assert open_ports("127.0.0.1", "-p", "2000-2010") == [2003]
            assert open_ports("::1", "-p", "2000-2010") == [2001, 2003]
            assert open_ports("127.0.0.2", "-p", "2000-2010") == [2002, 2003]

    def test_the_owner_is_named(self) -> None:
        """With its process, and with what the port is often used for."""
        with real.own_network(), real.listening_process("127.0.0.1", 5432) as (_, pid):
            found = run("scan", "-p", "5000-6000")
            (document,) = map(json.loads, run("scan", "-p", "5432", "--json").stdout.splitlines())
        (line,) = found.stdout.splitlines()[1:]
        assert line.startswith("5432  open")
        assert f"({pid})" in line
        assert "postgres" in line.lower()
        assert set(document) == {
            "schema", "address", "port", "outcome", "errno", "likely", "listeners",
        }  # fmt: skip
        assert document["listeners"][0]["owners"][0]["pid"] == pid

    def test_the_peer_sees_an_end_and_no_reset(self) -> None:
        """The connection is closed as by a client that has finished."""
        with real.accepting("127.0.0.1") as (port, listener):
            made = scan.scan(target(), [port], 1.0, explained=[port])
            accepted, _ = listener.accept()
            with accepted:
                accepted.settimeout(real.PATIENCE)
                assert accepted.recv(1) == b""
        assert made.of("accepted") == (port,)

    def test_what_a_connection_would_end_is_listed_and_goes_on(self) -> None:
        """A netcat that takes one client is not its client; one that takes many is."""
        with (
            real.netcat("127.0.0.1") as (once, _),
            real.netcat("127.0.0.1", "--keep-open") as (often, _),
        ):
            found = [
                json.loads(line)
                for _ in range(2)
                for line in run("scan", "-p", f"{once},{often}", "--json").stdout.splitlines()
            ]
        assert {(each["port"], each["outcome"]) for each in found} == {
            (once, "left-alone"), (often, "accepted"),
        }  # fmt: skip
        assert len(found) == 4

    def test_a_hung_program_has_one_slot_taken(self) -> None:
        """The first scan makes the one connection; all of them say that it does not accept."""
        with real.own_network(), real.hung("::", backlog=5) as (port, _):
            for host in ("127.0.0.1", "::1", "127.0.0.1"):
                found = run("scan", host, "-p", f"{port - 1}-{port + 1}", "--json")
                (line,) = [json.loads(each) for each in found.stdout.splitlines()]
                assert (line["port"], line["outcome"]) == (port, "not-taken")
                assert real.queued(port) == 1
            shown = run("scan", "-p", str(port)).stdout
        assert f"{port}  does not accept  " in shown

    def test_a_port_that_is_led_to_a_hung_program_is_not_joined_again(self) -> None:
        """A NAT rule leads there; neither port gets one more connection, and both are listed."""
        to = real.free_port()
        port = real.free_port()
        with real.redirected(port, to), real.hung("127.0.0.1", to):
            with socket.create_connection(("127.0.0.1", port)):
                pass
            for _ in range(2):
                found = run("scan", "-p", f"{port},{to}", "--json").stdout.splitlines()
                assert [json.loads(each)["outcome"] for each in found] == ["not-taken"] * 2
                assert real.queued(to) == 1
            shown = run("scan", "-p", f"{port}").stdout
        assert f"{port}  does not accept  no listener of this machine: a NAT rule" in shown

    def test_a_full_queue_is_no_answer(self) -> None:
        """Others wait there; a connect meets silence."""
        with real.own_network(), real.backlog_full("127.0.0.1") as port:
            found = run("scan", "-p", str(port), "--json")
        assert json.loads(found.stdout)["outcome"] == "timed-out"

    def test_a_port_without_a_listener_here_is_said_to_be_relayed(self) -> None:
        """Redirected by a packet filter: open, and no owner is made up."""
        with real.redirected(2001, 2002), real.listening("127.0.0.1", 2002):
            found = run("scan", "-p", "2001")
        assert "no listener of this machine: a NAT rule or a relay" in found.stdout


class TestFalse:
    """What does not accept is not called open."""

    def test_no_false_open_in_twenty_scans(self) -> None:
        """With so few source ports that an unguarded scan meets itself all the time."""
        with (
            real.own_network(),
            real.sysctl("net.ipv4.ip_local_port_range", "40000 40063"),
            real.listening("127.0.0.1", 40100),
        ):
            for _ in range(20):
                made = scan.scan(target(), range(39990, 40110), 1.0, explained=[40100])
                assert made.of("accepted") == (40100,)
                assert made.refused == made.asked - 1, made.answers

    def test_the_source_port_itself_is_asked(self) -> None:
        """The port that the scan comes from is asked too, from another."""
        with real.own_network(), real.sysctl("net.ipv4.ip_local_port_range", "40000 40001"):
            made = scan.scan(target(), [40000, 40001], 1.0)
        assert (made.answers, made.refused) == ((), 2)

    def test_without_a_free_source_port_it_still_tells_the_truth(self) -> None:
        """All ephemeral ports are bound: the kernel has none to give."""
        with (
            real.own_network(),
            real.sysctl("net.ipv4.ip_local_port_range", "40000 40001"),
            real.bound_only("127.0.0.1", 40000),
            real.listening("127.0.0.1", 40001),
        ):
            made = scan.scan(target(), [39999, 40000, 40001, 40002], 1.0)
        assert made.of("accepted") in ((), (40001,))

    @pytest.mark.parametrize("family", [0, 1], ids=["ipv4", "ipv6"])
    def test_two_scans_at_a_time_do_not_meet(self, family: int) -> None:
        """Each from its own process over the other's source ports."""
        if family:
            need_ipv6()
        code = (
            "from checks.probe import scan, targets\n"
            "(t,) = targets.choose([targets.LOOPBACKS[int(sys.argv[1])]], 1, (), False)\n"
            "print('ready', flush=True)\n"
            "for _ in range(100):\n"
            "    assert not scan.scan(t, range(40000, 40016), 1.0).of('accepted')\n"
            "wait()\n"
        )
        prelude = f"sys.path.insert(0, {str(real.__file__).rpartition('/tests/')[0]!r})\n"
        asked = target(targets.LOOPBACKS[family])
        with (
            real.own_network(),
            real.sysctl("net.ipv4.ip_local_port_range", "40000 40015"),
            real.process(prelude + code, str(family)),
        ):
            for _ in range(100):
                assert not scan.scan(asked, range(40000, 40016), 1.0).of("accepted")

    def test_an_accept_that_nothing_explains_is_asked_again_from_elsewhere(self) -> None:
        """Never twice from one place; only then is it believed."""
        with real.accepting("127.0.0.1") as (port, listener):
            made = scan.scan(target(), [port], 1.0)
            hosts = [host for host, _ in clients(listener, 2)]
        assert made.of("accepted") == (port,)
        assert hosts[0] == "127.0.0.1"
        assert hosts[1].startswith("127.")
        assert hosts[1] != "127.0.0.1"

    def test_without_addresses_of_its_own_it_is_asked_four_times(self) -> None:
        """On ::1 every question comes from another port."""
        need_ipv6()
        with real.accepting("::1") as (port, listener):
            made = scan.scan(target(LOOPBACK6), [port], 1.0)
            ports = {source for _, source in clients(listener, 4)}
        assert made.of("accepted") == (port,)
        assert len(ports) == 4

    def test_silence_is_not_open_and_not_closed(self) -> None:
        """Dropped packets and a full queue: no answer, and who listens there."""
        with real.firewall("tcp dport 2001 drop"), real.listening("127.0.0.1", 2001):
            found = run("scan", "-p", "2000-2002", "--timeout", "0.1")
        (line,) = found.stdout.splitlines()[1:]
        assert line.startswith("2001  no answer")
        with real.backlog_full("127.0.0.1") as port:
            made = scan.scan(target(), [port], 0.1)
        assert [(each.port, each.outcome) for each in made.answers] == [(port, "timed-out")]

    def test_many_silent_ports_are_waited_for_together(self) -> None:
        """More than may wait at a time, with few descriptors; each is counted once."""
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        with real.firewall("tcp dport 2000-2999 drop"), real.listening("127.0.0.1", 3001):
            resource.setrlimit(resource.RLIMIT_NOFILE, (160, before[1]))
            try:
                made = scan.scan(target(), range(1990, 3010), 0.02)
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, before)
        assert len(made.of("timed-out")) == 1000
        assert made.of("accepted") == (3001,)
        assert made.refused == 1020 - 1001

    def test_a_rejection_is_told_from_a_refusal(self) -> None:
        """An ICMP answer of the packet filter is a third thing."""
        rule = "tcp dport 2001 reject with icmpx type admin-prohibited"
        with real.firewall(rule):
            made = scan.scan(target(), [2000, 2001], 1.0)
        assert [(each.port, each.outcome, each.errno) for each in made.answers] == [
            (2001, "rejected", "EHOSTUNREACH")
        ]

    def test_nothing_is_left_behind_on_a_closed_port(self) -> None:
        """After a scan every port can be bound at once."""
        with real.own_network(), real.sysctl("net.ipv4.ip_local_port_range", "40000 40015"):
            scan.scan(target(), range(39990, 40030), 1.0)
            for port in range(39990, 40030):
                with socket.socket() as server:
                    server.bind(("127.0.0.1", port))


class TestUsage:
    """Hosts, ranges and what is refused."""

    def test_another_machine_is_not_scanned(self) -> None:
        """Without --remote nothing is sent, and the reason names the option."""
        found = run("scan", "192.0.2.99", "-p", "80")
        assert (found.returncode, found.stdout) == (2, "")
        assert "--remote" in found.stderr

    @pytest.mark.parametrize("host", ["127.0.0.1:80", "10.0.0.0/8", "", "a b", "999.1.1.1"])
    def test_what_is_no_host_is_two(self, host: str) -> None:
        """One line on standard error."""
        found = run("scan", host)
        assert (found.returncode, found.stdout) == (2, "")
        assert len(found.stderr.splitlines()) == 1

    @pytest.mark.parametrize("ports", ["0", "65536", "5-3", "a", "1,,2", "1-2-3", ""])
    def test_bad_ranges_are_two(self, ports: str) -> None:
        """And say what was read."""
        found = run("scan", "-p", ports)
        assert (found.returncode, found.stdout) == (2, "")

    def test_an_unknown_name_is_one(self) -> None:
        """A name without an address: nothing was scanned."""
        assert run("scan", "nope.invalid").returncode == 1

    def test_a_name_is_each_of_its_addresses(self) -> None:
        """Localhost is scanned as this system resolves it."""
        with real.listening("127.0.0.1") as port:
            found = run("scan", "localhost", "-p", str(port), "--json")
        assert f'"port":{port}' in found.stdout

    def test_quiet_prints_nothing(self) -> None:
        """The exit code is all there is."""
        found = run("scan", "-q", "-p", "1-10")
        assert (found.returncode, found.stdout, found.stderr) == (0, "", "")

    def test_nothing_open_is_said(self) -> None:
        """A sentence where there is no row."""
        with real.own_network():
            found = run("scan", "-p", "1-100")
        assert found.stdout.startswith("127.0.0.1: 100 ports asked in ")
        assert "0 open, 100 closed" in found.stdout

    def test_progress_is_for_terminals_and_leaves_no_trace(self) -> None:
        """It says how far it is once it takes long; the sum stands at the end."""
        with real.firewall("tcp dport 2000-2999 drop"), real.listening("127.0.0.1", 3001):
            arguments = ("scan", "-p", "2000-3100", "--timeout", "0.5", "--no-color")
            with on_terminal(*arguments) as terminal:
                shown = terminal.end()
        assert "scanning 127.0.0.1: " in shown
        assert CLEARED in shown
        last = plain(shown.rpartition(CLEARED)[2])
        assert "scanning" not in last
        assert "1,000 without an answer in 0.5 s" in " ".join(last.split())

    def test_ctrl_c_ends_it(self) -> None:
        """130, no traceback, and the line of progress is gone."""
        with (
            real.firewall("tcp dport 1-65535 drop"),
            on_terminal("scan", "--timeout", "1") as terminal,
        ):
            terminal.until("scanning 127.0.0.1: ")
            terminal.interrupt()
            shown = terminal.end()
        assert terminal.child.returncode == 130
        assert "Traceback" not in shown
        assert shown.endswith(CLEARED)
