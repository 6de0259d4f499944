"""The kernel's own socket tables, asked over netlink.

``/proc/net`` lacks what the verdicts need: IPV6_V6ONLY, the backlog of a listener,
sockets that are bound and do nothing, and the control group of a socket whose
process is hidden. An unprivileged user gets all of it.

Sources: sock_diag(7), include/uapi/linux/inet_diag.h.
"""

from __future__ import annotations

import socket
import struct
import sys

from checks.address import ipv4, ipv6
from checks.model.words import TCP, UDP
from checks.probe.machine import kernel
from checks.probe.sockets.row import BOUND, STATES, Row, plain

SOURCE = "netlink"

_NETLINK_SOCK_DIAG = 4
_SOCK_DIAG_BY_FAMILY = 20
_NUMBERS = {TCP: 6, UDP: 17}  # IPPROTO_*

_REQUEST = struct.Struct("=BBBxI2s2s16s16sI8s")  # inet_diag_req_v2
_ROW = struct.Struct("=BBxx2s2s16s16sI8s5I")  # inet_diag_msg

_CLOSED, _LISTEN = 7, 10  # states: include/net/tcp_states.h
_EVERY_STATE = 0xFFFFFFFF
_SKV6ONLY = 11
_CGROUP_ID = 21


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
        for _, body in kernel.dump(_NETLINK_SOCK_DIAG, _SOCK_DIAG_BY_FAMILY, request)
        if len(body) >= _ROW.size
        and (not port or body[4:6] == wanted)
        and (not remote_port or body[6:8] == other)
    ]


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
        attributes = dict(kernel.attributes(tail, 0))
        v6only, cgroup = attributes.get(_SKV6ONLY), attributes.get(_CGROUP_ID)
        return (
            bool(v6only[0]) if v6only and self.version == 6 else None,
            int.from_bytes(cgroup, sys.byteorder) if cgroup else None,
        )


def _text(packed: bytes) -> str:
    value = int.from_bytes(packed, "big")
    return ipv4.format(value) if len(packed) == 4 else ipv6.format(value)
