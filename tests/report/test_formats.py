"""--format: what monitoring and continuous integration read."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pytest
import situations as real
from commands.terminal import run

from checks.findings import judge, verdict
from checks.model.evidence import Listener, Machine, Owner
from checks.report import Report, junit, nagios, prometheus
from checks.report import listeners as lists
from checks.text import classify

NASTY = "\x1b[2J<&>\"'|=\\\n\u202e\x00\ud800\ufffe\uffff{}"
SAMPLE = re.compile(
    r'[a-z_]+(\{[a-z_]+="(?:[^"\\\n]|\\["\\n])*"(,[a-z_]+="(?:[^"\\\n]|\\["\\n])*")*\})? [0-9.]+'
)
"""A line of the text format with labels: name, quoted values with three escapes, number."""


def report(text: str) -> Report:
    """A report without a machine."""
    found = classify(text)
    return Report(found, {}, judge(found), verdict(found))


def entry(name: str = "python3", reach: str = "any") -> lists.Entry:
    """A listener whose process has the given name."""
    owner = Owner(7, name, name, name, None)
    address = {"any": "0.0.0.0", "host": "127.0.0.1"}[reach]
    row = Listener(
        "tcp", address, 8080, None, 0, 5, 0, name, 1, name, (owner,), reach
    )  # fmt: skip
    (made,) = lists.entries([row], Machine("linux", None, True, None, None, "", ()))
    return made


class TestJunit:
    """One suite, one case a target."""

    @pytest.mark.machine
    def test_a_case_a_target(self) -> None:
        """What is wrong fails, what cannot be read is an error, the rest passes."""
        with real.listening("127.0.0.1") as port:
            down = real.free_port()
            found = run(
                "--format", "junit", f"127.0.0.1:{port}", f"127.0.0.1:{down}", "hello world"
            )
        suites = ElementTree.fromstring(found.stdout)  # noqa: S314 - our own
        suite = suites[0]
        assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "1", "1")
        up, failed, bad = suite
        assert [each.tag for each in up] == ["system-out"]
        assert failed.get("name") == f"127.0.0.1:{down}"
        assert failed[0].tag == "failure"
        assert failed[0].get("type") == "C302"
        assert failed[0].get("message") == f"Nothing listens on 127.0.0.1:{down}."
        assert "ECONNREFUSED" in (failed[0].text or "")
        assert bad[0].tag == "error"
        assert found.returncode == 2

    def test_listeners(self) -> None:
        """What others may reach fails."""
        suites = ElementTree.fromstring(  # noqa: S314 - our own
            junit.listeners([entry(), entry(reach="host")])
        )
        assert [case[0].tag for case in suites[0]] == ["failure", "system-out"]
        assert suites[0][0][0].get("type") == "E502"

    def test_nothing_from_outside_breaks_it(self) -> None:
        """Markup, controls, non-characters and lone surrogates stay text."""
        for text in (junit.diagnosis([report(NASTY)]), junit.listeners([entry(NASTY)])):
            root = ElementTree.fromstring(text.encode("utf-8"))  # noqa: S314 - our own
            name = root[0][0].get("name") or ""
            assert "<&>\"'|=\\" in name
            assert "\\x1b[2J" in name


class TestNagios:
    """One line, and an exit code that is the plugin's."""

    @pytest.mark.machine
    @pytest.mark.parametrize(
        ("bound", "code", "word"), [("127.0.0.1", 0, "OK"), ("0.0.0.0", 1, "WARNING")]
    )
    def test_the_state_of_a_listener(self, bound: str, code: int, word: str) -> None:
        """OK on loopback, WARNING where it is open to others; for both commands."""
        with real.listening(bound) as port:
            diagnosis = run("--format", "nagios", f"127.0.0.1:{port}")
            listed = run("listen", "--port", str(port), "--format", "nagios")
        for found in (diagnosis, listed):
            assert found.returncode == code
            assert found.stdout.startswith(f"CHECKS {word} - ")
            assert found.stdout.count("\n") == 1
        assert re.search(rf" \| '127\.0\.0\.1 {port}'=[0-9.]+ms\n$", diagnosis.stdout)
        assert listed.stdout.endswith(f"listeners=1 exposed={code}\n")

    @pytest.mark.machine
    @pytest.mark.parametrize(
        ("targets", "code", "word"),
        [
            (["127.0.0.1:{port}"], 2, "CRITICAL"),
            (["hello world"], 3, "UNKNOWN"),
            (["hello world", "127.0.0.1:{port}"], 2, "CRITICAL"),
        ],
    )
    def test_the_worst_counts_and_comes_first(
        self, targets: list[str], code: int, word: str
    ) -> None:
        """CRITICAL before UNKNOWN before WARNING."""
        port = real.free_port()
        found = run("--format", "nagios", *(target.format(port=port) for target in targets))
        assert (found.returncode, found.stderr) == (code, "")
        assert found.stdout.startswith(f"CHECKS {word} - ")

    def test_nothing_from_outside_breaks_it(self) -> None:
        """One line, one bar: the first would end the text."""
        for text in (nagios.diagnosis([report(NASTY)])[1], nagios.listeners([entry(NASTY)])[1]):
            assert text.count("\n") == 1
            assert text.count("|") <= 1
            assert "\x1b" not in text


