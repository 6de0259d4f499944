"""Four times the input is four times the work, through every reader and every renderer.

Nothing here looks at a clock. Counted are the lines of Python that run, comparisons of records
among them, and the characters of whole texts that are gone through; and every pattern has bounds,
so that what it does at one place of a text does not grow with the text.
"""

from __future__ import annotations

import gc
import importlib
import pkgutil
import re
import sys
import tracemalloc
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from cases import each
from counting import counted_lines
from findings import records

from checks import cli
from checks import page as web
from checks.findings import wording
from checks.findings.base import Found, Match
from checks.model import evidence as evidence_records
from checks.model.evidence import Listener, Owner, Probe
from checks.report import Report, columns, conclude, formats, json, listeners, load
from checks.report.formats import html
from checks.report.style import Style
from checks.text import classify
from checks.text.endpoint import Endpoint
from checks.text.errors import numbers, table, wordings

folded: Any = importlib.import_module("checks.text.errors.folded")  # its function has its name
_parser: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SMALL, LARGE = 40, 160
MOST = 4.6
"""What four times the input may cost; the square of it would cost sixteen."""
CONSTANT = 300
"""Lines of Python that a small piece of work may take on top, whatever its size."""


def _quad(number: int) -> str:
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


KINDS: dict[str, Callable[[int], str]] = {
    "addresses": _quad,
    "endpoints": lambda i: f"{_quad(i)}:{1000 + i}",
    "loopback": lambda i: f"127.0.0.1:{1000 + i}",
    "ports": lambda i: f"{1024 + i}",
    "hexadecimal": lambda i: f"0x{0x7F000000 + i:x}",
    "invalid": lambda i: f"256.1.1.{i}",
    "networks": lambda i: f"10.{i >> 8 & 255}.{i & 255}.0/24",
    "embedded": lambda i: f"::ffff:10.0.{i >> 8}.{i & 255}",
    "IPv6": lambda i: f"2001:db8::{i:x}",
    "zones": lambda i: f"[fe80::{i:x}%eth0]:80",
    "URLs": lambda i: f"http://{_quad(i)}:{1000 + i}/x",
    "names": lambda i: f"host{i}.example.com:80",
    "repeats": lambda _: "127.0.0.1:62893",
    "ss": lambda i: f'LISTEN 0 5 127.0.0.1:{1000 + i} 0.0.0.0:* users:(("python3",pid={i},fd=3))',
    "netstat": lambda i: f"tcp 0 0 127.0.0.1:{1000 + i} 10.0.0.1:{2000 + i} ESTABLISHED 44/python3",
    "messages": lambda i: f"Error: connect ECONNREFUSED 127.0.0.1:{1000 + i}",
    "files": lambda i: f"[Errno 13] permission denied, open '/etc/{i}', syscall: 'open'",
    "numbers": lambda i: f"error 50, port {1000 + i}:1.",
    "table": lambda i: f'{i},10.0.0.{i % 256},{1080 + i},tcp,"host{i}"',
    "words": lambda i: f"refused {i}",
}
"""A line of each kind of list."""
KINDS |= {
    "access logs": lambda i: f'INFO: 10.0.0.{i % 256}:{50000 + i} - "GET /{i} HTTP/1.1" 200 OK',
    "callers": lambda i: f"accepted connection from 127.0.0.1:{50000 + i}",
    "debuggers": lambda i: f"Connected to the target VM, address: '127.0.0.1:{50000 + i}'",
    "arrows": lambda i: f"write tcp 127.0.0.1:{8000 + i}->127.0.0.1:{50000 + i}: broken pipe",
    "packets": lambda i: f"IP 127.0.0.1.{50000 + i} > 127.0.0.1.80: Flags [S], seq {i}",
    "bind errors": lambda i: f"listen tcp 127.0.0.1:{1000 + i}: bind: address already in use",
    "containers": lambda i: f"docker run -p {1000 + i}:80 web{i}",
    "tunnels": lambda i: f"ssh -L {1000 + i}:db{i}:5432 me@gateway{i}.example",
    "directives": lambda i: f"listen {1000 + i};",
    "published": lambda i: f"web{i}  0.0.0.0:{1000 + i}->80/tcp, [::]:{1000 + i}->80/tcp",
    "Windows": lambda i: f"  TCP    127.0.0.1:{1000 + i}    0.0.0.0:0    LISTENING    {i}",
    "lsof": lambda i: f"node {i} me 20u IPv4 0x{i:x} 0t0 TCP 127.0.0.1:{1000 + i} (LISTEN)",
    "compose": lambda i: f"web-{i}  | Error: connect ECONNREFUSED 127.0.0.1:{1000 + i}",
    "upstreams": lambda i: (
        f"connect() failed (111: Connection refused), client: 10.0.0.{i % 256},"
        f' upstream: "http://127.0.0.1:{1000 + i}/"'
    ),
    "one error": lambda _: "Error: connect ECONNREFUSED ::1:5432",
}
KINDS["mixture"] = lambda i: list(KINDS.values())[i % 35](i)


