"""Leaves the working directory out of what is imported, where ``python -m checks`` put it first.

A json.py there would be run in place of Python's own. It is imported before anything else,
and imports nothing itself. Python 3.11 has ``-P`` for the same, and ``-I``.

Source: Python, "Command line and environment", ``-m``: the current directory is added to the
start of sys.path.
"""

import sys


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
    safe = sys.flags.isolated or getattr(sys.flags, "safe_path", False)
    if safe or sys.argv[:1] != ["-m"] or not starts_here(getattr(sys, "orig_argv", [])):
        return
    first = sys.path[0]
    if not __file__.startswith((first + "/", first + "\\")):
        del sys.path[0]


leave()
