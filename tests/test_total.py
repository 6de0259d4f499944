"""classify is total: no text makes it raise, and its work grows with the text's length."""

from __future__ import annotations

import random

import pytest
from counting import counted_lines
from hypothesis import given, settings
from hypothesis import strategies as st
from vector_files import load

from checks import classify, page
from checks.report import classified

PIECES = [
    "127.0.0.1", "::1", "localhost", ":62893", "[", "]", "%eth0", "/8", "http://", "@", "0x7f", ".",
    ":", "::", "port ", "refused", "ECONNREFUSED", "errno 111", "('", "', ", "host='", "\\", "\x00",
    "\x1b[31m", "\u202e", "\ud800", "１", "。", "٣", "İ", " ", "\n", "\t", "->", "*", "%41", "xn--",
    ".nip.io", ".in-addr.arpa", "hxxp[:]//", "[.]", "2001:db8::", "ffff:", "4294967296", "-", "_",
]  # fmt: skip
ANY_TEXT = st.text(st.characters(codec=None), max_size=200)
PASTES = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=12).map("".join)


@settings(max_examples=1500, deadline=None)
@given(st.one_of(ANY_TEXT, PASTES))
def test_any_text_has_a_document(text: str) -> None:
    """Whatever is pasted, the whole document comes out and holds the input."""
    document = classified(classify(text))
    assert document["input"] == text


FAMILIES = ("cause", "banner", "table", "setting")
WORDS = [
    *PIECES,
    *(word for name in FAMILIES for one in load(name)[::4] for word in one.input.split(" ")),
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=30), st.sampled_from(["", " ", "\n"]))
def test_any_mixture_of_known_words_is_answered(words: list[str], between: str) -> None:
    """Pieces of errors, tools' lines, tables and settings in any order: document and card."""
    text = between.join(words)
    assert classified(classify(text))["input"] == text
    assert page.answer(text)


@settings(max_examples=1500, deadline=None)
@given(PASTES)
def test_every_endpoint_stands_where_it_says(text: str) -> None:
    """A span always cuts the endpoint's own text out of the input."""
    end = 0
    for endpoint in classify(text).endpoints:
        first, last = endpoint.span
        assert end <= first < last <= len(text)
        assert text[first:last] == endpoint.text
        end = last


UNITS = [
    "1", "[", "]", ".", ":", " ", "a ", "1.", "1.1.1.1 ", "::1 ", "\ud800", "\x00", "\u202e", "a.",
    "http://", "http://a ", "(", '"', "'a', ", "host=", "%", "%41", "port ", "a.b:1 ", "-", "0x",
    "１", "\u0301", "/", "[Errno ", "refused ", "İ", "@", "127.0.0.1:1/", "version ", "a-", "a\n",
    "localhost ", "localhost.", "x/", "8.8.8.8.80 ", "'127.0.0.1', ", "port=1 ", "a:b:", "1:",
    "\x1b[", "\x1b[1m", "DST=1 ", "host=a ", "host:a:", "k=v ", "-h a ", "[a]:1 ", "1/2",
    "http://a,", "http://a:1,", "::1#", "port(s) ", "sin_port=htons(1)", "resolve ", "1.2.3.4@",
    "[a.", "a.internal", "a/", "listening on ", "a@b ", "u@localhost ", "-L 1:a:2 ", "-L a:",
    "ssh a ", "ssh -p 1 ", "ab -p ", "port-forward a ", "1/tcp\n", "port 1, ", "nc -l -l ",
    "|", "| 1 ", "->", " -> 1:1 ", "1.1.1.1:1->1.1.1.1:2 ", "a.1 > b.2: ", "LISTEN ", "TCP ",
    "ports: ", "listen 1;\n", "connection from ", "accepted 1.1.1.1:50000 ", "serving ",
    "connected to the target vm ", "exit code ", "docker run -p ", "a  | ", "client: 1.1.1.1, ",
    "ECONNREFUSED 1.1.1.1:1\n", "EADDRINUSE :::1\n", "dial tcp 1.1.1.1:1: ", "host not found ",
    "certificate is valid for a, ", "from origin 'http://a' ", "wsl ", "/mnt/c/", "pid 1 ",
    "[nodemon] ", "container ", "kubectl ", "(PID 1) ", "localhost (::1), port 1 ", "portid=",
]  # fmt: skip


def test_a_megabyte_is_read() -> None:
    """A million characters of a random mixture of every unit."""
    chosen = random.Random(127001)  # noqa: S311 - a test vector, not a secret
    text = "".join(chosen.choices(UNITS, k=400_000))[:1_000_000]
    assert len(text) == 1_000_000
    assert classify(text).input is text


@pytest.mark.parametrize("unit", UNITS, ids=ascii)
def test_much_of_anything_is_read_in_proportion(unit: str) -> None:
    """Two hundred thousand characters of a unit are answered, and work grows with their number.

    Four times the text is at most some four times the lines of Python run.
    """
    text = unit * (200_000 // len(unit))
    assert classify(text).input is text  # imports and compiles, on the road of long texts too
    small = counted_lines(lambda: classify(unit * 2000))
    large = counted_lines(lambda: classify(unit * 8000))
    assert large <= 5 * small + 500


def test_mixtures_grow_no_faster_than_the_text() -> None:
    """The same for a random mixture of every unit."""
    chosen = random.Random(62893)  # noqa: S311 - a test vector, not a secret
    parts = [chosen.choice(UNITS) for _ in range(8000)]
    small = counted_lines(lambda: classify("".join(parts[:2000])))
    large = counted_lines(lambda: classify("".join(parts)))
    assert large <= 5 * small + 500
