"""P204 ephemeral-port."""

from __future__ import annotations

from checks.findings.base import Finding, Match, Subject
from checks.findings.port.context import COMMON, machine_of, port_of
from checks.findings.wording import systems


class EphemeralPort(Finding):
    """A system may hand this port to any program that asks for none.

    What it means
    -------------
    When a program connects, or binds to port 0, the system picks a port for it from its ephemeral
    range. A number in that range may be taken for a moment by any connection. A server with a
    fixed port there can fail to start now and then with "address already in use".

    How it is detected
    ------------------
    When a machine was probed: by the range that it uses. Without a machine: by the defaults; the
    finding applies where Linux, macOS or Windows has the port in its range, and names every
    system that does.

    Defaults: Linux 32768-60999; macOS, Windows and NetBSD 49152-65535; FreeBSD 10000-65535;
    Solaris 32768-65535; OpenBSD 1024-49151. They are not the same as the dynamic ports of IANA,
    49152-65535, which is a statement about registration.

    Why it happens
    --------------
    Either the system chose the number: then it is a client's port or a program that asked for
    any. Or someone gave the server a number in that range.

    What to do
    ----------
    For a server choose a port below the range: 1024 to 9999 is outside every default range but
    OpenBSD's. Or keep the port out of automatic choice.

    - Linux: `sysctl net.ipv4.ip_local_port_range` shows the range,
      `sudo sysctl net.ipv4.ip_local_reserved_ports=40000` keeps one port out (it replaces the
      list).
    - macOS: `sysctl net.inet.ip.portrange.first net.inet.ip.portrange.last`
    - Windows: `netsh int ipv4 show dynamicport tcp`

    Guide
    -----
    ports/ranges/#change-it

    Sources
    -------
    - RFC 6056, port selection: https://www.rfc-editor.org/info/rfc6056
    - RFC 6335, section 6, Dynamic Ports: https://www.rfc-editor.org/info/rfc6335
    - Linux ip-sysctl, ip_local_port_range: https://docs.kernel.org/networking/ip-sysctl.html
    - Microsoft KB 929851, the default dynamic port range: https://support.microsoft.com/help/929851
    - FreeBSD ip(4), portrange: https://man.freebsd.org/cgi/man.cgi?query=ip&sektion=4
    """

    code = "P204"
    slug = "ephemeral-port"
    severity = "info"
    title = "The system may hand this port to any program"
    example = "127.0.0.1:49152"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply inside the machine's range; without a machine, inside a common default range."""
        port, machine = port_of(subject), machine_of(subject)
        if port is None or not port.number:
            return None
        if machine is not None and machine.ephemeral is not None:
            first, last = machine.ephemeral
            if not first <= port.number <= last:
                return None
            return Match(
                f"{port.number} is inside this system's ephemeral range {first}-{last}: the system"
                " may assign it to any outgoing connection.",
                evidence=(f"ephemeral range of this system: {first}-{last}",),
            )
        if machine is not None or not any(name in port.ephemeral_on for name in COMMON):
            return None
        return Match(
            f"{port.number} is inside the default ephemeral range of {systems(port.ephemeral_on)}:"
            " there the system may assign it to any outgoing connection."
        )
