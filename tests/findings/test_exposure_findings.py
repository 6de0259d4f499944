"""Group E: who can connect, told from the bound addresses."""

from __future__ import annotations

import pytest
from findings.records import (
    NODE,
    PORT,
    PYTHON,
    TARGET,
    attempt,
    codes,
    listener,
    machine,
    probe,
    the,
)

from checks.evidence import Listener, Machine

ACCEPTED = attempt("accepted")
SITUATIONS: dict[str, tuple[tuple[Listener, ...], list[str]]] = {
    "nothing": ((), []),
    "127.0.0.1": ((listener("127.0.0.1", PYTHON),), ["E501"]),
    "both loopbacks": ((listener("127.0.0.1", PYTHON), listener("::1", PYTHON)), ["E501"]),
    "0.0.0.0": ((listener("0.0.0.0", PYTHON),), ["E502"]),
    "loopback and 0.0.0.0": (
        (listener("127.0.0.1", PYTHON), listener("0.0.0.0", NODE)),
        ["E502"],
    ),
    "0.0.0.0 of one device": ((listener("0.0.0.0", PYTHON, interface="eth0"),), ["E503"]),
    "0.0.0.0 of the loopback device": ((listener("0.0.0.0", PYTHON, interface="lo"),), ["E501"]),
    "network address": ((listener("192.168.1.5", PYTHON),), ["E503"]),
    "loopback and network address": (
        (listener("127.0.0.1", PYTHON), listener("192.168.1.5", PYTHON)),
        ["E503"],
    ),
    ":: dual stack": ((listener("::", PYTHON, v6only=False),), ["E502", "E504"]),
    ":: IPv6 only": ((listener("::", PYTHON, v6only=True),), ["E502"]),
    ":: unknown": ((listener("::", PYTHON, v6only=None),), ["E502"]),
    "hidden owner": ((listener("127.0.0.1"),), ["E501", "E507"]),
    "UDP on all, TCP on loopback": (
        (listener("127.0.0.1", PYTHON), listener("0.0.0.0", PYTHON, protocol="udp")),
        ["E502"],
    ),
    "SO_REUSEPORT pair": ((listener("0.0.0.0", PYTHON), listener("0.0.0.0", NODE)), ["E502"]),
    "two open addresses": (
        (listener("192.168.1.5", PYTHON), listener("2001:db8::5", PYTHON)),
        ["E503", "E503"],
    ),
}


@pytest.mark.parametrize(("rows", "expected"), SITUATIONS.values(), ids=list(SITUATIONS))
def test_rows_give(rows: tuple[Listener, ...], expected: list[str]) -> None:
    """The rows on the port, and what they expose."""
    assert sorted(codes(TARGET, probe(ACCEPTED, listeners=rows), "E")) == expected


def test_firewall_is_not_claimed_away() -> None:
    """A table shows who listens, not who gets in."""
    for row, code in ((listener("0.0.0.0", PYTHON), "E502"), (listener("10.0.0.9", NODE), "E503")):
        message = the(code, TARGET, probe(ACCEPTED, listeners=(row,))).match.message
        assert "unless a firewall stops them" in message


def test_two_owners_on_one_port_are_told_apart() -> None:
    """This machine and the others see different services."""
    rows = (listener("127.0.0.1", PYTHON), listener("0.0.0.0", NODE))
    message = the("E502", TARGET, probe(ACCEPTED, listeners=rows)).match.message
    assert message.startswith(f"node (pid 99) listens on TCP 0.0.0.0:{PORT}")
    assert f"On {TARGET} python3 (pid 4242) answers" in message


def test_same_owner_is_not_told_apart_from_itself() -> None:
    """One program on two addresses is one service."""
    rows = (listener("127.0.0.1", PYTHON), listener("0.0.0.0", PYTHON))
    assert "answers" not in the("E502", TARGET, probe(ACCEPTED, listeners=rows)).match.message


def test_device_of_a_bound_socket_is_named() -> None:
    """A socket on all addresses of one device is less open than it looks."""
    row = listener("0.0.0.0", PYTHON, interface="eth0")
    message = the("E503", TARGET, probe(ACCEPTED, listeners=(row,))).match.message
    assert "bound to the network device eth0" in message


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (machine(), "its pid is hidden from this user"),
        (machine(privileged=True), "the kernel, or another container"),
    ],
    ids=["user", "root"],
)
def test_hidden_owner_is_explained_by_rights(at: Machine, words: str) -> None:
    """Root sees all processes here, so what it cannot see is elsewhere."""
    row = listener("127.0.0.1", user="postgres", uid=105, unit="postgresql.service")
    found = the("E507", TARGET, probe(ACCEPTED, listeners=(row,), at=at)).match
    assert "user postgres in postgresql.service" in found.message
    assert words in found.message


def test_hidden_owner_without_a_name_has_its_uid() -> None:
    """A uid that no passwd file knows is still a fact."""
    row = listener("127.0.0.1", user=None, uid=100999)
    message = the("E507", TARGET, probe(ACCEPTED, listeners=(row,))).match.message
    assert "a process of uid 100999" in message
