"""Every command in a sandbox that closes the socket tables, and beside one that does not."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
import sandbox
import situations as real
from cli.terminal import PATIENCE, PROGRAM, ROOT
from cli.terminal import run as run_seeing
from needs import need_ipv6, need_linux
from published_schema import validator

if TYPE_CHECKING:
    from pathlib import Path

BLIND = "netlink proc-net"
EVERY = ["tcp4", "tcp6", "udp4", "udp6"]

CLOSED = ["netlink proc", "netlink proc-net"]
"""Two sandboxes: without procfs, and without its net."""


def documents(found: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """The objects that were printed."""
    return [json.loads(line) for line in found.stdout.splitlines()]


class TestDiagnosis:
    """What is said of a port whose listener cannot be seen."""

    @pytest.mark.parametrize("closed", CLOSED)
    def test_a_served_port(self, closed: str) -> None:
        """It answers; who listens is not known; no error, and the reason once."""
        with real.own_network(), real.listening("127.0.0.1") as port:
            seen = run_seeing("--no-identify", f"127.0.0.1:{port}")
            found = sandbox.run(closed, "--no-identify", f"127.0.0.1:{port}")
        assert (seen.returncode, found.returncode) == (0, 0)
        text = " ".join(found.stdout.split())
        assert text.startswith(
            f"127.0.0.1:{port} answers, but the listening program is not visible."
        )
        assert "B403" not in text
        assert text.count("netlink gives EAFNOSUPPORT") == 1
        assert f"python3 (pid {os.getpid()})" in seen.stdout or "listens there" in seen.stdout
        assert "could not be" not in seen.stdout

    def test_a_program_that_may_hang_is_joined_once(self) -> None:
        """Whether it takes connections is not seen, so its silence gets no further one."""
        with real.own_network(), real.hung("127.0.0.1", backlog=5) as (port, _):
            found = sandbox.run(BLIND, f"127.0.0.1:{port}")
            assert real.queued(port) == 1
        assert found.stdout.startswith(f"127.0.0.1:{port} accepts connections but has not")

    def test_a_refused_port(self) -> None:
        """The refusal is told, and that nothing listens is "most likely"."""
        with real.own_network():
            seen = run_seeing("127.0.0.1:2001")
            found = sandbox.run(BLIND, "127.0.0.1:2001")
        assert (seen.returncode, found.returncode) == (1, 1)
        assert seen.stdout.startswith(
            "127.0.0.1:2001 refused the connection: no program listens there."
        )
        assert ": no program listens there" not in found.stdout
        assert "127.0.0.1:2001 refused the connection: most likely no program" in found.stdout

    @pytest.mark.parametrize(("closed", "code"), [("", "B403"), (BLIND, "B402")])
    def test_a_bound_port(self, closed: str, code: str) -> None:
        """Bound and not listening is seen in the table; without it the port is in use."""
        with real.own_network(), real.bound_only("127.0.0.1") as port:
            found = sandbox.run(closed, "--json", f"127.0.0.1:{port}")
        (document,) = documents(found)
        validator().validate(document)
        codes = [each["code"] for each in document["findings"] if each["code"][0] == "B"]
        assert codes == [code]
        assert document["endpoints"][0]["probe"]["unread"] == (EVERY if closed else [])

    def test_a_part_of_the_tables(self) -> None:
        """Without that of TCP over IPv6 an IPv4 listener is seen, a dual-stack one is not."""
        need_ipv6()
        with (
            real.own_network(),
            real.listening("127.0.0.1", 2001),
            real.listening("::", 2002),
            real.listening("::1", 2003),
        ):
            targets = ("127.0.0.1:2001", "127.0.0.1:2002", "[::1]:2003", "127.0.0.1:2004")
            found = documents(sandbox.run("netlink tcp6", "--no-identify", "--json", *targets))
        assert {tuple(each["endpoints"][0]["probe"]["unread"]) for each in found} == {("tcp6",)}
        four, dual, six, none = (each["verdict"] for each in found)
        assert "listens there" in four
        assert dual == "127.0.0.1:2002 answers, but the listening program is not visible."
        assert six == "[::1]:2003 answers, but the listening program is not visible."
        assert (
            none == "127.0.0.1:2004 refused the connection: most likely no program listens there."
        )

    def test_without_ipv6_sockets_nothing_is_missing(self) -> None:
        """A program that may have no IPv6 sockets reads the tables all the same."""
        with real.own_network(), real.listening("127.0.0.1", 2001):
            (document,) = documents(sandbox.run("netlink inet6", "--json", "127.0.0.1:2001"))
        assert document["endpoints"][0]["probe"]["unread"] == []
        assert "listens there" in document["verdict"]


class TestMonitors:
    """--format and --fail-on: what was not seen is no good news."""

    @pytest.mark.parametrize(
        ("closed", "code", "begin"),
        [
            ("", 0, "CHECKS OK - 0 of 1 listeners"),
            (BLIND, 3, "CHECKS UNKNOWN - The socket table could not be read."),
            ("netlink tcp6", 3, "CHECKS UNKNOWN - The socket table of TCP over IPv6 could not"),
        ],
    )
    def test_nagios(self, closed: str, code: int, begin: str) -> None:
        """UNKNOWN, without a count; for both commands."""
        with real.own_network(), real.listening("127.0.0.1", 2001):
            found = sandbox.run(closed, "listen", "--format", "nagios")
            asked = sandbox.run(closed, "--no-identify", "--format", "nagios", "127.0.0.1:2001")
        assert (found.returncode, asked.returncode) == (code, code)
        assert found.stdout.startswith(begin)
        assert ("listeners=" in found.stdout) is (code == 0)
        assert asked.stdout.startswith(f"CHECKS {'UNKNOWN' if closed else 'OK'} - 127.0.0.1:2001 a")

    @pytest.mark.parametrize("closed", ["", BLIND])
    def test_nagios_of_a_refusal(self, closed: str) -> None:
        """CRITICAL whatever was seen: the connection itself failed."""
        with real.own_network():
            found = sandbox.run(closed, "--format", "nagios", "127.0.0.1:2001")
        assert found.returncode == 2
        assert found.stdout.startswith("CHECKS CRITICAL - ")

    def test_another_machine_does_not_hang_on_this_ones_table(self) -> None:
        """Its answer is the connection alone."""
        with real.own_network():
            found = sandbox.run(BLIND, "--format", "nagios", "192.0.2.9:80")
        assert "socket table" not in found.stdout

    @pytest.mark.parametrize(
        ("closed", "bound", "code"),
        [
            ("", "127.0.0.1", 0),
            ("", "0.0.0.0", 1),
            (BLIND, "127.0.0.1", 3),
            (BLIND, "0.0.0.0", 3),
            ("netlink tcp6", "127.0.0.1", 3),
            ("netlink tcp6", "0.0.0.0", 1),
        ],
    )
    def test_fail_on_exposed(self, closed: str, bound: str, code: int) -> None:
        """3 where nothing exposed was seen and not everything was; silent with -q."""
        with real.own_network(), real.listening(bound, 2001):
            found = sandbox.run(closed, "listen", "-q", "--fail-on", "exposed")
        assert (found.returncode, found.stdout, found.stderr) == (code, "", "")

    def test_only_the_tables_that_are_asked_for_count(self) -> None:
        """Without that of TCP over IPv6 the list of UDP is whole."""
        with real.own_network():
            assert sandbox.run("netlink tcp6", "listen", "-q", "--udp").returncode == 0
            assert sandbox.run("netlink tcp6", "listen", "-q", "--tcp").returncode == 3

    def test_prometheus_counts_what_was_asked_for(self) -> None:
        """A protocol or a reach that was left out has no count, and not the count 0."""
        with real.own_network(), real.listening("127.0.0.1"), real.udp_bound("0.0.0.0"):
            found = {
                option: run_seeing("listen", "--format", "prometheus", option).stdout
                for option in ("--tcp", "--udp", "--exposed")
            }
        counts = {
            option: [line for line in text.splitlines() if line.startswith("checks_listeners{")]
            for option, text in found.items()
        }
        assert counts["--tcp"] == [
            f'checks_listeners{{protocol="tcp",reach="{reach}"}} {count}'
            for reach, count in (("host", 1), ("network", 0), ("any", 0))
        ]
        assert counts["--udp"] == [
            f'checks_listeners{{protocol="udp",reach="{reach}"}} {count}'
            for reach, count in (("host", 0), ("network", 0), ("any", 1))
        ]
        assert not [line for line in counts["--exposed"] if 'reach="host"' in line]
        assert 'checks_listeners{protocol="udp",reach="any"} 1' in counts["--exposed"]

    def test_prometheus(self) -> None:
        """checks_table_readable is 0, and what was not read is not counted."""
        with real.own_network(), real.listening("127.0.0.1", 2001):
            seen = sandbox.run("", "listen", "--format", "prometheus")
            part = sandbox.run("netlink tcp6", "listen", "--format", "prometheus")
            blind = sandbox.run(BLIND, "listen", "--format", "prometheus")
            asked = [
                sandbox.run(closed, "--no-identify", "--format", "prometheus", "127.0.0.1:2001")
                for closed in ("", BLIND)
            ]
        assert "\nchecks_table_readable 1\n" in seen.stdout
        assert "\nchecks_listeners{" in seen.stdout
        assert "\nchecks_table_readable 0\n" in part.stdout
        assert 'checks_listeners{protocol="tcp"' not in part.stdout
        assert 'checks_listeners{protocol="udp",reach="any"} 0' in part.stdout
        assert blind.stdout.splitlines()[2:] == ["checks_table_readable 0"]
        assert [each.returncode for each in (seen, part, blind, *asked)] == [0, 3, 3, 0, 3]
        label = '{target="127.0.0.1:2001"}'
        assert f"checks_table_readable{label} 1" in asked[0].stdout
        assert f"checks_target_ok{label} 1" in asked[0].stdout
        assert f"checks_table_readable{label} 0" in asked[1].stdout
        assert "checks_target_ok" not in asked[1].stdout

    def test_junit(self) -> None:
        """An error, which no server takes for a pass."""
        with real.own_network(), real.listening("127.0.0.1", 2001):
            found = [
                (sandbox.run(closed, *arguments, "--format", "junit"), closed)
                for arguments in (["listen"], ["--no-identify", "127.0.0.1:2001"])
                for closed in ("", BLIND)
            ]
        for result, closed in found:
            (suite,) = ElementTree.fromstring(result.stdout)  # noqa: S314 - our own
            errors, failures = suite.get("errors"), suite.get("failures")
            assert (errors, failures, result.returncode) == (
                ("1", "0", 3) if closed else ("0", "0", 0)
            )
            if closed:
                assert suite[0][0].get("message") == "The socket table could not be read."


class TestListing:
    """checks listen for a person and as JSON."""

    @pytest.mark.parametrize("closed", CLOSED)
    def test_a_list_that_could_not_be_made(self, closed: str) -> None:
        """It is not called empty, and the exit code says so too."""
        with real.own_network(), real.listening("0.0.0.0", 2001):
            found = sandbox.run(closed, "listen")
        assert found.returncode == 3
        assert found.stdout == "The socket table could not be read. What listens is not known.\n"
        assert found.stderr.startswith("checks: The kernel's socket tables could not be read: ")
        with real.own_network():
            empty = sandbox.run("", "listen")
        assert (empty.returncode, empty.stdout) == (0, "0 listeners.\n")

    def test_json_says_so_before_the_listeners(self) -> None:
        """One object more, with what was not read; the others as ever."""
        with real.own_network(), real.listening("127.0.0.1", 2001):
            blind = documents(sandbox.run(BLIND, "listen", "--json"))
            part = documents(sandbox.run("netlink tcp6", "listen", "--json"))
            seen = documents(sandbox.run("", "listen", "--json"))
        (record,) = blind
        assert record["schema"] == "checks/1"
        assert record["unread"] == EVERY
        assert "Run this outside of it" in record["says"]
        first, second = part
        assert first["unread"] == ["tcp6"]
        assert second["listener"]["port"] == 2001
        assert "unread" not in second
        assert [each["listener"]["port"] for each in seen] == [2001]

    def test_a_loopback_listener_may_not_be_the_only_one(self) -> None:
        """E501 says that others were not seen; without a gap it says who can connect."""
        with real.own_network(), real.listening("127.0.0.1", 2001):
            _, part = documents(sandbox.run("netlink tcp6", "listen", "--json"))
            (seen,) = documents(sandbox.run("", "listen", "--json"))
        assert "were not seen" in part["findings"][0]["message"]
        assert part["severity"] == "info"
        assert "only programs of this machine" in seen["findings"][0]["message"]
        assert seen["severity"] == "ok"

    def test_a_watch_does_not_take_blindness_for_an_end(self) -> None:
        """A listener that is not seen any more has not gone."""
        need_linux()
        code = (
            "import sys; from checks.cli import listen\n"
            "from checks.probe import sockets\n"
            "real = sockets.named; count = iter(range(9));\n"
            "def read(*given):\n"
            "    found = real(*given)\n"
            "    if next(count) == 1:\n"
            "        return found._replace(listeners=(), notes=('closed',), unread=('tcp4',))\n"
            "    return found\n"
            "sockets.named = read\n"
            "from checks.cli import main; main(['listen', '--watch', '0.1', '--port', sys.argv[1]])"
        )
        with (
            real.own_network(),
            real.listening("127.0.0.1", 2001),
            subprocess.Popen(
                [sys.executable, "-S", "-c", code, "2001"], cwd=ROOT, text=True, bufsize=1,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            ) as child,
        ):  # fmt: skip
            assert _line(child.stdout).startswith("= tcp 127.0.0.1:2001 ")
            assert _line(child.stderr) == "checks: closed\n"
            assert _line(child.stderr) == "checks: the socket table can be read again\n"
            with real.listening("127.0.0.2", 2001):
                assert _line(child.stdout).startswith("+ tcp 127.0.0.2:2001 ")
            child.send_signal(signal.SIGINT)
            child.communicate(timeout=PATIENCE)


def _line(stream: Any) -> str:
    """The next line of a pipe that is read one line at a time."""
    assert select.select([stream], [], [], PATIENCE)[0]
    text: str = stream.readline()
    return text


class TestScanAndWait:
    """Connections are seen by everyone, their owners are not."""

    def test_a_scan_makes_up_no_relay(self) -> None:
        """The owner was not seen; that is said once, and in each object."""
        with real.own_network(), real.listening("127.0.0.1", 2001):
            found = sandbox.run(BLIND, "scan", "-p", "2001")
            as_json = sandbox.run(BLIND, "scan", "-p", "2001", "--json")
            seen = sandbox.run("", "scan", "-p", "2001", "--json")
        assert "relay" not in found.stdout
        assert "not seen" in found.stdout
        assert found.stderr.count("could not be read") == 1
        (blind,), (whole,) = documents(as_json), documents(seen)
        assert (blind["outcome"], blind["listeners"]) == ("accepted", [])
        assert blind["unread"] == ["tcp4", "tcp6"]
        assert len(whole["listeners"]) == 1
        assert "unread" not in whole

    def test_wait(self) -> None:
        """What accepts is open; what refuses is told as far as it was seen."""
        with real.own_network(), real.listening("127.0.0.1", 2001):
            up = sandbox.run(BLIND, "wait", "127.0.0.1:2001")
            down = sandbox.run(BLIND, "wait", "127.0.0.1:2002", "--timeout", "0.1")
        assert up.returncode == 0
        assert up.stdout.endswith("answers, but the listening program is not visible.\n")
        assert down.returncode == 124
        assert "most likely no program listens there" in down.stderr


class TestCodesAndSentences:
    """The exit code says what the sentence says."""

    def test_scan_without_ipv6(self) -> None:
        """An address that no packet gets to was not scanned: 1, by either way of not having it."""
        with real.own_network(), real.sysctl("net.ipv6.conf.all.disable_ipv6", "1"):
            gone = run_seeing("scan", "::1", "-p", "2001-2003")
            here = run_seeing("scan", "127.0.0.1", "-p", "2001-2003")
        assert (gone.returncode, gone.stdout) == (1, "")
        assert gone.stderr == (
            "checks: ::1 cannot be scanned: this machine has no address to connect from"
            " (EADDRNOTAVAIL)\n"
        )
        assert (here.returncode, here.stderr) == (0, "")
        without = sandbox.run("inet6", "scan", "::1", "-p", "2001-2003")
        assert (without.returncode, without.stdout) == (1, "")
        assert without.stderr.startswith("checks: ::1 cannot be scanned: Address family not")

    def test_free_on_an_address_that_is_not_there(self) -> None:
        """127.0.0.1 is no answer to ::1; where both were meant it is."""
        with real.own_network(), real.sysctl("net.ipv6.conf.all.disable_ipv6", "1"):
            named = run_seeing("free", "--bind", "::1")
            either = run_seeing("free", "--bind", "localhost")
            four = run_seeing("free", "--bind", "127.0.0.1")
        assert (named.returncode, named.stdout) == (1, "")
        assert named.stderr == "checks: this machine has no address ::1\n"
        assert (either.returncode, four.returncode) == (0, 0)

    @pytest.mark.parametrize("unbuffered", ["", "1"])
    @pytest.mark.parametrize(
        "arguments", [["--help"], ["--version"], ["listen", "--help"], ["explain", "--help"]]
    )
    def test_a_full_disk(self, arguments: list[str], unbuffered: str) -> None:
        """What was asked for was not written: 3, and one line."""
        need_linux()
        with open("/dev/full", "w") as full:
            found = subprocess.run(
                [*PROGRAM, *arguments], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True,
                env={**os.environ, "PYTHONUNBUFFERED": unbuffered}, timeout=60, check=False,
            )  # fmt: skip
        assert found.returncode == 3
        assert found.stderr == (
            "checks: the answer could not be written: No space left on device\n"
        )
        assert run_seeing(*arguments).returncode == 0

    @pytest.mark.parametrize(
        ("name", "holds"),
        [("localhost", False), ("nope.localhost", False), ("six.localhost", True)],
    )
    def test_wait_agrees_with_the_diagnosis(self, name: str, holds: bool, tmp_path: Path) -> None:
        """What a program that asks the system does not reach is not open."""
        need_ipv6()
        hosts = tmp_path / "hosts"
        hosts.write_text("127.0.0.1 localhost\n::1 six.localhost\n", encoding="ascii")
        with real.own_network(), real.listening("::1", 2001):
            diagnosis = sandbox.run_with_hosts(hosts, "--no-identify", f"{name}:2001")
            waited = sandbox.run_with_hosts(hosts, "wait", f"{name}:2001", "--timeout", "0.2")
        assert (diagnosis.returncode, waited.returncode) == ((0, 0) if holds else (1, 124))
        told = " ".join(diagnosis.stdout.partition("\n\n")[0].split())
        said = waited.stdout if holds else waited.stderr
        assert said.rstrip().endswith(told)
        assert ("this system" in said.lower()) is not holds

    def test_a_name_for_the_unspecified_address_leads_to_this_machine(self, tmp_path: Path) -> None:
        """A hosts file may say 0.0.0.0; a connection to that goes to loopback."""
        hosts = tmp_path / "hosts"
        hosts.write_text("0.0.0.0 zero.test\n", encoding="ascii")
        with real.own_network(), real.listening("127.0.0.1", 2001):
            diagnosis = sandbox.run_with_hosts(hosts, "--no-identify", "zero.test:2001")
            waited = sandbox.run_with_hosts(hosts, "wait", "zero.test:2001", "--timeout", "10")
        assert (diagnosis.returncode, waited.returncode) == (0, 0)
        assert "zero.test:2001 answers" in diagnosis.stdout


def test_the_sandbox_closes_what_it_says() -> None:
    """Positive control: the same program without the sandbox has all of it."""
    need_linux()
    code = (
        "import os, socket\n"
        "for family in (socket.AF_NETLINK, socket.AF_INET6, socket.AF_INET):\n"
        "    try: socket.socket(family, socket.SOCK_DGRAM).close(); print('yes', end=' ')\n"
        "    except OSError: print('no', end=' ')\n"
        "print(os.path.exists('/proc/net/tcp'), os.path.exists('/proc/net/tcp6'))\n"
    )

    def seen(closed: str) -> str:
        prefix = sandbox.command(closed)[: -len(sandbox.PROGRAM)]
        command = [*prefix, sys.executable, "-S", "-c", code]
        return subprocess.run(
            command, capture_output=True, text=True, timeout=60, check=True
        ).stdout.strip()

    with socket.socket(socket.AF_INET6):
        assert seen("") == "yes yes yes True True"
    assert seen("netlink") == "no yes yes True True"
    assert seen("inet6") == "yes no yes True True"
    assert seen("tcp6") == "yes yes yes True False"
    assert seen("proc-net") == "yes yes yes False False"
    assert seen("proc") == "yes yes yes False False"
