"""The pieces of a text: every part found, none overlapping, no password left in clear."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks import classify
from checks.report import conclude, tokens


def pieces(text: str, most: int = 20_000) -> list[tuple[str, str]]:
    """Kind and characters of each piece of a text."""
    report = conclude(classify(text))
    found = tokens.tokens(report.classification, report.causes, most)
    return [(one.kind, text[slice(*one.span)]) for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1", [("host", "127.0.0.1")]),
        ("[::1]:8080", [("host", "[::1]"), ("port", "8080")]),
        ("::1:5432", [("host", "::1"), ("port", "5432")]),
        (":8080", [("port", "8080")]),
        (
            "https://eve:s3cr3t@localhost:8443/a/b?c=d#e",
            [
                ("scheme", "https"), ("user", "eve"), ("password", "s3cr3t"),
                ("host", "localhost"), ("port", "8443"), ("path", "/a/b"), ("query", "?c=d"),
                ("fragment", "#e"),
            ],
        ),
        ("http://db:db@db:99/", [
            ("scheme", "http"), ("user", "db"), ("password", "db"), ("host", "db"), ("port", "99"),
        ]),
        ("https://localhost/x", [("scheme", "https"), ("host", "localhost"), ("path", "/x")]),
        (
            "mongodb://ann:pw1@127.0.0.1:27017,127.0.0.2:27018/shop",
            [
                ("scheme", "mongodb"), ("user", "ann"), ("password", "pw1"),
                ("host", "127.0.0.1"), ("port", "27017"), ("host", "127.0.0.2"), ("port", "27018"),
            ],
        ),
        (
            "Mar  4 05:06:07 web1 app[3]: read ETIMEDOUT 127.0.0.1:81",
            [
                ("time", "Mar  4 05:06:07"), ("error", "ETIMEDOUT"),
                ("host", "127.0.0.1"), ("port", "81"),
            ],
        ),
        (
            "2026-03-04 05:06:07,089 connect ECONNREFUSED 127.0.0.1:81",
            [
                ("time", "2026-03-04 05:06:07,089"), ("error", "ECONNREFUSED"),
                ("host", "127.0.0.1"), ("port", "81"),
            ],
        ),
    ],
)  # fmt: skip
def test_every_part_is_a_piece(text: str, expected: list[tuple[str, str]]) -> None:
    """Each in its kind, in the order of the text."""
    assert [one for one in pieces(text) if one[0] != "mark"] == expected


def test_the_same_endpoint_leads_to_the_same_row() -> None:
    """Written twice, it is told once."""
    text = "connect 127.0.0.1:81 and 127.0.0.1:82, again 127.0.0.1:81"
    found = tokens.tokens(classify(text), (), 1000)
    assert [one.row for one in found] == [
        "host-0", "port-0", "host-1", "port-1", "host-0", "port-0",
    ]  # fmt: skip


def test_an_error_that_is_written_again_is_the_same() -> None:
    """Its words lead to its row wherever they are."""
    text = "::1, port 81 failed: Connection refused\n127.0.0.1:81 failed: Connection refused"
    assert pieces(text).count(("error", "Connection refused")) == 2


SECRETS = [
    "postgresql://ann:Xq7zW@localhost:5432/shop",
    "redis://:Xq7zW@127.0.0.1:6379",
    "mysql://root:Xq7zW@db1:3306,db2:3306/x",
    "Server=localhost,1433;User Id=sa;Password=Xq7zW;",
    'PGPASSWORD="Xq7zW" psql -h 127.0.0.1',
    "http://127.0.0.1:9200/?user=x&password=Xq7zW&y=1",
    '{"host": "127.0.0.1", "port": 5432, "password": "Xq7zW"}',
    "curl -H 'Authorization: Bearer Xq7zW' http://localhost:8080/",
    "curl --proxy ann:Xq7zW@127.0.0.1:3128 http://example.org/",
]


@pytest.mark.parametrize("text", SECRETS)
def test_a_password_is_a_piece_of_its_own(text: str) -> None:
    """Wherever it is written, and whatever else claims the place."""
    assert ("password", "Xq7zW") in pieces(text)
    assert [text[slice(*span)] for span in tokens.secrets(text)] == ["Xq7zW"]


@pytest.mark.parametrize(
    "text",
    [
        "password authentication failed for user ann", "git@127.0.0.1:shop.git",
        "mailto:ann@localhost", "127.0.0.1:80", "compass: 127.0.0.1:80",
    ],
)  # fmt: skip
def test_what_is_no_password_is_shown(text: str) -> None:
    """The word alone hides nothing."""
    assert not list(tokens.secrets(text))


def test_a_password_at_the_end_of_what_is_shown_is_hidden() -> None:
    """What tells that it is one may be cut off."""
    text = "http://ann:Xq7zW@localhost:80/"
    assert pieces(text, 13)[-1] == ("password", "Xq")


@given(st.text(alphabet="ab1:/@.[]?#=; \n\u00e9%-", max_size=120), st.integers(0, 120))
def test_pieces_never_overlap(text: str, most: int) -> None:
    """In the order of the text, inside what is looked at, none empty."""
    report = conclude(classify(text))
    at = 0
    for one in tokens.tokens(report.classification, report.causes, most):
        first, last = one.span
        assert at <= first < last <= min(most, len(text))
        at = last


@pytest.mark.parametrize("unit", ["a://", "a:b@", "://u:p@", "password=", "12:34:56 ", "a" * 50])
def test_the_time_is_linear(unit: str) -> None:
    """Hostile repeats of everything that a pattern begins with."""
    text = (unit * 20_000)[:20_000]
    classification = classify("127.0.0.1")._replace(input=text)
    began = time.perf_counter()
    tokens.tokens(classification, (), 20_000)
    assert time.perf_counter() - began < 1.0


@pytest.mark.parametrize(
    ("part", "is_shown"),
    [("\u00b2", False), ("\u3002", False), ("\uff1a", False), ("\u2026", False), (" -> ", False),
     ("\u2167", True), ("\u0661", True), ("\u76ee", True), ("x", True), ("[::]", True)],
)  # fmt: skip
def test_a_piece_has_a_letter_or_a_digit_of_any_script(part: str, is_shown: bool) -> None:
    """By blocks of characters, which no version of Unicode moves."""
    first, last = tokens._trimmed(part, 0, len(part))
    assert (first < last) is is_shown
