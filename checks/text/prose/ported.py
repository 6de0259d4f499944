"""Endpoints with the word "port": ``host=h port=80``, "h port 80", "port 80" alone.

A port's key tells which address is its own: ``remotePort`` belongs to ``remoteAddress``,
``listenport`` to ``listenaddress``, ``sport`` to ``src``. So the text is gone through once
for the word; at each place the value behind it is read, and then what is before the key.
"""

from __future__ import annotations

import re

from checks import ports
from checks.address import host as hosts
from checks.address import ipv6
from checks.model.patterns import has_any
from checks.model.records import NamedTuple
from checks.text import authority
from checks.text.endpoint import endpoint_at
from checks.text.prose.candidate import Candidate
from checks.text.prose.literal_or_name import is_host_before_port, literal_or_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.address.host import Host

_WORD = "port"
_REACH = 320
"""Characters before and behind a port's key in which its address is looked for."""

_VALUE = re.compile(
    r"(?:s|\(s\))?(?:id|no|nr|_?number)?[\"'`]?[ \t]{0,24}(?:=>|[=:])[ \t]{0,24}[\"'`\[]?"
    r"(?P<port>\d{1,6})(?![\d.:]{0,64}\d)",
    re.ASCII | re.IGNORECASE,
)
_SAID = re.compile(
    r"(?P<plural>s|\(s\))?(?:\snumber)?[\s=:#]{1,3}[\"'`\[]?(?P<port>\d{1,6})"
    r"(?!(?!:\d{1,2}: )[\w.:]{0,64}\d)",  # sshd puts a reason behind it: "port 50122:11: ..."
    re.ASCII | re.IGNORECASE,
)
_TABLED = re.compile(r"[ \t]{1,4}(?:\{[ \t]?)?(?P<port>\d{1,5})(?![\w.])", re.ASCII)
"""``dport 80`` and ``dport { 80, 81 }`` of nftables and iptables."""

_MORE_PORTS = re.compile(
    r"(?:,\s?(?:and\s|or\s)?|\s(?:and|or)\s)(?P<port>[1-9]\d{1,4})"
    # "port 80, 20 times" has one port
    r"(?=$|[,.;)\n](?!\d)|\s(?:(?:and|or)\s\d|(?:are|is|were|be|in|on|to)\b)|\s?\})",
    re.ASCII,
)
"""``ports 80, 443 and 8080``."""

_ADDRESS = re.compile(
    r"(?P<key>(?<![\w.-])-{0,2}[A-Za-z][\w.-]{0,40})[\"'`]?[ \t]{0,24}(?:=>|[=:])[ \t]{0,24}"
    r"(?:[\"'`(/\[]|tcp:){0,3}(?P<value>(?:[\w.-]{0,253}/)?(?:\[[0-9A-Fa-f:.%]{2,60}\]"
    r"|[A-Za-z0-9_.:%-]{1,253}))(?![\w.:%/-]|\s?=)",
    re.ASCII,
)
"""A key and a value that may be an address."""

_MARKS = r"\s,;&|(){}\[\]\"'`<>/"
_PLAIN = r"[^\s\"'`,;&={}()\[\]:]"
_BETWEEN = re.compile(
    rf"(?:[{_MARKS}]{{1,120}}-{{0,2}}[A-Za-z][\w.-]{{0,40}}[\"'`]?[ \t]{{0,24}}(?:=>|[=:])"
    rf"[ \t]{{0,24}}(?![ \t])(?:[\"'`(\[]{{1,2}}(?={_PLAIN}))?{_PLAIN}{{0,64}}(?!{_PLAIN})){{0,5}}"
    rf"[{_MARKS}-]{{0,144}}",
    re.ASCII,
)
"""What may be between an address and its port: punctuation, and up to five other keys.

Each run of characters is taken as a whole, so there is one way to read a text: fifty spaces
could be cut into six runs in four million ways.
"""

