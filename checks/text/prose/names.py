"""Names in running text: with a port, or alone where they mean this machine or were looked up."""

from __future__ import annotations

import re

from checks import ports
from checks.address import host as hosts
from checks.address.host import Host
from checks.address.scripts import has_letter
from checks.model.patterns import has_any
from checks.text.endpoint import endpoint_at
from checks.text.lookalikes import is_code, is_file
from checks.text.prose import services
from checks.text.prose.candidate import Candidate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
NAME = rf"{_LABEL}(?:\.{_LABEL}){{0,10}}\.?"
_NAMED = re.compile(r":(?P<port>\d{1,5})(?!\w|:\S|\.\d)", re.ASCII)
"""A port behind a name, which is looked for before it: it is quicker than to try each word."""
_WHOLE_NAME = re.compile(NAME, re.ASCII)
_NAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."
_LOCAL_ENDS = (
    "localhost", ".localdomain", ".internal", "ip6-loopback", "ip6-localhost", "nip.io",
    "sslip.io", "xip.io", "ipv6-literal.net", "localtest.me", "lvh.me",
)  # fmt: skip
"""How names end that mean this machine, its host, or an address that is in them."""
_LOCAL_NAME = re.compile(r"(?:[A-Za-z0-9-]{1,63}\.){0,6}[A-Za-z0-9-]{1,63}\.?", re.ASCII)
_AFTER_NAME = re.compile(r"\.?(?![\w-]|\.\w)", re.ASCII)
_LOOKED_UP_MARKS = (
    "ENOTFOUND", "EAI_AGAIN", "resolve", "lookup", "UnknownHostException:", "unknown host",
    "translate host name", "host not found in upstream", "server on '",
)  # fmt: skip
MARKS = (*_LOCAL_ENDS, *map(str.lower, _LOOKED_UP_MARKS))
"""One of them is in every text that has a name alone, in lower case."""

_LOOKED_UP = re.compile(
    r"(?:(?P<sure>ENOTFOUND|EAI_AGAIN|resolve host(?: ?name)?:?|resolve name:|UnknownHostException:"
    r"|unknown host|translate host name|host not found in upstream|\bnslookup"
    r"|server on(?= '[^'\n]{1,250}' \(\[Errno -))"  # PyMySQL
    r"|(?<![\w.-])(?P<verb>resolve:?|lookup))"
    rf"\s[\"']?(?P<host>{NAME})(?::(?P<port>\d{{1,5}})(?!\w))?",
    re.ASCII,
)
_NOT_LOOKED_UP = frozenset(
    "a address all an and any artifact by class component conflicts dependencies dependency dns"
    " entry error errors failed fails failure file for function has host hostname if import in"
    " is issue issues it library module name of on or package path placeholder plugin reference"
    " service symbol table tables template that the this to type use value variable with".split()
)
"""Words that may stand behind "resolve" or "lookup" and are not what was looked up."""
_FAILED = re.compile(
    r"(?:can ?not|can['\u2019]t|could ?n[o'\u2019]t|could not|unable to|fail(?:ed|ure)? to|error)"
    r" resolve:?\s[\"']?\Z",
    re.ASCII | re.IGNORECASE,
)
"""What is right before a name that could not be resolved."""
_NO_NAME = re.compile(
    r"[\"']?(?:[ \t]{0,4}(?:\Z|[\r\n])|[.,;)\]]|:(?![\w\\/])"
    r"|[ \t](?:on [\[\d]|\(|via |from |using |- ))",
    re.ASCII,
)
"""What may be behind a name of one label; "resolve a conflict" goes on with a word."""


