"""No local port is left: told from an address that is missing, and by whom they are used."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import situations
from needs import need

from checks.findings import judge
from checks.model.evidence import Attempt
from checks.probe import machine, targets, wait
from checks.probe.ask import local_ports
from checks.text import classify

if sys.platform != "linux":
    pytest.skip("needs Linux", allow_module_level=True)

if TYPE_CHECKING:
    from checks.findings import Found
    from checks.model.evidence import LocalPorts, Probe


def used(probe: Probe) -> LocalPorts:
    """What is told of the ports, where none was left."""
    (attempt,) = probe.attempts
    assert (attempt.outcome, attempt.reason) == ("address-not-available", "no-local-port")
    assert probe.local_ports is not None
    return probe.local_ports


def found(probe: Probe, port: int) -> Found:
    """The finding, as the report has it."""
    known = judge(classify(f"127.0.0.1:{port}"), {0: probe})
    (one,) = [each for each in known if each.finding.code == "C321"]
    return one


def again(port: int) -> bool:
    """Whether a connection comes about now."""
    return situations.ask("127.0.0.1", port, timeout=situations.SHORT).outcome == "accepted"


def test_the_process_with_the_connections_is_named() -> None:
    """All ports are its own; the listener is another process and works."""
    with situations.few_local_ports() as (port, pid):
        probe = situations.ask("127.0.0.1", port)
        ports = used(probe)
        text = found(probe, port).match.message
    assert (ports.source, ports.endpoint) == ("127.0.0.1", f"127.0.0.1:{port}")
    assert (ports.connections, ports.others, ports.time_wait) == (10, 0, 0)
    assert [(one.owner.pid, one.ports) for one in ports.holders] == [(pid, 10)]
    assert "10 of 10 ports of 40000-40009" in text
    assert f"(pid {pid}) holds 10 of them" in text
    assert "The listener is not the cause" in text


@pytest.mark.parametrize(
    ("closed", "time_wait", "close_wait"), [("both", 10, 0), ("server", 0, 10), ("client", 0, 0)]
)
def test_the_states_are_counted(closed: str, time_wait: int, close_wait: int) -> None:
    """A closed connection may hold its port in TIME_WAIT or CLOSE_WAIT, or by no process."""
    with situations.few_local_ports(closed=closed, reuse=0) as (port, pid):
        ports = used(situations.ask("127.0.0.1", port))
    assert (ports.connections, ports.time_wait, ports.close_wait) == (10, time_wait, close_wait)
    holders = [(pid, 10)] if closed == "server" else []
    assert [(one.owner.pid, one.ports) for one in ports.holders] == holders


def test_a_bound_socket_uses_a_port_too() -> None:
    """What is bound to a port keeps connect() from it, whoever it is connected to."""
    with (
        situations.few_local_ports(left=1) as (port, _),
        socket.socket() as bound,
    ):
        bound.bind(("127.0.0.1", 0))
        ports = used(situations.ask("127.0.0.1", port))
    assert (ports.connections, ports.others) == (9, 1)


def test_one_port_that_is_left_is_enough() -> None:
    """Nothing is said where the connection came about."""
    with situations.few_local_ports(left=1) as (port, _):
        probe = situations.ask("127.0.0.1", port, timeout=situations.SHORT)
    assert probe.outcome == "accepted"
    assert probe.local_ports is None


def test_an_address_that_is_missing_is_another_matter() -> None:
    """Without ::1 the errno is the same, and ports are left."""
    with (
        situations.own_network(),
        situations.sysctl("net.ipv6.conf.all.disable_ipv6", "1"),
    ):
        probe = situations.ask("::1", 62893)
    (attempt,) = probe.attempts
    assert (attempt.errno, attempt.reason) == ("EADDRNOTAVAIL", None)
    assert probe.local_ports is None


def test_a_port_that_was_given_back_meanwhile_ends_the_matter() -> None:
    """The trial bind decides, not the errno of the connect() before it."""
    target = targets.Target("127.0.0.1", 4, 62893, 0, True, "127.0.0.1")
    failed = Attempt("127.0.0.1", "address-not-available", "EADDRNOTAVAIL", 0.1)
    with situations.own_network():
        assert local_ports.missing(target, failed) is None
    with situations.few_local_ports():
        assert local_ports.missing(target, failed) == "127.0.0.1"


def test_another_endpoint_has_ports_of_its_own() -> None:
    """The ports are used up for one endpoint only: connect() gives them again for another."""
    with (
        situations.few_local_ports(),
        situations.listening("127.0.0.1") as other,
    ):
        probe = situations.ask("127.0.0.1", other)
    assert probe.outcome == "accepted"


def test_the_fix_makes_room() -> None:
    """After the command that is printed the same connection comes about."""
    need("sysctl", "procps")
    with situations.few_local_ports() as (port, _):
        fixes = found(situations.ask("127.0.0.1", port), port).match.fix
        (command,) = [fix.command for fix in fixes if fix.command]
        assert "ip_local_port_range" in command
        subprocess.run(["sh", "-c", command], check=True, capture_output=True, timeout=60)
        assert again(port)


def test_ports_in_time_wait_serve_again_by_the_setting() -> None:
    """tcp_tw_reuse 2, as the fix sets it, gives them to new connections after a second."""
    need("sysctl", "procps")
    with situations.few_local_ports(closed="both", reuse=0) as (port, _):
        fixes = found(situations.ask("127.0.0.1", port), port).match.fix
        (command,) = [fix.command for fix in fixes if fix.command and "tcp_tw_reuse" in fix.command]
        subprocess.run(["sh", "-c", command], check=True, capture_output=True, timeout=60)
        assert any(again(port) for _ in range(600))


@pytest.mark.parametrize("condition", [wait.OPEN, wait.CLOSED])
def test_a_wait_does_not_take_it_for_an_answer(condition: str) -> None:
    """The port is neither open nor closed for one who could not ask."""
    with situations.few_local_ports() as (port, _):
        asked = situations.endpoint("127.0.0.1", port)
        look = wait.look(
            asked, wait.Wanted(condition), situations.SHORT, machine.facts(), remote=False
        )
    assert not look.held
    assert look.probe.attempts[0].reason == "no-local-port"
