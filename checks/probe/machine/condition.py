"""In which condition a process is: its descriptors, the file of its program, its directory.

And what it was doing just then. Asked of the owners of the port's listeners only, as it is a
dozen system calls a process.

Linux ends the target of ``/proc/PID/exe`` and ``cwd`` in " (deleted)" where the name is gone.
That alone proves little: a file may be called so, a program of memfd_create() never had a name,
and network and FUSE file systems drop names that are still there. So the path is looked up
in the process's own root: another file there is a replacement, none is a deletion.

Sources: proc_pid_exe(5), proc_pid_cwd(5), proc_pid_root(5), proc_pid_limits(5),
proc_pid_wchan(5), getrlimit(2) (RLIMIT_NOFILE: the number of a descriptor is below it),
memfd_create(2).
"""

from __future__ import annotations

import os

from checks.probe.machine import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from checks.model.evidence import Listener, Owner

_MOST = 8
"""Owners of one listener that are looked at: of a server with more workers, the first."""

_DELETED = " (deleted)"
_NAMELESS = "/memfd:"
_LIMIT = "Max open files"


def of_owners(listeners: Iterable[Listener], root: str = "/proc") -> list[Listener]:
    """Return listeners with the condition of their owners, as far as it may be known.

    Arguments:
        listeners: the rows of one port.
        root: where procfs is mounted.
    """
    known: dict[int, Owner] = {}
    found = []
    for row in listeners:
        for owner in row.owners[:_MOST]:
            if owner.pid not in known:
                known[owner.pid] = examine(owner, root)
        owners = tuple(known.get(owner.pid, owner) for owner in row.owners)
        found.append(row._replace(owners=owners))
    return found


def examine(owner: Owner, root: str = "/proc") -> Owner:
    """Return an owner with its condition.

    Arguments:
        owner: the process.
        root: where procfs is mounted.
    """
    home = f"{root}/{owner.pid}"
    limit = _limit(home)
    program, path = _was(home, "exe")
    return owner._replace(
        descriptors=_descriptors(home, limit),
        descriptor_limit=limit,
        program_was=program,
        program_file=path,
        directory_was=_was(home, "cwd")[0],
        waits=_waits(home),
    )


def _waits(home: str) -> str | None:
    """What the first thread does: by the state of the process, or by where it sleeps."""
    state = (files.read(f"{home}/stat") or "").rpartition(")")[2].split()[:1]
    if state and state[0] in _STATES:
        return _STATES[state[0]]
    where = files.read(f"{home}/wchan") or ""
    return next((code for begin, code in _SLEEPS if where.startswith(begin)), None)


_STATES = {"R": "cpu", "D": "disk"}
_SLEEPS = (
    ("futex_", "lock"),
    ("do_wait", "child"),
    ("kernel_wait4", "child"),
    ("pipe_read", "pipe"),
    ("anon_pipe_read", "pipe"),
    ("n_tty_read", "terminal"),
)
"""How the function of the kernel begins in which a thread sleeps: proc_pid_wchan(5). The names
are those of Linux 4.9 to 6.18: kernel/futex, kernel/exit.c, fs/pipe.c, drivers/tty/n_tty.c."""


def _limit(home: str) -> int | None:
    """The soft limit of open files; None for none, or where it cannot be read."""
    for line in (files.read(f"{home}/limits") or "").splitlines():
        if line.startswith(_LIMIT):
            soft = line.removeprefix(_LIMIT).split()[:1]
            return int(soft[0]) if soft and soft[0].isascii() and soft[0].isdecimal() else None
    return None


def _descriptors(home: str, limit: int | None) -> int | None:
    """How many descriptors are open; those that stand above a lowered limit take no place."""
    try:
        numbers = [int(name) for name in os.listdir(f"{home}/fd") if name.isdecimal()]
    except (OSError, ValueError):
        return None
    return len(numbers) if limit is None else sum(number < limit for number in numbers)


def _was(home: str, name: str) -> tuple[str | None, str | None]:
    """What became of the file that a link of procfs names, and its path."""
    target = files.link(f"{home}/{name}")
    if target is None or not target.endswith(_DELETED) or target.startswith(_NAMELESS):
        return None, None
    path = target.removesuffix(_DELETED)
    try:
        held = os.stat(f"{home}/{name}")
        if _is(held, f"{home}/root{target}") or _is(held, f"{home}/root{path}"):
            return None, None
        there = os.path.lexists(f"{home}/root{path}")
        os.stat(f"{home}/stat")  # the process is still there, so its root was too
    except (OSError, ValueError):
        return None, None
    return ("replaced" if there else "deleted"), path


def _is(held: os.stat_result, path: str) -> bool:
    """Whether a path leads to the very file; False where it leads to none.

    Raises:
        OSError: that cannot be seen.
    """
    try:
        found = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return (found.st_dev, found.st_ino) == (held.st_dev, held.st_ino)
