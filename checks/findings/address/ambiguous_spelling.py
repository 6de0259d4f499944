"""A111 ambiguous-spelling."""

from __future__ import annotations

from checks.findings.address.host import host_of, is_plain
from checks.findings.address.readers import distinct
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.wording import clip, joined


class AmbiguousSpelling(Finding):
    """Programs read the spelling as different hosts.

    What it means
    -------------
    The text names one host to one program and another host to the next. What a filter checks is
    then not what the connection uses.

    How it is detected
    ------------------
    The spelling is read three ways: as browsers do (WHATWG URL), as the C library's inet_aton
    does, and strictly (four decimal parts, or RFC 4291). The finding applies when two of them
    give different hosts. It also applies when a part has a leading zero and octal and decimal
    give different addresses: browsers, curl and inet_aton read 010.0.0.1 as octal, 8.0.0.1; Java
    reads it as decimal, 10.0.0.1.

    Why it happens
    --------------
    inet_aton of 1983 takes octal and hexadecimal parts and fewer than four of them, and it stops
    at white space. Browsers kept some of that, and the strict readers none. Leading zeros come
    from padding, as in 127.000.000.010.

    What to do
    ----------
    Write the address in plain form: four decimal parts without leading zeros. In a program that
    checks addresses, parse once, refuse what the strict reader refuses, and connect to the parsed
    value, not to the text.

    Linux and macOS: `curl -v http://010.0.0.1/` shows the address that curl takes.
    Windows: `ping 010.0.0.1` shows the address that the system takes.

    Guide
    -----
    loopback/spellings/#what-to-do-about-it

    Sources
    -------
    - RFC 6943, section 3.1.1, strict and loose readers: https://www.rfc-editor.org/info/rfc6943
    - WHATWG URL Standard, IPv4 parser: https://url.spec.whatwg.org/#concept-ipv4-parser
    - inet(3), inet_aton: https://man7.org/linux/man-pages/man3/inet.3.html
    - Java InetAddress, textual representation of IP addresses:
      https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/net/InetAddress.html
    """

    code = "A111"
    slug = "ambiguous-spelling"
    severity = "warning"
    title = "Programs read this spelling as different hosts"
    example = "0127.0.0.1"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where two readings, or octal and decimal, name different hosts."""
        host = host_of(subject)
        if host is None or is_plain(host):
            return None
        read = distinct(host)
        if len(read) < 2:
            return None
        parts = [
            f"{joined(who)} {'read' if len(who) > 1 else 'reads'} {what}"
            for what, who in read.items()
        ]
        fix = (Fix("Write the address in plain decimal, without leading zeros."),)
        return Match(f"{clip(host.text)} is ambiguous: {'; '.join(parts)}.", fix)
