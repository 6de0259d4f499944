"""How a process is stopped that a supervisor would start again: by the supervisor's own command.

A signal to the process is of no use there. Where the program of the supervisor is a shell, as
with a ``command`` of supervisord or a ``run`` of runit without exec, the supervisor ends the
shell, and what the shell has started stays; so does another program that got the socket from
its parent. That is ended after it. pm2 ends it by itself.

Sources: supervisor/supervisorctl.py, help_stop, and "[program:x] Section Settings", stopasgroup;
pm2.keymetrics.io, "Process management", and Unitech/pm2 lib/TreeKill.js; skarnet.org, s6-svc
(-d); sv(8), down and status.
"""

from __future__ import annotations

from checks.findings.base import Fix
from checks.findings.commands import LINUX, MACOS, sudo
from checks.model.shell import is_typable, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.model.evidence import Machine, Owner, Supervisor

_KINDS = ("supervisord", "pm2", "s6", "runit")


def left(owners: Sequence[Owner], main: Owner) -> tuple[Owner, ...]:
    """Return the processes that hold a socket on when their supervisor has stopped its program.

    Arguments:
        owners: all that hold the socket.
        main: the one of them that is to be stopped.
    """
    found = main.supervisor
    if found is None or found.kind == "pm2" or any(_is_of(one, main) for one in owners):
        return ()
    others = (one for one in owners if one.pid not in (1, main.pid))
    if main.parent != found.pid:
        return (main, *others)
    return tuple(one for one in others if one.name != main.name)  # workers end with their server


def stop(
    owners: Sequence[Owner], main: Owner, machine: Machine, ending: str | None = None
) -> tuple[Fix, ...]:
    """Stop a process by its supervisor; nothing where it has none.

    Arguments:
        owners: all that hold the socket.
        main: the one of them that is to be stopped.
        machine: where it was seen.
        ending: the command that ends those of :func:`left`; None where there are none.
    """
    held = next((one.supervisor for one in owners if _is_of(one, main)), None)
    found = held or main.supervisor
    if found is None or found.kind not in _KINDS:
        return ()
    found = _typable(found)
    if held is not None and found.name and found.kind == "supervisord":
        found = found._replace(name=f"{found.name.partition(':')[0]}:*")
    command = _command(found)
    if command is None:
        return _on_both(_find(found, main, machine))
    called = found.name or (found.path or "").rpartition("/")[2]
    text = f"{found.kind} starts {called} again when it ends. Stop it there, if you do not need it"
    whose = _whose(found, machine)
    if ending is not None:
        return _on_both(
            Fix(
                f"{text}, then what its program has started: that holds the port on.",
                f"{_as_root(found, machine)}{command} && {ending}",
                LINUX,
                "If kill finds no such process, it has ended with its parent.",
            )
        )
    return _on_both(Fix(f"{text}{whose}.", f"{_as_root(found, machine)}{command}", LINUX))


def _on_both(fix: Fix) -> tuple[Fix, ...]:
    """The same on macOS, where these supervisors have the same commands."""
    return (fix,) if fix.os is None else (fix, fix._replace(os=MACOS))


def log(found: Supervisor, machine: Machine) -> tuple[Fix, ...]:
    """Show what a program wrote before it ended; nothing where its supervisor keeps no log.

    Arguments:
        found: what runs it.
        machine: where it was seen.
    """
    known = _typable(found)
    if known.kind not in ("supervisord", "pm2") or not known.name:
        return ()
    name = quoted(known.name)
    command = f"{_home(known)}pm2 logs {name} --lines 50 --nostream"
    if known.kind == "supervisord":
        command = f"supervisorctl{_configuration(known)} tail {name} stderr"
    text = f"Show what it wrote before it ended{_whose(known, machine)}."
    beside = "Without stderr it shows the standard output." if known.kind != "pm2" else None
    return (Fix(text, f"{_as_root(known, machine)}{command}", LINUX, beside),)


def _is_of(owner: Owner, main: Owner) -> bool:
    """Whether a process belongs to a supervisor that holds the socket itself.

    So it is with the group of an fcgi-program of supervisord, and with a cluster of pm2.
    """
    return owner.supervisor is not None and owner.supervisor.pid == main.pid


def _typable(found: Supervisor) -> Supervisor:
    """The same without a name or path that cannot be typed: a report may come from anyone."""
    return found._replace(
        name=found.name if found.name and is_typable(found.name) else None,
        path=found.path if found.path and is_typable(found.path) else None,
    )


def _command(found: Supervisor) -> str | None:
    """The command that stops a program; None where its name or directory is not known."""
    if found.kind == "s6":
        return f"s6-svc -d {quoted(found.path)}" if found.path else None
    if found.kind == "runit":
        return f"sv down {quoted(found.path)}" if found.path else None
    if not found.name:
        return None
    if found.kind == "pm2":
        return f"{_home(found)}pm2 stop {quoted(found.name)}"
    return f"supervisorctl{_configuration(found)} stop {quoted(found.name)}"


def _find(found: Supervisor, main: Owner, machine: Machine) -> Fix:
    """Find the name of a program by its pid: the supervisor's list has both."""
    again = f"{found.kind} starts {main.name or 'the program'} again when it ends."
    if found.kind == "s6":
        return Fix(f"{again} Stop it there: `s6-svc -d DIRECTORY`, with that of its service.")
    if found.kind == "pm2":
        whose = _whose(found, machine)
        text = f"{again} Find its name in the list{whose}, then stop it: `pm2 stop NAME`."
        return Fix(text, f"{_home(found)}pm2 list", LINUX)
    find = f"{again} Find its name by pid {main.pid} or by that of its parent"
    if found.kind == "runit":
        text = f"{find}, then stop it: `sv down DIRECTORY`."
        return Fix(text, f"{_as_root(found, machine)}sv status /etc/service/*", LINUX)
    text = f"{find}, then stop it: `supervisorctl stop NAME`."
    command = f"{_as_root(found, machine)}supervisorctl{_configuration(found)} status"
    return Fix(text, command, LINUX)


def _as_root(found: Supervisor, machine: Machine) -> str:
    """``sudo``, where the supervisor is another user's. pm2 is asked as its own user."""
    return "" if found.kind == "pm2" else sudo(machine, found.user)


def _whose(found: Supervisor, machine: Machine) -> str:
    """Whose command it is, where only that user can run it."""
    foreign = found.user is not None and found.user != machine.user
    return f" (as user {found.user})" if found.kind == "pm2" and foreign else ""


def _configuration(found: Supervisor) -> str:
    """Which supervisord is meant, where it is another than supervisorctl finds by itself."""
    if found.path and "://" in found.path:
        return f" -s {quoted(found.path)}"
    return f" -c {quoted(found.path)}" if found.path else ""


def _home(found: Supervisor) -> str:
    return f"PM2_HOME={quoted(found.path)} " if found.path else ""
