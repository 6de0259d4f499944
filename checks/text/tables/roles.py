"""Whose end is whose in a row: the listener, the client's own end, the one that was asked.

A row names its two ends by place, local and foreign, and not by part: on a server the
local end is the service, on a client the foreign one. What decides, in this order: the
state, a listener in the same table, and the port: a client gets a high one.
"""

from __future__ import annotations

from checks.text.tables.record import CLOSED, FAILED, FILTERED, LISTEN, OPEN, Row, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.text.endpoint import Endpoint

_DYNAMIC = 32768
"""Linux's ephemeral ports begin here, those of other systems at 49152 (RFC 6335 §6)."""
_ASKED = (OPEN, CLOSED, FILTERED, FAILED)

LISTENER = "listener"
LOCAL = "local"
TARGET = "target"
PEER = "peer"


def settled(table: Table) -> Table:
    """Return the table with a role for each end that its reader gave none."""
    listening = frozenset(
        row.local.port.number
        for row in table.rows
        if row.state == LISTEN and row.local and row.local.port
    )
    return table._replace(rows=tuple(_row(row, listening) for row in table.rows))


def is_listener(row: Row) -> bool:
    """Whether a row's end takes what comes: a TCP listener, a UDP socket without a peer."""
    if row.state == LISTEN:
        return True
    return row.protocol != "tcp" and row.peer is None and row.state == "" and row.local is not None


def _row(row: Row, listening: frozenset[int | None]) -> Row:
    if is_listener(row):
        return _with(row, LISTENER, TARGET)
    if row.state in _ASKED or row.state == "SYN_SENT":
        return _with(row, LOCAL, TARGET)
    if row.peer is None or row.local is None:
        return _with(row, LOCAL, TARGET)
    return _with(row, *_parts(row.local, row.peer, listening))


def _with(row: Row, local: str, peer: str) -> Row:
    return row._replace(local=_as(row.local, local), peer=_as(row.peer, peer))


def _as(end: Endpoint | None, role: str) -> Endpoint | None:
    return end if end is None or end.role else end._replace(role=role)


def _parts(local: Endpoint, peer: Endpoint, listening: frozenset[int | None]) -> tuple[str, str]:
    """The roles of the two ends of a connection; where nothing decides, two plain ends."""
    here = local.port.number if local.port else None
    there = peer.port.number if peer.port else None
    if here is None or there is None:
        return LOCAL, PEER
    if (here in listening) != (there in listening):
        return (LISTENER, PEER) if here in listening else (LOCAL, TARGET)
    if min(here, there) >= _DYNAMIC or here == there:
        return LOCAL, PEER
    return (LISTENER, PEER) if here < there else (LOCAL, TARGET)
