"""A word that is a program's name, and a range of ports: each port is asked."""

from __future__ import annotations

import pytest
import situations as real
from sentences import hold

from checks import diagnose
from checks.cli import main
from checks.probe import named
from checks.probe.ask import resolve
from checks.report import json as document
from checks.report import load
from checks.report.formats import text as terminal
from checks.report.style import Style
from checks.text import classify

pytestmark = pytest.mark.machine


def ports(report: object) -> list[int]:
    """The port numbers of a report's endpoints."""
    return [one.port.number for one in report.classification.endpoints]  # type: ignore[attr-defined]


class TestPrograms:
    """``python3 -m checks nginx``."""

    def test_the_ports_of_a_program(self) -> None:
        """Each port of the listeners whose process has that name, in any case."""
        with (
            real.own_network(),
            real.renamed_listener("webthing") as (one, first),
            real.renamed_listener("webthing", address="::1") as (two, _),
            real.renamed_listener("webthings") as (other, _),
        ):
            report = diagnose("WebThing", timeout=real.SHORT, identify=False)
        assert sorted(ports(report)) == sorted([one, two])
        assert other not in ports(report)
        assert report.verdict.startswith("WebThing listens on 2 ports: ")
        assert f"[::1]:{two}" in report.verdict
        assert any(f"pid {first}" in found.match.message for found in report.findings)
        hold(report.classification, report.probes)
        (again,) = load.load(document.line(report.to_dict()))
        assert again.verdict == report.verdict

    def test_one_port(self) -> None:
        """The verdict is that of the port; a program on every address is asked on loopback."""
        with real.own_network(), real.renamed_listener("lonely", address="0.0.0.0") as (port, pid):
            report = diagnose("lonely", timeout=real.SHORT, identify=False)
        assert ports(report) == [port]
        assert report.classification.endpoints[0].host is None
        assert f"pid {pid}" in report.verdict

    def test_a_name_that_resolves_stays_a_name(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """An address for the name goes before a program of that name."""
        with real.own_network(), real.renamed_listener("webthing"):
            monkeypatch.setattr(resolve, "addresses", lambda *_: (None, [object()]))
            assert named.more(classify("webthing"), 1.0) == classify("webthing")

    @pytest.mark.parametrize("word", ["localhost", "web.thing", "webthing:80", "webthing.", "::1"])
    def test_what_is_never_a_program(self, word: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """localhost, a name with a dot and a name with a port; no process is looked at."""
        monkeypatch.setattr(named, "_of_program", lambda _: pytest.fail("looked for a program"))
        assert named.more(classify(word), 1.0) == classify(word)

    def test_no_such_program(self) -> None:
        """The resolver's answer is all there is, as before."""
        with real.own_network(), real.renamed_listener("webthing"):
            report = diagnose("webthin", timeout=real.SHORT, identify=False)
        assert [found.finding.code for found in report.findings if found.severity == "error"] == [
            "C308"
        ]

    @pytest.mark.parametrize(
        ("word", "name"),
        [
            ("python", "python3.11"), ("python3", "python3.11"), ("nginx", "nginx: master"),
            ("systemd-resolved", "systemd-resolve"), ("postgresql", "postgresql@15-main"),
        ],
    )  # fmt: skip
    def test_names_that_are_meant(self, word: str, name: str) -> None:
        """A version, a title and an instance are no part of the name; the kernel cuts it."""
        assert named._means(word, name)

    @pytest.mark.parametrize(
        ("word", "name"), [("node", "nodemon"), ("pyth", "python3"), ("a", "")]
    )
    def test_names_that_are_not(self, word: str, name: str) -> None:
        """The start of another name is another program."""
        assert not named._means(word, name)


class TestRanges:
    """``python3 -m checks 62893-62899``."""

    def test_each_port_is_asked(self) -> None:
        """The verdict counts those that have a listener; the others are merely so."""
        with real.own_network(), real.listening("127.0.0.1", 21003), real.listening("::1", 21005):
            report = diagnose("21001-21006", timeout=real.SHORT, identify=False)
            assert main(["-q", "--no-identify", "21001-21006"]) == 0
            assert main(["-q", "--no-identify", "127.0.0.1:21005-21006"]) == 1
        assert ports(report) == [*range(21001, 21007)]
        assert sorted(report.probes) == [*range(6)]
        assert report.verdict.startswith("Programs listen on 2 of the 6 ports 21001-21006: 21003 (")
        assert [report.classification.endpoints[at].port.number for at in report.told] == [  # type: ignore[union-attr]
            21003,
            21005,
        ]
        shown = " ".join(terminal.render(report, Style()).split())
        assert shown.count("No program listens there.") == 1

    def test_nothing_on_any_port(self) -> None:
        """That is an error, as on one port."""
        with real.own_network():
            report = diagnose("127.0.0.1:21001-21003", timeout=real.SHORT, identify=False)
        assert report.verdict == "No program listens on any of the 3 ports 127.0.0.1:21001-21003."
        assert report.severity == "error"

    def test_sixty_four_ports_at_most(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A longer range is left to scan, with the command; the shorter one is asked whole."""
        with real.own_network():
            report = diagnose("21001-21064", timeout=real.SHORT, identify=False)
            assert len(report.probes) == 64
            assert main(["127.0.0.1:21001-21065"]) == 2
        assert "scan 127.0.0.1 -p 21001-21065" in capsys.readouterr().err

    @pytest.mark.parametrize(
        "text", ["2026-11-23", "2026-11", "main.py:10-20", "1-70000", "3000-3000", "abc-3000"]
    )
    def test_what_is_no_range(self, text: str) -> None:
        """Dates, lines of a file, and numbers that no port has."""
        assert not any(one.form == "range" for one in classify(text).endpoints)
