"""One word that stands for itself: an address, an endpoint, a URL, a port.

When the whole paste is a single word, its position says what it is meant to
be, so this module may read spellings (``127.1``, ``0x7f000001``, ``db:5432``)
that would be noise in the middle of a log line; :mod:`checks.text.prose`
reads those. String operations only: the command line comes through here, and
compiling patterns would cost it more than reading its argument.
"""

from __future__ import annotations

from checks import ports
from checks.address import host as hosts
from checks.address import ipv4
from checks.address.host import NAME, Host
from checks.text import authority
from checks.text.authority import DIGITS, all_digits, no_port
from checks.text.endpoint import Token, token_at
from checks.text.lookalikes import plausible
from checks.text.network import read_network
from checks.text.url import read_url, read_urls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.ports import Port
    from checks.text.endpoint import Endpoint, WordReading

MAX_TOKEN = 4096
"""Characters; a longer token is read as running text."""

_SLASHLESS = ("http:", "https:", "ws:", "wss:", "ftp:")
"""Starts of URLs that the WHATWG parser repairs: ``http:localhost``, ``http:/localhost``."""

_SENTENCE = ".?!:"
"""What may follow an endpoint because the sentence goes on or ends."""


def read(text: str, start: int = 0) -> WordReading | None:
    """Read a word that is the whole of what was pasted.

    Arguments:
        text: no white space inside, at most :data:`MAX_TOKEN` characters.
        start: the word's index in the input; spans are given in the input.

    Returns:
        the kind (``address``, ``network``, ``endpoint``, ``url``, ``port``,
        ``name``) and its endpoints, or None where the word is none of these.
    """
    token = token_at(_trim(text), start)
    plain = token.plain
    if all_digits(plain):
        return _read_number(token)
    if plain[:1] == ":" and all_digits(plain[1:]):
        return _read_port(token, plain[1:])
    if "://" in plain:
        return _as_url(read_urls(token))
    repaired = _with_slashes(plain)
    if repaired:
        return _as_url(tuple(filter(_is_sure, read_url(token._replace(plain=repaired)))))
    return _read_schemeless(token)


def _trim(token: str) -> str:
    """The token without the punctuation behind its port, or an unopened bracket.

    A dot behind a name or an address is left: ``localhost.`` is a spelling.
    """
    if token[-1:] == ")" and "(" not in token:
        token = token.rstrip(")")
    if token[-1:] not in _SENTENCE or token[-2:] == "::":
        return token
    shorter = token.rstrip(_SENTENCE)
    _, colon, port = shorter.rpartition(":")
    return shorter if colon and all_digits(port) and len(port) <= 6 else token


def _read_number(token: Token) -> WordReading:
    """Up to five digits are a port; more may be an IPv4 address in one number."""
    if 5 < len(token.plain) <= 16:
        host = hosts.read(token.plain)
        if host.version:
            return "address", (token.endpoint(host, None, "plain"),)
    return _read_port(token, token.plain)


def _read_port(token: Token, digits: str) -> WordReading:
    return "port", (token.endpoint(None, ports.parse(digits), "port"),)


def _as_url(endpoints: tuple[Endpoint, ...]) -> WordReading | None:
    return ("url", endpoints) if endpoints else None


def _with_slashes(plain: str) -> str:
    """``http:localhost`` with the slashes that a browser reads into it; else ""."""
    if not plain[:6].lower().startswith(_SLASHLESS):
        return ""
    scheme, _, rest = plain.partition(":")
    return "" if all_digits(rest.partition("/")[0]) else f"{scheme}://" + rest.lstrip("/\\")


def _is_sure(endpoint: Endpoint) -> bool:
    """Whether an endpoint's host is an address or a name that can be one."""
    host = endpoint.host
    return host is not None and (host.version != 0 or host.name is not None)


def _read_schemeless(token: Token) -> WordReading | None:
    before, slash, after = token.plain.partition("/")
    if slash and not before:
        return _read_java(token) or _read_reference(token)
    end = _query(before)
    if end < len(before):
        return _with_path(_read_authority(token, before[:end]))
    if not slash:
        return _read_authority(token, before)
    return (
        read_network(token, before, after)
        or _read_java(token)
        or _read_service(token, before, after)
        or _with_path(_read_authority(token, before))
    )


