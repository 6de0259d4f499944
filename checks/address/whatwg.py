"""How a browser reads a host: the host parser of the WHATWG URL Standard.

``urllib.parse`` takes hosts as they are, so it cannot tell that a browser goes
to 127.0.0.1 for ``0x7f.1``, ``127%2E1`` or full-width digits. This module can.

The text is read as ``new URL("http://" + text)`` reads it: the URL parser drops
tabs and newlines wherever they are, and C0 controls and spaces at the end; the
host parser does the rest. Text that holds more than a host, such as a port, a
path or a user, is a failure here.

Source: WHATWG URL Standard, §3.5 "Host parsing" and §3.3 "IDNA", review draft
of August 2026.
"""

from __future__ import annotations

from checks.address import ipv4, ipv6, scripts
from checks.model.records import NamedTuple

_TABS = {ord(c): None for c in "\t\n\r"}
_C0_AND_SPACE = "".join(map(chr, range(0x21)))

# "Forbidden domain code points": the forbidden host code points, C0 controls,
# the percent sign and DELETE.
_FORBIDDEN = frozenset(_C0_AND_SPACE + "#/:<>?@[\\]^|%\x7f")

_DIGITS = {10: "0123456789", 8: "01234567", 16: "0123456789abcdef"}
_HEX_DIGITS = b"0123456789abcdefABCDEF"
_LONGEST = 11  # digits of 2**32 in octal, the longest of the three notations


class UrlHost(NamedTuple):
    """A host as a browser has it after parsing.

    Arguments:
        text: what ``new URL(...).hostname`` shows: ``127.0.0.1``, ``[::1]``,
            ``example.com``.
        version: 4 or 6 for an address, 0 for a name.
        value: the address as an integer; -1 for a name.
        undecided: what was not decided about a name in another script, as a
            short phrase, or None. An address is always decided.
    """

    text: str
    version: int
    value: int
    undecided: str | None = None


def parse_host(text: str) -> UrlHost | None:
    """Read a host as a browser does.

    Arguments:
        text: what would stand between ``http://`` and the next delimiter.

    Returns:
        the host, or None where the browser would reject the URL or the text is
        more than a host. Never raises.
    """
    text = text.rstrip(_C0_AND_SPACE).translate(_TABS)
    if text[:1] == "[":
        return _parse_brackets(text)
    domain, undecided = _to_ascii(_percent_decode(text))
    if not domain or not _FORBIDDEN.isdisjoint(domain):
        return None
    if not _ends_in_number(domain):
        return UrlHost(domain, 0, -1, undecided)
    value = _parse_ipv4(domain)
    return None if value is None else UrlHost(ipv4.format(value), 4, value)


def to_wire(name: str) -> str | None:
    """Return a name as it goes onto the wire: to the resolver, in a Host header, in SNI.

    DNS, HTTP (RFC 9110 §7.2) and TLS (RFC 6066 §3) take names in ASCII only. A name in
    another script is sent in its ASCII form, as a browser does.

    Arguments:
        name: as it was written, of any script, with escapes where it is of a URL.

    Returns:
        the name in ASCII, as it was written where it is so already; None where it has no
        ASCII form, or where that was not decided.
    """
    if name.isascii() and "%" not in name:
        return name
    host = parse_host(name)
    known = host is not None and host.version == 0 and host.text.isascii()
    return host.text if host is not None and known else None


def _parse_brackets(text: str) -> UrlHost | None:
    """The IPv6 parser. It takes what RFC 4291 takes; a zone is a failure."""
    value = ipv6.parse(text[1:-1]) if text[-1] == "]" else None
    return None if value is None else UrlHost(f"[{ipv6.format_url(value)}]", 6, value)


def _percent_decode(text: str) -> str:
    """UTF-8 decode without BOM of the percent-decoded text.

    What does not decode becomes U+FFFD, which no host may contain; so does a
    lone surrogate, as in JavaScript.
    """
    if "%" not in text:
        return text
    start, *escapes = text.encode("utf-8", "replace").split(b"%")
    return b"".join([start, *map(_unescape, escapes)]).decode("utf-8", "replace")


def _unescape(after: bytes) -> bytes:
    """What a percent sign and what comes after it stand for.

    ``urllib.parse.unquote_to_bytes`` does the same; to import it costs 3 ms, and
    brings ``ipaddress`` along, which a visitor of the page would have to load.
    """
    digits = after[:2]
    if len(digits) < 2 or digits.strip(_HEX_DIGITS):
        return b"%" + after
    return bytes.fromhex(digits.decode("ascii")) + after[2:]


def _to_ascii(domain: str) -> tuple[str | None, str | None]:
    """The "domain parser", and what it leaves undecided; a failure has no text.

    Plain ASCII is only lowercased, even a broken ``xn--`` label: since the
    change of 2026-06-25 the standard says what browsers did (whatwg/url #914).
    """
    if domain.isascii():
        return domain.lower(), None
    return scripts.to_ascii(domain)


def _ends_in_number(domain: str) -> bool:
    """The "ends in a number checker": such a host is an IPv4 address or a failure."""
    last = domain[:-1] if domain[-1] == "." else domain
    last = last[last.rfind(".") + 1 :]
    return bool(last) and (not last.strip(_DIGITS[10]) or _number(last) is not None)


def _parse_ipv4(domain: str) -> int | None:
    """The "IPv4 parser"."""
    parts = (domain[:-1] if domain[-1] == "." else domain).split(".", 4)
    if len(parts) > 4:
        return None
    numbers = [_number(part) for part in parts]
    value = 0
    for number in numbers[:-1]:
        if number is None or number > 255:
            return None
        value = value << 8 | number
    last, bits = numbers[-1], 8 * (5 - len(parts))
    return None if last is None or last >> bits else value << bits | last


def _number(part: str) -> int | None:
    """The "IPv4 number parser"; a number of 2**36 or more comes back as 2**36.

    Unlike strtoul() it takes a bare ``0x`` for zero.
    """
    base = 10
    if not part:
        return None
    if part[:2] == "0x":
        base, part = 16, part[2:]
    elif part[0] == "0" and len(part) > 1:
        base, part = 8, part[1:]
    if part.strip(_DIGITS[base]):
        return None
    part = part.lstrip("0")
    if len(part) > _LONGEST:  # also keeps int() away from its limit of 4300 digits
        return 1 << 36
    return int(part or "0", base)
