"""A108 global-address."""

from __future__ import annotations

from checks.findings.address.host import host_of, is_network, label
from checks.findings.base import Finding, Match, Subject


class GlobalAddress(Finding):
    """The address is an ordinary one of the internet.

    What it means
    -------------
    The address is unicast and not set aside for a special purpose. Routers of the internet may
    carry packets for it. Whether a machine has it, and whether a firewall lets anyone reach it,
    the address does not tell.

    How it is detected
    ------------------
    It lies in none of the special-purpose blocks of IANA, and it is not multicast. For IPv6,
    IANA has so far given out addresses of 2000::/3 only; others are said to be outside.

    Why it happens
    --------------
    It is the address of a server, of a router's outer side, or of a machine with IPv6.

    What to do
    ----------
    If you meant a service on this machine, use 127.0.0.1 or ::1. If the address is this
    machine's, treat every listener on it as open to the internet until a firewall says otherwise.
    To see whether it is this machine's:

    - Linux: `ip address`
    - macOS: `ifconfig`
    - Windows: `ipconfig`

    Guide
    -----
    loopback/#addresses-that-are-mistaken-for-it

    Sources
    -------
    - RFC 4291, section 2.4, address types: https://www.rfc-editor.org/info/rfc4291
    - RFC 6890, special-purpose registries: https://www.rfc-editor.org/info/rfc6890
    - IANA IPv6 Global Unicast Address Assignments:
      https://www.iana.org/assignments/ipv6-unicast-address-assignments/
    """

    code = "A108"
    slug = "global-address"
    severity = "info"
    title = "The address is an ordinary one of the internet"
    example = "8.8.8.8"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to unicast addresses in no registry row."""
        host = host_of(subject)
        if host is None or not host.version or host.block is not None or is_network(host):
            return None
        if host.version == 6 and host.value >> 125 != 1:
            text = (
                f"{label(host)} is an IPv6 address outside 2000::/3, and IANA has given out"
                " unicast addresses of 2000::/3 only."
            )
            return Match(text)
        return Match(f"{label(host)} is an ordinary address of the internet, not of loopback.")
