"""Who printed a line: the wordings of tools that print a loopback address.

Most people meet ``127.0.0.1:62893`` in a line that is no error: a debugger that has
connected, the caller in a server's log, the address of a tunnel. The line tells whose
end the address is, whether all is well, and what to do first.

:mod:`.table` has the wordings, a row a line; :mod:`.reader` finds them in a text. Both
are loaded for running text only, and for URLs that :func:`may_tell` picks.
"""

from __future__ import annotations

from checks.text.banners.banner import Banner as Banner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.text.endpoint import Endpoint
    from checks.text.errors import ErrorMessage


_TELLING = ("?", "=/", "devtools", "ws:", "/proxy/")
"""What a URL has that a tool printed: a token, a code, a socket of a debugger."""


def may_tell(url: str) -> bool:
    """Whether a URL that is all of a text may be one that a known tool printed.

    Arguments:
        url: a word that was read as a URL.
    """
    return any(mark in url for mark in _TELLING)


def find(
    text: str,
    endpoints: tuple[Endpoint, ...],
    errors: tuple[ErrorMessage, ...] = (),
    *,
    tools: bool = False,
) -> Banner | None:
    """Return the line of a known tool that a text is or contains; None where there is none.

    Arguments:
        text: any text.
        endpoints: of the text, in its order.
        errors: of the text; one may belie a line that says that all is well.
        tools: whether only lines count that name their tool, as beside a table, whose rows
            tell more than the form of a line.
    """
    from checks.text.banners import reader  # noqa: PLC0415 - 6 ms, for running text only

    return reader.read(text, endpoints, errors, tools=tools)


def with_role(endpoints: tuple[Endpoint, ...], banner: Banner | None) -> tuple[Endpoint, ...]:
    """Return endpoints with the role that a tool's line gives one that has none yet.

    Arguments:
        endpoints: of the text, in its order.
        banner: the line; None where there is none.
    """
    if banner is None or banner.endpoint is None or not banner.role:
        return endpoints
    index = banner.endpoint
    one = endpoints[index]
    if one.role is not None:
        return endpoints
    return (*endpoints[:index], one._replace(role=banner.role), *endpoints[index + 1 :])
