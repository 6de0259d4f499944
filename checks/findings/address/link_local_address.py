"""A105 link-local-address."""

from __future__ import annotations

from checks.findings import commands
from checks.findings.address.host import is_network, label, located, registry_row
from checks.findings.base import Finding, Match, Subject


class LinkLocalAddress(Finding):
    """The address is valid on one network link only: 169.254.0.0/16 or fe80::/10.

    What it means
    -------------
    A link-local address works between machines on the same link: the same switch, the same Wi-Fi
    network. Routers do not forward it. On a machine with several interfaces you must name the
    interface too, because each interface has its own link.

    How it is detected
    ------------------
    The address is in 169.254.0.0/16 or fe80::/10.

    Why it happens
    --------------
    - IPv6 gives every interface an fe80:: address.
    - A machine that gets no answer from a DHCP server may choose an IPv4 address in
      169.254.0.0/16.
    - Clouds serve instance metadata on 169.254.169.254.

    What to do
    ----------
    For fe80::, add the interface after a percent sign: `fe80::1%eth0` on Linux, `fe80::1%en0` on
    macOS, `fe80::1%12` (the index) on Windows. Browsers do not accept an interface in a URL.

    For an unexpected 169.254 address, find out why DHCP did not answer. To see the interfaces and
    their addresses:

    - Linux: `ip address`
    - macOS: `ifconfig`
    - Windows: `ipconfig /all`

    Guide
    -----
    loopback/#addresses-that-are-mistaken-for-it

    Sources
    -------
    - RFC 3927, dynamic configuration of IPv4 link-local addresses:
      https://www.rfc-editor.org/info/rfc3927
    - RFC 4291, section 2.5.6: https://www.rfc-editor.org/info/rfc4291
    - RFC 4007, section 11, zones in text: https://www.rfc-editor.org/info/rfc4007
    - RFC 9844, zone identifiers in user interfaces: https://www.rfc-editor.org/info/rfc9844
    """

    code = "A105"
    slug = "link-local-address"
    severity = "info"
    title = "Link-local address: valid on one link only"
    example = "169.254.169.254"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to 169.254.0.0/16 and fe80::/10."""
        found = located(subject, "link-local")
        if found is None:
            return None
        host, block = found
        text = f"{label(host)} is link-local: it works on one link. Routers do not forward it."
        if host.version == 4 or host.zone is not None or is_network(host):
            return Match(text, evidence=registry_row(block))
        text += " It has no interface, but each interface has its own link."
        fix = commands.each(
            "Add the interface after a percent sign. List the interfaces:",
            "ip -6 address",
            "ifconfig",
            "Get-NetIPAddress -AddressFamily IPv6",
        )
        return Match(text, commands.for_machine(subject.probe, fix), registry_row(block))
