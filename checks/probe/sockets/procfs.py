"""``/proc/net``: the socket table where netlink is not to be had.

Some containers' system call filters and kernels without the ``udp_diag``
module leave only this. It does not show IPV6_V6ONLY, a listener's backlog or
sockets that are bound and do nothing; those fields are None.

The format is that of proc_pid_net(5): addresses are the host's 32-bit words
printed in hexadecimal, so each word's bytes come out reversed on a
little-endian machine; ports are plain hexadecimal. For a listener the second
queue is the number of connections that wait to be accepted.
"""

from __future__ import annotations

import sys

from checks.address import ipv4, ipv6
from checks.model.words import TCP
from checks.probe.machine import files
from checks.probe.sockets.row import LISTEN, STATES, Row, plain

SOURCE = "procfs"

_LARGEST = 1 << 26  # bytes; 64 MiB are 400,000 sockets


def sockets(
    protocol: str,
    version: int,
    port: int = 0,
    root: str = "/proc",
    *,
    remote_port: int = 0,
    limit: int = _LARGEST,
) -> list[Row]:
    """Return the rows of one protocol and family, of one local port or of all.

    Arguments:
        protocol: ``tcp`` or ``udp``.
        version: 4 or 6.
        port: the local port; 0 for every row.
        root: where procfs is mounted; ``/proc/PID`` for the network namespace of a process.
        remote_port: the port of the other side; 0 for any.
        limit: bytes of the table that are read. Listeners come first in it.

    Raises:
        OSError: the table cannot be read.
    """
    path = f"{root}/net/{protocol}{'6' if version == 6 else ''}"
    text = files.read(path, limit)
    if text is None:
        raise FileNotFoundError(path)
    whole = text.rpartition("\n")[0] if len(text) >= limit else text
    rows = (_row(line, protocol, version) for line in _lines(whole, port or remote_port))
    return [
        row
        for row in rows
        if row is not None and port in (0, row.local_port) and remote_port in (0, row.remote_port)
    ]


def _lines(text: str, port: int) -> list[str]:
    """The lines worth parsing: a cheap filter first, most tables are long."""
    lines = text.splitlines()[1:]
    if not port:
        return lines
    mark = f":{port:04X} "
    return [line for line in lines if mark in line]


def _row(line: str, protocol: str, version: int) -> Row | None:
    fields = line.split()
    try:
        local, local_port = _endpoint(fields[1])
        remote, remote_port = _endpoint(fields[2])
        state = STATES.get(int(fields[3], 16), f"state-{fields[3]}")
        send, receive = (int(queue, 16) for queue in fields[4].split(":"))
        uid, inode = int(fields[7]), int(fields[9])
    except (IndexError, ValueError):
        return None
    return Row(
        protocol,
        state,
        version,
        local,
        local_port,
        remote,
        remote_port,
        receive,
        None if protocol == TCP and state == LISTEN else send,
        uid if inode else None,
        inode or None,
        None,
        None,
        0,
        SOURCE,
    )


def _endpoint(field: str) -> tuple[str, int]:
    """Read ``0100007F:F5AD`` as 127.0.0.1 and 62893."""
    address, _, port = field.partition(":")
    packed = bytes.fromhex(address)
    if len(packed) not in (4, 16):
        raise ValueError(field)
    if sys.byteorder == "little":
        words = (packed[at : at + 4][::-1] for at in range(0, len(packed), 4))
        packed = b"".join(words)
    value = int.from_bytes(packed, "big")
    text = ipv4.format(value) if len(packed) == 4 else plain(ipv6.format(value))
    return text, int(port, 16)
