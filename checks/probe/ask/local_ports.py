"""Whether connect() failed because no local port was left, and what uses them.

EADDRNOTAVAIL has two meanings: there is no address to send from (no ::1, for instance), or
there is one and all ports of the range are in use. bind() to port 0 of that address tells
them apart, as it chooses from the same range: EADDRINUSE only in the second case.

Asked on Linux only, and only where a connect() failed so. Other systems use the same errno
for both (bind(2) of macOS), or another one.

Sources: ip(7), ip_local_port_range; Linux, net/ipv4/inet_hashtables.c (__inet_hash_connect)
and net/ipv4/inet_connection_sock.c (inet_csk_find_open_port); ip-sysctl, tcp_tw_reuse.
"""

from __future__ import annotations

import errno
import socket
from collections import Counter

from checks.model.evidence import LocalPorts, PortHolder
from checks.model.words import TCP, at
from checks.probe import system, targets
from checks.probe.machine import files, processes
from checks.probe.sockets import linux
from checks.rules import owners
from checks.rules.connects import NO_LOCAL_PORT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from checks.model.evidence import Attempt, Owner
    from checks.probe.sockets.row import Row
    from checks.probe.targets import Target

_MOST_HOLDERS = 4
_REUSE = "/proc/sys/net/ipv4/tcp_tw_reuse"
_UNBOUND = ("0.0.0.0", "::")


def missing(target: Target, attempt: Attempt) -> str | None:
    """Return the address that has no local port left; None where that was not the matter.

    Arguments:
        target: what was connected to.
        attempt: what became of it.
    """
    if attempt.errno != "EADDRNOTAVAIL" or system.NAME != "linux":
        return None
    source = targets.source(target.version, target.bare)
    return source if source is not None and _is_used_up(target.version, source) else None


def _is_used_up(version: int, source: str) -> bool:
    """Whether no port of the range can be bound; the socket is closed at once."""
    family = socket.AF_INET if version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.bind((source, 0))
    except OSError as error:
        return error.errno == errno.EADDRINUSE
    return False


def used(target: Target, source: str, ephemeral: tuple[int, int]) -> LocalPorts:
    """Return what uses the ports of the range.

    Arguments:
        target: what was connected to.
        source: the address whose ports they are.
        ephemeral: first and last port of the range.
    """
    rows = _by_port(linux.read((TCP,)).rows, target, source, ephemeral)
    ours = [row for row in rows.values() if _leads_to(row, target)]
    return LocalPorts(
        source=source,
        endpoint=at(target.bare, target.port),
        connections=len(ours),
        others=len(rows) - len(ours),
        time_wait=_in_state(rows.values(), "time-wait"),
        close_wait=_in_state(rows.values(), "close-wait"),
        holders=_holders(rows.values()),
        reuse=_number(files.read(_REUSE)),
    )


def _by_port(
    rows: Iterable[Row], target: Target, source: str, ephemeral: tuple[int, int]
) -> dict[int, Row]:
    """One row for each port of the range: a connection to the target, else what else has it."""
    first, last = ephemeral
    found: dict[int, Row] = {}
    for row in rows:
        if first <= row.local_port <= last and row.local in (source, *_UNBOUND):
            known = found.get(row.local_port)
            if known is None or (_leads_to(row, target) and not _leads_to(known, target)):
                found[row.local_port] = row
    return found


def _leads_to(row: Row, target: Target) -> bool:
    return row.remote_port == target.port and row.remote == target.bare


def _in_state(rows: Iterable[Row], state: str) -> int:
    return sum(1 for row in rows if row.state == state)


def _holders(rows: Iterable[Row]) -> tuple[PortHolder, ...]:
    """The processes by the number of their ports; one name of a process is read once."""
    inodes = {row.inode for row in rows if row.inode}
    held = processes.holders(inodes).owners
    counted: Counter[Owner] = Counter()
    for group in held.values():
        main = owners.main(group)
        if main is not None:
            counted[main] += 1
    return tuple(PortHolder(*each) for each in counted.most_common(_MOST_HOLDERS))


def _number(text: str | None) -> int | None:
    word = (text or "").strip()
    return int(word) if word.isascii() and word.isdecimal() and len(word) < 4 else None


def explain(
    chosen: Sequence[Target], attempts: Sequence[Attempt], ephemeral: tuple[int, int] | None
) -> tuple[tuple[Attempt, ...], LocalPorts | None]:
    """Return the attempts with that reason where it is theirs, and what uses the ports.

    Arguments:
        chosen: the addresses.
        attempts: what became of each.
        ephemeral: the range, where it is known.
    """
    made = list(attempts)
    found: LocalPorts | None = None
    for index, (target, attempt) in enumerate(zip(chosen, attempts, strict=True)):
        source = missing(target, attempt)
        if source is None:
            continue
        made[index] = attempt._replace(reason=NO_LOCAL_PORT)
        if found is None and ephemeral is not None:
            found = used(target, source, ephemeral)
    return tuple(made), found
