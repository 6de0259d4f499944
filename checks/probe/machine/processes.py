"""Who holds a socket: processes found by the socket's inode under ``/proc``.

One socket may be held by several processes (a master and its workers, a shell
that leaked a descriptor), so the pass never stops at the first: a server whose
one worker is named is a server misunderstood. It stays cheap by doing little:
one directory listing a process, one readlink a descriptor, and facts are read
for the holders only (measured: 2 ms for 75 processes with 400 descriptors,
45 ms for 310 processes with 11,000).
"""

from __future__ import annotations

import os
from time import gmtime, monotonic, strftime, time

from checks.model import shell
from checks.model.evidence import Owner
from checks.model.records import NamedTuple
from checks.probe import system
from checks.probe.machine import cgroups, files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from types import ModuleType

    from checks.model.evidence import Supervisor

_PATIENCE = 3.0  # seconds for the pass over all processes
_MOMENT = 0.05  # seconds for a look at their names alone
_MOST_OWNERS = 64  # processes described; more are counted
_MOST_ANCESTORS = 32
_COMMAND = 1 << 12  # bytes of a command line that are kept

_STARTERS = {
    "sshd": "ssh session",
    "sshd-session": "ssh session",
    "cron": "cron",
    "crond": "cron",
    "tmux: server": "tmux",
    "screen": "screen",
    "docker-init": "container's init",
    "tini": "container's init",
    "dumb-init": "container's init",
    "containerd-shim": "container",
    "conmon": "container",
}
"""Ancestors that answer "what started it", by the name of the process."""

_HALTED = {"T": "stopped", "t": "traced"}
"""States of a process that runs no code until it is continued: proc_pid_stat(5)."""

_SUPERVISORS = ("supervisord", "s6-supervise", "runsv", "PM2 v", "python")
"""How the name of a process begins that may start others again: supervisord is a Python script."""

_SHELLS = ("bash", "zsh", "fish", "sh", "dash", "ksh", "tcsh", "nu", "pwsh")


class Holders(NamedTuple):
    """What the pass over the processes found.

    Arguments:
        owners: the processes that hold each inode; no entry where none was seen.
        hidden: processes whose descriptors this user may not list; at least 1
            where /proc leaves other users' processes out (hidepid).
        complete: False where the pass ran out of time.
        seen: False where there is no procfs to look at.
    """

    owners: Mapping[int, tuple[Owner, ...]]
    hidden: int
    complete: bool
    seen: bool = True


def holders(
    inodes: Collection[int],
    root: str = "/proc",
    describe: Callable[[int, str], Owner | None] | None = None,
) -> Holders:
    """Return the processes that hold the sockets with these inodes.

    Arguments:
        inodes: the sockets' inodes, as the socket table gives them.
        root: where procfs is mounted.
        describe: tells about one process; by default all that may be known.
    """
    if not inodes:
        return Holders({}, 0, True)
    wanted = {f"socket:[{inode}]": inode for inode in inodes}
    pids, hidden, complete = _search(wanted, root)
    seen = True
    if complete and len(pids) < len(wanted):  # only then is the rest worth its time
        seen = os.path.exists(f"{root}/self/fd")
        hidden = max(hidden, int(seen and not os.path.exists(f"{root}/1")))  # proc(5), hidepid
        complete = _search_threads(wanted, pids, root)
    return Holders(_owners(pids, describe or _describe, root), hidden, complete, seen)


def _owners(
    pids: Mapping[int, tuple[int, ...]], describe: Callable[[int, str], Owner | None], root: str
) -> dict[int, tuple[Owner, ...]]:
    """The owners of each inode; a process is described once, and so is a set of them."""
    known: dict[int, Owner | None] = {}
    groups: dict[tuple[int, ...], tuple[Owner, ...]] = {}
    owners = {}
    for inode, holding in pids.items():
        group = tuple(sorted(holding)[:_MOST_OWNERS]) if len(holding) > 1 else holding
        if group not in groups:
            for pid in group:
                if pid not in known:
                    known[pid] = describe(pid, root)
            present = [owner for pid in group if (owner := known[pid]) is not None]
            groups[group] = _mark_main(present, root)
        if groups[group]:
            owners[inode] = groups[group]
    return owners


def _search(wanted: Mapping[str, int], root: str) -> tuple[dict[int, tuple[int, ...]], int, bool]:
    found: dict[int, tuple[int, ...]] = {}
    hidden = 0
    deadline = monotonic() + _PATIENCE
    try:
        pids = [name for name in os.listdir(root) if name.isascii() and name.isdecimal()]
    except OSError:
        return found, 0, False
    for pid in pids:
        if monotonic() > deadline:
            return found, hidden, False
        try:
            held = _held(f"{root}/{pid}/fd", wanted)
        except PermissionError:
            hidden += 1
        except OSError:  # the process ended
            continue
        else:
            _note(found, held, int(pid))
    return found, hidden, True


