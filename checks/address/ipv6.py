"""IPv6 text: reading RFC 4291 and writing RFC 5952.

Written here because ``ipaddress`` writes IPv4-mapped addresses in one way
before Python 3.13 and in another since, and because ``socket.inet_pton`` knows
no IPv6 in the browser's Python.
"""

from __future__ import annotations

from checks.address import ipv4

_ALPHABET = "0123456789abcdefABCDEF:."
_LONGEST = 45  # ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255
_GROUPS = 8
_MAPPED = 0xFFFF  # upper 96 bits of ::ffff:0:0/96, RFC 4291 §2.5.5.2

MAX = (1 << 128) - 1
"""The highest address as an integer."""

_ZERO_RUNS = tuple((length, "0" * length) for length in range(_GROUPS, 1, -1))


def parse(text: str) -> int | None:
    """Read an IPv6 address.

    Arguments:
        text: the address alone: no brackets, zone or prefix length. The last
            32 bits may be a strict dotted quad.

    Returns:
        the address as an integer, 0 to 2**128 - 1, or None where the text is
        not an address. Never raises.

    Source: RFC 4291 §2.2. A ``::`` stands for one group of zeros or more.
    """
    if len(text) > _LONGEST or text.strip(_ALPHABET) or ":" not in text:
        return None
    if "." in text:
        text = _without_quad(text)
    left, gap, right = text.partition("::")
    groups = left.split(":") if left else []
    if gap:
        tail = right.split(":") if right else []
        missing = _GROUPS - len(groups) - len(tail)
        if missing < 1:
            return None
        groups += ["0"] * missing + tail
    elif len(groups) != _GROUPS:
        return None
    return _join(groups)


def _without_quad(text: str) -> str:
    """The text with two groups for the dotted quad at its end; "" where that is none."""
    head, _, quad = text.rpartition(":")
    low = ipv4.parse(quad)
    if low is None or "." in head:
        return ""
    return f"{head}:{low >> 16:x}:{low & 0xFFFF:x}"


def _join(groups: list[str]) -> int | None:
    value = 0
    for group in groups:
        # parse() lets only hexadecimal digits come here, so int() sees nothing else.
        if not group or len(group) > 4:
            return None
        value = value << 16 | int(group, 16)
    return value


def format(value: int) -> str:  # noqa: A001 - read as ipv6.format
    """Write an address in the recommended form.

    Arguments:
        value: the address as an integer, 0 to 2**128 - 1.

    Returns:
        RFC 5952 §4 text, ``2001:db8::1``; for IPv4-mapped addresses the mixed
        notation of §5, ``::ffff:127.0.0.1``.

    Raises:
        ValueError: the integer is not an IPv6 address.
    """
    if value >> 32 == _MAPPED:
        return "::ffff:" + ipv4.format(value & ipv4.MAX)
    return format_url(value)


def format_url(value: int) -> str:
    """Write an address as browsers do: never with a dotted quad.

    Arguments:
        value: the address as an integer, 0 to 2**128 - 1.

    Returns:
        text without brackets, ``::ffff:7f00:1``.

    Raises:
        ValueError: the integer is not an IPv6 address.

    Source: WHATWG URL Standard, "IPv6 serializer". Apart from mixed notation
    it is RFC 5952 §4: lower case, no leading zeros, the first of the longest
    runs of two zero groups or more becomes ``::``.
    """
    if value >> 128:
        raise ValueError(f"not an IPv6 address: {value}")
    if value < 0x10000:  # :: and ::1, which lists of listeners have in every other row
        return f"::{value:x}" if value else "::"
    groups = [f"{value >> shift & 0xFFFF:x}" for shift in range(112, -1, -16)]
    zeros = "".join(["0" if group == "0" else "x" for group in groups])
    if "00" in zeros:
        for length, run in _ZERO_RUNS:
            start = zeros.find(run)
            if start >= 0:
                return ":".join(groups[:start]) + "::" + ":".join(groups[start + length :])
    return ":".join(groups)


def swallowed_port(value: int) -> tuple[int, int] | None:
    """Return the address and the port that were written without brackets, and read as one address.

    ``::1:9093`` is the host ::1 and a port to a person, and to a parser one address, which it
    may write as ``::0.1.144.147``. Such an address is in ::/96, which is used for nothing since
    RFC 4291 section 2.5.5.1, so the mistake is certain enough to name.

    Arguments:
        value: of the address.

    Returns:
        ::1 or ::, and the port; None where the last four digits are no port in decimal.
    """
    head, last = value >> 16, f"{value & 0xFFFF:x}"
    if head > 1 or not last.isdecimal() or int(last) < _FIRST_PORT:
        return None
    return head, int(last)


_FIRST_PORT = 10
"""::1 to ::9 are more often addresses that someone made up."""
