from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks import ports
from checks.ports import Port, services, uses


class TestParse:
    """The WHATWG URL Standard's port state."""

    @pytest.mark.parametrize(
        ("text", "number"),
        [("0", 0), ("80", 80), ("62893", 62893), ("65535", 65535), ("00080", 80), ("0000", 0)],
    )
    def test_reads_ascii_digits(self, text: str, number: int) -> None:
        """A number of up to 65535 is a port, with leading zeros or without."""
        assert ports.parse(text) == Port(text, number, implied=False)

    @pytest.mark.parametrize(
        "text",
        ["", "65536", "99999", "100000", "+1", "-1", " 80", "80 ", "80\n", "8_0", "0x50", "8e1"],
    )
    def test_refuses_what_is_no_port(self, text: str) -> None:
        """Anything else keeps its text and has no number."""
        assert ports.parse(text) == Port(text, None)

    @pytest.mark.parametrize("text", ["８０", "٨٠", "²", "①", "8０", "\ud800", "80\0"])
    def test_refuses_digits_of_other_scripts(self, text: str) -> None:
        """Digits that str.isdigit or int() would take are refused."""
        assert ports.parse(text).number is None

    @pytest.mark.parametrize("digits", ["9" * 1_000_000, "0" * 1_000_000 + "70000"])
    def test_refuses_a_number_too_long_for_int(self, digits: str) -> None:
        """A megabyte of digits is neither an exception nor a conversion."""
        assert ports.parse(digits).number is None

    def test_reads_a_megabyte_of_leading_zeros(self) -> None:
        """Leading zeros do not count, however many."""
        assert ports.parse("0" * 1_000_000 + "80").number == 80

    @given(st.text())
    def test_never_raises(self, text: str) -> None:
        """Any text gives a port with that text, and an answer to every question."""
        port = ports.parse(text)
        assert port.text == text
        assert port.to_dict()["text"] == text

    @given(st.integers(0, 65535))
    def test_reads_back_every_number(self, number: int) -> None:
        """What is written in decimal is read as the same number."""
        assert ports.parse(str(number)).number == number


class TestRange:
    """RFC 6335 §6."""

    @pytest.mark.parametrize(
        ("number", "name"),
        [
            (0, "system"),
            (1023, "system"),
            (1024, "user"),
            (49151, "user"),
            (49152, "dynamic"),
            (65535, "dynamic"),
        ],
    )
    def test_ranges_meet_without_a_gap(self, number: int, name: str) -> None:
        """Each range holds its ends."""
        assert Port(str(number), number).range == name

    def test_no_number_has_no_properties(self) -> None:
        """An invalid port belongs nowhere."""
        assert ports.parse("99999").to_dict() == {
            "text": "99999",
            "number": None,
            "implied": False,
            "range": None,
            "services": [],
            "uses": [],
            "ephemeral_on": [],
            "privileged_on": [],
            "blocked_by": [],
        }


class TestEphemeral:
    """The ports a system chooses from."""

    @pytest.mark.parametrize(
        ("system", "first", "last"),
        [
            ("linux", 32768, 60999),
            ("macos", 49152, 65535),
            ("windows", 49152, 65535),
            ("freebsd", 10000, 65535),
            ("openbsd", 1024, 49151),
            ("netbsd", 49152, 65535),
            ("solaris", 32768, 65535),
        ],
    )
    def test_default_range_of_each_system(self, system: str, first: int, last: int) -> None:
        """Both ends are inside, their outer neighbours are not."""
        assert ports.ephemeral_range(system) == (first, last)
        inside = [number for number in (first - 1, first, last, last + 1) if _on(system, number)]
        assert inside == [first, last]

    def test_unknown_system_has_none(self) -> None:
        """Systems without a primary source are left out."""
        assert ports.ephemeral_range("aix") is None

    def test_62893(self) -> None:
        """The port of this project is outside the range of Linux and of OpenBSD only."""
        port = ports.parse("62893")
        assert port.to_dict() == {
            "text": "62893",
            "number": 62893,
            "implied": False,
            "range": "dynamic",
            "services": [],
            "uses": [],
            "ephemeral_on": ["freebsd", "macos", "netbsd", "solaris", "windows"],
            "privileged_on": [],
            "blocked_by": [],
        }

    def test_every_row_says_where_from_and_how_to_change_it(self) -> None:
        """A row has its source and both commands, and the change names its own numbers."""
        for row in ports.EPHEMERAL.values():
            assert row.source
            assert row.show
            assert str(row.first) in row.change
            assert row.system == row.system.lower()

    @pytest.mark.skipif(sys.platform != "linux", reason="reads a setting of Linux")
    def test_linux_setting_exists(self) -> None:
        """The setting that the commands for Linux name is there and holds two numbers."""
        row = ports.EPHEMERAL["linux"]
        name = row.show.removeprefix("sysctl ")
        assert name in row.change
        first, last = Path("/proc/sys", *name.split(".")).read_text().split()
        assert 0 < int(first) < int(last) <= ports.LAST


