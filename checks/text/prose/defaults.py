"""What a program takes where a setting is missing: ``getenv("DB_PORT", "5499")``.

The first argument is the key of the setting and no host; the second one is the value. A
host and a port whose keys differ in their ends only are one endpoint.
"""

from __future__ import annotations

import re

from checks import ports
from checks.address import host as hosts
from checks.text.endpoint import endpoint_at
from checks.text.prose.candidate import Candidate
from checks.text.prose.literal_or_name import literal_or_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MARKS = ("get", "env", "property", "default", "config", "setting", "param", "option")
"""One of them is in every text that asks for a setting, in lower case."""

_GETTER = re.compile(
    r"(?:\bget(?!addr|host|peer|serv|sock)\w{0,16}|(?<!\w)\w{0,8}env\w{0,10}(?:\.\w{1,10})?"
    r"|(?<!\w)\w{0,12}(?:property|default|config|setting|param|option))\(\s?[\"']?\Z",
    re.ASCII | re.IGNORECASE,
)
_SETTING = re.compile(
    r"\(\s?[\"'](?P<key>[\w.-]{0,40})[\"']\s?,\s?(?:default\s?=\s?)?(?P<quote>[\"']?)"
    r"(?P<value>[\w.:-]{1,253})(?P=quote)\s?\)",
    re.ASCII,
)
_PORT = re.compile(r"(?P<stem>[\w.-]{0,40}?)[_.-]?port", re.ASCII | re.IGNORECASE)
_HOST = re.compile(
    r"(?P<stem>[\w.-]{0,40}?)[_.-]?(?:host(?:_?name)?|addr(?:ess)?|server|ip)",
    re.ASCII | re.IGNORECASE,
)
_REACH = 160
"""Characters between a host's default and the port's, at most."""


def is_asked(text: str, first: int) -> bool:
    """Whether the words before an index ask for a setting: its key follows.

    Arguments:
        text: the whole.
        first: the index of the key, or of its quote.
    """
    return _GETTER.search(text, max(0, first - 40), first) is not None


def read(text: str) -> Iterator[Candidate]:
    """Ports, and hosts with their ports, that stand as the default of a setting."""
    host: re.Match[str] | None = None
    for match in _SETTING.finditer(text):
        if not is_asked(text, match.start() + 1):
            continue
        of_port = _PORT.fullmatch(match["key"])
        if of_port is None:
            host = match if _HOST.fullmatch(match["key"]) else host
            continue
        port = ports.parse(match["value"])
        if not match["value"].isdecimal() or not port.number:
            continue
        yield _paired(text, host, of_port["stem"], match)


def _paired(text: str, before: re.Match[str] | None, stem: str, match: re.Match[str]) -> Candidate:
    """The port of a setting, with the host that the setting of the same stem has."""
    port, span = ports.parse(match["value"]), match.span("value")
    if before is not None and span[0] - before.end() < _REACH:
        of_host = _HOST.fullmatch(before["key"])
        host = literal_or_name(before["value"])
        same = of_host is not None and of_host["stem"].lower() == stem.lower()
        if same and host is not None and host.kind != hosts.INVALID:
            span = (before.start("value"), span[1])
            return Candidate(endpoint_at(text, span, host, port, "keywords"))
    return Candidate(endpoint_at(text, span, None, port, "port"))
