"""A report for a person at a terminal: the verdict first, then how it is known.

Plain lines that fit 80 columns, so that they survive a copy into a chat or a
ticket. Everything that comes from outside goes through :mod:`.clean`.
"""

from __future__ import annotations

from checks.findings import pages
from checks.report import rows, selection
from checks.report.clean import line as clean
from checks.report.formats import Written
from checks.report.style import COLOURS, fill, spoken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from checks.findings.base import Finding, Fix, Found
    from checks.report import Report
    from checks.report.formats import Case
    from checks.report.listeners import Listing
    from checks.report.style import Style


def diagnosis(cases: Sequence[Case], style: Style) -> Written:
    """Write the targets one below the other; what could not be read is told elsewhere.

    Arguments:
        cases: the targets.
        style: how lines are drawn.
    """
    shown = [render(case.report, style) for case in cases if not case.problem]
    return Written("\n".join(shown))


def listeners(listing: Listing, style: Style) -> Written:
    """Write a table and, on a terminal or where it is empty, what it comes to.

    In a pipe the rows are the answer, one a line, and the notes are told elsewhere.

    Arguments:
        listing: what was seen.
        style: how lines are drawn.
    """
    from checks.report import columns  # noqa: PLC0415 - 0.3 ms, which a diagnosis does without

    lines = list(columns.draw(listing.entries, style, style.columns))
    if style.columns is not None or not listing.entries:
        shown = listing if style.columns is not None else listing._replace(notes=())
        lines += ["", *columns.below(shown, style)] if lines else columns.below(shown, style)
    return Written("".join([f"{line}\n" for line in lines]))


def render(report: Report, style: Style) -> str:
    """Return the report as text, ending in a newline."""
    return "\n".join(_lines(report, style)) + "\n"


def _lines(report: Report, style: Style) -> Iterator[str]:
    colour = f"1;{COLOURS[report.severity]}"
    for part in style.wrap(clean(report.verdict, 1000)):
        yield style.paint(part, colour)
    error = list(rows.of_error(report))
    if error:
        yield ""
        yield from style.draw(error)
    endpoints = report.classification.endpoints
    told, unasked = report.told, frozenset(report.unasked)
    for index in told:
        yield ""
        if len(told) > 1:
            yield style.paint(clean(endpoints[index].text), "1")
            yield from (
                f"  {part}" for part in style.wrap(clean(report.verdict_of(index), 1000), 2)
            )
        yield from style.draw(rows.of_endpoint(endpoints[index], report.probes.get(index)))
        if index in unasked:
            yield from style.draw([rows.UNASKED])
    if unasked:
        yield ""
        yield from style.wrap(rows.left_out(report))
    yield from _findings(report, style, several=len(told) > 1)


def _findings(report: Report, style: Style, *, several: bool) -> Iterator[str]:
    if report.findings:
        yield ""
    for found in selection.told(report):
        yield from _finding(found, style, _of(found, report) if several else "")
    rest = selection.others(report)
    if rest:
        also = " · ".join(f"{finding.code} {finding.slug}" for finding in rest)
        lines = style.wrap(also, 10)
        yield f"  {style.paint('also    ', '2')}{lines[0]}"
        yield from (f"{'':10}{part}" for part in lines[1:])
    yield from _advice(report, style)


def _advice(report: Report, style: Style) -> Iterator[str]:
    fixes = selection.fixes(report, style.system)
    if fixes:
        yield ""
        yield style.paint(selection.heading(report), "1")
        for fix in fixes:
            yield from _fix(fix, style)
    leads = selection.leads(report)
    if len(leads) > 1:
        yield ""
        yield style.paint("What it can be", "1")
        for finding in leads:
            yield from fill(
                f"{finding.title} ({finding.slug})", style.width, f"  {finding.code}  ", " " * 8
            )
    more = selection.more(report)
    if more is not None:
        yield ""
        yield f"More: {style.program} explain {more.code}"
        if url := more.url(style.site):
            yield f"      {url}"


def _of(found: Found, report: Report) -> str:
    if found.endpoint is None:
        return ""
    return f"{clean(report.classification.endpoints[found.endpoint].text)}: "


def _finding(found: Found, style: Style, prefix: str) -> Iterator[str]:
    mark = style.paint(f"{found.severity:<8}", COLOURS[found.severity])
    lines = style.wrap(prefix + clean(found.match.message, 1000), 16)
    yield f"  {mark}{found.finding.code}  {lines[0]}"
    for part in lines[1:]:
        yield f"{'':16}{part}"


def _fix(fix: Fix, style: Style) -> Iterator[str]:
    os = f" ({fix.os})" if fix.os and not style.system else ""
    for number, part in enumerate(style.wrap(clean(fix.text) + os, 4)):
        yield f"  {'- ' if number == 0 else '  '}{part}"
    if fix.command:
        yield f"      {style.paint(clean(spoken(fix.command, style.program)), '1')}"


def explain(finding: type[Finding], style: Style) -> str:
    """Return a finding's page for the terminal: its Markdown, wrapped outside of code."""
    head = f"{finding.code} {finding.slug} ({finding.severity})"
    out = [style.paint(head, f"1;{COLOURS[finding.severity]}"), *style.wrap(finding.title), ""]
    out.extend(style.wrap(pages.summary(finding)))
    for title, body in pages.page(finding).items():
        out.extend(["", style.paint(title, "1"), *_markdown(body, style)])
    if url := finding.url(style.site):
        out.extend(["", f"This page: {url}"])
    return "\n".join(out) + "\n"


def _markdown(body: str, style: Style) -> Iterator[str]:
    """Paragraphs and list items filled, fenced code indented and as it is."""
    fenced = False
    paragraph: list[str] = []
    for part in [*body.splitlines(), ""]:
        fence = part.lstrip().startswith("```")
        item = part.lstrip()[:2] in ("- ", "* ")
        if paragraph and (fence or item or not part.strip()) and not fenced:
            yield from _fill(paragraph, style)
            paragraph = []
        if fence:
            fenced = not fenced
        elif fenced:
            yield f"      {part.strip()}"
        elif part.strip():
            paragraph.append(part)


def _fill(lines: list[str], style: Style) -> list[str]:
    item = lines[0].lstrip()[:2] in ("- ", "* ")
    text = " ".join(part.strip() for part in lines).replace("`", "")
    return fill(
        text[2:] if item else text, style.width, "  - " if item else "  ", "    " * item or "  "
    )
