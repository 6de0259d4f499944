"""Endpoints inside running text: log lines, error messages, netstat and ss output.

Here the surroundings do not vouch for a token, so only spellings that mean an
endpoint beyond doubt are taken: strict literals, URLs, ``localhost`` and its
kin, names with a port, and the pairs that programs print (``'127.0.0.1',
62893``, ``host=... port=...``, ``at "localhost" (::1), port 5432``). Versions,
clock times, MAC addresses, C++ scopes and dates are left alone.

Every pattern starts at a boundary and has bounded repeats, so the work grows
with the length of the text and not faster.
"""

from __future__ import annotations

import re

from checks import ports
from checks.address import blocks, ipv4, ipv6
from checks.address import host as hosts
from checks.address.host import Host
from checks.address.scripts import has_letter
from checks.model.records import NamedTuple
from checks.ports import Port
from checks.text import commandline, single
from checks.text.endpoint import Endpoint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

MAX_ENDPOINTS = 1000
"""So many endpoints of one text are reported; the rest of it is not read."""

_QUAD = r"(?:\d{1,3}\.){3}\d{1,3}"
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_NAME = rf"{_LABEL}(?:\.{_LABEL}){{0,10}}\.?"
_QUOTED_HOST = r"[A-Za-z0-9_.:%-]{1,253}"

_CSI = re.compile(r"\x1b\[[0-?]{0,32}[ -/]{0,4}[@-~]")
"""Colours and the like: ECMA-48 §5.4, control sequences, with bounded parameters."""

