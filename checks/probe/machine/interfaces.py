"""The addresses of this machine's interfaces, from the kernel.

Sources: rtnetlink(7), include/uapi/linux/if_addr.h; proc_pid_net(5).
"""

from __future__ import annotations

import socket
import struct

from checks.address import ipv4, ipv6
from checks.model.evidence import Interface
from checks.probe.machine import files, kernel

_NETLINK_ROUTE = 0
_RTM_GETADDR = 22
_IFA_ADDRESS = 1
_IFA_LOCAL = 2

_ADDRESS = struct.Struct("=BBBBI")  # ifaddrmsg: family, prefix length, flags, scope, index


def interfaces() -> tuple[Interface, ...]:
    """Return every address of this machine; empty where they cannot be learned."""
    try:
        return tuple(of_netlink())
    except (OSError, ValueError, AttributeError):
        return tuple(of_procfs())


def of_netlink() -> list[Interface]:
    """Return every address of this machine's interfaces, IPv4 and IPv6.

    Raises:
        OSError: netlink cannot be had.
    """
    names: dict[int, str] = {}
    found = []
    for _, body in kernel.dump(_NETLINK_ROUTE, _RTM_GETADDR, _ADDRESS.pack(0, 0, 0, 0, 0)):
        family, length, _, _, index = _ADDRESS.unpack_from(body)
        attributes = dict(kernel.attributes(body, _ADDRESS.size))
        # On a point-to-point link IFA_ADDRESS is the other end's.
        packed = attributes.get(_IFA_LOCAL) or attributes.get(_IFA_ADDRESS)
        if packed is None or family not in (socket.AF_INET, socket.AF_INET6):
            continue
        if index not in names:
            names[index] = name(index) or f"#{index}"
        found.append(Interface(names[index], _text(packed), length))
    return found


def of_procfs(root: str = "/proc") -> list[Interface]:
    """Return the same where netlink is not to be had.

    IPv4 comes from the routing tree, which does not name the interface ("").
    """
    trie = files.read(f"{root}/net/fib_trie")
    found = [Interface("", address, 32) for address in _ipv4_addresses(trie)]
    for line in (files.read(f"{root}/net/if_inet6") or "").splitlines():
        fields = line.split()
        if len(fields) == 6 and len(fields[0]) == 32:
            address = ipv6.format(int(fields[0], 16))
            found.append(Interface(fields[5], address, int(fields[2], 16)))
    return found


def _ipv4_addresses(trie: str | None) -> list[str]:
    """The leaves that the routing tree marks ``/32 host LOCAL``, each once."""
    found: dict[str, None] = {}
    leaf = ""
    for line in (trie or "").splitlines():
        words = line.split()
        if words[:1] == ["|--"] and len(words) > 1:
            leaf = words[1]
        elif words[:3] == ["/32", "host", "LOCAL"] and leaf:
            found[leaf] = None
    return list(found)


def name(index: int) -> str | None:
    """Return the name of an interface, or None where there is none of that number."""
    try:
        return socket.if_indextoname(index)
    except (OSError, OverflowError):
        return None


def _text(packed: bytes) -> str:
    value = int.from_bytes(packed, "big")
    return ipv4.format(value) if len(packed) == 4 else ipv6.format(value)
