"""Ports that a system sets aside, as a list of numbers and ranges: ``8080,50000-50059``.

Linux prints ``ip_local_reserved_ports`` so (Documentation/networking/ip-sysctl.rst),
and the excluded ranges of Windows are written the same way.
"""

from __future__ import annotations


def parse(text: str) -> tuple[tuple[int, int], ...]:
    """Return the first and last port of each range; what is no port is left out."""
    pairs = (part.strip().partition("-") for part in text.split(","))
    return tuple(
        (int(first), int(last or first))
        for first, _, last in pairs
        if _is_port(first) and _is_port(last or first)
    )


def holds(text: str, port: int) -> bool:
    """Whether a port is in one of the ranges."""
    return any(first <= port <= last for first, last in parse(text))


def left(ports: tuple[int, int], text: str) -> int:
    """Return how many ports of a range are not set aside.

    Arguments:
        ports: first and last port of the range.
        text: the ports that are set aside.
    """
    first, last = ports
    aside = {
        port for low, high in parse(text) for port in range(max(low, first), min(high, last) + 1)
    }
    return max(0, last - first + 1 - len(aside))


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 6
