"""Arguments in, exit code out.

Exit codes: 0 nothing wrong, 1 a finding of severity error, 2 the arguments
could not be understood, 3 a fault of the program, of reading or of writing, or a socket table
that a monitor's answer hangs on could not be read, 130 interrupted (128 + SIGINT, as shells
count).
"""

from __future__ import annotations

import gc
import os
import sys
from errno import EBADF

from checks import __version__, classify, diagnose
from checks.cli import program, terminal
from checks.model.exits import FAILED, INTERRUPTED, OK, USAGE, WRONG
from checks.report import formats
from checks.report.clean import line as clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Sequence
    from typing import NoReturn

    from checks.findings import Finding
    from checks.report import Report
    from checks.report.formats import Case, Format
    from checks.report.style import Style
    from checks.text import Classification, Endpoint

MAX_LINE = 1_048_576
"""Characters of a line from standard input; a longer line is read in parts."""

COMMANDS = ("classify", "explain")
MORE = ("listen", "scan", "free", "wait", "completion")
"""The commands that live in :mod:`checks.cli.commands`, each loaded when it is named."""

DESCRIPTION = """\
Say what an address, URL, port or error message is, then ask this machine:
does it answer, who listens, who can reach it, is the port free, what to do.

commands:
  TARGET...            classify and ask this machine
  classify TEXT...     classify only; no socket is opened
  classify -           the same for each line that comes in
  explain [WHAT]       a finding's page, or the list of them
  listen               every listener of this machine
  scan [HOST]          every TCP port of this machine
  free                 a port that a server can have
  wait TARGET          until it answers; then run a command
  completion SHELL     completion for bash, zsh or fish
"""

EXAMPLES = """\
examples:
  python3 -m checks 127.0.0.1:62893
  python3 -m checks localhost:5432 '[::1]:3000' http://127.0.0.1:8080/
  python3 -m checks 'connect ECONNREFUSED ::1:5432'
  python3 -m checks --json 62893
  python3 -m checks classify 0x7f.1 '::ffff:127.0.0.1'
  journalctl -o cat | python3 -m checks classify -
  python3 -m checks explain C302

exit codes: 0 nothing wrong · 1 a finding of severity error · 2 usage
            3 a fault of the program, of reading or of writing; with --format
            junit or prometheus also where nothing is wrong but the socket
            table could not be read · 130 interrupted
with --format nagios: 0 OK · 1 WARNING · 2 CRITICAL, usage · 3 UNKNOWN

environment: CHECKS_SITE   root of the site that the links lead to
             CHECKS_DEBUG  1 shows the traceback of a fault
             NO_COLOR      no colours
"""

_SYSTEMS = {"linux": "linux", "darwin": "macos", "win32": "windows"}


class InputError(Exception):
    """Standard input cannot be read; says why."""


def entry() -> NoReturn:
    """Run as a program: arguments from the command line, then exit."""
    try:
        code = _run_all(sys.argv[1:])
    except KeyboardInterrupt:  # the second one, while the first was answered
        code = INTERRUPTED
    # All is said and nothing is left to clean up: taking the modules apart one by one
    # would cost a tenth of the whole run.
    os._exit(code)


def _run_all(argv: Sequence[str]) -> int:
    """What :func:`main` gives, with all of it written; one line for whatever went wrong."""
    try:
        _open_streams()
        code = _ended(argv)
        sys.stdout.flush()
        sys.stderr.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader, head for example, has seen enough
        return OK
    except OSError as error:  # a full disk, for example, or a closed stream
        return _fault(f"the answer could not be written: {error.strerror or error}")
    except Exception as error:  # the one place where a fault of this program ends
        if os.environ.get("CHECKS_DEBUG"):
            from traceback import format_exc  # noqa: PLC0415 - only here

            _say(format_exc())
        what = f"{type(error).__name__}: {error}".removesuffix(": ")
        return _fault(f"a fault of this program: {clean(what, 200)} (CHECKS_DEBUG=1 shows where)")
    return code


def _ended(argv: Sequence[str]) -> int:
    """What :func:`main` gives; argparse ends by an exception that holds the exit code."""
    try:
        return main(argv)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else OK