_DART = re.compile(
    r"SocketException: (?!Failed to create server)(?:(?!in use)[^\n]){0,300}\(OS Error:"
    r"(?:(?!in use)[^\n]){0,200}\baddress = \Z",
    re.ASCII,
)

_SUFFIXES = (
    "addresses", "address", "addr", "hostname", "host", "server", "bind", "ip", "servername",
)  # fmt: skip
_SAME = {
    "src": "s", "source": "s", "dst": "d", "dest": "d", "destination": "d", "local": "l",
    "remote": "r",
}  # fmt: skip
"""Stems that mean the same: ``src`` has ``sport``, ``laddr`` has ``lport``."""

_ROLES = {
    "l": "local", "s": "local", "listen": "listener", "bind": "listener", "host": "listener",
    "published": "listener", "connect": "target", "d": "target", "target": "target",
    "upstream": "target", "client": "peer", "peer": "peer",
}  # fmt: skip
"""What an endpoint is by the stem of its keys."""

_GLUED = frozenset(
    "s d l r host local remote listen connect src dst dest source server client peer pg bind http"
    " https tcp udp db target proxy debug shell node public private container published ssh".split()
)
"""Stems that are written before "port" without a mark between; ``support`` has none of them."""

_NO_HOSTS = frozenset("auto false no none null true undefined yes".split())
_KEY_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-"
_HOST_CHARACTERS = _KEY_CHARACTERS + ":%"
_GLUE = re.compile(
    r"(?:(?<!:)[,:;])?\s(?:(?:and|on|at|via|using|with)\s)?(?:(?:TCP|UDP|TCP/IP)\s)?\Z"
    # libpq before 14: Is the server running on host "h" (...) and accepting ...
    r"|\sand accepting\s{1,4}(?:TCP/IP )?connections on\s\Z",
    re.ASCII | re.IGNORECASE,
)
_HOST_BEHIND = re.compile(
    # sshd: "Bind to port 22 on 0.0.0.0 failed"; but "Connection from a port 1 on b port 22"
    r"[\"'\])]? (?:on|of|at) (?:host |address )?[\"'\[]?"
    r"(?P<host>\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}:[0-9a-f:]{1,36}(?<=[0-9a-f:])|localhost)"
    r"(?![\w-]|\.\w|:\d)(?!,? (?:tcp |udp )?port\b)",
    re.ASCII | re.IGNORECASE,
)
_ASIDE = re.compile(r"\s\([^()\s]{1,64}\)\Z")

_FOREIGN = re.compile(
    "(?:\u7aef\u53e3\u53f7?|\u57e0\u53f7?|\u9023\u63a5\u57e0|\u901a\u8a0a\u57e0"
    "|\u30dd\u30fc\u30c8(?:\u756a\u53f7)?|\ud3ec\ud2b8|\u043f\u043e\u0440\u0442(?:\u0430|\u0443|\u0435|\u043e\u043c)?"
    "|\u03b8\u03cd\u03c1\u03b1|\u0645\u0646\u0641\u0630|c\u1ed5ng)"
    "[\\s:\uff1a=\u4e3a\u662f#\\[\\(\"'`]{0,3}(?P<port>[0-9]{1,5})(?![0-9.])"
)
_LATIN_WORDS = ("puerto", "porta", "poort", "portti", "porcie", "portu", "portnummer")
_LATIN = re.compile(
    rf"\b(?:{'|'.join(_LATIN_WORDS)})[\s:=#]{{1,3}}(?P<port>\d{{1,5}})(?![\w.])",
    re.ASCII | re.IGNORECASE,
)
"""The word for "port" in languages that have another one; most write "port" too."""


class Key(NamedTuple):
    """The key of a port.

    Arguments:
        first: where it begins in the text.
        stem: what is before "port" in it, in lower case, without marks; "" where nothing is.
        option: whether a mark or a capital sets "port" off, as in ``db_port`` and ``dbPort``.
    """

    first: int
    stem: str
    option: bool


