"""A116 name-carries-address."""

from __future__ import annotations

from checks.findings.address.name import name_of
from checks.findings.base import Finding, Match, Subject
from checks.findings.wording import clip


class NameCarriesAddress(Finding):
    """The name has an address written into it.

    What it means
    -------------
    Some public DNS services answer with the address that the name itself contains:
    127.0.0.1.nip.io leads to 127.0.0.1. The answer comes from someone else's name server.
    Reverse names (1.0.0.127.in-addr.arpa) and the ipv6-literal.net form of Windows hold an
    address too.

    How it is detected
    ------------------
    By the name: a known service's domain and an address in front of it, or one of the reverse and
    literal forms. No resolver is asked, so whether the service answers is not known.

    Why it happens
    --------------
    Developers use such names for virtual hosts and certificates without a DNS zone of their own.
    In input from strangers they are also used to get past a filter: the name looks public, the
    address behind it is not.

    What to do
    ----------
    In a filter, resolve first and judge the address, at the time of the connection. For work on
    one machine, a name under .localhost needs no outside service. Some resolvers refuse public
    names that lead to loopback or private addresses.

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
    title = "The name carries an address"
    example = "127.0.0.1.nip.io"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to names that hold an address, whoever turns them into one."""
        found = name_of(subject)
        if found is None:
            return None
        text, name = found
        if name.carries is None or name.kind not in _CARRIERS:
            return None
        severity = None if name.kind == "carries-address" else "info"
        return Match(f"{text} carries {clip(name.carries)}. {name.says}", severity=severity)


_CARRIERS = frozenset(("carries-address", "reverse", "ipv6-literal"))