def _note(found: dict[int, tuple[int, ...]], held: Iterable[int], pid: int) -> None:
    """Add a process to the holders of these inodes; nearly all of them have no other.

    Its threads are looked at one after the other: it is there once.
    """
    alone = (pid,)
    for inode in held:
        others = found.get(inode, ())
        if others[-1:] != alone:
            found[inode] = others + alone if others else alone


def _search_threads(
    wanted: Mapping[str, int], found: dict[int, tuple[int, ...]], root: str
) -> bool:
    """Look for what no process holds among the threads; False where time ran out.

    A thread may have descriptors of its own (``unshare(CLONE_FILES)``), and those
    of a process whose first thread has ended are shown by the others only.
    """
    missing = {text: inode for text, inode in wanted.items() if inode not in found}
    deadline = monotonic() + _PATIENCE
    for pid in _numbers(root):
        if monotonic() > deadline:
            return False
        for thread in _numbers(f"{root}/{pid}/task"):
            if thread == pid:
                continue
            try:
                held = _held(f"{root}/{pid}/task/{thread}/fd", missing)
            except PermissionError:
                break  # counted before; the others are of the same user
            except OSError:  # the thread ended
                continue
            _note(found, held, int(pid))
    return True


def _numbers(directory: str) -> list[str]:
    """The entries of a directory of procfs that are numbers; none where it cannot be read."""
    try:
        return [name for name in os.listdir(directory) if name.isascii() and name.isdecimal()]
    except OSError:
        return []


def _held(directory: str, wanted: Mapping[str, int]) -> set[int]:
    """The wanted inodes among a process' descriptors.

    Links are read relative to the open directory: a fifth faster than by path.
    """
    held: set[int] = set()
    if not hasattr(os, "O_DIRECTORY"):
        return held
    opened = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for descriptor in os.listdir(opened):
            try:
                inode = wanted.get(os.readlink(descriptor, dir_fd=opened))
            except OSError:  # closed meanwhile
                continue
            if inode is not None:
                held.add(inode)
    finally:
        os.close(opened)
    return held


def name(pid: int, root: str = "/proc") -> Owner | None:
    """Return number, name and parent of a process, at a tenth of the cost; None where gone."""
    stat = _stat(pid, root)
    if stat is None:
        return None
    return Owner(pid, _program(pid, stat[0], root), None, None, None, parent=stat[1])


def describe(pid: int, root: str = "/proc") -> Owner | None:
    """Return what may be known about a process; None where it is gone.

    Arguments:
        pid: its number.
        root: where procfs is mounted.
    """
    stat = _stat(pid, root)
    if stat is None:
        return None
    name, parent, ticks, state = stat
    ancestors = ancestors_of(parent, root)
    supervisor = _supervisor((pid, name), ancestors, root)
    unit = cgroups.unit_of_process(pid, root)
    return Owner(
        pid,
        _program(pid, name, root),
        _command(pid, root),
        _user(pid, root),
        _started(ticks),
        supervisor[1] if supervisor else cgroups.text(unit) or _starter(ancestors),
        files.link(f"{root}/{pid}/cwd"),
        parent,
        state=_HALTED.get(state),
        supervisor=supervisor[0] if supervisor else None,
        managed_by=unit,
    )


def age(pid: int, root: str = "/proc") -> float | None:
    """Return for how many seconds a process has run; None where that is not known."""
    stat = _stat(pid, root)
    began = None if stat is None else system.time_of(stat[2])
    return None if began is None else time() - began


def supervisors(root: str = "/proc") -> tuple[int, ...]:
    """Return the supervisors that run on this machine, as far as they are seen in a moment.

    By the names of the processes alone: 1 ms for 100. What was started with the machine has a
    low number, and those come first.
    """
    deadline = monotonic() + _MOMENT
    found = []
    for pid in _numbers(root):
        name = (files.read(f"{root}/{pid}/comm", 64) or "").rstrip("\n")
        if _may_supervise(pid, name, root) and _is_supervisor(int(pid), name, root):
            found.append(int(pid))
        if monotonic() > deadline:
            break
    return tuple(found)


def children(pid: int, root: str = "/proc") -> tuple[int, ...]:
    """Return the children of a process; none where the kernel does not list them."""
    text = files.read(f"{root}/{pid}/task/{pid}/children") or ""
    return tuple(int(word) for word in text.split() if word.isascii() and word.isdecimal())


_describe = describe  # the argument of holders() has the name


