"""Which endpoint of a text an error belongs to, and which operation failed.

A text may name several errors and several endpoints: the proxy that refused, the
URL that was wanted, the client's own port, a link to documentation. An error is
said of the endpoint that it concerns, or of none.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.text.endpoint import Endpoint
    from checks.text.errors import ErrorMessage


def bind(
    text: str, errors: tuple[ErrorMessage, ...], endpoints: tuple[Endpoint, ...]
) -> tuple[ErrorMessage, ...]:
    """Give each error its operation and the index of its endpoint.

    Arguments:
        text: as it was pasted.
        errors: as they were found, without operation and endpoint.
        endpoints: of the text, in its order, with their roles.

    Returns:
        the errors in the same order; the operation or the endpoint is None where
        the text does not tell.
    """
    targets = [i for i, one in enumerate(endpoints) if one.role in (None, "target", "listener")]
    index = targets[0] if targets else None
    return tuple(one._replace(endpoint=index) for one in errors)
