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
    To listen on the port, a program may need a privilege. To connect to it, no program needs one.
    The ports and the privilege differ from system to system:

    - Linux: ports below `net.ipv4.ip_unprivileged_port_start`, which is 1024 unless it was
      changed in the network namespace. The program needs root or the capability
      CAP_NET_BIND_SERVICE.
    - macOS (10.14 and later): ports below 1024 on a specific address such as 127.0.0.1. The
      wildcard addresses 0.0.0.0 and :: need no privilege.
    - FreeBSD, NetBSD, OpenBSD, Solaris: ports below 1024 by default.
    - Windows: none. Excluded ranges and reservations of HTTP.sys can still refuse the port.

    How it is detected
    ------------------
    The number is from 1 to 1023. If a machine was tested, its own limit counts instead.

    Why it happens
    --------------
    On early Unix networks a port below 1024 was a sign that an administrator ran the service. The
    services of that time have their numbers there.

    What to do
    ----------
    For development choose a port from 1024 to 32767, such as 8080. To use a low port without
    root:

    - Linux: Allow one program: `sudo setcap cap_net_bind_service=+ep /path/to/program`. Or lower
      the limit for all programs until the next restart: `sudo sysctl
      net.ipv4.ip_unprivileged_port_start=80`.
    - macOS: Listen on 0.0.0.0 instead of 127.0.0.1, which also opens the port to the network. Or
      let launchd start the program, which binds the port for it.
    - Windows: No privilege is needed. If bind() fails with 10013, show the excluded ranges:
      `netsh int ipv4 show excludedportrange protocol=tcp`.

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
    title = "Listening here may need a privilege"
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
                f" {limit}, and {port.number} is one. To connect, no program needs it."
            )
        if port.number >= ports.FIRST_UNPRIVILEGED:
            return None
        return Match(
            f"Port {port.number} needs a privilege by default on {system(machine.system)}, but"
            f" this system requires one only below {limit}."
        )


def _privileged_by_default(port: Port, machine: Machine | None) -> str:
    if machine is not None and machine.system in ports.EPHEMERAL:
        here = system(machine.system)
        if machine.system not in port.privileged_on:
            return f"{here} lets every program listen on port {port.number}. Other systems do not."
        return f"To listen on port {port.number}, a program needs a privilege on {here} by default."
    return (
        f"To listen on port {port.number}, a program needs a privilege by default on"
        f" {systems(port.privileged_on)}. On Windows it needs none."
        " To connect, no program needs one."
    )
