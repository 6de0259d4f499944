"""The socket table of other systems than Linux, by psutil.

psutil is optional. Without it the diagnosis still connects and binds, and
says which line it could not fill.
"""

from __future__ import annotations

import socket
from time import gmtime, strftime

from checks.model import shell
from checks.model.evidence import Owner
from checks.model.words import TCP, UDP
from checks.probe import system
from checks.probe.machine import elsewhere, supervisors
from checks.probe.sockets.row import BOUND, LISTEN, Reading, Row, plain
from checks.rules.tables import TABLES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from types import ModuleType
    from typing import Any

    from checks.model.evidence import Supervisor

SOURCE = "psutil"
_PYTHON, _RIGHTS = (
    ("py", "as Administrator") if system.NAME == "windows" else ("python3", "with sudo")
)
MISSING = (
    "Who listens could not be learned: on this system that needs psutil"
    f" ({_PYTHON} -m pip install psutil)."
)
DENIED = (
    "Who listens could not be learned in full: this system shows only the sockets of your own"
    f" processes to you. Run it {_RIGHTS} to see the others."
)

_STATES = {
    "LISTEN": LISTEN,
    "ESTABLISHED": "established",
    "SYN_SENT": "syn-sent",
    "SYN_RECV": "syn-received",
    "FIN_WAIT1": "fin-wait-1",
    "FIN_WAIT2": "fin-wait-2",
    "TIME_WAIT": "time-wait",
    "CLOSE_WAIT": "close-wait",
    "LAST_ACK": "last-ack",
    "CLOSING": "closing",
    "BOUND": BOUND,
    "CLOSE": BOUND,
}
"""psutil's names of states; for UDP it has NONE."""


def read(protocols: Sequence[str] = (TCP, UDP), port: int = 0, *, taking: bool = False) -> Reading:
    """Return the rows of some protocols with their owners.

    Arguments:
        protocols: ``tcp``, ``udp`` or both.
        port: the local port; 0 for every row.
        taking: only sockets that take traffic (:attr:`Row.takes_traffic`).
    """
    tables = tuple(name for name in TABLES if name[:-1] in protocols)
    psutil = elsewhere.psutil
    if psutil is None:
        return Reading([], tables, (MISSING,), {})
    note = None
    try:
        connections = [(each, each.pid) for each in psutil.net_connections(kind="inet")]
    except psutil.AccessDenied:
        connections, note = _own(psutil), DENIED
    except (psutil.Error, OSError, RuntimeError) as error:
        failed = f"Who listens could not be learned: psutil failed ({type(error).__name__})."
        return Reading([], tables, (failed,), {})
    pids: dict[Row, set[int]] = {}
    for each, pid in connections:
        if each.laddr and port in (0, each.laddr.port):
            row = _row(each)
            if row.protocol in protocols and (row.takes_traffic or not taking):
                pids.setdefault(row, set()).update({pid} if pid else ())
    unread, notes = (tables, (note,)) if note else ((), ())
    return Reading([*pids], unread, notes, _owners(psutil, pids))


def _owners(
    psutil: ModuleType, pids: Mapping[Row, Collection[int]]
) -> dict[Row, tuple[Owner, ...]]:
    """The processes that hold each row, each looked up once."""
    known = {pid: _owner(psutil, pid) for group in pids.values() for pid in group}
    return {
        row: tuple(owner for pid in sorted(group) if (owner := known[pid]) is not None)
        for row, group in pids.items()
    }


def _own(psutil: ModuleType) -> list[tuple[Any, int]]:
    """The sockets of the processes that this user may look at, each with its process.

    macOS shows the whole table to root only, and to others that of their own processes.
    """
    found = []
    for process in psutil.process_iter():
        # Named connections() before psutil 6.
        ask = getattr(process, "net_connections", None) or process.connections
        try:
            found += [(each, process.pid) for each in ask(kind="inet")]
        except (psutil.Error, OSError, RuntimeError):
            continue
    return found


def _row(connection: object) -> Row:
    local, remote = connection.laddr, connection.raddr  # type: ignore[attr-defined]
    udp = connection.type == socket.SOCK_DGRAM  # type: ignore[attr-defined]
    state = _STATES.get(connection.status, "established")  # type: ignore[attr-defined]
    if udp:
        state = "established" if remote else "closed"
    version = 4 if connection.family == socket.AF_INET else 6  # type: ignore[attr-defined]
    nowhere = "0.0.0.0" if version == 4 else "::"
    return Row(
        protocol=UDP if udp else TCP,
        state=state,
        version=version,
        local=plain(local.ip),
        local_port=local.port,
        remote=plain(remote.ip) if remote else nowhere,
        remote_port=remote.port if remote else 0,
        receive=None,
        send=None,
        uid=None,
        inode=None,
        v6only=None,
        cgroup=None,
        interface=0,
        source=SOURCE,
    )


def _owner(psutil: ModuleType, pid: int) -> Owner | None:
    try:
        process = psutil.Process(pid)
        facts = process.as_dict(["name", "cmdline", "username", "create_time", "cwd", "ppid"])
    except (psutil.Error, OSError):
        return None
    created = facts["create_time"]
    supervisor = _supervisor(process, facts["name"] or "", psutil)
    return Owner(
        pid=pid,
        name=facts["name"] or "",
        command=shell.joined(facts["cmdline"]) if facts["cmdline"] else None,
        user=facts["username"],
        started=strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(created)) if created else None,
        directory=facts["cwd"],
        parent=facts["ppid"],
        started_by=supervisor and supervisors.text(supervisor),
        supervisor=supervisor,
    )


def _supervisor(process: Any, name: str, psutil: ModuleType) -> Supervisor | None:
    """What starts a process again; None also where its ancestors cannot be looked at.

    On Windows each question for a parent takes a list of all processes, and of these supervisors
    only pm2 runs there.
    """
    if system.NAME == "windows":
        return None
    try:
        ancestors = [(parent.pid, parent.name()) for parent in process.parents()]
        return supervisors.of_process((process.pid, name), ancestors, _Facts(psutil))
    except (psutil.Error, OSError):
        return None


class _Facts(supervisors.Facts):
    """What psutil tells of processes; of another user's little."""

    def __init__(self, psutil: ModuleType) -> None:
        super().__init__()
        self._psutil = psutil

    def _ask(self, pid: int, what: str) -> Any:
        """The answer to one question; None where it is not given."""
        try:
            return getattr(self._psutil.Process(pid), what)()
        except (self._psutil.Error, OSError, AttributeError):
            return None

    def words(self, pid: int) -> list[str]:
        return self._ask(pid, "cmdline") or []

    def variables(self, pid: int) -> Mapping[str, str]:
        return self._ask(pid, "environ") or {}

    def home(self, pid: int) -> str | None:
        return self._ask(pid, "cwd") or None

    def parent(self, pid: int) -> int:
        return self._ask(pid, "ppid") or 0

    def children(self, pid: int) -> Sequence[int]:
        return [child.pid for child in self._ask(pid, "children") or ()]

    def terminal(self, pid: int) -> str | None:
        found: str | None = self._ask(pid, "terminal")
        return found

    def user(self, pid: int) -> str | None:
        found: str | None = self._ask(pid, "username")
        return found

    def user_home(self, pid: int) -> str | None:
        uids = self._ask(pid, "uids")  # Windows has none
        return system.home_of(uids.effective) if uids else None
