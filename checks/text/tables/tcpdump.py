"""The packets of a TCP connection as tcpdump prints them: who asked, and what came back.

A row is a packet: ``local`` sent it, ``peer`` is where it goes. A refusal is the packet with
RST that answers the first one, so a row is read with those before it.

Sources: tcpdump(1), "TCP Packets" (S, F, P, R, U, W, E, e, ``.`` for ACK, or none); RFC 9293
§3.10.7.1 (RST with sequence number 0 and ACK, where no program listens) and §3.5.3.
"""

from __future__ import annotations

import re

from checks.text.tables import cells
from checks.text.tables.record import CLOSED, ESTABLISHED, FILTERED, RESET, Row, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.text.tables.record import Table

SYN_SENT = "SYN_SENT"
SYN_RECV = "SYN_RECV"
FIN = "FIN_WAIT_1"
_ENDS = {
    SYN_SENT: ("local", "target"),
    SYN_RECV: ("listener", "peer"),
    CLOSED: ("target", "local"),
}
"""The roles of the two ends of a packet, where the packet alone tells them."""
_RETRIED = 2
"""So many first packets, and none that comes back, are a connection without an answer."""

_PACKET = re.compile(
    r"(?<!\S)(?P<src>[\w:%*-][\w.:%*-]{2,120}) > (?P<dst>[\w:%*-][\w.:%*-]{2,120}):"
    r" Flags \[(?P<flags>[SFPRUWEe.]{1,9}|none)\](?P<rest>[^\n]{0,400})",
    re.ASCII,
)
_TO_FIRST = re.compile(r"(?:, cksum [^,\n]{1,40})?, seq 0(?:,|$)", re.ASCII)
"""A reset with sequence number 0 answers a packet that had no ACK: the first one."""

_Way = tuple[str, str]


def read(text: str) -> Iterator[Table]:
    """Find the packets in a text."""
    rows: list[Row] = []
    clients: dict[_Way, bool] = {}
    for match in _PACKET.finditer(text):
        row = _row(text, match, clients)
        if row is not None:
            rows.append(row)
    if rows:
        yield table("tcpdump", None, _without_answer(rows))


def _row(text: str, match: re.Match[str], clients: dict[_Way, bool]) -> Row | None:
    """Read one packet.

    Arguments:
        text: the whole.
        match: of the packet.
        clients: the ways of the first packets, from client to server, and whether the server
            has taken the connection; kept from packet to packet.
    """
    source = cells.end_at(text, match.span("src"), "tcp")
    target = cells.end_at(text, match.span("dst"), "tcp")
    if source is None or target is None or source.port is None or target.port is None:
        return None
    way = (match["src"], match["dst"])
    state = _state(match, way, clients)
    near, far = _ENDS.get(state) or _ends(way, clients)
    source, target = source._replace(role=near), target._replace(role=far)
    return Row(match.span(), source, target, state, "tcp")


def _state(match: re.Match[str], way: _Way, clients: dict[_Way, bool]) -> str:
    """What a packet tells of its connection, by its flags and the packets before it."""
    flags, back = match["flags"], (way[1], way[0])
    if "R" in flags:
        taken = clients.get(back, _TO_FIRST.match(match["rest"]) is None or way in clients)
        return RESET if taken or "." not in flags else CLOSED
    if "S" in flags:
        clients.setdefault(back if "." in flags else way, False)
        if "." not in flags:
            return SYN_SENT
        clients[back] = True
        return SYN_RECV
    return FIN if "F" in flags else ESTABLISHED


def _ends(way: _Way, clients: dict[_Way, bool]) -> tuple[str | None, str | None]:
    """The roles of the ends of a later packet; none where its first one is not in the text."""
    if way in clients:
        return "local", "target"
    return ("listener", "peer") if (way[1], way[0]) in clients else (None, None)


def _without_answer(rows: list[Row]) -> list[Row]:
    """Mark the first packets that were sent again and again, and that no packet answers."""
    sent: dict[_Way, int] = {}
    others = set()
    for row in rows:
        way = _way(row)
        if row.state == SYN_SENT:
            sent[way] = sent.get(way, 0) + 1
        else:
            others |= {way, (way[1], way[0])}
    silent = {way for way, times in sent.items() if times >= _RETRIED and way not in others}
    return [row._replace(state=FILTERED) if _way(row) in silent else row for row in rows]


def _way(row: Row) -> _Way:
    return (row.local.text if row.local else "", row.peer.text if row.peer else "")
