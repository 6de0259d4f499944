"""The table of ``ss``, with its heading or without.

Source: iproute2, misc/ss.c (the states' names, the columns, users:((...))), ss(8).
"""

from __future__ import annotations

import re

from checks.text.tables import cells
from checks.text.tables.cells import CELL, GAP, INDENT
from checks.text.tables.record import LISTEN, Row, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.text.tables.record import Table


_NETID = r"(?:(?P<net>tcp|udp|mptcp|sctp|dccp|raw|udplite|v_str|\?\?\?)[ \t]{1,20})?"
_ENDS = (
    rf"\d{{1,10}}{GAP}\d{{1,10}}{GAP}(?P<local>{CELL}){GAP}(?P<peer>{CELL})"
    r"(?P<rest>(?:[ \t\r][^\n]{0,2000})?)$"
)
_ROW = re.compile(
    rf"{INDENT}{_NETID}"
    r"(?P<state>LISTEN|ESTAB|UNCONN|TIME-WAIT|SYN-SENT|SYN-RECV|FIN-WAIT-[12]|CLOSE-WAIT|LAST-ACK"
    rf"|CLOSING|CLOSED){GAP}{_ENDS}",
    re.ASCII | re.MULTILINE,
)
_STATELESS = re.compile(rf"{INDENT}{_NETID}(?P<state>){_ENDS}", re.ASCII | re.MULTILINE)
"""``ss state listening`` leaves the column out."""
_HEADING = re.compile(
    rf"{INDENT}(?:Netid{GAP})?(?P<state>State{GAP})?Recv-Q{GAP}Send-Q{GAP}"
    r"Local Address:[ ]{0,8}Port",
    re.ASCII | re.MULTILINE,
)
_USER = re.compile(r"users:\(\(\"(?P<program>[^\"\n]{0,64})\",(?:pid=)?(?P<pid>\d{1,10})", re.ASCII)


def read(text: str) -> Iterator[Table]:
    """Find the rows of ``ss`` in a text."""
    heading = _HEADING.search(text)
    pattern = _STATELESS if heading and heading["state"] is None else _ROW
    rows = [row for match in pattern.finditer(text) if (row := _row(text, match))]
    if rows:
        yield table("ss", "linux", rows, heading.start() if heading else None)


def _row(text: str, match: re.Match[str]) -> Row | None:
    protocol = cells.protocol_of(match["net"] or ("udp" if match["state"] == "UNCONN" else "tcp"))
    local = cells.end_at(text, match.span("local"), protocol)
    if local is None or local.port is None:
        return None
    peer = cells.peer_at(text, match.span("peer"), protocol)
    state = cells.state_of(match["state"])
    if not match["state"] and peer is None and protocol == "tcp":
        state = LISTEN
    user = _USER.search(match["rest"])
    return Row(
        span=cells.row_span(match),
        local=local,
        peer=peer,
        state=state,
        protocol=protocol,
        pid=int(user["pid"]) if user else None,
        program=user["program"] if user else "",
    )