def _renderer(name: str) -> Callable[[Report], object]:
    write = formats.load(name).diagnosis
    return lambda report: write([formats.Case(report)], Style())


RENDERERS: dict[str, Callable[[Report], object]] = {
    **{each.name: _renderer(each.name) for each in formats.FORMATS},
    "verdicts": lambda report: [report.verdict_of(index) for index in report.told],
}


def pasted(kind: str, count: int) -> str:
    """A text of so many lines of one kind."""
    return "".join(f"{KINDS[kind](number)}\n" for number in range(count))


@pytest.fixture(autouse=True)
def _comparisons_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare records in Python, so that looking for one in a list is seen as work."""

    def equal(one: Any, other: object) -> bool:
        return tuple.__eq__(one, other) is True

    kinds = [value for value in vars(evidence_records).values() if hasattr(value, "_fields")]
    for kind in (*kinds, Found, Match, Endpoint):
        monkeypatch.setattr(kind, "__eq__", equal)
        monkeypatch.setattr(kind, "__hash__", tuple.__hash__)


def grows_evenly(small: Callable[[], object], large: Callable[[], object]) -> bool:
    """Whether the large action runs at most about four times the lines of the small one.

    The large one imports, compiles and fills what is kept between calls. Only where that makes it
    too much is it counted once more.
    """
    after = counted_lines(large)
    bound = MOST * counted_lines(small) + CONSTANT
    return after <= bound or counted_lines(large) <= bound


@pytest.mark.parametrize("kind", KINDS)
def test_every_list_is_read_in_proportion(kind: str) -> None:
    """Reading the text, and judging what was read."""
    small, large = pasted(kind, SMALL), pasted(kind, LARGE)
    assert grows_evenly(lambda: classify(small), lambda: classify(large))
    few, many = classify(small), classify(large)
    assert grows_evenly(lambda: conclude(few), lambda: conclude(many))


@pytest.mark.parametrize("kind", KINDS)
def test_every_list_is_shown_in_proportion(kind: str) -> None:
    """Each renderer, of each kind of list.

    The first twenty errors are told in another way than the rest, so of a short list of them half
    is something else: where a list seems uneven, a long one and a very long one decide.
    """
    uneven = list(RENDERERS)
    for size in (1, LARGE // SMALL):
        if uneven:
            few, many = (conclude(classify(pasted(kind, size * n))) for n in (SMALL, LARGE))
            uneven = [
                name
                for name in uneven
                if not grows_evenly(partial(RENDERERS[name], few), partial(RENDERERS[name], many))
            ]
    assert uneven == []


@pytest.mark.parametrize("kind", ["hexadecimal", "zones"])
def test_the_card_of_a_long_list_is_made_in_proportion(kind: str) -> None:
    """What the card says is bounded, so only a long list shows what is done for the rest."""
    few, many = (conclude(classify(pasted(kind, 16 * count))) for count in (SMALL, LARGE))
    assert grows_evenly(lambda: html.render((few,)), lambda: html.render((many,)))


@pytest.mark.parametrize("function", [web.answer, web.document, web.command])
def test_the_page_answers_in_proportion(function: Callable[[str], str]) -> None:
    """All that the page asks, of the mixture."""
    small, large = pasted("mixture", SMALL), pasted("mixture", LARGE)
    assert grows_evenly(lambda: function(small), lambda: function(large))


@pytest.mark.parametrize("kind", KINDS)
def test_the_card_of_every_list_is_made_in_proportion(kind: str) -> None:
    """All that a visitor gets: what was read, causes, steps, and each piece of the text."""
    small, large = pasted(kind, SMALL), pasted(kind, LARGE)
    assert grows_evenly(lambda: web.answer(small), lambda: web.answer(large))


@pytest.mark.parametrize("words", [["classify"], ["classify", "--json"], ["explain"]])
def test_the_command_line_answers_in_proportion(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """``classify`` and ``explain``, of the mixture."""
    small, large = pasted("mixture", SMALL), pasted("mixture", LARGE)
    assert grows_evenly(lambda: cli.main([*words, small]), lambda: cli.main([*words, large]))
    assert capsys.readouterr().out


def _owner(number: int) -> Owner:
    return Owner(100 + number, f"worker{number}", None, "ann", None)


TABLES: dict[str, Callable[[int], Listener]] = {
    "ports": lambda i: records.listener("127.0.0.1", _owner(i), port=1024 + i),
    "loopback": lambda i: records.listener(f"127.0.{i >> 8}.{i & 255}", _owner(i)),
    "network": lambda i: records.listener(_quad(i + 1), _owner(i)),
    "one owner": lambda i: records.listener(
        f"{(10, 127)[i % 2]}.0.{i >> 8}.{i & 255}", records.PYTHON
    ),
    "workers": lambda i: records.listener("0.0.0.0", _owner(i)),
    "alike": lambda _: records.listener("0.0.0.0", records.PYTHON),
    "hidden": lambda i: records.listener(_quad(i + 1), unit=f"unit{i}.service"),
    "devices": lambda i: records.listener("0.0.0.0", _owner(i), interface=f"veth{i}"),
    "UDP": lambda i: records.listener(_quad(i + 1), _owner(i), protocol="udp"),
}
"""A row of each kind of socket table; all but the first are on one port."""


def _listed(rows: Sequence[Listener]) -> Iterator[str]:
    """All that ``listen`` can print of a table, in each of its formats."""
    found = listeners.entries(rows, records.machine())
    listing = listeners.Listing(found)
    yield from columns.draw(found, Style(), 100)
    yield from columns.summary(listing)
    for name in formats.NAMES:
        yield formats.load(name).listeners(listing, Style()).text


@pytest.mark.parametrize("kind", TABLES)
def test_every_socket_table_is_listed_in_proportion(kind: str) -> None:
    """Four times the listeners are four times the work and the output of all formats."""
    few, many = ([TABLES[kind](number) for number in range(count)] for count in (SMALL, LARGE))
    assert grows_evenly(lambda: list(_listed(few)), lambda: list(_listed(many)))
    before, after = (sum(map(len, _listed(rows))) for rows in (few, many))
    assert after <= MOST * before


def _seen(kind: str, outcome: str, count: int) -> Probe:
    rows = tuple(TABLES[kind](number) for number in range(count))
    tried = records.binding("in-use", "0.0.0.0", "EADDRINUSE")
    return records.probe(records.attempt(outcome), listeners=rows, bindings=(tried,))


@pytest.mark.parametrize("outcome", ["accepted", "refused"])
@pytest.mark.parametrize("kind", [kind for kind in TABLES if kind != "ports"])
def test_the_evidence_is_judged_and_shown_in_proportion(kind: str, outcome: str) -> None:
    """A port with four times the listeners, from a machine or from a report that was pasted."""
    asked = classify(records.TARGET)
    few, many = (_seen(kind, outcome, count) for count in (SMALL, LARGE))
    assert grows_evenly(lambda: conclude(asked, {0: few}), lambda: conclude(asked, {0: many}))
    small, large = (conclude(asked, {0: probe}) for probe in (few, many))
    for show in RENDERERS.values():
        assert grows_evenly(partial(show, small), partial(show, large))
    paste, long_paste = (json.line(report.to_dict()) for report in (small, large))
    assert grows_evenly(lambda: web.answer(paste), lambda: web.answer(long_paste))


def test_a_pasted_report_holds_few_attempts() -> None:
    """Each is held against every row of the table, and no machine makes thousands."""
    tries = [records.attempt("refused") for _ in range(load.MAX_TRIALS + 1)]
    for count in (load.MAX_TRIALS, load.MAX_TRIALS + 1):
        probe = records.probe(*tries[:count], bindings=())
        made = json.line(conclude(classify(records.TARGET), {0: probe}).to_dict())
        refused = "no report that can be explained" in web.answer(made)
        assert refused == (count > load.MAX_TRIALS)


def test_memory_grows_no_faster_than_the_text() -> None:
    """The peak of reading, judging and showing a text in every format."""
    peaks = []
    for count in (2 * SMALL, 2 * SMALL, 2 * LARGE):  # the first fills what is kept
        pasted_text = pasted("mixture", count)
        gc.collect()
        tracemalloc.start()
        report = conclude(classify(pasted_text))
        for show in RENDERERS.values():
            show(report)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] <= MOST * peaks[1]


class Charged(str):
    """A text that notes the characters of it that are gone through."""

    __slots__ = ()
    spent = 0

    @classmethod
    def charge(cls, characters: int) -> None:
        """Note so many."""
        cls.spent += characters

    def lower(self) -> Charged:
        """As of str."""
        self.charge(len(self))
        return Charged(super().lower())

    def replace(self, *arguments: Any) -> Charged:
        """As of str."""
        self.charge(len(self))
        return Charged(super().replace(*arguments))

    def strip(self, *arguments: Any) -> str:
        """As of str: what is left is copied."""
        self.charge(len(self))
        return super().strip(*arguments)

    def rfind(self, part: str, *bounds: Any) -> int:
        """As of str, from the end to where it is found."""
        first, last, _ = slice(*(bounds or (None,))).indices(len(self))
        found = super().rfind(part, *bounds)
        self.charge(last - max(first, found))
        return found


class _ChargedPatterns:
    """In place of :mod:`re`: notes the length of what is searched."""

    ASCII = re.ASCII
    compile = staticmethod(re.compile)

    @staticmethod
    def search(pattern: str, where: str, flags: int = 0) -> re.Match[str] | None:
        """As of re."""
        Charged.charge(len(where))
        return re.search(pattern, where, flags)

    @staticmethod
    def finditer(pattern: str, where: str, flags: int = 0) -> Iterator[re.Match[str]]:
        """As of re."""
        Charged.charge(len(where))
        return re.finditer(pattern, where, flags)


@pytest.mark.parametrize(
    "unit",
    [
        "error 50, ", "code 99 ", "8.8.8.8.80 ", "errno 13 syscall ", "winerror 10061 ",
        "127.0.0.1:1 ", "refused to connect ", "errno -111 ", "curl error 7 ", "port 1 in use ",
    ],
)  # fmt: skip
def test_a_text_is_gone_through_so_many_times(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one place asks of the whole text is asked once, not at each place."""
    for module in (folded, numbers, wordings):
        monkeypatch.setattr(module, "re", _ChargedPatterns)
    spent = []
    for count in (200, 200, 800):
        Charged.spent = 0
        classify(Charged(unit * count + "syscall: 'open'"))
        spent.append(Charged.spent)
    assert spent[1] > 0
    assert spent[2] <= MOST * spent[1]


