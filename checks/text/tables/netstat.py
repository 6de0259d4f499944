"""The tables of ``netstat``: of Linux, of macOS and the BSDs, of Solaris and of Windows.

Windows translates the states. There a row's form tells what it is: a TCP row whose
foreign end is the wildcard listens, in whichever language.

Sources: net-tools, netstat.c; FreeBSD and macOS, netstat(1), inet.c; illumos,
netstat(8); Windows, "netstat" in the command reference.
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


_UNIX = re.compile(
    rf"{INDENT}(?P<protocol>(?:tcp|udp)(?:4|6|46)?|udplite6?){GAP}\d{{1,10}}{GAP}\d{{1,10}}{GAP}"
    rf"(?P<local>{CELL}){GAP}(?P<peer>{CELL})(?P<rest>(?:[ \t\r][^\n]{{0,400}})?)$",
    re.ASCII | re.MULTILINE,
)
_SOLARIS = re.compile(
    rf"{INDENT}(?P<local>{CELL}){GAP}(?P<peer>{CELL})(?:{GAP}\d{{1,10}}){{4}}{GAP}"
    rf"(?P<state>[A-Z][A-Z_0-9]{{3,12}}){END}",
    re.ASCII | re.MULTILINE,
)
_WINDOWS = re.compile(
    rf"{INDENT}(?P<protocol>TCP|UDP)(?:v6)?{GAP}(?P<local>{CELL}){GAP}(?P<peer>{CELL})"
    rf"(?:{GAP}(?P<state>[^\W\d][^\s:.,;]{{1,24}}))?(?:{GAP}(?P<pid>\d{{1,7}}))?"
    rf"(?:{GAP}(?:InHost|NotOffloaded|Offloaded))?{END}",
    re.MULTILINE,
)
_BELOW = re.compile(
    r"\n(?:[> \t]{0,40}[\w.-]{1,40}[ \t\r]{0,8}\n)?[> \t]{0,40}\[(?P<program>[^\]\n]{1,80})\]"
)
"""With -b the program is on the next line, or behind the name of its service."""
_HEADING = re.compile(
    rf"{INDENT}Proto{GAP}(?:Recv-Q{GAP}Send-Q|\S{{2,20}}[ ]{{0,3}}\S{{3,20}}{GAP}\S{{2,20}})"
    r"[^\n]{0,300}$",
    re.MULTILINE,
)
_STATE = re.compile(r"[ \t]{1,40}(?P<state>[A-Z][\w-]{3,20})(?!\S)")
_PROGRAM = re.compile(r"(?<![^ \t])(?P<pid>\d{1,7})/(?P<program>[^\s/]{1,64})", re.ASCII)
_NAMED_PID = re.compile(
    r"(?<![^ \t])(?P<program>[A-Za-z_][^\n:]{0,40}):(?P<pid>\d{1,7})[ \t]{1,40}[0-9a-f]{4,6}(?!\w)",
    re.ASCII,
)
"""``process:pid`` and the socket's state, as macOS 26 prints them with -v."""
_NUMBERS = re.compile(
    r"(?:[ \t]{1,40}\d{1,12}){2}[ \t]{1,40}(?P<pid>\d{1,7})[ \t]{1,40}\d{1,7}[ \t]{1,40}"
    r"[0-9a-f]{4,6}(?!\w)",
    re.ASCII,
)
"""rhiwat shiwat pid epid state, as macOS printed them before."""


def read(text: str) -> Iterator[Table]:
    """Find the rows of every netstat in a text."""
    heading = _HEADING.search(text)
    first = heading.start() if heading else None
    yield from _unix(text, first)
    windows = [row for match in _WINDOWS.finditer(text) if (row := _windows(text, match))]
    if windows:
        yield table("netstat", "windows", windows, first)
    solaris = [row for match in _SOLARIS.finditer(text) if (row := _solaris(text, match))]
    if solaris:
        yield table("netstat", "solaris", solaris)


def _unix(text: str, first: int | None) -> Iterator[Table]:
    """Linux writes a colon before the port, the BSDs a dot."""
    found = [pair for match in _UNIX.finditer(text) if (pair := _unix_row(text, match))]
    for system in ("linux", "macos"):
        rows = [row for row, dotted in found if dotted == (system == "macos")]
        if rows:
            yield table("netstat", system, rows, first)


def _unix_row(text: str, match: re.Match[str]) -> tuple[Row, bool] | None:
    protocol = cells.protocol_of(match["protocol"])
    local = cells.end_at(text, match.span("local"), protocol)
    if local is None:
        return None
    peer = cells.peer_at(text, match.span("peer"), protocol)
    rest = match["rest"]
    state = _STATE.match(rest)
    word = cells.state_of(state["state"]) if state else ""
    if not word and state is not None and peer is None and protocol == "tcp":
        word = LISTEN
    behind = rest[state.end() :] if state else rest
    pid, program = _process(behind)
    dotted = local.form == "bsd"
    if local.port is None and word == LISTEN:
        return None
    return Row(cells.row_span(match), local, peer, word, protocol, pid, program), dotted


def _process(rest: str) -> tuple[int | None, str]:
    """The process behind the state: ``4242/node``, ``node:4242`` or a column of numbers."""
    named = _PROGRAM.search(rest) or _NAMED_PID.search(rest)
    if named is not None:
        return int(named["pid"]), named["program"].strip().rstrip(":")
    numbers = _NUMBERS.match(rest)
    return (int(numbers["pid"]) if numbers else None), ""


def _windows(text: str, match: re.Match[str]) -> Row | None:
    protocol = match["protocol"].lower()
    local = cells.end_at(text, match.span("local"), protocol)
    if local is None or local.port is None or local.form == "bsd":
        return None
    peer = cells.peer_at(text, match.span("peer"), protocol)
    if peer is None and ":" not in match["peer"]:
        return None
    state = cells.state_of(match["state"] or "")
    if not state and peer is None and protocol == "tcp":
        state = LISTEN
    pid = int(match["pid"]) if match["pid"] else None
    below = _BELOW.match(text, match.end())
    program = below["program"].strip() if below else ""
    return Row(cells.row_span(match), local, peer, state, protocol, pid, program)


def _solaris(text: str, match: re.Match[str]) -> Row | None:
    state = cells.state_of(match["state"])
    local = cells.end_at(text, match.span("local"))
    if local is None or not (state or match["state"] == "IDLE"):
        return None
    peer = cells.peer_at(text, match.span("peer"))
    return Row(cells.row_span(match), local, peer, state, "tcp")
