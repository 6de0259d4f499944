"""Text in, classification out: what an address, endpoint, URL, port or message is.

Pure: no socket, no file, no clock, no look at the platform. The same code
answers in the terminal and in the browser, on every supported Python, to the
byte.
"""

from __future__ import annotations

from checks.address import ipv4
from checks.address.blocks import Block
from checks.address.host import IPV4, Host, read
from checks.address.readings import Readings, readings
from checks.address.scripts import has_letter
from checks.model.contract import SCHEMA
from checks.model.records import NamedTuple
from checks.ports import Port
from checks.text.endpoint import Endpoint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.text.errors import ErrorMessage

__all__ = [
    "Block",
    "Classification",
    "Endpoint",
    "Host",
    "Port",
    "Readings",
    "classify",
    "read",
    "readings",
]

MAX_PAIRS = 4
"""So many pairs of quotes around a paste are taken off; each costs a copy of the text."""

_LISTED = frozenset(("address", "network", "endpoint", "url", "port"))
"""Kinds of words that make a list; any word can be a name."""

_OUTER = " \t\r\n\v\f\u00a0\ufeff"
_PAIRS = ('""', "''", "``", "<>", "()", "“”", "‘’", "«»")


class Classification(NamedTuple):
    """What a text is.

    Arguments:
        input: the text as it was given.
        kind: ``address``, ``network``, ``endpoint``, ``url``, ``port``,
            ``name``, ``text`` (a message or log line) or ``empty``.
        endpoints: in the order of the text.
        error: the error message that the text is or contains, or None.
    """

    input: str
    kind: str
    endpoints: tuple[Endpoint, ...]
    error: ErrorMessage | None = None

    def to_dict(self) -> dict[str, object]:
        """The classification as the JSON contract has it, without findings."""
        return {
            "schema": SCHEMA,
            "input": self.input,
            "kind": self.kind,
            "endpoints": [endpoint.to_dict() for endpoint in self.endpoints],
            "error": self.error.to_dict() if self.error else None,
        }


def classify(text: str) -> Classification:
    """Say what a pasted text is.

    Arguments:
        text: any text: an address in any spelling, an endpoint, a URL, a
            port, a name, an error message, whole log lines.

    Returns:
        the classification; never raises for any str, and takes time in
        proportion to the length of the text.
    """
    value = ipv4.parse(text)
    if value is not None:  # by far the most common input of a stream
        host = Host(text, IPV4, 4, value)
        return Classification(text, "address", (Endpoint(text, (0, len(text)), None, host, None),))
    token, start = _unwrap(text)
    if not token:
        return Classification(text, "empty", ())
    return _classify_token(text, token, start) or _classify_list(text) or _classify_text(text)


def _unwrap(text: str) -> tuple[str, int]:
    """The text without outer white space, quotes and a trailing comma, and where it starts."""
    token = text.strip(_OUTER).rstrip(",;")
    start = text.find(token) if token else 0
    for _ in range(MAX_PAIRS):
        if len(token) <= 2 or token[0] + token[-1] not in _PAIRS:
            break
        inner = token[1:-1]
        token = inner.strip(_OUTER)
        start += 1 + (len(inner) - len(inner.lstrip(_OUTER)))
    return token, start


def _classify_token(text: str, token: str, start: int) -> Classification | None:
    """The reading of a paste that is one word; None where it is none of the kinds."""
    from checks.text import word  # noqa: PLC0415 - not for plain addresses

    if len(token) > word.MAX_TOKEN or not _one_word(token) or "\x1b[" in token:
        return None
    found = word.read(token, start)
    if found is None:
        return None
    kind, endpoints = found
    if kind == "name" and (_is_date(token) or _has_error(token)):
        return None
    return Classification(text, kind, endpoints)


def _classify_list(text: str) -> Classification | None:
    """A column of words, one a line, each of which alone would be read: ``62893``, ``0x7f.1``.

    In running text such words are numbers like any other; here they are all there is.
    """
    from checks.text import word  # noqa: PLC0415 - not for plain addresses

    endpoints: list[Endpoint] = []
    place = 0
    for line in text.split("\n"):
        token, start = _unwrap(line)
        found = None
        if token and len(token) <= word.MAX_TOKEN and _one_word(token):
            found = word.read(token, place + start)
        if token and (found is None or found[0] not in _LISTED):
            return None
        endpoints += found[1] if found else ()
        place += len(line) + 1
    return Classification(text, "text", tuple(endpoints)) if len(endpoints) > 1 else None


def _one_word(token: str) -> bool:
    return len(token.split(None, 1)) == 1 and "," not in token.partition("://")[0]


def _is_date(token: str) -> bool:
    """``2026-11-23`` and ``62893-62900`` are made of what host names may contain."""
    return not has_letter(token)


def _has_error(token: str) -> bool:
    from checks.text import errors  # noqa: PLC0415 - not for plain addresses

    return errors.find(token) is not None


def _classify_text(text: str) -> Classification:
    from checks.text import errors  # noqa: PLC0415 - not for plain addresses
    from checks.text.prose import scan  # noqa: PLC0415 - compiles patterns

    return Classification(text, "text", scan(text), errors.find(text))
