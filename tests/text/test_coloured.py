"""Control sequences that were pasted along: the text is read as if they were not there."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks import causes
from checks.findings.compare import pair
from checks.report import conclude, pieces, selection
from checks.report.formats import html
from checks.report.formats import text as text_format
from checks.report.style import Style
from checks.text import classify
from checks.text.coloured import uncoloured

TEXTS = (
    "Error: connect ECONNREFUSED 127.0.0.1:5455\n    at /home/ann/app.js:5",
    'tcp   LISTEN 0   128   127.0.0.1:6500   0.0.0.0:*   users:(("node",pid=77,fd=18))',
    "  TCP    127.0.0.1:6500    0.0.0.0:0    LISTENING    4242\n",
    "docker run -p 8088:80 nginx",
    "  Local:   http://localhost:5173/\n  Network: http://10.2.0.9:5173/",
    "http://localhost:3000 vs http://127.0.0.1:3000",
    "[::1]:9201",
    "62895",
    "IP 10.2.0.9.40112 > 10.2.0.4.7400: Flags [S], seq 9\nIP 10.2.0.4.7400 > 10.2.0.9.40112:"
    " Flags [R.], seq 0, ack 10",
)
SEQUENCES = (
    "\x1b[31m", "\x1b[0m", "\x1b[38;5;208m", "\x1b[K", "\x1b(B", "\x1b]8;;http://h.example/\x1b\\",
    "[1m", "[39m", "^[[32m", "\\u001b[36m", "\\x1b[0m", "\u241b[22m",
)  # fmt: skip


def without(piece: str) -> str:
    """A piece of a text without its sequences."""
    plain = uncoloured(piece)
    return piece if plain is None else plain.text


@given(
    text=st.sampled_from(TEXTS),
    put=st.lists(st.tuples(st.integers(0, 120), st.sampled_from(SEQUENCES)), max_size=8),
)
def test_a_coloured_text_is_read_as_without_colours(text: str, put: list[tuple[int, str]]) -> None:
    """Wherever a sequence is; every place is that of the text as it was pasted."""
    pasted = text
    for at, sequence in sorted(put, key=lambda one: -one[0]):
        pasted = pasted[:at] + sequence + pasted[at:]
    if without(pasted) != text:
        return  # two sequences met and made a third
    read, plain = classify(pasted), classify(text)
    assert read.kind == plain.kind
    for one, other in zip(read.endpoints, plain.endpoints, strict=True):
        assert one._replace(text="", span=(0, 0)) == other._replace(text="", span=(0, 0))
        assert pasted[slice(*one.span)] == one.text
        assert without(one.text) == other.text
    for error, same in zip(read.errors, plain.errors, strict=True):
        assert (error.name, error.operation, error.endpoint) == (
            same.name, same.operation, same.endpoint,
        )  # fmt: skip
        assert without(pasted[slice(*error.span)]) == same.text
    for table, alike in zip(read.tables, plain.tables, strict=True):
        assert table.tool == alike.tool
        for row, twin in zip(table.rows, alike.rows, strict=True):
            assert (row.state, row.pid, row.program) == (twin.state, twin.pid, twin.program)
            assert without(pasted[slice(*row.span)]) == text[slice(*twin.span)]
    assert [one.key for one in read.settings] == [one.key for one in plain.settings]
    told, wanted = causes.explain(read), causes.explain(plain)
    assert [cause.key for cause in told] == [cause.key for cause in wanted]
    for because in (one for cause in told for one in cause.because):
        assert pasted[slice(*because.span)] == because.text


@pytest.mark.parametrize(
    "text",
    ["rate(errors[5m])", "sum(rate(x[1m]))", "[::1]:80", "a[31] = m", "see [1] in m", "\x1b"],
)
def test_what_is_no_sequence_stays(text: str) -> None:
    """A time in brackets, an index, an address, a lone escape."""
    assert uncoloured(text) is None


def test_what_only_begins_like_a_sequence_keeps_its_place() -> None:
    """The cells of a table are endpoints of the text, whatever stands beside."""
    row = TEXTS[1]
    found = classify(f"\x1b[\u00e9\n{row}")
    assert [table.tool for table in found.tables] == ["ss"]
    assert [end.text for end in found.endpoints] == ["127.0.0.1:6500"]


@pytest.mark.parametrize(
    ("text", "kind", "place"),
    [
        ("\x1b[36mhttp://localhost:\x1b[1m5173\x1b[22m/\x1b[39m", "url", ("localhost", 5173)),
        ("\x1b[1mlocalhost:3000\x1b[0m", "endpoint", ("localhost", 3000)),
    ],
)
def test_a_coloured_word_is_a_word(text: str, kind: str, place: tuple[str, int]) -> None:
    """As the word alone is."""
    found = classify(text)
    host, port = found.endpoints[0].host, found.endpoints[0].port
    assert found.kind == kind
    assert (host and host.text, port and port.number) == place


def test_two_urls_with_colours_are_compared() -> None:
    """The colours are no words between them."""
    assert (
        pair(classify("\x1b[36mhttp://localhost:3000\x1b[0m vs \x1b[1mhttp://[::1]:3000"))
        is not None
    )


@pytest.mark.parametrize(
    "unit", ["\x1b[31m", "[1m", "\x1b[", "\x1b]8;", "[1;", "\x1b[1m127.0.0.1:80 "]
)
def test_the_time_is_linear(unit: str) -> None:
    """Four times the text takes no more than eight times as long."""

    def spent(times: int) -> float:
        began = time.process_time()
        uncoloured(unit * times)
        return time.process_time() - began

    spent(2000)
    assert spent(40_000) < 8 * spent(10_000) + 0.02


def test_a_person_is_shown_no_sequence() -> None:
    """The terminal and the card have the words alone, each of them marked; the JSON keeps all."""
    text = "\x1b[31mError: connect ECONN\x1b[1mREFUSED\x1b[22m 127.0.0.1:\x1b[33m5455\x1b[39m"
    report = conclude(classify(text))
    for written in (text_format.render(report, Style(80)), html.render([report])):
        assert "5455" in written
        assert "x1b" not in written
        assert "\x1b" not in written
    shown = selection.shown(report)
    found = pieces.pieces_of(shown, 3)
    assert [found.text[slice(*one.span)] for one in found.tokens] == [
        "ECONNREFUSED", "127.0.0.1", "5455",
    ]  # fmt: skip
    assert report.to_dict()["input"] == text


@given(
    text=st.sampled_from(TEXTS),
    put=st.lists(st.tuples(st.integers(0, 120), st.sampled_from(SEQUENCES)), max_size=5),
)
def test_a_place_is_found_again(text: str, put: list[tuple[int, str]]) -> None:
    """To the pasted text and back is where it was."""
    pasted = text
    for at, sequence in sorted(put, key=lambda one: -one[0]):
        pasted = pasted[:at] + sequence + pasted[at:]
    plain = uncoloured(pasted)
    for at in range(len(plain.text) if plain else 0):
        assert plain is not None
        assert plain.inner(plain.span((at, at + 1))) == (at, at + 1)