_URL = re.compile(
    r"(?<![A-Za-z0-9+.-])([A-Za-z][A-Za-z0-9+.-]{0,31})(?:://|\[://\]|\[:\]//)"
    r"[^\s<>\"'`|\\^{}\x00-\x1f]{1,2048}",
    re.ASCII,
)
_KEYWORDS = re.compile(
    r"(?<!\w)[\"']?(?:host|hostname|addr|address|ip|server)[\"']?\s?[=:]\s?[\"']?"
    # The lookahead keeps what it matched, so that a failure behind it is not tried again.
    rf"(?=(?P<host>\[?{_QUOTED_HOST}\]?))(?P=host)[\"']?"
    # Up to two other keys may stand between; a separator before each keeps the work linear.
    r"(?:(?:[,;&]\s{0,12}|\s{1,12})[\"']?\w{1,32}[\"']?\s?[=:]\s?"
    r"[\"']?[^\s\"',;&={}:]{0,64}[\"']?){0,2}"
    r"[,;&]?\s{0,12}[\"']?port[\"']?\s?[=:]\s?[\"']?"
    r"(?P<port>\d{1,6})(?!\d)",
    re.ASCII | re.IGNORECASE,
)
_TUPLE = re.compile(
    rf"[\"'](?P<host>{_QUOTED_HOST})[\"']\s?,\s?[\"']?(?P<port>\d{{1,6}})(?![\d.])", re.ASCII
)
_OPTIONS = re.compile(
    rf"(?<![\w-])(?:-h|--host(?:name)?)[\s=]\s{{0,3}}[\"']?(?P<host>{_QUOTED_HOST})[\"']?\s{{1,4}}"
    r"(?:-[pP]|--port)[\s=]?\s{0,3}(?P<port>\d{1,5})(?![\w.:])",
    re.ASCII,
)
_SERVER_COMMA = re.compile(
    r"(?<![\w-])(?:server|data source)\s?=\s?(?:tcp:)?"
    rf"(?P<host>{_QUOTED_HOST}),\s?(?P<port>\d{{1,5}})(?![\w.:])",
    re.ASCII | re.IGNORECASE,
)
_HASH = re.compile(
    r"(?<![\w.:%@-])(?P<host>[0-9A-Fa-f:.]{2,45})#(?P<port>\d{1,5})(?![\w.])", re.ASCII
)
_PACKET = re.compile(
    r"\bDST=(?P<host>[0-9A-Fa-f:.]{2,45})\s[^\n]{0,200}?\bDPT=(?P<port>\d{1,5})(?!\w)", re.ASCII
)
_STRACE = re.compile(
    r"\bsin6?_port=htons\((?P<port>\d{1,5})\)[^\"\n]{0,80}\"(?P<host>[0-9A-Fa-f:.]{2,45})\"",
    re.ASCII,
)
_WORDS = re.compile(
    rf"(?<![\w.:/%-])(?P<host>\[?{_QUOTED_HOST}\]?)[\"']?(?:\s\([^()\s]{{1,64}}\))?"
    r"[,:]?\s(?:on\s|at\s)?(?:TCP\s)?port\s(?:number\s)?(?P<port>\d{1,6})(?!\d)",
    re.ASCII | re.IGNORECASE,
)
_IPV4 = re.compile(
    rf"(?<![\w.%-])(?P<host>{_QUAD})(?:%(?P<zone>[A-Za-z0-9_.@-]{{1,15}}))?"
    r"(?:(?P<bsd>\.\d{1,5})|(?P<port>[:#]\d{1,6})|(?P<length>/(?:"
    rf"{_QUAD}|\d{{1,2}}(?!\.?\d))))?(?![\w%]|\.\d|-[A-Za-z])"
    # A further label, or the ending of a file, makes it part of a longer name.
    r"(?!\.[A-Za-z][A-Za-z0-9-]{0,62}\.[A-Za-z]|\.(?:apk|deb|dll|dmg|exe|gz|jar|msi|rpm|so|tgz|whl"
    r"|xz|zip)\b)",
    re.ASCII,
)
_BRACKETS = re.compile(
    r"(?<![\w\]])\[(?P<host>[0-9A-Fa-f:.]{2,45})(?P<in>%[A-Za-z0-9_.-]{1,15})?\]"
    r"(?P<out>%[A-Za-z0-9_.-]{1,15})?(?P<port>:\d{1,6}(?!\d))?",
    re.ASCII,
)
_BRACKETED = re.compile(
    rf"(?<![\w\]])\[(?P<host>{_QUAD}|{_NAME})\]:(?P<port>\d{{1,5}})(?!\w)", re.ASCII
)
_IPV6 = re.compile(
    r"(?<![\w:.\[%@-])[0-9A-Fa-f:][0-9A-Fa-f:.]{1,51}(?:%[A-Za-z0-9_.:-]{1,24})?"
    r"(?:/\d{1,3})?(?![\w%:]|\.\w)",
    re.ASCII,
)
_WILDCARD = re.compile(r"(?<![\w.*])\*[:.](?P<port>\d{1,5})(?![\w.])", re.ASCII)
_NAMED = re.compile(
    rf"(?<![\w.:/@%-])(?P<host>{_NAME}):(?P<port>\d{{1,5}})(?![\w:]|\.\d)", re.ASCII
)
_LOCAL_NAME = re.compile(
    r"(?<![\w.:/@%-])(?P<host>(?:[A-Za-z0-9-]{1,63}\.){0,6}"
    r"(?:localhost|(?<=\.)localdomain|(?<=\.)internal|ip6-loopback|ip6-localhost"
    r"|(?:nip|sslip|xip)\.io|localtest\.me|lvh\.me)\.?)(?![\w-]|\.\w)",
    re.ASCII | re.IGNORECASE,
)
_LOOKED_UP = re.compile(
    r"(?:ENOTFOUND|EAI_AGAIN|resolve(?: host)?(?: ?name)?:?|lookup|UnknownHostException:"
    r"|unknown host|translate host name|host not found in upstream)"
    rf"\s[\"']?(?P<host>{_NAME})(?::(?P<port>\d{{1,5}})(?!\w))?",
    re.ASCII,
)
_NOT_LOOKED_UP = frozenset(
    "a address all an any dns host hostname import it module name path that the this to".split()
)
"""Words that may stand behind "resolve" or "lookup" and are not what was looked up."""
_PORT_ALONE = re.compile(
    r"(?:(?<![^\s(=\"'`])|(?<=->)):(?P<colon>\d{1,5})(?!\w|[:.]\d)"
    r"|(?<!\w)(?<![A-Za-z0-9]-)port(?:s|\(s\))?(?:\snumber)?[\s=:#]{1,3}(?P<word>\d{1,6})"
    r"(?![\w.:]{0,64}\d)"
    r"|\b(?:listening on|at address:|EXPOSE|DPT=|htons\()\s?(?P<said>\d{2,5})(?!\w|[.:-]\d)"
    r"|(?<![\w-])-p\s?(?P<published>\d{2,5})(?=:\d)",
    re.ASCII | re.IGNORECASE,
)
_MORE_PORTS = re.compile(
    r"(?:,\s?(?:and\s|or\s)?|\s(?:and|or)\s)(?P<port>[1-9]\d{1,4})"
    # "port 80, 20 times" has one port
    r"(?=$|[,.;)\n](?!\d)|\s(?:(?:and|or)\s\d|are|is|were|be|in|on|to)\b)",
    re.ASCII,
)
"""``ports 80, 443 and 8080``."""
_COMMAND = re.compile(
    r"\s{0,512}(?:(?:nc|ncat|netcat|telnet)\s{1,4}(?:-[A-Za-z0-9]{1,8}\s{1,4}){0,5})?"
    rf"(?P<host>{_QUOTED_HOST})(?:\s{{1,4}}|,\s{{0,4}})(?P<port>\d{{1,5}})\s{{0,512}}",
    re.ASCII,
)
_VERSION_BEFORE = re.compile(
    r"(?:(?<![\w-])v|\bver|versions?|\b(?:release|build|firmware|oid|netmask))[\s\xa0.:=\"'>(]{0,5}$"
    r"|(?:==|>=|<=|~=|\u00a7)[\s\xa0]?$"
    # pkg@1.2.3.4, but not root@192.0.2.1 as ssh is told it
    r"|(?<=\w)(?<!root)(?<!user)(?<!admin)(?<!ubuntu)@$",
    re.ASCII | re.IGNORECASE,
)
_ARROW = re.compile(r"\s?(?:->|>|-->|\u2192)\s?")
_FROM_BEFORE = re.compile(r"\b(?:by|from) $", re.ASCII | re.IGNORECASE)
_REQUEST_AFTER = re.compile(r"(?: - \S{1,64})?(?: \[[^\]\n]{1,40}\])?(?: -)? \"[A-Z]{3,10} ")
_PRODUCT_BEFORE = re.compile(r"[A-Za-z]/$")


