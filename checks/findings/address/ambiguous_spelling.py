"""A111 ambiguous-spelling."""

from __future__ import annotations

from checks.findings.address.host import host_of, is_plain
from checks.findings.address.readers import distinct
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.wording import clip, joined


class AmbiguousSpelling(Finding):
    """Programs parse the spelling as different hosts.

    What it means
    -------------
    One program connects to one host, and another program to a different one. A filter may then
    check another host than the connection uses.

    How it is detected
    ------------------
    The spelling is parsed in three ways: as browsers do (WHATWG URL), as the C library's
    inet_aton does, and strictly (four decimal parts, or RFC 4291). The finding applies if two of
    them give different hosts. It also applies if a part has a leading zero, and octal and decimal
    give different addresses. Browsers, curl and inet_aton read 010.0.0.1 as octal: 8.0.0.1. Java
    reads it as decimal: 10.0.0.1.

    Why it happens
    --------------
    inet_aton, from 4.3BSD, accepts octal and hexadecimal parts and fewer than four of them, and
    it stops at white space. Browsers kept some of that. Strict parsers accept none of it. Leading
    zeros come from padding, as in 127.000.000.010.

    What to do
    ----------
    Write the address in plain form: four decimal parts without leading zeros. A program that
    checks addresses should parse once, reject what the strict parser rejects, and connect to the
    parsed value, not to the text.

    To see which address a program takes:

    - Linux: `curl -v http://010.0.0.1/`
    - macOS: the same command
    - Windows: `ping 010.0.0.1`

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
    title = "Programs read this address differently"
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