def _query(text: str) -> int:
    """Where a query or a fragment begins: ``localhost:3000?x=1``, ``localhost:3000#/route``.

    ``127.0.0.1#53`` is how dig and unbound write a port.
    """
    marks = [at for at in map(text.find, "?#") if at > 0]
    at = min(marks, default=len(text))
    rest = text[at + 1 :]
    return len(text) if not rest or all_digits(rest) else at


def _with_path(found: WordReading | None) -> WordReading | None:
    """An authority that a path or a query follows: an address or a name is a URL then."""
    if found is None:
        return None
    kind, endpoints = found
    if kind == "name" and not _may_have_path(endpoints[0].host):
        return None
    return ("url", endpoints) if kind in ("address", "name") else found


def _may_have_path(host: Host | None) -> bool:
    """``example.com/x`` has a host in it; ``nginx/1.25`` and ``user/repo`` have none."""
    return host is not None and ("." in host.text.rstrip(".") or host.loopback)


def _read_reference(token: Token) -> WordReading | None:
    """``//localhost:8080/x``: a URL that takes its scheme from the page, RFC 3986 §4.2."""
    plain = token.plain
    if plain[:2] != "//":
        return None
    end = min((at for at in (plain.find(c, 2) for c in "/?#") if at >= 0), default=len(plain))
    found = _with_path(_read_authority(token, plain[2:end].rpartition("@")[2]))
    return ("url", found[1]) if found else None


def _read_service(token: Token, before: str, after: str) -> WordReading | None:
    """``8080/tcp``, as services(5), nmap and Docker write a port."""
    if not all_digits(before) or len(before) > 6 or after.lower() not in ("tcp", "udp", "sctp"):
        return None
    return _read_port(token, before)


def _read_java(token: Token) -> WordReading | None:
    """``localhost/127.0.0.1:62893``: InetSocketAddress.toString(), name and address."""
    name, _, literal = token.plain.rpartition("/")
    host_text, port_text, _ = authority.split(literal)
    if "/" in name or not host_text or (port_text and no_port(port_text)):
        return None
    host = hosts.read(host_text)
    if not host.version or not host.readings.strict or not _is_of_literal(name, port_text):
        return None
    port = ports.parse(port_text) if port_text else None
    return _kind(host, port), (token.endpoint(host, port, "java"),)


def _is_of_literal(name: str, port: str | None) -> bool:
    """Whether the text before Java's slash is the name that was looked up."""
    if name and hosts.name_of(name) is None:
        return False
    return bool(port) or "." in name or name.lower() == "localhost"


def _kind(host: Host, port: Port | None) -> str:
    if port is not None:
        return "endpoint"
    return "name" if host.kind == NAME else "address"


def _read_authority(token: Token, text: str) -> WordReading | None:
    host_text, port_text, form = authority.split(text)
    if not host_text or (port_text and no_port(port_text)):
        return None
    host = _with_ipv4_zone(_without_brackets(host_text, port_text or ""))
    port = ports.parse(port_text) if port_text else None
    if not plausible(host, port):
        return None
    form = form if token.form == "plain" else token.form
    return _kind(host, port), (token.endpoint(host, port, form),)


def _without_brackets(host: str, port: str) -> str:
    """OpenSSH brackets every host that has a port: ``[127.0.0.1]:2222``."""
    bracketed = host[:1] == "[" and ":" not in host and all_digits(port)
    return host[1:-1] if bracketed else host


def _with_ipv4_zone(text: str) -> Host:
    """Read a host; an interface after an IPv4 address is how ss shows SO_BINDTODEVICE.

    A digit behind the percent sign begins an escape: ``127.0.0.1%20`` has a space.
    """
    address, percent, zone = text.partition("%")
    if percent and zone and zone[0] not in DIGITS and ipv4.parse(address) is not None:
        return hosts.read(address)._replace(zone=zone)
    return hosts.read(text)
