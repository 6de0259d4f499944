"""Finds the rows of :mod:`checks.text.banners.table` in a text.

The text is read once for its words; only rows one of whose anchor words is in it are
looked for, each by one bounded pattern, so the time is linear and a text without any
anchor costs one pass. The first row of the table that matches wins: the table goes from
what tells most to what tells least.

Patterns do not read addresses: the endpoints of the text are known, and each is covered
with :data:`COVER` before a pattern sees it, however it was spelled.
"""

from __future__ import annotations

import re
from itertools import islice

from checks.model import words
from checks.text.banners import Banner
from checks.text.banners.kinds import ACCESS, NEXT, SERVER, WEB, answered
from checks.text.banners.rows import GUARD, ROWS, BannerRow
from checks.text.errors.folded import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.text.endpoint import Endpoint
    from checks.text.errors import ErrorMessage

COVER = "\x01"
"""Stands in place of every character of an endpoint."""

MAX_NAMED = 80
"""Characters of an endpoint that a sentence repeats."""

words_of = re.compile(r"[a-z_][a-z0-9_]*").findall
_AUTHORITY = re.compile(r"[^/?#\s]{0,20}//[^/?#\s]*")
FIRST_OF_CLIENTS = 32768
"""The lowest source port of Linux, whose range begins lowest (ip_local_port_range, ip-sysctl)."""

MAX_TRIED = 50
"""Places of one row that are looked at; a log has thousands alike."""

_NEAR = 600
"""So many characters behind a wording its endpoint may stand, on later lines."""


def _indexed() -> dict[str, list[int]]:
    """The numbers of the rows by their anchor words."""
    found: dict[str, list[int]] = {}
    for number, row in enumerate(ROWS):
        for word in _anchors(row):
            found.setdefault(word, []).append(number)
    return found


def _anchors(row: BannerRow) -> list[str]:
    """One of these words is in every text that has the wording: any of several, or the longest."""
    if row.pattern:
        return row.words.split() or [""]
    return [max(words_of(row.words), key=len)]


_BY_WORD = _indexed()
_WORDLESS = _BY_WORD.pop("", [])
"""Rows that are made of addresses and signs only."""


def read(
    text: str, endpoints: tuple[Endpoint, ...], errors: tuple[ErrorMessage, ...], *, named: bool
) -> Banner | None:
    """Return the line that tells most; as :func:`checks.text.banners.find`."""
    low = fold(text)
    numbers = {one for word in set(words_of(low)) & _BY_WORD.keys() for one in _BY_WORD[word]}
    if endpoints:
        numbers.update(_WORDLESS)
    if not numbers:
        return None
    place = Place(text, low, endpoints)
    for number in sorted(numbers):
        row = ROWS[number]
        if named and not row.tool:
            continue
        for match in _matches(row, place):
            banner = _banner(row, match, place)
            if not _is_belied(row, banner, errors):
                return banner
    return None


def _is_belied(row: BannerRow, banner: Banner, errors: tuple[ErrorMessage, ...]) -> bool:
    """Whether an error outside of a line says that a program that "runs" does not."""
    if not banner.normal or row.kind not in (WEB, SERVER):
        return False
    others = [error for error in errors if not banner.covers(error)]
    if not row.tool:
        return bool(others)
    return any(
        error.operation in ("bind", "listen") or error.endpoint == banner.endpoint
        for error in others
    )


def _covered(low: str, endpoints: tuple[Endpoint, ...]) -> str:
    """The text with its endpoints covered: of a URL the part before its path."""
    parts, at = [], 0
    for endpoint in endpoints:
        start, end = _extent(endpoint)
        if endpoint.port is None or start < at:
            continue
        parts += [low[at:start], COVER * (end - start)]
        at = end
    return "".join([*parts, low[at:]])


def _extent(endpoint: Endpoint) -> tuple[int, int]:
    """Where host and port of an endpoint are: of a port alone its digits."""
    start, end = endpoint.span
    if endpoint.host is None and endpoint.port is not None:
        return end - len(endpoint.port.text), end
    authority = _AUTHORITY.match(endpoint.text) if endpoint.scheme else None
    return (start, start + authority.end()) if authority else (start, end)


_HOLES = {
    "<at>": f"(?P<at>{COVER}+)",
    "<to>": f"(?P<to>{COVER}+)",
    "<any>": f"{COVER}+",
    "<port>": f"(?P<at>{COVER}+|[0-9]{{2,5}}(?![0-9]))",
}
"""What a pattern of the table may have in place of an address."""

