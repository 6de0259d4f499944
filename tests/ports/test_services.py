from __future__ import annotations

import os
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.ports import _services, services
from checks.ports.services import Service
from tools import make_services


class TestOnPort:
    """Services by port."""

    def test_every_name_of_a_port_the_usual_one_first(self) -> None:
        """Port 80 has three names; http is the one, the others are duplicates of it."""
        assert [service.name for service in services.on_port(80)] == ["http", "www", "www-http"]

    def test_record_of_a_port(self) -> None:
        """Name, transports, description and port are the registry's."""
        assert services.on_port(5432) == (
            Service("postgresql", ("tcp", "udp"), "PostgreSQL Database", (5432, 5432)),
        )

    def test_names_differ_by_transport(self) -> None:
        """On 465 mail submission has TCP, and another service has UDP."""
        names = {service.name: service.transports for service in services.on_port(465)}
        assert next(iter(names)) == "submissions"
        assert names["submissions"] == ("tcp",)
        assert names["igmpv3lite"] == ("udp",)

    def test_sctp_and_dccp_are_kept(self) -> None:
        """The name discard is registered for all four transports."""
        assert services.on_port(9)[0].transports == ("tcp", "udp", "sctp", "dccp")

    def test_second_port_of_a_name_has_the_name(self) -> None:
        """http-alt is on 591, 8008 and 8080, under this name on each."""
        assert [row.ports[0] for row in services.named("http-alt")] == [591, 8008, 8080]
        assert not [row for row in services.all_services() if row.name.endswith("-secondary")]

    @pytest.mark.parametrize("number", [0, 4, 26, 81, 5173, 49152, 62893, 65535, 65536, -1, 10**30])
    def test_unassigned_reserved_and_impossible_ports_have_none(self, number: int) -> None:
        """Reserved (0), unassigned (4, 26, 81), dynamic and no ports at all have no service."""
        assert services.on_port(number) == ()

    def test_first_and_last_row(self) -> None:
        """The search finds the ends of the table."""
        assert services.on_port(1)[0].name == "tcpmux"
        assert services.on_port(49150)[0].name == "inspider"
        assert services.on_port(49151) == ()

    def test_services_without_a_transport(self) -> None:
        """Some registry rows give none; none is made up."""
        assert services.on_port(6400) == (
            Service("boe-cms", (), "Business Objects CMS contact port", (6400, 6400)),
        )

    @pytest.mark.parametrize(
        ("name", "first", "last", "transports"),
        [
            ("active-net", 3322, 3325, ()),
            ("satvid-datalnk", 3367, 3371, ()),
            ("vrml-multi-use", 4200, 4299, ()),
            ("x11", 6000, 6063, ("tcp", "udp")),
            ("ircu", 6665, 6669, ("tcp",)),
            ("swx", 7300, 7359, ()),
            ("flex-lm", 27000, 27009, ()),
        ],
    )
    def test_named_ranges(
        self, name: str, first: int, last: int, transports: tuple[str, ...]
    ) -> None:
        """A range holds both its ends and neither neighbour."""
        (service,) = services.named(name)
        assert (service.ports, service.transports) == ((first, last), transports)
        holds = [n for n in (first - 1, first, last, last + 1) if service in services.on_port(n)]
        assert holds == [first, last]

    def test_agrees_with_a_scan_of_the_table(self) -> None:
        """The bisection gives, for each port, what reading every row gives."""
        found: dict[int, list[Service]] = {}
        for service in services.all_services():
            for number in range(service.ports[0], service.ports[1] + 1):
                found.setdefault(number, []).append(service)
        for number in range(65536):
            assert set(services.on_port(number)) == set(found.get(number, ()))

    def test_to_dict(self) -> None:
        """JSON has lists, and null where there is no description."""
        (_, www, _) = services.on_port(80)
        assert www.to_dict() == {
            "name": "www",
            "transports": ["tcp", "udp"],
            "description": None,
            "ports": [80, 80],
        }


