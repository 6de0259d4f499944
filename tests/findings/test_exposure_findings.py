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
    findings,
    listener,
    machine,
    probe,
    resolves,
    speaks,
    the,
)

from checks.findings import verdict
from checks.model.evidence import Identity, Listener, Machine
from checks.text import classify

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


class TestOwnSetting:
    """What closes a port is the setting of the program that has it, where it is known."""

    @pytest.mark.parametrize(
        ("identity", "word"),
        [
            (speaks("redis", "Redis", "7.0"), "keep Redis on 127.0.0.1: bind 127.0.0.1 -::1"),
            (speaks("mysql", "MariaDB", "11"), "bind_address = 127.0.0.1"),
            (speaks("http", "Gunicorn", "22"), f"--bind 127.0.0.1:{PORT} "),
            (speaks("http", "Unheard Of", "1"), "make the program listen on 127.0.0.1"),
            (speaks("http", "Discord", "1"), "make the program listen on 127.0.0.1"),
            (None, "make the program listen on 127.0.0.1"),
        ],
        ids=["setting", "one of two names", "port", "unknown", "no setting", "silent"],
    )
    def test_first_fix(self, identity: Identity | None, word: str) -> None:
        """With the port in question in the place of the usual one."""
        rows = (listener("0.0.0.0", PYTHON),)
        evidence = probe(ACCEPTED, listeners=rows, identity=identity)
        assert word in the("E502", TARGET, evidence).match.fix[0].text

    def test_both_ip_versions_of_one_program_have_one_fix(self) -> None:
        """A step that is said twice is one."""
        rows = (listener("0.0.0.0", PYTHON), listener("::", PYTHON, v6only=True))
        evidence = probe(ACCEPTED, listeners=rows, identity=speaks("redis", "Redis", "7.0"))
        every = [
            found.match.fix[0].text
            for found in findings(TARGET, evidence)
            if found.finding.code == "E502"
        ]
        assert len(set(every)) == 1

    def test_setting_is_not_told_to_another_program(self) -> None:
        """What speaks on loopback need not be what others reach."""
        rows = (listener("127.0.0.1", PYTHON), listener("0.0.0.0", NODE))
        evidence = probe(ACCEPTED, listeners=rows, identity=speaks("redis", "Redis", "7.0"))
        assert "make the program listen" in the("E502", TARGET, evidence).match.fix[0].text


def test_device_of_a_bound_socket_is_named() -> None:
    """A socket on all addresses of one device is less open than it looks."""
    row = listener("0.0.0.0", PYTHON, interface="eth0")
    message = the("E503", TARGET, probe(ACCEPTED, listeners=(row,))).match.message
    assert "bound to the network device eth0" in message


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (machine(), "its pid is hidden from this user"),
        (machine(privileged=True), "no process was found that holds it: the kernel itself may"),
        (machine("windows", privileged=True), "the system itself may, or it was not shown."),
    ],
    ids=["user", "root", "windows"],
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


class TestOtherMachines:
    """A listener of this machine has nothing to do with another machine's address."""

    rows = (listener("0.0.0.0", PYTHON), listener("0.0.0.0", NODE))

    def test_nothing_is_said_of_listeners_here(self) -> None:
        """The same number on another machine is another port."""
        evidence = probe(
            attempt("skipped", "8.8.8.8", reason="other-machine"),
            listeners=self.rows,
            outcome="not-this-machine",
        )
        assert codes(f"8.8.8.8:{PORT}", evidence, "E") == []
        assert codes(f"8.8.8.8:{PORT}", evidence, "B") == []
        tried = probe(attempt("accepted", "8.8.8.8"), listeners=self.rows)
        assert codes(f"8.8.8.8:{PORT}", tried, "E") == []

    def test_name_without_an_address(self) -> None:
        """Nothing is known of where it is, so nothing is said of here."""
        unknown = resolves(error="EAI_NONAME")
        evidence = probe(listeners=self.rows, resolution=unknown, outcome="not-resolved")
        assert codes(f"nosuch.example:{PORT}", evidence, "E") == []

    def test_one_address_of_this_machine_is_enough(self) -> None:
        """A name that leads here as well is about this machine."""
        evidence = probe(
            attempt("skipped", "8.8.8.8", reason="other-machine"),
            attempt("accepted", "192.168.1.5"),
            listeners=self.rows,
            resolution=resolves("8.8.8.8", "192.168.1.5"),
        )
        assert "E502" in codes(f"box.example:{PORT}", evidence, "E")


class TestRouteLocalnet:
    """Loopback is no border where Linux lets 127.0.0.0/8 come in."""

    opened = machine(surroundings=("container docker",), route_localnet=("eth0",))

    def test_is_a_notice_for_ipv4(self) -> None:
        """It names the interface and claims nothing of a firewall; so does the verdict."""
        evidence = probe(ACCEPTED, listeners=(listener("127.0.0.1", PYTHON),), at=self.opened)
        found = the("E501", TARGET, evidence)
        assert found.severity == "notice"
        assert "route_localnet is on for eth0" in found.match.message
        assert "only this machine" not in verdict(classify(TARGET), {0: evidence})

    @pytest.mark.parametrize(
        ("row", "at"),
        [
            (listener("::1", PYTHON), opened),
            (listener("127.0.0.1", PYTHON), machine(surroundings=("container docker",))),
        ],
        ids=["IPv6", "off"],
    )
    def test_near_misses(self, row: Listener, at: Machine) -> None:
        """The setting is for IPv4 only; without it loopback stays closed."""
        text = "[::1]:62893" if ":" in row.address else TARGET
        evidence = probe(attempt("accepted", row.address), listeners=(row,), at=at)
        assert the("E501", text, evidence).severity == "ok"
        assert "only this machine" in verdict(classify(text), {0: evidence})


def test_processes_that_were_not_looked_at() -> None:
    """Without a procfs neither "hidden" nor "not found" is true."""
    row = listener("127.0.0.1", no_owner="no-processes")
    found = the("E507", TARGET, probe(ACCEPTED, listeners=(row,))).match
    assert found.message.endswith("the processes could not be read.")


def test_device_is_part_of_where_it_listens() -> None:
    """A socket on one device is written as ss writes it."""
    rows = (listener("0.0.0.0", PYTHON, interface="lo"), listener("0.0.0.0", NODE))
    message = the("E501", TARGET, probe(ACCEPTED, listeners=rows[:1])).match.message
    assert message.startswith(f"TCP 0.0.0.0%lo:{PORT} is bound")
    assert "%" not in the("E502", TARGET, probe(ACCEPTED, listeners=rows)).match.message
