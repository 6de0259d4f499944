"""The pieces of a pasted text, each with the row of the report that explains it.

An endpoint is more than its host and port: a URL has a scheme, a user, a path, and a fragment
that is never sent. A log line has a time, a message the words that name its error. Each piece is
found once here, so that the card can mark it and lead to its row.

Every position of the text belongs to one piece at most. Where two kinds claim a position, the
narrower kind has it: a host inside the words of an error stays a host. Takes time in proportion
to the length of the text.

Sources: RFC 3986 §3 and the WHATWG URL standard for the parts of a URL; RFC 9110 §4.2.4 for
passwords in it, §7.1 for the fragment; RFC 3339 §5.6 and RFC 3164
§4.1.2 for times.
"""

from __future__ import annotations

import re

from checks import ports
from checks.model.records import NamedTuple
from checks.report import rows, same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from checks.causes.base import Cause
    from checks.text import Classification
    from checks.text.endpoint import Endpoint


class Token(NamedTuple):
    """One piece of a text.

    Arguments:
        span: where it is: first index, index after the last.
        kind: ``host``, ``port``, ``error``, ``mark`` (words that speak for a cause), ``tool``,
            ``time``, or a part of a URL: ``scheme``, ``user``, ``password``, ``path``,
            ``query``, ``fragment``.
        row: key of the row that explains it: ``host-0``, ``port-0``, ``error-0``, ``cause-0``;
            of the other kinds the kind itself. The number is the index of the first endpoint
            that is the same, of the cause, or of the error among those of other names.
        says: what it is, in a few words; of a host or port its role in the text, or "".
    """

    span: tuple[int, int]
    kind: str
    row: str
    says: str


SHORTEST, MOST_SEARCHED = 4, 12
"""Words of an error are looked for again from so many characters on, and of so many errors."""
BEYOND = 1024
"""Characters after those that are shown, which tell what the last piece is: a password that is
cut is one."""

_SCHEMES = {
    "http": "HTTP, not encrypted",
    "https": "HTTP over TLS",
    "ws": "WebSocket, not encrypted",
    "wss": "WebSocket over TLS",
    "file": "a file of this machine; no connection is made",
}
_SAYS = {
    "user": "the name to log in with",
    "password": "a password; it is hidden here",
    "path": "what the client asks the server for",
    "query": "parameters, sent to the server with the path",
    "fragment": "stays in the browser, is never sent",
    "time": "when it happened",
    "tool": "the line of a known tool",
}
PARTS = ("scheme", "user", "password", "path", "query", "fragment", "time")
"""Kinds whose row is one for the whole text, in the order of the rows."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.:-]{0,63}\Z", re.ASCII)
_AUTHORITY = re.compile(r"[^\s/?#\"'<>`]{0,1000}", re.ASCII)
_TAIL = re.compile(r"([^?#]*)(\?[^#]*)?(#.*)?", re.ASCII | re.DOTALL)
_TIME = re.compile(
    r"(?<![\w.:-])(?:\d{4}[-/]\d\d[-/]\d\d[T ]|[A-Z][a-z]{2} [ \d]\d )?"
    r"\d\d:\d\d:\d\d(?:[.,]\d{1,9})?"
    r"(?:Z|[+-]\d\d:?\d\d)?(?![\w:.-])",
    re.ASCII,
)
_SECRET = re.compile(
    r"(?:passw(?:or)?d|pwd(?!=/)|(?<![a-z])pass)[\"']?[ ]{0,2}[=:]"
    r"[ ]{0,2}[\"']?([^\s\"'&;,)}\]]{1,128})"
    r"|\bauthorization[\"']?: ?[\"']?(?:basic|bearer) ([^\s\"',;]{1,512})"
    r"|(?<![\w./:-])(?!mailto:|sips?:)[\w.-]{1,64}:([^\s:@/\"']{1,128})@(?=[\w.\[])",
    re.ASCII | re.IGNORECASE,
)
_SECRET_WORDS = ("pass", "pwd", "authorization")


def tokens(classification: Classification, causes: Sequence[Cause], most: int) -> tuple[Token, ...]:
    """Return the pieces of a text in its order; no two overlap.

    Arguments:
        classification: the text as it was read.
        causes: those that are told, whose words are marked.
        most: characters of the text to look at.
    """
    text = classification.input[:most]
    claims = [*_claims(classification, causes, classification.input[: most + BEYOND])]
    owners = [0] * len(text)
    for number, (first, last, _, _, _) in enumerate(claims, 1):
        owners[first:last] = [number] * max(0, min(last, len(text)) - first)
    found = []
    for number, first, last in _runs(owners, claims):
        span = _trimmed(text, first, last)
        if span[0] < span[1]:
            _, _, kind, row, says = claims[number - 1]
            found.append(Token(span, kind, row, says))
    return tuple(found)


def _runs(owners: Sequence[int], claims: Iterable[_Claim]) -> Iterator[tuple[int, int, int]]:
    """Each claim that has a place: its number, first index, index after the last.

    A place can end only where a claim begins or ends, so no other place is looked at.
    """
    edges = {edge for first, last, *_ in claims for edge in (first, last)}
    begin, owner = 0, owners[0] if owners else 0
    for edge in sorted(edge for edge in edges if 0 < edge < len(owners)):
        if owners[edge] != owner:
            if owner:
                yield owner, begin, edge
            begin, owner = edge, owners[edge]
    if owner:
        yield owner, begin, len(owners)


_WORDLY = re.compile("[0-9A-Za-z]|[^\x00-\xbf\u2000-\u206f\u3000-\u303f\uff00-\uff0f\uff1a-\uff20]")
"""A letter or digit of any script. Beyond ASCII what is not in the blocks of punctuation is one:
str.isalnum() would go by the interpreter's version of Unicode."""


