"""Reports that somebody made up: every field may hold anything, and nothing of it gets through."""

from __future__ import annotations

import ast
import copy
import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks import page
from checks.model import evidence
from checks.report import formats, load, vocabulary
from checks.report.style import Style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.report import Report

MODEL = Path(evidence.__file__).parent
TARGET = "127.0.0.1:62893"
CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
MARKUP = re.compile(r"<(?:script|b|img|svg)\b", re.IGNORECASE)
TEXTS: tuple[object, ...] = (
    "\x1b[31mX\x07", "<script>alert(1)</script>", "x\u202ey", "a\nb\rc\td", "\ud800", "",
    "0" * 3000, 7, None, [],
)  # fmt: skip
NUMBERS: tuple[object, ...] = (-1, 0, 10**400, 1.5e300, float("nan"), "<b>\x1b", None, {}, True)
TYPICAL = {
    "Attempt.address": "127.0.0.1", "Listener.address": "127.0.0.1", "Binding.address": "127.0.0.1",
    "Interface.address": "127.0.0.1", "Peer.local": TARGET, "Peer.remote": "127.0.0.1:4000",
    "Attempt.arrived": TARGET, "UnixSocket.path": "/run/x.sock", "UnixListener.path": "/run/x.sock",
    "Machine.system": "linux", "Asked.system": "linux", "Identity.protocol": "http",
    "Machine.reserved_ports": "", "Relay.target": "172.17.0.2:80", "Answer.addresses": "127.0.0.1",
}  # fmt: skip
FIRST = {
    "Attempt.outcome": "accepted", "Probe.outcome": "accepted", "Binding.outcome": "in-use",
    "Unit.kind": "systemd", "Listener.protocol": "tcp", "Peer.state": "established",
}  # fmt: skip
EXAMPLES = {
    vocabulary._NAME: "linux", vocabulary._SYMBOL: "ECONNREFUSED",
    vocabulary._TIME: "2026-11-29T20:00:00Z",
}  # fmt: skip
INTEGERS = {"port": 62893, "pid": 4711, "version": 4, "prefix_length": 8, "status": 200}
RECORDS = load._RECORDS


def text_of(field: str) -> str:
    """A text that a field may hold."""
    if field in vocabulary.WORDS:
        return FIRST.get(field) or min(vocabulary.WORDS[field])
    form = vocabulary.FORMS.get(field)
    return TYPICAL.get(field) or (EXAMPLES[form] if form is not None else "x")


def sample(kind: str, field: str = "", depth: int = 0) -> Any:
    """A value of a kind with every optional part, as JSON has it."""
    if kind.endswith(" | None"):
        return None if depth > 6 else sample(kind.removesuffix(" | None"), field, depth)
    if kind in RECORDS:
        annotations = RECORDS[kind].__annotations__
        return {n: sample(k, f"{kind}.{n}", depth + 1) for n, k in annotations.items()}
    if kind.startswith("tuple["):
        inner = kind.removeprefix("tuple[").removesuffix("]")
        if inner.endswith(", ..."):
            return [] if depth > 6 else [sample(inner.removesuffix(", ..."), field, depth)]
        return [sample(each, field, depth) for each in inner.split(", ")]
    if kind == "str":
        return text_of(field)
    if kind == "bool":
        return True
    return 1.5 if kind == "float" else INTEGERS.get(field.rpartition(".")[2], 7)


def document(probe: Any = None) -> dict[str, Any]:
    """A report of one endpoint with all the evidence that there can be."""
    return {
        "schema": "checks/1", "input": TARGET,
        "endpoints": [{"text": TARGET, "probe": probe or sample("Probe")}],
        "asked": sample("Asked"),
    }  # fmt: skip