_FOREIGN_WORDS = (
    "\u7aef\u53e3", "\u57e0", "\u9023\u63a5\u57e0", "\u901a\u8a0a\u57e0", "\u30dd\u30fc\u30c8",
    "\ud3ec\ud2b8", "\u043f\u043e\u0440\u0442", "\u03b8\u03cd\u03c1\u03b1",
    "\u0645\u0646\u0641\u0630", "c\u1ed5ng",
)  # fmt: skip
MARKS = (_WORD, *_LATIN_WORDS, *_FOREIGN_WORDS)
"""One of them is in every text that has the word "port", in lower case."""


def read(text: str) -> Iterator[Candidate]:
    """Yield what the word "port" makes an endpoint of: with a host by key or word, else alone."""
    lower = text.replace("\u0130", "I").lower()  # as long as the text: no other letter grows
    at = lower.find(_WORD)
    while at >= 0:
        yield from _at(text, at)
        at = lower.find(_WORD, at + len(_WORD))
    if not text.isascii():
        yield from _alone(text, _FOREIGN)
    if has_any(lower, _LATIN_WORDS):
        yield from _alone(text, _LATIN)


def _alone(text: str, pattern: re.Pattern[str]) -> Iterator[Candidate]:
    for match in pattern.finditer(text):
        port = ports.parse(match["port"])
        if port.number is not None:
            yield Candidate(endpoint_at(text, match.span(), None, port, "port"))


def _at(text: str, at: int) -> Iterator[Candidate]:
    """What is read at one place of the word."""
    end = at + len(_WORD)
    if text[end : end + 1].isalpha() and text[end : end + 1] not in "sSiInN":
        return
    key = _key(text, at)
    if key is None:
        return
    value = _VALUE.match(text, end)
    if value is not None and (key.stem == "" or key.option or key.stem in _GLUED):
        pair = _keyed(text, key, value)
        if pair:
            yield from pair
            return
        port = ports.parse(value["port"])
        if port.number:
            first = key.first if key.stem else at
            yield Candidate(endpoint_at(text, (first, value.end("port")), None, port, "port"))
            return
    if key.stem in ("d", "s") and (tabled := _TABLED.match(text, end)):
        yield from _filtered(text, key, tabled)
    elif not key.stem and not key.option:
        yield from _said(text, end)


def _key(text: str, at: int) -> Key | None:
    """The key that ends in "port"; None where the word is a part of another one."""
    before = text[max(0, at - 40) : at]
    written = before[len(before.rstrip(_KEY_CHARACTERS)) :]
    stem = written.rpartition(".")[2].replace("_", "").replace("-", "").lower()
    last = written[-1:]
    camel = text[at] == "P" and last.islower() and text[at + 1] == "o"
    option = bool(written.strip("-")) and (last in ("_", ".", "-") or camel)
    return Key(at - len(written), stem, option)


def _keyed(text: str, key: Key, value: re.Match[str]) -> tuple[Candidate, ...]:
    """The port with the address whose key has the same stem, before it or behind it."""
    first, last = key.first, value.end("port")
    found = _address_before(text, key) or _address_behind(text, key, last)
    if found is None:
        return ()
    host, at, end = found
    if _DART.search(text, max(0, at - _REACH), at):
        return _apart(text, host, (at, end), (first, last))
    apart = at < first and _ADDRESS.search(text, end, first)
    if at > last:
        span = (first, end)
    elif apart and _stem(apart["key"]) is not None:  # src=... dst=... sport=... dport=...
        span = (at, end)
    else:
        span = (at, last)
    port = ports.parse(value["port"])
    role = _ROLES.get(_SAME.get(key.stem, key.stem))
    return (Candidate(endpoint_at(text, span, host, port, "keywords")._replace(role=role)),)


