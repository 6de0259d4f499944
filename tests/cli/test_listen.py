"""checks listen: every listener, once, over and over, for people and for machines."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
import situations as real
from cli.terminal import PATIENCE, PROGRAM, ROOT, on_terminal, plain, run
from needs import need_ipv6, need_root

from checks.probe import machine, sockets, system
from checks.report import columns, formats
from checks.report import listeners as report
from checks.report.style import Style

if TYPE_CHECKING:
    from checks.model.evidence import Listener
    from checks.report.listeners import Entry

KEYS = {"schema", "listener", "port", "likely", "severity", "findings"}


def documents(*arguments: str) -> list[dict[str, Any]]:
    """The objects that ``listen --json`` prints."""
    found = run("listen", "--json", *arguments)
    assert (found.returncode, found.stderr) == (0, "")
    return [json.loads(line) for line in found.stdout.splitlines()]


class TestListing:
    """What is listed, and in which order."""

    def test_a_listener_is_one_line_with_its_owner(self) -> None:
        """Address, reach, process and finding stand on one line of a pipe."""
        with real.listening_process("127.0.0.1") as (port, pid):
            found = run("listen", "--port", str(port))
        (line,) = found.stdout.splitlines()[1:]
        assert line.split()[:3] == ["tcp", f"127.0.0.1:{port}", "host"]
        assert f"({pid})" in line
        assert line.endswith("E501")
        assert found.returncode == 0

    def test_the_worst_comes_first(self) -> None:
        """What others can reach stands above what they cannot."""
        with real.own_network(), real.listening("127.0.0.1"), real.listening("0.0.0.0"):
            rows = [line.split()[2] for line in run("listen").stdout.splitlines()[1:]]
        assert rows == ["any", "host"]

    def test_every_family_and_protocol(self) -> None:
        """TCP and UDP, IPv4 and IPv6, dual-stack or not, one object each."""
        need_ipv6()
        with (
            real.own_network(),
            real.listening("127.0.0.1", 2001),
            real.listening("::1", 2002),
            real.listening("::", 2003),
            real.listening("::", 2004, v6only=True),
            real.udp_bound("127.0.0.1", 2005),
            real.udp_bound("::", 2006),
        ):
            found = documents()
        seen = {}
        for document in found:
            row = document["listener"]
            codes = [finding["code"] for finding in document["findings"]]
            seen[row["protocol"], row["address"], row["port"]] = row["v6only"], codes
        assert seen == {
            ("tcp", "127.0.0.1", 2001): (None, ["E501"]),
            ("tcp", "::1", 2002): (True, ["E501"]),
            ("tcp", "::", 2003): (False, ["E502", "E504"]),
            ("tcp", "::", 2004): (True, ["E502"]),
            ("udp", "127.0.0.1", 2005): (None, ["E501"]),
            ("udp", "::", 2006): (False, ["E502", "E504"]),
        }

    def test_json_has_the_documented_keys(self) -> None:
        """One object a line, each with the same keys, listener and findings in full."""
        with real.listening("127.0.0.1") as port:
            (document,) = documents("--port", str(port))
        assert set(document) == KEYS
        row = document["listener"]
        assert [owner["pid"] for owner in row["owners"]] == [os.getpid()]
        (finding,) = document["findings"]
        assert {"code", "slug", "severity", "message", "fix", "url"} <= set(finding)

    def test_sockets_that_share_a_port_are_one_row(self) -> None:
        """A SO_REUSEPORT pair: two objects, one row with both processes, told by B408."""
        with real.reuse_port_pair("127.0.0.1") as (port, (first, second)):
            rows = run("listen", "--port", str(port)).stdout.splitlines()[1:]
            found = documents("--port", str(port))
        assert len(found) == 2
        (row,) = rows
        assert "+1" in row
        assert any(f"({pid})" in row for pid in (first, second))
        assert "B408" in row

    def test_two_owners_on_one_port_are_told_apart(self) -> None:
        """127.0.0.1 and 0.0.0.0 with different owners: the exposed one says who answers here."""
        with (
            real.listening_process("127.0.0.1", reuse_port=True) as (port, here),
            real.listening_process("0.0.0.0", port, reuse_port=True) as (_, _there),
        ):
            found = documents("--port", str(port))
        messages = [finding["message"] for document in found for finding in document["findings"]]
        assert any(f"pid {here}" in text and "do not see the same" in text for text in messages)

    def test_a_connection_is_no_listener(self) -> None:
        """Neither an outgoing connection nor an accepted one is listed."""
        with (
            real.own_network(),
            real.accepting("127.0.0.1") as (port, listener),
            socket.create_connection(("127.0.0.1", port)) as client,
        ):
            accepted, _ = listener.accept()
            with accepted:
                found = documents()
            assert client.getsockname()[1] != port
        assert [document["listener"]["port"] for document in found] == [port]

    def test_a_hidden_process_is_not_nobody(self) -> None:
        """Without rights the user is named, and the row says which finding explains it."""
        need_root()
        with real.listening_process("127.0.0.1") as (port, _):
            sockets.every((), ("tcp",), port)  # a clone below /root cannot be imported from then
            with real.as_nobody():
                facts = machine.facts()
                (entry,) = report.entries(sockets.every((), ("tcp",), port).listeners, facts)
        assert columns.who(entry.listener) == "user root"
        assert "E507" in entry.codes


class TestFilters:
    """--tcp, --udp, --port, --exposed, -q, --fail-on."""

    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            ([], {2001, 2002, 2003}),
            (["--tcp"], {2001, 2003}),
            (["--udp"], {2002}),
            (["--tcp", "--udp"], {2001, 2002, 2003}),
            (["--port", "2001"], {2001}),
            (["--port", "2002-2003"], {2002, 2003}),
            (["--port", "2001", "--port", "2003"], {2001, 2003}),
            (["--port", "2001,2003-"], {2001, 2003}),
            (["--exposed"], {2003}),
            (["--exposed", "--udp"], set()),
        ],
    )
    def test_a_filter_keeps_what_it_names(self, arguments: list[str], expected: set[int]) -> None:
        """Each filter alone and with another."""
        with (
            real.own_network(),
            real.listening("127.0.0.1", 2001),
            real.udp_bound("127.0.0.1", 2002),
            real.listening("0.0.0.0", 2003),
        ):
            found = documents(*arguments)
        assert {document["listener"]["port"] for document in found} == expected

    @pytest.mark.parametrize(("bound", "code"), [("127.0.0.1", 0), ("0.0.0.0", 1)])
    def test_fail_on_exposed(self, bound: str, code: int) -> None:
        """Exit 1 only where something listed reaches beyond this machine; silent with -q."""
        with real.listening(bound) as port:
            strict = run("listen", "-q", "--port", str(port), "--fail-on", "exposed")
            assert run("listen", "-q", "--port", str(port)).returncode == 0
        assert (strict.returncode, strict.stdout, strict.stderr) == (code, "", "")

    @pytest.mark.parametrize(
        "arguments", [["--port", "0"], ["--port", "x"], ["--port", "9-3"], ["--watch", "0"],
                      ["--format", "xml"], ["--watch", "1", "--format", "junit"], ["extra"]],
    )  # fmt: skip
    def test_bad_usage_is_two(self, arguments: list[str]) -> None:
        """Exit 2 and a reason, nothing on standard output."""
        found = run("listen", *arguments)
        assert (found.returncode, found.stdout) == (2, "")
        assert found.stderr.splitlines()[-1]


class TestTable:
    """The columns: nothing too wide on a terminal, nothing cut in a pipe."""

    @pytest.mark.parametrize("columns", [60, 80, 132])
    def test_rows_fit_the_terminal(self, columns: int) -> None:
        """At every width; the address is never cut."""
        with (
            real.own_network(),
            real.listening("127.0.0.1", 5432),
            real.listening("0.0.0.0", 8080),
            on_terminal("listen", columns=columns) as terminal,
        ):
            shown = plain(terminal.end())
        assert max(map(len, shown.splitlines())) <= columns
        assert "127.0.0.1:5432" in shown
        assert "2 listeners" in shown

    def test_a_long_address_keeps_its_whole_text(self) -> None:
        """Where it does not fit it has a line of its own."""
        address = "2001:db8:1111:2222:3333:4444:5555:6666"
        (entry,) = _entries(_listener(address))
        lines = list(columns.draw([entry], Style(), 60))
        assert max(map(len, lines)) <= 60
        assert f"[{address}]:62893" in lines[1]

    def test_colours_are_for_terminals(self) -> None:
        """None in a pipe, none where they are declined."""
        with real.listening("127.0.0.1") as port:
            assert "\x1b" not in run("listen", "--port", str(port)).stdout
            with on_terminal("listen", "--port", str(port)) as terminal:
                assert "\x1b[32m" in terminal.end()
            with on_terminal("listen", "--no-color", "--port", str(port)) as terminal:
                assert "\x1b" not in terminal.end()

    def test_a_process_name_cannot_write_to_the_terminal(self) -> None:
        """An escape sequence in a process' name is shown by its escapes."""
        code = (
            "import ctypes; ctypes.CDLL(None).prctl(15, b'\\x1b[2J\\n\\xe2\\x80\\xae', 0, 0, 0)\n"
            "s = socket.socket(); s.bind(('127.0.0.1', int(sys.argv[1]))); s.listen()\n"
            "print('ready'); wait()\n"
        )
        port = real.free_port()
        with real.process(code, str(port)):
            for kind in formats.NAMES:
                found = run("listen", "--port", str(port), "--format", kind)
                assert "\x1b" not in found.stdout
                assert "\u202e" not in found.stdout
            with on_terminal("listen", "--no-color", "--port", str(port)) as terminal:
                assert "\\x1b[2J" in terminal.end()


