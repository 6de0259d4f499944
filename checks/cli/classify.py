"""checks classify: what a text is. No socket is opened, nothing is looked up."""

from __future__ import annotations

import os
import sys
from errno import EBADF

from checks import classify, explain
from checks.cli import answers, program, terminal
from checks.cli.answers import Texts
from checks.cli.parser import TextsParser, add_output
from checks.model.exits import FAILED, OK
from checks.report import classified

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from checks.cli.parser import Parser

MAX_LINE = 1_048_576
"""Characters of a line from standard input; a longer line is read in parts."""


class InputError(Exception):
    """Standard input cannot be read; says why."""


def parser() -> Parser:
    """Return the parser of the arguments."""
    made = TextsParser(
        "classify",
        "[OPTION...] TEXT... | -",
        "Say what a text is. This opens no socket and looks up no name.",
        "With - each line of standard input is answered by one JSON object on one line,\n"
        "written at once.",
    )
    made.add_argument("targets", nargs="+", metavar="TEXT", help="anything; - reads lines")
    add_output(made, "one JSON object per target and line")
    return made


def read(argv: Sequence[str]) -> Texts:
    """Read the arguments."""
    return Texts(**parser().read(argv))


def run(options: Texts) -> int:
    """Classify each text, and each line of standard input where a text is ``-``."""
    output = options.output
    codes = [OK]
    for number, target in enumerate(options.targets):
        if target != "-":
            codes.append(answers.give(explain(target), output, number))
            continue
        try:
            _stream(_lines(), quiet=options.quiet)
        except InputError as problem:
            terminal.complain(f"standard input cannot be read: {problem}")
            return FAILED
    return max(codes)


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
    write, flush, site = sys.stdout.write, sys.stdout.flush, program.site()
    for text in lines:
        answer = answers.json_line(classified(classify(text), site))
        if not quiet:
            write(answer + "\n")
            flush()
