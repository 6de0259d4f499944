"""Command lines that a person copies: this program's own name in them.

A report is made on one machine and read on another, so its commands name this program in the
documented form. Only where text is drawn for the one who started it does the name become the
one that was typed (:mod:`checks.cli.program`).
"""

from __future__ import annotations

PROGRAM = "python3 -m checks"
"""This program in commands: the form that works in a bare clone."""


def spoken(command: str, program: str) -> str:
    """Return a command with this program named as it was started.

    Arguments:
        command: one command line. Only one that begins with :data:`PROGRAM`, or with ``sudo``
            before it, is this program's; what it repeats of an input is left as it is.
        program: how it was started.
    """
    for before in ("", "sudo "):
        begin = before + PROGRAM
        if command == begin or command.startswith(f"{begin} "):
            return before + program + command[len(begin) :]
    return command
