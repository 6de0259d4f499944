"""The ICMP error that answered a SYN, where Linux keeps it for the socket.

An errno alone cannot tell a firewall's word from a missing route:
EHOSTUNREACH stands for both, and ECONNREFUSED for a RST and for a rule that
rejects. With IP_RECVERR the kernel keeps the ICMP message itself, and fails
the connect at once instead of at its next retransmission: ip(7).
"""

from __future__ import annotations

import socket
import struct
import sys

from checks.model.evidence import Icmp
from checks.model.records import NamedTuple

# Linux, include/uapi/linux/in.h, in6.h, errqueue.h
_IP_RECVERR = (socket.IPPROTO_IP, 11)
_IPV6_RECVERR = (socket.IPPROTO_IPV6, 25)
_EXTENDED_ERROR = struct.Struct("=IBBBxII")  # sock_extended_err: errno, origin, type, code
_ORIGIN_ICMP = 2
_ORIGIN_ICMP6 = 3


class Heard(NamedTuple):
    """One ICMP error.

    Arguments:
        errno: what the kernel made of it.
        icmp: the message.
    """

    errno: int
    icmp: Icmp


def ask(connection: socket.socket, version: int) -> None:
    """Have the kernel keep ICMP errors for a socket; where it cannot, nothing happens."""
    if not hasattr(socket, "MSG_ERRQUEUE"):
        return
    try:
        connection.setsockopt(*(_IP_RECVERR if version == 4 else _IPV6_RECVERR), 1)
    except OSError:
        return


def taken(connection: socket.socket) -> Heard | None:
    """Take the ICMP error kept for a socket; None where there is none."""
    if not hasattr(connection, "recvmsg") or not hasattr(socket, "MSG_ERRQUEUE"):
        return None  # Python for Windows has the flag, and no recvmsg()
    try:
        got = connection.recvmsg(0, 256, socket.MSG_ERRQUEUE)  # type: ignore[attr-defined,unused-ignore]
    except OSError:
        return None
    for level, kind, data in got[1]:
        if (level, kind) in (_IP_RECVERR, _IPV6_RECVERR):
            found = parse(data)
            if found is not None:
                return found
    return None


def parse(data: bytes) -> Heard | None:
    """Read a ``sock_extended_err`` and the sender's address behind it.

    Returns:
        None where the data is too short or the error is not from ICMP.
    """
    if len(data) < _EXTENDED_ERROR.size:
        return None
    code, origin, kind, sub, _, _ = _EXTENDED_ERROR.unpack_from(data)
    if origin not in (_ORIGIN_ICMP, _ORIGIN_ICMP6):
        return None
    version = 4 if origin == _ORIGIN_ICMP else 6
    sender = _address(data[_EXTENDED_ERROR.size :])
    return Heard(code, Icmp(version, kind, sub, sender))


def _address(sockaddr: bytes) -> str | None:
    """The address of a ``sockaddr_in`` or ``sockaddr_in6``."""
    try:
        if int.from_bytes(sockaddr[:2], sys.byteorder) == socket.AF_INET:
            return socket.inet_ntop(socket.AF_INET, sockaddr[4:8])
        return socket.inet_ntop(socket.AF_INET6, sockaddr[8:24])
    except (OSError, ValueError):
        return None
