"""A116 name-carries-address."""

from __future__ import annotations

from checks.findings.address.name import name_of
from checks.findings.base import Finding, Match, Subject
from checks.findings.wording import clip


class NameCarriesAddress(Finding):
    """The name contains an address.

    What it means
    -------------
    Some public DNS services answer with the address that the name contains: 127.0.0.1.nip.io
    leads to 127.0.0.1. The answer comes from another organisation's name server. Reverse names
    (1.0.0.127.in-addr.arpa) and the ipv6-literal.net form of Windows contain an address too.

    How it is detected
    ------------------
    By the name: an address before the domain of a known service, or one of the reverse and
    literal forms. No DNS query is made, so whether the service answers is not known.

    Why it happens
    --------------
    Developers use such names for virtual hosts and certificates, because they need no DNS zone
    for it. In untrusted input, they are used to get past a filter: the name looks public, but its
    address is not.

    What to do
    ----------
    In a filter, resolve the name first and check the address, at the time of the connection. On
    one machine, use a name under .localhost, which needs no outside service. Some resolvers
    reject public names that lead to loopback or private addresses.

    To see what your resolver returns:

    - Linux: `getent ahosts 127.0.0.1.nip.io`
    - macOS: `dscacheutil -q host -a name 127.0.0.1.nip.io`
    - Windows: `Resolve-DnsName 127.0.0.1.nip.io`

    Guide
    -----
    security/ssrf/#a-check-that-holds

    Sources
    -------
    - nip.io: https://nip.io/ and sslip.io: https://sslip.io/
    - RFC 1035, section 3.5, in-addr.arpa: https://www.rfc-editor.org/info/rfc1035
    - RFC 3596, section 2.5, ip6.arpa: https://www.rfc-editor.org/info/rfc3596
    - RFC 6761, section 6.3, .localhost: https://www.rfc-editor.org/info/rfc6761
    """

    code = "A116"
    slug = "name-carries-address"
    severity = "notice"
    title = "The name contains an address"
    example = "127.0.0.1.nip.io"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to names that hold an address, whichever resolver does it."""
        found = name_of(subject)
        if found is None:
            return None
        text, name = found
        if name.carries is None or name.kind not in _CARRIERS:
            return None
        severity = None if name.kind == "carries-address" else "info"
        return Match(f"{text} contains {clip(name.carries)}. {name.says}", severity=severity)


_CARRIERS = frozenset(("carries-address", "reverse", "ipv6-literal"))
