"""Finds the rows of :mod:`checks.text.banners.table` in a text.

The text is read once for its words; only rows one of whose anchor words is in it are
looked for, each by one bounded pattern, so the time is linear and a text without any
anchor costs one pass. The first row of the table that matches wins.
"""

from __future__ import annotations

import re
from itertools import islice

from checks.model.patterns import Sought, lazy
from checks.text.banners.banner import Banner
from checks.text.banners.kinds import (
    ACCESS,
    DEBUG,
    FORWARD,
    NEXT,
    SERVER,
    WEB,
    WEB_ON_ALL,
    answered,
)
from checks.text.banners.place import COVER, Place
from checks.text.banners.rows import GUARD, ROWS, BannerRow
from checks.text.errors.folded import words_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.text.endpoint import Endpoint
    from checks.text.errors import ErrorMessage
    from checks.text.errors.folded import Folded

FIRST_OF_CLIENTS = 32768
"""The lowest source port of Linux, whose range begins lowest (ip_local_port_range, ip-sysctl)."""

MAX_TRIED = 50
"""Places of one row that are looked at; a log has thousands alike."""


def _by_word() -> dict[str, list[int]]:
    """The numbers of the rows by their anchors; by "" where they have no words.

    One of a row's anchors is in every text that has it: any of several, or the longest word.
    """
    found: dict[str, list[int]] = {}
    for number, row in enumerate(ROWS):
        words = row.words.split() if row.pattern else [max(words_of(row.words), key=len)]
        for word in words or [""]:
            found.setdefault(word, []).append(number)
    return found


_BY_WORD = _by_word()
_WORDLESS = _BY_WORD.pop("", [])
_WORDLESS_ASCII = [number for number in _WORDLESS if ROWS[number].pattern.isascii()]
"""Without those in Chinese, Japanese, Korean and Russian, whose words are in no ASCII text."""

_COVERED = f"{COVER}{{1,4096}}"
_HOLES = {
    "<at>": f"(?P<at>{_COVERED})",
    "<to>": f"(?P<to>{_COVERED})",
    "<any>": _COVERED,
    "<port>": f"(?P<at>{_COVERED}|[0-9]{{2,5}}(?![0-9]))",
}
"""What a pattern of the table may have in place of an address."""

_GUARD = re.compile(GUARD, re.ASCII)
_HOLE = re.compile("(?<!P)<(?:at|to|any|port)>")


def read(
    text: str,
    words: Folded,
    endpoints: tuple[Endpoint, ...],
    errors: tuple[ErrorMessage, ...] = (),
    *,
    tools: bool = False,
) -> Banner | None:
    """Return the line of a known tool that a text is or contains; None where there is none.

    Arguments:
        text: any text.
        words: the same, folded.
        endpoints: of the text, in its order.
        errors: of the text; one may belie a line that says that all is well.
        tools: whether only lines count that name their tool, as beside a table, whose rows
            tell more than the form of a line.
    """
    low = words.low
    numbers = {one for word in words.words & _BY_WORD.keys() for one in _BY_WORD[word]}
    if endpoints:
        numbers.update(_WORDLESS_ASCII if low.isascii() else _WORDLESS)
    roles = {endpoint.role for endpoint in endpoints}
    place = None
    for number in sorted(numbers):
        row = ROWS[number]
        if (tools and not row.tool) or (row.where == "peer" and "peer" not in roles):
            continue
        pattern = _pattern(number)
        if not pattern.may_be_in(low):
            continue
        place = place or Place(text, low, endpoints)
        for match in _matches(row, pattern, place):
            banner = _banner(row, match, place)
            if not _is_belied(row, banner, errors):
                unsure = banner.normal and not errors
                if unsure and _is_doubted(row, banner, words):
                    return _doubted(banner, place)
                return _beside_failure(banner) if unsure and _has_failed(row, words) else banner
    return None


_patterns: dict[int, Sought] = {}


def _pattern(number: int) -> Sought:
    """The pattern of a row, with what its holes stand for."""
    if number not in _patterns:
        row = ROWS[number]
        source = (row.pattern or re.escape(row.words)).removeprefix("<raw>")
        _patterns[number] = Sought(_HOLE.sub(lambda hole: _HOLES[hole[0]], source))
    return _patterns[number]


