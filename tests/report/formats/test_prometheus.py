"""--format prometheus: the text format, version 0.0.4."""

from __future__ import annotations

import re

import pytest
import situations as real
from cli.terminal import run
from report.formats.cases import NASTY, case, entry, listing

from checks.report.formats import prometheus
from checks.report.style import Style

SAMPLE = re.compile(
    r'[a-z_]+(\{[a-z_]+="(?:[^"\\\n]|\\["\\n])*"(,[a-z_]+="(?:[^"\\\n]|\\["\\n])*")*\})? [0-9.]+'
)
"""A line of the text format with labels: name, quoted values with three escapes, number."""


@pytest.mark.machine
def test_every_line_is_of_the_format() -> None:
    """HELP and TYPE once a metric, before its samples; also with anything in the labels."""
    texts = [
        prometheus.diagnosis(
            [case(NASTY), case("127.0.0.1:80"), case("127.0.0.1:80")], Style()
        ).text,
        prometheus.listeners(listing(entry(NASTY), entry(), entry(reach="host")), Style()).text,
    ]
    closed = real.unused()
    with real.listening("127.0.0.1") as port:
        targets = (f"127.0.0.1:{port}", closed)
        texts.append(run("--format", "prometheus", *targets).stdout)
        texts.append(run("listen", "--format", "prometheus").stdout)
    for text in texts:
        hold(text)
    assert f'checks_target_ok{{target="127.0.0.1:{port}"}} 1' in texts[2]
    assert f'checks_target_ok{{target="{closed}"}} 0' in texts[2]
    assert "checks_connect_seconds" in texts[2]
    assert 'code="C302"' in texts[2]


def hold(text: str) -> None:
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


def test_listeners_are_counted() -> None:
    """By protocol and reach, and zero where there is none."""
    text, _ = prometheus.listeners(listing(entry(), entry(reach="host")), Style())
    assert 'checks_listeners{protocol="tcp",reach="any"} 1' in text
    assert 'checks_listeners{protocol="udp",reach="any"} 0' in text
    assert 'checks_listener_backlog{protocol="tcp",address="0.0.0.0",port="8080"' in text