class _Found(NamedTuple):
    """An endpoint that a pattern found, before overlaps are settled."""

    endpoint: Endpoint
    weak: bool = False
    """Dropped where the text has any endpoint that is not weak."""


if TYPE_CHECKING:
    _Reader: TypeAlias = Callable[[str], Iterator[_Found]]


def scan(text: str) -> tuple[Endpoint, ...]:
    """Find the endpoints of a running text.

    Arguments:
        text: any text, any number of lines.

    Returns:
        the endpoints in the order of the text, without overlaps, at most
        :data:`MAX_ENDPOINTS` of them.
    """
    if "\x1b[" in text:
        return _scan_coloured(text)
    taken = bytearray(len(text))
    found: list[_Found] = []
    for reader in _READERS:
        for item in reader(text):
            first, last = item.endpoint.span
            if first < last and not any(taken[first:last]):
                taken[first:last] = b"\x01" * (last - first)
                found.append(item)
                if len(found) >= MAX_ENDPOINTS:
                    return _with_roles(text, _in_order(found))
    return _with_roles(text, _in_order(found))


def _scan_coloured(text: str) -> tuple[Endpoint, ...]:
    """The endpoints of a text with control sequences, which may stand inside an endpoint.

    Vite prints ``http://localhost:`` and then the port in bold. The sequences
    are taken out, and the spans moved back to where the text has them.
    """
    places: list[int] = []
    plain: list[str] = []
    end = 0
    for match in _CSI.finditer(text):
        plain.append(text[end : match.start()])
        places.extend(range(end, match.start()))
        end = match.end()
    plain.append(text[end:])
    places.extend(range(end, len(text)))
    moved = []
    for endpoint in scan("".join(plain).replace("\x1b[", "  ")):
        first, last = places[endpoint.span[0]], places[endpoint.span[1] - 1] + 1
        moved.append(endpoint._replace(text=text[first:last], span=(first, last)))
    return tuple(moved)


def _with_roles(text: str, endpoints: tuple[Endpoint, ...]) -> tuple[Endpoint, ...]:
    """Mark the peers: right of an arrow, the client of an access log, ``from X port N``."""
    marked: list[Endpoint] = []
    for endpoint in endpoints:
        left = marked[-1] if marked else None
        peer = endpoint.host is not None and (
            (left is not None and _is_client_of(text, left, endpoint)) or _is_caller(text, endpoint)
        )
        marked.append(endpoint._replace(role="peer") if peer else endpoint)
    return tuple(marked)


