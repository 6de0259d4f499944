"""What ``netstat -anvl -p tcp`` of macOS prints, as rows: every user's sockets and a process.

The columns changed with macOS 15 (``rxbytes`` and ``txbytes`` came) and with macOS 26
(``process:pid`` instead of ``pid`` and ``epid``, wider addresses), so they are found by
their heading. The process is the one that used the socket last (``so_last_pid``): mostly
its owner, but not for certain.

Sources: Apple, network_cmds 596 to 741.100.2, netstat.tproj/inet.c (protopr, inetprint),
inet6.c (inet6print), main.c (print_socket_stats_data); netstat(1) of macOS: ``-l`` prints
IPv6 addresses in full, which are cut after 16 characters without it.
"""

from __future__ import annotations

import re
import socket

from checks.address import ipv4, ipv6
from checks.model.records import NamedTuple
from checks.model.words import TCP
from checks.probe.sockets.row import BOUND, LISTEN, Row, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

SOURCE = "netstat"

_STATES = {
    "CLOSED": "closed",
    "LISTEN": LISTEN,
    "SYN_SENT": "syn-sent",
    "SYN_RCVD": "syn-received",
    "ESTABLISHED": "established",
    "CLOSE_WAIT": "close-wait",
    "FIN_WAIT_1": "fin-wait-1",
    "CLOSING": "closing",
    "LAST_ACK": "last-ack",
    "FIN_WAIT_2": "fin-wait-2",
    "TIME_WAIT": "time-wait",
}
"""xnu, bsd/netinet/tcp_fsm.h, tcpstates."""

_PROTOCOL = re.compile(r"(tcp|udp)(46|4|6)", re.ASCII)
_NAMES = {"localhost": ("127.0.0.1", "::1"), "*": ("0.0.0.0", "::")}
_NUMBER = re.compile(r"[0-9]{1,10}", re.ASCII)
_PROCESS = re.compile(r"(?P<program>.{0,80}):(?P<pid>[0-9]{1,9})", re.ASCII | re.DOTALL)


class Entry(NamedTuple):
    """A row of the table and the process beside it.

    Arguments:
        row: the socket.
        pid: the process that used it last; 0 where none is given.
        program: its name, from macOS 26 on; "" before.
    """

    row: Row
    pid: int
    program: str


class Sockets(NamedTuple):
    """What was read of one protocol.

    Arguments:
        entries: the sockets that have a port.
        unread: tables with a row that could not be read: ``tcp6``.
    """

    entries: tuple[Entry, ...]
    unread: frozenset[str]


def read(text: str) -> Sockets | None:
    """Read the table; None where there is none in the text, as when netstat failed.

    netstat prints its heading with the first socket. A text without one says nothing, so
    it is not taken for a machine without sockets.
    """
    behind: list[str] | None = None
    entries: list[Entry] = []
    unread: set[str] = set()
    for line in text.splitlines():
        words = line.split()
        if words[:1] == ["Proto"]:
            behind = _behind_state(words)
        elif behind is not None and words and (match := _PROTOCOL.fullmatch(words[0])):
            try:
                entry = _entry(match[1], match[2], words[1:], behind)
            except ValueError:
                unread |= {f"{match[1]}{number}" for number in match[2]}
                continue
            if entry is not None:
                entries.append(entry)
    return None if behind is None else Sockets(tuple(entries), frozenset(unread))


def _behind_state(heading: Sequence[str]) -> list[str]:
    """The names of the columns behind the state; none without -v."""
    lower = [word.lower() for word in heading]
    return lower[lower.index("(state)") + 1 :] if "(state)" in lower else []


def _entry(protocol: str, versions: str, words: Sequence[str], behind: list[str]) -> Entry | None:
    """One row: Recv-Q, Send-Q, two ends, a state of TCP, and what is behind it.

    Returns:
        None where the socket has no port.

    Raises:
        ValueError: where the row is not as that.
    """
    received, sent, near, far = words[:4]
    version = 4 if versions == "4" else 6
    local, port, index = _end(near, version)
    if not port:
        return None
    remote, remote_port, _ = _end(far, version)
    rest = list(words[4:])
    state = "established" if remote_port else "closed"
    if protocol == TCP:
        state = _STATES[rest.pop(0)] if rest and rest[0] in _STATES else ""
        if not state:
            raise ValueError(far)
        if state == "closed" and not remote_port:
            state = BOUND
    pid, program = _process(rest, behind)
    if state == "time-wait":  # the socket is gone; the process is the one that closed it
        pid, program = 0, ""
    listens = state == LISTEN
    row = Row(
        protocol=protocol,
        state=state,
        version=version,
        local=local,
        local_port=port,
        remote=remote,
        remote_port=remote_port,
        # Of a listener these are bytes, not connections; the queue is what -L prints.
        receive=None if listens else int(received),
        send=None if listens else int(sent),
        uid=None,
        inode=None,
        v6only=None if version == 4 else versions == "6",
        cgroup=None,
        interface=index,
        source=SOURCE,
    )
    return Entry(row, pid, program)


def _end(text: str, version: int) -> tuple[str, int, int]:
    """An end of a socket: address, port, index of its interface; ``*`` as a port is 0.

    Raises:
        ValueError: where it has no such form, also where the address was cut.
    """
    host, _, number = text.rpartition(".")
    port = 0 if number == "*" else int(number)
    host, _, zone = host.partition("%")
    if host in _NAMES:
        return _NAMES[host][version == 6], port, 0
    if not 0 <= port < 65536 or (ipv4.parse(host) is None and ipv6.parse(host) is None):
        raise ValueError(text)
    return plain(host), port, _interface(zone)


def _interface(zone: str) -> int:
    """The index of an interface; 0 where there is none."""
    try:
        return socket.if_nametoindex(zone) if zone else 0
    except OSError:
        return 0


def _process(words: Sequence[str], behind: Sequence[str]) -> tuple[int, str]:
    """The process of a row, by the heading of its column; 0 and "" where none is given."""
    if "process:pid" in behind:
        # A name may have blanks, so the column is what the others leave.
        at = behind.index("process:pid")
        match = _PROCESS.fullmatch(" ".join(words[at : len(words) - (len(behind) - at - 1)]))
        return (int(match["pid"]), match["program"].strip()) if match else (0, "")
    if "pid" in behind and len(words) == len(behind):
        number = words[behind.index("pid")]
        return (int(number) if _NUMBER.fullmatch(number) else 0), ""
    return 0, ""
