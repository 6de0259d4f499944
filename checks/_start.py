"""The first that ``python -m checks`` does, before anything else is imported.

The working directory, which ``-m`` puts first on the path, is left out: a json.py there would
be run in place of Python's own. Python 3.11 has ``-P`` for the same, and ``-I``. Until the
program can end well, Ctrl-C ends it as the system does, without a traceback of an import.

Source: Python, "Command line and environment", ``-m``: the current directory is added to the
start of sys.path; ``signal``, default_int_handler.
"""

import sys

try:
    # Part of the interpreter, so that no file can take its place; a browser may have none.
    import _signal  # type: ignore[import-not-found]
except ImportError:
    _signal = None


def starts_here(words: "list[str]") -> bool:
    """Whether a command line starts this package with ``-m``, in any of its spellings.

    Arguments:
        words: the interpreter and what it was given.
    """
    for at, word in enumerate(words[1:], 1):
        if word == "-mchecks":
            return True
        if word[:1] == "-" and word[-1:] == "m":
            return words[at + 1 : at + 2] == ["checks"]
    return False


def leave() -> None:
    """Take the working directory off the path, unless this package is in it, as in a clone."""
    first = sys.path[0]
    safe = sys.flags.isolated or getattr(sys.flags, "safe_path", False)
    if not safe and not __file__.startswith((first + "/", first + "\\")):
        del sys.path[0]


def hush() -> None:
    """Have Ctrl-C end the process, where Python would raise KeyboardInterrupt for it."""
    if _signal and _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)


def hear() -> None:
    """Undo :func:`hush`: from now on the program catches KeyboardInterrupt."""
    if _signal and IS_PROGRAM and _signal.getsignal(_signal.SIGINT) == _signal.SIG_DFL:
        _signal.signal(_signal.SIGINT, _signal.default_int_handler)


IS_PROGRAM = sys.argv[:1] == ["-m"] and starts_here(getattr(sys, "orig_argv", []))
"""Whether this package is being started, and not imported by another program."""

if IS_PROGRAM:
    hush()
    leave()
