"""Which special-purpose block an address belongs to, and what follows from that.

The rows are those of the IANA registries (:mod:`checks.address._registry`);
the longest prefix wins, as the registries ask. The standard library's
``ipaddress.is_private`` and its neighbours are not used: their meaning changed
in several CPython releases, they lag behind the registries, and they cannot
say "not applicable". Here every interpreter gives the same answer.

An address is a version, 4 or 6, and an integer. An integer outside that version's
range is in no block.
"""

from __future__ import annotations

from bisect import bisect_right

from checks.address import _registry, ipv4, ipv6
from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    _Item = TypeVar("_Item")

LOOPBACK = "loopback"
LOCAL = "local"
PUBLIC = "public"


class Block(NamedTuple):
    """One row of a registry of special addresses.

    Arguments:
        prefix: the block in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3).
        name: the registry's name for it.
        rfcs: the defining documents, each as ``RFC 1122 §3.2.1.3``.
        allocated: month of allocation, ``1981-09``; None if no registry gives it.
        terminated: month of withdrawal; None while the block is in force. For
            rows outside the special-purpose registries: month of the RFC that
            deprecated it.
        source: may such an address be the source of a packet that passes from one
            device to another. This flag and the next four are None if the
            registry says N/A or nothing.
        destination: may such a packet be sent to it.
        forwardable: may a router forward packets for it.
        globally_reachable: may it be reached across the borders of networks.
        reserved_by_protocol: does IP itself have a rule for it.
        registry: a key of :data:`REGISTRIES`.
        says: what the block is for, in one plain sentence.
        note: a footnote that changes how the flags are read, or None.

    The five flags are defined in RFC 6890 §2.2.1 and RFC 8190 §2.1.
    """

    prefix: str
    name: str
    rfcs: tuple[str, ...]
    allocated: str | None
    terminated: str | None
    source: bool | None
    destination: bool | None
    forwardable: bool | None
    globally_reachable: bool | None
    reserved_by_protocol: bool | None
    registry: str
    says: str
    note: str | None = None

    @property
    def version(self) -> int:
        """4 or 6."""
        return 6 if ":" in self.prefix else 4

    def bounds(self) -> tuple[int, int]:
        """The first address of the block and the one after its last, as integers."""
        found = _known.get(self.prefix)
        if found is None:
            found = _known[self.prefix] = _bounds(self.prefix)
        return found

    def to_dict(self) -> dict[str, object]:
        """The block as the JSON contract has it."""
        return {**self._asdict(), "rfcs": list(self.rfcs)}


_known: dict[str, tuple[int, int]] = {}
"""The bounds of each prefix of the registries: a network is held against all of them."""


def _bounds(prefix: str) -> tuple[int, int]:
    address, _, length = prefix.partition("/")
    bits, value = (128, ipv6.parse(address)) if ":" in address else (32, ipv4.parse(address))
    if value is None:
        raise ValueError(f"not a prefix: {prefix!r}")
    return value, value + (1 << (bits - int(length)))


_FLAG = {"T": True, "F": False, "-": None}


def _block(registry: str, row: _registry.BlockRow) -> Block:
    prefix, name, rfcs, allocated, terminated, flags, says, note = row
    source, destination, forwardable, reachable, reserved = [_FLAG[flag] for flag in flags]
    return Block(
        prefix=prefix,
        name=name,
        rfcs=rfcs,
        allocated=allocated or None,
        terminated=terminated or None,
        source=source,
        destination=destination,
        forwardable=forwardable,
        globally_reachable=reachable,
        reserved_by_protocol=reserved,
        registry=registry,
        says=says,
        note=note or None,
    )


REGISTRIES = _registry.REGISTRIES
"""Title of each registry by its short name."""

BLOCKS: tuple[Block, ...] = (
    *(_block(_registry.SPECIAL_IPV4, row) for row in _registry.IPV4),
    *(_block(_registry.SPECIAL_IPV6, row) for row in _registry.IPV6),
    *(_block(registry, row) for registry, row in _registry.OTHERS),
)
"""Every row: the IPv4 registry, the IPv6 registry, then blocks from elsewhere."""

_MULTICAST_IPV6 = "ff00::/8"
_MAPPED = 0xFFFF  # ::ffff:0:0/96, the upper 96 bits (RFC 4291 §2.5.5.2)

_MULTICAST_SCOPES = (
    "none",  # 0 reserved: such packets are dropped
    "host",  # 1 interface-local
    "link",  # 2 link-local
    "site",  # 3 realm-local
    "site",  # 4 admin-local
    "site",  # 5 site-local
    "site",  # 6 unassigned, left to administrators
    "site",  # 7 unassigned
    "site",  # 8 organization-local
    "site",  # 9 unassigned
    "site",  # A unassigned
    "site",  # B unassigned
    "site",  # C unassigned
    "site",  # D unassigned
    "global",  # E
    "global",  # F reserved: treated as E
)
"""What the scope digit of an IPv6 multicast address means (RFC 4291 §2.7, RFC 7346 §2)."""

_SCOPES = {
    "127.0.0.0/8": "host",
    "::1/128": "host",
    "100::/64": "none",  # forwarded, but only to be dropped
    "255.255.255.255/32": "link",
    "2001::/32": "global",  # reachability N/A: routed between relays
    "2002::/16": "global",
    "224.0.0.0/4": "global",
    "224.0.0.0/24": "link",
    "232.0.0.0/8": "global",
    "239.0.0.0/8": "site",
    "fec0::/10": "site",
}
"""Scopes that do not follow from the five flags of the block."""