WHOLE = document()


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value that has no parts."""
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for step, inner in parts:
        if isinstance(inner, dict | list) and inner:
            yield from leaves(inner, (*path, step))
        else:
            yield (*path, step)


def places() -> list[tuple[Any, ...]]:
    """A path for each field of each record, where it is met first."""
    found: dict[tuple[str, ...], tuple[Any, ...]] = {}
    for path in leaves(WHOLE):
        names = tuple(step for step in path if isinstance(step, str))
        found.setdefault(names[-2:], path)
    return list(found.values())


PLACES = places()


def put(path: tuple[Any, ...], value: object) -> str:
    """The document with another value at a path, as text."""
    made = copy.deepcopy(WHOLE)
    at: Any = made
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return json.dumps(made)


def held(reports: tuple[Report, ...], *names: str) -> None:
    """Hold what is shown of a report: no control character, in these formats, or in any."""
    for report in reports:
        for name in names or formats.NAMES:
            case = formats.Case(report, None, asked=True)
            shown = formats.load(name).diagnosis([case], Style(80)).text
            assert not CONTROL.search(shown), (name, CONTROL.search(shown))
            if name == "text":
                assert "\t" not in shown


def test_the_whole_report_is_read() -> None:
    """Every field has a value that it may have, so that each change below is one of one field."""
    (report,) = load.load(json.dumps(WHOLE))
    assert report.to_dict()["endpoints"][0]["probe"] == WHOLE["endpoints"][0]["probe"]  # type: ignore[index]
    held((report,))


@pytest.mark.parametrize("path", PLACES, ids=lambda path: ".".join(map(str, path[-3:])))
def test_a_field_may_hold_anything(path: tuple[Any, ...]) -> None:
    """It is refused in a sentence, or shown clean; nothing is raised."""
    at: Any = WHOLE
    for step in path:
        at = at[step]
    for value in TEXTS if isinstance(at, str) else NUMBERS:
        text = put(path, value)
        made = page.answer(text)
        assert made.startswith('<div class="answer">')
        assert not CONTROL.search(made.replace("\t", " "))
        assert not MARKUP.search(made)
        try:
            reports = load.load(text)
        except load.ReportError:
            continue
        held(reports, "text")


@pytest.mark.parametrize(
    "field", [*vocabulary.WORDS, *vocabulary.FORMS], ids=lambda field: str(field)
)
def test_a_word_that_is_not_known_is_refused_or_unknown(field: str) -> None:
    """Where a field needs one the report is refused; elsewhere it is as if it were not told."""
    record, _, name = field.partition(".")
    kind = RECORDS[record].__annotations__[name]
    if kind == "str":
        with pytest.raises(load.ReportError, match="a word that this version does not know"):
            load._value(kind, "pwned!", "x", field)
    else:
        value = ["pwned!"] if kind.startswith("tuple") else "pwned!"
        assert load._value(kind, value, "x", field) in (None, ())


@pytest.mark.parametrize("field", sorted(vocabulary.LIMITS))
def test_a_number_has_its_range(field: str) -> None:
    """A negative process would make kill end every one."""
    low, high = vocabulary.LIMITS[field]
    assert vocabulary.is_number(field, low)
    assert vocabulary.is_number(field, high)
    assert not vocabulary.is_number(field, low - 1)
    assert not vocabulary.is_number(field, high + 1)
    record, _, name = field.partition(".")
    assert "int" in RECORDS[record].__annotations__[name]


def commands(report: Report) -> list[str]:
    """Every command that a report prints."""
    found = [fix.command for step in report.steps for fix in (step,) if fix.command]
    found += [fix.command for one in report.findings for fix in one.match.fix if fix.command]
    found += [fix.command for one in report.causes for fix in one.steps if fix.command]
    return found


@pytest.mark.parametrize("hostile", ["x; touch /tmp/y", "$(touch `x`)", "a\nreboot"])
def test_no_text_of_a_report_is_run_by_a_command(hostile: str) -> None:
    """A command is one line, and a text from outside is one word of it, or is not there."""
    for path in PLACES:
        try:
            reports = load.load(put(path, hostile))
        except load.ReportError:
            continue
        for command in [each for report in reports for each in commands(report)]:
            assert "\n" not in command
            if "touch" in command or "reboot" in command or "`" in command:
                lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
                lexer.whitespace_split = True
                words = list(lexer)
                assert not {"touch", "reboot", ";"} & set(words), (path, command)


@pytest.mark.parametrize("pid", [-1, 0, 1])
def test_no_command_ends_every_process(pid: int) -> None:
    """Of a made-up report either: 0 is the own group, -1 every process, 1 the system's first."""
    made = json.loads(json.dumps(WHOLE).replace('"pid": 4711', f'"pid": {pid}'))
    try:
        reports = load.load(json.dumps(made))
    except load.ReportError:
        assert pid < 0
        return
    for command in [each for report in reports for each in commands(report)]:
        assert not re.search(r"\b(?:kill|taskkill)\b.*(?<![\d.:])[01]\b", command), command


