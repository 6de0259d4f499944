"""A113 invalid-address."""

from __future__ import annotations

from checks.findings.address.host import host_of
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.wording import clip
from checks.text import authority


class InvalidAddress(Finding):
    """The host is neither an address nor a possible name.

    What it means
    -------------
    It is not an address in any spelling, and it cannot be a host name. Every program will reject
    it, or take it for something else.

    How it is detected
    ------------------
    The parsers of browsers (WHATWG URL) and of inet_aton and the strict parser all reject the
    text. It also breaks the rules for names:

    - it has a character that names do not have
    - a part is over 63 characters, or the whole over 253
    - it ends in a number, which marks an address to a browser

    Why it happens
    --------------
    - A part is over 255: 127.0.0.256.
    - There are too many or too few parts, or two `::`.
    - A leading zero makes a part octal, and 8 and 9 are not octal digits: 127.0.0.08.
    - A character was lost or added in copying.

    What to do
    ----------
    Correct the text. IPv4: four numbers from 0 to 255 with dots between them. IPv6: groups of up
    to four hexadecimal digits with colons between them, and `::` at most once. Put an IPv6
    address in brackets if a port follows.

    To see the addresses of this machine:

    - Linux: `ip address`
    - macOS: `ifconfig`
    - Windows: `ipconfig`

    Guide
    -----
    loopback/spellings/#what-to-do-about-it

    Sources
    -------
    - RFC 6943, section 3.1.1, IPv4 text: https://www.rfc-editor.org/info/rfc6943
    - RFC 4291, section 2.2, IPv6 text: https://www.rfc-editor.org/info/rfc4291
    - RFC 1123, section 2.1, and RFC 1035, section 2.3.4, names:
      https://www.rfc-editor.org/info/rfc1123
    - WHATWG URL Standard, "ends in a number": https://url.spec.whatwg.org/#ends-in-a-number-checker
    """

    code = "A113"
    slug = "invalid-address"
    severity = "error"
    title = "Not a valid address or host name"
    example = "127.0.0.256"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to hosts that no reader accepts."""
        host = host_of(subject)
        if host is None or host.kind != "invalid":
            return None
        text = f'"{clip(host.text)}" is neither an address nor a host name.'
        right = authority.bracketed(subject.endpoint) if subject.endpoint else ""
        if right:
            text = f'"{clip(host.text)}" has no brackets; in a URL an IPv6 address needs them.'
            return Match(text, (Fix(f"Write {right}."),))
        why = _why_invalid(host.text)
        return Match(f"{text} {why}" if why else text, (Fix("Correct the host."),))


def _why_invalid(text: str) -> str:
    """The most likely slip, where one is plain to see; "" otherwise."""
    if not text:
        return "It is empty."
    parts = text.split(".") if len(text) <= 64 else []
    if len(parts) < 2 or not all(map(authority.all_digits, parts)):
        return ""
    if len(parts) > 4:
        return f"It has {len(parts)} parts, and an IPv4 address has four."
    if any(part[0] == "0" and not set(part) <= set("01234567") for part in parts):
        return "A leading zero makes a part octal, and 8 and 9 are no octal digits."
    if any(len(part) > 3 or int(part) > 255 for part in parts):
        return "A part is over 255."
    return ""