def _patterns() -> Iterator[tuple[str, str]]:
    """Every pattern that reads texts, and where it stands."""
    package = importlib.import_module("checks.text")
    for found in pkgutil.walk_packages(package.__path__, "checks.text."):
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            for one in value.values() if isinstance(value, dict) else (value,):
                if isinstance(one, (re.Pattern, type(numbers._MYSQL))):  # or is one when it is used
                    yield f"{found.name}.{name}", one.pattern
                elif isinstance(one, str) and one.startswith("(?a"):  # compiled when it is needed
                    yield f"{found.name}.{name}", one
    for name in ("_PREFIXED", "_MYSQL", "_BESIDE"):
        yield f"errors.numbers.{name}", getattr(numbers, name).pattern
    yield "errors.wordings._HOST", wordings._HOST
    yield "errors.folded._FILE_SYSCALL", folded._FILE_SYSCALL
    yield "errors.table.FILE_SIGNS", table.FILE_SIGNS
    for number, (word, pattern, _) in enumerate(table.PATTERNS):
        yield f"errors.table.PATTERNS.{number}.{word}", pattern


def _endless(tree: Any) -> bool:
    """Whether a parsed pattern repeats anything without an end."""
    if isinstance(tree, tuple) and len(tree) == 2 and str(tree[0]).endswith("REPEAT"):
        return int(tree[1][1]) >= int(_parser.MAXREPEAT) or _endless(tree[1][2])
    return isinstance(tree, (tuple, list, _parser.SubPattern)) and any(map(_endless, tree))


