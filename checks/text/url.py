"""URLs: their endpoints, one or several, and the defanged ones of threat reports."""

from __future__ import annotations

from checks import ports
from checks.address import host as hosts
from checks.address.host import INVALID, Host
from checks.ports import Port
from checks.text.authority import no_port, split
from checks.text.endpoint import Endpoint

_SPECIAL_SCHEMES = frozenset(("http", "https", "ws", "wss", "ftp", "file"))
_AUTHORITY_END = "/?#;"


def refang(token: str) -> str:
    """Undo the defanging of threat reports: ``hxxp://127[.]0[.]0[.]1`` and its kin."""
    if "[" not in token and "(" not in token and token[:2].lower() != "hx":
        return token
    for fanged, plain in (
        ("[.]", "."),
        ("(.)", "."),
        ("[dot]", "."),
        ("(dot)", "."),
        ("[:]", ":"),
        ("[://]", "://"),
        ("[/]", "/"),
    ):
        token = token.replace(fanged, plain)
    return "http" + token[4:] if token[:4].lower() == "hxxp" else token


def read_urls(token: str, plain: str, start: int, form: str = "url") -> tuple[Endpoint, ...]:
    """The endpoints of one URL, or of several that commas separate.

    Arguments and result: as for :func:`read_url`. Kafka's listeners and lists
    of origins are written so. A comma behind ``?`` or ``#`` belongs to the URL,
    and so does one that no new scheme follows.
    """
    if plain.count("://") < 2 or "," not in plain or "?" in plain or "#" in plain:
        return read_url(token, plain, start, form)
    found: list[Endpoint] = []
    at = start
    for piece, plain_piece in zip(
        _url_pieces(token, plain), _url_pieces(plain, plain), strict=True
    ):
        endpoints = read_url(piece, plain_piece, at, form)
        if not endpoints:
            return ()
        found += endpoints
        at += len(piece) + 1
    return tuple(found)


def _url_pieces(text: str, plain: str) -> list[str]:
    """The text cut at the commas that have a scheme behind them in the plain text."""
    pieces: list[str] = []
    for part, plain_part in zip(text.split(","), plain.split(","), strict=True):
        if pieces and "://" not in plain_part:
            pieces[-1] += "," + part
        else:
            pieces.append(part)
    return pieces


def read_url(token: str, plain: str, start: int, form: str = "url") -> tuple[Endpoint, ...]:
    """The endpoints of a URL: one, or several where hosts are listed with commas.

    Arguments:
        token: the URL as written.
        plain: the same, refanged; read in place of the token.
        start: index of the token in the input.
        form: recorded on the endpoints; ``plain`` becomes ``url``.

    Source of the split: WHATWG URL, "basic URL parser" (for the schemes it
    calls special a backslash is a slash, and the last ``@`` ends the user
    information); RFC 3986 §3.2 for the others.
    """
    scheme, _, rest = plain.partition("://")
    scheme = _scheme(scheme)
    if not scheme:
        return ()
    ends = _AUTHORITY_END + "\\" if scheme in _SPECIAL_SCHEMES else _AUTHORITY_END
    if scheme in _SPECIAL_SCHEMES:
        rest = rest.lstrip("/\\") if scheme != "file" else rest
    cut = min((i for i in map(rest.find, ends) if i >= 0), default=len(rest))
    authority = rest[:cut].rpartition("@")[2]
    if not authority:
        return ()
    form = "url" if form == "plain" else form
    parts = _listed_hosts(authority, scheme)
    if any(part.endswith(":*") for part in parts):
        return ()
    if len(parts) == 1:
        return (_url_endpoint(scheme, parts[0], form, token, start),)
    return _in_places(
        token, start, [(part, _url_endpoint(scheme, part, form, token, start)) for part in parts],
        len(plain) - len(rest) + cut - len(authority) if plain == token else 0,
    )  # fmt: skip


def _in_places(
    token: str, start: int, listed: list[tuple[str, Endpoint]], at: int
) -> tuple[Endpoint, ...]:
    """Each endpoint of a list with its own text and span, as far as they are found from *at* on."""
    placed = []
    for part, endpoint in listed:
        found = token.find(part, at)
        if found >= 0:
            at = found + len(part)
            endpoint = endpoint._replace(text=part, span=(start + found, start + at))
        placed.append(endpoint)
    return tuple(placed)


def _listed_hosts(authority: str, scheme: str) -> list[str]:
    """MongoDB, PostgreSQL, Kafka and others list several hosts in one URL."""
    if scheme in _SPECIAL_SCHEMES or "," not in authority:
        return [authority]
    return [part for part in authority.split(",")[:64] if part] or [authority]


def _url_endpoint(scheme: str, authority: str, form: str, token: str, start: int) -> Endpoint:
    host_text, port_text, _ = split(authority, url=True)
    if ":" in host_text and host_text[:1] != "[":  # RFC 3986 §3.2.2: IPv6 needs brackets
        host_text, port_text = authority, None
        host = Host(authority, INVALID, 0, -1)
    elif "%25" in host_text and host_text[:1] == "[":  # RFC 6874 §2: a zone as Go and curl take it
        host = hosts.read(host_text.replace("%25", "%", 1))._replace(text=host_text)
    else:
        host = hosts.read(host_text)
    if port_text and no_port(port_text):  # of a range, the first
        first = port_text[: len(port_text) - len(port_text.lstrip("0123456789"))]
        port_text = first or port_text
    if port_text or host.kind == INVALID:
        port: Port | None = ports.parse(port_text) if port_text else None
    else:
        default = ports.SCHEMES.get(scheme)
        port = Port(str(default), default, True) if default is not None else None
    return Endpoint(token, (start, start + len(token)), scheme, host, port, form)


def _scheme(text: str) -> str:
    """The scheme before ``://``, in lower case; of ``jdbc:mysql`` the last part."""
    scheme = text.rpartition(":")[2].lower()
    if not scheme[:1].isalpha() or not scheme.isascii() or len(scheme) > 32:
        return ""
    return scheme if all(c.isalnum() or c in "+-." for c in scheme) else ""
