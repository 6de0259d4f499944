"""E507 owner-hidden."""

from __future__ import annotations

from checks.findings import commands, wording
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.exposure.listeners import endpoint, listeners_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Listener, Probe


class OwnerHidden(Finding):
    """A listener is there, but no process that holds it was seen.

    What it means
    -------------
    The kernel shows the socket to everyone, and the process only to its owner and to root. So
    there is a listener with a user, often with a unit or container, and without a pid. That is
    not the same as "no process".

    How it is detected
    ------------------
    The socket table has the listener, and none of the processes whose open files this user may
    read holds its inode. User and control group come from the kernel's answer over netlink.

    Why it happens
    --------------
    - The service runs as another user, as services of the system do.
    - It runs in another PID namespace, or the kernel itself listens, as for NFS: then root sees
      no process here either. So it is with a descriptor that is on its way through a Unix socket.
    - /proc is not mounted, or with `hidepid`, which keeps other users' processes out of sight.

    What to do
    ----------
    The user and the unit usually tell which service it is. To see the process as well:

    - Linux: `sudo ss -ltnp 'sport = :62893'`
    - macOS: `sudo lsof -nP -iTCP:62893 -sTCP:LISTEN`; without root `netstat -anv -p tcp` has a
      column with the process that used the socket last
    - Windows: `netstat -abno` as Administrator

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
    """

    code = "E507"
    slug = "owner-hidden"
    severity = "info"
    title = "The listener's process was not seen"
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
        return Match(f"{text}; the processes could not be looked at.", evidence=line)
    if row.no_owner == "not-found" or probe.machine.privileged:
        text += f"; no process was found that holds it: {_who_may(probe)}."
        return Match(text, evidence=line)
    text += "; its pid is hidden from this user."
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
