"""The endpoints of a text that an error concerns, by grammar and nearness.

In this order:

1. the endpoint inside the error's own words (``Connection to X refused``);
2. of the same line: what stands beside the error (``ECONNREFUSED X``, ``X: connection
   refused``), else the last before it, else the first behind it. A browser that blocks a
   request names first what was asked for;
3. the lines that the message goes on in, deeper indented than its own;
4. the lines before, which the error explains (``Failed to connect to X``, and then
   ``---> SocketException``), back to the command that printed them;
5. the lines behind.

Left out are the ends of another role (the client's own, a caller, a page's origin, a
link), what the text says works (``listening on X``), the names that a certificate is valid
for, and, in other lines, what stands beside another error.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from checks.address.host import NAME
from checks.model.patterns import lazy
from checks.model.records import NamedTuple
from checks.text.endpoint import identity
from checks.text.errors.index import BY_NAME, VAGUE_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from checks.text.endpoint import Endpoint
    from checks.text.errors import ErrorMessage

_LINES_BEFORE, _LINES_BEHIND, _FRAMES = 8, 4, 150
"""So many lines around an error are looked at, and so many frames of a stack between."""

_NOT_ASKED = ("link", "local", "peer", "origin")
"""Roles of ends that no error is said of."""

_OTHERS = lazy(
    r"(?ai)(?:\borigin|\b(?:page|site) at|\breferr?er|\bsee|\b(?:src|source|saddr)=|\bclient"
    r"|\b(?:remote|local|client|peer)[-_]?addr(?:ess)?|\bpeer|\bmore (?:info(?:rmation)?|details)"
    r"(?: \w{1,8})?|\bdocs?|\bdocumentation|\bvisit)"
    r"['\"]?\s?[:=]?\s?['\"(<`\u201c/]{0,2}$"
)
"""Before an endpoint without a role: words that make it another one than was asked."""

_SOURCE = lazy(r"(?ai)\bfrom ['\"/]?$")
"""Before the client's own end, or a caller."""

_WORKS = lazy(
    r"(?ai)(?:\b(?:running|listening|serving|served|started|available|ready|live|reachable|up"
    r"|accepting connections|connected|connection|forwarding|bound|deployed|hosted)\b"
    r"(?: (?!not\b|no\b|fail)\w{1,16}){0,4}? (?:on|at|to|from)\b"
    r"|\b(?:local|network|external|listening|url):)[^\n]{0,24}$"
)
"""Before an endpoint that the text says works."""

_DOUBT = lazy(
    r"(?ai)\b(?:is (?:the|a|another|your|it)\b|already|not|cannot|could|unable|fail|error|refused"
    r"|if\b|try|make sure|check)"
)
"""Words of a line that does not say that something works."""

_BESIDE = lazy(
    r"(?ai)(?: it)?[\s:=\-]{0,3}"
    r"(?:\b(?:to|on|at|for|from|with|by|when|while|connecting|connection|reaching|binding|dialing"
    r"|server|host|address|addr|target|url|upstream|is|ip|dns|port|name|remote|endpoint|uri"
    r"|listening|socket|tcp|udp|the|a|your|local)\b[\s:=]{0,3}){0,5}"
    r"[\s:=(\[<{'\"`/\\\u201c]{0,4}"
)
"""Between an error's words and the endpoint that belongs to them."""

_LISTED = lazy(r"(?a)[\])\"'`]{0,2}(?:,|;| and| or)\s{1,2}[\[(\"'`/]{0,2}")
"""Between the endpoints of a list, all of which were tried."""

_RESOLVED = lazy(r"(?a)\s?[\[(](?:[\w.\-]{1,64}/)?")
"""Between an endpoint and the addresses that its name was found to have."""

_POOL = lazy(r"(?a)HTTPS?ConnectionPool\((?:host=['\"]?)?$")
_ABSOLUTE = lazy(r"(?a)with url: https?://")
_UPSTREAM = lazy(r"(?ai)\bupstream: ?\"$")
_CERTIFIED = ("valid for ", "in the cert's altnames: ", "in the cert's list: ")
"""What a certificate is for follows; it is searched for as a string, which is fast."""

_CERTIFIED_END = lazy(r"(?a),? not | but |[;\n]")

_FRAME = lazy(
    r"(?a)\s{0,16}(?:at |File \"|\.\.\. \d{1,4} (?:more|common)|from \S{1,200}:\d{1,6}:in|#\d{1,4} "
    r"|Traceback|During handling|The above exception|\^{1,80}\s?$|$)"
)
"""A line of a stack, or an empty one: it holds no endpoint."""

_CHAIN = lazy(r"(?ai)[\w.\- |]{0,60}?(?:--->|caused by\b|\[cause\])")
"""The start of a line that explains the message before it."""

