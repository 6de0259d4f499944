"""Questions to the Linux kernel over netlink: one dump of a table.

By hand, because the library for it takes 150 ms to import.

Sources: netlink(7), include/uapi/linux/netlink.h.
"""

from __future__ import annotations

import os
import socket
import struct
from time import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_ERROR = 2
_DONE = 3
_DUMP_REQUEST = 0x301  # NLM_F_REQUEST | NLM_F_ROOT | NLM_F_MATCH

_HEADER = struct.Struct("=IHHII")  # nlmsghdr: length, type, flags, sequence, sender
_ATTRIBUTE = struct.Struct("=HH")  # rtattr: length, type

_PATIENCE = 2.0  # seconds for one table; it takes the kernel milliseconds
_DATAGRAM = 1 << 16  # bytes; the kernel fills at most 32 KiB at a time


def dump(bus: int, kind: int, payload: bytes) -> Iterator[tuple[int, bytes]]:
    """Send one dump request and yield type and body of each message of the answer.

    Arguments:
        bus: ``NETLINK_ROUTE`` or another.
        kind: of the request.
        payload: what follows the header.

    Raises:
        OSError: netlink, or this table of it, cannot be had.
    """
    if not hasattr(socket, "AF_NETLINK"):
        raise OSError("netlink: only Linux has it")
    deadline = monotonic() + _PATIENCE
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, bus) as link:
        link.settimeout(_PATIENCE)
        link.sendto(_HEADER.pack(16 + len(payload), kind, _DUMP_REQUEST, 1, 0) + payload, (0, 0))
        while monotonic() < deadline:
            got = link.recvmsg(_DATAGRAM)  # type: ignore[attr-defined,unused-ignore]
            data, _, flags, sender = got
            if sender[0] != 0:  # only port 0 is the kernel; any process may send here
                continue
            if flags & socket.MSG_TRUNC or not data:
                raise OSError("netlink: a datagram was cut off")
            for message, body in _messages(data):
                if message in (_DONE, _ERROR):
                    _raise_errno(body)
                    return
                yield message, body
    raise TimeoutError("netlink: the table did not end")


def _messages(data: bytes) -> list[tuple[int, bytes]]:
    """Type and body of each message; written for tables of ten thousand."""
    found = []
    unpack, head, size = _HEADER.unpack_from, _HEADER.size, len(data)
    at = 0
    while at + head <= size:
        length, kind, _, _, _ = unpack(data, at)
        end = at + length
        if length < head or end > size:
            raise OSError("netlink: a message has an impossible length")
        found.append((kind, data[at + head : end]))
        at += (length + 3) & ~3
    return found


def attributes(body: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield kind and content of each attribute of a message, from a place in it on."""
    while at + _ATTRIBUTE.size <= len(body):
        length, kind = _ATTRIBUTE.unpack_from(body, at)
        if length < _ATTRIBUTE.size or at + length > len(body):
            return
        yield kind & 0x3FFF, body[at + _ATTRIBUTE.size : at + length]  # without NLA_F_* flags
        at += (length + 3) & ~3


def _raise_errno(body: bytes) -> None:
    """Both NLMSG_ERROR and NLMSG_DONE begin with a negative errno, or 0."""
    code = -struct.unpack_from("=i", body)[0] if len(body) >= 4 else 0
    if code > 0:
        raise OSError(code, os.strerror(code))
