"""E506 relayed."""

from __future__ import annotations

from checks.findings import speech, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.witness import port_of, relay_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Listener


class Relayed(Finding):
    """The listener is a relay: what answers runs somewhere else.

    What it means
    -------------
    The process that holds the port passes connections on: to a container, a virtual machine, a
    cluster, or another machine. What speaks on the port, who may use it and what it logs is
    decided over there. The relay's own name says nothing about the service.

    How it is detected
    ------------------
    By the name and command line of the process that listens. The target is what the command line
    says; for docker-proxy and for ports that Docker redirects without it, Docker's own API names
    the container, where this user may ask it. A forward that is set up in a configuration file
    or by the other side of an ssh session has no target here.

    Why it happens
    --------------
    - Container engines publish ports: docker-proxy, pasta, rootlessport; conmon keeps them.
    - `ssh -L`, `-D` and `-R`, `kubectl port-forward`, socat and systemd-socket-proxyd forward.
    - WSL passes ports of its Linux machine on to Windows, editors those of remote workspaces.

    What to do
    ----------
    Look for the service at the target. To end the forward, stop the container or the command
    that made it rather than the relay alone.

    - Linux: `docker ps --filter publish=8080`; `ps -o args= -p PID` shows the command line
    - macOS: the same commands
    - Windows: `wsl --list --running`; `netsh interface portproxy show all`

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
    title = "A relay listens; what answers runs elsewhere"
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