# Local Network Access, "Non-public IP address blocks", in the order of that table:
# the first match counts, which here is also the longest prefix.
# Source: WICG/local-network-access, commit cfe0313 of 2026-04-22.
_ADDRESS_SPACES: tuple[tuple[str, str], ...] = (
    ("127.0.0.0/8", LOOPBACK),
    ("10.0.0.0/8", LOCAL),
    ("100.64.0.0/10", LOCAL),
    ("172.16.0.0/12", LOCAL),
    ("192.168.0.0/16", LOCAL),
    ("198.18.0.0/15", LOOPBACK),
    ("169.254.0.0/16", LOCAL),
    ("::1/128", LOOPBACK),
    ("fc00::/7", LOCAL),
    ("fe80::/10", LOCAL),
    ("fec0::/10", LOCAL),
    ("0.0.0.0/32", LOOPBACK),
    ("0.0.0.0/8", LOCAL),
    ("::/128", LOOPBACK),
    ("2001:db8::/32", LOCAL),
    ("3fff::/20", LOCAL),
)

_blocks: dict[int, tuple[list[int], list[Block | None]]] = {}
_spaces: dict[int, tuple[list[int], list[str]]] = {}


def lookup(version: int, value: int) -> Block | None:
    """The block with the longest prefix that holds the address.

    Arguments:
        version: 4 or 6.
        value: the address as an integer.

    Returns:
        the block, or None for an ordinary address (global unicast).

    Source: RFC 6890 §2.2 with the registries named in :data:`REGISTRIES`.
    """
    if version not in _blocks:
        _flatten_blocks(version)
    starts, found = _blocks[version]
    return found[bisect_right(starts, value)]


def scope(version: int, value: int) -> str:
    """How far packets to the address can go.

    An IPv4-mapped address is judged by the IPv4 address in it (RFC 6724 §3.2);
    the scope of IPv6 multicast is read off the address (RFC 7346 §2).

    Returns:
        ``host``
            they never leave the machine
        ``link``
            they stay on one network segment
        ``site``
            they may be routed, but not on the public internet
        ``global``
            they may go anywhere
        ``none``
            the address is not for traffic: unspecified, documentation,
            reserved, discarded, withdrawn
    """
    if version == 6 and value >> 32 == _MAPPED:
        return scope(4, value & 0xFFFFFFFF)
    block = lookup(version, value)
    if block is None:
        return "global"
    if block.prefix == _MULTICAST_IPV6:
        return _MULTICAST_SCOPES[value >> 112 & 0xF]
    return _SCOPES.get(block.prefix) or _scope_by_flags(block)


def _scope_by_flags(block: Block) -> str:
    """The scope that the registry's flags imply; unknown flags imply none."""
    if not (block.source and block.destination):
        return "none"
    if block.globally_reachable:
        return "global"
    return "site" if block.forwardable else "link"


def address_space(version: int, value: int) -> str:
    """The IP address space in which a browser places the address.

    An IPv4-mapped address is judged by the IPv4 address in it.

    Returns:
        ``loopback``, ``local`` or ``public``. A page may reach an address of
        its own space or of one further right without asking.

    Source: WICG Local Network Access, "IP address space".
    """
    if version == 6 and value >> 32 == _MAPPED:
        return address_space(4, value & 0xFFFFFFFF)
    if version not in _spaces:
        _flatten_spaces(version)
    starts, found = _spaces[version]
    return found[bisect_right(starts, value)]


def is_loopback(version: int, value: int) -> bool:
    """True for 127.0.0.0/8 (RFC 1122 §3.2.1.3) and ::1 (RFC 4291 §2.5.3), nothing else."""
    return value >> 24 == 127 if version == 4 else version == 6 and value == 1


def is_secure_context(version: int, value: int) -> bool:
    """True if a page at plain ``http://ADDRESS`` is a secure context.

    That is 127.0.0.0/8 and ::1/128; not 0.0.0.0, ``::`` or ::ffff:127.0.0.1.

    Source: W3C Secure Contexts §3.1, "Is origin potentially trustworthy?".
    """
    return is_loopback(version, value)


def _flatten(nested: list[tuple[int, int, _Item]], outside: _Item) -> tuple[list[int], list[_Item]]:
    """Lay nested intervals out flat: edges, and what holds before and after each edge."""
    edges = sorted({edge for first, end, _ in nested for edge in (first, end)})
    place = {edge: number for number, edge in enumerate(edges, 1)}
    found = [outside] * (len(edges) + 1)
    for first, end, item in sorted(nested, key=lambda entry: entry[0] - entry[1]):  # widest first
        found[place[first] : place[end]] = [item] * (place[end] - place[first])
    return edges, found


def _flatten_blocks(version: int) -> None:
    nested: list[tuple[int, int, Block | None]] = [
        (*block.bounds(), block) for block in BLOCKS if block.version == version
    ]
    _blocks[version] = _flatten(nested, None)


def _flatten_spaces(version: int) -> None:
    mark = "." if version == 4 else ":"
    nested = [(*_bounds(prefix), space) for prefix, space in _ADDRESS_SPACES if mark in prefix]
    _spaces[version] = _flatten(nested, PUBLIC)
