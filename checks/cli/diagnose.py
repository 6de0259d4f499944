"""checks TARGET: what each text is, and what this machine says of it."""

from __future__ import annotations

import sys

from checks import diagnose, looking_up
from checks.cli import answers, commands, terminal
from checks.cli.answers import Output
from checks.model.exits import FAILED, OK
from checks.model.records import NamedTuple
from checks.report import formats

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from checks.cli.parser import Parser
    from checks.report import Report
    from checks.report.formats import Case

DESCRIPTION = """\
Explain an address, URL, port or error message, then test it on this machine:
whether it answers, which program listens, which machines can reach it, whether
the port is free, and what to do.

commands:
"""

_DOCUMENTS = " or ".join(
    each.name for each in formats.FORMATS if each.is_option and not (each.at_once or each.exits)
)
"""Formats of one document without exit codes of their own."""

EPILOG = f"""\
examples:
  python3 -m checks 127.0.0.1:62893
  python3 -m checks localhost:5432 '[::1]:3000' http://127.0.0.1:8080/
  python3 -m checks 'connect ECONNREFUSED ::1:5432'
  python3 -m checks --json 62893
  python3 -m checks 3000-3009 unix:/run/docker.sock nginx
  python3 -m checks classify 0x7f.1 '::ffff:127.0.0.1'
  journalctl -o cat | python3 -m checks classify -
  python3 -m checks explain C302

exit codes: 0 nothing wrong · 1 a finding of severity error · 2 usage
            3 a fault of the program, of reading or of writing; with --format
            {_DOCUMENTS} also if nothing is
            wrong but the socket table could not be read · 130 interrupted
with --format nagios: 0 OK · 1 WARNING · 2 CRITICAL, usage · 3 UNKNOWN

environment: CHECKS_SITE   root of the site that the links lead to
             CHECKS_DEBUG  1 prints the traceback of a fault
             NO_COLOR      no colours
"""

TIMEOUT = 1.0
"""Seconds that one answer is waited for."""


class Options(NamedTuple):
    """The arguments, by the names that the parser gives them."""

    targets: tuple[str, ...]
    format: str = "text"
    quiet: bool = False
    no_color: bool = False
    timeout: float = TIMEOUT
    remote: bool = False
    identify: bool = True
    activate: bool = False


def parser() -> Parser:
    """Return the parser of the arguments."""
    # argparse takes a tenth of a whole diagnosis, and targets alone need none.
    from checks.cli.parser import (  # noqa: PLC0415
        TextsParser,
        add_activate,
        add_output,
        some_seconds,
    )

    made = TextsParser("", "[OPTION...] TARGET...", f"{DESCRIPTION}{commands.overview()}", EPILOG)
    made.add_argument(
        "targets",
        nargs="+",
        metavar="TARGET",
        help="an address, host:port, URL, port, range of ports, unix:PATH, error message or"
        " the name of a program that listens here",
    )
    add_output(made, "one JSON object per target and line")
    made.add_argument(
        "--timeout",
        type=some_seconds(60),
        default=TIMEOUT,
        metavar="S",
        help="seconds to wait for one answer (default 1; unexplained silence is tried twice)",
    )
    made.add_argument(
        "--remote",
        action="store_true",
        help="also connect to addresses that are not this machine's",
    )
    made.add_argument(
        "--no-identify",
        dest="identify",
        action="store_false",
        help="skip protocol detection (which takes at most a second)",
    )
    add_activate(made)
    made.add_argument(
        "--format",
        choices=formats.NAMES,
        default="text",
        help="output format: text for people, the others for programs (json: as --json)",
    )
    return made


def read(argv: Sequence[str]) -> Options:
    """Read the arguments. Where all are targets, there is nothing for a parser to do."""
    if argv and not any(text[:1] == "-" for text in argv):
        return Options(targets=tuple(argv))
    return Options(**parser().read(argv))


def run(options: Options) -> int:
    """Diagnose every target; a bad one does not stop the others."""
    output = Output(
        asked=True, format=options.format, quiet=options.quiet, no_color=options.no_color
    )
    at_once = formats.of(options.format).at_once
    codes: list[int] = []
    cases: list[Case] = []
    for number, report in enumerate(_reports(options)):
        if at_once:
            codes.append(answers.give(report, output, number))
        else:
            cases.append(formats.Case(report, _problem(report)))
    return _document(cases, output) if cases else max(codes)


def _reports(options: Options) -> Iterator[Report]:
    """A report of each target, in their order; the names of a few are looked up together."""
    for first in range(0, len(options.targets), _TOGETHER):
        few = options.targets[first : first + _TOGETHER]
        with looking_up(few if len(few) > 1 else ()):
            for target in few:
                yield _report(target, options)


_TOGETHER = 16
"""Targets whose names are looked up at once."""


def _report(target: str, options: Options) -> Report:
    with terminal.Waiting(target, quiet=options.quiet or options.format != "text"):
        return diagnose(
            target,
            timeout=options.timeout,
            remote=options.remote,
            identify=options.identify,
            activate=options.activate,
        )


def _problem(report: Report) -> str | None:
    """Why nothing is known of the target; None where something is."""
    failed = answers.code_of(report) == FAILED
    return report.verdict if failed else answers.problem_of(report.classification)


def _document(cases: Sequence[Case], output: Output) -> int:
    """Show all reports as one document, for the machine that reads it; return the exit code."""
    written = formats.load(output.format).diagnosis(cases, output.style)
    if not output.quiet:
        if formats.of(output.format).is_utf8:
            terminal.write_utf8()
        sys.stdout.write(written.text)
    if written.code is not None:
        return written.code
    code = max(answers.code_of(case.report) for case in cases)
    if code == OK and any(case.report.unread for case in cases):
        return FAILED  # nothing wrong was seen, and not all was seen
    return code
