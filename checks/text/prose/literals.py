"""Addresses in running text, and ``*``: strict literals alone, with a port or a prefix length."""

from __future__ import annotations

import re

from checks import ports
from checks.address import host as hosts
from checks.address import ipv4, ipv6
from checks.address.host import Host
from checks.address.scripts import has_letter
from checks.text import authority
from checks.text.endpoint import endpoint_at
from checks.text.network import mask_length
from checks.text.prose.candidate import Candidate
from checks.text.prose.versions import is_version

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.ports import Port

QUAD = r"(?:\d{1,3}\.){3}\d{1,3}"
_IPV4 = re.compile(
    # The first digit before what may not be before it: a search for a digit is quick.
    rf"(?P<host>\d(?<![\w.%-]\d)\d{{0,2}}\.(?:\d{{1,3}}\.){{2}}\d{{1,3}})(?:%(?P<zone>[A-Za-z0-9_.@-]{{1,15}}))?"
    r"(?:(?P<bsd>\.\d{1,5})|(?P<port>[:#]\d{1,6})|(?P<length>/(?:"
    rf"{QUAD}|\d{{1,2}}(?!\.?\d))))?(?![\w%]|\.\d|-[A-Za-z])"
    # A further label, or the ending of a file, makes it part of a longer name.
    r"(?!\.[A-Za-z][A-Za-z0-9-]{0,62}\.[A-Za-z]|\.(?:apk|deb|dll|dmg|exe|gz|jar|msi|rpm|so|tgz|whl"
    r"|xz|zip)\b)",
    re.ASCII,
)
_BRACKETS = re.compile(
    r"\[(?<![\w\]]\[)(?P<host>[0-9A-Fa-f:.]{2,45})(?P<in>%[A-Za-z0-9_.-]{1,15})?\]"
    r"(?P<out>%[A-Za-z0-9_.-]{1,15})?(?P<port>:\d{1,6}(?!\d))?",
    re.ASCII,
)
_IPV6 = re.compile(
    r"[0-9A-Fa-f:](?<![\w:.\[%@-][0-9A-Fa-f:])[0-9A-Fa-f:.]{1,51}(?:%[A-Za-z0-9_.:-]{1,24})?"
    r"(?:/\d{1,3})?(?![\w%:]|\.\w)",
    re.ASCII,
)
_WILDCARD = re.compile(r"\*(?<![\w.*/]\*)[:.](?P<port>\d{1,5})(?!\w|\.[\w*])", re.ASCII)


def brackets(text: str) -> Iterator[Candidate]:
    """``[::1]:8080``, ``[fe80::1]%eth0:68``."""
    for match in _BRACKETS.finditer(text):
        value = ipv6.parse(match["host"])
        if value is None:
            continue
        zone = match["in"] or match["out"] or ""
        host = Host(f"[{match['host']}{zone}]", hosts.IPV6, 6, value, zone[1:] or None)
        port = _port(match["port"])
        if value == 0 and port is None and text.startswith(":*", match.end()):
            continue  # the peer column of ss
        endpoint = endpoint_at(text, match.span(), host, port)
        yield Candidate(endpoint, weak=_is_unspecified(host, port))


def _port(written: str | None) -> Port | None:
    """The port behind its colon, dot or number sign."""
    return ports.parse(written[1:]) if written else None


def _is_unspecified(host: Host, port: Port | None) -> bool:
    """``::`` without a port, or with port 0: what tools print where there is no peer."""
    return host.value == 0 and (port is None or port.number == 0)


def ipv4s(text: str) -> Iterator[Candidate]:
    """IPv4 addresses with what programs print behind them: a port, a prefix length, a zone."""
    for match in _IPV4.finditer(text):
        value = ipv4.parse(match["host"])
        if value is None:
            continue
        alone = not match["port"] and not match["length"]
        if alone and is_version(text, *match.span("host"), value):
            continue
        host = Host(match["host"], hosts.IPV4, 4, value, match["zone"])
        item = _ipv4_with(text, match, host)
        if item is not None:
            yield item


def _ipv4_with(text: str, match: re.Match[str], host: Host) -> Candidate | None:
    """The address with what is behind it, if anything."""
    if match["bsd"]:
        return _ipv4_with_bsd_port(text, match, host)
    if match["length"]:
        return _ipv4_network(text, match, host)
    first, last = match.span()
    port = _port(match["port"])
    if port is None and host.value == 0 and text.startswith((":*", ".*"), last):
        return None  # the peer column of ss and netstat
    first, form = _java_start(text, first)
    weak = port is not None and _is_unspecified(host, port)
    return Candidate(endpoint_at(text, (first, last), host, port, form), weak)


