"""The kernel's own tables, asked over netlink: sockets and addresses.

By hand, because the library for it takes 150 ms to import, and because
``/proc/net`` lacks what the verdicts need: IPV6_V6ONLY, the backlog of a
listener, sockets that are bound and do nothing, and the control group of a
socket whose process is hidden. An unprivileged user gets all of it.

Sources: sock_diag(7), rtnetlink(7), include/uapi/linux/inet_diag.h.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
from time import monotonic

from checks.address import ipv4, ipv6
from checks.model.evidence import TCP, UDP, Interface
from checks.probe.sockets.row import BOUND, STATES, Row, interface_name, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = "netlink"

_NETLINK_ROUTE = 0
_NETLINK_SOCK_DIAG = 4
_SOCK_DIAG_BY_FAMILY = 20
_RTM_GETADDR = 22
_ERROR = 2
_DONE = 3
_DUMP_REQUEST = 0x301  # NLM_F_REQUEST | NLM_F_ROOT | NLM_F_MATCH
_INTERRUPTED = 0x10  # NLM_F_DUMP_INTR: the table changed while it was read
_NUMBERS = {TCP: 6, UDP: 17}  # IPPROTO_*

_HEADER = struct.Struct("=IHHII")  # nlmsghdr: length, type, flags, sequence, sender
_ATTRIBUTE = struct.Struct("=HH")  # rtattr: length, type
_REQUEST = struct.Struct("=BBBxI2s2s16s16sI8s")  # inet_diag_req_v2
_ROW = struct.Struct("=BBxx2s2s16s16sI8s5I")  # inet_diag_msg
_ADDRESS = struct.Struct("=BBBBI")  # ifaddrmsg: family, prefix length, flags, scope, index

_CLOSED, _LISTEN = 7, 10  # states: include/net/tcp_states.h
_EVERY_STATE = 0xFFFFFFFF
_SKV6ONLY = 11
_CGROUP_ID = 21
_IFA_ADDRESS = 1
_IFA_LOCAL = 2

_PATIENCE = 2.0  # seconds for one table; it takes the kernel milliseconds
_DATAGRAM = 1 << 16  # bytes; the kernel fills at most 32 KiB at a time


def sockets(
    protocol: str, version: int, port: int = 0, *, remote_port: int = 0, taking: bool = False
) -> list[Row]:
    """Return the rows of one protocol and family, of one local port or of all.

    The kernel picks the rows, so ten thousand others cost it a walk and this
    process nothing.

    Arguments:
        protocol: ``tcp`` or ``udp``.
        version: 4 or 6.
        port: the local port; 0 for every row.
        remote_port: the port of the other side; 0 for any.
        taking: only sockets that take traffic (:attr:`Row.takes_traffic`).

    Raises:
        OSError: netlink, or this table of it, cannot be had.
    """
    family = socket.AF_INET if version == 4 else socket.AF_INET6
    wanted, other = port.to_bytes(2, "big"), remote_port.to_bytes(2, "big")
    states = 1 << (_LISTEN if protocol == TCP else _CLOSED) if taking else _EVERY_STATE
    request = _REQUEST.pack(
        family, _NUMBERS[protocol], 0, states, wanted, other, b"", b"", 0, b"\xff" * 8
    )
    read = _Reader(protocol, version).row
    # Older kernels do not apply the port to every part of the table.
    return [
        read(body)
        for _, body in _dump(_NETLINK_SOCK_DIAG, _SOCK_DIAG_BY_FAMILY, request)
        if len(body) >= _ROW.size
        and (not port or body[4:6] == wanted)
        and (not remote_port or body[6:8] == other)
    ]


def addresses() -> list[Interface]:
    """Return every address of this machine's interfaces, IPv4 and IPv6.

    Raises:
        OSError: netlink cannot be had.
    """
    names: dict[int, str] = {}
    found = []
    for _, body in _dump(_NETLINK_ROUTE, _RTM_GETADDR, _ADDRESS.pack(0, 0, 0, 0, 0)):
        family, length, _, _, index = _ADDRESS.unpack_from(body)
        attributes = dict(_attributes(body, _ADDRESS.size))
        # On a point-to-point link IFA_ADDRESS is the other end's.
        packed = attributes.get(_IFA_LOCAL) or attributes.get(_IFA_ADDRESS)
        if packed is None or family not in (socket.AF_INET, socket.AF_INET6):
            continue
        if index not in names:
            names[index] = interface_name(index) or f"#{index}"
        found.append(Interface(names[index], _text(packed), length))
    return found


_new = tuple.__new__  # ``Row(...)`` calls it, through a function that costs as much again


class _Reader:
    """Reads the rows of one table; what many rows share is read once."""

    def __init__(self, protocol: str, version: int) -> None:
        self.protocol = protocol
        self.version = version
        self.width = 4 if version == 4 else 16
        self.addresses: dict[bytes, str] = {}
        self.tails: dict[bytes, tuple[bool | None, int | None]] = {}

    def row(self, body: bytes) -> Row:
        """One row of the table."""
        (
            _, state, local_port, remote_port, local, remote, interface,
            _, _, receive, send, uid, inode,  # a cookie and a timer come first
        ) = _ROW.unpack_from(body)  # fmt: skip
        name = STATES.get(state) or f"state-{state}"
        if state == _CLOSED and self.protocol == TCP:
            name = BOUND  # a closed TCP socket is in the table only for the port it holds
        tail = body[_ROW.size :]
        known = self.tails.get(tail)
        if known is None:
            known = self.tails[tail] = self._read(tail)
        v6only, cgroup = known
        return _new(Row, (
            self.protocol,
            name,
            self.version,
            self.addresses.get(local) or self._address(local),
            int.from_bytes(local_port, "big"),
            self.addresses.get(remote) or self._address(remote),
            int.from_bytes(remote_port, "big"),
            receive,
            send,
            uid if inode else None,
            inode or None,
            v6only,
            cgroup,
            interface,
            SOURCE,
        ))  # fmt: skip

    def _address(self, packed: bytes) -> str:
        text = self.addresses[packed] = plain(_text(packed[: self.width]))
        return text

    def _read(self, tail: bytes) -> tuple[bool | None, int | None]:
        """IPV6_V6ONLY and the control group's number, from the attributes after a row."""
        attributes = dict(_attributes(tail, 0))
        v6only, cgroup = attributes.get(_SKV6ONLY), attributes.get(_CGROUP_ID)
        return (
            bool(v6only[0]) if v6only and self.version == 6 else None,
            int.from_bytes(cgroup, sys.byteorder) if cgroup else None,
        )


def _text(packed: bytes) -> str:
    value = int.from_bytes(packed, "big")
    return ipv4.format(value) if len(packed) == 4 else ipv6.format(value)


def _dump(bus: int, kind: int, payload: bytes) -> Iterator[tuple[int, bytes]]:
    """Send one dump request and yield type and body of each message of the answer."""
    if sys.platform != "linux":
        raise OSError("netlink: only Linux has it")
    deadline = monotonic() + _PATIENCE
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, bus) as link:
        link.settimeout(_PATIENCE)
        link.sendto(_HEADER.pack(16 + len(payload), kind, _DUMP_REQUEST, 1, 0) + payload, (0, 0))
        while monotonic() < deadline:
            data, _, flags, sender = link.recvmsg(_DATAGRAM)
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


def _attributes(body: bytes, at: int) -> Iterator[tuple[int, bytes]]:
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