def _is_belied(row: BannerRow, banner: Banner, errors: tuple[ErrorMessage, ...]) -> bool:
    """Whether an error outside of a line says that a program that "runs" does not."""
    if row.kind is NEXT:  # it took another port, and a connection failed all the same
        return any(one.operation in ("connect", "tls") and not banner.covers(one) for one in errors)
    if not banner.normal or row.kind not in (WEB, SERVER):
        return False
    return any(
        not row.tool or one.operation in ("bind", "listen") or one.endpoint == banner.endpoint
        for one in errors
        if not banner.covers(one)
    )


_FAILURES = frozenset(
    "access accessible connect connecting connection connects hangs inaccessible load loads open"
    " opens reach reachable reply respond responding response answer refused refuses unreachable"
    " work working works".split()
)
"""Words of which one is in every text that says in a sentence that a server is of no use."""

_NOT = r"(?:does|do|did|is|are|was|will|would|can|could|won|doesn|didn|isn|wasn|don|couldn)"
_FAILS = lazy(
    rf"\b{_NOT}(?: ?not|'t) (?:[a-z]{{1,12}} ){{0,2}}?"
    r"(?:connect|reach|access|accessible|reachable|respond|responding|answer)\b"
    r"|\b(?:does|do|did|is|will|won|doesn|didn|isn|don)(?: not|'t) (?:load|open|work|working)\b"
    r"|\b(?:unable|fails?|failed|failing) to (?:connect|reach|access)\b"
    r"|\bconnect(?:ion|ing)? (?:has |was |is )?"
    r"(?:failed|fails|refused|rejected|timed out|timeout)\b"
    r"|\brefuse[sd]? (?:to connect|(?:the |my )?connections?)\b"
    r"|\b(?:site|page|host|server|port|it) is (?:unreachable|inaccessible)\b"
    r"|\b(?:just|only|browser|page|request|it|curl) hangs\b"
    r"|\bno (?:response|answer|reply) (?:from|at)\b"
)
"""Words that say of a server in the same text that it could not be used."""


def _is_doubted(row: BannerRow, banner: Banner, words: Folded) -> bool:
    """Whether a sentence beside the line of a server that runs says that a client could not use it.

    Where the text names an error, that one comes first anyway.
    """
    if row.kind not in (WEB, SERVER, DEBUG, FORWARD) or words.words.isdisjoint(_FAILURES):
        return False
    first, last = banner.span
    first, last = words.low.rfind("\n", 0, first) + 1, words.low.find("\n", last)
    outside = (words.low[:first], words.low[last:] if last >= 0 else "")
    return any(map(_FAILS.search, outside))


_FAILED = frozenset(
    "aborted cannot crash crashed denied error errors exception exceptions fail failed failing"
    " fails failure failures fatal panic refused rejected terminated timeout traceback unable"
    " unreachable".split()
)
"""Words of a failure: beside one, a line that is read by its form does not say that all is well."""


def _has_failed(row: BannerRow, words: Folded) -> bool:
    """Whether a row of any program stands in a text with a word of failure."""
    return not row.tool and not words.words.isdisjoint(_FAILED)


def _beside_failure(banner: Banner) -> Banner:
    """The line without its "no error"."""
    return banner._replace(normal=False, means=f"{banner.means} The text also reports a failure.")


def _doubted(banner: Banner, place: Place) -> Banner:
    """The line without its "no error", with the command that tells why a client fails."""
    endpoint = None if banner.endpoint is None else place.endpoints[banner.endpoint]
    number = endpoint.port.number if endpoint and endpoint.port else None
    where = f"localhost:{number}" if number else "listen"
    return banner._replace(
        normal=False,
        means=f"{banner.means} The text says that a client could not use it.",
        step=f"Where the client runs, test what answers there: `python3 -m checks {where}`.",
    )


def _matches(row: BannerRow, pattern: Sought, place: Place) -> Iterator[re.Match[str]]:
    """The places of a row, the first :data:`MAX_TRIED`, without those that the row rules out."""
    text = place.low if row.pattern.startswith("<raw>") else place.covered
    for match in islice(pattern.finditer(text), MAX_TRIED):
        if not row.tool and _GUARD.search(place.line(*match.span())):
            continue
        if not row.where or _is_where(row.where, match, place):
            yield match