def _apart(
    text: str, host: Host, at: tuple[int, int], own: tuple[int, int]
) -> tuple[Candidate, ...]:
    """Dart's SocketException names the address that was asked, and the client's own port.

    Source: dart-lang/sdk, runtime/bin/socket.cc and sdk/lib/_internal/vm/bin/socket_patch.dart.
    """
    asked = endpoint_at(text, at, host, None, "keywords")
    port = ports.parse(text[slice(*own)].rpartition(" ")[2].rpartition("=")[2])
    mine = endpoint_at(text, own, host, port, "keywords")
    return Candidate(asked._replace(role="target")), Candidate(mine._replace(role="local"))


def _stem(key: str) -> str | None:
    """What is before "host" or "address" in a key; None where it is no key of an address."""
    plain = key.lower().rpartition(".")[2].replace("_", "").replace("-", "")
    if plain in _SAME:
        return _SAME[plain]
    if not plain.endswith(_SUFFIXES):
        return None
    for suffix in _SUFFIXES:
        if plain.endswith(suffix):
            stem = plain[: -len(suffix)]
            return _SAME.get(stem, stem)
    return None


def _address_before(text: str, key: Key) -> tuple[Host, int, int] | None:
    """The nearest address before a port whose key has the port's stem."""
    wanted = _SAME.get(key.stem, key.stem)
    start = max(0, key.first - _REACH)
    found = None
    for match in _ADDRESS.finditer(text, start, key.first):
        if _stem(match["key"]) == wanted and _BETWEEN.fullmatch(
            text, match.end("value"), key.first
        ):
            found = _host(match) or found
    return found


