"""A text as the patterns of tools' lines see it: in lower case, every endpoint covered.

Patterns do not read addresses. The endpoints of the text are known, however they are
spelled, and each is covered with :data:`COVER` before a pattern sees it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from checks.model import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.text.endpoint import Endpoint

COVER = "\x01"
"""Stands in place of every character of an endpoint."""

MAX_NAMED = 80
"""Characters of an endpoint that a sentence repeats."""

_NEAR = 600
"""So many characters from a wording its endpoint may be, on other lines."""

_SIDE = 200
"""So many characters beside a wording are its line."""

_AUTHORITY = re.compile(r"[^/?#\s]{0,20}//[^/?#\s]{0,400}")


class Place:
    """A text and its endpoints, where a match of a pattern is looked at.

    Arguments:
        text: as it was pasted.
        low: in lower case.
        endpoints: of the text, in its order.
    """

    def __init__(self, text: str, low: str, endpoints: tuple[Endpoint, ...]) -> None:
        self.text = text
        self.low = low
        self.endpoints = endpoints
        self._extents = [_extent(endpoint) for endpoint in endpoints]
        self._starts = [first for first, _ in self._extents]
        self.covered = self._covered()

    def _covered(self) -> str:
        parts, at = [], 0
        for endpoint, (start, end) in zip(self.endpoints, self._extents, strict=True):
            if endpoint.port is not None and start >= at:
                parts += [self.low[at:start], COVER * (end - start)]
                at = end
        return "".join([*parts, self.low[at:]])

    def line(self, start: int, end: int) -> str:
        """The lines that a stretch is on, cut where they are long."""
        first = self.covered.rfind("\n", max(0, start - _SIDE), start) + 1
        last = self.covered.find("\n", end, end + _SIDE)
        return self.covered[max(first, start - _SIDE) : last if last >= 0 else end + _SIDE]

    def endpoint_of(self, match: re.Match[str]) -> int | None:
        """The index of the endpoint that a line is about: of its place, else the nearest."""
        if match.groupdict().get("at") is not None:
            return self.at(*match.span("at"))
        return self._nearest(*match.span())

    def at(self, start: int, end: int) -> int | None:
        """The index of the endpoint that is in a stretch of the text."""
        index = bisect_right(self._starts, start) - 1
        for one in (index, index + 1):
            if 0 <= one < len(self._extents):
                first, last = self._extents[one]
                if first < end and start < last:
                    return one
        return None

    def _nearest(self, start: int, end: int) -> int | None:
        """Behind the wording on its line, before it on its line, on a later or an earlier line."""
        first = self.covered.rfind("\n", 0, start) + 1
        last = self.covered.find("\n", end)
        found: dict[str, int] = {}
        for index in range(
            bisect_left(self._starts, start - _NEAR), bisect_left(self._starts, end + _NEAR)
        ):
            at = self._starts[index]
            if self.endpoints[index].port is None:
                continue
            if at < start:
                found["before" if at >= first else "earlier"] = index
            else:
                found.setdefault("behind" if at < last or last < 0 else "later", index)
        order = ("behind", "before", "later", "earlier")
        return next((found[where] for where in order if where in found), None)

    def name(self, match: re.Match[str], group: str, index: int | None = None) -> str:
        """How a sentence names what a group has, or the endpoint with an index; "" for neither."""
        written = match.groupdict().get(group) or ""
        if written:
            first, last = match.span(group)
            index = self.at(first, last) if index is None else index
            written = self.text[first:last][:MAX_NAMED]
            written = re.sub("%3a", ":", written, flags=re.IGNORECASE).replace(": ", ":")
        if index is not None and not (written and self.endpoints[index].port is None):
            return named(self.endpoints[index])
        return f"port {written}" if written.isdigit() and group == "at" else written

    def next(self, match: re.Match[str]) -> str:
        """The first endpoint behind a line, as written; "" where none follows."""
        index = bisect_left(self._starts, match.end())
        if index == len(self._starts) or self._starts[index] > match.end() + _NEAR:
            return ""
        return named(self.endpoints[index])

    def first_of(self, index: int) -> int:
        """The first endpoint with the same host and port, which is the one that is told."""
        wanted = named(self.endpoints[index])
        return next(i for i in range(index + 1) if named(self.endpoints[i]) == wanted)


def _extent(endpoint: Endpoint) -> tuple[int, int]:
    """Where host and port of an endpoint are: of a port alone its digits, of a URL no path."""
    start, end = endpoint.span
    if endpoint.host is None and endpoint.port is not None:
        return end - len(endpoint.port.text), end
    authority = _AUTHORITY.match(endpoint.text) if endpoint.scheme else None
    return (start, start + authority.end()) if authority else (start, end)


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
