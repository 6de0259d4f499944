"""A104 private-address."""

from __future__ import annotations

from checks.findings.address.host import label, located, registry_row
from checks.findings.base import Finding, Match, Subject
from checks.findings.wording import joined


class PrivateAddress(Finding):
    """The address is in a private network: RFC 1918, or IPv6 unique local.

    What it means
    -------------
    The address is for use inside one network: a home, an office, a data centre, the virtual
    network of containers. Routers of the internet do not carry packets for it. Countless networks
    use the same address, each for another machine.

    How it is detected
    ------------------
    It is in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or fc00::/7. Other blocks that the internet
    cannot reach, such as 100.64.0.0/10, have another purpose. They are reported as
    special-purpose-address.

    Why it happens
    --------------
    It is the usual address of a machine behind a router. Container engines and hypervisors take
    their networks from the same blocks.

    What to do
    ----------
    Every machine in the same network may be able to connect. Treat a listener on this address as
    reachable by others. To see whether it is an address of this machine:

    - Linux: `ip address`
    - macOS: `ifconfig`
    - Windows: `ipconfig`

    Guide
    -----
    troubleshooting/elsewhere/#from-a-phone-or-another-computer

    Sources
    -------
    - RFC 1918, section 3: https://www.rfc-editor.org/info/rfc1918
    - RFC 4193, unique local IPv6 addresses: https://www.rfc-editor.org/info/rfc4193
    - IANA IPv4 Special-Purpose Address Registry:
      https://www.iana.org/assignments/iana-ipv4-special-registry/
    """

    code = "A104"
    slug = "private-address"
    severity = "info"
    title = "Address of a private network"
    example = "192.168.1.5"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to RFC 1918 and unique local addresses and networks."""
        found = located(subject, "private")
        if found is None:
            return None
        host, block = found
        text = (
            f"{label(host)} is private ({joined(block.rfcs)}): it is for use inside one network,"
            " whose machines may reach it."
        )
        return Match(text, evidence=registry_row(block))
