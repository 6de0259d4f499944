"""A report as HTML: the card that the site shows, built into its pages and made live in them.

The tree is made of :class:`Element` and serialised in one place, which escapes
every character that could mean markup. No string of this module is ever joined
with text from outside. Links to the site's own pages begin with ``site:``;
whoever puts the card into a page replaces that by the way to the site's root.
"""

from __future__ import annotations

from checks.model import words
from checks.model.records import NamedTuple
from checks.report import rows, selection
from checks.report.banner_rows import of_banner
from checks.report.clean import line as clean
from checks.report.formats import Written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from checks.findings.base import Finding, Fix, Found
    from checks.report import Report
    from checks.report.formats import Case
    from checks.report.style import Style
    from checks.text import Classification

SITE = "site:"
"""Stands for the way to the site's root in every link of a card."""

MAX_TOLD = 12
"""So many endpoints of one text are told in full; a log may name thousands."""
MAX_SOURCE = 20_000
"""Characters of a pasted text that are shown again with its endpoints marked."""


class Element(NamedTuple):
    """A node of the tree.

    Arguments:
        tag: of HTML, with an end tag; chosen by this module, never by input.
        attributes: names chosen by this module, values of any text.
        children: elements and texts, in order.
    """

    tag: str
    attributes: tuple[tuple[str, str], ...]
    children: tuple[Element | str, ...]


def element(tag: str, *children: Element | str, **attributes: str) -> Element:
    """Return an element; a trailing underscore of an attribute is dropped, others are hyphens."""
    if not attributes:
        return Element(tag, (), children)
    named = [(_NAMES.get(name) or _named(name), value) for name, value in attributes.items()]
    return Element(tag, tuple(named), children)


_NAMES: dict[str, str] = {}


def _named(name: str) -> str:
    found = _NAMES[name] = name.rstrip("_").replace("_", "-")
    return found


def serialise(node: Element | str) -> str:
    """Return the HTML of a node, every text and attribute value escaped."""
    if isinstance(node, str):
        return _escaped(node)
    tag, attributes, children = node
    inside = "".join([serialise(child) for child in children])
    if not attributes:
        return f"<{tag}>{inside}</{tag}>"
    told = "".join([f' {name}="{_escaped(value)}"' for name, value in attributes])
    return f"<{tag}{told}>{inside}</{tag}>"


_SPECIAL = frozenset("&<>\"'")


def _escaped(text: str) -> str:
    if _SPECIAL.isdisjoint(text):
        return text
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;").replace("'", "&#39;")


def diagnosis(cases: Sequence[Case], _: Style) -> Written:
    """Write one card for all targets."""
    return Written(render([case.report for case in cases]))


def render(reports: Sequence[Report]) -> str:
    """Return the card of one report, or of several that were pasted together.

    Arguments:
        reports: at least one.
    """
    parts = [part for report in reports for part in _card(report)]
    return serialise(element("div", *parts, class_="answer"))


def _card(report: Report) -> Iterator[Element]:
    yield element(
        "p", clean(report.verdict, 1000), class_="answer-verdict", data_severity=report.severity
    )
    if report.classification.kind == "text":
        yield from _source(report.classification)
    yield from _rows(of_banner(report))
    yield from _rows(rows.of_error(report))
    told, unasked = report.told, frozenset(report.unasked)
    endpoints = report.classification.endpoints
    for index in told[:MAX_TOLD]:
        if len(told) > 1:
            yield element("p", _code(endpoints[index].text), class_="answer-endpoint")
            yield element("p", clean(report.verdict_of(index), 1000), class_="answer-each")
        known = rows.of_endpoint(endpoints[index], report.probes.get(index))
        yield from _rows([*known, rows.UNASKED] if index in unasked else known)
    if len(told) > MAX_TOLD:
        yield element("p", f"and {len(told) - MAX_TOLD} more endpoints", class_="answer-more")
    if unasked:
        yield element("p", rows.left_out(report), class_="answer-more")
    yield from _findings(report, several=len(told) > 1)
    yield from _advice(report)


def _code(text: str, limit: int = 400) -> Element:
    return element("code", clean(text, limit))