PATTERNS = dict(_patterns())


@each("name", PATTERNS)
def test_every_pattern_has_an_end(name: str) -> None:
    """At each place of a text a pattern looks at a bounded number of characters."""
    assert not _endless(_parser.parse(PATTERNS[name]))


def test_a_pattern_without_an_end_is_noticed() -> None:
    """Inside of groups and of what is looked ahead for, too."""
    for pattern in ("a*", "(?:a|b(c+))", "a(?![b.]*c)", "(?<=a)b+?", "a{3,}"):
        assert _endless(_parser.parse(pattern)), pattern
    assert not _endless(_parser.parse("a{0,9}(?!b{1,3})[^c]?"))
    assert len(PATTERNS) > 30


@pytest.mark.parametrize("kind", ["loopback", "workers", "alike"])
def test_an_entry_repeats_some_of_the_evidence_and_its_own_line(kind: str) -> None:
    """Each finding once, with the line of this very socket and the number of the others."""
    entries = listeners.entries(
        [TABLES[kind](number) for number in range(LARGE)], records.machine()
    )
    assert len(entries) == LARGE
    for entry in entries:
        found = entry.findings()
        assert found
        assert len({one.finding.code for one in found}) == len(found)
        for one in found:
            assert wording.listener_line(entry.listener) in one.match.evidence
            if len(one.match.evidence) > 1:
                assert len(one.match.evidence) == 17
                assert one.match.evidence[-1] == f"and {LARGE - 16} more sockets on the port"