def _trimmed(text: str, first: int, last: int) -> tuple[int, int]:
    """A piece without the space around it; nothing of one that is punctuation only."""
    part = text[first:last]
    if _WORDLY.search(part) is None and part not in ("*", "::", "[::]"):
        return first, first
    return first + len(part) - len(part.lstrip()), first + len(part.rstrip())


_Claim = tuple[int, int, str, str, str]


def _claims(classification: Classification, causes: Sequence[Cause], text: str) -> Iterator[_Claim]:
    """What claims a place: first, last, kind, row, words. Later ones go before earlier ones."""
    banner = classification.banner
    if banner is not None:
        yield _claim(*banner.span, "tool", banner.means)
    for match in _TIME.finditer(text):
        yield _claim(*match.span(), "time")
    words = [*_errors(classification, text), *_marks(causes)]
    yield from sorted(words, key=lambda one: (one[0] - one[1], one[2] == "error"))  # longest first
    shown = [one for one in classification.endpoints if one.span[1] <= len(text)]
    yield from _urls(text, {one.span[0]: one.span[1] for one in shown if one.scheme})
    for endpoint, first in zip(shown, same(shown), strict=True):
        yield from _endpoint(endpoint, first)
    yield from _secrets(text)


def _claim(first: int, last: int, kind: str, says: str = "") -> _Claim:
    return first, last, kind, kind, says or _SAYS[kind]


def _errors(classification: Classification, text: str) -> Iterator[_Claim]:
    """The words of each error; written again, they are the same error."""
    first: dict[str, int] = {}
    again: dict[str, _Claim] = {}
    for error in classification.errors:
        row = f"error-{first.setdefault(error.name, len(first))}"
        yield (*error.span, "error", row, error.says)
        for words in (error.text, error.name):
            if len(words) >= SHORTEST and len(again) < MOST_SEARCHED:
                again.setdefault(words, (0, 0, "error", row, error.says))
    for words, (*_, row, says) in again.items():
        at = text.find(words)
        while at >= 0:
            yield at, at + len(words), "error", row, says
            at = text.find(words, at + len(words))


def _marks(causes: Sequence[Cause]) -> Iterator[_Claim]:
    for number, cause in enumerate(causes):
        for one in cause.because:
            yield (*one.span, "mark", f"cause-{number}", one.says)


