"""Commands for the tools that a machine has: a minimal system lacks ``ss``, ``ip`` or ``sudo``.

What this program shows itself takes the place of ``ss``. Of any other tool that is not there the
sentence says so, and the command is left out.

Source: Debian Policy §2.5 and the package lists of debian:bookworm-slim: iproute2 (ss, ip), lsof,
nftables, sudo and systemd are of priority "important" or lower, and are not in it.
"""

from __future__ import annotations

import re

from checks.findings.base import Fix
from checks.model.words import TOOLS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from checks.model.evidence import Machine

_SUDO = "sudo "
_LISTENERS = r"ss -l([tu])np?(?: 'sport = :(\d{1,5})')?"
"""Compiled where a tool is missing only."""
_PROTOCOLS = {"t": "tcp", "u": "udp"}
_HOW = "is not installed here"
_LACKED = {"systemctl": "systemd, which does not run here"}
_NEEDS_ROOT = " It needs root."


def missing(machine: Machine) -> tuple[str, ...]:
    """Return the tools that a machine does not have; none where they were not looked for."""
    known = machine.tools
    return () if known is None else tuple(tool for tool in TOOLS if tool not in known)


def fitting(fixes: Iterable[Fix], machine: Machine) -> tuple[Fix, ...]:
    """Return the fixes as this machine can do them.

    Arguments:
        fixes: for its system.
        machine: where they are to be done; its tools may not be known.
    """
    lacked = missing(machine)
    if not lacked:
        return tuple(fixes)
    needs = "" if machine.user == "root" else _NEEDS_ROOT
    return tuple(_fit(fix, lacked, needs) for fix in fixes)


def _fit(fix: Fix, lacked: tuple[str, ...], needs: str) -> Fix:
    if fix.command is None or fix.os not in (None, "linux"):
        return fix
    command = fix.command
    tool = command.removeprefix(_SUDO).partition(" ")[0]
    if tool in lacked:
        rest = command.removeprefix(_SUDO)
        own = _own(rest)
        if own is None:
            text = f"{_closed(fix.text)} That needs {_LACKED.get(tool, f'{tool}, which {_HOW}')}."
            return fix._replace(text=text, command=None, look_for=None)
        command = command[: len(command) - len(rest)] + own
    if _SUDO in command and "sudo" in lacked:
        return fix._replace(text=f"{fix.text}{needs}", command=command.replace(_SUDO, ""))
    return fix._replace(command=command)


def _closed(text: str) -> str:
    """A sentence that led to a command, as one that does not."""
    return f"{text.removesuffix(':')}." if text.endswith(":") else text


def _own(command: str) -> str | None:
    """What shows the same as a command by this program; None where nothing does."""
    shown = re.fullmatch(_LISTENERS, command, re.ASCII)
    if shown is None:
        return None
    chosen = f" --port {shown[2]}" if shown[2] else ""
    return f"python3 -m checks listen{chosen} --{_PROTOCOLS[shown[1]]}"