_PROMPT = lazy(
    r"(?a)\s{0,4}(?:(?:\S{0,60}@\S{0,80}|\[[^\]\n]{1,80}\]|[~/]\S{0,80})[: ]{0,2}"
    r"(?:[~/]\S{0,80} ?)?)?[$#%] [\w./~]"
    r"|(?:PS )?[A-Z]:\\[^>\n]{0,100}>\s?\w"
)
"""A command that a person typed."""

_SERVICE = lazy(r"(?a)[\w.\-]{1,60}\s{1,20}\| ")
"""What Compose writes before a line: the name of the service that printed it."""

_BLOCKED = frozenset(
    "CORSMissingAllowOrigin CORSDidNotSucceed ERR_BLOCKED_BY_CORS ERR_MIXED_CONTENT"
    " ERR_CLEARTEXT_NOT_PERMITTED ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS ERR_BLOCKED_BY_CSP"
    " NSURLErrorAppTransportSecurityRequiresSecureConnection UFW_BLOCK".split()
)
"""Errors whose sentence begins with what was asked for."""

_OF_NONE = frozenset(("JAVA_LOOPBACK_PAIR", "PG_HBA_NO_ENTRY", "WSL_LOCALHOST_PROXY"))
"""Errors that concern no endpoint of the text, or the caller's."""

_OF_LINE = frozenset(
    ("EMFILE", "ENFILE", "EPERM", "ERR_ABORTED", "ERR_FAILED", "ERR_PROXY_CONNECTION_FAILED")
)
"""Errors of the program, the machine or the proxy: an endpoint of another line is not theirs."""

_NOBODY = -1
"""The one that failed has no name in the text."""


class _Line(NamedTuple):
    """A line: its first index, and the index after its last character."""

    start: int
    end: int


def _certified(text: str) -> Iterator[tuple[int, int]]:
    """Where the names and addresses stand that a certificate is valid for."""
    for phrase in _CERTIFIED:
        start = text.find(phrase)
        while start >= 0:
            first = start + len(phrase)
            end = _CERTIFIED_END.search(text, first, first + 400)
            if not text.endswith("not ", 0, start):
                yield first, end.start() if end else min(len(text), first + 400)
            start = text.find(phrase, first)


