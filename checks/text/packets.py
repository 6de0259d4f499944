"""Errors that packets tell: a capture names none, and a refusal is one packet of it.

The rows of :mod:`checks.text.tables.tcpdump` have the state; here it becomes the error that
the client's program gets, bound to the server that was asked.
"""

from __future__ import annotations

from checks.text.errors import ErrorMessage
from checks.text.errors.index import BY_NAME
from checks.text.tables.record import CLOSED, FILTERED, RESET

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from checks.text.endpoint import Endpoint
    from checks.text.tables import Row, Table

MOST = 8
"""So many connections of a capture are told as errors."""
_ERRORS = {
    CLOSED: ("ECONNREFUSED", "connect"),
    FILTERED: ("ETIMEDOUT", "connect"),
    RESET: ("ECONNRESET", "receive"),
}
_SERVER = ("target", "listener")


def errors(
    text: str,
    found: Sequence[Table],
    endpoints: Sequence[Endpoint],
    told: Sequence[ErrorMessage] = (),
) -> tuple[ErrorMessage, ...]:
    """Return the errors of a text: those that its words tell, then those of its packets.

    Arguments:
        text: the whole.
        found: its tables.
        endpoints: all of its endpoints.
        told: the errors that its words tell, bound to endpoints.
    """
    known = {(error.name, _where(endpoints, error.endpoint)) for error in told}
    places = {end.span: index for index, end in enumerate(endpoints)}
    added: list[ErrorMessage] = []
    for row, index in _failures(found, places):
        name, operation = _ERRORS[row.state]
        key = (name, _where(endpoints, index))
        if key not in known and len(added) < MOST:
            known.add(key)
            added.append(_error(text, row, name)._replace(operation=operation, endpoint=index))
    return (*told, *added)


def _failures(
    found: Sequence[Table], places: dict[tuple[int, int], int]
) -> Iterator[tuple[Row, int]]:
    """The packets that end a connection, with the server's place; not those that a client ends."""
    for table in found:
        for row in table.rows if table.tool == "tcpdump" else ():
            if row.state not in _ERRORS:
                continue
            ends = (row.local,) if row.state == RESET else (row.local, row.peer)
            for end in ends:
                if end is not None and end.role in _SERVER and end.span in places:
                    yield row, places[end.span]


def _where(endpoints: Sequence[Endpoint], index: int | None) -> str | None:
    end = endpoints[index] if index is not None else None
    if end is None or end.host is None:
        return None
    return f"{end.host.address or end.host.text} {end.port.number if end.port else ''}"


def _error(text: str, row: Row, name: str) -> ErrorMessage:
    """The error with the flags of its packet as its words."""
    entry = BY_NAME[name]
    first = text.find("Flags [", *row.span)
    span = (first, text.find("]", first) + 1)
    return ErrorMessage(
        name, dict(entry.codes), entry.says, text[slice(*span)], span, entry.leads_to
    )
