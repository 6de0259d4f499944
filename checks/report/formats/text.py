"""A report for a person at a terminal: the verdict first, then how it is known.

Plain lines that fit 80 columns, so that they survive a copy into a chat or a
ticket. Everything that comes from outside goes through :mod:`.clean`.
"""

from __future__ import annotations

from checks.findings import pages, wording
from checks.model import words
from checks.report import rows, selection
from checks.report.banner_rows import of_banner
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


MAX_TOLD = 12
"""So many endpoints of one text are told in full; a log may name thousands."""
MAX_ASKED = 24
"""The same where a machine was asked: each that was, and some that were left out."""


MAX_SUMMED_UP = 2
"""The same of a table, which is summed up."""


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
    return "\n".join(_lines(selection.shown(report), style)) + "\n"


def _lines(report: Report, style: Style) -> Iterator[str]:
    colour = f"1;{COLOURS[report.severity]}"
    for part in style.wrap(clean(report.verdict, 1000)):
        yield style.paint(part, colour)
    yield from style.wrap(selection.hint(report)) if selection.hint(report) else ()
    yield from _other_errors(report, style)
    yield from _steps(report, style)
    yield from _causes(report, style)
    for extra in (list(of_banner(report)), list(rows.of_comparison(report))):
        if extra:
            yield ""
            yield from style.draw(extra)
    endpoints = report.classification.endpoints
    told, unasked = report.told, frozenset(report.unasked)
    most = _most(report)
    for index in told[:most]:
        yield ""
        if len(told) > 1:
            yield style.paint(clean(rows.heading(endpoints[index])), "1")
            said = report.verdict_of(index) if report.probes else rows.of_text(report, index)
            if said:
                yield from (f"  {part}" for part in style.wrap(clean(said, 1000), 2))
        yield from style.draw(rows.of_endpoint(endpoints[index], report.probes.get(index)))
        if index in unasked:
            yield from style.draw([rows.UNASKED])
    if len(told) > most:
        yield ""
        yield f"and {len(told) - most} more endpoints; --json has all"
    error = list(rows.of_error(report))
    if error:
        yield ""
        yield from style.draw(error)
    if unasked:
        yield ""
        yield from style.wrap(rows.left_out(report))
    yield from _findings(report, style, several=len(told) > 1)


def _other_errors(report: Report, style: Style) -> Iterator[str]:
    """The errors that the verdict is not about, each name once, with where it is from."""
    parts = []
    for name, endpoints in selection.other_errors(report).items():
        more = len(endpoints) - 1
        rest = f" and {more} more endpoint{'s' if more > 1 else ''}" if more else ""
        parts.append(f"{name} at {rows.heading(endpoints[0])}{rest}")
    if parts:
        yield from style.wrap(clean(f"Also in the text: {', '.join(parts)}.", 1000))


def _findings(report: Report, style: Style, *, several: bool) -> Iterator[str]:
    if report.findings:
        yield ""
    for same in selection.together(selection.told(report)):
        yield from _finding(same[0], style, _of(same, report) if several else "")
    rest = selection.others(report)
    if rest:
        also = " · ".join(f"{finding.code} {finding.slug}" for finding in rest)
        lines = style.wrap(also, 10)
        yield f"  {style.paint('also    ', '2')}{lines[0]}"
        yield from (f"{'':10}{part}" for part in lines[1:])
    yield from _more(report, style)


def _most(report: Report) -> int:
    """How many endpoints are told in full: of a table the sum is the answer."""
    if report.probes:
        return MAX_ASKED
    return MAX_SUMMED_UP if report.classification.tables else MAX_TOLD


def _steps(report: Report, style: Style) -> Iterator[str]:
    """The steps, numbered, each command on a line of its own."""
    steps = selection.steps(report, style.system)
    if not steps:
        return
    yield ""
    yield style.paint(selection.heading(report), "1")
    for number, step in enumerate(steps, 1):
        yield from fill(clean(step[0].text), style.width, f"  {number}  ", " " * 5)
        for fix in step:
            yield from _command(fix, style, one_system=len(step) == 1)
        if step[-1].look_for:
            yield from fill(clean(step[-1].look_for), style.width, " " * 5, " " * 5)


def _command(fix: Fix, style: Style, *, one_system: bool) -> Iterator[str]:
    if not fix.command:
        return
    shown = style.paint(clean(spoken(fix.command, style.program)), "1")
    named = fix.os and not (one_system and fix.os == style.system)
    system = style.paint(f"{words.system(fix.os or ''):<9}", "2") if named else ""
    yield f"       {system}{shown}"


def _causes(report: Report, style: Style) -> Iterator[str]:
    """Why: the causes, and the words of the text that speak for each."""
    causes = selection.causes(report)
    if not causes:
        return
    yield ""
    yield style.paint("Why", "1")
    for cause in causes:
        mark = cause.likelihood if cause.state == "open" else cause.state
        yield from fill(clean(cause.says), style.width, f"  {mark:<11}", " " * 13)
        for one in selection.because(cause):
            said = f"{clean(selection.quoted(one, report), 60)}: {one.says}"
            yield from fill(said, style.width, " " * 13, " " * 13)


def _more(report: Report, style: Style) -> Iterator[str]:
    more = selection.more(report)
    if more is not None:
        yield ""
        yield f"More: {style.program} explain {more.code}"
        if url := more.url(style.site):
            yield f"      {url}"


def _of(same: Sequence[Found], report: Report) -> str:
    """The endpoints that a finding is about."""
    endpoints, most = report.classification.endpoints, selection.MOST_CONCERNED
    names = [
        rows.heading(endpoints[found.endpoint]) for found in same if found.endpoint is not None
    ]
    if len(names) > most:
        names[most:] = [f"{len(names) - most} more"]
    return f"{clean(wording.joined(names))}: " if names else ""


def _finding(found: Found, style: Style, prefix: str) -> Iterator[str]:
    mark = style.paint(f"{found.severity:<8}", COLOURS[found.severity])
    lines = style.wrap(prefix + clean(found.match.message, 1000), 16)
    yield f"  {mark}{found.finding.code}  {lines[0]}"
    for part in lines[1:]:
        yield f"{'':16}{part}"


def explain(finding: type[Finding], style: Style) -> str:
    """Return a finding's page for the terminal: its Markdown, wrapped outside of code."""
    head = f"{finding.code} {finding.slug} ({finding.severity})"
    out = [style.paint(head, f"1;{COLOURS[finding.severity]}"), *style.wrap(finding.title), ""]
    out.extend(style.wrap(pages.summary(finding)))
    for title, body in pages.page(finding).items():
        shown = [f"  {(style.site or '') + body}"] if title == "Guide" else _markdown(body, style)
        out.extend(["", style.paint(title, "1"), *shown])
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
    """A paragraph or an item of a list; a command that stands alone has lines of its own."""
    item = lines[0].lstrip()[:2] in ("- ", "* ")
    text = " ".join(part.strip() for part in lines)
    rest = "    " if item else "  "
    first = "  - " if item else rest
    out: list[str] = []
    for part, is_command in pages.apart(text[2:] if item else text):
        if is_command:
            out.append(f"      {part}")
        else:
            out += fill(part.replace("`", ""), style.width, rest if out else first, rest)
    return out
