"""Group E, continued: whether what answers asks who is there, and where relays lead."""

from __future__ import annotations

from checks.findings import speech, wording
from checks.findings.base import Finding, Match
from checks.findings.conversation import relay_of, talk
from checks.findings.witness import place, port_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.findings.base import Subject
    from checks.findings.conversation import Talk
    from checks.model.evidence import Listener


def open_row(found: Talk) -> Listener | None:
    """The row by which others may reach the very program that answered; None where none does.

    That is the row that took the connection, or another one of the same processes.
    """
    row = found.row
    if row is None or row.reach != "host":
        return row
    same = (
        other
        for other in found.probe.listeners
        if other.protocol == "tcp" and other.reach != "host" and other.owners == row.owners
    )
    return next(same, None) if row.owners else None


def is_open(found: Talk) -> bool:
    """Whether others than this machine may reach what answered, firewalls apart.

    Without a row the address that accepted decides: one of a network is open.
    """
    if not found.local or open_row(found) is not None:
        return True
    if found.row is not None:
        return False
    accepted = next((one for one in found.probe.attempts if one.outcome == "accepted"), None)
    return accepted is not None and not place(accepted.address).loopback


_OTHERS = "others can connect too, unless a firewall or a rule of its own stops them."


def who_can(found: Talk) -> str:
    """One sentence on who can connect to it."""
    row = open_row(found)
    if not found.local:
        return "It is another machine, reached over the network."
    if row is not None and row.reach == "any":
        return f"It listens on every address of this machine: {_OTHERS}"
    if row is not None:
        return f"It listens on {wording.at(row.address, row.port)}: {_OTHERS}"
    unseen = wording.not_read(found.probe.unread)
    if found.row is not None and not unseen:
        return "Only this machine can reach it, but every program and user of it can."
    if unseen:
        return f"{unseen} So who else can reach it is not known."
    return "Who else can reach it is not known, because no listener of this machine takes it."


class UnauthenticatedService(Finding):
    """The service gives its data to whoever connects, without asking for a password.

    What it means
    -------------
    Something that is worth protecting was read without credentials: a database's contents, a
    broker's messages, the control of containers. On loopback every program and user of the
    machine can do the same. Beyond it, everyone who can connect.

    How it is detected
    ------------------
    The service was asked a harmless question of its own protocol that needs a login where logins
    are on: INFO of Redis, the names of MongoDB's databases, the version of the Docker API and
    the like. The evidence shows question and answer. No password is ever tried.

    It is a notice where only this machine can connect, and an error where the listener is open
    to others. The question was asked from here: a rule of the service's own that serves local
    clients only, such as the protected mode of Redis, may still turn others away. A debugger has
    a finding of its own, debug-interface-open.

    Why it happens
    --------------
    - Many databases and brokers start without a password, made for trusted networks.
    - A container image switches the password off, and its port is published on all addresses.

    What to do
    ----------
    Set a password, and listen on 127.0.0.1 unless others need the service. The fix names the
    setting of the product. To see on which addresses it listens:

    - Linux: `ss -ltnp`; publish containers with `docker run -p 127.0.0.1:6379:6379`
    - macOS: `lsof -nP -iTCP -sTCP:LISTEN`
    - Windows: `netstat -ano -p TCP`

    Sources
    -------
    - Redis, security: https://redis.io/docs/latest/operate/oss_and_stack/management/security/
    - MongoDB manual, enable access control:
      https://www.mongodb.com/docs/manual/tutorial/enable-authentication/
    - Docker manual, protect the daemon socket:
      https://docs.docker.com/engine/security/protect-access/
    """

    code = "E505"
    slug = "unauthenticated-service"
    severity = "notice"
    title = "The service asks nobody for a password"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where something was read without credentials, debuggers apart."""
        found = talk(subject)
        if found is None or found.identity.authentication != "none":
            return None
        if "debug-interface" in found.identity.traits:
            return None
        text = (
            f"{speech.who(found.identity)} on {found.here} answers without asking for a password."
            f" {who_can(found)}"
        )
        fixes = found.setting("PASSWORD")
        severity = "error" if is_open(found) else None
        return Match(text, found.fixes(fixes), found.evidence(), severity)


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


FINDINGS: tuple[type[Finding], ...] = (UnauthenticatedService, Relayed)