def _is_client_of(text: str, left: Endpoint, right: Endpoint) -> bool:
    """``127.0.0.1:8080->127.0.0.1:53422``: the right side of an arrow is the peer.

    Where its port is the lower one, as in what Go prints for a client and
    tcpdump for a request, it is the service, which must still be asked.
    """
    first = right.span[0]
    if first - left.span[1] > 5 or not _ARROW.fullmatch(text, left.span[1], first):
        return False
    return (
        left.port is not None
        and right.port is not None
        and (right.port.number or 0) > (left.port.number or 0)
    )


def _is_caller(text: str, endpoint: Endpoint) -> bool:
    """sshd's "from 127.0.0.1 port 53422", and the address before a request in a log."""
    first, last = endpoint.span
    if endpoint.form == "words" and _FROM_BEFORE.search(text[max(0, first - 8) : first]):
        return True
    return endpoint.scheme is None and _REQUEST_AFTER.match(text, last) is not None


def _in_order(found: list[_Found]) -> tuple[Endpoint, ...]:
    strong = [item for item in found if not item.weak] or found
    return tuple(sorted((item.endpoint for item in strong), key=lambda e: e.span))


def _at(
    text: str,
    first: int,
    last: int,
    host: Host | None,
    port: Port | None,
    form: str = "plain",
    scheme: str | None = None,
) -> Endpoint:
    return Endpoint(text[first:last], (first, last), scheme, host, port, form)


def _urls(text: str) -> Iterator[_Found]:
    for match in _URL.finditer(text):
        token = _trim_url(match.group())
        plain = single.refang(token)
        form = "plain" if plain == token else "defanged"
        for endpoint in single.read_urls(token, plain, match.start(), form):
            host = endpoint.host
            if host is not None and (host.kind != hosts.INVALID or _bare_ipv6(host.text)):
                yield _Found(endpoint)


def _bare_ipv6(text: str) -> bool:
    """An IPv6 address that should have brackets, as a URL has it: ``::1:3000``."""
    return text[:1] != "[" and ipv6.parse(text) is not None


def _trim_url(token: str) -> str:
    """Punctuation after a URL belongs to the sentence; so does an unopened bracket."""
    token = token.rstrip(".,;:!?*")
    for opening, closing in ("()", "[]"):
        while token.endswith(closing) and token.count(closing) > token.count(opening):
            token = token[:-1].rstrip(".,;:!?*")
    return token


def _pairs(pattern: re.Pattern[str], form: str, kinds: tuple[str, ...]) -> _Reader:
    """A reader for patterns that have a host group and a port group."""

    def read(text: str) -> Iterator[_Found]:
        for match in pattern.finditer(text):
            host = _literal_or_name(match["host"])
            if host is not None and host.kind in kinds:
                port = ports.parse(match["port"])
                first = min(match.start("host"), match.start("port"))
                yield _Found(_at(text, first, match.end(), host, port, form))

    return read


def _literal_or_name(text: str) -> Host | None:
    """A strict literal or a name; never a lenient spelling of an address."""
    if ":" in text and text[:1] != "[":
        text, _, _ = (
            single.split(text) if ipv6.parse(text.partition("%")[0]) is None else (text, None, "")
        )
    host = hosts.read(text)
    if host.version and host.readings.strict is None:
        return None
    return host


def _worded(text: str) -> Iterator[_Found]:
    """``127.0.0.1 port 62893``: curl, ssh, PostgreSQL, http.server and others."""
    for match in _WORDS.finditer(text):
        host = _literal_or_name(match["host"])
        if host is None or host.kind == hosts.INVALID:
            continue
        if host.kind == hosts.NAME and not _name_before_port(
            match["host"], text[match.end("host") :][:1]
        ):
            continue
        port = ports.parse(match["port"])
        yield _Found(_at(text, match.start("host"), match.end(), host, port, "words"))


def _name_before_port(name: str, following: str) -> bool:
    """In "the server port 80" *server* is no host; in "localhost port 80" it is."""
    known = hosts.Host(name, hosts.NAME, 0, -1).name
    return (
        following in "\"'"
        or (known is not None and known.kind not in ("single-label", "domain"))
        or ("." in name.rstrip(".") and _has_letter(name))
    )


