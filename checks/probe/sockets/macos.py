"""The socket table of macOS, by the system's own commands where psutil is denied it.

macOS shows the whole table to psutil as root only (psutil's documentation,
``net_connections``). To any user, ``netstat -v`` shows all sockets with a process each,
``lsof`` the processes of that user, and ``ps``, which is setuid root, every process.
Together they name the owner of every port without a privilege.
"""

from __future__ import annotations

import os
import re
import time

from checks.model.evidence import Owner
from checks.probe import system
from checks.probe.machine import elsewhere, tools
from checks.probe.sockets import macos_lsof, macos_netstat, psutil_backend
from checks.probe.sockets.row import Reading
from checks.rules.tables import TABLES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from checks.probe.sockets.row import Row

_PATIENCE = 4.0  # seconds for netstat and lsof together
_PS_PATIENCE = 2.0
_MOST_PROCESSES = 512  # of which ps is asked in one line

_NUMBER = re.compile(r"[0-9]{1,10}", re.ASCII)

_NETSTAT = "/usr/sbin/netstat"
_LSOF = "/usr/sbin/lsof"
_PS = "/bin/ps"

OWN_ONLY = (
    "Only the sockets of your own processes were seen: netstat printed no table of the others."
    " Run it with sudo to see them."
)
UNNAMED = "ps gave nothing on the processes, so little more than the pid of an owner is known."
SLOW = "lsof did not end in time; of processes that share a socket only the last one is named."


def read(protocols: Sequence[str], port: int = 0, *, taking: bool = False) -> Reading:
    """Return the rows of some protocols with their owners.

    Arguments:
        protocols: ``tcp``, ``udp`` or both.
        port: the local port; 0 for every row.
        taking: only sockets that take traffic (:attr:`Row.takes_traffic`).
    """
    if elsewhere.psutil is not None and system.is_administrator():
        whole = psutil_backend.read(protocols, port, taking=taking)
        if not whole.unread:
            return whole
    made = _by_commands(protocols, port, taking=taking)
    if made is None:
        return psutil_backend.read(protocols, port, taking=taking)
    return made


def _by_commands(protocols: Sequence[str], port: int, *, taking: bool) -> Reading | None:
    """The same by netstat, lsof and ps; None where neither of the first two told anything."""
    *tables, files = tools.outputs(
        (
            *((_NETSTAT, "-anvl", "-p", protocol) for protocol in protocols),
            (_LSOF, *_lsof_options(protocols, port, taking=taking)),
        ),
        _PATIENCE,
    )
    unread: set[str] = set()
    pids: dict[Row, set[int]] = {}
    names: dict[int, str] = {}
    for protocol, text in zip(protocols, tables, strict=True):
        found = macos_netstat.read(text or "")
        unread |= {f"{protocol}4", f"{protocol}6"} if found is None else found.unread
        for row, pid, program in found.entries if found else ():
            if _wanted(row, port, taking=taking):
                pids.setdefault(row, set()).update({pid} if pid else ())
                names.setdefault(pid, program)
    held = [each for each in macos_lsof.read(files or "") if _wanted(each.row, port, taking=taking)]
    _join(pids, held)
    names.update((each.pid, each.program) for each in held)
    if not pids and unread and not held:
        return None
    notes = [OWN_ONLY] if unread else []
    if files is None:
        notes.append(SLOW)
    owners, named = _owners({pid for group in pids.values() for pid in group}, names)
    if not named:
        notes.append(UNNAMED)
    return Reading(
        [*pids],
        tuple(name for name in TABLES if name in unread),
        tuple(notes),
        {
            row: tuple(owners[pid] for pid in sorted(group) if pid in owners)
            for row, group in pids.items()
        },
    )


def _lsof_options(protocols: Sequence[str], port: int, *, taking: bool) -> tuple[str, ...]:
    """What to ask lsof for: numbers only, no warnings, whole names of programs."""
    chosen = [f"-i{each.upper()}{f':{port}' if port else ''}" for each in protocols]
    state = ("-sTCP:LISTEN",) if taking and "tcp" in protocols else ()
    return ("-nP", "-w", "+c", "0", *chosen, *state, macos_lsof.FIELDS)


def _wanted(row: Row, port: int, *, taking: bool) -> bool:
    return port in (0, row.local_port) and (row.takes_traffic or not taking)


def _join(pids: dict[Row, set[int]], held: Iterable[macos_lsof.Held]) -> None:
    """Add lsof's processes to netstat's rows, and its rows where netstat has none of them."""
    known: dict[tuple[object, ...], Row] = {}
    for row in pids:
        known.setdefault(_key(row), row)
    for each in held:
        row = known.setdefault(_key(each.row), each.row)
        pids.setdefault(row, set()).add(each.pid)


def _key(row: Row) -> tuple[object, ...]:
    """What both tell of a socket: of a connection over IPv4 not whether its socket is IPv6."""
    return row.protocol, row.local, row.local_port, row.remote, row.remote_port


def _owners(pids: Collection[int], names: Mapping[int, str]) -> tuple[dict[int, Owner], bool]:
    """The processes that are there, by their numbers; and whether ps told of any."""
    numbers = sorted(pids)[:_MOST_PROCESSES]
    if not numbers:
        return {}, True
    asked = ("-p", ",".join(map(str, numbers)))
    nameless = [pid for pid in numbers if not names.get(pid)]
    columns = ("pid=", "ppid=", "user=", "lstart=", "command=")
    options = [word for column in columns for word in ("-o", column)]
    said, paths = tools.outputs(
        (
            (_PS, "-ww", *options, *asked),
            (_PS, "-ww", "-o", "pid=", "-o", "comm=", *asked) if nameless else (_PS, "-p", "0"),
        ),
        _PS_PATIENCE,
    )
    programs = {**parse_programs(paths or ""), **{pid: name for pid, name in names.items() if name}}
    found = parse_processes(said or "", programs)
    if found:
        return found, True
    there = [pid for pid in numbers if _is_there(pid)]
    return {pid: Owner(pid, programs.get(pid, ""), None, None, None) for pid in there}, not there


def parse_programs(text: str) -> dict[int, str]:
    """Read ``ps -o pid= -o comm=``: the path of each program, which may have blanks."""
    found = {}
    for line in text.splitlines():
        number, _, path = line.strip().partition(" ")
        if _NUMBER.fullmatch(number):
            found[int(number)] = path.strip().rpartition("/")[2]
    return found


def parse_processes(text: str, programs: Mapping[int, str]) -> dict[int, Owner]:
    """Read ``ps -o pid= -o ppid= -o user= -o lstart= -o command=``.

    Arguments:
        text: what it printed.
        programs: the name of each process.
    """
    found = {}
    for line in text.splitlines():
        words = line.split(None, 8)
        if len(words) < 8 or not (_NUMBER.fullmatch(words[0]) and _NUMBER.fullmatch(words[1])):
            continue
        pid = int(words[0])
        found[pid] = Owner(
            pid=pid,
            name=programs.get(pid, ""),
            command=words[8] if len(words) > 8 else None,
            user=words[2],
            started=_started(" ".join(words[3:8])),
            parent=int(words[1]),
        )
    return found


def _started(text: str) -> str | None:
    """A start in local time, ``Mon Nov 30 14:52:03 2026``, as RFC 3339 UTC."""
    try:
        seconds = time.mktime(time.strptime(text, "%a %b %d %H:%M:%S %Y"))
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
    except (ValueError, OverflowError, OSError):
        return None


def _is_there(pid: int) -> bool:
    """Whether there is such a process, also another user's: kill(2) with signal 0 sends none."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
