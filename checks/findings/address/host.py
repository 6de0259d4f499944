"""The host of a subject, as the findings of this group look at it."""

from __future__ import annotations

from checks.address import blocks, ipv4
from checks.findings.wording import clip, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.address.blocks import Block
    from checks.address.host import Host
    from checks.findings.base import Subject


FIRST_VALUE = 0x7F000001  # 127.0.0.1

_PURPOSES = {
    "127.0.0.0/8": "loopback",
    "::1/128": "loopback",
    "0.0.0.0/32": "unspecified",
    "::/128": "unspecified",
    "10.0.0.0/8": "private",
    "172.16.0.0/12": "private",
    "192.168.0.0/16": "private",
    "fc00::/7": "private",
    "169.254.0.0/16": "link-local",
    "fe80::/10": "link-local",
    "192.0.2.0/24": "documentation",
    "198.51.100.0/24": "documentation",
    "203.0.113.0/24": "documentation",
    "2001:db8::/32": "documentation",
    "3fff::/20": "documentation",
    "255.255.255.255/32": "broadcast",
    "ff00::/8": "multicast",
}
"""What a registry row is for, where a finding of its own is about that."""


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


def purpose_of(block: Block) -> str:
    """What a registry row is for: a value of the table above, or ``special``."""
    if block.version == 4 and 224 <= block.bounds()[0] >> 24 < 240:
        return "multicast"
    return _PURPOSES.get(block.prefix, "special")


def located(subject: Subject, *purposes: str) -> tuple[Host, Block] | None:
    """The host and its registry row where that is for one of *purposes*."""
    host = host_of(subject)
    block = block_of(host) if host is not None and host.version else None
    if host is None or block is None or purpose_of(block) not in purposes:
        return None
    return host, block


def registry_row(block: Block) -> tuple[str]:
    """The registry row as a line of evidence."""
    title = blocks.REGISTRIES.get(block.registry, block.registry)
    return (f"{title}: {block.prefix} {block.name} ({joined(block.rfcs)})",)


def is_plain(host: Host) -> bool:
    """A strict literal, on which every reader that accepts it agrees; no name, no nonsense."""
    if host.version == 4:
        return ipv4.parse(host.text) is not None
    return host.kind in ("wildcard", "invalid")
