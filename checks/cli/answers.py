"""The answer to one text: what is printed of it, why there may be none, and its exit code."""

from __future__ import annotations

from checks.cli import program, terminal
from checks.model.exits import FAILED, OK, USAGE, WRONG
from checks.model.records import NamedTuple
from checks.model.shell import quoted
from checks.report import formats
from checks.text import authority, ranges

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.report import Report
    from checks.report.formats import Case
    from checks.report.style import Style
    from checks.text import Classification
    from checks.text.endpoint import Endpoint


class Output(NamedTuple):
    """How the answers of a command are written.

    Arguments:
        asked: whether this machine was asked about the texts.
        format: one of the formats of a report.
        quiet: whether nothing is printed.
        no_color: whether the command line declined colours.
    """

    asked: bool
    format: str
    quiet: bool
    no_color: bool

    @property
    def style(self) -> Style:
        """How text for a person is drawn, with the commands of this system."""
        return terminal.style(no_color=self.no_color, system=program.system())


class Texts(NamedTuple):
    """The arguments of a command that asks no machine, by the names that its parser gives them."""

    targets: tuple[str, ...]
    format: str
    quiet: bool
    no_color: bool

    @property
    def output(self) -> Output:
        """How the answers are written."""
        return Output(asked=False, format=self.format, quiet=self.quiet, no_color=self.no_color)


def give(report: Report, output: Output, number: int) -> int:
    """Print a report, or one line on why the input is none; return the exit code.

    Arguments:
        report: what there is to say.
        output: how it is written.
        number: how many texts were answered before.
    """
    problem = problem_of(report.classification)
    if problem:
        terminal.complain(problem)
    show(formats.Case(report, problem, output.asked), output, number)
    return code_of(report)


def show(case: Case, output: Output, number: int = 0) -> None:
    """Print one answer, apart from the one before; a format may have no words for a problem."""
    if output.quiet:
        return
    text = formats.load(output.format).diagnosis([case], output.style).text
    if text:
        gap = formats.of(output.format).gap if number else ""
        print(gap + text, end="", flush=True)


def code_of(report: Report) -> int:
    """Return the exit code that one report comes to."""
    if any(probe.outcome in _NOT_SEEN for probe in report.probes.values()):
        return FAILED
    if problem_of(report.classification):
        return USAGE
    return WRONG if report.severity == "error" else OK


_NOT_SEEN = frozenset(("failed", "unsupported"))
"""Outcomes of a whole probe after which nothing is known: of a fault, of a Unix socket where
Python has none."""


def problem_of(classification: Classification) -> str | None:
    """One line on what was read and what was expected; None where there was something to say."""
    said = terminal.quote(classification.input)
    if classification.kind == "empty":
        return "an empty text; expected an address, host:port, URL, port or error message"
    problems = [_problem_of_endpoint(endpoint) for endpoint in classification.endpoints]
    if problems and None not in problems:
        return f"{said}: {problems[0]}"
    if ranges.is_long(classification.input):
        return (
            f"{said} is a range of more than {ranges.MOST} ports; test it with scan -p, such as"
            f" {_scan(classification.input)}"
        )
    if not (classification.endpoints or classification.errors or classification.banner):
        return f"{said}: found no address, port or known error in it; {_expected(classification)}"
    return None


def _expected(classification: Classification) -> str:
    """What might have been meant, where nothing was found."""
    text = classification.input.strip()
    if text.startswith(("/", "./", "../", "~/")) and text.isprintable():
        return f"to test a Unix socket: {program.name()} {quoted(f'unix:{text}')}"
    return "expected something like 127.0.0.1:62893"


def _scan(text: str) -> str:
    """The command for a long range of ports."""
    host, first, last = ranges.bounds(text.strip()) or ("", 1, 1)
    words = ["scan", *([quoted(host)] if host else []), "-p", f"{first}-{last}"]
    return " ".join([program.name(), *words])


def _problem_of_endpoint(endpoint: Endpoint) -> str | None:
    port, host = endpoint.port, endpoint.host
    if port is not None and port.number is None:
        return f"{terminal.quote(port.text, 20)} is no port; expected a number from 0 to 65535"
    if host is None or host.kind != "invalid":
        return None
    right = authority.bracketed(endpoint)
    if right:
        return f"{terminal.quote(host.text)} needs brackets in a URL; expected {right}"
    return (
        f"{terminal.quote(host.text)} is neither an address nor a name;"
        " expected one such as 127.0.0.1, [::1] or localhost"
    )


def json_line(document: object) -> str:
    """Return one object as JSON on one line."""
    from checks.report import json  # noqa: PLC0415 - 3 ms that text for a person does without

    return json.line(document)
