"""Tables of known tools, read by their heading or by the form of their rows.

``ss``, ``netstat``, ``lsof``, ``docker ps`` and others print columns: a row tells a state,
a process and two ends, which running text does not. One module a family of tools; people
paste single rows as often as whole tables, so most rows are known by their form alone.
"""

from __future__ import annotations

from checks.text.tables import (
    docker,
    kernel,
    kubernetes,
    lsof,
    netsh,
    netstat,
    powershell,
    ss,
    systemd,
    tried,
)
from checks.text.tables.record import Row, Table
from checks.text.tables.roles import settled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from checks.text.endpoint import Endpoint

    Family: TypeAlias = tuple[tuple[str, ...], Callable[[str], Iterator[Table]]]

__all__ = ["Row", "Table", "endpoints", "masked", "read"]

_FAMILIES: tuple[Family, ...] = (
    (ss.SIGNS, ss.read),
    (netstat.SIGNS, netstat.read),
    (lsof.SIGNS, lsof.read),
    (powershell.SIGNS, powershell.read),
    (netsh.SIGNS, netsh.read),
    (docker.SIGNS, docker.read),
    (kubernetes.SIGNS, kubernetes.read),
    (kernel.SIGNS, kernel.read),
    (systemd.SIGNS, systemd.read),
    (tried.SIGNS, tried.read),
)
"""Words one of which is in every table of the family, and its reader."""


def read(text: str) -> tuple[Table, ...]:
    """Find the tables of a text.

    Arguments:
        text: any text, any number of lines.

    Returns:
        the tables in the order of the text, their ends with roles. A row is taken once.
    """
    if "\x1b[" in text:
        return ()
    found: list[Table] = []
    taken: set[int] = set()
    for signs, reader in _FAMILIES:
        if any(sign in text for sign in signs):
            for table in reader(text):
                rows = tuple(row for row in table.rows if row.span[0] not in taken)
                if rows:
                    taken.update(row.span[0] for row in rows)
                    found.append(settled(table._replace(rows=rows)))
    return tuple(sorted(found, key=lambda table: table.span))


def endpoints(found: tuple[Table, ...]) -> tuple[Endpoint, ...]:
    """Return the endpoints of tables in the order of the text, with their roles."""
    ends = [end for table in found for row in table.rows for end in (row.local, row.peer)]
    ends += [table.about for table in found]
    known = {end.span: end for end in ends if end is not None}
    return tuple(known[span] for span in sorted(known))


def masked(text: str, found: tuple[Table, ...]) -> str:
    """Return the text with spaces for what tables hold, as long as it was: it has been read.

    Arguments:
        text: as it was pasted.
        found: its tables.
    """
    parts: list[str] = []
    end = 0
    for first, last in sorted({row.span for table in found for row in table.rows}):
        if first >= end:
            parts += (text[end:first], " " * (last - first))
            end = last
    return "".join((*parts, text[end:])) if parts else text
