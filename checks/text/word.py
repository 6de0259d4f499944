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
from checks.text.endpoint import spanning
from checks.text.lookalikes import plausible
from checks.text.network import read_network
from checks.text.url import read_url, read_urls, refang

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.text.endpoint import Endpoint

MAX_TOKEN = 4096
"""Characters; a longer token is read as running text."""

_SLASHLESS = ("http:", "https:", "ws:", "wss:", "ftp:")
"""Starts of URLs that the WHATWG parser repairs: ``http:localhost``, ``http:/localhost``."""

_SENTENCE = ".?!:"
"""What may follow an endpoint because the sentence goes on or ends."""


def read(token: str, start: int = 0) -> tuple[str, tuple[Endpoint, ...]] | None:
    """Read a token that is the whole of what was pasted.

    Arguments:
        token: no white space inside, at most :data:`MAX_TOKEN` characters.
        start: the token's index in the input; spans are given in the input.

    Returns:
        the kind (``address``, ``network``, ``endpoint``, ``url``, ``port``,
        ``name``) and its endpoints, or None where the token is none of these.
    """
    token = _trim(token)
    plain = refang(token)
    form = "plain" if plain == token else "defanged"
    if all_digits(plain):
        return _read_number(token, plain, start)
    if plain[:1] == ":" and all_digits(plain[1:]):
        return "port", (spanning(token, start, None, ports.parse(plain[1:]), "port"),)
    if "://" in plain:
        endpoints = read_urls(token, plain, start, form)
        return ("url", endpoints) if endpoints else None
    if plain[:6].lower().startswith(_SLASHLESS):
        scheme, _, rest = plain.partition(":")
        if not all_digits(rest.partition("/")[0]):
            repaired = f"{scheme}://" + rest.lstrip("/\\")
            endpoints = tuple(e for e in read_url(token, repaired, start, form) if _is_sure(e))
            return ("url", endpoints) if endpoints else None
    return _read_schemeless(token, plain, start, form)


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


def _is_sure(endpoint: Endpoint) -> bool:
    """Whether an endpoint's host is an address or a name that can be one."""
    host = endpoint.host
    return host is not None and (host.version != 0 or host.name is not None)


def _read_number(token: str, digits: str, start: int) -> tuple[str, tuple[Endpoint, ...]]:
    """Up to five digits are a port; more may be an IPv4 address in one number."""
    if 5 < len(digits) <= 16:
        host = hosts.read(digits)
        if host.version:
            return "address", (spanning(token, start, host, None, "plain"),)
    return "port", (spanning(token, start, None, ports.parse(digits), "port"),)


def _read_schemeless(
    token: str, plain: str, start: int, form: str
) -> tuple[str, tuple[Endpoint, ...]] | None:
    before, slash, after = plain.partition("/")
    if slash and not before:
        return _read_java(token, plain, start) or _read_reference(token, plain, start, form)
    query = _query(before)
    if not slash and query == len(before):
        return _read_authority(token, before, start, form)
    found = query == len(before) and (
        read_network(token, before, after, start)
        or _read_java(token, plain, start)
        or _read_service(token, before, after, start)
    )
    if found:
        return found
    found = _read_authority(token, before[:query], start, form)
    if found is None or (found[0] == "name" and not _may_have_path(found[1][0].host)):
        return None
    return ("url", found[1]) if found[0] in ("address", "name") else found


def _query(text: str) -> int:
    """Where a query or a fragment begins: ``localhost:3000?x=1``, ``localhost:3000#/route``.

    ``127.0.0.1#53`` is how dig and unbound write a port.
    """
    marks = [at for at in map(text.find, "?#") if at > 0]
    at = min(marks, default=len(text))
    rest = text[at + 1 :]
    return len(text) if not rest or all_digits(rest) else at


def _read_reference(
    token: str, plain: str, start: int, form: str
) -> tuple[str, tuple[Endpoint, ...]] | None:
    """``//localhost:8080/x``: a URL that takes its scheme from the page, RFC 3986 §4.2."""
    if plain[:2] != "//":
        return None
    cut = min((i for i in (plain.find(c, 2) for c in "/?#") if i >= 0), default=len(plain))
    found = _read_authority(token, plain[2:cut].rpartition("@")[2], start, form)
    if found is None or (found[0] == "name" and not _may_have_path(found[1][0].host)):
        return None
    return "url", found[1]


def _may_have_path(host: Host | None) -> bool:
    """``example.com/x`` has a host in it; ``nginx/1.25`` and ``user/repo`` have none."""
    return host is not None and ("." in host.text.rstrip(".") or host.loopback)


def _read_service(
    token: str, before: str, after: str, start: int
) -> tuple[str, tuple[Endpoint, ...]] | None:
    """``8080/tcp``, as services(5), nmap and Docker write a port."""
    if not all_digits(before) or len(before) > 6 or after.lower() not in ("tcp", "udp", "sctp"):
        return None
    return "port", (spanning(token, start, None, ports.parse(before), "port"),)


def _read_java(token: str, plain: str, start: int) -> tuple[str, tuple[Endpoint, ...]] | None:
    """``localhost/127.0.0.1:62893``: InetSocketAddress.toString(), name and address."""
    name, _, literal = plain.rpartition("/")
    if "/" in name or not literal:
        return None
    host_text, port_text, _ = authority.split(literal)
    host = hosts.read(host_text)
    if not host.version or not host.readings.strict:
        return None
    if not port_text and "." not in name and name.lower() != "localhost":
        return None
    if (port_text and no_port(port_text)) or (name and hosts.name_of(name) is None):
        return None
    port = ports.parse(port_text) if port_text else None
    kind = "endpoint" if port else "address"
    return kind, (spanning(token, start, host, port, "java"),)


def _read_authority(
    token: str, text: str, start: int, form: str
) -> tuple[str, tuple[Endpoint, ...]] | None:
    host_text, port_text, split_form = authority.split(text)
    if not host_text or (port_text and no_port(port_text)):
        return None
    if host_text[:1] == "[" and ":" not in host_text and port_text and all_digits(port_text):
        host_text = host_text[1:-1]  # OpenSSH brackets every host that has a port
    host = _with_ipv4_zone(host_text)
    port = ports.parse(port_text) if port_text is not None and port_text != "" else None
    if not plausible(host, port):
        return None
    form = split_form if form == "plain" else form
    if port is not None:
        return "endpoint", (spanning(token, start, host, port, form),)
    kind = "name" if host.kind == NAME else "address"
    return kind, (spanning(token, start, host, None, form),)


def _with_ipv4_zone(text: str) -> Host:
    """Read a host; an interface after an IPv4 address is how ss shows SO_BINDTODEVICE.

    A digit behind the percent sign begins an escape: ``127.0.0.1%20`` has a space.
    """
    address, percent, zone = text.partition("%")
    if percent and zone and zone[0] not in DIGITS and ipv4.parse(address) is not None:
        return hosts.read(address)._replace(zone=zone)
    return hosts.read(text)
