"""The host of a subject, as the findings of this group look at it."""

from __future__ import annotations

from checks.address import blocks
from checks.findings.wording import clip, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.address.blocks import Block
    from checks.address.host import Host
    from checks.findings.base import Subject


PRIVATE = frozenset(("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"))
LINK_LOCAL = frozenset(("169.254.0.0/16", "fe80::/10"))
DOCUMENTATION = frozenset(
    ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20")
)
LOOPBACK = frozenset(("127.0.0.0/8", "::1/128"))
UNSPECIFIED = frozenset(("0.0.0.0/32", "::/128"))
BROADCAST = "255.255.255.255/32"
FIRST_VALUE = 0x7F000001  # 127.0.0.1


def host_of(subject: Subject) -> Host | None:
    """The host that is looked at; None where the endpoint has none."""
    return subject.endpoint.host if subject.endpoint else None


def is_network(host: Host) -> bool:
    """Whether a CIDR spelling names a network rather than an address in one."""
    length = host.prefix_length
    if length is None or not host.version:
        return False
    rest = (32 if host.version == 4 else 128) - length
    return rest > 0 and not host.value & ((1 << rest) - 1)


def label(host: Host) -> str:
    """The host as messages name it: canonical address, with zone or prefix length."""
    address = host.address
    if address is None:
        return clip(host.text)
    if host.zone is not None:
        address += f"%{clip(host.zone)}"
    return f"{address}/{host.prefix_length}" if is_network(host) else address


def block_of(host: Host) -> Block | None:
    """The registry row that holds the whole host: the address, or all of the network."""
    if not is_network(host):
        return host.block
    best: Block | None = None
    width = 1 << ((32 if host.version == 4 else 128) - (host.prefix_length or 0))
    for block in blocks.BLOCKS:
        if block.version != host.version:
            continue
        first, end = block.bounds()
        if first <= host.value and host.value + width <= end:
            best = block if best is None or end - first < _size(best) else best
    return best


def _size(block: Block) -> int:
    first, end = block.bounds()
    return end - first


def in_blocks(subject: Subject, prefixes: frozenset[str]) -> tuple[Host, Block] | None:
    """The host and its block where that is one of *prefixes*."""
    host = host_of(subject)
    if host is None or not host.version:
        return None
    block = block_of(host)
    return (host, block) if block is not None and block.prefix in prefixes else None


def registry_row(block: Block) -> tuple[str]:
    """The registry row as a line of evidence."""
    title = blocks.REGISTRIES.get(block.registry, block.registry)
    return (f"{title}: {block.prefix} {block.name} ({joined(block.rfcs)})",)


def is_multicast(block: Block) -> bool:
    """Whether the block is one of multicast, of either version."""
    return block.prefix == "ff00::/8" or (
        block.version == 4 and 224 <= block.bounds()[0] >> 24 < 240
    )
