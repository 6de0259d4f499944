"""Which endpoint of a text an error belongs to, and which operation failed.

A text may name several errors and several endpoints: the proxy that refused, the
URL that was wanted, the client's own port, a link to documentation. An error is
said of the endpoint that it concerns, or of none.
"""

from __future__ import annotations

from checks.text.errors.concerned import Concerned, identity
from checks.text.errors.index import BY_NAME, VAGUE_NAMES
from checks.text.errors.operation import operation_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.text.endpoint import Endpoint
    from checks.text.errors import ErrorMessage

MAX_ERRORS = 20
"""So many errors of one text are told."""

_OF_ROLE = {"listener": "bind", "target": "connect", "proxy": "connect"}
"""What was most probably done with an endpoint of a role, where the words do not tell."""


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


def _joined(errors: list[ErrorMessage], endpoints: tuple[Endpoint, ...]) -> list[ErrorMessage]:
    """One row for each error on each endpoint; of no endpoint only where it has no other."""
    rows: dict[tuple[str, object], ErrorMessage] = {}
    for error in errors:
        rows.setdefault((_kind(error), _mention(error, endpoints)), error)
    somewhere = {_kind(error) for error in rows.values() if error.endpoint is not None}
    told = [e for e in rows.values() if e.endpoint is not None or _kind(e) not in somewhere]
    reasons = [error for error in told if error.name not in VAGUE_NAMES]
    if reasons:
        told = [e for e in told if e in reasons or _is_apart(e, reasons, endpoints)]
    first = next(at for at, error in enumerate(told) if _kind(error) == _kind(errors[0]))
    return [told[first], *told[:first], *told[first + 1 :]]


def _kind(error: ErrorMessage) -> str:
    """The name; one for all that say that a host name has no address: programs add their own."""
    return "resolve" if BY_NAME[error.name].operations == ("resolve",) else error.name


def _mention(error: ErrorMessage, endpoints: tuple[Endpoint, ...]) -> object:
    return None if error.endpoint is None else identity(endpoints[error.endpoint])


def _is_apart(
    error: ErrorMessage, reasons: list[ErrorMessage], endpoints: tuple[Endpoint, ...]
) -> bool:
    """Whether a failure without a reason has an endpoint that no reason is near to.

    ``Failed to connect to localhost:5433`` is explained by what a line behind says of
    ``[::1]:5433``, and by an error that has no endpoint at all.
    """
    if error.endpoint is None or any(one.endpoint is None for one in reasons):
        return False
    host, port = identity(endpoints[error.endpoint])
    others = [identity(endpoints[one.endpoint]) for one in reasons if one.endpoint is not None]
    return all(
        host != other and None not in (port, number) and port != number for other, number in others
    )
