"""P204 ephemeral-port."""

from __future__ import annotations

from checks.findings.base import Finding, Match, Subject
from checks.findings.port.context import COMMON, machine_of, port_of
from checks.findings.wording import systems


class EphemeralPort(Finding):
    """The system may assign this port to any outgoing connection.

    What it means
    -------------
    A program that connects, or binds to port 0, gets a port from the system's ephemeral range.
    Any connection may use such a port for a short time. A server with a fixed port in that range
    sometimes fails to start with "address already in use".

    How it is detected
    ------------------
    If a machine was tested, its own range counts. Otherwise the defaults count: the finding
    applies if Linux, macOS or Windows has the port in its range, and it names every such system.

    Defaults: Linux 32768-60999, macOS, Windows and NetBSD 49152-65535, FreeBSD 10000-65535,
    Solaris 32768-65535, OpenBSD 1024-49151. IANA's dynamic ports, 49152-65535, are another thing:
    a range in which IANA registers nothing.

    Why it happens
    --------------
    - The system chose the number. Then it is the port of a client, or of a program that asked for
      any port.
    - You gave a server a number in that range.

    What to do
    ----------
    For a server, choose a port below the range. 1024 to 9999 is outside every default range but
    OpenBSD's. Or exclude the port from automatic choice:

    - Linux: Show the range: `sysctl net.ipv4.ip_local_port_range`. Exclude one port until the
      next restart: `sudo sysctl -w net.ipv4.ip_local_reserved_ports=40000`. The command replaces
      the list, so add the ports that `sysctl net.ipv4.ip_local_reserved_ports` prints.
    - macOS: Show the range: `sysctl net.inet.ip.portrange.first net.inet.ip.portrange.last`. One
      port cannot be excluded.
    - Windows: Show the range: `netsh int ipv4 show dynamicport tcp`. Reserve one port as
      Administrator: `netsh int ipv4 add excludedportrange protocol=tcp startport=50000
      numberofports=1`.

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
    - Microsoft, netsh interface ipv4, excludedportrange:
      https://learn.microsoft.com/windows-server/administration/windows-commands/netsh-interface
    """

    code = "P204"
    slug = "ephemeral-port"
    severity = "info"
    title = "Ephemeral port: the system may assign it"
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
            " the system may assign it to any outgoing connection."
        )