def _stat(pid: int, root: str) -> tuple[str, int, int, str] | None:
    """Name, parent, start (clock ticks since boot) and state from ``/proc/PID/stat``.

    The name stands in parentheses and may itself hold any of them, so the
    fields are counted from the last closing one: proc_pid_stat(5).
    """
    text = files.read(f"{root}/{pid}/stat")
    if text is None:
        return None
    head, _, tail = text.rpartition(")")
    fields = tail.split()
    try:
        return head.partition("(")[2], int(fields[1]), int(fields[19]), fields[0]
    except (IndexError, ValueError):
        return None


def _program(pid: int, name: str, root: str) -> str:
    """The name of a process; of its program where it is only that of a thread.

    Node.js 24 gives its first thread the name "MainThread", which Linux keeps as the process's.
    """
    if name != "MainThread":
        return name
    first = (files.read(f"{root}/{pid}/cmdline", _COMMAND) or "").partition("\0")[0]
    return first.rpartition("/")[2] or name


def _command(pid: int, root: str) -> str | None:
    """The command line as a shell would quote it; None for a kernel thread."""
    text = files.read(f"{root}/{pid}/cmdline", _COMMAND)
    if not text:
        return None
    # A process that writes its own title (nginx, PostgreSQL) leaves one text padded with NULs.
    arguments = text.rstrip("\0").split("\0")
    if len(arguments) == 1:
        return arguments[0]
    return shell.joined(arguments)


def _user(pid: int, root: str) -> str | None:
    """The effective user, from the file's text: the directory's owner is root for many daemons."""
    for line in (files.read(f"{root}/{pid}/status") or "").splitlines():
        if line.startswith("Uid:"):
            fields = line.split()
            known = len(fields) > 2 and fields[2].isdecimal()
            return system.user_name(int(fields[2])) if known else None
    return None


def _started(ticks: int) -> str | None:
    """Ticks since boot as RFC 3339 UTC."""
    try:
        seconds = system.time_of(ticks)
        return None if seconds is None else strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(seconds))
    except (ValueError, OverflowError, OSError):
        return None


def _supervisor(
    process: tuple[int, str], ancestors: Sequence[tuple[int, str]], root: str
) -> tuple[Supervisor, str] | None:
    """What starts a process again, and that in words; few processes have one."""
    if not any(_may_supervise(pid, name, root) for pid, name in (process, *ancestors)):
        return None
    found = _reader().of_process(process, ancestors, _reader().Facts(root))
    return None if found is None else (found, _reader().text(found))


def _may_supervise(pid: int | str, name: str, root: str) -> bool:
    """Whether a process may be a supervisor: of Python programs, those that name one."""
    if not name.startswith(_SUPERVISORS):
        return False
    return not name.startswith("python") or "supervisor" in (
        files.read(f"{root}/{pid}/cmdline") or ""
    )


def _is_supervisor(pid: int, name: str, root: str) -> bool:
    return bool(_reader().is_one(pid, name, _reader().Facts(root)))


def _reader() -> ModuleType:
    """What tells about supervisors, where a process may be one."""
    from checks.probe.machine import supervisors  # noqa: PLC0415 - for those few

    return supervisors


def _starter(ancestors: Sequence[tuple[int, str]]) -> str | None:
    """The nearest ancestor that says how the process was started."""
    for ancestor, name in ancestors:
        if name in _STARTERS:
            return _STARTERS[name]
        if name.lstrip("-") in _SHELLS:
            return f"shell {name.lstrip('-')} (pid {ancestor})"
    return None


def ancestors_of(pid: int, root: str = "/proc") -> list[tuple[int, str]]:
    """Return number and name of a process, its parent, and so on up to the first process.

    Arguments:
        pid: its number.
        root: where procfs is mounted.
    """
    chain: list[tuple[int, str]] = []
    while pid > 0 and len(chain) < _MOST_ANCESTORS:
        stat = _stat(pid, root)
        if stat is None:
            break
        chain.append((pid, stat[0]))
        pid = stat[1]
    return chain


def _mark_main(owners: list[Owner], root: str) -> tuple[Owner, ...]:
    """Mark the owner that all other owners descend from.

    systemd keeps its own descriptor of a socket it activates; process 1 is
    therefore the main one only where it is alone.
    """
    others = [owner for owner in owners if owner.pid != 1]
    if len(others) < 2:
        return tuple(owners)
    lines = [{pid for pid, _ in ancestors_of(owner.pid, root)} for owner in others]
    common = set.intersection(*lines)
    main = next((owner.pid for owner in others if owner.pid in common), None)
    return tuple(owner._replace(main=owner.pid == main) for owner in owners)
