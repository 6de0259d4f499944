"""Which endpoint of a text an error belongs to, and which operation failed.

A text may name several errors and several endpoints: the proxy that refused, the
URL that was wanted, the client's own port, a link to documentation. An error is
said of the endpoint that it concerns, or of none.
"""

from __future__ import annotations

from checks.model.records import NamedTuple
from checks.text.endpoint import identity
from checks.text.errors.concerned import Concerned
from checks.text.errors.index import BY_NAME, VAGUE_NAMES
from checks.text.errors.operation import operation_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from checks.text.endpoint import Endpoint
    from checks.text.errors import ErrorMessage

MAX_ERRORS = 20
"""So many errors of one text are told."""

_OF_ROLE = {"listener": "bind", "target": "connect", "proxy": "connect"}
"""What was most probably done with an endpoint of a role, where the words do not tell."""


class _Place(NamedTuple):
    """An error and its endpoint, the same for each mention of them.

    Arguments:
        name: of the error; one for all that say that a host name has no address, as a
            program adds its own to the system's.
        host: None where only a port is written, or no endpoint.
        port: its number.
    """

    name: str
    host: object
    port: int | None


def bind(
    text: str, errors: tuple[ErrorMessage, ...], endpoints: tuple[Endpoint, ...]
) -> tuple[ErrorMessage, ...]:
    """Give each error its operation and the index of its endpoint, each pair once.

    Arguments:
        text: as it was pasted.
        errors: the places of errors, without operation and endpoint.
        endpoints: of the text, in its order, with their roles.

    Returns:
        the errors in the same order, at most :data:`MAX_ERRORS`. The places of one error
        on one endpoint are one; of a failure without a reason nothing is told where a
        reason is. The operation or the endpoint is None where the text does not tell.
    """
    urls = [one.span for one in endpoints if one.scheme] if errors else ()
    if urls:  # a link to the page of an error is no error
        errors = tuple(one for one in errors if not _is_inside(one.span, urls))
    if not errors:
        return ()
    concerned = Concerned(text, errors, endpoints)
    bound: list[ErrorMessage] = []
    for error in errors:
        operation = operation_of(text, error.name, error.span)
        indices = concerned.by(error, operation)
        bound += [
            error._replace(
                operation=operation or _OF_ROLE.get(endpoints[index].role or ""), endpoint=index
            )
            for index in indices
        ] or [error._replace(operation=operation)]
    return tuple(_joined(bound, endpoints)[:MAX_ERRORS])


def _is_inside(span: tuple[int, int], urls: Sequence[tuple[int, int]]) -> bool:
    return any(first <= span[0] and span[1] <= last for first, last in urls)


def _joined(errors: list[ErrorMessage], endpoints: tuple[Endpoint, ...]) -> list[ErrorMessage]:
    """One row for each error on each endpoint, the most telling first."""
    rows: dict[_Place, ErrorMessage] = {}
    for error in errors:
        rows.setdefault(_place(error, endpoints), error)
    told = {place: error for place, error in rows.items() if not _is_part(place, rows)}
    reasons = [place for place in told if place.name not in VAGUE_NAMES]
    if reasons:
        told = {
            place: error
            for place, error in told.items()
            if place.name not in VAGUE_NAMES or _is_apart(place, reasons)
        }
    most = _place(errors[0], endpoints).name
    named = (place for place in told if place.name == most)
    first = next(named, next(iter(told)))  # the first of the text may say less than another
    return [told.pop(first), *told.values()]


def _place(error: ErrorMessage, endpoints: tuple[Endpoint, ...]) -> _Place:
    resolves = BY_NAME[error.name].operations == ("resolve",)
    at = (None, None) if error.endpoint is None else identity(endpoints[error.endpoint])
    return _Place("resolve" if resolves else error.name, *at)


def _is_part(place: _Place, others: Iterable[_Place]) -> bool:
    """Whether another place says more of the same error: its endpoint, or the host of its port."""
    if place.host is not None:
        return False
    more = [other for other in others if other.name == place.name and other != place]
    return any(
        place.port is None or (other.host is not None and other.port == place.port)
        for other in more
    )


def _is_apart(place: _Place, reasons: list[_Place]) -> bool:
    """Whether a failure without a reason has an endpoint that no reason is near to.

    ``Failed to connect to localhost:5433`` is explained by what a line behind says of
    ``[::1]:5433``, and by an error that has no endpoint at all.
    """
    return place.port is not None and all(
        place.host != other.host and other.port not in (None, place.port) for other in reasons
    )