class TestPrometheus:
    """The text format, version 0.0.4."""

    @pytest.mark.machine
    def test_every_line_is_of_the_format(self) -> None:
        """HELP and TYPE once a metric, before its samples; also with anything in the labels."""
        texts = [
            prometheus.diagnosis([report(NASTY), report("127.0.0.1:80"), report("127.0.0.1:80")]),
            prometheus.listeners([entry(NASTY), entry(), entry(reach="host")]),
        ]
        closed = real.unused()
        with real.listening("127.0.0.1") as port:
            targets = (f"127.0.0.1:{port}", closed)
            texts.append(run("--format", "prometheus", *targets).stdout)
            texts.append(run("listen", "--format", "prometheus").stdout)
        for text in texts:
            self.check(text)
        assert f'checks_target_ok{{target="127.0.0.1:{port}"}} 1' in texts[2]
        assert f'checks_target_ok{{target="{closed}"}} 0' in texts[2]
        assert "checks_connect_seconds" in texts[2]
        assert 'code="C302"' in texts[2]

    @staticmethod
    def check(text: str) -> None:
        """Hold a document to the format."""
        assert text.endswith("\n")
        seen: list[str] = []
        samples: set[str] = set()
        for line in text.splitlines():
            if line.startswith("#"):
                _, kind, name, _ = line.split(" ", 3)
                if kind == "HELP":
                    assert name not in seen
                    seen.append(name)
                assert name == seen[-1]
                continue
            assert SAMPLE.fullmatch(line), line
            series = line.rpartition(" ")[0]
            assert series.partition("{")[0] == seen[-1]
            assert series not in samples
            samples.add(series)

    def test_listeners_are_counted(self) -> None:
        """By protocol and reach, and zero where there is none."""
        text = prometheus.listeners([entry(), entry(reach="host")])
        assert 'checks_listeners{protocol="tcp",reach="any"} 1' in text
        assert 'checks_listeners{protocol="udp",reach="any"} 0' in text
        assert 'checks_listener_backlog{protocol="tcp",address="0.0.0.0",port="8080"' in text


@pytest.mark.machine
class TestOthers:
    """The formats that are not documents."""

    def test_json_is_json(self) -> None:
        """--format json is --json, for both commands."""
        with real.listening("127.0.0.1") as port:
            target = f"127.0.0.1:{port}"
            for command in (["--format", "json", target], ["--json", target]):
                assert json.loads(run(*command).stdout)["input"] == target
            assert json.loads(run("listen", "--format", "json", "--port", str(port)).stdout)

    def test_quiet_is_quiet(self) -> None:
        """Nothing is printed; the exit code is that of the format."""
        closed = real.unused()
        found = run("-q", "--format", "nagios", closed)
        assert (found.returncode, found.stdout, found.stderr) == (2, "", "")
        found = run("-q", "--format", "junit", closed)
        assert (found.returncode, found.stdout, found.stderr) == (1, "", "")
