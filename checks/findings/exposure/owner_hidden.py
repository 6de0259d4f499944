"""E507 owner-hidden."""

from __future__ import annotations

from checks.findings import commands, wording
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.exposure.listeners import endpoint, listeners_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Listener, Probe


class OwnerHidden(Finding):
    """A program listens, but this user may not see which one.

    What it means
    -------------
    The kernel shows the socket to everyone, but the process only to its owner and to root. So the
    listener has a user, often a unit or container, and no pid. That does not mean that there is
    no process.

    How it is detected
    ------------------
    The socket table has the listener, and none of the processes whose open files this user may
    read holds its inode. User and control group come from the kernel's answer over netlink.

    Why it happens
    --------------
    - The service runs as another user, as system services do.
    - It runs in another PID namespace, or the kernel itself listens, as for NFS. Then root sees
      no process here either. The same is true of a descriptor that is being passed through a Unix
      socket.
    - /proc is not mounted, or with `hidepid`, which hides other users' processes.

    What to do
    ----------
    The user and the unit mostly tell which service it is. To see the process, repeat the question
    as root or Administrator:

    - Linux: Show the listener as root: `sudo ss -ltnp 'sport = :62893'`. The last column names
      the program and its pid. Show the unit that it belongs to: `systemctl status PID`. Without
      sudo, list the units that listen by systemd: `systemctl list-sockets`. If root sees no
      process either, look for a container: `docker ps --filter publish=62893`.
    - macOS: Show the listener as root: `sudo lsof -nP -iTCP:62893 -sTCP:LISTEN`. Without root,
      show the process that used the socket last: `netstat -anv -p tcp | grep 62893`. The column
      with the pid depends on the version of macOS.
    - Windows: Show the pid, which needs no administrator: `netstat -ano | findstr /R /C:":62893
      "`. Show its program and services: `tasklist /svc /fi "PID eq 4711"`. Write the pid for
      4711. PID 4 is System: show which service HTTP.sys listens for: `netsh http show
      servicestate`.

    You can also run the check as root: `sudo python3 -m checks 127.0.0.1:62893`. It then names
    the process and how to stop it.

    Guide
    -----
    uses/diagnostics/#who-may-see-what

    Sources
    -------
    - proc_pid_fd(5), who may read it: https://man7.org/linux/man-pages/man5/proc_pid_fd.5.html
    - sock_diag(7), uid and inode of a socket:
      https://man7.org/linux/man-pages/man7/sock_diag.7.html
    - Apple, network_cmds, netstat.tproj/main.c, the columns of -v:
      https://github.com/apple-oss-distributions/network_cmds
    - pid_namespaces(7): https://man7.org/linux/man-pages/man7/pid_namespaces.7.html
    - systemctl(1), status of a PID: https://man7.org/linux/man-pages/man1/systemctl.1.html
    - Microsoft, tasklist:
      https://learn.microsoft.com/windows-server/administration/windows-commands/tasklist
    - Microsoft, netsh http show servicestate:
      https://learn.microsoft.com/windows-server/administration/windows-commands/netsh-http
    """

    code = "E507"
    slug = "owner-hidden"
    severity = "info"
    title = "The listening process is not visible"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> list[Match]:
        """Apply to each listener without a visible process."""
        probe = subject.probe
        if probe is None:
            return []
        return [
            _hidden(probe, alike[0])._replace(listeners=alike)
            for alike in listeners_of(subject)
            if not alike[0].owners
        ]


def _hidden(probe: Probe, row: Listener) -> Match:
    text = f"{endpoint(row)} belongs to {wording.hidden(row)}"
    line = (wording.listener_line(row),)
    if row.no_owner == "no-processes":
        return Match(f"{text}, but the processes could not be read.", evidence=line)
    if row.no_owner == "not-found" or probe.machine.privileged:
        text += f", but no process was found that holds it: {_who_may(probe)}."
        return Match(text, evidence=line)
    text += ", but its pid is hidden from this user."
    ss = "lunp" if row.protocol == "udp" else "ltnp"
    lsof = "UDP" if row.protocol == "udp" else "TCP"
    shown = "To see the process as well:"
    fixes = (
        Fix(shown, f"sudo ss -{ss} 'sport = :{row.port}'", commands.LINUX),
        Fix(shown, f"sudo lsof -nP -i{lsof}:{row.port}", commands.MACOS),
        Fix("To see the process as well, as administrator:", "netstat -abno", commands.WINDOWS),
    )
    return Match(text, commands.for_machine(probe, fixes), line)


def _who_may(probe: Probe) -> str:
    """Who may hold a listener that no process was found for; only Linux has PID namespaces."""
    if probe.machine.system == "linux":
        return "the kernel itself may, or a process of another PID namespace, such as a container's"
    return "the system itself may, or it was not shown"