def _on(system: str, number: int) -> bool:
    return system in Port(str(number), number).ephemeral_on


class TestPrivileged:
    """Ports that need a privilege to bind."""

    @pytest.mark.parametrize("number", [1, 80, 1023])
    def test_below_1024_on_unix(self, number: int) -> None:
        """The Unix systems guard it, Windows does not."""
        expected = ("freebsd", "linux", "macos", "netbsd", "openbsd", "solaris")
        assert Port(str(number), number).privileged_on == expected

    @pytest.mark.parametrize("number", [0, 1024, 62893])
    def test_not_zero_and_not_above(self, number: int) -> None:
        """Port 0 asks the system to choose; 1024 and up are free for all."""
        assert Port(str(number), number).privileged_on == ()

    def test_macos_exception_is_told(self) -> None:
        """On macOS the rule does not hold for 0.0.0.0, and the table says so."""
        assert "0.0.0.0" in ports.PRIVILEGED["macos"]


class TestBlocked:
    """Ports that browsers refuse."""

    @pytest.mark.parametrize(("who", "count"), [("fetch", 83), ("chromium", 81), ("node", 82)])
    def test_how_many_each_blocks(self, who: str, count: int) -> None:
        """As many as the standard lists, and as were counted in each implementation."""
        assert len(ports.BLOCKED[who]) == count

    @pytest.mark.parametrize(
        ("number", "who"),
        [
            (6000, ("chromium", "fetch", "node")),
            (6001, ()),
            (0, ("chromium", "fetch")),
            (4190, ("fetch", "node")),
            (6679, ("fetch", "node")),
            (10080, ("chromium", "fetch", "node")),
            (10081, ()),
            (8080, ()),
        ],
    )
    def test_who_blocks_a_port(self, number: int, who: tuple[str, ...]) -> None:
        """Implementations differ from the standard at 0, 4190 and 6679."""
        assert Port(str(number), number).blocked_by == who

    def test_names_are_those_of_the_registry(self) -> None:
        """The standard names services as the registry does, with three known exceptions."""
        differ = {
            number
            for number, name in ports.BAD_PORTS.items()
            if name and name not in {service.name for service in services.on_port(number)}
        }
        # 15 was netstat and is unassigned; 531 is conference; 548 is afpovertcp.
        assert differ == {15, 531, 548}

    def test_ports_without_a_name(self) -> None:
        """Three rows of the standard name no service."""
        assert [number for number, name in ports.BAD_PORTS.items() if name is None] == [0, 77, 87]


