"""A109 special-purpose-address."""

from __future__ import annotations

from checks.address import ipv6
from checks.findings.address.host import is_network, label, located, registry_row
from checks.findings.base import Finding, Fix, Match, Subject
from checks.model.words import at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.address.host import Host


class SpecialPurposeAddress(Finding):
    """The address is in a block that IANA reserves for a special purpose.

    What it means
    -------------
    IANA has two registries of special blocks. Each row says whether such an address may be the
    source or the target of a packet, whether routers may forward it, and whether the whole
    internet can reach it. The message names the row and its purpose.

    How it is detected
    ------------------
    The address, or the whole network, is in a registry row that no other finding covers.
    Where rows overlap, the longest prefix counts. For example, 192.0.0.9 is reachable from
    everywhere, although 192.0.0.0/24 around it is not.

    An address such as ::1:9093 is a warning. Its last group is a decimal port, because the
    address and its port were written without brackets. Some programs print it as ::0.1.144.147.

    Why it happens
    --------------
    Frequent ones are 100.64.0.0/10 (between a provider's shared NAT and its customers, and in
    some overlay networks), 198.18.0.0/15 (measurements), 240.0.0.0/4 (reserved since 1989) and
    the rest of 0.0.0.0/8. ::/96 has had no use since 2006. Reserved does not mean unreachable:
    Linux sends packets for 0.0.0.1 or ::127.0.0.1 to the default gateway, if there is one.

    What to do
    ----------
    Check that you mean this address. Write brackets between an IPv6 address and its port:
    [::1]:9093. To see whether this machine has the address:

    - Linux: `ip address`
    - macOS: `ifconfig`
    - Windows: `ipconfig /all`

    Guide
    -----
    loopback/#addresses-that-are-mistaken-for-it

    Sources
    -------
    - IANA IPv4 Special-Purpose Address Registry:
      https://www.iana.org/assignments/iana-ipv4-special-registry/
    - IANA IPv6 Special-Purpose Address Registry:
      https://www.iana.org/assignments/iana-ipv6-special-registry/
    - RFC 6890 and RFC 8190, what the registries record: https://www.rfc-editor.org/info/rfc6890
    - Linux commit 96125bf9985a, 0.0.0.0/8 is unicast since 5.3:
      https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/commit/?id=96125bf9985a
    """

    code = "A109"
    slug = "special-purpose-address"
    severity = "info"
    title = "Address reserved for a special purpose"
    example = "100.64.0.1"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to registry rows that no other address finding is about."""
        found = located(subject, "special")
        if found is None:
            return None
        host, block = found
        inside = None if is_network(host) else host.embedded
        if inside is not None and inside.form != "isatap":
            return None
        bare = host.version == 6 and host.prefix_length is None
        meant = ipv6.swallowed_port(host.value) if bare else None
        if meant is not None:
            return _without_brackets(host, ipv6.format(meant[0]), meant[1])
        text = f"{label(host)} is in {block.prefix}, {block.name}. {block.says}"
        return Match(text, evidence=registry_row(block))


def _without_brackets(host: Host, address: str, port: int) -> Match:
    """An address with its port, which a parser took for one address."""
    text = (
        f"{label(host)} is parsed as one address, in an unused block. Most likely you mean"
        f" {address} with port {port}: without brackets the port becomes part of the address."
    )
    fix = (Fix(f"Write {at(address, port)}, with brackets."),)
    return Match(text, fix, registry_row(host.block) if host.block else (), "warning")
