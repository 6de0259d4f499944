"""What a text says of listeners: the port that a server printed, the ports of containers."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.causes.base import Because
    from checks.causes.situation import Situation
    from checks.text.endpoint import Endpoint

_SERVES = re.compile(
    r"(?:\b(?:listening|running|started|serving|ready|available|served|live|bound|up)\b"
    r"[^\n?]{0,60}?|\blocal: {1,12}\S{0,40}?|\bon your network: {1,12}\S{0,40}?)"
    r"(?<!\bserver running )(?:(?:(?<=[\s\d\]*'\"(])|(?<=localhost)):|\bport\b(?:\(s\))?[ :]{1,3})"
    r"(\d{2,5})\b",
    re.ASCII,
)
_OPENED = re.compile(
    r"\b(?:curl|wget|visit(?:s|ed|ing)?|opened|opens|opening|browsed|browsing|checked|checking"
    r"|went to|going to|navigat(?:ed|ing)|access(?:ed|es|ing)?|request(?:ed|ing)|fetch(?:ed|ing)"
    r"|call(?:ed|ing)|scrap(?:e|ed|es|ing)|looked|looking|pasted|typed|entered)\b"
    r"|\b(?:i|we|when|if|after|tried to|try to)"
    r"(?: (?:i|we|you|now|then|just|also|always|only|can|cannot|can't|could|try to|tried to"
    r"|want to))? (?:open|check|see|get|go|look|browse|call|request|load|reload|enter|type|use)\b",
    re.ASCII,
)
"""Words of a person or of a client that asks a URL, and not of the server that has it."""
_SEEN = re.compile(
    r"(?:/[^\s\"'`)]{0,80})?[\"'`)]{0,2} (?:[a-z]{1,12} )?(?:page|tab|screen|dashboard|ui|gui)\b",
    re.ASCII,
)
"""What is behind a URL that somebody looks at: "on http://.../targets page"."""
_ANNOUNCES = re.compile(
    r"\b(?:listen(?:s|ing)?|runs|running|start(?:ed|ing)|serv(?:e|ed|es|ing)|ready|available|live"
    r"|bound|up|hosted|exposed|published|(?:local|network|url|address|interface)(?= ?[:=]))(?=\W)"
    r"|^[^a-z]{0,20}(?:or[: ]{1,4})?$",
    re.ASCII,
)
"""Words with which a server announces a URL that has a path."""
_NEGATED = ("not ", "n't ", "is the server running", "already", "no ", "make sure", "if ", "error ")
_RUNS = re.compile(
    r"(?:\b(?:is|are|was|were)(?: (?:up and|still|already|definitely|indeed|also|both))?"
    r"|\b(?:while|despite|although|though|with)\b[^\n.,;]{2,50}) running"
    r"(?=[.,;:!)\n]|$| (?:but|and|fine|well|ok|okay|correctly|properly|normally|already|though)\b)",
    re.ASCII,
)
_DOUBTED = re.compile(
    r"\b(?:not|no|none|nothing|if|whether|sure|check|ensure|verify|confirm|when|isn't|aren't|wasn't)\b|\?",
    re.ASCII,
)
_BEFORE = 48
"""So many characters before words may take them back."""
_LEAD = 120
"""So many characters of a line, before a port, tell whether a server announces it."""
_WILDCARDS = ("0.0.0.0", "::")
_DOCKER = (2375, 2376)
"""Ports of Docker's engine: docker-machine lists them as running."""

_IN_A_LIST = r"^[ \t]{0,20}- {1,4}['\"]?(?:[\d.]{7,15}:)?(\d{2,5}):(\d{2,5})['\"]?[ \t]{0,20}$"
_LISTED = re.compile(_IN_A_LIST, re.ASCII | re.MULTILINE)
_PUBLISHED = re.compile(
    r"(?:-p|--publish)[ =](?:[\d.]{7,15}:|\[[0-9a-f:]{2,39}\]:)?(\d{1,5}):(\d{1,5})\b"
    r"|(?:[\d.]{7,15}|\[?::\]?):(\d{1,5})->(\d{1,5})/tcp"
    rf"|{_IN_A_LIST}",
    re.ASCII | re.MULTILINE,
)
_PUBLISHING = ("->", "-p ", "-p=", "--publish")
_EXPOSED = re.compile(r"(?<![>\d:.])\b(\d{2,5})/tcp\b(?!\S)", re.ASCII)


