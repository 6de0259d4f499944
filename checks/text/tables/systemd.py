"""``systemctl list-sockets``: what systemd listens on for its services; and ``fuser``.

Sources: systemctl(1), "list-sockets"; fuser(1).
"""

from __future__ import annotations

import re

from checks.text.tables import cells
from checks.text.tables.cells import CELL, END, GAP, INDENT
from checks.text.tables.record import LISTEN, Row, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.text.tables.record import Table


_SOCKET = re.compile(
    rf"{INDENT}(?P<local>{CELL}){GAP}(?P<unit>[\w@.\\:-]{{1,120}}\.socket)"
    rf"(?:{GAP}(?P<service>[\w@.\\:-]{{1,120}}))?{END}",
    re.ASCII | re.MULTILINE,
)
_HEADING = re.compile(rf"{INDENT}LISTEN{GAP}UNITS?{GAP}ACTIVATES", re.MULTILINE)
_FUSER = re.compile(
    rf"{INDENT}(?P<port>\d{{1,5}})/(?P<protocol>tcp|udp):[ \t]{{1,60}}"
    rf"(?:[A-Za-z_][\w.-]{{0,31}}{GAP})?(?P<pid>\d{{1,7}})(?:{GAP}[A-Za-z.]{{5}}{GAP}(?P<program>\S{{1,64}}))?"
    r"(?:[ \t]{1,20}\d{1,7}){0,50}" + END,
    re.ASCII | re.MULTILINE,
)


def read(text: str) -> Iterator[Table]:
    """Find sockets that systemd holds, and what fuser says."""
    heading = _HEADING.search(text)
    rows = [row for match in _SOCKET.finditer(text) if (row := _socket(text, match))]
    if rows:
        yield table("list-sockets", "linux", rows, heading.start() if heading else None)
    rows = [row for match in _FUSER.finditer(text) if (row := _fuser(text, match))]
    if rows:
        yield table("fuser", "linux", rows)


def _socket(text: str, match: re.Match[str]) -> Row | None:
    local = cells.end_at(text, match.span("local"))
    if local is None or local.port is None:
        return None
    return Row(cells.row_span(match), local, None, LISTEN, "", None, match["unit"])


def _fuser(text: str, match: re.Match[str]) -> Row | None:
    local = cells.port_at(text, match.span("port"), match["protocol"])
    if local is None:
        return None
    return Row(
        span=cells.row_span(match),
        local=local._replace(role="listener"),
        protocol=match["protocol"],
        pid=int(match["pid"]),
        program=match["program"] or "",
    )