def _rows(known: Iterable[rows.Row]) -> Iterator[Element]:
    """One list of terms; rows without a label belong to the term above."""
    groups: list[tuple[str, list[Element]]] = []
    for row in known:
        if row.label or not groups:
            groups.append((row.label, []))
        groups[-1][1].append(element("dd", *_said(row)))
    if groups:
        terms = (
            element("div", element("dt", label), *values, class_="answer-row")
            for label, values in groups
        )
        yield element("dl", *terms, class_="answer-rows")


def _said(row: rows.Row) -> Iterator[Element | str]:
    """The reader, the value as code, and what is said of it; of each what there is."""
    parts: list[Element | str] = []
    if row.reader:
        parts.append(element("span", row.reader, class_="answer-reader"))
    if row.value:
        parts.append(element("code", row.value))
    if row.note:
        parts.append(row.note)
    for number, part in enumerate(parts):
        if number:
            yield " "
        yield part


def _source(classification: Classification) -> Iterator[Element]:
    """The pasted text with what was read in it marked."""
    text = classification.input
    spans = [endpoint.span for endpoint in classification.endpoints]
    if classification.error is not None:
        spans.append(classification.error.span)
    if not spans:
        return
    parts: list[Element | str] = []
    at = 0
    for start, end in sorted(spans):
        if start < at or end > MAX_SOURCE:  # an error's word may hold an endpoint
            continue
        parts += [_lines(text[at:start]), element("mark", _lines(text[start:end]))]
        at = end
    rest = text[at:MAX_SOURCE]
    parts.append(_lines(rest))
    if len(text) > MAX_SOURCE:
        parts.append(f"… ({len(text) - MAX_SOURCE} more characters)")
    yield element("pre", *parts, class_="answer-source", tabindex="0")


def _lines(text: str) -> str:
    """Text with its line breaks; every other control character is made visible."""
    return "\n".join(clean(part, MAX_SOURCE) for part in text.replace("\r\n", "\n").split("\n"))


def _findings(report: Report, *, several: bool) -> Iterator[Element]:
    told = selection.told(report)
    if told:
        items = (_finding(found, report, several=several) for found in told[: 4 * MAX_TOLD])
        yield element("ul", *items, class_="answer-findings")
    rest = selection.others(report)
    if rest:
        parts: list[Element | str] = ["Also: "]
        for finding in rest:
            parts += [_link(finding, f"{finding.code} {finding.slug}"), ", "]
        yield element("p", *parts[:-1], class_="answer-also")


def _finding(found: Found, report: Report, *, several: bool) -> Element:
    of: list[Element | str] = []
    if several and found.endpoint is not None:
        of = [_code(report.classification.endpoints[found.endpoint].text), " "]
    return element(
        "li",
        element("span", found.severity, class_="answer-severity"),
        " ",
        _link(found.finding, found.finding.code),
        " ",
        element("span", *of, clean(found.match.message, 1000), class_="answer-message"),
        data_severity=found.severity,
    )


def _link(finding: type[Finding], text: str) -> Element:
    where = SITE + finding.page()
    return element("a", text, class_="answer-code", href=where, title=finding.title)


def _advice(report: Report) -> Iterator[Element]:
    steps = selection.steps(report)
    if steps:
        yield element("p", selection.heading(report), class_="answer-title")
        yield element("ol", *map(_fix, steps), class_="answer-advice")


def _fix(same: Sequence[Fix]) -> Element:
    return element(
        "li", clean(same[0].text), *(_command(fix.command, fix.os) for fix in same if fix.command)
    )


def _command(command: str, os: str | None) -> Element:
    shown = element("code", clean(command))
    if os is None:
        return element("div", shown, class_="answer-command")
    name = element("span", words.system(os), class_="answer-os")
    return element("div", name, " ", shown, class_="answer-command")


def complaint(text: str) -> str:
    """Return a card that only says what could not be done.

    Arguments:
        text: one sentence.
    """
    said = element("p", clean(text), class_="answer-verdict", data_severity="error")
    return serialise(element("div", said, class_="answer"))
