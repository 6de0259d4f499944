"""The tables of ``lsof -i`` and of FreeBSD's ``sockstat``: a row begins with the process.

Sources: lsof(8), "OUTPUT"; FreeBSD, sockstat(1).
"""

from __future__ import annotations

import re

from checks.text.authority import all_digits
from checks.text.tables import cells
from checks.text.tables.cells import CELL, END, GAP, INDENT
from checks.text.tables.record import LISTEN, Row, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.text.tables.record import Table


_NAME = (
    r"(?P<protocol>TCP|UDP)[ \t]{1,8}(?P<local>[^\s>()]{3,200}?)(?:->(?P<peer>[^\s()]{3,200}))?"
    r"(?:[ \t]\((?P<state>[A-Z][A-Z_0-9]{2,14})[^)\n]{0,60}\))?"
)
_ROW = re.compile(
    rf"{INDENT}(?P<program>\S{{1,64}}){GAP}(?P<pid>\d{{1,7}}){GAP}[^\n]{{1,160}}?[ \t]IPv[46]{GAP}"
    rf"(?P<device>\S{{1,24}}){GAP}\S{{1,16}}{GAP}{_NAME}{END}",
    re.ASCII | re.MULTILINE,
)
_TAIL = re.compile(rf"{INDENT}{_NAME}(?<=\)){END}", re.ASCII | re.MULTILINE)
"""The last column of a row, with its state in parentheses."""
_HEADING = re.compile(rf"{INDENT}COMMAND{GAP}(?:PID|TID)\b[^\n]{{0,200}}\bNAME\b", re.MULTILINE)
_SOCKSTAT = re.compile(
    rf"{INDENT}(?P<user>[\w.?-]{{1,32}}){GAP}(?P<program>[^\s]{{1,64}}){GAP}(?P<pid>\d{{1,7}}|\?){GAP}"
    rf"(?:\d{{1,6}}|\?){GAP}(?P<protocol>(?:tcp|udp)(?:4|6|46)?){GAP}(?P<local>{CELL}){GAP}"
    rf"(?P<peer>{CELL})(?:{GAP}(?P<state>[A-Z][A-Z_0-9]{{3,12}}))?{END}",
    re.ASCII | re.MULTILINE,
)
_ESCAPED = re.compile(r"\\x([0-9a-f]{2})", re.ASCII)


def read(text: str) -> Iterator[Table]:
    """Find the rows of lsof and of sockstat in a text."""
    heading = _HEADING.search(text)
    matches = [*_ROW.finditer(text), *_TAIL.finditer(text)]
    rows = [row for match in matches if (row := _lsof(text, match))]
    if rows:
        device = matches[0].groupdict().get("device") or ""
        system = "macos" if device.startswith("0x") else "linux" if all_digits(device) else None
        yield table("lsof", system, sorted(rows), heading.start() if heading else None)
    rows = [row for match in _SOCKSTAT.finditer(text) if (row := _sockstat(text, match))]
    if rows:
        yield table("sockstat", "freebsd", rows)


def _lsof(text: str, match: re.Match[str]) -> Row | None:
    found = match.groupdict()
    protocol = match["protocol"].lower()
    local = cells.end_at(text, match.span("local"), protocol)
    if local is None or local.port is None:
        return None
    peer = cells.peer_at(text, match.span("peer"), protocol) if match["peer"] else None
    return Row(
        span=cells.row_span(match),
        local=local,
        peer=peer,
        state=cells.state_of(match["state"] or ""),
        protocol=protocol,
        pid=int(found["pid"]) if found.get("pid") else None,
        program=_ESCAPED.sub(_character, found.get("program") or ""),
    )


def _character(match: re.Match[str]) -> str:
    r"""``Code\x20H``: what lsof prints for spaces and what is not printable."""
    number = int(match[1], 16)
    return chr(number) if 32 <= number < 127 else match[0]


def _sockstat(text: str, match: re.Match[str]) -> Row | None:
    protocol = cells.protocol_of(match["protocol"])
    local = cells.end_at(text, match.span("local"), protocol)
    if local is None or local.port is None:
        return None
    peer = cells.peer_at(text, match.span("peer"), protocol)
    state = cells.state_of(match["state"] or "")
    if not state and peer is None and protocol == "tcp":
        state = LISTEN  # without -s there is no column of states
    pid = int(match["pid"]) if match["pid"] != "?" else None
    program = "" if match["program"] == "?" else match["program"]
    return Row(cells.row_span(match), local, peer, state, protocol, pid, program)
