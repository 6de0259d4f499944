"""checks explain: the page of a finding, the list of them, or what a text says."""

from __future__ import annotations

from checks import explain, findings
from checks.cli import answers, program, terminal
from checks.cli.answers import Output, Texts
from checks.cli.parser import TextsParser, add_output
from checks.findings import pages
from checks.model.exits import FAILED, OK, USAGE
from checks.report.formats import Case, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.cli.parser import Parser
    from checks.findings import Finding


def parser() -> Parser:
    """Return the parser of the arguments."""
    made = TextsParser(
        "explain",
        "[WHAT...]",
        "Print the page of a finding, or what a pasted error message means.\n"
        "Without WHAT: the list of all findings.",
    )
    made.add_argument(
        "targets",
        nargs="*",
        metavar="WHAT",
        help='a code (C302), a slug (nothing-listening) or "an error message"',
    )
    add_output(made, "one JSON object per finding and line")
    return made


_NO_PAGE = "Python leaves the pages out (-OO), and the source is not there; start it without -OO"


def read(argv: Sequence[str]) -> Texts:
    """Read the arguments."""
    return Texts(**parser().read(argv))


def run(options: Texts) -> int:
    """Explain each target; without one, list what can be explained."""
    output = options.output
    if options.targets:
        return max(_explain(what, output) for what in options.targets)
    for finding in findings.CATALOGUE:
        _show(finding, output, whole=False)
    return OK


def _explain(what: str, output: Output) -> int:
    finding = findings.by_key(what.strip())
    if finding is not None:
        if not pages.page(finding):
            terminal.complain(f"{finding.code} {finding.slug}: {_NO_PAGE}")
            return FAILED
        _show(finding, output, whole=True)
        return OK
    report = explain(what)
    if report.classification.error is None and not report.findings:
        known = "a code such as C302, a slug such as nothing-listening, or an error message"
        terminal.complain(f"{terminal.quote(what)} explains nothing known; expected {known}")
        return USAGE
    answers.show(Case(report, asked=False), output)
    return OK


def _show(finding: type[Finding], output: Output, *, whole: bool) -> None:
    """A finding's page, or its line in the list; as JSON where that is asked for."""
    if output.quiet:
        return
    if output.format == "json":
        print(answers.json_line(pages.document(finding, whole=whole, site=program.site())))
    elif whole:
        print(text.explain(finding, output.style), end="")
    else:
        print(f"{finding.code}  {finding.severity:<8} {finding.slug}: {finding.title}")
