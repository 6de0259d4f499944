"""PowerShell's tables and lists: Get-NetTCPConnection, Get-NetUDPEndpoint, Test-NetConnection.

Names of properties are not translated, so both forms are known by them, in any order.

Source: Windows PowerShell, modules NetTCPIP and NetConnection.
"""

from __future__ import annotations

import re

from checks.text.tables import cells, columns
from checks.text.tables.cells import END, GAP, INDENT
from checks.text.tables.record import FAILED, LISTEN, OPEN, Row, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.text.endpoint import Endpoint
    from checks.text.tables.columns import Cells
    from checks.text.tables.record import Table


_HEADING = re.compile(
    r"^[^\n:]{0,200}?\b(?:LocalPort|RemotePort|TcpTestSucceeded)\b[^\n:]{0,300}$", re.MULTILINE
)
_PAIR = re.compile(
    rf"{INDENT}(?P<key>[A-Za-z]{{2,40}})[ \t]{{0,40}}:(?P<value>[^\n]{{0,300}})$",
    re.ASCII | re.MULTILINE,
)
_WARNING = re.compile(
    r"TCP connect to \(?(?P<end>(?P<host>[^\s()]{1,253}?)(?: : |:)(?P<port>\d{1,5}))\)? failed",
    re.ASCII,
)
_ROW = re.compile(
    rf"{INDENT}(?P<LocalAddress>[0-9A-Fa-f.:%]{{2,60}}){GAP}(?P<LocalPort>\d{{1,5}}){GAP}"
    rf"(?P<RemoteAddress>[0-9A-Fa-f.:%]{{2,60}}){GAP}(?P<RemotePort>\d{{1,5}}){GAP}"
    rf"(?P<State>[A-Z][A-Za-z0-9]{{3,14}})(?:{GAP}[A-Z][A-Za-z]{{2,20}})?"
    rf"(?:{GAP}(?P<OwningProcess>\d{{1,8}}))?{END}",
    re.ASCII | re.MULTILINE,
)
"""A row of Get-NetTCPConnection without its heading, its columns in the usual order."""
_PROGRAMS = ("ProcessName", "Process", "Name")


def read(text: str) -> Iterator[Table]:
    """Find the rows of these commands in a text, as tables and as lists."""
    sockets: list[Row] = []
    tests: list[Row] = []
    for found, span in [*_tables(text), *_lists(text)] or _rows(text):
        if "LocalAddress" in found and "LocalPort" in found:
            sockets.append(_socket(text, found, span))
        elif "TcpTestSucceeded" in found and "RemotePort" in found:
            tests += _test(text, found, span)
    tests += [_failed(text, match) for match in _WARNING.finditer(text)]
    if sockets:
        tcp = any(row.protocol == "tcp" for row in sockets)
        tool = "Get-NetTCPConnection" if tcp else "Get-NetUDPEndpoint"
        yield table(tool, "windows", sorted(sockets))
    if tests:
        yield table("Test-NetConnection", "windows", sorted(tests))


_MOST_COLUMNS = 20


def _tables(text: str) -> Iterator[tuple[Cells, tuple[int, int]]]:
    done = 0
    for heading in _HEADING.finditer(text):
        names = columns.words(heading.group())
        if heading.start() < done or not 1 < len(names) <= _MOST_COLUMNS:
            continue
        for start, line in columns.below(text, heading.end()):
            done = start + len(line)
            found = columns.by_word(line, start, names)
            spans = sorted(found.values())
            yield found, (spans[0][0], spans[-1][1])


def _rows(text: str) -> list[tuple[Cells, tuple[int, int]]]:
    """Rows alone, as a person copies them out of a long table."""
    return [
        (
            {name: match.span(name) for name in _ROW.groupindex if match[name] is not None},
            cells.row_span(match),
        )
        for match in _ROW.finditer(text)
        if cells.state_of(match["State"])
    ]


def _lists(text: str) -> Iterator[tuple[Cells, tuple[int, int]]]:
    """Records of one property a line; the next one begins where a property comes again."""
    found: Cells = {}
    first = last = 0
    for match in _PAIR.finditer(text):
        if found and (match["key"] in found or "\n" in text[last : match.start()].strip("\r")[1:]):
            yield found, (first, last)
            found = {}
        first = first if found else cells.row_span(match)[0]
        value = match["value"].strip()
        at = match.start("value") + len(match["value"]) - len(match["value"].lstrip())
        found[match["key"]] = (at, at + len(value))
        last = cells.row_span(match)[1]
    if found:
        yield found, (first, last)


def _socket(text: str, found: Cells, span: tuple[int, int]) -> Row:
    word = _text(text, found, "State")
    protocol = "tcp" if word or "RemotePort" in found else ""
    local = cells.pair_at(text, found["LocalAddress"], found["LocalPort"])
    peer = _pair(text, found, "Remote")
    state = cells.state_of(word)
    if word and not state and peer is None:
        state = LISTEN
    number = _text(text, found, "OwningProcess") or _text(text, found, "PID")
    program = next((name for key in _PROGRAMS if (name := _text(text, found, key))), "")
    pid = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else None
    return Row(span, local, peer, state, protocol, pid, program)


def _pair(text: str, found: Cells, stem: str) -> Endpoint | None:
    host, port = found.get(f"{stem}Address"), found.get(f"{stem}Port")
    end = cells.pair_at(text, host, port) if host and port else None
    if end is None or end.port is None or end.port.number == 0:
        return None
    return end


def _test(text: str, found: Cells, span: tuple[int, int]) -> Iterator[Row]:
    peer = _pair(text, found, "Remote")
    if peer is None and "ComputerName" in found:
        peer = cells.pair_at(text, found["ComputerName"], found["RemotePort"])
    if peer is not None:
        good = _text(text, found, "TcpTestSucceeded").lower() == "true"
        yield Row(span, None, peer, OPEN if good else FAILED, "tcp")


def _failed(text: str, match: re.Match[str]) -> Row:
    """The warning that comes before the list, of each address that was tried."""
    peer = cells.pair_at(text, match.span("host"), match.span("port"))
    if peer is not None:
        span = match.span("end")
        peer = peer._replace(text=text[slice(*span)], span=span)
    return Row(match.span(), None, peer, FAILED, "tcp")


def _text(text: str, found: Cells, name: str) -> str:
    return text[slice(*found[name])] if name in found else ""
