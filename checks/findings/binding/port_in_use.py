"""B402 port-in-use."""

from __future__ import annotations

from checks.findings import commands, owners, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.binding.trials import are, lines_of, places, trials_of
from checks.findings.witness import covering
from checks.rules.listening import excludes
from checks.rules.places import place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Binding, Listener, Probe


class PortInUse(Finding):
    """A socket uses the port, so no other program can listen on that address.

    What it means
    -------------
    A second program that binds to the address and port fails with EADDRINUSE, "Address already in
    use", WSAEADDRINUSE (10048). For a running service this is normal.

    How it is detected
    ------------------
    bind() fails with EADDRINUSE, and the socket table has a listener that covers the address, or
    a connection of this machine whose local port it is. On Windows a listener with
    SO_EXCLUSIVEADDRUSE makes bind() fail with WSAEACCES (10013). A port of an excluded range is
    port-reserved. The message names the owner if this user may see it. If a connection is
    accepted, or the socket table could not be read, the port counts as in use too.

    Why it happens
    --------------
    - The program runs already, perhaps an older copy of it.
    - A listener on 0.0.0.0 or on :: (with IPv4) uses the port on every address.
    - A connection uses the port: an outgoing one that got it from the ephemeral range, or what is
      left of a server that has stopped. It may block the port even for programs that set
      SO_REUSEADDR.

    What to do
    ----------
    Stop the program that uses the port, or choose another port. Stop it where it was started. The
    process on the port may only relay connections, or a supervisor may start it again.

    - Linux: Show the listener: `ss -ltnp 'sport = :62893'`. The last column names the program and
      its pid, with sudo also for programs of other users. If it belongs to a unit, stop that:
      `sudo systemctl stop UNIT`, for your own unit `systemctl --user stop UNIT`. Otherwise stop
      the process: `kill PID`.
    - macOS: Show the listener: `sudo lsof -nP -iTCP:62893 -sTCP:LISTEN`. COMMAND and PID name the
      program. Then stop it: `kill PID`. A Homebrew service is stopped with `brew services stop
      NAME`.
    - Windows: Show the listener, in PowerShell: `Get-NetTCPConnection -LocalPort 62893 -State
      Listen -ErrorAction SilentlyContinue`. Find its program by OwningProcess: `Get-Process -Id
      PID`. Then press Ctrl-C in its window, or stop it with its child processes: `taskkill /PID
      PID /T /F`. PID 4 is System: HTTP.sys listens for IIS or another service.

    If the program is docker-proxy, rootlessport or com.docker.backend, stop the container:

    - `docker ps --filter publish=62893` names it, `docker stop NAME` stops it.
    - Do not stop docker-proxy or docker.service. All containers need them.

    If a supervisor runs it, a signal to the process does not help. Use `supervisorctl stop NAME`,
    `pm2 stop NAME`, `s6-svc -d DIRECTORY` or `sv down DIRECTORY`.

    Guide
    -----
    troubleshooting/in-use/#find-the-owner

    Sources
    -------
    - Microsoft, using SO_REUSEADDR and SO_EXCLUSIVEADDRUSE:
      https://learn.microsoft.com/windows/win32/winsock/using-so-reuseaddr-and-so-exclusiveaddruse
    - bind(2), EADDRINUSE: https://man7.org/linux/man-pages/man2/bind.2.html
    - socket(7), SO_REUSEADDR: https://man7.org/linux/man-pages/man7/socket.7.html
    - Windows Sockets Error Codes, WSAEADDRINUSE:
      https://learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2
    - Microsoft, taskkill, /T and /F:
      https://learn.microsoft.com/windows-server/administration/windows-commands/taskkill
    - systemctl(1): https://man7.org/linux/man-pages/man1/systemctl.1.html
    """

    code = "B402"
    slug = "port-in-use"
    severity = "info"
    title = "Port is in use"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where a listener or a connection holds the port."""
        trials = trials_of(subject, "in-use", "client-port")
        if not trials or subject.probe is None:
            return None
        trial = trials[0]
        if trial.outcome == "client-port":
            return _taken_by_connection(subject.probe, trials)
        rows = _holders(subject.probe, trial)
        text = f"{places(trials)} {are(trials)} in use"
        who = commands.who_listens(trial.port)
        if not rows:
            text += _unseen(trial)
            return Match(
                text, commands.for_machine(subject.probe, who), lines_of(trials, subject.probe)
            )
        row = rows[0]
        where = wording.bound(row)
        there = "there" if where == places(trials) else f"on {where}"
        text += f": {wording.holder(row)} listens {there}."
        fixes = commands.for_machine(subject.probe, who, owners.stop_all(rows, subject.probe))
        lines = (*lines_of(trials, subject.probe), *map(wording.listener_line, rows))
        return Match(text, fixes, lines, listeners=rows)


def _unseen(trial: Binding) -> str:
    """What is said of a holder that has no row."""
    if trial.reason == "exclusive":
        return " by a socket with exclusive use of it, which is not visible."
    if trial.reason == "denied":
        return " by a socket with exclusive use of it, or Windows reserves the port."
    return ", but the socket is not visible."


def _holders(probe: Probe, trial: Binding) -> tuple[Listener, ...]:
    """The listeners that keep the address from being bound, the most telling first.

    That is one that takes connections to the address, or else one that takes none and is in
    the way: on an address that a wildcard includes, or bound to another device.
    """
    bound = place(trial.address)
    rows = covering(probe, bound, unsure=True)
    return rows or tuple(
        row for row in probe.listeners if excludes(row, trial.address) is not False
    )


def _taken_by_connection(probe: Probe, trials: tuple[Binding, ...]) -> Match:
    peers = tuple(
        peer
        for peer in probe.others
        if peer.protocol == "tcp" and peer.state not in ("time-wait", "bound")
    )
    text = f"{places(trials)} {are(trials)} in use by a connection"
    if peers:
        holders = peers[0].owners
        text += f" ({peers[0].local} to {peers[0].remote})" if peers[0].remote else ""
        text += f" of {wording.processes(holders)}" if holders else ""
    fixes = commands.for_machine(probe, commands.who_uses(trials[0].port))
    return Match(f"{text}.", fixes, (*lines_of(trials, probe), *map(wording.peer_line, peers[:3])))
