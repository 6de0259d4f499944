"""What different readers make of one spelling."""

from __future__ import annotations

from checks.address import ipv6
from checks.text.authority import all_digits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.address.host import Host


def distinct(host: Host) -> dict[str, tuple[str, ...]]:
    """Each different host that a reader makes of the spelling, and which readers do."""
    found: dict[str, tuple[str, ...]] = {}
    readings = host.readings
    for who, text in (
        ("browsers", readings.url),
        ("inet_aton", readings.inet_aton),
        ("strict programs", readings.strict),
    ):
        if text is not None:
            key = _canonical(text)
            found[key] = (*found.get(key, ()), who)
    decimal = _padded_decimal(host.text)
    if decimal is not None and found and decimal not in found:
        found[decimal] = ("Java",)
    return found


def _canonical(reading: str) -> str:
    """One text per host: brackets off, IPv6 as RFC 5952 writes it."""
    if ":" not in reading:
        return reading
    bare = reading[1:-1] if reading[:1] == "[" else reading
    value = ipv6.parse(bare)
    return bare if value is None else ipv6.format(value)


def _padded_decimal(text: str) -> str | None:
    """The address of four decimal parts with leading zeros, as Java reads it; else None."""
    if len(text) > 64:
        return None
    parts = text.split(".")
    if len(parts) != 4 or not all(map(all_digits, parts)):
        return None
    numbers = [int(part) for part in parts]
    return ".".join(map(str, numbers)) if max(numbers) < 256 else None
