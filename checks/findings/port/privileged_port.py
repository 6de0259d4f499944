"""P202 privileged-port."""

from __future__ import annotations

from checks import ports
from checks.findings.base import Finding, Match, Subject
from checks.findings.port.context import machine_of, port_of
from checks.findings.wording import systems
from checks.model.words import system

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Machine
    from checks.ports import Port


class PrivilegedPort(Finding):
    """Some systems let only privileged programs listen on this port.

    What it means
    -------------
    To listen on the port, a program may need a privilege. To connect to it, no program does.
    Which ports are meant, and which privilege, differs from system to system:

    - Linux: below `net.ipv4.ip_unprivileged_port_start`, 1024 unless set otherwise for the
      network namespace. Root or the capability CAP_NET_BIND_SERVICE.
    - macOS (10.14 and later): below 1024 on a specific address such as 127.0.0.1. The unspecified
      addresses 0.0.0.0 and :: are free for everyone.
    - FreeBSD, NetBSD, OpenBSD, Solaris: below 1024 by default.
    - Windows: none. Other rules (excluded ranges, reservations of HTTP.sys) can still refuse.

    How it is detected
    ------------------
    The number is from 1 to 1023. When the machine was probed, its own limit counts instead.

    Why it happens
    --------------
    On early Unix networks a port below 1024 was a sign that an administrator ran the service. The
    services of that time have their numbers there.

    What to do
    ----------
    For development choose a port from 1024 to 32767, such as 8080. To listen on a low port
    without root on Linux, allow that one program or lower the limit.

    - Linux: `sudo setcap cap_net_bind_service=+ep /path/to/program`, or
      `sudo sysctl net.ipv4.ip_unprivileged_port_start=80`
    - macOS: start the program through launchd, which binds the port for it.
    - Windows: nothing to do.

    Guide
    -----
    troubleshooting/permission/#which-ports-need-a-privilege

    Sources
    -------
    - Linux ip-sysctl, ip_unprivileged_port_start:
      https://docs.kernel.org/networking/ip-sysctl.html
    - capabilities(7), CAP_NET_BIND_SERVICE:
      https://man7.org/linux/man-pages/man7/capabilities.7.html
    - xnu, bsd/netinet/in_pcb.c, in_pcbbind():
      https://github.com/apple-oss-distributions/xnu
    - RFC 6335, section 6, System Ports: https://www.rfc-editor.org/info/rfc6335
    """

    code = "P202"
    slug = "privileged-port"
    severity = "info"
    title = "Listening on this port needs a privilege on some systems"
    example = "127.0.0.1:1023"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to 1 to 1023, and to what the probed machine guards."""
        port, machine = port_of(subject), machine_of(subject)
        if port is None or not port.number:
            return None
        limit = machine.unprivileged_start if machine else None
        if machine is None or limit is None:
            if not port.privileged_on:
                return None
            return Match(_privileged_by_default(port, machine))
        if port.number < limit:
            who = " (this user has it)" if machine.privileged else ""
            return Match(
                f"On this system a program needs a privilege{who} to listen on a port below"
                f" {limit}, and {port.number} is one. Connecting needs none."
            )
        if port.number >= ports.FIRST_UNPRIVILEGED:
            return None
        return Match(
            f"Port {port.number} needs a privilege by default on {system(machine.system)}, but"
            f" this system asks for one only below {limit}."
        )


def _privileged_by_default(port: Port, machine: Machine | None) -> str:
    if machine is not None and machine.system in ports.EPHEMERAL:
        here = system(machine.system)
        if machine.system not in port.privileged_on:
            return f"{here} lets every program listen on port {port.number}; other systems do not."
        return f"To listen on port {port.number}, a program needs a privilege on {here} by default."
    return (
        f"To listen on port {port.number}, a program needs a privilege by default on"
        f" {systems(port.privileged_on)}; on Windows it needs none. Connecting needs none."
    )
