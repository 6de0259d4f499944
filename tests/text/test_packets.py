"""Packets as tcpdump prints them: what their flags tell of a connection."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.report import Report, conclude
from checks.text import classify, tables

ASK = "12:00:00.10 IP 10.2.0.9.40112 > 10.2.0.4.7400: Flags [S], seq 99, win 64240, length 0"
TAKE = "12:00:00.11 IP 10.2.0.4.7400 > 10.2.0.9.40112: Flags [S.], seq 5, ack 100, length 0"
DATA = "12:00:00.12 IP 10.2.0.9.40112 > 10.2.0.4.7400: Flags [P.], seq 1:20, ack 1, length 19"
REFUSE = "12:00:00.11 IP 10.2.0.4.7400 > 10.2.0.9.40112: Flags [R.], seq 0, ack 100, length 0"
RESET = "12:00:00.13 IP 10.2.0.4.7400 > 10.2.0.9.40112: Flags [R.], seq 1, ack 20, length 0"
LEAVE = "12:00:00.13 IP 10.2.0.9.40112 > 10.2.0.4.7400: Flags [R], seq 20, win 0, length 0"
CLOSE = "12:00:00.13 IP 10.2.0.4.7400 > 10.2.0.9.40112: Flags [FP.], seq 1, ack 20, length 0"


def read(*lines: str) -> Report:
    """The report on some packets."""
    return conclude(classify("\n".join(lines)))


def errors(*lines: str) -> list[tuple[str, str | None, str]]:
    """Name, operation and endpoint of each error of some packets."""
    found = read(*lines).classification
    return [
        (error.name, error.operation, found.endpoints[error.endpoint or 0].text)
        for error in found.errors
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((ASK, REFUSE), [("ECONNREFUSED", "connect", "10.2.0.4.7400")]),
        ((REFUSE,), [("ECONNREFUSED", "connect", "10.2.0.4.7400")]),
        ((ASK, TAKE, DATA, RESET), [("ECONNRESET", "receive", "10.2.0.4.7400")]),
        ((ASK, TAKE, RESET.replace("seq 1,", "seq 0,")),
         [("ECONNRESET", "receive", "10.2.0.4.7400")]),
        ((ASK, ASK, ASK), [("ETIMEDOUT", "connect", "10.2.0.4.7400")]),
        ((ASK,), []),
        ((ASK, ASK, TAKE), []),
        ((ASK, TAKE, DATA, LEAVE), []),
        ((ASK, TAKE, DATA, CLOSE), []),
        ((DATA,), []),
    ],
)  # fmt: skip
def test_the_flags_tell_the_error(
    lines: tuple[str, ...], expected: list[tuple[str, str, str]]
) -> None:
    """RST after SYN is a refusal, later a reset; SYN again and again is no answer."""
    assert errors(*lines) == expected


def test_a_refusal_names_the_server_and_its_causes() -> None:
    """Never the client's own port, which is not the service."""
    report = read(ASK, REFUSE)
    assert report.verdict.startswith("10.2.0.4:7400 refused the connection")
    assert [cause.key for cause in report.causes]
    assert any("10.2.0.4:7400" in (step.command or "") for step in report.steps)
    assert "refused" not in report.verdict_of(0)
    assert "refused" in report.verdict_of(1)


@pytest.mark.parametrize(
    ("lines", "begin"),
    [
        ((ASK, TAKE), "10.2.0.4:7400 accepted the connection"),
        ((ASK, ASK), "10.2.0.4:7400 did not answer"),
        ((ASK,), "A client asks 10.2.0.4:7400"),
        ((RESET,), "10.2.0.4:7400 ended a connection with RST"),
        ((CLOSE,), "10.2.0.4:7400 closed the connection with FIN"),
        ((DATA,), "10.2.0.9:40112 is in an open connection"),
    ],
)
def test_every_flag_has_its_sentence(lines: tuple[str, ...], begin: str) -> None:
    """The end that the flag is about is named."""
    assert read(*lines).verdict.startswith(begin)


def test_names_and_ipv6_are_read() -> None:
    """``localhost.http-alt`` has a service for its port, and IPv6 a dot before it."""
    six = "IP6 fe80::7.7400 > fe80::9.40112: Flags [R.], seq 0, ack 3, win 0, length 0"
    name = "IP localhost.http-alt > localhost.40112: Flags [R.], cksum 0xfe30 (ok), seq 0, ack 3"
    assert errors(six) == [("ECONNREFUSED", "connect", "fe80::7.7400")]
    assert errors(name) == [("ECONNREFUSED", "connect", "localhost.http-alt")]


def test_an_error_that_the_text_names_is_told_once() -> None:
    """The log and the capture of one refusal are one error."""
    text = "dial tcp 10.2.0.4:7400: connect: connection refused"
    assert [name for name, _, _ in errors(text, ASK, REFUSE)] == ["ECONNREFUSED"]


@given(st.lists(st.sampled_from((ASK, TAKE, DATA, REFUSE, RESET, LEAVE, CLOSE, "x")), max_size=9))
def test_every_packet_is_a_row(lines: list[str]) -> None:
    """In any order, none is lost, and the spans are those of the text."""
    text = "\n".join(lines)
    rows = [row for table in tables.read(text) for row in table.rows]
    assert len(rows) == sum(line != "x" for line in lines)
    for row in rows:
        for end in (row.local, row.peer):
            assert end is not None
            assert text[slice(*end.span)] == end.text
