"""A110 embeds-ipv4."""

from __future__ import annotations

from checks.address import blocks
from checks.findings.address.host import host_of, is_network, label, purpose_of
from checks.findings.base import Finding, Fix, Match, Subject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.address.embedded import Embedded


_FORMS = {
    "ipv4-mapped": "an IPv4-mapped address",
    "ipv4-compatible": "an IPv4-compatible address (a deprecated form)",
    "siit": "an IPv4-translated address",
    "nat64": "a NAT64 address",
    "6to4": "a 6to4 address",
    "teredo": "a Teredo address",
    "isatap": "an ISATAP address",
}
_KINDS = {"host": "loopback", "link": "link-local", "site": "private"}


class EmbedsIpv4(Finding):
    """An IPv6 address contains an IPv4 address.

    What it means
    -------------
    Some forms of IPv6 address hold an IPv4 address in a part of their bits. That does not make
    them the same: ::ffff:127.0.0.1 contains a loopback address but is not one. A page that is
    served from it is not a secure context.

    The IPv4-mapped form is special. A program that connects to ::ffff:127.0.0.1 sends IPv4 to
    127.0.0.1. A filter that checks only 127.0.0.0/8 and ::1 lets it pass. Translators and tunnels
    may turn the other forms into IPv4 later.

    The deprecated form ::127.0.0.1 is not loopback. Linux treats it like any other IPv6 address:
    it sends the packet to the default gateway, or fails with ENETUNREACH where there is none.

    How it is detected
    ------------------
    By the bits:

    - IPv4-mapped ::ffff:0:0/96 and IPv4-translated ::ffff:0:0:0/96
    - IPv4-compatible ::/96, which is deprecated
    - NAT64 64:ff9b::/96 and 64:ff9b:1::/48. A NAT64 prefix that an operator chose is not
      recognised.
    - 6to4 2002::/16, and Teredo 2001::/32 with client and server
    - ISATAP, where the interface identifier begins with 0:5efe or 200:5efe

    It is a warning if the IPv4 address is loopback, link-local or private.

    Why it happens
    --------------
    A program with one IPv6 socket for both IP versions prints IPv4 clients in the mapped form.
    NAT64 and the tunnels build their addresses by rule. In a request to a server, such an address
    can be an attempt to get past a filter.

    What to do
    ----------
    In a log, the mapped form is an IPv4 client: read the IPv4 address in it. In a filter, extract
    the IPv4 address first and check it as well. To reach this machine, use 127.0.0.1 or ::1.

    To see what a client does with the mapped form:

    - Linux: `curl -v "http://[::ffff:127.0.0.1]:62893/"`
    - macOS: the same command
    - Windows: `curl.exe -v "http://[::ffff:127.0.0.1]:62893/"`

    Guide
    -----
    loopback/ipv6/#what-carries-an-ipv4-address-and-is-not-1

    Sources
    -------
    - RFC 4291, section 2.5.5: https://www.rfc-editor.org/info/rfc4291
    - RFC 3493, section 3.7, mapped addresses on sockets: https://www.rfc-editor.org/info/rfc3493
    - RFC 6052, NAT64 prefixes, and RFC 8215: https://www.rfc-editor.org/info/rfc6052
    - RFC 3056 (6to4), RFC 4380 (Teredo), RFC 5214 (ISATAP):
      https://www.rfc-editor.org/info/rfc4380
    - W3C Secure Contexts, section 3.1: https://www.w3.org/TR/secure-contexts/
    """

    code = "A110"
    slug = "embeds-ipv4"
    severity = "notice"
    title = "IPv6 address contains an IPv4 address"
    example = "::ffff:127.0.0.1"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to IPv6 addresses in one of the seven forms."""
        host = host_of(subject)
        if host is None or host.version != 6 or is_network(host):
            return None
        inside = host.embedded
        if inside is None:
            return None
        block = blocks.lookup(4, inside.value)
        kind = _KINDS.get(blocks.scope(4, inside.value))
        if kind == "private" and block is not None and purpose_of(block) != "private":
            kind = "non-public"
        text = _embeds(label(host), inside, kind)
        fix = (
            (Fix(f"In a filter, check {inside.address} as well as the IPv6 address."),)
            if kind
            else ()
        )
        return Match(text, fix, severity="warning" if kind else None)


def _embeds(name: str, inside: Embedded, kind: str | None) -> str:
    """The sentences of A110."""
    form = _FORMS.get(inside.form, f"an {inside.form} address")
    what = inside.address + (f" ({kind})" if kind else "")
    server = f" and the server {inside.server}" if inside.server else ""
    maybe = "" if inside.certain else "perhaps "
    text = f"{name} is {maybe}{form} that contains {what}{server}."
    if kind == "loopback":
        text = text[:-1] + ". It is not loopback itself."
    if inside.form == "ipv4-mapped":
        text += f" A socket that connects to it sends IPv4 to {inside.address}."
    return text