class TestNamed:
    """Services by name."""

    def test_case_does_not_matter(self) -> None:
        """RFC 6335 §5.1: service names compare without regard to case."""
        assert services.named("PostgreSQL") == services.named("postgresql") != ()
        assert services.named("cailic")[0].name == "CAIlic"

    @pytest.mark.parametrize("text", ["", "postgres", "tu", "80", "\t", "\n", "http\ttus", "İ"])
    def test_only_whole_names_are_found(self, text: str) -> None:
        """Parts of names, other fields and separators find nothing."""
        assert services.named(text) == ()

    @given(st.text())
    def test_never_raises(self, text: str) -> None:
        """Any text gives services with that name, mostly none."""
        assert all(row.name.lower() == text.lower() for row in services.named(text))

    def test_every_name_finds_its_row(self) -> None:
        """Each fiftieth service is among those of its own name."""
        for service in list(services.all_services())[::50]:
            assert service in services.named(service.name)


class TestTable:
    """The generated module."""

    def test_is_what_the_script_generates(self) -> None:
        """The file is, to the byte, what its sources give today."""
        try:
            generated = make_services.render()
        except make_services.MissingInputError as error:
            missing(f"the services table was not regenerated: {error}")
        assert make_services.TARGET.read_text(encoding="utf-8") == generated

    def test_check_finds_a_changed_row(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """--check exits with 1 and shows the difference, and writes nothing."""
        text = make_services.TARGET.read_text(encoding="utf-8")
        monkeypatch.setattr(make_services, "render", lambda: text.replace("\thttps\t", "\thttpz\t"))
        assert make_services.main(["--check"]) == 1
        assert "1 lines to add, 1 to remove" in capsys.readouterr().out
        assert make_services.TARGET.read_text(encoding="utf-8") == text

    def test_a_missing_input_is_named(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Without its input the script says what is missing and exits with 2."""
        monkeypatch.setattr(make_services, "NETUTILS", "0.0")
        monkeypatch.setattr(make_services, "read_port_numbers", dict)
        assert make_services.main(["--check"]) == 2
        assert "netutils 0.0" in capsys.readouterr().err

    def test_is_clean(self) -> None:
        """Each row has its fields; no notes on renaming, no control characters, no edge spaces."""
        for row in _services.TABLE.splitlines():
            port, name, letters, *description = row.split("\t")
            assert port.isdigit()
            assert name.isascii()
            assert letters == "-" or not set(letters) - set("tusd")
            assert len(description) <= 1
            assert row.replace("\t", "").isprintable()
            assert row == row.strip()
            assert "IANA assigned" not in row

    def test_is_sorted_by_port(self) -> None:
        """The bisection relies on it."""
        numbers = [int(row.split("\t", 1)[0]) for row in _services.TABLE.splitlines()]
        assert numbers == sorted(numbers)

    def test_has_no_row_twice(self) -> None:
        """A name stands once on a port."""
        rows = [row.split("\t")[:2] for row in _services.TABLE.splitlines()]
        assert len({tuple(row) for row in rows}) == len(rows)

    def test_lower_case_keeps_the_length(self) -> None:
        """The search by name finds rows by their place in the lower-case table."""
        assert len(_services.TABLE.lower()) == len(_services.TABLE)


class TestClean:
    """How the script tidies a description."""

    def test_note_on_renaming_is_cut(self) -> None:
        """IANA's remark on the respelled name is not a description."""
        text = (
            'Oracle SQL*NET IANA assigned this well-formed service name as a replacement for "x".'
        )
        assert make_services.clean(text) == "Oracle SQL*NET"

    def test_control_characters_and_line_breaks_become_spaces(self) -> None:
        """A description is one printable line."""
        assert make_services.clean(" a\tb\r\n  c\x1b[0m\u202e ") == "a b c [0m"

    def test_the_rest_is_left_alone(self) -> None:
        """Spelling, quotes and accents are IANA's."""
        assert make_services.clean("FORTÉ 'Vision' <x>") == "FORTÉ 'Vision' <x>"


def missing(reason: str) -> NoReturn:
    """Skip for *reason*, which on CI is a failure."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def test_names_are_those_that_are_shown_first() -> None:
    """In one walk the same as port by port."""
    wanted = {*range(1, 65536, 7), *range(5990, 6070), 80, 443, 62893}
    found = services.names(wanted)
    assert found == {port: there[0].name for port in wanted if (there := services.on_port(port))}
