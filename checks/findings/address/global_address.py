"""A108 global-address."""

from __future__ import annotations

from checks.findings.address.host import host_of, is_network, label
from checks.findings.base import Finding, Match, Subject


class GlobalAddress(Finding):
    """The address is an ordinary address of the internet.

    What it means
    -------------
    The address is for one machine and is not reserved for a special purpose. Routers of the
    internet may carry packets for it. The address does not tell whether a machine uses it, or
    whether a firewall lets you reach it.

    How it is detected
    ------------------
    It is in none of IANA's special-purpose blocks, and it is not multicast. For IPv6, IANA
    assigns only addresses of 2000::/3 so far. For an address outside 2000::/3 the message says
    so.

    Why it happens
    --------------
    It is the address of a server, of a router's outer side, or of a machine with IPv6.

    What to do
    ----------
    If you meant a service on this machine, use 127.0.0.1 or ::1. If this machine has the address,
    treat every listener on it as open to the internet, until you have tested the firewall from
    outside. To see whether this machine has it:

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
    title = "Public internet address"
    example = "8.8.8.8"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to unicast addresses in no registry row."""
        host = host_of(subject)
        if host is None or not host.version or host.block is not None or is_network(host):
            return None
        if host.version == 6 and host.value >> 125 != 1:
            text = (
                f"{label(host)} is an IPv6 address outside 2000::/3, and IANA assigns"
                " unicast addresses of 2000::/3 only."
            )
            return Match(text)
        return Match(f"{label(host)} is an ordinary address of the internet, not of loopback.")
