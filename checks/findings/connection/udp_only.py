"""C311 udp-only."""

from __future__ import annotations

from checks.findings import commands, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.connection.context import context_of


class UdpOnly(Finding):
    """The port is used for UDP, but the connection test uses TCP.

    What it means
    -------------
    TCP and UDP have separate ports: 62893/udp and 62893/tcp are independent. A program that uses
    the UDP port does not answer a TCP connection, so the connection is refused.

    How it is detected
    ------------------
    The TCP connection was refused, the socket table has no TCP listener on the port, and it has
    an unconnected UDP socket on it.

    Why it happens
    --------------
    - The service uses UDP: DNS (53, also TCP), mDNS (5353), QUIC and HTTP/3, WireGuard, syslog.
    - Its TCP part is off.
    - Any program that sends UDP has such a socket for some time. It may have your port by chance.

    What to do
    ----------
    Use a client for the protocol of that service. With UDP, no answer is normal and proves
    nothing.

    - Linux: Show the socket: `ss -lunp 'sport = :62893'`.
    - macOS: Show the socket: `sudo lsof -nP -iUDP:62893`.
    - Windows: Show the socket, in PowerShell: `Get-NetUDPEndpoint -LocalPort 62893`. Find its
      program: `Get-Process -Id PID`.

    If the service should use TCP as well, switch that on in its configuration.

    Guide
    -----
    uses/diagnostics/#udp-does-not-refuse-it-is-silent

    Sources
    -------
    - RFC 768, UDP: https://www.rfc-editor.org/info/rfc768
    - RFC 6335, section 6, ports by transport: https://www.rfc-editor.org/info/rfc6335
    - udp(7): https://man7.org/linux/man-pages/man7/udp.7.html
    """

    code = "C311"
    slug = "udp-only"
    severity = "error"
    title = "Port used for UDP, not TCP"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where only UDP sockets have the port."""
        context = context_of(subject, cls.code)
        if context is None:
            return None
        row = context.listeners[0]
        text = (
            f"{wording.opening(row)} has {wording.bound(row)} open for UDP, and"
            f" no program listens for TCP: the TCP connection to {context.named} was refused."
        )
        port = context.number
        fixes = context.fixes(
            commands.advice("Use a client that speaks UDP, or switch TCP on in the service."),
            commands.each(
                "Show the UDP socket.",
                f"ss -lunp 'sport = :{port}'",
                f"lsof -nP -iUDP:{port}",
                f"netstat -ano -p UDP | findstr :{port}",
            ),
        )
        return Match(text, fixes, context.evidence())