def _listener(address: str) -> Listener:
    (row,) = _any_listener()
    return row._replace(address=address, port=62893, reach="network")


def _any_listener() -> tuple[Listener, ...]:
    with real.listening("127.0.0.1") as port:
        return sockets.every((), ("tcp",), port).listeners


def _entries(*rows: Listener) -> tuple[Entry, ...]:
    return report.entries(rows, machine.facts())


def steady(listener: Listener) -> Listener:
    """Without what is looked at for one port only."""
    owners = (
        one._replace(descriptors=None, descriptor_limit=None, waits=None) for one in listener.owners
    )
    return listener._replace(owners=tuple(owners))


class TestJudging:
    """The findings of the catalogue, asked of listeners."""

    def test_the_short_cut_gives_what_the_rules_give(self) -> None:
        """Codes that are remembered for a kind of listener are those of each of them."""
        base = _listener("127.0.0.1")
        owner = base.owners[0]
        rows = [
            base._replace(
                port=1000 + number, address=address, reach=reach, v6only=v6only, owners=owners,
                protocol=protocol, interface=interface,
            )
            for number, (address, reach, v6only, owners, protocol, interface) in enumerate(
                (address, reach, v6only, owners, protocol, interface)
                for address, reach in (("127.0.0.1", "host"), ("0.0.0.0", "any"),
                                       ("::", "any"), ("192.0.2.1", "network"))
                for v6only in (None, True, False)
                for owners in ((), (owner,), (owner, owner._replace(pid=1)))
                for protocol in ("tcp", "udp")
                for interface in (None, "eth0")
            )
        ]  # fmt: skip
        twice = [*rows, *(row._replace(port=row.port + 5000) for row in rows)]
        for entry in _entries(*twice):
            direct = dict.fromkeys(found.finding.code for found in entry.findings())
            assert entry.codes == tuple(direct), entry

    def test_it_agrees_with_the_table_of_one_port(self) -> None:
        """The dump of everything and the question for one port give the same listener."""
        facts = machine.facts()
        with real.prefork("127.0.0.1") as (port, _, _):
            (one,) = sockets.on_port(port, facts.interfaces).listeners
            (other,) = (
                row for row in sockets.every(facts.interfaces).listeners if row.port == port
            )
        assert steady(one) == steady(other)

    def test_psutil_gives_the_same_ports(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where the system is not Linux its listeners come from psutil, all of them."""
        pytest.importorskip("psutil")
        with real.listening("127.0.0.1") as port, real.udp_bound("127.0.0.1") as other:
            monkeypatch.setattr(system, "NAME", "macos")
            rows = sockets.every().listeners
        assert {port, other} <= {row.port for row in rows}

    def test_a_machine_without_listeners(self) -> None:
        """An empty table is said, not shown."""
        with real.own_network():
            found = run("listen")
        assert (found.returncode, found.stdout) == (0, "0 listeners.\n")


class TestWatch:
    """--watch: changes as they happen, on a terminal and in a pipe."""

    def test_a_pipe_gets_changes_as_lines(self) -> None:
        """What is there, what comes, what goes; Ctrl-C ends it without a word."""
        with (
            real.own_network(),
            real.listening("127.0.0.1", 2001),
            subprocess.Popen(
                [*PROGRAM, "listen", "--watch", "0.1"], cwd=ROOT, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            ) as child,
        ):  # fmt: skip
            assert _line(child).startswith("= tcp 127.0.0.1:2001 host ")
            with real.listening("127.0.0.1", 2002):
                assert _line(child).startswith("+ tcp 127.0.0.1:2002 host ")
            assert _line(child).startswith("- tcp 127.0.0.1:2002 host ")
            child.send_signal(signal.SIGINT)
            rest, problems = child.communicate(timeout=PATIENCE)
        assert (child.returncode, rest, problems) == (130, "", "")

    def test_json_changes_say_what_they_are(self) -> None:
        """Each is the listener's object with the word for its change."""
        with (
            real.own_network(),
            subprocess.Popen(
                [*PROGRAM, "listen", "--watch", "0.1", "--json"], cwd=ROOT, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            ) as child,
        ):  # fmt: skip
            with real.listening("127.0.0.1", 2003):
                new = json.loads(_line(child))
            gone = json.loads(_line(child))
            child.send_signal(signal.SIGINT)
            child.communicate(timeout=PATIENCE)
        assert set(new) == {*KEYS, "change"}
        assert new["change"] in ("present", "new")
        assert gone["change"] == "gone"
        assert gone["listener"]["port"] == 2003

    def test_a_terminal_is_drawn_again_in_place(self) -> None:
        """New rows are marked +, gone ones -, and Ctrl-C leaves without a traceback."""
        with (
            real.own_network(),
            real.listening("127.0.0.1", 2001),
            on_terminal("listen", "--watch", "0.1", "--no-color") as terminal,
        ):
            terminal.until("127.0.0.1:2001", "Ctrl-C ends")
            with real.listening("0.0.0.0", 2002):
                terminal.until("+ tcp  0.0.0.0:2002")
            terminal.until("- tcp  0.0.0.0:2002", "Ctrl-C ends")
            terminal.interrupt()
            shown = terminal.end()
            assert terminal.child.returncode == 130
        assert "Traceback" not in shown
        frames = shown.split("\x1b[H")
        assert len(frames) > 3
        assert max(len(line) for frame in frames for line in plain(frame).splitlines()) <= 80

    def test_a_small_terminal_says_what_does_not_fit(self) -> None:
        """Nothing scrolls: the rows that fit, and how many more there are."""
        with real.own_network(), ExitStack() as stack:
            for port in range(2001, 2031):
                stack.enter_context(real.listening("127.0.0.1", port))
            with on_terminal("listen", "--watch", "--no-color", lines=12) as terminal:
                terminal.until("Ctrl-C ends")
                terminal.interrupt()
                first = terminal.end().split("\x1b[H")[1]
        assert "more rows do not fit." in first
        assert len(plain(first.partition("Ctrl-C ends")[0]).splitlines()) <= 12


def _line(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    assert select.select([child.stdout], [], [], PATIENCE)[0]
    return child.stdout.readline()
