"""Reports that were printed as JSON, read back: evidence of a machine that is not this one.

Someone pastes what ``python3 -m checks --json`` printed elsewhere. The text is
classified anew and the findings are judged anew; only the evidence is taken
from the paste, and every value of it is held against the annotations of its
record first: it comes from outside, like any other text.
"""

from __future__ import annotations

import json

from checks.model import evidence
from checks.model.words import SCHEMA
from checks.report import Report, clean, conclude, vocabulary
from checks.report.told import as_asked
from checks.text import classify

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_DOCUMENTS = 16
"""So many lines of a paste are read; a scan may have printed thousands."""
MAX_DOCUMENT = 1_000_000
"""Characters of one line."""
MAX_TRIALS = 256
"""Attempts and the like of one probe: each is held against every row of its socket table."""
_TRIALS = frozenset(("attempts", "bindings", "answers", "notes", "surroundings", "route_localnet"))

_RECORDS = {
    name: value
    for name, value in vars(evidence).items()
    if isinstance(value, type) and hasattr(value, "_fields")
}
_PLAIN: Mapping[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (float, int),
    "bool": (bool,),
}


class ReportError(ValueError):
    """The text looks like this program's JSON but cannot be one of its reports."""


def load(text: str) -> tuple[Report, ...]:
    """Return the reports in a paste of one JSON object a line, or of one on several lines.

    Arguments:
        text: anything.

    Returns:
        the reports; none where the text is no such JSON at all.

    Raises:
        ReportError: where it names the contract but breaks it; says where.
    """
    begin = text.lstrip()
    if not begin.startswith("{") or '"schema"' not in begin[:200]:
        return ()
    documents = _documents(begin)
    if not any(isinstance(one, dict) and one.get("schema") == SCHEMA for one in documents):
        return ()
    return tuple(_report(one) for one in documents)


def _documents(text: str) -> list[object]:
    try:
        return [json.loads(text)]
    except (ValueError, RecursionError):
        pass
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        return [json.loads(line) for line in lines[:MAX_DOCUMENTS] if len(line) <= MAX_DOCUMENT]
    except (ValueError, RecursionError):
        return []


def _report(document: object) -> Report:
    if not isinstance(document, dict) or not isinstance(document.get("input"), str):
        raise ReportError("an object has no input")
    endpoints = document.get("endpoints")
    told = endpoints if isinstance(endpoints, list) else None
    classification = None if told is None else as_asked(classify(document["input"]), told)
    if classification is None or told is None or len(told) != len(classification.endpoints):
        raise ReportError("the endpoints are not those of the input")
    endpoints = told
    probes = {
        index: _probe(endpoint["probe"], f"endpoints[{index}].probe")
        for index, endpoint in enumerate(endpoints)
        if isinstance(endpoint, dict) and endpoint.get("probe") is not None
    }
    unasked = _value("tuple[int, ...]", document.get("unasked", []), "unasked")
    assert isinstance(unasked, tuple)  # noqa: S101 - for the type checker
    if not set(unasked) <= set(range(len(endpoints))) - set(probes):
        raise ReportError("unasked names an endpoint that is not there or was asked")
    asked = document.get("asked")
    machine = _record(evidence.Asked, asked, "asked") if asked is not None else None
    assert machine is None or isinstance(machine, evidence.Asked)  # noqa: S101 - as above
    try:
        return conclude(classification, probes, unasked, machine)
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        # Each value has its type, but together they tell what no machine can have seen.
        raise ReportError("the evidence contradicts itself") from error


def _probe(value: object, where: str) -> evidence.Probe:
    probe = _record(evidence.Probe, value, where)
    assert isinstance(probe, evidence.Probe)  # noqa: S101 - for the type checker
    return probe


def _record(record: type, value: object, where: str) -> object:
    """A record from a JSON object; fields that a newer version added are passed over."""
    if not isinstance(value, dict):
        raise ReportError(f"{where} is no object")
    kinds: Mapping[str, str] = record.__annotations__
    for name in _TRIALS & value.keys() & kinds.keys():
        if isinstance(value[name], list) and len(value[name]) > MAX_TRIALS:
            raise ReportError(f"{where}.{name} has more than {MAX_TRIALS} parts")
    fields = {
        name: _value(kind, value[name], f"{where}.{name}", f"{record.__name__}.{name}")
        for name, kind in kinds.items()
        if name in value
    }
    try:
        return record(**fields)
    except TypeError:
        raise ReportError(f"{where} lacks a field") from None


def _value(kind: str, value: object, where: str, field: str = "") -> object:
    """A value of the kind that an annotation names, such as ``tuple[Owner, ...]``.

    Arguments:
        kind: the annotation.
        value: what the document has.
        where: the place in it, for a complaint.
        field: the record's name and the field's own, for the words that it may hold.
    """
    if kind.endswith(" | None"):
        plain = kind.removesuffix(" | None")
        if value is None or (plain == "str" and not _is_word(field, value)):
            return None  # a word of a newer version says nothing to this one
        return _value(plain, value, where, field)
    if kind == "str":
        if isinstance(value, str) and not _is_word(field, value):
            raise ReportError(f"{where} is a word that this version does not know")
        return _text(value, where)
    if kind in _PLAIN:
        return _number(kind, value, where, field)
    if kind in _RECORDS:
        return _record(_RECORDS[kind], value, where)
    if not isinstance(value, list):
        raise ReportError(f"{where} is no list")
    return _parts(kind.removeprefix("tuple[").removesuffix("]"), value, where, field)


def _is_word(field: str, value: object) -> bool:
    return not isinstance(value, str) or vocabulary.is_word(field, value)


def _text(value: object, where: str) -> str:
    """A text without control characters: it may come to a terminal or into a command."""
    if not isinstance(value, str):
        raise ReportError(f"{where} is no str")
    return clean.line(value, len(value))


def _number(kind: str, value: object, where: str, field: str) -> object:
    wanted = _PLAIN[kind]
    if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
        raise ReportError(f"{where} is no {kind}")
    if isinstance(value, (int, float)) and not vocabulary.is_number(field, value):
        raise ReportError(f"{where} is beyond what a machine counts")  # NaN is, too
    return value


def _parts(kinds: str, value: list[object], where: str, field: str) -> tuple[object, ...]:
    """The parts of a tuple: as many as there are of one kind, or one of each."""
    if kinds.endswith(", ..."):
        each = kinds.removesuffix(", ...")
        known = value if each != "str" else [one for one in value if _is_word(field, one)]
        return tuple(_value(each, one, f"{where}[{n}]", field) for n, one in enumerate(known))
    parts = kinds.split(", ")
    if len(parts) != len(value):
        raise ReportError(f"{where} has {len(value)} parts, not {len(parts)}")
    return tuple(
        _value(each, one, f"{where}[{n}]", field)
        for n, (each, one) in enumerate(zip(parts, value, strict=True))
    )
