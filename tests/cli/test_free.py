"""checks free: ports that can really be bound, and why these."""

from __future__ import annotations

import json
import socket
import subprocess

import pytest
import situations as real
from cli.terminal import PROGRAM, ROOT, on_terminal, plain, run
from needs import need_ipv6

from checks import ports
from checks.probe import free, machine

LOOPBACKS = (free.Place("127.0.0.1", 4), free.Place("::1", 6))


def bind(address: str, port: int) -> None:
    """Bind as a server would; raises where it cannot."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as server:
        server.bind((address, port))


class TestChoice:
    """Which ports are given, and which never."""

    def test_a_port_can_be_bound_in_both_families(self) -> None:
        """By somebody else, right after."""
        need_ipv6()
        port = int(run("free").stdout)
        bind("127.0.0.1", port)
        bind("::1", port)

    def test_nothing_speaks_against_it(self) -> None:
        """Outside the ephemeral range, unregistered, no known use, not blocked, unprivileged."""
        ephemeral = machine.facts().ephemeral
        assert ephemeral is not None
        for text in run("free", "-n", "200").stdout.splitlines():
            port = ports.parse(text)
            assert port.number is not None
            assert port.number >= 1024
            assert not ephemeral[0] <= port.number <= ephemeral[1]
            assert (port.services, port.uses, port.blocked_by) == ((), (), ())

    def test_several_are_different(self) -> None:
        """Each of -n is another port."""
        numbers = run("free", "-n", "50").stdout.split()
        assert len(set(numbers)) == 50

    def test_the_ephemeral_range_is_this_machines(self) -> None:
        """Not the default of the system: what the kernel is set to now."""
        with real.own_network(), real.sysctl("net.ipv4.ip_local_port_range", "1024 60000"):
            numbers = [int(text) for text in run("free", "-n", "20").stdout.split()]
        assert min(numbers) > 60000

    @pytest.mark.parametrize("taken_on", ["127.0.0.1", "::1", "0.0.0.0", "::"])
    def test_a_port_that_one_family_has_is_not_free(self, taken_on: str) -> None:
        """A listener on either address, or on a wildcard, takes it out."""
        need_ipv6()
        with real.own_network(), real.listening(taken_on, 20001):
            found = run("free", "--range", "20001-20002", "-n", "2")
        assert (found.returncode, found.stdout) == (1, "20002\n")
        assert "1 of 2 ports found from 20001 to 20002; 1 could not be bound" in found.stderr

    def test_other_addresses_do_not_matter(self) -> None:
        """A listener on 127.0.0.2 is not in the way of 127.0.0.1; of 0.0.0.0 it is."""
        with real.own_network(), real.listening("127.0.0.2", 20001):
            one = run("free", "--range", "20001-20001")
            wild = run("free", "--range", "20001-20001", "--bind", "0.0.0.0")
        assert one.stdout == "20001\n"
        assert (wild.returncode, wild.stdout) == (1, "")

    def test_a_range_is_taken_as_wanted(self) -> None:
        """What speaks against a port is then said, and what has least against it comes first."""
        with real.own_network():
            found = run("free", "--range", "5431-5433", "-n", "3", "--json")
        documents = [json.loads(line) for line in found.stdout.splitlines()]
        against = {each["port"]: each["objections"] for each in documents}
        counts = [len(each["objections"]) for each in documents]
        assert counts == sorted(counts)
        assert any("postgresql" in text for text in against[5432])

    def test_a_port_that_is_set_aside_is_left_alone(self) -> None:
        """Of ip_local_reserved_ports, as somebody has a plan for it."""
        first, last = 30301, 30302  # neither is registered
        facts = machine.facts()._replace(reserved_ports=f"80,{first}")
        with real.own_network():
            found = free.search(LOOPBACKS, facts, 2, (first, last))
        assert [choice.port for choice in found.choices] == [last, first]
        assert found.choices[1].objections == ("set aside by this system",)

    def test_privileged_ports_are_not_offered(self) -> None:
        """Also to root: the server may run as someone else."""
        with real.own_network():
            found = run("free", "--range", "1-2", "--json")
        assert "privileged" in json.loads(found.stdout)["objections"]


class TestAddress:
    """--bind."""

    @pytest.mark.parametrize(
        ("given", "bound"),
        [
            ("127.0.0.1", ["127.0.0.1", "::1"]),
            ("::1", ["127.0.0.1", "::1"]),
            ("localhost", ["127.0.0.1", "::1"]),
            ("0.0.0.0", ["0.0.0.0", "::"]),
            ("::", ["0.0.0.0", "::"]),
            ("127.0.0.9", ["127.0.0.9"]),
        ],
    )
    def test_the_families_that_are_tried(self, given: str, bound: list[str]) -> None:
        """An address with a counterpart in the other family is tried with it."""
        need_ipv6()
        document = json.loads(run("free", "--bind", given, "--json").stdout)
        assert document["bound"] == bound

    def test_a_machine_without_ipv6_is_served(self) -> None:
        """Only the family that is there is tried, and that is said."""
        with real.own_network(), real.sysctl("net.ipv6.conf.lo.disable_ipv6", "1"):
            document = json.loads(run("free", "--json").stdout)
        assert document["bound"] == ["127.0.0.1"]
        assert "::1 is not this machine's (EADDRNOTAVAIL)" in document["reasons"]

    def test_another_machines_address_is_one(self) -> None:
        """No port can be bound there, and the address is named."""
        found = run("free", "--bind", "192.0.2.99")
        assert (found.returncode, found.stdout) == (1, "")
        assert "192.0.2.99" in found.stderr

    @pytest.mark.parametrize(
        "arguments",
        [["--bind", "nope"], ["--bind", "127.0.0.1:80"], ["-n", "0"], ["--range", "9-3"],
         ["--range", "0-3"], ["--range", "1-2,5-6"]],
    )  # fmt: skip
    def test_bad_usage_is_two(self, arguments: list[str]) -> None:
        """With one line that says what was expected."""
        found = run("free", *arguments)
        assert (found.returncode, found.stdout) == (2, "")
        assert found.stderr


class TestOutput:
    """Numbers for a script, reasons for a person."""

    def test_a_shell_variable_gets_the_number(self) -> None:
        """``PORT=$(python3 -m checks free)``, and nothing else is printed."""
        program = " ".join(PROGRAM)
        found = subprocess.run(
            ["sh", "-c", f"PORT=$({program} free); echo $((PORT + 0))"], cwd=ROOT,
            capture_output=True, text=True, check=True, timeout=60,
        )  # fmt: skip
        assert found.stderr == ""
        assert 1024 <= int(found.stdout) <= 65535

    def test_a_terminal_is_told_why(self) -> None:
        """What was tried, and that nothing holds the port."""
        with on_terminal("free") as terminal:
            said = " ".join(plain(terminal.end()).split())
        assert "why: bound on 127.0.0.1" in said
        assert "ephemeral range" in said
        assert "Nothing holds it until your program binds it" in said
        assert "port 0" in said

    def test_json_has_the_documented_keys(self) -> None:
        """One object a port."""
        lines = run("free", "-n", "2", "--json").stdout.splitlines()
        assert len(lines) == 2
        for line in lines:
            assert set(json.loads(line)) == {"schema", "port", "bound", "objections", "reasons"}

    def test_quiet_prints_nothing(self) -> None:
        """Only whether there is one."""
        found = run("free", "-q")
        assert (found.returncode, found.stdout, found.stderr) == (0, "", "")
