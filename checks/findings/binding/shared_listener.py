"""B408 shared-listener."""

from __future__ import annotations

from checks.findings import commands, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.owners import stop
from checks.findings.witness import asked_here, port_of
from checks.model.words import TCP
from checks.rules import programs
from checks.rules.owners import ancestor, sharing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.findings.base import Fix
    from checks.model.evidence import Listener, Probe


class SharedListener(Finding):
    """Several processes or sockets accept connections on the same address and port.

    What it means
    -------------
    More than one process can accept the next connection. Either they share one listening socket,
    or each has its own socket and the system spreads the connections (SO_REUSEPORT). To stop the
    service, stop the main process. It stops the others.

    How it is detected
    ------------------
    The socket table has several listeners on the same address and port, or several processes hold
    one listener. Every owner that this user may see is named. If one of them is the ancestor of
    the others, it is marked as main.

    If unrelated programs share a TCP port, it is a warning. If their command lines are alike, it
    is a notice: an older copy may still run. Processes of one parent with one command line count
    as workers.

    Why it happens
    --------------
    - A server forks workers after it has begun to listen: nginx, Apache, PostgreSQL, gunicorn.
    - A server sets SO_REUSEPORT so that each worker has its own queue.
    - On Windows two programs that set SO_REUSEADDR may listen on one port, and Python's
      http.server sets it. Which of them gets a connection is not defined.
    - A parent left the socket open in a child process by mistake. Then the port stays in use when
      the parent ends.

    What to do
    ----------
    Nothing, if the processes belong together. If one of them is an old copy, requests reach it by
    turns: you see old pages or settings now and then. Find it and stop it:

    - Linux: Show the listener: `ss -ltnp 'sport = :62893'`. The last column names the program and
      its pid, with sudo also for programs of other users. Compare the start times: `ps -o
      pid,ppid,lstart,args -p PID,PID`. Workers have the same PPID. Stop the one that is older and
      has another parent: `kill PID`.
    - macOS: Show the listener: `sudo lsof -nP -iTCP:62893 -sTCP:LISTEN`. COMMAND and PID name the
      program. Compare the start times: `ps -o pid,ppid,lstart,args -p PID,PID`. Stop the old one:
      `kill PID`.
    - Windows: Show the listener, in PowerShell: `Get-NetTCPConnection -LocalPort 62893 -State
      Listen -ErrorAction SilentlyContinue`. Find its program by OwningProcess: `Get-Process -Id
      PID`. Compare the start times, in PowerShell: `Get-Process -Id PID,PID | Select-Object
      Id,Name,StartTime`. Stop the old one: `taskkill /PID PID /T /F`.

    Then check that one program is left, and start your server again if you stopped the wrong one.
    A service of systemd or of a supervisor is stopped by its own command, or it comes back.

    Guide
    -----
    troubleshooting/intermittent/#two-servers-on-one-port

    Sources
    -------
    - Microsoft, using SO_REUSEADDR and SO_EXCLUSIVEADDRUSE:
      https://learn.microsoft.com/windows/win32/winsock/using-so-reuseaddr-and-so-exclusiveaddruse
    - socket(7), SO_REUSEPORT: https://man7.org/linux/man-pages/man7/socket.7.html
    - fork(2), open descriptors are inherited: https://man7.org/linux/man-pages/man2/fork.2.html
    - ps(1): https://man7.org/linux/man-pages/man1/ps.1.html
    - Microsoft, taskkill, /T and /F:
      https://learn.microsoft.com/windows-server/administration/windows-commands/taskkill
    """

    code = "B408"
    slug = "shared-listener"
    severity = "info"
    title = "Several processes share this listener"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> list[Match]:
        """Apply to each address with several sockets or owners."""
        if subject.probe is None or port_of(subject) is None or not asked_here(subject.probe):
            return []
        groups: dict[tuple[str, str, str | None], list[Listener]] = {}
        for row in subject.probe.listeners:
            groups.setdefault((row.protocol, row.address, row.interface), []).append(row)
        met = subject.conclusion
        hangs = met is not None and met.code in _HANGS
        found = (_shared(rows, subject.probe, hangs=hangs) for rows in groups.values())
        return [match for match in found if match is not None]


_HANGS = ("C305", "C320")
"""Conclusions on one program that takes no connections: they say what to do about it."""


def _shared(rows: list[Listener], probe: Probe, *, hangs: bool) -> Match | None:
    """The sentence for one address; None where one process has it alone.

    Arguments:
        rows: the listeners on the address.
        probe: the evidence.
        hangs: whether one of them takes no connections. Then the other is not to be stopped.
    """
    owners = {owner.pid: owner for row in rows for owner in row.owners}
    if len(rows) < 2 and len(owners) < 2:
        return None
    first = rows[0]
    where = f"{first.protocol.upper()} {wording.bound(first)}"
    who = wording.processes(list(owners.values())) if owners else wording.hidden(first)
    sockets = f"{len(rows)} sockets" if len(rows) > 1 else "one socket"
    main = ancestor(tuple(owners.values()))
    text = f"{where} has {sockets}, held by {who}"
    text += f"; the main process is {main.pid}." if main and len(owners) > 1 else "."
    if probe.machine.system == "windows" and len(owners) > 1:  # a row of its table is no socket
        text = (
            f"{where} is shared by {who}. Windows does not define which of them gets a connection."
        )
    lines = tuple(wording.listener_line(row) for row in rows)
    different = _different(rows)
    fixes: tuple[Fix, ...] = ()
    severity = None
    if different:
        text += " The kernel spreads connections over them, so clients reach one or the other."
        stops = () if hangs else (fix for row in different for fix in stop(row, probe))
        fixes = commands.for_machine(probe, commands.who_listens(first.port), stops)
        severity = "notice" if programs.are_alike(*different) else "warning"
    return Match(text, fixes, lines, severity, listeners=tuple(rows))


def _different(rows: list[Listener]) -> tuple[Listener, Listener] | None:
    """Two TCP listeners on the address that are of programs which have nothing to do."""
    shared = sharing(rows) if rows[0].protocol == TCP else ()
    return next(
        ((shared[0], row) for row in shared[1:] if programs.are_apart((shared[0],), (row,))), None
    )