class TestSchemes:
    """Default ports of URL schemes."""

    @pytest.mark.parametrize(
        ("scheme", "port"),
        [
            ("http", 80),
            ("https", 443),
            ("ws", 80),
            ("wss", 443),
            ("ftp", 21),
            ("postgresql", 5432),
            ("redis", 6379),
            ("amqps", 5671),
        ],
    )
    def test_known_scheme(self, scheme: str, port: int) -> None:
        """The scheme's port, as its source gives it."""
        assert ports.SCHEMES[scheme] == port

    @pytest.mark.parametrize("scheme", ["kafka", "file", "mailto", "jdbc", "hxxp", "HTTP"])
    def test_scheme_without_a_default(self, scheme: str) -> None:
        """No default is made up, and a scheme is looked up in lower case."""
        assert scheme not in ports.SCHEMES

    def test_every_scheme_has_one_source(self) -> None:
        """No scheme stands twice, and no group lacks its source."""
        assert all(source and group for source, group in ports.SCHEME_TABLE)
        assert sum(len(group) for _, group in ports.SCHEME_TABLE) == len(ports.SCHEMES)

    def test_agrees_with_the_registry(self) -> None:
        """Where a service has the scheme's name, it has its port, with four known exceptions."""
        differ = {
            scheme
            for scheme, port in ports.SCHEMES.items()
            if (known := services.named(scheme))
            and not any(first <= port <= last for first, last in (row.ports for row in known))
        }
        # sftp is registered for the Simple File Transfer Protocol on 115; irc for 194, which is
        # not used; oracle for 2005/udp; neo4j for its HTTP port, while the scheme is Bolt.
        assert differ == {"sftp", "irc", "oracle", "neo4j"}

    def test_every_port_is_valid(self) -> None:
        """A default port is a port one can connect to."""
        assert all(0 < port <= ports.LAST for port in ports.SCHEMES.values())


class TestUses:
    """What developers meet on a port."""

    @pytest.mark.parametrize(
        ("number", "name"),
        [
            (5173, "Vite"),
            (8888, "Jupyter"),
            (9222, "Chrome DevTools"),
            (9229, "Node.js inspector"),
            (11434, "Ollama"),
            (5000, "AirPlay Receiver"),
            (7000, "AirPlay Receiver"),
            (6472, "Discord"),
        ],
    )
    def test_product_by_its_port(self, number: int, name: str) -> None:
        """The product is among the uses of its default port."""
        assert name in {use.name for use in Port(str(number), number).uses}

    @pytest.mark.parametrize("number", [5175, 6473, 11435, 62893])
    def test_neighbour_has_no_use(self, number: int) -> None:
        """The next port is nobody's."""
        assert Port(str(number), number).uses == ()

    def test_airplay_is_contested_on_macos_only(self) -> None:
        """On 5000 it is the system that is in the way, and Flask that finds it there."""
        by_name = {use.name: use for use in Port("5000", 5000).uses}
        assert by_name["AirPlay Receiver"].systems == ("macos",)
        assert by_name["AirPlay Receiver"].contested
        assert by_name["Flask"].systems == ()
        assert not by_name["Flask"].contested

    def test_every_row_is_whole(self) -> None:
        """Each row has ports in order, a name, a description, a source, and known marks."""
        for first, last, use in uses.all_uses():
            assert 0 < first <= last <= ports.LAST
            assert use.name
            assert use.description
            assert not use.description.endswith(".")
            assert use.source.startswith(("https://", "man ", "RFC ", "IANA "))
            assert set(use.systems) <= set(ports.EPHEMERAL)

    def test_table_is_sorted_and_has_no_row_twice(self) -> None:
        """A row is found where its port says, once."""
        rows = uses.all_uses()
        assert [first for first, _, _ in rows] == sorted(first for first, _, _ in rows)
        assert len({(first, use.name) for first, _, use in rows}) == len(rows)

    def test_to_dict_has_every_field(self) -> None:
        """JSON shows what the record holds."""
        (use,) = Port("53", 53).uses
        assert use.to_dict() == {
            "name": "systemd-resolved",
            "description": use.description,
            "source": use.source,
            "systems": ["linux"],
            "contested": True,
        }


class TestCost:
    """Small questions do not load large tables."""

    def test_tables_load_only_when_asked(self) -> None:
        """Range, ephemeral range, privilege and blocking need neither services nor uses."""
        program = """
import sys
from checks import ports
port = ports.parse("8888")
assert (port.range, port.ephemeral_on, port.privileged_on, port.blocked_by)
tables = {"checks.ports._services", "checks.ports.uses"}
assert not tables & set(sys.modules), sys.modules.keys()
assert port.services and port.uses
assert tables <= set(sys.modules)
"""
        subprocess.run([sys.executable, "-c", program], check=True)
