"""URLs: the endpoint of one, or the several that one text lists with commas.

``urllib.parse`` takes what no browser takes, and knows neither lists of hosts nor
IPv6 addresses without brackets.
"""

from __future__ import annotations

from checks import ports
from checks.address import host as hosts
from checks.address.host import INVALID, Host
from checks.ports import Port
from checks.text.authority import no_port, split

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.text.endpoint import Endpoint, Token

MAX_LISTED = 64
"""So many hosts of one URL are read."""

_SPECIAL_SCHEMES = frozenset(("http", "https", "ws", "wss", "ftp", "file"))
_AUTHORITY_END = "/?#;"


def read_urls(token: Token) -> tuple[Endpoint, ...]:
    """The endpoints of one URL, or of several that commas separate.

    Kafka's listeners and lists of origins are written so. A comma behind ``?``
    or ``#`` belongs to the URL, and so does one that no new scheme follows.
    """
    plain = token.plain
    if plain.count("://") < 2 or "," not in plain or "?" in plain or "#" in plain:
        return read_url(token)
    found: list[Endpoint] = []
    start = token.start
    pieces = zip(_pieces(token.text, plain), _pieces(plain, plain), strict=True)
    for text, plain_text in pieces:
        endpoints = read_url(token._replace(text=text, start=start, plain=plain_text))
        if not endpoints:
            return ()
        found += endpoints
        start += len(text) + 1
    return tuple(found)


def _pieces(text: str, plain: str) -> list[str]:
    """The text cut at the commas that have a scheme behind them in the plain text."""
    pieces: list[str] = []
    for part, plain_part in zip(text.split(","), plain.split(","), strict=True):
        if pieces and "://" not in plain_part:
            pieces[-1] += "," + part
        else:
            pieces.append(part)
    return pieces


def read_url(token: Token) -> tuple[Endpoint, ...]:
    """The endpoints of a URL: one, or several where hosts are listed with commas.

    Their form is ``url``, or ``defanged`` where the token is. None are found
    where the text has no scheme, no authority, or a pattern for its port (``:*``).
    """
    before, _, rest = token.plain.partition("://")
    scheme = _scheme(before)
    if not scheme:
        return ()
    first, authority = _authority(rest, scheme)
    parts = _listed_hosts(authority, scheme)
    if not authority or any(part.endswith(":*") for part in parts):
        return ()
    found = [(part, _endpoint(token, scheme, part)) for part in parts]
    if len(found) == 1:
        return (found[0][1],)
    first += len(before) + len("://")
    return _in_places(token, found, first if token.plain == token.text else 0)


def _scheme(text: str) -> str:
    """The scheme before ``://``, in lower case; of ``jdbc:mysql`` the last part."""
    scheme = text.rpartition(":")[2].lower()
    if not scheme[:1].isalpha() or not scheme.isascii() or len(scheme) > 32:
        return ""
    return scheme if all(c.isalnum() or c in "+-." for c in scheme) else ""


def _authority(rest: str, scheme: str) -> tuple[int, str]:
    """Where the authority begins in what follows ``://``, and the authority, without a user.

    Source: WHATWG URL, "basic URL parser" (for the schemes it calls special a
    backslash is a slash, and the last ``@`` ends the user information); RFC 3986
    §3.2 for the others.
    """
    ends = _AUTHORITY_END + "\\" if scheme in _SPECIAL_SCHEMES else _AUTHORITY_END
    start = 0
    if scheme in _SPECIAL_SCHEMES and scheme != "file":
        start = len(rest) - len(rest.lstrip("/\\"))
    end = min((at for at in (rest.find(c, start) for c in ends) if at >= 0), default=len(rest))
    authority = rest[start:end].rpartition("@")[2]
    return end - len(authority), authority


def _in_places(token: Token, listed: list[tuple[str, Endpoint]], at: int) -> tuple[Endpoint, ...]:
    """Each endpoint of a list with its own text and span, as far as they are found from *at* on."""
    placed = []
    for part, endpoint in listed:
        found = token.text.find(part, at)
        if found >= 0:
            at = found + len(part)
            span = (token.start + found, token.start + at)
            endpoint = endpoint._replace(text=part, span=span)
        placed.append(endpoint)
    return tuple(placed)


def _listed_hosts(authority: str, scheme: str) -> list[str]:
    """MongoDB, PostgreSQL, Kafka and others list several hosts in one URL."""
    if scheme in _SPECIAL_SCHEMES or "," not in authority:
        return [authority]
    return [part for part in authority.split(",")[:MAX_LISTED] if part] or [authority]


def _endpoint(token: Token, scheme: str, authority: str) -> Endpoint:
    host, port_text = _host(authority)
    if port_text:
        port: Port | None = ports.parse(_first_of_range(port_text))
    else:
        port = _default_port(scheme) if host.kind != INVALID else None
    form = "url" if token.form == "plain" else token.form
    if host.text == "+" and scheme in ("http", "https"):  # HTTP.sys: every name of the machine
        return token.endpoint(None, port, form, scheme)._replace(role="listener")
    return token.endpoint(host, port, form, scheme)


def _host(authority: str) -> tuple[Host, str | None]:
    """The host of an authority, and the text of its port."""
    text, port, _ = split(authority, url=True)
    if ":" in text and text[:1] != "[":  # RFC 3986 §3.2.2: IPv6 needs brackets
        return Host(authority, INVALID, 0, -1), None
    if "%25" in text and text[:1] == "[":  # RFC 6874 §2: a zone as Go and curl take it
        return hosts.read(text.replace("%25", "%", 1))._replace(text=text), port
    return hosts.read(text), port


def _first_of_range(port: str) -> str:
    """The first of ``8000-8010``; anything else as it is."""
    if not no_port(port):
        return port
    return port[: len(port) - len(port.lstrip("0123456789"))] or port


def _default_port(scheme: str) -> Port | None:
    default = ports.SCHEMES.get(scheme)
    return None if default is None else Port(str(default), default, implied=True)
