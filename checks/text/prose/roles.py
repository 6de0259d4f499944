"""Which endpoint of a text is a peer: the other side of a connection, with no listener to ask."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.text.endpoint import Endpoint

_ARROW = re.compile(r"\s?(?:->|>|-->|\u2192)\s?")
_FROM_BEFORE = re.compile(r"\b(?:by|from) $", re.ASCII | re.IGNORECASE)
_REQUEST_AFTER = re.compile(r"(?: - \S{1,64})?(?: \[[^\]\n]{1,40}\])?(?: -)? \"[A-Z]{3,10} ")


def with_roles(text: str, endpoints: tuple[Endpoint, ...]) -> tuple[Endpoint, ...]:
    """Mark the peers: right of an arrow, the client of an access log, ``from X port N``."""
    marked: list[Endpoint] = []
    for endpoint in endpoints:
        left = marked[-1] if marked else None
        peer = endpoint.host is not None and (
            (left is not None and _is_client_of(text, left, endpoint)) or _is_caller(text, endpoint)
        )
        marked.append(endpoint._replace(role="peer") if peer and not endpoint.role else endpoint)
    return tuple(marked)


def _is_client_of(text: str, left: Endpoint, right: Endpoint) -> bool:
    """``127.0.0.1:8080->127.0.0.1:53422``: the right side of an arrow is the peer.

    Where its port is the lower one, as in what Go prints for a client and
    tcpdump for a request, it is the service, which must still be asked.
    """
    first = right.span[0]
    if first - left.span[1] > 5 or not _ARROW.fullmatch(text, left.span[1], first):
        return False
    return (
        left.port is not None
        and right.port is not None
        and (right.port.number or 0) > (left.port.number or 0)
    )


def _is_caller(text: str, endpoint: Endpoint) -> bool:
    """sshd's "from 127.0.0.1 port 53422", and the address before a request in a log."""
    first, last = endpoint.span
    if endpoint.form == "words" and _FROM_BEFORE.search(text[max(0, first - 8) : first]):
        return True
    return endpoint.scheme is None and _REQUEST_AFTER.match(text, last) is not None