def _endpoint(endpoint: Endpoint, first: int) -> Iterator[_Claim]:
    """The host and the port of an endpoint, each where it is written."""
    begin, end = endpoint.span
    host, port = _places(endpoint)
    says = rows.ROLES.get(endpoint.role or "", "")
    if host is None and port is None:  # written in another way than it is read
        yield (begin, end, "host", f"host-{first}", says)
    if host is not None:
        yield (begin + host[0], begin + host[1], "host", f"host-{first}", says)
    if port is not None:
        yield (begin + port[0], begin + port[1], "port", f"port-{first}", says)


def _places(endpoint: Endpoint) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    text = endpoint.text
    at = 0
    if endpoint.scheme and "://" in text:  # a user may be called as the host is
        at = text.index("://") + 3
        authority = _AUTHORITY.match(text, at)
        at = max(at, text.rfind("@", at, authority.end()) + 1) if authority else at
    host = _place(text, endpoint.host.text, at) if endpoint.host else None
    if endpoint.port is None or endpoint.port.implied:
        return host, None
    after = host[1] if host else at
    number = endpoint.port.text
    port = _place(text, number, after) or (_place(text, number, 0) if host and at == 0 else None)
    if host and port and port[0] < host[1] and host[0] < port[1]:
        port = None
    return host, port


def _place(text: str, part: str, at: int) -> tuple[int, int] | None:
    found = text.find(part, at) if part else -1
    return None if found < 0 else (found, found + len(part))


def _urls(text: str, ends: dict[int, int]) -> Iterator[_Claim]:
    """The parts of each URL but host and port.

    Arguments:
        text: the text.
        ends: the end of each URL that was read, by its beginning.
    """
    at = text.find("://")
    while at >= 0:
        before = _SCHEME.search(text, max(0, at - 64), at)
        authority = _AUTHORITY.match(text, at + 3)
        if before and authority:
            name = before.group().rpartition(":")[2].lower()
            yield _claim(before.start(), at, "scheme", _scheme(name))
            yield from _user(text, *authority.span())
            end = ends.get(before.start(), 0)
            yield from _tail(text, authority.end(), end)
        at = text.find("://", at + 3)


def _scheme(name: str) -> str:
    default = ports.SCHEMES.get(name)
    says = _SCHEMES.get(name, "the protocol")
    return f"{says}; its default port is {default}" if default else says


def _user(text: str, first: int, last: int) -> Iterator[_Claim]:
    at = text.rfind("@", first, last)
    if at <= first:
        return
    colon = text.find(":", first, at)
    if colon < 0:
        yield _claim(first, at, "user")
        return
    if colon > first:
        yield _claim(first, colon, "user")
    if colon + 1 < at:
        yield _claim(colon + 1, at, "password")


def _tail(text: str, first: int, end: int) -> Iterator[_Claim]:
    match = _TAIL.match(text, first, end) if first < end else None
    for number, kind in enumerate(("path", "query", "fragment"), 1):
        if match is not None and match.group(number) not in (None, "", "/"):
            yield _claim(*match.span(number), kind)


def secrets(text: str) -> Iterator[tuple[int, int]]:
    """Yield where passwords are in a text, in its order; none overlaps another.

    Arguments:
        text: any text.
    """
    at = 0
    for first, last in sorted({(one[0], one[1]) for one in _secrets(text)}):
        if last > at:
            yield max(first, at), last
            at = last


def _secrets(text: str) -> Iterator[_Claim]:
    """Passwords, wherever they are written; those of URLs once more, so that no kind is above."""
    at = text.find("://")
    while at >= 0:
        authority = _AUTHORITY.match(text, at + 3)
        if authority:
            yield from (one for one in _user(text, *authority.span()) if one[2] == "password")
        at = text.find("://", at + 3)
    low = text.lower()
    if "@" in text or any(word in low for word in _SECRET_WORDS):
        for match in _SECRET.finditer(text):
            yield _claim(*match.span(match.lastindex or 0), "password")