def _open_streams() -> None:
    """Have the three standard descriptors open, so that no socket takes the place of a closed one.

    Raises:
        OSError: standard output was closed by the caller: >&-.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) < 3:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - until the end
    if sys.stdout is None:
        raise OSError(EBADF, os.strerror(EBADF))


def _fault(text: str) -> int:
    """Say what went wrong in one line."""
    _say(f"checks: {text}\n")
    return FAILED


def _say(text: str) -> None:
    """Write to standard error, past streams that may be what is broken."""
    try:
        os.write(2, text.encode("utf-8", "backslashreplace"))
    except OSError:  # closed, or full as well
        return


def main(argv: Sequence[str]) -> int:
    """Do what the arguments say.

    Arguments:
        argv: the arguments, without the program's name.

    Returns:
        the exit code.
    """
    terminal.reconfigure()  # before the parser, which prints the help
    try:
        return _main(argv)
    except program.SettingError as problem:
        print(f"checks: {problem}", file=sys.stderr)
        return USAGE
    except InputError as problem:
        print(f"checks: standard input cannot be read: {problem}", file=sys.stderr)
        return FAILED


def _main(argv: Sequence[str]) -> int:
    if list(argv) == ["help"]:
        argv = ["--help"]
    if argv and argv[0] in (*COMMANDS, *MORE):
        gc.enable()  # these may run for long
    if argv and argv[0] in MORE:
        from checks.cli import commands  # noqa: PLC0415 - a diagnosis does without

        return commands.main(argv)
    options = _options(argv)
    program.site()  # a bad setting is told before anything is asked
    run = {"classify": _run_classify, "explain": _run_explain}.get(options.command, _run)
    return run(options)


class Options:
    """The arguments, read; what stands here holds where an option is not given."""

    command = "diagnose"
    targets: Sequence[str] = ()
    json = False
    quiet = False
    no_color = False
    timeout = 1.0
    remote = False
    identify = True
    activate = False
    format = "text"


def _options(argv: Sequence[str]) -> Options:
    """Read the arguments. Where all are targets, there is nothing for a parser to do."""
    options = Options()
    if argv and argv[0] not in COMMANDS and not any(text[:1] == "-" for text in argv):
        options.targets = argv
        return options
    command = argv[0] if argv and argv[0] in COMMANDS else ""
    parser = parser_of(command)
    if command:
        options.command = command
        argv = argv[1:]
    if "--" in argv:
        # parse_intermixed_args() parses twice and knows no "--" the second time. Until it is
        # done, a NUL, which no argument can hold, keeps what stands behind from being an option.
        at = argv.index("--")
        argv = [*argv[:at], *(f"\0{text}" for text in argv[at + 1 :])]
    parser.parse_intermixed_args(argv, namespace=options)
    options.targets = [text.removeprefix("\0") for text in options.targets]
    return options


def parser_of(command: str) -> argparse.ArgumentParser:
    """Return the parser of one of :data:`COMMANDS`; for any other word that of a diagnosis."""
    return {"classify": _classify_parser, "explain": _explain_parser}.get(
        command, _diagnose_parser
    )()


def _new_parser(
    command: str, usage: str, description: str, epilog: str = ""
) -> argparse.ArgumentParser:
    from checks.cli.parser import Parser  # noqa: PLC0415 - targets alone need no parser

    parser = Parser(command, usage, description, epilog)
    parser.add_argument("--version", action="version", version=f"checks {__version__}")
    return parser


def _diagnose_parser() -> argparse.ArgumentParser:
    from checks.cli.parser import add_activate, add_output  # noqa: PLC0415 - as above

    parser = _new_parser("", "[OPTION...] TARGET...", DESCRIPTION, EXAMPLES)
    parser.add_argument(
        "targets",
        nargs="+",
        metavar="TARGET",
        help="an address, host:port, URL, port number or error message",
    )
    add_output(parser, "a target")
    parser.add_argument(
        "--timeout",
        type=_seconds,
        metavar="S",
        help="seconds to wait for one answer (default 1; unexplained silence is tried twice)",
    )
    parser.add_argument(
        "--remote",
        action="store_true",
        help="also connect to addresses that are not this machine's",
    )
    parser.add_argument(
        "--no-identify",
        dest="identify",
        action="store_false",
        help="do not ask what speaks there (at most a second)",
    )
    add_activate(parser)
    parser.add_argument(
        "--format",
        choices=formats.NAMES,
        help="for a person, or for the machine that reads the report (json: as --json)",
    )
    return parser


def _classify_parser() -> argparse.ArgumentParser:
    from checks.cli.parser import add_output  # noqa: PLC0415 - as above

    parser = _new_parser(
        "classify",
        "[OPTION...] TEXT... | -",
        "Say what a text is. No socket is opened and nothing is looked up.",
        "With - each line of standard input is answered by one JSON object on one line,\n"
        "written at once.",
    )
    parser.add_argument("targets", nargs="+", metavar="TEXT", help="anything; - reads lines")
    add_output(parser, "a target")
    return parser


def _explain_parser() -> argparse.ArgumentParser:
    from checks.cli.parser import add_output  # noqa: PLC0415 - as above

    parser = _new_parser(
        "explain",
        "[WHAT...]",
        "Print the page of a finding, or what a pasted error message means.\n"
        "Without WHAT: the list of all findings.",
    )
    parser.add_argument(
        "targets",
        nargs="*",
        metavar="WHAT",
        help='a code (C302), a slug (nothing-listening) or "an error message"',
    )
    add_output(parser, "a target")
    return parser


def _seconds(text: str) -> float:
    import argparse  # noqa: PLC0415 - as above

    from checks.cli.parser import number_of_seconds  # noqa: PLC0415

    value = number_of_seconds(text)
    if not 0 < value <= 60:
        raise argparse.ArgumentTypeError(
            f"{terminal.quote(text)} is not a time; expected seconds, more than 0 and at most 60"
        )
    return value


def _run(options: Options) -> int:
    """Diagnose every target; a bad one does not stop the others."""
    codes, cases = [], []
    wanted = _format(options)
    for number, target in enumerate(options.targets):
        with _Waiting(target):
            report = diagnose(
                target,
                timeout=options.timeout,
                remote=options.remote,
                identify=options.identify,
                activate=options.activate,
            )
        if wanted.at_once:
            codes.append(_answer(report, options, number))
        else:
            cases.append(formats.Case(report, _problem(report)))
    return _document(cases, wanted, options) if cases else max(codes)


def _format(options: Options) -> Format:
    plain = options.json and options.format == "text"
    return formats.of("json" if plain else options.format)


def _problem(report: Report) -> str | None:
    """Why nothing is known of the target; None where something is."""
    if _code(report) == FAILED:
        return report.verdict
    return _bad_input(report.classification)


def _document(cases: Sequence[Case], wanted: Format, options: Options) -> int:
    """Show all reports as one document, for the machine that reads it; return the exit code."""
    written = formats.load(wanted.name).diagnosis(cases, _style(options))
    if not options.quiet:
        sys.stdout.write(written.text)
    if written.code is not None:
        return written.code
    code = max(_code(case.report) for case in cases)
    if code == OK and any(case.report.unread for case in cases):
        return FAILED  # nothing wrong was seen, and not all was seen
    return code


def _answer(report: Report, options: Options, number: int) -> int:
    """Show a report, or one line on why the input is none; return the exit code."""
    problem = _bad_input(report.classification)
    if problem:
        print(f"checks: {problem}", file=sys.stderr, flush=True)
    asked = options.command == "diagnose"
    _show(formats.Case(report, problem, asked), options, number)
    return _code(report)


def _code(report: Report) -> int:
    """What one report comes to."""
    if any(probe.outcome == "failed" for probe in report.probes.values()):
        return FAILED
    if _bad_input(report.classification):
        return USAGE
    return WRONG if report.severity == "error" else OK


def _run_classify(options: Options) -> int:
    codes = [OK]
    for number, target in enumerate(options.targets):
        if target == "-":
            _stream(_lines(), quiet=options.quiet)
            continue
        codes.append(_answer(_unprobed(classify(target)), options, number))
    return max(codes)


def _unprobed(classification: Classification) -> Report:
    from checks.report import conclude  # noqa: PLC0415 - explain and classify - need less

    return conclude(classification)


def _show(case: Case, options: Options, number: int) -> None:
    if options.quiet:
        return
    wanted = _format(options)
    text = formats.load(wanted.name).diagnosis([case], _style(options)).text
    if text:
        print((wanted.gap if number else "") + text, end="", flush=True)


def _style(options: Options) -> Style:
    return terminal.style(no_color=options.no_color, system=_SYSTEMS.get(sys.platform))


def _bad_input(classification: Classification) -> str | None:
    """One line on what was read and what was expected; None where there was something to say."""
    text = terminal.quote(classification.input)
    if classification.kind == "empty":
        return "an empty text; expected an address, host:port, URL, port or error message"
    problems = [_bad_endpoint(endpoint) for endpoint in classification.endpoints]
    if problems and None not in problems:
        return f"{text}: {problems[0]}"
    if not classification.endpoints and classification.error is None:
        return (
            f"{text}: found no address, port or known error in it;"
            " expected something like 127.0.0.1:62893"
        )
    return None


def _bad_endpoint(endpoint: Endpoint) -> str | None:
    port, host = endpoint.port, endpoint.host
    if port is not None and port.number is None:
        return f"{terminal.quote(port.text, 20)} is no port; expected a number from 0 to 65535"
    if host is not None and host.kind == "invalid":
        from checks.text import authority  # noqa: PLC0415 - only where something is wrong

        right = authority.bracketed(endpoint)
        if right:
            return f"{terminal.quote(host.text)} needs brackets in a URL; expected {right}"
        return (
            f"{terminal.quote(host.text)} is neither an address nor a name;"
            " expected one such as 127.0.0.1, [::1] or localhost"
        )
    return None


def _lines() -> Iterator[str]:
    """Lines of standard input without their ends, in constant memory."""
    if sys.stdin is None:
        raise InputError(os.strerror(EBADF))
    try:
        stream = open(  # noqa: SIM115 - standard input is not ours to close
            sys.stdin.fileno(),
            encoding="utf-8",
            errors="surrogateescape",
            newline="\n",
            closefd=False,
        )
        while part := stream.readline(MAX_LINE):
            yield part[:-1].removesuffix("\r") if part.endswith("\n") else part
    except OSError as error:  # a directory, a terminal that has gone
        raise InputError(error.strerror or error) from error


def _stream(lines: Iterable[str], *, quiet: bool) -> None:
    from checks.report import classified, json  # noqa: PLC0415 - only here

    write, flush, site = sys.stdout.write, sys.stdout.flush, program.site()
    for text in lines:
        answer = json.line(classified(classify(text), site))
        if not quiet:
            write(answer + "\n")
            flush()


def _run_explain(options: Options) -> int:
    from checks import findings  # noqa: PLC0415 - the catalogue, only where it is asked for

    if not options.targets:
        for finding in findings.CATALOGUE:
            _show_finding(finding, options, whole=False)
        return OK
    return max(_explain_one(what, options) for what in options.targets)


def _explain_one(what: str, options: Options) -> int:
    from checks import findings  # noqa: PLC0415 - as above

    finding = findings.by_key(what.strip())
    if finding is not None:
        _show_finding(finding, options, whole=True)
        return OK
    report = _unprobed(classify(what))
    if report.classification.error is None and not report.findings:
        known = "a code such as C302, a slug such as nothing-listening, or an error message"
        print(
            f"checks: {terminal.quote(what)} explains nothing known; expected {known}",
            file=sys.stderr,
        )
        return USAGE
    _show(formats.Case(report, asked=False), options, 0)
    return OK


def _show_finding(finding: type[Finding], options: Options, *, whole: bool) -> None:
    """A finding's page, or its line in the list; as JSON where that is asked for."""
    if options.quiet:
        return
    if options.json:
        from checks.findings import pages  # noqa: PLC0415 - only here
        from checks.report import json  # noqa: PLC0415

        print(json.line(pages.document(finding, whole=whole, site=program.site())))
    elif whole:
        from checks.report.formats import text  # noqa: PLC0415

        print(text.explain(finding, _style(options)), end="")
    else:
        print(f"{finding.code}  {finding.severity:<8} {finding.slug}: {finding.title}")


class _Waiting:
    """Says on a terminal, after a second, what is being waited for."""

    def __init__(self, target: str) -> None:
        self.target = target

    def __enter__(self) -> None:
        self.timer = None
        self.said = False
        if sys.stderr.isatty():
            from threading import Timer  # noqa: PLC0415 - only on a terminal

            timer = Timer(1.0, self._say)
            timer.daemon = True
            try:
                timer.start()
            except RuntimeError:  # no thread is to be had: the answer comes without the note
                return
            self.timer = timer

    def _say(self) -> None:
        self.said = True
        print(f"\rwaiting for {clean(self.target, 60)} …", end="", file=sys.stderr, flush=True)

    def __exit__(self, *_: object) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer.join()
        if self.said:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