@st.composite
def probes(draw: st.DrawFn, kind: str = "Probe", field: str = "", depth: int = 0) -> Any:
    """Evidence whose words are each allowed, in combinations that no machine has seen."""
    if kind.endswith(" | None"):
        if depth > 4 or draw(st.booleans()):
            return None
        return draw(probes(kind.removesuffix(" | None"), field, depth))
    if kind in RECORDS:
        annotations = RECORDS[kind].__annotations__
        return {n: draw(probes(k, f"{kind}.{n}", depth + 1)) for n, k in annotations.items()}
    if kind.startswith("tuple["):
        inner = kind.removeprefix("tuple[").removesuffix("]")
        if not inner.endswith(", ..."):
            return [draw(probes(each, field, depth)) for each in inner.split(", ")]
        count = 0 if depth > 4 else draw(st.integers(0, 2))
        return [draw(probes(inner.removesuffix(", ..."), field, depth + 1)) for _ in range(count)]
    if kind == "str":
        known = sorted(vocabulary.WORDS.get(field, ()))
        return draw(st.sampled_from(known)) if known else text_of(field)
    if kind == "bool":
        return draw(st.booleans())
    low, high = vocabulary.LIMITS.get(field, (0, 1 << 20))
    return draw(st.sampled_from((low, high, INTEGERS.get(field.rpartition(".")[2], low))))


@settings(max_examples=20, deadline=None)
@given(probes())
def test_allowed_words_in_any_combination(made: Any) -> None:
    """A card comes out, or a sentence on why there is none."""
    text = json.dumps(document(made))
    assert page.answer(text).startswith('<div class="answer">')
    try:
        reports = load.load(text)
    except load.ReportError:
        return
    held(reports)


# The tables are those of the records


def documented() -> Iterator[tuple[str, str, str]]:
    """Each field of the records of the evidence, its annotation and what is said of it."""
    for path in sorted(MODEL.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        records = [one for one in tree.body if isinstance(one, ast.ClassDef)]
        for record in (one for one in records if one.name in RECORDS):
            listed = re.findall(r"``([a-z0-9-]+)``", ast.get_docstring(record) or "")
            for field, below in zip(record.body, [*record.body[1:], None], strict=True):
                if not isinstance(field, ast.AnnAssign) or not isinstance(field.target, ast.Name):
                    continue
                says = ""
                if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
                    says = str(below.value.value)
                if field.target.id == "outcome":
                    says += " ".join(f"``{word}``" for word in listed)
                yield f"{record.name}.{field.target.id}", ast.unparse(field.annotation), says


FREE = {
    "Attempt.arrived", "Owner.started_by", "Owner.launcher", "Owner.program_file",
    "Listener.address", "Supervisor.name", "Relay.target", "Machine.surroundings",
    "Machine.route_localnet",
    "Machine.reserved_ports", "Identity.product", "Identity.details", "Tls.alpn", "Tls.version",
    "NamespaceListener.arrived", "Namespaces.relay", "UnixSocket.parent", "UnixSocket.similar",
    "Relay.description", "UnixSocket.reason", "UnixListener.path", "UnixSocket.path",
    "FileFacts.mode", "LocalPorts.endpoint", "Peer.local",
}  # fmt: skip
"""Fields of which examples are documented, and that may hold any text."""


REFERRED = ("Peer.state", "Probe.outcome", "UnixListener.no_owner", "Machine.tools")
"""Fields whose words are documented in part, or at another record."""


def test_the_words_are_those_that_are_documented() -> None:
    """A word that is added to a record is added to its table, and the other way round."""
    for field, annotation, says in documented():
        words = set(re.findall(r"``([a-z0-9][a-z0-9-]*)``", says))
        if "str" not in annotation or field in vocabulary.FORMS or field in FREE:
            continue
        if field not in vocabulary.WORDS:
            assert len(words) < 2, f"WORDS or FREE lacks {field}: {sorted(words)}"
            continue
        missing = set(vocabulary.WORDS[field] - words)
        if field in REFERRED:
            missing = set()
        assert not missing, f"{field} documents no {sorted(missing)}"
    names = {field for field, _, _ in documented()}
    assert set(vocabulary.WORDS) | set(vocabulary.FORMS) | set(vocabulary.LIMITS) <= names
