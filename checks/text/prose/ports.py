"""Ports in running text without a host: ``:8080``, ``port 80``, ``listening on 3000``."""

from __future__ import annotations

import re

from checks import ports
from checks.model.patterns import has_any
from checks.text.endpoint import endpoint_at
from checks.text.prose.candidate import Candidate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_COLON = re.compile(r":(?P<port>\d{1,5})(?!\w|[:.]\d)", re.ASCII)
_SAID = re.compile(
    # "Couldn't listen on any:28411" of Twisted: src/twisted/internet/error.py, CannotListenError
    r"(?:\b(?:listening on|listen on any:|at address:|EXPOSE|DPT=|htons\()\s?"
    r"(?P<port>\d{2,5})(?!\w|[.:-]\d))",
    re.ASCII | re.IGNORECASE,
)
_SAID_MARKS = ("listening on", "listen on any:", "at address:", "expose", "dpt=", "htons(")
_PUBLISHED = re.compile(r"-p(?<![\w-]-p)\s?(?P<port>\d{2,5})(?=:\d)", re.ASCII)
_DISPLAY = re.compile(r"display[\s:=]{1,3}\Z", re.ASCII | re.IGNORECASE)
"""``:0`` behind it is a display of this machine, and no port."""
_BOUND = re.compile(
    r"\b(?:bind|bound|listen|addr|tcp|udp|port)\w{0,8}(?:\s(?:to|on))?[\s:=(\"'`]{1,3}\Z",
    re.ASCII | re.IGNORECASE,
)
"""``:0`` behind it is a port that the system chooses; elsewhere it is a display, too."""


MARKS = (":", "-p", *_SAID_MARKS)
"""One of them is in every text that has such a port, in lower case."""


def read(text: str) -> Iterator[Candidate]:
    """Ports that no host comes before, and that the word "port" does not name."""
    for match in _COLON.finditer(text):
        if _is_alone(text, match.start()) and not _is_display(text, match):
            yield from _port(text, match)
    lower = text.lower()
    if has_any(lower, _SAID_MARKS):
        for match in _SAID.finditer(text):
            yield from _port(text, match)
    if "-p" in text:
        for match in _PUBLISHED.finditer(text):
            yield from _port(text, match)


def _port(text: str, match: re.Match[str]) -> Iterator[Candidate]:
    port = ports.parse(match["port"])
    if port.number is not None:
        yield Candidate(endpoint_at(text, match.span(), None, port, "port"))


def _is_alone(text: str, colon: int) -> bool:
    """Whether a colon begins a word, or is behind an arrow; ``display: :0`` is none of TCP."""
    before = text[max(0, colon - 1) : colon]
    if before in ("'", '"', "`"):
        return not _is_of_key(text, colon)
    if before == ">":
        return text[max(0, colon - 2) : colon] == "->"
    if before not in ("(", "=") and not before.isspace() and before:
        return False
    return _DISPLAY.search(text, max(0, colon - 12), colon) is None


def _is_display(text: str, match: re.Match[str]) -> bool:
    """``tty=:0`` and ``tty7 :1`` of a log-in: no service has such a port."""
    colon = match.start()
    return len(match["port"]) == 1 and not _BOUND.search(text, max(0, colon - 20), colon)


def _is_of_key(text: str, colon: int) -> bool:
    """Whether the colon is behind a key in quotes: in ``"a":80`` it is, in ``":80"`` not."""
    quote, before = text[max(0, colon - 1) : colon], text[max(0, colon - 2) : colon - 1]
    # what is a letter beyond ASCII is not the same in every Unicode
    ends_key = not before.isascii() or before.isalnum() or before in ("_", "-", ".", ")", "]")
    return quote in ("'", '"', "`") and ends_key
