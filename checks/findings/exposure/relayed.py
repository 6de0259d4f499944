"""E506 relayed."""

from __future__ import annotations

from checks.findings import speech, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.witness import port_of, relay_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Listener


class Relayed(Finding):
    """The listener is a relay: the service runs somewhere else.

    What it means
    -------------
    The process on the port passes connections on to a container, a virtual machine, a cluster, or
    another machine. The service, its users and its log are there. The name of the relay says
    nothing about the service.

    How it is detected
    ------------------
    By the name and command line of the process that listens. The target is what the command line
    says. For docker-proxy, and for ports that Docker redirects without it, Docker's API names the
    container if this user may use it. A forward from a configuration file, or from the other end
    of an ssh session, has no target here.

    Why it happens
    --------------
    - Container engines publish ports: docker-proxy, pasta, rootlessport, conmon.
    - `ssh -L`, `-D` and `-R`, `kubectl port-forward`, socat and systemd-socket-proxyd forward
      connections.
    - WSL passes ports of its Linux machine on to Windows. Editors forward those of remote
      workspaces.

    What to do
    ----------
    Look for the service at the target: read its log and its settings there. To end the forward,
    stop the container or the command that created it, not the relay.

    - Linux: Show the container: `docker ps --filter publish=8080`. Stop it: `docker stop NAME`.
      Show the command line of another relay: `ps -o args= -p PID`.
    - macOS: Show the container: `docker ps --filter publish=8080`. Stop it: `docker stop NAME`.
      Show the command line of another relay: `ps -o args= -p PID`.
    - Windows: Show the container: `docker ps --filter publish=8080`. Show running WSL machines:
      `wsl --list --running`. Show port proxies: `netsh interface portproxy show all`.

    Guide
    -----
    uses/tunnels/#what-a-forward-looks-like-from-outside

    Sources
    -------
    - Docker manual, port publishing: https://docs.docker.com/engine/network/port-publishing/
    - ssh(1), -L, -R and -D: https://man7.org/linux/man-pages/man1/ssh.1.html
    - systemd-socket-proxyd(8):
      https://man7.org/linux/man-pages/man8/systemd-socket-proxyd.8.html
    - Microsoft, accessing network applications with WSL:
      https://learn.microsoft.com/windows/wsl/networking
    """

    code = "E506"
    slug = "relayed"
    severity = "info"
    title = "A relay: the service runs elsewhere"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where the probe recognised a relay."""
        probe, number, relay = subject.probe, port_of(subject), relay_of(subject)
        if probe is None or relay is None or number is None:
            return None
        row = next((row for row in probe.listeners if _holds(row, relay.pid)), None)
        text = f"Port {number} is {speech.one_line(relay.description, 200)}"
        who = _process(row, relay.pid)
        if relay.target is not None:
            text += f": {who or 'the system'} passes connections on to {speech.destination(relay)}."
        else:
            text += f"; {who} holds it." if who else "."
        rows = (row,) if row else ()
        return Match(text, evidence=tuple(map(wording.listener_line, rows)), listeners=rows)


def _holds(row: Listener, pid: int | None) -> bool:
    return row.protocol == "tcp" and any(owner.pid == pid for owner in row.owners)


def _process(row: Listener | None, pid: int | None) -> str:
    """The process of a relay, as messages name it; "" where it is not visible."""
    for owner in row.owners if row else ():
        if owner.pid == pid:
            return wording.process(owner)
    return f"pid {pid}" if pid is not None else ""
