"""A host and a port as programs print them together: keywords, tuples, "port 80", packets."""

from __future__ import annotations

import re

from checks import ports
from checks.address import host as hosts
from checks.text.endpoint import endpoint_at
from checks.text.lookalikes import is_code, is_file
from checks.text.prose import commandline, defaults, services
from checks.text.prose.candidate import Candidate
from checks.text.prose.literal_or_name import is_host_before_port, literal_or_name
from checks.text.prose.literals import QUAD
from checks.text.prose.names import NAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.address.host import Host
    from checks.text.prose.candidate import Reader

_QUOTED_HOST = r"[A-Za-z0-9_.:%-]{1,253}"
TUPLE = re.compile(
    rf"[\"'](?P<host>{_QUOTED_HOST})[\"']\s?,\s?[\"']?(?P<port>\d{{1,6}})(?![\d.])", re.ASCII
)
OPTIONS = re.compile(
    rf"(?<![\w-])(?:-h|--host(?:name)?)[\s=]\s{{0,3}}[\"']?(?P<host>{_QUOTED_HOST})[\"']?\s{{1,4}}"
    r"(?:-[pP]|--port)[\s=]?\s{0,3}(?P<port>\d{1,5})(?![\w.:])",
    re.ASCII,
)
SERVER_COMMA = re.compile(
    r"(?<![\w-])(?:server|data source)\s?=\s?(?:tcp:)?"
    rf"(?P<host>{_QUOTED_HOST}),\s?(?P<port>\d{{1,5}})(?![\w.:])",
    re.ASCII | re.IGNORECASE,
)
HASH = re.compile(
    r"(?P<host>[0-9A-Fa-f:](?<![\w.:%@-][0-9A-Fa-f:])[0-9A-Fa-f:.]{1,44})#"
    r"(?P<port>\d{1,5})(?![\w.])",
    re.ASCII,
)
PACKET = re.compile(
    r"\bDST=(?P<host>[0-9A-Fa-f:.]{2,45})\s[^\n]{0,200}?\bDPT=(?P<port>\d{1,5})(?!\w)", re.ASCII
)
STRACE = re.compile(
    r"\bsin6?_port=htons\((?P<port>\d{1,5})\)[^\"\n]{0,80}\"(?P<host>[0-9A-Fa-f:.]{2,45})\"",
    re.ASCII,
)
_BRACKETED = re.compile(
    rf"\[(?<![\w\]]\[)(?P<host>{QUAD}|{NAME})\]:(?P<port>\d{{1,5}})(?!\w)", re.ASCII
)
_COMMAND = re.compile(
    r"\s{0,512}(?:(?:nc|ncat|netcat|telnet)\s{1,4}(?:-[A-Za-z0-9]{1,8}\s{1,4}){0,5})?"
    rf"(?P<host>{_QUOTED_HOST})(?:\s{{1,4}}|,\s{{0,4}})(?P<port>\d{{1,5}})\s{{0,512}}",
    re.ASCII,
)


_DIGITS = frozenset("0123456789")


def pairs(pattern: re.Pattern[str], form: str, kinds: tuple[str, ...]) -> Reader:
    """A reader for patterns that have a host group and a port group.

    Arguments:
        pattern: with both groups.
        form: of the endpoints that it finds.
        kinds: of the hosts that are taken.
    """

    def read(text: str) -> Iterator[Candidate]:
        for match in pattern.finditer(text):
            host = literal_or_name(match["host"])
            if host is not None and host.kind in kinds and _is_host(text, host, match):
                port = ports.parse(match["port"])
                first = min(match.start("host"), match.start("port"))
                yield Candidate(endpoint_at(text, (first, match.end()), host, port, form))

    return read


def _is_host(text: str, host: Host, match: re.Match[str]) -> bool:
    """Whether a quoted word before a comma and a number is a host: lists of all kinds have them."""
    if host.kind != hosts.NAME or match.re is not TUPLE or host.loopback:
        return True
    name = match["host"].rstrip(".")
    if is_file(name) or is_code(name) or _KEY.search(name):
        return False
    if defaults.is_asked(text, match.start()):
        return False
    known = hosts.name_of(name)
    if known is None or known.kind != "single-label":
        return True
    span = (match.start("host") - 1, match.end())
    return services.is_service(text, name, span, int(match["port"])) or bool(
        _CONNECTS.search(text, max(0, span[0] - 40), span[0])
    )


_KEY = re.compile(r"(?:^|[_.])port\Z", re.ASCII | re.IGNORECASE)
"""How the key of a port ends, which is no host's name."""

_CONNECTS = re.compile(r"(?:connect|socket|server|host|addr)[^\n]{0,30}\(\Z", re.IGNORECASE)
"""What is before a pair that a program asks."""


def commands(text: str) -> Iterator[Candidate]:
    """The whole text is what nc and telnet take: a host, white space, a port."""
    match = _COMMAND.fullmatch(text) if len(text) < 512 and text.rstrip()[-1:] in _DIGITS else None
    if match is None:
        return
    host = literal_or_name(match["host"])
    if host is not None and (host.version or (host.kind == hosts.NAME and host.loopback)):
        port = ports.parse(match["port"])
        span = (match.start("host"), match.end("port"))
        yield Candidate(endpoint_at(text, span, host, port, "words"))


def command_lines(text: str) -> Iterator[Candidate]:
    """What ssh, psql, kubectl and others are told on their command lines."""
    for named in commandline.read(text):
        port = ports.parse(named.port) if named.port is not None else None
        host = None
        if named.host is not None:
            host = literal_or_name(named.host)
            if host is None or host.kind == hosts.INVALID:
                continue
        elif port is None or port.number is None:
            continue
        endpoint = endpoint_at(text, named.span, host, port, named.form)
        yield Candidate(endpoint._replace(role=named.role))


def bracketed(text: str) -> Iterator[Candidate]:
    """``[127.0.0.1]:8080``: OpenSSH brackets every host that has a port."""
    for match in _BRACKETED.finditer(text):
        host = literal_or_name(match["host"])
        if host is None or host.kind == hosts.INVALID:
            continue
        if host.kind == hosts.NAME and not is_host_before_port(match["host"], quoted=False):
            continue
        port = ports.parse(match["port"])
        yield Candidate(endpoint_at(text, match.span(), host, port))