def names_with_port(text: str) -> Iterator[Candidate]:
    """``db.example:5432``, ``localhost:3000``; ``redis:6379`` where text or port say so."""
    for match in _NAMED.finditer(text):
        before = text[max(0, match.start() - 254) : match.start()]
        name = before[len(before.rstrip(_NAME_CHARACTERS)) :]
        first = match.start() - len(name)
        if not name or text[max(0, first - 1) : first] in _NO_START or not has_letter(name):
            continue
        if _WHOLE_NAME.fullmatch(name) is None or not _may_have_port(text, name, first, match):
            continue
        span = (first, match.end())
        host = Host(name, hosts.NAME, 0, -1)
        yield Candidate(endpoint_at(text, span, host, ports.parse(match["port"])))


_NO_START = frozenset(":/@%")
"""What is before a name that is a part of something longer."""


def _may_have_port(text: str, name: str, first: int, match: re.Match[str]) -> bool:
    """Whether a number after a colon is the port of a name; of ``line:42`` and ``a.py:5`` not."""
    known = hosts.name_of(name)
    if known is None:
        return False
    _, dot, ending = name.rstrip(".").rpartition(".")
    if not dot and known.kind == "single-label":
        return services.is_service(text, name, (first, match.end()), int(match["port"]))
    if is_file(name.rstrip(".")) or is_code(name) or (ending and not has_letter(ending)):
        return False
    # what a compiler or grep says of a line of a file has a colon behind it, too
    behind = text.startswith(":", match.end()) and known.kind == "domain"
    return not behind or services.is_reached(text, (first, match.end()))


def names_alone(text: str) -> Iterator[Candidate]:
    """``localhost`` and names like it, and what a resolver was asked for."""
    lower = text.replace("\u0130", "I").lower()
    for ending in _LOCAL_ENDS:
        at = lower.find(ending)
        while at >= 0:
            yield from _local_name(text, at, at + len(ending))
            at = lower.find(ending, at + len(ending))
    if has_any(text, _LOOKED_UP_MARKS):
        for match in _LOOKED_UP.finditer(text):
            yield from _asked(text, match)


def _local_name(text: str, at: int, end: int) -> Iterator[Candidate]:
    """The name that ends at a place, if no letter or dot goes on behind it."""
    after = _AFTER_NAME.match(text, end)
    if after is None:
        return
    before = text[max(0, at - 254) : at]
    first = at - (len(before) - len(before.rstrip(_NAME_CHARACTERS)))
    name = text[first:end]
    if text[max(0, first - 1) : first] in _NO_START or _LOCAL_NAME.fullmatch(name) is None:
        return
    host = hosts.read(name)
    if host.kind == hosts.NAME:
        yield Candidate(endpoint_at(text, (first, end), host, None))


def _asked(text: str, match: re.Match[str]) -> Iterator[Candidate]:
    """What a resolver was asked for, with its port if it has one."""
    name = match["host"].rstrip(".") or match["host"]
    host = hosts.read(name)
    if host.kind != hosts.NAME or name.lower() in _NOT_LOOKED_UP:
        return
    first = match.start("host")
    if match["verb"] and not _is_host(text, match, name):
        return
    last = match.end("port") if match["port"] else first + len(name)
    port = ports.parse(match["port"]) if match["port"] else None
    yield Candidate(endpoint_at(text, (first, last), host, port))


def _is_host(text: str, match: re.Match[str], name: str) -> bool:
    """Whether what "resolve" and "lookup" are about is a host: compilers and packages say so too.

    ``lookup cache: no such host`` and ``Failed to resolve 'cache' ([Errno -2] ...`` are about
    hosts, "DTD lookup fix", ``Can't resolve 'fs' in '/srv'`` and ``Could not resolve
    com.example:lib:1.2`` are not.
    """
    first, last = match.start("host"), match.start("host") + len(name)
    if is_code(name) or text[last : last + 2] in ("::", ":/"):
        return False
    known = hosts.name_of(name)
    if known is None or known.kind != "single-label":
        return (
            match["port"] is not None
            or re.match(r":[\w-]", text[last : last + 2], re.ASCII) is None
        )
    if _NO_NAME.match(text, last) is None:
        return False
    return match["verb"] == "lookup" or bool(_FAILED.search(text, max(0, first - 40), first))
