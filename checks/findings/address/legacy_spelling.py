"""A112 legacy-spelling."""

from __future__ import annotations

from checks.findings.address.host import host_of, is_plain
from checks.findings.address.readers import distinct
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.wording import clip, joined


class LegacySpelling(Finding):
    """Only some programs accept the spelling as an address.

    What it means
    -------------
    Some programs parse the text as an address, others reject it or take it for a name. Those that
    accept it agree on the address. Examples: 127.1, 0x7f.0.0.1, 2130706433, 127.0.0.1. with a dot
    at the end, and full-width digits.

    How it is detected
    ------------------
    The strict parser (RFC 6943: four decimal parts, no leading zero) rejects the text. The parser
    of browsers (WHATWG URL), inet_aton, or both give an address. If they give different ones, the
    finding is ambiguous-spelling instead.

    Why it happens
    --------------
    127.1 is short to type. Numbers come out of databases and logs. In untrusted input, such
    spellings are used to get past filters that look for the text "127.0.0.1".

    What to do
    ----------
    Write the plain form that the message gives. In a filter, do not compare text: parse it, then
    compare the address.

    To see which address the C library takes:

    - Linux: `ping -c 1 127.1`
    - macOS: `ping -c 1 127.1`
    - Windows: `ping -n 1 127.1`

    Guide
    -----
    loopback/spellings/#shorter-and-in-other-bases

    Sources
    -------
    - RFC 6943, section 3.1.1: https://www.rfc-editor.org/info/rfc6943
    - WHATWG URL Standard, host parsing: https://url.spec.whatwg.org/#host-parsing
    - inet(3): https://man7.org/linux/man-pages/man3/inet.3.html
    """

    code = "A112"
    slug = "legacy-spelling"
    severity = "notice"
    title = "Some programs reject this spelling"
    example = "0x7f.1"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where no strict reader accepts the text and the lenient ones agree."""
        host = host_of(subject)
        if host is None or not host.version or is_plain(host):
            return None
        if host.readings.strict is not None:
            return None
        read = distinct(host)
        if len(read) != 1:
            return None
        plain, who = next(iter(read.items()))
        accept = "accept" if len(who) > 1 else "accepts"
        text = (
            f"{clip(host.text)} is {plain} in a spelling that only {joined(who)} {accept}."
            " Strict programs reject it."
        )
        return Match(text, (Fix(f"Write {plain}, which every program parses the same way."),))