def _commands(text: str) -> Iterator[_Found]:
    """The whole text is what nc and telnet take: a host, white space, a port."""
    match = _COMMAND.fullmatch(text) if len(text) < 512 else None
    if match is None:
        return
    host = _literal_or_name(match["host"])
    if host is not None and (host.version or (host.kind == hosts.NAME and host.loopback)):
        port = ports.parse(match["port"])
        yield _Found(_at(text, match.start("host"), match.end("port"), host, port, "words"))


def _command_lines(text: str) -> Iterator[_Found]:
    """What ssh, psql, kubectl and others are told on their command lines."""
    for named in commandline.read(text):
        host = _literal_or_name(named.host) if named.host is not None else None
        if named.host is not None and (host is None or host.kind == hosts.INVALID):
            continue
        port = ports.parse(named.port) if named.port is not None else None
        if host is None and (port is None or port.number is None):
            continue
        endpoint = _at(text, *named.span, host, port, named.form)
        yield _Found(endpoint._replace(role="peer") if named.peer else endpoint)


def _brackets(text: str) -> Iterator[_Found]:
    for match in _BRACKETS.finditer(text):
        zone = match["in"] or match["out"] or ""
        value = ipv6.parse(match["host"])
        if value is None:
            continue
        host = Host(f"[{match['host']}{zone}]", hosts.IPV6, 6, value, zone[1:] or None)
        port = ports.parse(match["port"][1:]) if match["port"] else None
        if value == 0 and port is None and text[match.end() : match.end() + 2] == ":*":
            continue  # the peer column of ss
        weak = value == 0 and (port is None or port.number == 0)
        yield _Found(_at(text, match.start(), match.end(), host, port), weak)


def _bracketed(text: str) -> Iterator[_Found]:
    """``[127.0.0.1]:8080``: OpenSSH brackets every host that has a port."""
    for match in _BRACKETED.finditer(text):
        host = _literal_or_name(match["host"])
        if host is None or host.kind == hosts.INVALID:
            continue
        if host.kind == hosts.NAME and not _name_before_port(match["host"], " "):
            continue
        port = ports.parse(match["port"])
        yield _Found(_at(text, match.start(), match.end(), host, port))


def _ipv4s(text: str) -> Iterator[_Found]:
    for match in _IPV4.finditer(text):
        value = ipv4.parse(match["host"])
        if value is None or _is_version(text, match):
            continue
        host = Host(match["host"], hosts.IPV4, 4, value, match["zone"])
        item = _ipv4_with(text, match, host)
        if item is not None:
            yield item


def _is_version(text: str, match: re.Match[str]) -> bool:
    """``Chrome/120.0.0.0`` and ``version 1.2.3.4`` look like addresses and are none."""
    if match["port"] or match["length"]:
        return False
    before = text[max(0, match.start() - 16) : match.start()]
    if _VERSION_BEFORE.search(before):
        special = before[-1:] == "@" and blocks.scope(4, ipv4.parse(match["host"]) or 0)
        return special not in ("host", "link", "site")
    return _PRODUCT_BEFORE.search(before) is not None and not before.endswith("localhost/")


def _ipv4_with(text: str, match: re.Match[str], host: Host) -> _Found | None:
    first, last = match.span()
    if match["bsd"]:
        special = host.scope in ("host", "link", "site") or host.value == 0
        if not special and not re.search(r"\b(?:tcp|udp)[46]{0,2}\b", _line(text, first), re.ASCII):
            return None
        return _Found(_at(text, first, last, host, ports.parse(match["bsd"][1:]), "bsd"))
    if match["length"]:
        written = match["length"][1:]
        length = int(written) if written.isdigit() else single.mask_length(written)
        if length is not None and length <= 32:
            network = host._replace(prefix_length=length)
            return _Found(_at(text, first, last, network, None, "cidr"))
        return _Found(_at(text, first, match.end("host"), host, None))
    port = ports.parse(match["port"][1:]) if match["port"] else None
    if port is None and text[last : last + 2] in (":*", ".*"):
        return None  # the peer column of ss and netstat
    first, form = _java_start(text, first)
    weak = host.value == 0 and port is not None and port.number == 0
    return _Found(_at(text, first, last, host, port, form), weak)


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