def _ipv4_with_bsd_port(text: str, match: re.Match[str], host: Host) -> Candidate | None:
    """``127.0.0.1.62893``; of an ordinary address only in a row of netstat."""
    special = host.scope in ("host", "link", "site") or host.value == 0
    line = _line(text, match.start())
    if not special and not re.search(r"\b(?:tcp|udp)[46]{0,2}\b", line, re.ASCII):
        return None
    return Candidate(endpoint_at(text, match.span(), host, _port(match["bsd"]), "bsd"))


def _ipv4_network(text: str, match: re.Match[str], host: Host) -> Candidate:
    """``10.0.0.0/8``, ``10.0.0.0/255.0.0.0``; the address alone where that is no prefix."""
    written = match["length"][1:]
    length = int(written) if written.isdigit() else mask_length(written)
    if length is None or length > 32:
        return Candidate(endpoint_at(text, (match.start(), match.end("host")), host, None))
    network = host._replace(prefix_length=length)
    return Candidate(endpoint_at(text, match.span(), network, None, "cidr"))


def _java_start(text: str, first: int) -> tuple[int, str]:
    """Java prints an address as name/literal; the name belongs to the endpoint."""
    if first == 0 or text[first - 1] != "/":
        return first, "plain"
    start = first - 1
    while (
        start > 0
        and first - start < 254
        and (text[start - 1] in ".-_0123456789" or has_letter(text[start - 1]))
    ):
        start -= 1
    return start, "java"


def _line(text: str, at: int) -> str:
    """The start of the line around an index, at most 200 characters."""
    first = max(0, at - 200)
    return text[max(first, text.rfind("\n", first, at) + 1) : at]


def ipv6s(text: str) -> Iterator[Candidate]:
    """IPv6 addresses without brackets, alone, with a port or a prefix length."""
    for match in _IPV6.finditer(text):
        token = match.group().rstrip(".")
        if token.count(":") < 2 or _is_clock_or_mac(token):
            continue
        if token[-1:] == ":" and token[-2:] != "::":
            token = token[:-1]
        item = _ipv6(text, match.start(), token)
        if item is not None:
            yield item


def _ipv6(text: str, first: int, token: str) -> Candidate | None:
    literal, slash, length = token.partition("/")
    host_text, port_text, form = authority.split(literal)
    host = hosts.read(host_text)
    if host.version != 6 or host.readings.strict is None:
        return None
    if slash and port_text is None and int(length) <= 128:
        network = host._replace(prefix_length=int(length))
        return Candidate(endpoint_at(text, (first, first + len(token)), network, None, "cidr"))
    if not port_text and _is_no_address(text, first, host):
        return None
    port = ports.parse(port_text) if port_text else None
    start, java = _java_start(text, first)
    form = java if start < first else form
    endpoint = endpoint_at(text, (start, first + len(literal)), host, port, form)
    return Candidate(endpoint, weak=_is_unspecified(host, port))


def _is_no_address(text: str, first: int, host: Host) -> bool:
    """``a::b`` is a scope of a programming language, ``:::*`` the peer column of ss."""
    if host.value == 0:
        return text.startswith(":*", first + len("::"))
    return authority.DIGITS.isdisjoint(host.text)


def _is_clock_or_mac(token: str) -> bool:
    """``12:34:56`` and ``aa:bb:cc:dd:ee:ff``; EUI-64 has eight pairs, and is no address."""
    groups = token.split(":")
    return all(len(group) == 2 for group in groups) or (len(groups) == 3 and "" not in groups)


_COUNTS = re.compile(
    r"\b(?:tcp|udp)[46]{0,2}\s{1,12}\d{1,9}\s{1,12}\d{1,9}\s[^\n]{0,80}\Z", re.ASCII
)
"""What BSD netstat has before addresses: the protocol and two queues."""


def _is_netstat(text: str, at: int) -> bool:
    """Whether ``*.80`` is in a row of BSD netstat; ``*.1`` may be the pages of a manual."""
    if text.startswith("*.*", at + 3) or "*.*" in text[at : at + 60]:
        return True
    return _COUNTS.search(text, max(0, at - 120), at) is not None


def wildcards(text: str) -> Iterator[Candidate]:
    """``*:8080`` of ss and lsof, ``*.8080`` of BSD netstat."""
    for match in _WILDCARD.finditer(text):
        if text[match.start() + 1] == "." and not _is_netstat(text, match.start()):
            continue
        host = Host("*", hosts.WILDCARD, 0, -1)
        yield Candidate(endpoint_at(text, match.span(), host, ports.parse(match["port"])))
