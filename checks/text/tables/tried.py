"""Tools that tried a connection and say what came of it: nc, ncat, pg_isready, curl, nmap.

Sources: OpenBSD, nc(1), netcat.c ("succeeded!"); nmap, ncat_connect.c; netcat-traditional,
netcat.c ("open"); PostgreSQL, pg_isready(1); curl, lib/connect.c ("Connected to"); nmap(1),
"Output"; nmap.dtd for its XML.
"""

from __future__ import annotations

import re

from checks.text.endpoint import Endpoint
from checks.text.tables import cells
from checks.text.tables.cells import END, GAP, INDENT
from checks.text.tables.record import CLOSED, FILTERED, OPEN, Row, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.text.tables.record import Table


_HOST = r"[0-9A-Za-z:._%-]{1,253}"
_SPOKEN: dict[str, re.Pattern[str]] = {
    "nc": re.compile(
        rf"Connection to (?P<end>(?:(?P<name>{_HOST}) \((?P<host>{_HOST})\)|(?P<alone>{_HOST}))"
        r"(?: (?P<port>\d{1,5}) port| port (?P<later>\d{1,5})))"
        r"(?: \[(?P<protocol>tcp|udp)/[^\]\n]{1,40}\])? succeeded!",
        re.ASCII,
    ),
    "ncat": re.compile(
        rf"Ncat: Connected to (?P<end>(?P<host>{_HOST}):(?P<port>\d{{1,5}}))\.", re.ASCII
    ),
    "curl": re.compile(
        rf"\* Connected to (?P<end>(?:(?P<name>{_HOST}) \((?P<host>{_HOST})\)|(?P<alone>{_HOST}))"
        r" port (?P<port>\d{1,5}))(?!\d)",
        re.ASCII,
    ),
    "netcat": re.compile(
        rf"(?P<end>{_HOST} \[(?P<host>[0-9.]{{7,15}})\]|\(UNKNOWN\) \[(?P<alone>[0-9.]{{7,15}})\])"
        r" (?P<port>\d{1,5}) \([^)\n]{1,40}\) open(?!\w)",
        re.ASCII,
    ),
    "pg_isready": re.compile(
        rf"(?<!\S)(?P<end>(?P<host>{_HOST}):(?P<port>\d{{1,5}})) - accepting connections", re.ASCII
    ),
}
"""What a tool prints of a connection that was accepted."""

_NMAP = re.compile(
    rf"{INDENT}(?P<port>\d{{1,5}})/(?P<protocol>tcp|udp|sctp){GAP}"
    r"(?P<state>open\|filtered|closed\|filtered|open|closed|filtered|unfiltered)"
    rf"(?:{GAP}(?P<service>[\w?-]{{1,40}})(?:[ \t][^\n]{{0,200}})?)?{END}",
    re.ASCII | re.MULTILINE,
)
_REPORT = re.compile(
    rf"Nmap scan report for (?:(?P<name>{_HOST}) \((?P<host>{_HOST})\)|(?P<alone>{_HOST}))",
    re.ASCII,
)
_XML = re.compile(
    r"<port protocol=\"(?P<protocol>tcp|udp|sctp)\" portid=\"(?P<port>\d{1,5})\">[^\n]{0,20}?"
    r"<state state=\"(?P<state>[a-z|]{4,15})\"",
    re.ASCII,
)
_XML_HOST = re.compile(r"<address addr=\"(?P<alone>[0-9A-Fa-f:.]{2,45})\"", re.ASCII)
_STATES = {"open": OPEN, "closed": CLOSED, "unfiltered": CLOSED}


def read(text: str) -> Iterator[Table]:
    """Find what these tools say in a text."""
    for tool, pattern in _SPOKEN.items():
        rows = [row for match in pattern.finditer(text) if (row := _spoken(text, match))]
        if rows:
            yield table(tool, None, rows)
    for row_pattern, report in ((_NMAP, _REPORT), (_XML, _XML_HOST)):
        rows = [row for match in row_pattern.finditer(text) if (row := _scanned(text, match))]
        if rows:
            found = report.search(text)
            about = _about(text, found) if found else None
            yield table("nmap", None, rows, found.start() if found else None)._replace(about=about)


def _spoken(text: str, match: re.Match[str]) -> Row | None:
    parts = match.groupdict()
    host = "host" if parts.get("host") else "alone"
    port = "port" if parts.get("port") else "later"
    found = cells.pair_at(text, match.span(host), match.span(port))
    if found is None or found.port is None:
        return None
    span = (match.start("end"), max(match.end("end"), match.end(port)))
    peer = found._replace(text=text[slice(*span)], span=span, form="words", role="target")
    return Row(match.span(), None, peer, OPEN, parts.get("protocol") or "tcp")


def _scanned(text: str, match: re.Match[str]) -> Row | None:
    state = _STATES.get(match["state"], FILTERED)
    end = cells.port_at(text, match.span("port"))
    if end is None:
        return None
    role = "listener" if state == OPEN else "target"
    span = cells.row_span(match)
    service = (match.groupdict().get("service") or "").rstrip("?")
    return Row(span, end._replace(role=role), None, state, match["protocol"], program=service)


def _about(text: str, match: re.Match[str]) -> Endpoint | None:
    part = "host" if match.groupdict().get("host") else "alone"
    found = cells.pair_at(text, match.span(part), None)
    return found._replace(role="target") if found else None
