"""Listeners that are bound to a network device, or that another one goes before."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
import situations as real
from needs import need_root

from checks import diagnose


@pytest.fixture(name="device")
def _device() -> Iterator[str]:
    """An own network with an interface beside lo; it has 192.0.2.2."""
    need_root()
    with real.network_interface() as (name, _, _):
        yield name


def test_one_of_another_device_takes_no_loopback_connection(device: str) -> None:
    """A refusal is C302, and names the listener; a connection would have ended it."""
    with real.socat(f"so-bindtodevice={device}") as (port, pid):
        found = diagnose(f"127.0.0.1:{port}")
        after = real.ask("127.0.0.1", port)
    assert [each.outcome for each in found.probes[0].attempts] == ["refused"]
    (said,) = [each for each in found.findings if each.finding.code.startswith("C")]
    assert said.finding.code == "C302"
    assert f"socat (pid {pid}) listens on 0.0.0.0%{device}:{port}" in said.match.message
    assert f"bound to the network device {device}" in said.match.message
    assert [owner.pid for row in after.listeners for owner in row.owners] == [pid]


def test_it_takes_those_to_an_address_of_the_device(device: str) -> None:
    """So one that serves a single client is left alone there."""
    with real.socat(f"so-bindtodevice={device}") as (port, _):
        found = diagnose(f"192.0.2.2:{port}")
    assert found.probes[0].outcome == "left-alone"
    assert "C318" in [each.finding.code for each in found.findings]


def test_it_holds_the_port_for_every_program_that_is_bound_to_no_device(device: str) -> None:
    """The trial bind fails, and the listener is named as what is in the way."""
    with real.listening("0.0.0.0", device=device) as port:
        found = diagnose(f"127.0.0.1:{port}")
    assert found.probes[0].bindings[0].outcome == "in-use"
    (said,) = [each for each in found.findings if each.finding.code == "B402"]
    assert f"listens on 0.0.0.0%{device}:{port}" in said.match.message


def test_what_waits_for_one_device_keeps_nobody_from_another(device: str) -> None:
    """Each has its own queue, although both are bound to 0.0.0.0."""
    with (
        real.accepting("0.0.0.0", device=device) as (port, _),
        real.listening("0.0.0.0", port, device="lo"),
        socket.create_connection(("192.0.2.2", port), real.PATIENCE),
    ):
        assert real.queued(port) == 1
        found = real.ask("127.0.0.1", port)
        hung = real.ask("192.0.2.2", port, timeout=real.SHORT)
    assert [(each.outcome, each.taken) for each in found.attempts] == [("accepted", True)]
    assert [(each.outcome, each.taken) for each in hung.attempts] == [("skipped", False)]


def test_a_relay_that_another_listener_goes_before_is_not_the_one_that_answers() -> None:
    """docker-proxy on every address does not get what a program on 127.0.0.1 takes."""
    words = ("-host-port", "{port}", "-container-ip", "172.17.0.2", "-container-port", "80")
    with (
        real.own_network(),
        real.renamed_listener("docker-proxy", *words, address="0.0.0.0", reuse_port=True) as (
            port, pid,
        ),
        real.listening("127.0.0.1", port, reuse_port=True),
    ):  # fmt: skip
        mine = real.ask("127.0.0.1", port)
        other = real.ask("127.0.0.2", port, timeout=real.SHORT)
    assert mine.relay is None
    assert other.relay is not None
    assert other.relay.pid == pid
