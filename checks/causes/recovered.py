"""Errors that a later line of the text takes back: refused, tried again, then connected."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.text import Classification
    from checks.text.endpoint import Endpoint
    from checks.text.errors import ErrorMessage

PASSING = (
    "ECONNREFUSED", "ERR_CONNECTION_FAILED", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH",
    "ECONNRESET",
)  # fmt: skip
"""Errors of a connection that an attempt some seconds later may not meet."""

_SIGNS = ("connected", "established", "succeeded", "successful", "restored", "... ok")
_CONNECTED = re.compile(
    r"\b(?:re)?connected\b(?! from)|\bsuccessfully (?:re)?connect|\.\.\. ?ok\b"
    r"|\bconnection\b[^\n]{0,80}\b(?:re-?)?(?:established|restored|successful|succeeded)\b"
    r"|\b(?:re-?)?established (?:a )?connection\b|\bconnect(?:ion)?\b[^\n]{0,80} succeeded\b",
    re.ASCII,
)
_NOT = re.compile(
    r"\b(?:not?|never|cannot|could|unless|until|if|fail\w{0,6}|unable|refused|lost|was|expected)\b"
    r"|n't\b|\?",
    re.ASCII,
)
_FAILED = re.compile(
    r"\brefused\b|\btimed out\b|\btime-?out\b|\becon|\betimedout\b|\breset by\b|\bunreachable\b"
    r"|\bno route\b|\bdisconnected\b|\bconnection (?:was )?(?:lost|closed)\b",
    re.ASCII,
)
"""What may be another failure of the same endpoint: behind it no earlier line counts."""
_LINE = 300

Place = tuple[object, int | None]


def last_connected(classification: Classification, low: str) -> dict[Place, int]:
    """Return where the text says that an endpoint is connected, by its host and port.

    Only lines behind the text's last failure are told.

    Every loopback host is one place: a client that asks localhost tries its addresses in turn.

    Arguments:
        classification: of the whole text.
        low: the text in lower case, of the same length.
    """
    found: dict[Place, int] = {}
    if not any(sign in low for sign in _SIGNS):
        return found
    for endpoint in classification.endpoints:
        if endpoint.role not in (None, "target") or endpoint.port is None:
            continue
        line, words = _line(low, endpoint.span[0])
        if _CONNECTED.search(words) and not _NOT.search(words):
            found[_place(endpoint)] = line
    last = max((match.start() for match in _FAILED.finditer(low)), default=-1) if found else -1
    return {place: line for place, line in found.items() if line > last}


def is_passed(
    error: ErrorMessage, classification: Classification, connected: dict[Place, int]
) -> bool:
    """Whether the endpoint of an error is connected in a later line.

    Arguments:
        error: with its endpoint.
        classification: of the whole text.
        connected: as :func:`last_connected` gives it.
    """
    if not connected or error.name not in PASSING or error.endpoint is None:
        return False
    place = _place(classification.endpoints[error.endpoint])
    return connected.get(place, -1) > error.span[1]


def _line(low: str, at: int) -> tuple[int, str]:
    """Where the line of an index begins, and the line as far as it is looked at."""
    first = low.rfind("\n", max(0, at - _LINE), at) + 1 or max(0, at - _LINE)
    return first, low[first : at + _LINE].partition("\n")[0]


def _place(endpoint: Endpoint) -> Place:
    host = endpoint.host
    number = endpoint.port.number if endpoint.port else None
    if host is None:
        return None, number
    return "loopback" if host.loopback else host.address or host.text.lower(), number
