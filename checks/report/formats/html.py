"""A report as HTML: the card that the site shows, built into its pages and made live in them.

The answer first: the verdict and what speaks for it, what to do, why. Then the text with its
pieces marked, and the facts, folded where there is something to do. The tree is made and
serialised by :mod:`checks.report.markup`, which escapes every character that could mean
markup. Links to the site's own pages begin with ``site:``; whoever puts the card into a page
replaces that by the way to the site's root.

A command that differs from system to system is there for each; radio buttons choose, and the
style sheet hides the others. Pieces and rows that explain one another have the same key, in
``data-token`` and in ``data-row``; the site's script ties them.
"""

from __future__ import annotations

from checks.findings import commands, leading
from checks.model import words
from checks.report import facts, pieces, prose, rows, selection
from checks.report.banner_rows import of_banner
from checks.report.clean import line as clean
from checks.report.facts import Group
from checks.report.formats import Written
from checks.report.guides import guide
from checks.report.markup import Element, element, serialise
from checks.report.style import PROGRAM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from checks.causes.base import Because
    from checks.findings.base import Finding, Fix, Found
    from checks.report import Report
    from checks.report.facts import Block
    from checks.report.formats import Case
    from checks.report.pieces import Pieces
    from checks.report.style import Style

SITE = "site:"
"""Stands for the way to the site's root in every link of a card."""

MAX_TOLD = 12
"""So many endpoints of one text are told in full; a log may name thousands."""
MAX_LISTED = 200
"""So many of the others are listed by their names."""
MAX_FOLDED = 48
"""So many findings are told at all."""
MOST_FINDINGS = 6
"""So many findings are told before the rest is folded."""


def diagnosis(cases: Sequence[Case], _: Style) -> Written:
    """Write one card for all targets."""
    return Written(render([case.report for case in cases]))


def render(reports: Sequence[Report]) -> str:
    """Return the card of one report, or of several that were pasted together.

    Arguments:
        reports: at least one.
    """
    parts = [part for number, report in enumerate(reports) for part in _card(report, number)]
    return serialise(element("div", *parts, class_="answer"))


def complaint(text: str) -> str:
    """Return a card that only says what could not be done.

    Arguments:
        text: one sentence.
    """
    said = element("p", clean(text), class_="answer-verdict")
    head = element("div", said, class_="answer-head", data_severity="error")
    return serialise(element("div", head, class_="answer"))


def _card(report: Report, number: int) -> Iterator[Element]:
    report = selection.shown(report)
    found = pieces.pieces_of(report, selection.MOST_CAUSES)
    yield _head(report, found)
    yield from _steps(report, number)
    yield from _told(report)
    yield from _causes(report, found)
    told = report.told
    blocks = facts.blocks_of(report, found, told[:MAX_TOLD], several=len(told) > 1)
    if found.several:
        yield _text(report, found, blocks)
    yield from _folded(report, blocks, told)
    yield from _findings(report, several=len(told) > 1)
    yield from _more(report)


# The verdict


def _head(report: Report, found: Pieces) -> Element:
    line = leading(report.classification)
    wrong = report.classification.errors and not report.probes and not (line and line.normal)
    tone = "error" if wrong else report.severity
    if tone == "ok" and not report.probes:
        tone = "info"  # nothing was tested that could be well
    verdict = element("p", clean(report.verdict, 1000), class_="answer-verdict")
    said = _strongest(report)
    parts = [] if said is None else [[*_because(said, report, found)]]
    parts += filter(None, ([*_other_errors(report)], [*filter(None, [selection.hint(report)])]))
    told = (element("p", *part, class_="answer-reason") for part in parts)
    return element("div", verdict, *told, class_="answer-head", data_severity=tone)


def _other_errors(report: Report) -> Iterator[Element | str]:
    """The errors that the verdict is not about, each name once, with where it is from."""
    others = selection.other_errors(report)
    for number, (name, endpoints) in enumerate(others.items()):
        where = element("code", clean(rows.heading(endpoints[0]), 80))
        yield f"{', ' if number else 'Also in the text: '}{name} at "
        yield where
        if len(endpoints) > 1:
            yield f" and {_counted(len(endpoints) - 1, 'more endpoint')}"
    if others:
        yield "."


def _strongest(report: Report) -> Because | None:
    """What speaks most for the first cause, where it says more than the verdict; else None."""
    told = selection.causes(report)[:1]
    if not told or not told[0].because:
        return None
    one, read = told[0].because[0], report.classification
    about_a_place = any(
        end.span[0] < one.span[1] and one.span[0] < end.span[1] for end in read.endpoints
    )
    return one if about_a_place or told[0].likelihood != "likely" else None


def _because(one: Because, report: Report, found: Pieces) -> Iterator[Element | str]:
    """The words of the text, tied to their piece, and what they tell."""
    row = found.row_at(one.span[0])
    shown = clean(pieces.masked(selection.quoted(one, report)), 80)
    yield element("mark", shown, data_token=row) if row else element("mark", shown)
    said = clean(one.says)
    yield f": {said}" if said.endswith(".") else f": {said}."