def _is_where(where: str, match: re.Match[str], place: Place) -> bool:
    """Whether the endpoint of a match is what its row asks for: ``own``, ``peer``, ..."""
    index = place.endpoint_of(match)
    if index is None:
        return where == "own"
    endpoint = place.endpoints[index]
    number = endpoint.port.number or 0 if endpoint.port else 0
    if where == "own":  # this machine: no host, loopback, a wildcard or a private address
        host = endpoint.host
        return host is None or host.kind == "wildcard" or host.scope in ("host", "site", "none")
    if where == "peer":
        return endpoint.role == "peer"
    if where in ("client", "server"):
        return (endpoint.role == "listener") == (where == "server")
    if where == "proxy":
        return _is_proxy(endpoint, number, place)
    if where == "calls" and endpoint.role == "target":
        return False
    if where in ("caller", "calls"):
        return endpoint.scheme is None and number >= FIRST_OF_CLIENTS
    right = place.at(*match.span("to"))  # the two ends of a connection
    if right is None or endpoint.scheme or place.endpoints[right].scheme:
        return False
    port = place.endpoints[right].port
    return port is not None and number > (port.number or 0)


def _is_proxy(endpoint: Endpoint, number: int, place: Place) -> bool:
    """Whether a failed endpoint is another one than the host that was wanted, or its address."""
    host = endpoint.host
    wanted = {one.host.text.lower() for one in place.endpoints[:_FEW] if one.scheme and one.host}
    if host is None or host.text.lower() in wanted:
        return False
    return host.scope in ("host", "site") or number not in _WEB_PORTS


_FEW = 20
_WEB_PORTS = (80, 443)
"""At them an address of the internet is rather that of the host that was wanted."""


def _banner(row: BannerRow, match: re.Match[str], place: Place) -> Banner:
    index, kind = place.endpoint_of(match), row.kind
    values = {name: value or "" for name, value in match.groupdict().items()}
    at, other = place.name(match, "at", index), place.name(match, "to")
    if kind is NEXT:
        other = place.next(match) or "the one that it printed"
    port = at.rpartition(":")[2].removeprefix("port ")
    values |= {"tool": row.tool or "this program", "at": at, "other": other, "port": port}
    normal, step = kind.normal, row.step or kind.step
    if kind is ACCESS:
        told = answered(values.get("method", ""), values.get("status", ""))
        values["answer"], normal, step = told
    role = _own(row.role, kind.role)
    is_open = role == "listener" and index is not None and _is_wildcard(place.endpoints[index])
    means = row.means or (kind.means if at else kind.bare or kind.means)
    if is_open and kind is WEB and not row.means:
        means = WEB_ON_ALL
    return Banner(
        key=row.key,
        tool=row.tool,
        span=match.span(),
        endpoint=None if index is None else place.first_of(index),
        normal=normal,
        means=_filled(means, values),
        step=_filled(step, values),
        reach=_reach(
            _own(row.reach, kind.reach), is_open=is_open, says_open=normal and kind is not WEB
        ),
        role=role,
        port=_own(row.port, kind.port),
    )


def _is_wildcard(endpoint: Endpoint) -> bool:
    """Whether what listens at an endpoint takes connections on every address."""
    host = endpoint.host
    return host is not None and (host.kind == "wildcard" or bool(host.version and not host.value))


def _reach(reach: str, *, is_open: bool, says_open: bool) -> str:
    """Who may connect; a wildcard address says that others than this machine can."""
    if not is_open or not (reach or says_open):
        return reach
    said = "It listens on every address of the machine, so other machines can connect."
    return f"{said} {reach}".rstrip()


def _own(value: str, of_kind: str) -> str:
    """What a row has, else its kind; a hyphen is for "not this one"."""
    return "" if value == "-" else value or of_kind


def _filled(sentence: str, values: dict[str, str]) -> str:
    """The sentence with its holes filled; a line without an address says "the address"."""
    text = sentence.format_map({**values, "at": values["at"] or "the address"})
    text = text.replace("  ", " ")
    begins = text.startswith(("the ", "a ", "an ", "port ", "this "))
    return text[0].upper() + text[1:] if begins else text