_HOLE = re.compile("(?<!P)<(?:at|to|any|port)>")
_COMPILED: dict[str, re.Pattern[str]] = {}


def _matches(row: BannerRow, place: Place) -> Iterator[re.Match[str]]:
    """The first place of a row, or what it asks for; of any program every place that is no doubt.

    At most :data:`MAX_TRIED` places are looked at.
    """
    pattern = _COMPILED.get(row.key)
    if pattern is None:
        source = (row.pattern or re.escape(row.words)).removeprefix("<raw>")
        source = _HOLE.sub(lambda hole: _HOLES[hole[0]], source)
        pattern = _COMPILED[row.key] = re.compile(source, re.ASCII | re.MULTILINE)
    text = place.low if row.pattern.startswith("<raw>") else place.covered
    for match in islice(pattern.finditer(text), MAX_TRIED):
        if not row.tool and re.search(GUARD, _line(text, *match.span()), re.ASCII):
            continue
        if not row.where or _WHERE[row.where](match, place):
            yield match


def _is_own(match: re.Match[str], place: Place) -> bool:
    """Whether the host is this machine: none, loopback, a wildcard or a private address."""
    index = place.endpoint_of(match)
    host = place.endpoints[index].host if index is not None else None
    return host is None or host.kind == "wildcard" or host.scope in ("host", "site", "none")


def _is_higher(match: re.Match[str], place: Place) -> bool:
    """Whether the left port of two is the higher one, as a client's is."""
    left, right = (place.at(*match.span(group)) for group in ("at", "to"))
    if left is None or right is None:
        return False
    first, second = (place.endpoints[index].port for index in (left, right))
    return first is not None and second is not None and (first.number or 0) > (second.number or 0)


def _is_caller(match: re.Match[str], place: Place) -> bool:
    """Whether an endpoint is no URL, and its port one that systems give to clients."""
    index = place.endpoint_of(match)
    if index is None:
        return False
    endpoint = place.endpoints[index]
    number = endpoint.port.number if endpoint.port else None
    return endpoint.scheme is None and (number or 0) >= FIRST_OF_CLIENTS


def _is_peer(match: re.Match[str], place: Place) -> bool:
    """Whether the words around an endpoint say that it is a caller's end."""
    index = place.endpoint_of(match)
    return index is not None and place.endpoints[index].role == "peer"


_WHERE = {"peer": _is_peer, "caller": _is_caller, "own": _is_own, "higher": _is_higher}
"""What a row may ask of its endpoint besides."""


def _line(text: str, start: int, end: int) -> str:
    """The lines that a stretch is on, at most some hundred characters of them."""
    first = text.rfind("\n", max(0, start - 200), start) + 1
    last = text.find("\n", end, end + 200)
    return text[max(first, start - 200) : last if last >= 0 else end + 200]


class Place:
    """A text, its covered form and its endpoints, where a match is looked at.

    Arguments:
        text: as it was pasted.
        low: in lower case.
        endpoints: of the text, in its order.
    """

    def __init__(self, text: str, low: str, endpoints: tuple[Endpoint, ...]) -> None:
        self.text = text
        self.low = low
        self.covered = _covered(low, endpoints)
        self.endpoints = endpoints

    def endpoint_of(self, match: re.Match[str]) -> int | None:
        """The index of the endpoint that a line is about: of its place, else the nearest."""
        if match.groupdict().get("at") is not None:
            return self.at(*match.span("at"))
        return self._nearest(*match.span())

    def at(self, start: int, end: int) -> int | None:
        """The index of the endpoint that is in a stretch of the text."""
        for index, endpoint in enumerate(self.endpoints):
            first, last = _extent(endpoint)
            if first < end and start < last:
                return index
        return None

    def _nearest(self, start: int, end: int) -> int | None:
        """Behind the wording on its line, before it on its line, on a later or an earlier line."""
        first = self.covered.rfind("\n", 0, start) + 1
        line_end = self.covered.find("\n", end)
        last = len(self.covered) if line_end < 0 else line_end
        found: dict[str, int] = {}
        for index, endpoint in enumerate(self.endpoints):
            at = endpoint.span[0]
            if endpoint.port is None or not start - _NEAR <= at < end + _NEAR:
                continue
            if at < start:
                found["before" if at >= first else "earlier"] = index
            else:
                found.setdefault("behind" if at < last else "later", index)
        order = ("behind", "before", "later", "earlier")
        return next((found[where] for where in order if where in found), None)

    def name(self, match: re.Match[str], index: int | None) -> str:
        """How a sentence names the endpoint: host and port as written; "" where it has none."""
        written = self._written(match, "at") if match.groupdict().get("at") is not None else ""
        if index is None or (written and self.endpoints[index].port is None):
            return written
        return named(self.endpoints[index])

    def other(self, match: re.Match[str]) -> str:
        """The other end that a line names, as written; "" where it names none."""
        if match.groupdict().get("to") is None:
            return ""
        index = self.at(*match.span("to"))
        return self._written(match, "to") if index is None else named(self.endpoints[index])

    def next(self, match: re.Match[str]) -> str:
        """The first endpoint behind a line, as written; "" where none follows."""
        end = match.end()
        return next((named(one) for one in self.endpoints if end <= one.span[0] < end + _NEAR), "")

    def _written(self, match: re.Match[str], group: str) -> str:
        """What a group of a match has in the text, shortened and without escapes of URLs."""
        written = self.text[slice(*match.span(group))][:MAX_NAMED]
        written = re.sub("%3a", ":", written, flags=re.IGNORECASE).replace(": ", ":")
        return f"port {written}" if written.isdigit() else written