# What to do


def _steps(report: Report, number: int) -> Iterator[Element]:
    steps = commands.numbered(report.steps)
    if not steps:
        return
    title = element("p", selection.heading(report), class_="answer-title")
    systems = [one for one in words.SYSTEMS if any(fix.os == one for fix in report.steps)]
    bar = [title, _switch(systems, number)] if len(systems) > 1 else [title]
    yield element(
        "div",
        element("div", *bar, class_="answer-bar"),
        element("ol", *map(_step, steps), class_="answer-advice"),
        class_="answer-steps",
        data_system=selection.system(report) or "",
    )


def _switch(systems: Iterable[str], number: int) -> Element:
    """Radio buttons, of which none is chosen: until one is, all systems are shown."""
    choices = (
        element(
            "label",
            element("input", type="radio", name=f"system-{number}", value=system),
            element("span", words.system(system)),
        )
        for system in systems
    )
    return element(
        "div", *choices, class_="answer-systems", role="radiogroup", aria_label="Your system"
    )


def _step(same: Sequence[Fix]) -> Element:
    """One step: what to do, its command for each system, and what to look for."""
    hints = {fix.look_for for fix in same if fix.look_for}
    apart = len(hints) > 1
    parts = [element("p", *prose.prose(same[0].text), class_="answer-do")]
    for fix in same:
        inside = [*_command(fix)]
        if apart and fix.look_for:
            inside.append(_look_for(fix.look_for))
        if inside and fix.os and len(same) > 1:
            parts.append(element("div", *inside, class_="answer-on", data_os=fix.os))
        else:
            parts += inside
    if not apart:
        parts += (_look_for(hint, *_program(same)) for hint in sorted(hints))
    if len(same) > 1 and all(fix.os for fix in same):
        return element("li", *parts, data_systems=" ".join(str(fix.os) for fix in same))
    return element("li", *parts)


def _look_for(text: str, *more: Element | str) -> Element:
    return element("p", *prose.prose(text), *more, class_="answer-look")


def _program(same: Sequence[Fix]) -> Iterator[Element | str]:
    """Where to get this program, for a reader of the page who is to run it."""
    if any(fix.command and fix.command.startswith(PROGRAM) for fix in same):
        yield " "
        there = f"{SITE}reference/cli/#get"
        yield element("a", "Get this program", class_="answer-page", href=there)


def _command(fix: Fix) -> Iterator[Element]:
    if not fix.command:
        return
    if fix.os:
        yield element("span", words.system(fix.os), class_="answer-os")
    yield element(
        "div",
        element("code", *prose.words(clean(fix.command))),
        element("button", "Copy", type="button", class_="answer-copy"),
        class_="answer-command",
    )


def _told(report: Report) -> Iterator[Element]:
    """What the line of a known tool tells, and what two URLs share, which machine was asked."""
    # Where an error is the answer, the line is no part of it.
    line = [] if report.causes else _of_line(report)
    more = (*rows.of_comparison(report), *rows.of_asked(report))
    parts = [*_rows([*line, *facts.grouped(more)])]
    if parts:
        yield element("div", *parts, class_="answer-told")


def _of_line(report: Report) -> list[Group]:
    known = of_banner(report) if leading(report.classification) else ()
    return [Group("" if number else "tool", [row]) for number, row in enumerate(known)]


# Why


def _causes(report: Report, found: Pieces) -> Iterator[Element]:
    causes = selection.causes(report)
    if not causes:
        return
    said = _strongest(report)
    items = (_cause(report, number, said, found) for number in range(len(causes)))
    yield element(
        "div",
        element("p", "Why", class_="answer-title"),
        element("ul", *items, class_="answer-causes"),
        class_="answer-why",
    )


def _cause(report: Report, number: int, said: Because | None, found: Pieces) -> Element:
    cause = report.causes[number]
    mark = cause.likelihood if cause.state == "open" else cause.state
    parts: list[Element | str] = [
        element("span", mark, class_="answer-badge", data_likelihood=mark),
        " ",
        element("span", clean(cause.says), class_="answer-cause"),
    ]
    for one in selection.because(cause, said):
        parts += [" ", element("span", *_because(one, report, found), class_="answer-because")]
    if cause.page:
        link = element("a", _title(cause.page), class_="answer-page", href=SITE + cause.page)
        parts += [" ", link]
    return element("li", *parts, data_row=f"cause-{number}")


def _title(page: str) -> str:
    """What a link to a page is called: the last words of its address."""
    path, _, section = page.partition("#")
    name = section or path.strip("/").rpartition("/")[2]
    return name.replace("-", " ").replace("_", " ")


# The text and the facts


def _text(report: Report, found: Pieces, blocks: Sequence[Block]) -> Element:
    """What was pasted; the columns of a table stay columns."""
    kind = "answer-text answer-columns" if report.classification.tables else "answer-text"
    return element("div", *pieces.draw(found, facts.says(blocks)), class_=kind)