def _address_behind(text: str, key: Key, last: int) -> tuple[Host, int, int] | None:
    """``port=80, host=h``: the first address behind a port, in the same record."""
    wanted = _SAME.get(key.stem, key.stem)
    for match in _ADDRESS.finditer(text, last, last + _REACH // 2):
        between = text[last : match.start("key")]
        if "}" in between or ")" in between or not _BETWEEN.fullmatch(between):
            return None
        stem = _stem(match["key"])
        if stem == wanted or (stem == "" and key.option):
            other = re.match(
                r"[\"'\]]{0,3}[\s,;]{1,4}[\"']?port\b", text[match.end("value") :][:24]
            )
            return None if other else _host(match)
    return None


def _host(match: re.Match[str]) -> tuple[Host, int, int] | None:
    """The host of a key's value, and where it is written."""
    written = match["value"].rstrip(".")
    if written[-1:] == ":" and written[-2:] != "::":
        written = written[:-1]
    name, slash, literal = written.rpartition("/")
    host = literal_or_name(literal)
    if host is None or host.kind == hosts.INVALID or literal.lower() in _NO_HOSTS:
        return None
    first = match.start("value")
    if host.kind == hosts.NAME and not name and match.string[first - 1 : first + 1].count("/"):
        return None  # a path, as of a socket of PostgreSQL
    if slash and not name:
        first += 1
    return host, first, match.start("value") + len(written)


def _filtered(text: str, key: Key, match: re.Match[str]) -> Iterator[Candidate]:
    """``--dport 80``: the port that a packet is sent to, or that it comes from."""
    role = _ROLES[key.stem]
    spans = [(key.first, match.end("port"))]
    more = _MORE_PORTS.match(text, match.end())
    written = [match["port"]]
    while more is not None:
        spans.append(more.span("port"))
        written.append(more["port"])
        more = _MORE_PORTS.match(text, more.end())
    for span, port in zip(spans, map(ports.parse, written), strict=True):
        if port.number:
            yield Candidate(endpoint_at(text, span, None, port, "port")._replace(role=role))


def _said(text: str, end: int) -> Iterator[Candidate]:
    """``127.0.0.1 port 80``: curl, ssh, PostgreSQL, http.server and others; or a port alone."""
    match = _SAID.match(text, end)
    if match is None:
        return
    at = end - len(_WORD)
    port = ports.parse(match["port"])
    found = None if match["plural"] else _host_before(text, at)
    if found is None and _is_plug(text, at, match.end()):
        return
    behind = (
        _HOST_BEHIND.match(text, match.end()) if found is None and not match["plural"] else None
    )
    host = literal_or_name(behind["host"]) if behind else None
    if behind and host is not None and host.kind != hosts.INVALID:
        yield Candidate(endpoint_at(text, (at, behind.end("host")), host, port, "words"))
        return
    if found is not None:
        host, first = found
        yield Candidate(endpoint_at(text, (first, match.end("port")), host, port, "words"))
        return
    span = (at, match.end("port"))
    # "port 70000" is a slip that should be told, unless there is more
    yield Candidate(endpoint_at(text, span, None, port, "port"), weak=port.number is None)
    more = _MORE_PORTS.match(text, match.end())
    while more is not None:
        port = ports.parse(more["port"])
        yield Candidate(endpoint_at(text, more.span("port"), None, port, "port"))
        more = _MORE_PORTS.match(text, more.end())


_PLUGS = (
    "audio", "com", "displayport", "ethernet", "firewire", "gpio", "hdmi", "hub", "i2c",
    "infiniband", "lan", "midi", "parallel", "pci", "pcie", "sata", "serial", "sfp", "switch",
    "switch's", "thunderbolt", "type-c", "uart", "usb", "usb-c", "vlan", "wan",
)  # fmt: skip
"""Words before the ports that have plugs, in lower case."""
_MOST_PLUGS = 256
_LINK = re.compile(r"\((?:br|docker|en|eth|lan|swp|tap|veth|virbr|vnet|wl)\w{0,16}\)", re.ASCII)
"""``docker0: port 1(veth4a2b) entered blocking state``: a port of a bridge (Linux, br_stp.c)."""


def _is_plug(text: str, at: int, last: int) -> bool:
    """Whether a port is one for a cable, or of a bridge: their numbers are small."""
    number = text[at:last].rstrip().rpartition(" ")[2].strip("#:=")
    if not number.isdecimal() or int(number) >= _MOST_PLUGS:
        return False
    before = text[max(0, at - 32) : at].lower().rstrip(" \t")
    word = before[before.rfind("\n") + 1 :].rpartition(" ")[2]
    return word in _PLUGS or "over-current" in before or bool(_LINK.match(text, last))


def _host_before(text: str, at: int) -> tuple[Host, int] | None:
    """The host that is before "port", with at most "on", a comma or a remark between."""
    start = max(0, at - _REACH)
    before = text[start:at]
    glue = _GLUE.search(before, max(0, len(before) - 50))
    if glue is None:
        return None
    before = before[: glue.start()]
    aside = _ASIDE.search(before, max(0, len(before) - 68))
    if aside is not None:
        before = before[: aside.start()]
    closed = before.rstrip("\"'`\u201d\u2019]")
    name = closed[len(closed.rstrip(_HOST_CHARACTERS)) :]
    first = start + len(closed) - len(name)
    opening = text[first - 1 : first] if first else ""
    if not name or opening in ("/",):
        return None
    if " on " in glue[0] and before.lower().endswith("connection from ", 0, -len(name)):
        return None  # the port is the listener's
    bracketed = opening == "[" and ":" in name
    if not bracketed and name.count(":") == 1:
        return None  # it has a port already, and this one is another's
    host = literal_or_name(f"[{name}]" if bracketed else name)
    # in "the service 'driver' on port 80" the name is no host
    quoted = len(before) > len(closed) and glue[0].strip() != "on"
    if host is None or host.kind == hosts.INVALID or _has_port(name):
        return None
    if host.kind == hosts.NAME and not is_host_before_port(name, quoted=quoted):
        return None
    return host, first - bracketed


def _has_port(name: str) -> bool:
    """Whether a host is an endpoint already: "127.0.0.1:50122 on port 1883" has two ports."""
    return ipv6.parse(name.partition("%")[0]) is None and authority.split(name)[1] is not None