def named(endpoint: Endpoint) -> str:
    """Host and port of an endpoint, as written: ``127.0.0.1:62893``, ``port 62893``."""
    port = endpoint.port.text if endpoint.port else ""
    if endpoint.host is None:
        return f"port {port}"
    host = endpoint.host.text
    if len(host) > MAX_NAMED:
        host = host[: MAX_NAMED - 3] + "..."
    if not port:
        return host
    return f"{host}:{port}" if host[:1] == "[" else words.at(host, port)


def _banner(row: BannerRow, match: re.Match[str], place: Place) -> Banner:
    index = place.endpoint_of(match)
    kind = row.kind
    values = {name: value or "" for name, value in match.groupdict().items()}
    at = place.name(match, index)
    values |= {"tool": row.tool or "this program", "at": at, "other": place.other(match)}
    values["port"] = at.rpartition(":")[2].removeprefix("port ")
    if kind is NEXT:
        values["other"] = place.next(match) or "the one that it printed"
    normal, step = kind.normal, row.step or kind.step
    if kind is ACCESS:
        answer = answered(values.get("method", ""), values.get("status", ""))
        values["answer"], normal, step = answer
    if index is not None:
        index = _first_of(place.endpoints, index)
    return Banner(
        key=row.key,
        tool=row.tool,
        span=match.span(),
        endpoint=index,
        normal=normal,
        means=_filled(row.means or (kind.means if at else kind.bare or kind.means), values),
        step=_filled(step, values),
        reach=_reach(row, None if index is None else place.endpoints[index]),
        role=_own(row.role, kind.role),
        port=_own(row.port, kind.port),
    )


def _reach(row: BannerRow, endpoint: Endpoint | None) -> str:
    """Who may connect; a wildcard address says that others than this machine can."""
    reach = _own(row.reach, row.kind.reach)
    host = endpoint.host if endpoint is not None else None
    is_open = host is not None and (host.kind == "wildcard" or (host.version and host.value == 0))
    if not (reach and is_open and _own(row.role, row.kind.role) == "listener"):
        return reach
    return f"It listens on every address of the machine, so other machines can connect. {reach}"


def _own(value: str, of_kind: str) -> str:
    """What a row has, else its kind; a hyphen is for "not this one"."""
    return "" if value == "-" else value or of_kind


def _first_of(endpoints: tuple[Endpoint, ...], index: int) -> int:
    """The first endpoint with the same host and port, which is the one that a report tells."""
    wanted = named(endpoints[index])
    return next(i for i in range(index + 1) if named(endpoints[i]) == wanted)


def _filled(sentence: str, values: dict[str, str]) -> str:
    """The sentence with its holes filled; a line without an address says "the address"."""
    if not sentence:
        return ""
    text = sentence.format_map({**values, "at": values["at"] or "the address"})
    text = text.replace("  ", " ")
    begins = text.startswith(("the ", "a ", "an ", "port ", "this "))
    return text[0].upper() + text[1:] if begins else text
