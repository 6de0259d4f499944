"""Which network namespaces there are beside the one that this process is in.

The processes of one namespace share its files, so the inode of ``/proc/PID/net/tcp`` tells
namespaces apart, where ``/proc/PID/ns/net`` is for their owner alone. One stat() a process: 1 ms
for 90 processes. Most machines have no other one, so what looks into them is not loaded there.

Sources: network_namespaces(7); proc_pid_net(5); Linux, fs/proc/proc_net.c (get_proc_task_net,
which asks for no permission).
"""

from __future__ import annotations

import os
from time import monotonic

from checks.model.records import NamedTuple

_PATIENCE = 0.4  # seconds for all namespaces
_MOST = 256  # namespaces
_MOST_PIDS = 8  # of one namespace that are kept


class Space(NamedTuple):
    """A network namespace with processes in it.

    Arguments:
        pids: some of its processes, the first ones.
    """

    pids: tuple[int, ...]

    @property
    def root(self) -> str:
        """Below which its tables are."""
        return f"/proc/{self.pids[0]}"


class Seen(NamedTuple):
    """The namespaces other than this process's own.

    Arguments:
        spaces: those with processes that may be looked at.
        hidden: whether processes are hidden from this user.
        complete: False where time ran out.
        deadline: until when they may be looked at.
    """

    spaces: tuple[Space, ...]
    hidden: bool
    complete: bool
    deadline: float


def others(proc: str = "/proc") -> Seen:
    """Return the other network namespaces of this machine.

    Arguments:
        proc: where procfs is mounted.
    """
    deadline = monotonic() + _PATIENCE
    own = _identity(f"{proc}/thread-self") or _identity(f"{proc}/self")
    found: dict[int, list[int]] = {}
    hidden = own is None or not os.path.exists(f"{proc}/1")
    for pid in _pids(proc):
        if monotonic() > deadline or len(found) > _MOST:
            return Seen(_spaces(found, own), hidden, False, deadline)
        try:
            identity = os.stat(f"{proc}/{pid}/net/tcp").st_ino
        except PermissionError:  # proc(5), hidepid=1
            hidden = True
        except OSError:  # the process ended, or is a zombie
            continue
        else:
            known = found.setdefault(identity, [])
            if len(known) < _MOST_PIDS:
                known.append(pid)
    return Seen(_spaces(found, own), hidden, True, deadline)


def _pids(proc: str) -> list[int]:
    try:
        return sorted(int(name) for name in os.listdir(proc) if name.isascii() and name.isdecimal())
    except OSError:
        return []


def _identity(root: str) -> int | None:
    try:
        return os.stat(f"{root}/net/tcp").st_ino
    except OSError:
        return None


def _spaces(found: dict[int, list[int]], own: int | None) -> tuple[Space, ...]:
    """All but one's own; none where that is not known."""
    if own is None:
        return ()
    return tuple(Space(tuple(pids)) for identity, pids in found.items() if identity != own)