def _ipv6s(text: str) -> Iterator[_Found]:
    for match in _IPV6.finditer(text):
        token = match.group().rstrip(".")
        if token.count(":") < 2 or _is_clock_or_mac(token):
            continue
        if token[-1:] == ":" and token[-2:] != "::":
            token = token[:-1]
        item = _ipv6(text, match.start(), token)
        if item is not None:
            yield item


def _ipv6(text: str, first: int, token: str) -> _Found | None:
    literal, slash, length = token.partition("/")
    host_text, port_text, form = single.split(literal)
    host = hosts.read(host_text)
    if host.version != 6 or host.readings.strict is None:
        return None
    last = first + len(token)
    if slash and port_text is None and int(length) <= 128:
        network = host._replace(prefix_length=int(length))
        return _Found(_at(text, first, last, network, None, "cidr"))
    if not port_text and host.value and not any(c in single.DIGITS for c in host_text):
        return None  # a::b is a scope of a programming language
    if not port_text and host.value == 0 and text[first + 2 : first + 4] == ":*":
        return None
    port = ports.parse(port_text) if port_text else None
    weak = host.value == 0 and (port is None or port.number == 0)
    return _Found(_at(text, first, first + len(literal), host, port, form), weak)


def _is_clock_or_mac(token: str) -> bool:
    """``12:34:56`` and ``aa:bb:cc:dd:ee:ff``; EUI-64 has eight pairs, and is no address."""
    groups = token.split(":")
    return all(len(group) == 2 for group in groups) or (len(groups) == 3 and "" not in groups)


def _wildcards(text: str) -> Iterator[_Found]:
    for match in _WILDCARD.finditer(text):
        host = Host("*", hosts.WILDCARD, 0, -1)
        yield _Found(_at(text, match.start(), match.end(), host, ports.parse(match["port"])))


def _names_with_port(text: str) -> Iterator[_Found]:
    for match in _NAMED.finditer(text):
        name = match["host"]
        stem, dot, ending = name.rstrip(".").rpartition(".")
        known = hosts.Host(name, hosts.NAME, 0, -1).name
        if known is None or not _has_letter(name):
            continue
        if not dot and known.kind == "single-label":
            continue  # "line:42", "error:5"
        if stem and ending.lower() in single.SOURCE_FILE_ENDINGS:
            continue
        if ending and not _has_letter(ending):
            continue
        host = Host(name, hosts.NAME, 0, -1)
        yield _Found(_at(text, match.start(), match.end(), host, ports.parse(match["port"])))


def _has_letter(text: str) -> bool:
    return any(c.isalpha() for c in text)


def _names_alone(text: str) -> Iterator[_Found]:
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
            yield _Found(_at(text, first, last, host, port))


def _ports_alone(text: str) -> Iterator[_Found]:
    for match in _PORT_ALONE.finditer(text):
        written = match["colon"] or match["word"] or match["said"] or match["published"]
        port = ports.parse(written)
        if port.number is not None:
            yield _Found(_at(text, *match.span(), None, port, "port"))
        elif match["word"]:  # "port 70000" is a slip that should be told, unless there is more
            yield _Found(_at(text, *match.span(), None, port, "port"), weak=True)
        more = _MORE_PORTS.match(text, match.end()) if match["word"] else None
        while more is not None:
            yield _Found(_at(text, *more.span("port"), None, ports.parse(more["port"]), "port"))
            more = _MORE_PORTS.match(text, more.end())


_ANY_HOST = (hosts.IPV4, hosts.IPV6, hosts.NAME)
_ADDRESSES = (hosts.IPV4, hosts.IPV6)
_READERS: tuple[_Reader, ...] = (
    _urls,
    _pairs(_KEYWORDS, "keywords", _ANY_HOST),
    _pairs(_TUPLE, "tuple", _ANY_HOST),
    _pairs(_OPTIONS, "keywords", _ANY_HOST),
    _pairs(_SERVER_COMMA, "keywords", _ANY_HOST),
    _pairs(_STRACE, "keywords", _ADDRESSES),
    _pairs(_PACKET, "keywords", _ADDRESSES),
    _pairs(_HASH, "plain", _ADDRESSES),
    _commands,
    _command_lines,
    _worded,
    _brackets,
    _bracketed,
    _ipv6s,  # before IPv4, which may be the end of an IPv6 address
    _ipv4s,
    _wildcards,
    _names_with_port,
    _names_alone,
    _ports_alone,
)
"""In order of precedence: what one reader took, a later one leaves alone."""
