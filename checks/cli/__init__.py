"""Arguments in, exit code out; what goes wrong on the way is one line on standard error.

What the codes mean is in :mod:`checks.model.exits`, the commands are in
:mod:`checks.cli.commands`.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from errno import EBADF

from checks.cli import commands, program, terminal
from checks.model.exits import FAILED, INTERRUPTED, OK, USAGE
from checks.report.clean import line as clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn


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
            sys.excepthook(type(error), error, error.__traceback__)
        what = f"{type(error).__name__}: {error}".removesuffix(": ")
        return _fault(f"an error in this program: {clean(what, 200)} (CHECKS_DEBUG=1 shows where)")
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
    """Say what went wrong in one line, past streams that may be what is broken."""
    with suppress(OSError):  # closed, or full as well
        os.write(2, f"checks: {text}\n".encode("utf-8", "backslashreplace"))
    return FAILED


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
        terminal.complain(str(problem))
        return USAGE


def _main(argv: Sequence[str]) -> int:
    if list(argv) == ["help"]:
        argv = ["--help"]
    command, arguments = commands.chosen(argv)
    if command.name:
        gc.enable()  # these may run for long
    module = command.load()
    options = module.read(arguments)
    program.site()  # a bad setting is told before anything is asked
    return int(module.run(options))
