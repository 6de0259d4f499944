"""A101 loopback."""

from __future__ import annotations

from checks.findings.address.host import (
    FIRST_VALUE,
    is_network,
    label,
    located,
    registry_row,
)
from checks.findings.base import Finding, Match, Subject


class Loopback(Finding):
    """The address is 127.0.0.1 or ::1, or the loopback block itself.

    What it means
    -------------
    127.0.0.1 and ::1 are loopback addresses. The system hands packets for them straight back to
    itself. They never reach a cable, a radio or another machine.

    Loopback is not a lock. Every user and nearly every program of this machine can connect to it.
    On Windows, packaged apps cannot by default. A web page in a browser of this machine can try
    to connect too. Chrome 142 and later ask before a page of a public site may do so (Local
    Network Access, checked 2026-11).

    How it is detected
    ------------------
    The host is read as an address, in any spelling, and compared with the two addresses. A
    network in CIDR notation counts when all of it is in 127.0.0.0/8.

    Why it happens
    --------------
    A program that serves only this machine listens on loopback: development servers, databases,
    debuggers, the callback of a login in the browser.

    127.0.0.1 and ::1 are two addresses. A listener on one does not accept connections to the
    other. The name localhost may lead to either.

    What to do
    ----------
    Nothing, if you mean this machine. In a container, a virtual machine or a remote shell,
    127.0.0.1 is that container or machine. To reach a service outside it, use the other side's
    address or a port forward.

    To see the loopback addresses of this machine:

    - Linux: `ip address show dev lo`
    - macOS: `ifconfig lo0`
    - Windows: `netsh interface ipv4 show addresses`

    Guide
    -----
    loopback/#what-never-leaves-the-machine-means

    Sources
    -------
    - RFC 1122, section 3.2.1.3 (g): https://www.rfc-editor.org/info/rfc1122
    - RFC 4291, section 2.5.3, the IPv6 loopback address: https://www.rfc-editor.org/info/rfc4291
    - IANA IPv4 Special-Purpose Address Registry:
      https://www.iana.org/assignments/iana-ipv4-special-registry/
    - WICG, Local Network Access: https://wicg.github.io/local-network-access/
    - Chrome for Developers, Local Network Access:
      https://developer.chrome.com/blog/local-network-access
    - Microsoft, loopback and packaged apps:
      https://learn.microsoft.com/windows/uwp/communication/interprocess-communication
    """

    code = "A101"
    slug = "loopback"
    severity = "info"
    title = "Loopback address: this machine only"
    example = "127.0.0.1"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to 127.0.0.1, ::1 and networks within 127.0.0.0/8."""
        found = located(subject, "loopback")
        if found is None:
            return None
        host, block = found
        if is_network(host):
            text = f"{label(host)} is loopback: packets to any address in it stay on the machine."
        elif host.value in (1, FIRST_VALUE):
            text = (
                f"{label(host)} is loopback: packets to it never leave this machine. Programs and"
                " users of this machine can all reach it."
            )
        else:
            return None
        return Match(text, evidence=registry_row(block))
