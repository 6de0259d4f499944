"""An error and a table in one text: people paste what failed, and then who listens.

The row that has the port of the error is the answer: who holds the port that is in use,
or on which other address the program listens.
"""

from __future__ import annotations

from checks.findings.overview import phrases, sockets
from checks.rules.listening import Bind, takes
from checks.rules.places import destination

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.text import Classification
    from checks.text.endpoint import Endpoint
    from checks.text.tables import Row, Table

_IN_USE = frozenset(("EADDRINUSE", "WSAEADDRINUSE"))
_REFUSED = "ECONNREFUSED"


def sentence(classification: Classification) -> str | None:
    """Return what a table says about an error of the same text; None where it says nothing.

    Arguments:
        classification: the text as it was read.
    """
    for name, end in _failures(classification):
        number = end.port.number if end.port else None
        for table, row in _listeners(classification, number):
            told = _in_use(end, table, row) if name in _IN_USE else _elsewhere(end, row)
            if told is not None:
                return told
    return None


def has_other_errors(classification: Classification) -> bool:
    """Whether the text names an error outside of its tables."""
    rows = [row.span for table in classification.tables for row in table.rows]
    return any(
        not any(first <= error.span[0] and error.span[1] <= last for first, last in rows)
        for error in classification.errors[:_MOST]
    )


_MOST = 20
"""Errors of one text that are held against its rows."""


def _failures(classification: Classification) -> Iterator[tuple[str, Endpoint]]:
    for error in classification.errors[:_MOST]:
        known = error.endpoint is not None and error.endpoint < len(classification.endpoints)
        if known and (error.name in _IN_USE or error.name == _REFUSED):
            yield error.name, classification.endpoints[error.endpoint or 0]


def _listeners(classification: Classification, number: int | None) -> Iterator[tuple[Table, Row]]:
    for table in classification.tables:
        for row in table.rows:
            port = row.local.port if row.local is not None else None
            listening = row.local is not None and row.local.role == "listener"
            if listening and port is not None and port.number == number:
                yield table, row


def _in_use(end: Endpoint, table: Table, row: Row) -> str:
    """``127.0.0.1:3000 is in use by node (pid 7), as ss shows.``"""
    who = phrases.who(row)
    if table.tool.startswith("docker") and row.program:
        who = f"the container {who}"
    return f"{phrases.where(end)} is in use by {who}, as {sockets.tool(table)} shows."


def _elsewhere(end: Endpoint, row: Row) -> str | None:
    """The program listens, and on an address that does not take the connection."""
    asked = end.host.address if end.host else None
    bound = row.local.host.address if row.local and row.local.host else None
    if asked is None or bound is None or row.local is None:
        return None
    if takes(Bind("tcp", bound), destination(asked)) is not False:
        return None
    who = phrases.begin(phrases.who(row))
    return f"{phrases.where(end)} was refused: {who} listens on {phrases.where(row.local)} only."
