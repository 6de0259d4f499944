"""The IPv4 address inside an IPv6 address, where a form of transition puts one there.

A filter that looks only at the IPv6 address misses that ``64:ff9b::7f00:1`` and
``2002:7f00:1::`` carry 127.0.0.1. ``ipaddress`` knows three of these seven
forms; the others need the bit layouts of their RFCs, which are written out here.

To carry an address is not to be it: only an IPv4-mapped address is handled by
the system as the IPv4 address in it.
"""

from __future__ import annotations

from checks.address import ipv4, ipv6
from checks.model.records import NamedTuple

MAPPED = "ipv4-mapped"
COMPATIBLE = "ipv4-compatible"
SIIT = "siit"
NAT64 = "nat64"
SIX_TO_FOUR = "6to4"
TEREDO = "teredo"
ISATAP = "isatap"

_LOW32 = 0xFFFFFFFF
_ISATAP_IDS = (0x00005EFE, 0x02005EFE)  # private and globally unique IPv4 (RFC 5214 §6.1)
_TEREDO_PREFIX = 0x20010000  # 2001::/32, its 32 bits (RFC 4380 §2.6)
_LOCAL_NAT64 = 0x0064FF9B0001  # 64:ff9b:1::/48, its 48 bits (RFC 8215)

# Where RFC 6052 §2.2 puts the IPv4 address, by the length of the prefix: how many of its
# 32 bits stand before the octet "u" (bits 64-71), and how many bits of suffix follow. The
# lengths 32 and 40 are not here: no such prefix fits into 64:ff9b:1::/48.
_LAYOUTS = ((48, 16, 40), (56, 8, 32), (64, 0, 24))


class Embedded(NamedTuple):
    """An IPv4 address found inside an IPv6 address.

    Arguments:
        form: ``ipv4-mapped``, ``ipv4-compatible``, ``siit``, ``nat64``,
            ``6to4``, ``teredo`` or ``isatap``.
        address: the IPv4 address as text; for Teredo that of the client.
        value: the same as an integer.
        prefix: the IPv6 prefix that stands before it, in CIDR notation.
        certain: False if the form is a guess: a network may lay out
            64:ff9b:1::/48 as it likes (RFC 8215 §5).
        server: Teredo: IPv4 address of the server; None for other forms.
        port: Teredo: UDP port of the client as its NAT shows it; None for others.
        alternatives: other readings that the same bits allow, likeliest first.
    """

    form: str
    address: str
    value: int
    prefix: str
    certain: bool = True
    server: str | None = None
    port: int | None = None
    alternatives: tuple[Embedded, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """The record as the JSON contract has it; null where a key does not apply."""
        others = [
            {"form": other.form, "address": other.address, "prefix": other.prefix}
            for other in self.alternatives
        ]
        return {
            "form": self.form,
            "address": self.address,
            "prefix": self.prefix,
            "certain": self.certain,
            "server": self.server,
            "port": self.port,
            "alternatives": others or None,
        }


def embedded(value: int) -> Embedded | None:
    """Find the IPv4 address inside an IPv6 address.

    Arguments:
        value: the IPv6 address as an integer.

    Returns:
        the likeliest reading, with the others as its alternatives; None if
        the address follows none of the forms. NAT64 under a prefix of the
        operator's own cannot be seen from the address and is not found.
    """
    found = [*_by_prefix(value), *_isatap(value)]
    if not found:
        return None
    return found[0]._replace(alternatives=tuple(found[1:])) if len(found) > 1 else found[0]


def _by_prefix(value: int) -> list[Embedded]:
    """The forms that a well-known prefix gives away."""
    if value >> 112 == 0x2002:
        return [_record(SIX_TO_FOUR, value >> 80 & _LOW32, "2002::/16")]
    if value >> 96 == _TEREDO_PREFIX:
        return [_teredo(value)]
    if value >> 80 == _LOCAL_NAT64:
        return _local_nat64(value)
    form, prefix = _LAST_32_BITS.get(value >> 32, ("", ""))
    if not form or (form == COMPATIBLE and not value >> 24):
        return []
    return [_record(form, value & _LOW32, prefix)]


# By the upper 96 bits. ::/96 counts only from ::1.0.0.0 on: it was for "globally-unique"
# IPv4 addresses (RFC 4291 §2.5.5.1), and so ::, ::1, ::2, ... carry none.
_LAST_32_BITS = {
    0xFFFF: (MAPPED, "::ffff:0:0/96"),  # RFC 4291 §2.5.5.2
    0x0: (COMPATIBLE, "::/96"),  # RFC 4291 §2.5.5.1
    0xFFFF0000: (SIIT, "::ffff:0:0:0/96"),  # RFC 2765 §2.1
    0x0064FF9B << 64: (NAT64, "64:ff9b::/96"),  # RFC 6052 §2.1
}


def _record(form: str, inside: int, prefix: str) -> Embedded:
    return Embedded(form, ipv4.format(inside), inside, prefix)


def _at(form: str, value: int, inside: int, length: int) -> Embedded:
    """The record of a form under a prefix that is read off the address."""
    network = value >> (128 - length) << (128 - length)
    return _record(form, inside, f"{ipv6.format_url(network)}/{length}")


def _teredo(value: int) -> Embedded:
    """RFC 4380 §4: server, flags, then port and client with every bit inverted."""
    client = ~value & _LOW32
    server = ipv4.format(value >> 64 & _LOW32)
    port = ~value >> 32 & 0xFFFF
    return _record(TEREDO, client, "2001::/32")._replace(server=server, port=port)


def _local_nat64(value: int) -> list[Embedded]:
    """64:ff9b:1::/48: each RFC 6052 layout that the zero bits allow, likeliest first.

    The octet "u" must be zero in every layout, the suffix should be. An address
    in 0.0.0.0/8 is no destination, so such a reading is dropped where another
    stands; of the rest the shortest prefix explains the most zeros.
    """
    if value >> 56 & 0xFF:
        return []
    found = []
    for length, before, suffix in _LAYOUTS:
        if value & ((1 << suffix) - 1) == 0:
            high = value >> 64 & ((1 << before) - 1)
            low = value >> suffix & ((1 << (32 - before)) - 1)
            found.append(_at(NAT64, value, high << (32 - before) | low, length))
    found.append(_at(NAT64, value, value & _LOW32, 96))
    usable = [reading for reading in found if reading.value >> 24] or found[-1:]
    return [reading._replace(certain=False) for reading in usable]


def _isatap(value: int) -> list[Embedded]:
    """RFC 5214 §6.1: the interface identifier tells, under any unicast /64 but Teredo's."""
    if value >> 32 & _LOW32 not in _ISATAP_IDS:
        return []
    if value >> 120 == 0xFF or value >> 96 == _TEREDO_PREFIX:
        return []
    return [_at(ISATAP, value, value & _LOW32, 64)]
