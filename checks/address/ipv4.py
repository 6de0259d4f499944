"""Strict IPv4 text: four decimal numbers and three dots.

This is the reading that every program agrees on. It is written here because
the standard library's differs between releases: ``ipaddress`` took leading
zeros until 3.9, and ``socket.inet_pton`` asks the C library of the machine.
"""

from __future__ import annotations

# RFC 6943 §3.1.1 "strict": each part is 0-255 in decimal without leading zeros.
# The 256 spellings as keys need no further check: other scripts' digits, signs
# and underscores, which int() would take, are simply not among them.
_OCTETS = {str(number): number for number in range(256)}
_TEXTS = tuple(_OCTETS)

MAX = 0xFFFFFFFF
"""The highest address as an integer: 255.255.255.255."""


def parse(text: str) -> int | None:
    """Read a dotted quad.

    Arguments:
        text: the address and nothing else: no port, prefix length or space.

    Returns:
        the address as an integer, 0 to 2**32 - 1, or None where the text is
        not a strict dotted quad. Never raises.

    Source: RFC 6943 §3.1.1; the same as ``inet_pton(AF_INET)`` of POSIX.
    """
    try:
        a, b, c, d = text.split(".", 4)
        return _OCTETS[a] << 24 | _OCTETS[b] << 16 | _OCTETS[c] << 8 | _OCTETS[d]
    except (ValueError, KeyError):
        return None


def format(value: int) -> str:  # noqa: A001 - read as ipv4.format
    """Write an address as a dotted quad.

    Arguments:
        value: the address as an integer, 0 to 2**32 - 1.

    Returns:
        four decimal numbers: ``127.0.0.1``.

    Raises:
        ValueError: the integer is not an IPv4 address.
    """
    if value >> 32:
        raise ValueError(f"not an IPv4 address: {value}")
    return (
        f"{_TEXTS[value >> 24]}.{_TEXTS[value >> 16 & 255]}"
        f".{_TEXTS[value >> 8 & 255]}.{_TEXTS[value & 255]}"
    )
