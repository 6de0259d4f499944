"""A host and a port with a quote or a space between them: ``"localhost":80``, ``127.0.0.1: 80``."""

from __future__ import annotations

import re

from checks import ports
from checks.text.endpoint import endpoint_at
from checks.text.prose.candidate import Candidate
from checks.text.prose.literal_or_name import is_own_name, literal_or_name
from checks.text.prose.literals import QUAD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_QUOTED = re.compile(
    rf"[\"'`](?P<host>{QUAD}|\[[0-9A-Fa-f:.%]{{2,60}}\]|[0-9A-Fa-f:]{{2,39}}|[A-Za-z0-9.-]{{1,253}})"
    r"[\"'`]:[\"'`]?(?P<port>\d{1,5})(?![\w:]|\.\d)",
    re.ASCII,
)
_SPACED = re.compile(
    # a number that the sentence goes on with may count anything
    r":[ \t](?P<port>\d{2,5})(?=[\"'`\])}.,;]{0,3}(?:$|\n|\r)|[)\]}\"']|[ \t]{1,4}(?:-|\())",
    re.ASCII,
)
_HOST_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:-[]"
_STATUS = range(100, 600)
"""Numbers behind a host and a colon that are rather what HTTP answered."""


def glued(text: str) -> Iterator[Candidate]:
    """Hosts and ports with a quote between them, or a space."""
    if '":' in text or "':" in text or "`:" in text:
        for match in _QUOTED.finditer(text):
            yield from _pair(text, match["host"], match.start("host"), match)
    for match in _SPACED.finditer(text):
        before = text[max(0, match.start() - 80) : match.start()].rstrip(" \t")
        written = before[len(before.rstrip(_HOST_CHARACTERS)) :]
        first = max(0, match.start() - 80) + len(before) - len(written)
        if text[max(0, first - 1) : first] not in _NO_START:
            yield from _pair(text, written, first, match)


_NO_START = frozenset("%/@_")


def _pair(text: str, written: str, first: int, match: re.Match[str]) -> Iterator[Candidate]:
    """The host and the port, where the host is beyond doubt: JSON has keys before numbers."""
    if not written or ("." not in written and ":" not in written and "ocal" not in written):
        return
    host = literal_or_name(written)
    port = ports.parse(match["port"])
    if host is None or not (host.version or is_own_name(host)) or port.number is None:
        return
    if match.re is _SPACED and port.number in _STATUS:
        return
    span = (first, match.end("port"))
    yield Candidate(endpoint_at(text, span, host, port, "plain"))
