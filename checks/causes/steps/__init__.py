"""The first steps of causes, each with its command filled in and what to look for.

This module has what the modules of the package share, and the order for a reader's
system. :mod:`.connect` has the steps of a connection that failed. Each other operation
has a module too.

A command contains only numbers, and words without a meaning to a shell.
"""

from __future__ import annotations

from checks.findings.base import Fix
from checks.findings.commands import LINUX, MACOS, WINDOWS, in_powershell, numbered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

HOST, PORT = "HOST", "PORT"
"""Words in a command for what the text does not name; an invented port would mislead."""

MOST = 3
"""A cause has at most so many steps; the commands of one step differ only in their system."""


def per_system(
    text: str,
    linux: str | None = None,
    macos: str | None = None,
    windows: str | None = None,
    look_for: str | None = None,
) -> tuple[Fix, ...]:
    """One step with the command of each system; a system without one is left out."""
    shell = in_powershell(text, windows or "")
    commands = ((text, linux, LINUX), (text, macos, MACOS), (shell, windows, WINDOWS))
    return tuple(
        Fix(words, command, system, look_for)
        for words, command, system in commands
        if command is not None
    )


def curl(text: str, arguments: str, look_for: str | None = None) -> tuple[Fix, ...]:
    """One step with curl; in PowerShell 5.1 ``curl`` is an alias of Invoke-WebRequest.

    Source: MicrosoftDocs/PowerShell-Docs, reference/5.1, Invoke-WebRequest.md, aliases.
    """
    windows = arguments.replace("/dev/null", "NUL")
    return per_system(
        text, f"curl {arguments}", f"curl {arguments}", f"curl.exe {windows}", look_for
    )


def ordered(fixes: Iterable[Fix], system: str | None) -> tuple[Fix, ...]:
    """Return the first steps, of each the command of *system* first.

    Arguments:
        fixes: in order; neighbours with different systems are one step.
        system: that the message shows; None where it shows none.
    """
    steps = numbered(map(_with_meaning, fixes))[:MOST]
    return tuple(
        fix for step in steps for fix in sorted(step, key=lambda one: one.os not in (None, system))
    )


def _with_meaning(fix: Fix) -> Fix:
    """A step with what to put for HOST and PORT, where it has them and does not say so."""
    words = [one for one in (HOST, PORT) if one in (fix.command or "")]
    told = f"{fix.text} {fix.look_for or ''}"
    if not words or any(f"{before} {words[-1]}" in told for before in ("for", "and")):
        return fix
    what = " and ".join("name" if one == HOST else "port" for one in words)
    said = f"Put your server's {what} for {' and '.join(words)}."
    return fix._replace(look_for=f"{said} {fix.look_for}" if fix.look_for else said)