def served(situation: Situation) -> Iterator[tuple[int, Because]]:
    """The ports that a line of the text says a server listens on: ``Local: http://...:5174``."""
    low = situation.low
    for match in situation.every(_SERVES):
        line = low[low.rfind("\n", 0, match.start()) + 1 : match.end()][-_LEAD:]
        if int(match[1]) in _DOCKER or any(word in line for word in _NEGATED):
            continue
        if not _is_opened(low, *match.span(), match.end()):
            yield int(match[1]), situation.between(match.span(), "the server prints this port")
    for one in situation.others("listener"):
        if one.scheme in ("http", "https") and one.port and one.port.number and _tells(low, one):
            because = situation.between(one.span, "the server prints this port")
            yield one.port.number, because


def _tells(low: str, url: Endpoint) -> bool:
    """Whether a URL is one that a server announces: with a path, it needs the words for it."""
    first, last = url.span
    begin = max(low.rfind("\n", 0, first) + 1, first - _LEAD)
    words = [match.end() for match in _ANNOUNCES.finditer(low[begin:first])]
    if _is_opened(low, begin + max(words, default=0), first, last):
        return False
    return bool(words) or not url.text.partition("://")[2].partition("/")[2]


def _is_opened(low: str, begin: int, first: int, last: int) -> bool:
    """Whether the words around a URL say that somebody asked for it.

    Arguments:
        low: the text in lower case.
        begin: where the words before it begin.
        first: where they end.
        last: index after the URL, or after its port.
    """
    before = low[begin:first]
    return _OPENED.search(before) is not None or _SEEN.match(low, last) is not None


def listens(situation: Situation) -> Endpoint | None:
    """The listener of the text that has the very port on this machine: a LISTEN row, a log line.

    None too where the text has another listener of the port, on an address of a network.
    """
    port, found = situation.port, None
    for one in situation.others("listener"):
        if port and one.port is not None and one.port.number == port and one.host is not None:
            if not (one.host.loopback or one.host.address in _WILDCARDS or one.host.text == "*"):
                return None
            found = found or one
    return found


def takes(listener: Endpoint, version: int) -> bool:
    """Whether a listener takes connections to the loopback address of an IP version.

    Arguments:
        listener: on a loopback address, on the unspecified one or on ``*``.
        version: 4 or 6.
    """
    host = listener.host
    return host is None or host.version in (None, version) or host.address == "::"


def said_to_run(situation: Situation) -> Because | None:
    """Words that say that the server runs: "while the broker is running"."""
    for match in situation.every(_RUNS):
        low, first = situation.low, match.start()
        begin = max(low.rfind(end, 0, first) for end in ("\n", ". ", "! ", "; "))
        if not _DOUBTED.search(low[max(begin, first - _BEFORE, 0) : match.end()]):
            return situation.between(match.span(), "the text says that it runs")
    return None


def published(situation: Situation) -> Iterator[tuple[int, int, Because]]:
    """The ports of the host that lead to a container's, by ``-p``, ``ports:`` or docker ps."""
    for match in situation.once("published", _published):
        outer, inner = [int(one) for one in match.groups() if one]
        yield outer, inner, situation.between(match.span(), "Docker publishes this port")


def _published(low: str) -> Iterator[re.Match[str]]:
    """By the pattern that a text needs: most can have a list only, sought by its lines."""
    wanted = _PUBLISHED if any(mark in low for mark in _PUBLISHING) else _LISTED
    return wanted.finditer(low)


def exposed(situation: Situation) -> Because | None:
    """A port in docker ps that no port of the host leads to: ``80/tcp`` without an arrow."""
    if "docker ps" not in situation.low and "container id" not in situation.low:
        return None
    match = _EXPOSED.search(situation.low)
    if match is None:
        return None
    return situation.between(match.span(), "docker ps shows no host port for it")
