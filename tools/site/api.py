"""The Python API, from the docstrings and signatures of what ``checks`` exports.

What a caller gets back is part of it: every record that a classification or a report
leads to, with each field.
"""

from __future__ import annotations

import doctest
from typing import TYPE_CHECKING

import checks
from checks import findings
from checks.address import blocks, embedded, names
from checks.model import evidence
from checks.ports import services, uses
from checks.report import Report
from checks.text import errors
from tools.site import contract
from tools.site.docstrings import Doc, Field, fields, markdown, parse, signature
from tools.site.markup import code, fence, link, page

if TYPE_CHECKING:
    from collections.abc import Iterable

PATH = "reference/api.md"

FUNCTIONS = (checks.classify, checks.explain, checks.readings, checks.diagnose)

CLASSIFIED: tuple[type, ...] = (
    checks.Classification,
    checks.Endpoint,
    checks.Host,
    checks.Readings,
    blocks.Block,
    embedded.Embedded,
    names.Name,
    checks.Port,
    services.Service,
    uses.Use,
    errors.ErrorMessage,
)
"""The records that :func:`checks.classify` leads to."""

FOUND: tuple[type, ...] = (findings.Found, findings.Match, findings.Fix, findings.Finding)
"""The records of a finding."""

REPORTED: tuple[type, ...] = (
    Report,
    *(
        value
        for value in vars(evidence).values()
        if isinstance(value, type) and hasattr(value, "_fields")
    ),
)
"""The report of :func:`checks.explain` and of :func:`checks.diagnose`, and the evidence."""

_MEANS = {
    "finding.severity": "how bad it is, unless a match has another severity.",
    "found.finding": "the class of the catalogue.",
    "found.match": "what it says about this input.",
    "match.fix": "what to do.",
}
"""Meaning of the fields that neither their source nor the contract explains."""

EXAMPLES = {
    "classify": """\
>>> from checks import classify
>>> found = classify("http://0x7f.1:62893/")
>>> found.kind
'url'
>>> endpoint = found.endpoints[0]
>>> endpoint.host.address, endpoint.host.loopback, endpoint.port.number
('127.0.0.1', True, 62893)
>>> found.to_dict()["endpoints"][0]["host"]["block"]["prefix"]
'127.0.0.0/8'
""",
    "explain": """\
>>> from checks import explain
>>> report = explain("http://0x7f.1:62893/")
>>> report.severity
'notice'
>>> [(one.finding.code, one.severity) for one in report.findings]
[('A112', 'notice'), ('A101', 'info'), ('P204', 'info'), ('P205', 'info')]
""",
    "readings": """\
>>> from checks import readings
>>> readings("0177.0.0.1")
Readings(url='127.0.0.1', inet_aton='127.0.0.1', strict=None, undecided=None)
>>> readings("127.0.0.1 foo").inet_aton
'127.0.0.1'
""",
    "diagnose": """\
>>> from socketserver import BaseRequestHandler, TCPServer
>>> from threading import Thread
>>> from checks import diagnose
>>> with TCPServer(("127.0.0.1", 0), BaseRequestHandler) as server:
...     Thread(target=server.serve_forever).start()
...     report = diagnose("127.0.0.1:%d" % server.server_address[1], identify=False)
...     server.shutdown()
>>> report.probes[0].outcome
'accepted'
>>> [one.finding.code for one in report.findings if one.severity == "ok"]
['C301', 'E501']
""",
}
"""An example for each function, run by a test."""


def pages() -> dict[str, str]:
    """Return the page: path below docs to Markdown."""
    return {PATH: _page()}


def records() -> tuple[type, ...]:
    """Return every record that the page describes, in its order."""
    return (*CLASSIFIED, *FOUND, *REPORTED)


def examples() -> Iterable[doctest.DocTest]:
    """Yield the examples, ready to be run."""
    parser = doctest.DocTestParser()
    for name, text in EXAMPLES.items():
        yield parser.get_doctest(text, {}, name, PATH, 0)


def _page() -> str:
    exported = ", ".join(code(name) for name in checks.__all__)
    intro = (
        f"`import checks` gives {exported}. The classification uses no socket, no file and no"
        " clock, so its answer is the same on every Python. `diagnose` tests the machine that it"
        " runs on.\n\nRecords are named tuples: you can read, compare and unpack their fields, but"
        " not change them. Records with `to_dict()` return what the [JSON](json.md) has."
    )
    parts = [intro, "## Functions"]
    parts += [_function(one.__name__, signature(one), parse(one.__doc__)) for one in FUNCTIONS]
    for title, group in (
        ("Records of a classification", CLASSIFIED),
        ("Records of a finding", FOUND),
        ("Records of a report", REPORTED),
    ):
        parts.append(f"## {title}")
        parts += [_record(record) for record in group]
    return page(
        "Python API",
        "The functions and records of the checks package with signatures and every field, made"
        " from the docstrings.",
        "\n\n".join(parts),
    )


def anchor(record: type) -> str:
    """Return the anchor of a record on the page."""
    return record.__name__.lower()


def _function(name: str, typed: str, doc: Doc) -> str:
    parts = [
        f"### {code(name)} {{ #{name}-function }}",
        fence(typed, "text"),
        doc.text,
        _definitions((code(key), text) for key, text in doc.arguments.items()),
        *(_section(title, text) for title, text in doc.sections.items()),
        fence(EXAMPLES[name], "pycon"),
    ]
    return "\n\n".join(part for part in parts if part)


def _section(title: str, text: str) -> str:
    return f"**{title}:** {text}" if title else text


def _record(record: type) -> str:
    text = markdown("Base of the catalogue's classes.") if record is findings.Finding else ""
    text = text or parse(record.__doc__).text
    parts = [
        f"### {code(record.__name__)} {{ #{anchor(record)} }}",
        text,
        _definitions((_field(one), meaning(record, one)) for one in fields(record)),
    ]
    return "\n\n".join(parts)


def _field(field: Field) -> str:
    text = f"{code(field.name)}: {_type(field.annotation)}"
    if field.default is not None:
        text += f" = {code(field.default)}"
    return text + (" (property)" if field.is_property else "")


def _type(annotation: str) -> str:
    """The annotation as code, and as a link where it names a record of the page."""
    for record in records():
        if (
            record.__name__
            in annotation.replace("[", " ").replace("]", " ").replace(",", " ").split()
        ):
            return link(code(annotation), f"#{anchor(record)}")
    return code(annotation)


def meaning(record: type, field: Field) -> str:
    """Return what a field means: from the source, or as the JSON contract has it."""
    key = f"{record.__name__.lower()}.{field.name}"
    return field.meaning or _MEANS.get(key) or contract.meanings().get(key, "")


def _definitions(entries: Iterable[tuple[str, str]]) -> str:
    """A definition list, which a phone shows as well as a wide screen."""
    return "\n\n".join(
        f"{term}\n:   {text[:1].upper() if text[:1].islower() else text[:1]}{text[1:]}"
        for term, text in entries
    )