class Concerned:
    """The endpoints of a text, to be asked for those of its errors.

    Arguments:
        text: as it was pasted.
        errors: the places of its errors.
        endpoints: in the order of the text, with their roles.
    """

    def __init__(
        self, text: str, errors: tuple[ErrorMessage, ...], endpoints: tuple[Endpoint, ...]
    ) -> None:
        self._text = text
        self._endpoints = endpoints
        self._starts = [endpoint.span[0] for endpoint in endpoints]
        self._mentions: dict[tuple[object, int | None], list[int]] = {}
        for index, endpoint in enumerate(endpoints):
            self._mentions.setdefault(identity(endpoint), []).append(index)
        self._valid = list(_certified(text))
        self._certain = sorted(
            (error.span[0], error.name) for error in errors if error.name not in VAGUE_NAMES
        )

    def by(self, error: ErrorMessage, operation: str | None) -> list[int]:
        """Return the indices of the endpoints that an error concerns.

        Arguments:
            error: one place of it.
            operation: that failed.

        Returns:
            one index; those of a list where all of it was tried; none where the text
            names no endpoint that the error can be of.
        """
        if error.name in _OF_NONE or not self._endpoints:
            return []
        line = self._line_at(error.span[0], error.span[1])
        usable = [i for i in self._within(line) if self._may_fail(i, error, operation, line)]
        chosen = self._of_line(error, usable, line)
        if chosen is None and error.name not in _OF_LINE:
            chosen = self._of_lines(error, operation, line)
        if chosen is None or chosen == _NOBODY:
            return []
        chosen = self._completed(chosen)
        if error.name == "EADDRINUSE" and operation in ("bind", "listen"):
            chosen = self._with_port(chosen, error, operation, line)
        listed = self._with_list(chosen, usable)
        return [self._first_mention(i, error, operation, line) for i in listed]

    # --- the same line

    def _of_line(self, error: ErrorMessage, usable: list[int], line: _Line) -> int | None:
        """The endpoint of the error's own line, or None."""
        first, last = error.span
        if not usable:
            return None
        upstream = [i for i in usable if self._before(i, _UPSTREAM, 12)]
        if upstream:
            return upstream[0]
        pools = [i for i in usable if self._before(i, _POOL, 32)]
        if pools and not self._names_proxy(line):
            return _NOBODY
        if pools:
            return pools[-1]
        if error.name in _BLOCKED:
            return usable[0]
        inside = [i for i in usable if self._starts[i] < last and first < self._end(i)]
        if inside:
            whole = [i for i in inside if None not in identity(self._endpoints[i])]
            return (whole or inside)[-1]
        return self._nearest(error, usable)

    def _names_proxy(self, line: _Line) -> bool:
        """Whether urllib3's pool is who was connected to: not where a proxy has no name."""
        words = self._text[line.start : line.end]
        return "ProxyError(" not in words or _ABSOLUTE.search(words) is not None

    def _nearest(self, error: ErrorMessage, usable: list[int]) -> int | None:
        """What stands beside the error, else the last before it, else the first behind it."""
        first, last = error.span
        before = [i for i in usable if self._end(i) <= first]
        behind = [i for i in usable if self._starts[i] >= last]
        if behind:
            gap = self._text[last : self._starts[behind[0]]]
            distance = first - self._end(before[-1]) if before else 80
            if len(gap) < min(80, distance) and _BESIDE.fullmatch(gap):
                return behind[0]
        asked = [i for i in before if not self._is_source(i)] or before
        return asked[-1] if asked else next(iter(behind), None)

    def _is_source(self, index: int) -> bool:
        return self._endpoints[index].role is None and self._before(index, _SOURCE, 8)

    def _with_list(self, chosen: int, usable: list[int]) -> list[int]:
        """The endpoint and its neighbours in a list: ``attempted addresses: A, B``."""
        if chosen not in usable:
            return [chosen]
        at = usable.index(chosen)
        first = last = at
        while first > 0 and self._is_listed(usable[first - 1], usable[first]):
            first -= 1
        while last + 1 < len(usable) and self._is_listed(usable[last], usable[last + 1]):
            last += 1
        listed = usable[first : last + 1]
        if first > 0 and self._are_addresses_of(usable[first - 1], listed):
            return [usable[first - 1]]
        return [chosen, *(i for i in listed if i != chosen)]

    def _are_addresses_of(self, named: int, listed: list[int]) -> bool:
        """Whether bare addresses follow an endpoint in brackets: ``localhost:80 [127.0.0.1]``."""
        if any(self._endpoints[i].port for i in listed) or not self._endpoints[named].port:
            return False
        gap = self._text[self._end(named) : self._starts[listed[0]]]
        return len(gap) < 80 and _RESOLVED.fullmatch(gap) is not None

    def _is_listed(self, left: int, right: int) -> bool:
        gap = self._text[self._end(left) : self._starts[right]]
        return len(gap) < 8 and _LISTED.fullmatch(gap) is not None

    # --- other lines

    def _of_lines(self, error: ErrorMessage, operation: str | None, line: _Line) -> int | None:
        """The endpoint of another line that the error is of, or None.

        Where the nearest line with an endpoint names the same error, it says the same again,
        and its endpoint is found from there.
        """
        explains = _CHAIN.match(self._text, line.start, line.end) is not None
        service = self._service(line)
        for other in (*self._continued(line), *self._lines_before(line), *self._lines_behind(line)):
            of_line = [i for i in self._within(other) if self._may_fail(i, error, operation, line)]
            if not of_line or self._service(other) != service:
                continue
            names = self._names_in(other)
            if error.name in names:
                return None
            if explains or not names:
                return of_line[0] if other.start > line.start else of_line[-1]
        return None

    def _continued(self, line: _Line) -> Iterator[_Line]:
        """The lines behind that are deeper indented."""
        depth = self._depth(line)
        for other in self._lines_behind(line):
            if self._depth(other) <= depth:
                return
            yield other

    def _lines_before(self, line: _Line) -> Iterator[_Line]:
        """The lines before, the nearest first, back to the command that printed them."""
        count = frames = 0
        while line.start > 0 and count < _LINES_BEFORE and frames < _FRAMES:
            line = _Line(self._text.rfind("\n", 0, line.start - 1) + 1, line.start - 1)
            if _FRAME.match(self._text, line.start, line.end):
                frames += 1
                continue
            count += 1
            yield line
            if _PROMPT.match(self._text, line.start, line.end):
                return

    def _lines_behind(self, line: _Line) -> Iterator[_Line]:
        """The lines behind, up to the next command."""
        count = frames = 0
        while line.end < len(self._text) and count < _LINES_BEHIND and frames < _FRAMES:
            line = self._line_at(line.end + 1, line.end + 1)
            if _FRAME.match(self._text, line.start, line.end):
                frames += 1
                continue
            if _PROMPT.match(self._text, line.start, line.end):
                return
            count += 1
            yield line

    def _names_in(self, line: _Line) -> set[str]:
        """The names of the errors with a reason that a line has."""
        first = bisect_left(self._certain, (line.start, ""))
        last = bisect_left(self._certain, (line.end, ""))
        return {name for _, name in self._certain[first:last]}

    def _service(self, line: _Line) -> str | None:
        match = _SERVICE.match(self._text, line.start, line.end)
        return match[0] if match else None

    def _depth(self, line: _Line) -> int:
        """How deep a line is indented, behind the name of a service."""
        service = self._service(line)
        words = self._text[line.start + len(service or "") : min(line.end, line.start + 200)]
        return len(words) - len(words.lstrip(" \t"))

    # --- one endpoint

    def _may_fail(
        self, index: int, error: ErrorMessage, operation: str | None, line: _Line
    ) -> bool:
        """Whether the error of a line can be of this endpoint."""
        endpoint = self._endpoints[index]
        first, last = endpoint.span
        role, host, port = endpoint.role, endpoint.host, endpoint.port
        if role in _NOT_ASKED and not (role == "link" and port and not port.implied):
            return False  # documentation has no port of its own
        if port is not None and port.number == 0:
            return False
        if BY_NAME[error.name].operations == ("resolve",):
            return host is not None and host.kind == NAME and role != "resolver"
        if error.name == "ERR_PROXY_CONNECTION_FAILED":
            return role == "proxy"
        if any(start <= first and last <= end for start, end in self._valid):
            return False
        if role is None and self._before(index, _OTHERS, 40):
            return False
        return line.start <= first < line.end or self._fits(index, operation, line)

    def _fits(self, index: int, operation: str | None, line: _Line) -> bool:
        """Whether an endpoint of another line has the role of the operation, and does not work.

        "Listening on X" right before a failed bind was said too early.
        """
        role, place = self._endpoints[index].role, self._starts[index]
        if operation == "bind":
            before = place < line.start and self._text.count("\n", place, line.start) <= 3
            return role in (None, "listener") and (before or not self._works(index))
        if operation is not None and role == "listener":
            return False
        return not self._works(index)

    def _works(self, index: int) -> bool:
        """Whether the text says that an endpoint works."""
        first = self._starts[index]
        line = self._line_at(first, first)
        words = self._text[max(line.start, first - 80) : first]
        return bool(_WORKS.search(words)) and not _DOUBT.search(
            self._text, line.start, min(line.end, first + 120)
        )

    def _before(self, index: int, pattern: re.Pattern[str], reach: int) -> bool:
        """Whether the words right before an endpoint are of a pattern."""
        first = self._starts[index]
        return pattern.search(self._text[max(0, first - reach) : first]) is not None

    def _completed(self, chosen: int) -> int:
        """The one endpoint that has a port besides the same host, or a host besides the same port.

        ``localhost refused to connect`` is of http://localhost:3000/ in a line before; a
        port alone is completed within its line.
        """
        host, port = identity(self._endpoints[chosen])
        if host is not None and port is not None:
            return chosen
        place = self._starts[chosen]
        near = (
            self._within(self._line_at(place, place)) if host is None else range(len(self._starts))
        )
        same = {
            one: indices[0]
            for one, indices in self._mentions.items()
            if None not in one
            and (one[0] == host or (host is None and one[1] == port))
            and self._endpoints[indices[0]].role not in _NOT_ASKED
        }
        index = next(iter(same.values()), chosen)
        return index if len(same) == 1 and index in near else chosen

    def _with_port(
        self, chosen: int, error: ErrorMessage, operation: str | None, line: _Line
    ) -> int:
        """The one port near to an error that says of a host alone that it is in use.

        What is in use is a port: without another one the host is what is left.
        """
        if self._endpoints[chosen].port is not None:
            return chosen
        near = (line, *self._lines_before(line), *self._lines_behind(line))
        alone = {
            identity(self._endpoints[index]): index
            for other in near
            for index in self._within(other)
            if self._is_port(index) and self._may_fail(index, error, operation, line)
        }
        return next(iter(alone.values())) if len(alone) == 1 else chosen

    def _is_port(self, index: int) -> bool:
        endpoint = self._endpoints[index]
        return endpoint.host is None and endpoint.port is not None

    def _first_mention(
        self, chosen: int, error: ErrorMessage, operation: str | None, line: _Line
    ) -> int:
        """The first mention of the same endpoint that the error can be of as well."""
        for index in self._mentions[identity(self._endpoints[chosen])]:
            if index >= chosen or self._may_fail(index, error, operation, line):
                break
        return min(index, chosen)

    def _within(self, line: _Line) -> range:
        """The indices of the endpoints that begin in a line."""
        return range(bisect_left(self._starts, line.start), bisect_right(self._starts, line.end))

    def _end(self, index: int) -> int:
        return self._endpoints[index].span[1]

    def _line_at(self, first: int, last: int) -> _Line:
        """The line, or the lines, between two indices."""
        end = self._text.find("\n", last)
        return _Line(self._text.rfind("\n", 0, first) + 1, end if end >= 0 else len(self._text))
