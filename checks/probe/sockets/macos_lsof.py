"""What ``lsof -F`` prints, as the processes that hold a socket: one's own without root.

A line has one field, and its first character says which. Of another user's processes
lsof shows an ordinary user nothing on macOS, and says nothing of it.

Sources: lsof(8), "OUTPUT FOR OTHER PROGRAMS"; Apple, lsof-76,
lsof/dialects/darwin/libproc/dsock.c (process_socket).
"""

from __future__ import annotations

import re

from checks.model.records import NamedTuple
from checks.model.words import TCP
from checks.probe.sockets.row import BOUND, LISTEN, Row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = "lsof"
FIELDS = "-FpcftPTn"
"""Process, command, descriptor, type, protocol, state, name."""

_STATES = {
    "LISTEN": LISTEN,
    "ESTABLISHED": "established",
    "SYN_SENT": "syn-sent",
    "SYN_RCDV": "syn-received",  # so it is written in lsof's table
    "SYN_RECEIVED": "syn-received",
    "SYN_RCVD": "syn-received",
    "CLOSE_WAIT": "close-wait",
    "FIN_WAIT_1": "fin-wait-1",
    "FIN_WAIT1": "fin-wait-1",
    "FIN_WAIT_2": "fin-wait-2",
    "FIN_WAIT2": "fin-wait-2",
    "CLOSING": "closing",
    "LAST_ACK": "last-ack",
    "TIME_WAIT": "time-wait",
    "CLOSED": "closed",
}
_END = re.compile(r"(?:\[([0-9A-Fa-f:.%\w]{2,80})\]|([0-9.]{7,15}|\*)):([0-9]{1,5})", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,10}", re.ASCII)
_ESCAPED = re.compile(r"\\x([0-9a-f]{2})", re.ASCII)


class Held(NamedTuple):
    """A socket that a process holds.

    Arguments:
        row: the socket; whether it refuses IPv4 is not known.
        pid: the process.
        program: its name.
    """

    row: Row
    pid: int
    program: str


def read(text: str) -> tuple[Held, ...]:
    """Read the sockets that have a port, each with each process that holds it."""
    return tuple(
        Held(row, pid, program)
        for pid, program, fields in _files(text)
        if (row := _row(fields)) is not None
    )


def _files(text: str) -> Iterator[tuple[int, str, dict[str, str]]]:
    """The fields of each file, behind its process and that one's name."""
    pid, program = 0, ""
    fields: dict[str, str] = {}
    for line in text.splitlines():
        kind, value = line[:1], line[1:]
        if kind in "pf" and fields:
            yield pid, program, fields
            fields = {}
        if kind == "p":
            pid, program = (int(value) if _NUMBER.fullmatch(value) else 0), ""
        elif kind == "c":
            program = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)
        elif kind == "T":
            name, _, word = value.partition("=")
            fields[f"T{name}"] = word
        elif kind in "ftPn":
            fields[kind] = value
    if fields:
        yield pid, program, fields


def _row(fields: dict[str, str]) -> Row | None:
    """The socket of a file's fields; None for another file and for one without a port."""
    protocol, kind = fields.get("P", "").lower(), fields.get("t", "")
    near, _, far = fields.get("n", "").partition("->")
    local = _END.fullmatch(near)
    if protocol not in ("tcp", "udp") or kind not in ("IPv4", "IPv6") or local is None:
        return None
    if not 0 < int(local[3]) < 65536:
        return None
    remote = _END.fullmatch(far) if far else None
    version = 6 if kind == "IPv6" else 4
    state = "established" if remote else "closed"
    if protocol == TCP:
        state = _STATES.get(fields.get("TST", ""), "closed")
        if state == "closed" and remote is None:
            state = BOUND
    return Row(
        protocol=protocol,
        state=state,
        version=version,
        local=_address(local, version),
        local_port=int(local[3]),
        remote=_address(remote, version) if remote else _WILDCARD[version],
        remote_port=int(remote[3]) if remote else 0,
        receive=None,
        send=None,
        uid=None,
        inode=None,
        v6only=None,
        cgroup=None,
        interface=0,
        source=SOURCE,
    )


_WILDCARD = {4: "0.0.0.0", 6: "::"}


def _address(end: re.Match[str], version: int) -> str:
    bare = end[1] or end[2]
    return _WILDCARD[version] if bare == "*" else bare.partition("%")[0]