def _folded(report: Report, blocks: Sequence[Block], told: Sequence[int]) -> Iterator[Element]:
    """All rows, folded where there is something to do first."""
    parts = [*_rows(_of_line(report))] if report.causes else []
    parts += (part for block in blocks for part in _block(block, several=len(told) > 1))
    if len(told) > MAX_TOLD:
        parts.append(_rest(report, told[MAX_TOLD:]))
    if report.unasked:
        parts.append(element("p", rows.left_out(report), class_="answer-more"))
    merely = selection.together(selection.merely_so(report))
    parts += _list_of(merely, report, several=len(told) > 1)
    parts += _also(report)
    if not parts:
        return
    brief = clean(facts.brief(report, told))
    summary: list[Element | str] = ["Facts"]
    if brief:
        summary += [" ", element("span", brief, class_="answer-brief")]
    head = element("summary", *summary)
    if selection.unfolded(report):
        yield element("details", head, *parts, class_="answer-facts", open="")
    else:
        yield element("details", head, *parts, class_="answer-facts")


def _block(block: Block, *, several: bool) -> Iterator[Element]:
    if several:
        title = element("code", clean(block.title)) if block.title else "In the whole text"
        yield element("p", title, class_="answer-endpoint")
    if block.verdict:
        yield element("p", clean(block.verdict, 1000), class_="answer-each")
    yield from _rows(block.groups)


def _rows(groups: Iterable[Group]) -> Iterator[Element]:
    """One list of terms."""
    terms = [*map(_term, groups)]
    if terms:
        yield element("dl", *terms, class_="answer-rows")


def _term(group: Group) -> Element:
    term = element("dt", group.rows[0].label)
    values = (element("dd", *_said(row)) for row in group.rows)
    if not group.key:
        return element("div", term, *values, class_="answer-row")
    return element("div", term, *values, class_="answer-row", data_row=group.key)


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


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _rest(report: Report, indexes: Sequence[int]) -> Element:
    """The endpoints beyond those that are told: their names only."""
    endpoints = report.classification.endpoints
    names = (
        element("li", element("code", clean(rows.heading(endpoints[index]), 80)))
        for index in indexes[:MAX_LISTED]
    )
    parts = [
        element("summary", _counted(len(indexes), "more endpoint")),
        element("ul", *names, class_="answer-ends"),
    ]
    if len(indexes) > MAX_LISTED:
        rest = f"and {len(indexes) - MAX_LISTED} that are not listed"
        parts.append(element("p", rest, class_="answer-more"))
    return element("details", *parts, class_="answer-rest")


# The findings


def _findings(report: Report, *, several: bool) -> Iterator[Element]:
    """What is wrong or worth a notice."""
    told = selection.together(selection.worth_telling(report))
    yield from _list_of(told[:MOST_FINDINGS], report, several=several)
    rest = [*_list_of(told[MOST_FINDINGS:MAX_FOLDED], report, several=several)]
    if rest:
        head = element("summary", _counted(len(told) - MOST_FINDINGS, "more finding"))
        yield element("details", head, *rest, class_="answer-rest")


def _list_of(
    told: Sequence[Sequence[Found]], report: Report, *, several: bool
) -> Iterator[Element]:
    if told:
        items = (_finding(same, report, several=several) for same in told[:MAX_FOLDED])
        yield element("ul", *items, class_="answer-findings")


def _finding(same: Sequence[Found], report: Report, *, several: bool) -> Element:
    found = same[0]
    message = element(
        "span",
        *(_concerned(same, report) if several else ()),
        clean(found.match.message, 1000),
        class_="answer-message",
    )
    severity = element("span", found.severity, class_="answer-severity")
    link = _link(found.finding, found.finding.code)
    return element("li", severity, " ", link, " ", message, data_severity=found.severity)


def _concerned(same: Sequence[Found], report: Report) -> Iterator[Element | str]:
    """The endpoints that a finding is about."""
    endpoints = report.classification.endpoints
    indexes = [found.endpoint for found in same if found.endpoint is not None]
    for index in indexes[: selection.MOST_CONCERNED]:
        yield element("code", clean(rows.heading(endpoints[index]), 80))
        yield " "
    if len(indexes) > selection.MOST_CONCERNED:
        yield f"and {len(indexes) - selection.MOST_CONCERNED} more: "


def _also(report: Report) -> Iterator[Element]:
    rest = selection.others(report)
    if rest:
        parts: list[Element | str] = ["Also: "]
        for finding in rest:
            parts += [_link(finding, f"{finding.code} {finding.slug}"), ", "]
        yield element("p", *parts[:-1], class_="answer-also")


def _link(finding: type[Finding], text: str) -> Element:
    where = SITE + finding.page()
    return element("a", text, class_="answer-code", href=where, title=finding.title)


def _more(report: Report) -> Iterator[Element]:
    more = selection.more(report)
    found = guide(report) if more is None else (more.title, more.page())
    if found is not None:
        link = element("a", found[0], class_="answer-page", href=SITE + found[1])
        yield element("p", "More: ", link, class_="answer-links")
