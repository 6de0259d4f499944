"""Names in running text: with a port, or alone where they mean this machine or were looked up."""

from __future__ import annotations

import re

from checks import ports
from checks.address import host as hosts
from checks.address.host import Host
from checks.address.scripts import has_letter
from checks.text.endpoint import endpoint_at
from checks.text.lookalikes import is_file
from checks.text.prose.candidate import Candidate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
NAME = rf"{_LABEL}(?:\.{_LABEL}){{0,10}}\.?"
_NAMED = re.compile(rf"(?<![\w.:/@%-])(?P<host>{NAME}):(?P<port>\d{{1,5}})(?![\w:]|\.\d)", re.ASCII)
_LOCAL_NAME = re.compile(
    r"(?<![\w.:/@%-])(?P<host>(?:[A-Za-z0-9-]{1,63}\.){0,6}"
    r"(?:localhost|(?<=\.)localdomain|(?<=\.)internal|ip6-loopback|ip6-localhost"
    r"|(?:nip|sslip|xip)\.io|localtest\.me|lvh\.me)\.?)(?![\w-]|\.\w)",
    re.ASCII | re.IGNORECASE,
)
_LOOKED_UP = re.compile(
    r"(?:ENOTFOUND|EAI_AGAIN|resolve(?: host)?(?: ?name)?:?|lookup|UnknownHostException:"
    r"|unknown host|translate host name|host not found in upstream)"
    rf"\s[\"']?(?P<host>{NAME})(?::(?P<port>\d{{1,5}})(?!\w))?",
    re.ASCII,
)
_NOT_LOOKED_UP = frozenset(
    "a address all an any dns host hostname import it module name path that the this to".split()
)
"""Words that may stand behind "resolve" or "lookup" and are not what was looked up."""


def names_with_port(text: str) -> Iterator[Candidate]:
    """``db.example:5432``, ``localhost:3000``."""
    for match in _NAMED.finditer(text):
        name = match["host"]
        if not _may_have_port(name):
            continue
        host = Host(name, hosts.NAME, 0, -1)
        yield Candidate(endpoint_at(text, match.span(), host, ports.parse(match["port"])))


def _may_have_port(name: str) -> bool:
    """Whether a number after a colon is the port of a name; of ``line:42`` and ``a.py:5`` not."""
    known = hosts.name_of(name)
    if known is None or not has_letter(name):
        return False
    _, dot, ending = name.rstrip(".").rpartition(".")
    if not dot and known.kind == "single-label":
        return False
    return not is_file(name.rstrip(".")) and (not ending or has_letter(ending))


def names_alone(text: str) -> Iterator[Candidate]:
    """``localhost`` and names like it, and what a resolver was asked for."""
    for pattern in (_LOCAL_NAME, _LOOKED_UP):
        for match in pattern.finditer(text):
            name = match["host"].rstrip(".") or match["host"]
            host = hosts.read(name)
            if host.kind != hosts.NAME or name.lower() in _NOT_LOOKED_UP:
                continue
            first = match.start("host")
            written = match.groupdict().get("port")
            last = match.end("port") if written else first + len(name)
            port = ports.parse(written) if written else None
            yield Candidate(endpoint_at(text, (first, last), host, port))
