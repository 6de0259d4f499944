"""Published ports: ``docker ps``, ``docker compose ps``, ``docker port``, and Podman's.

The end of this machine is left of the arrow. The port right of it, and one without an
arrow, is the container's own: no endpoint of this machine.

Source: Docker CLI reference, "docker container ls", "docker container port"; docker/cli,
cli/command/formatter/container.go (DisplayablePorts).
"""

from __future__ import annotations

import re

from checks.text.tables import cells, columns
from checks.text.tables.cells import END, INDENT
from checks.text.tables.record import LISTEN, Row, Table, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.text.tables.columns import Column


_HEADING = re.compile(
    rf"{INDENT}(?:CONTAINER ID|NAMES?|ID|Name)[ \t]{{1,120}}[^\n]{{0,300}}?\b(?:PORTS|Ports)\b"
    r"[^\n]{0,120}$",
    re.ASCII | re.MULTILINE,
)
_OF_CONTAINERS = re.compile(r"\b(?:CONTAINER ID|IMAGE|COMMAND|Command|SERVICE|STATUS|State)\b")
"""What tells such a heading from kubectl's, as of ingresses."""
_MAPPED = re.compile(
    r"^[^\n]{0,1500}?->[ \t]{0,2}\d{1,5}(?:-\d{1,5})?/[^\n]{0,1500}$", re.MULTILINE
)
_MAPPING = re.compile(
    r"(?<![\w.>])(?P<end>(?:(?:\[[0-9A-Fa-f:.]{2,45}\]|(?:\d{1,3}\.){3}\d{1,3}|::|\*):)?"
    r"(?P<port>\d{1,5}))(?:-(?P<last>\d{1,5}))?->(?P<into>\d{1,5})(?:-\d{1,5})?"
    r"(?:/(?P<protocol>tcp|udp|sctp)|(?![\w./:-]))",
    re.ASCII,
)
"""Versions of 2014 printed ``49154->80``, without the protocol, which was TCP then."""
_PORT = re.compile(
    rf"{INDENT}(?P<into>\d{{1,5}})(?:/(?P<protocol>tcp|udp|sctp))?[ ]->[ ]"
    rf"(?P<end>(?:\[[0-9A-Fa-f:.]{{2,45}}\]|(?:\d{{1,3}}\.){{3}}\d{{1,3}}|::):\d{{1,5}}){END}",
    re.ASCII | re.MULTILINE,
)
_NAMED = re.compile(r"[>|\s]{0,60}(?P<name>[A-Za-z][\w.-]{0,80})[ \t|]{1,80}[\d\[:]", re.ASCII)
_PROMPT = " \t\r\n$#>%`"
"""What may stand below a table without rows."""
_ID = re.compile(r"[>|\s]{0,60}[0-9a-f]{12}\s", re.ASCII)


def read(text: str) -> Iterator[Table]:
    """Find published ports in a text, under a heading or in rows alone."""
    headed = list(_headed(text))
    yield from headed
    read_from = {row.span[0] for found in headed for row in found.rows}
    alone = [
        row
        for match in _MAPPED.finditer(text)
        if cells.row_span(match)[0] not in read_from
        for row in _mappings(text, cells.row_span(match), _last_word(match.group()))
    ]
    if alone:
        yield table("docker ps", None, alone)
    ports = [row for match in _PORT.finditer(text) if (row := _port(text, match))]
    if ports:
        yield table("docker port", None, ports)


def _headed(text: str) -> Iterator[Table]:
    """The tables that have a heading; one without rows shows that no container runs."""
    done = 0
    for heading in _HEADING.finditer(text):
        if heading.start() < done or _OF_CONTAINERS.search(heading.group()) is None:
            continue
        rows = list(_under(text, heading))
        done = rows[-1].span[1] if rows else heading.end()
        if rows:
            yield table("docker ps", None, rows, heading.start())
        elif "STATUS" in heading.group() and not text[heading.end() :].strip(_PROMPT):
            yield Table("docker ps", None, heading.span(), ())


def _under(text: str, heading: re.Match[str]) -> Iterator[Row]:
    """The rows of a heading; a container that publishes nothing is a row too.

    A cell that docker-compose broke in two goes on in the next line, below an empty one.
    """
    names = columns.phrases(heading.group())
    name = ""
    for start, line in columns.below(text, heading.end()):
        found = columns.by_place(line, start, names)
        indent = len(line) - len(line.lstrip(" \t>|"))
        goes_on = bool(name) and (indent > names[0].last or len(found) < len(names) - 2)
        if not goes_on:
            name = line.split()[-1 if names[-1].name == "NAMES" else 0].lstrip(">|") or name
        span = (start + indent, start + len(line.rstrip()))
        rows = _mappings(text, span, name)
        yield from rows
        if not rows and not goes_on and _is_row(names, found):
            yield Row(span, None, program=name)


def _is_row(names: tuple[Column, ...], found: columns.Cells) -> bool:
    """Whether a line is a container's, and not the next prompt."""
    return len(found) >= len(names) - 1


def _mappings(text: str, span: tuple[int, int], name: str) -> list[Row]:
    """A row for each published port of a line."""
    rows = []
    for match in _MAPPING.finditer(text, *span):
        ported = match["end"] == match["port"]
        whole = match.span("end")
        local = cells.port_at(text, whole) if ported else cells.end_at(text, whole)
        if local is None or local.port is None:
            continue
        first, last = int(match["port"]), int(match["last"] or match["port"])
        ports = (first, last) if first < last < 65536 else None
        into, protocol = int(match["into"]), match["protocol"] or "tcp"
        state = LISTEN if protocol == "tcp" else ""
        rows.append(Row(span, local, None, state, protocol, None, name, ports, into))
    return rows


def _last_word(line: str) -> str:
    """The name of the container: the last column of a row that begins with its number, or the
    one word before the ports, as --format prints it.
    """
    if _ID.match(line):
        return line.split()[-1]
    named = _NAMED.match(line)
    return named["name"] if named else ""


def _port(text: str, match: re.Match[str]) -> Row | None:
    local = cells.end_at(text, match.span("end"))
    if local is None or local.port is None:
        return None
    protocol = match["protocol"] or "tcp"
    state = LISTEN if protocol == "tcp" else ""
    span = cells.row_span(match)
    return Row(span, local, None, state, protocol, into=int(match["into"]))
