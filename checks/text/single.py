"""One token that stands for itself: an address, an endpoint, a URL, a port.

When the whole paste is a single word, its position says what it is meant to
be, so this module may read spellings (``127.1``, ``0x7f000001``, ``db:5432``)
that would be noise in the middle of a log line; :mod:`checks.text.scan`
reads those. String operations only: the command line comes through here, and
compiling patterns would cost it more than reading its argument.

No library splits what tools really print: ``urllib.parse`` wants a scheme,
and none of them knows netstat's, ss's, Java's or Node's forms.
"""

from __future__ import annotations

from checks import ports
from checks.address import host as hosts
from checks.address import ipv4, ipv6
from checks.address.host import INVALID, NAME, WILDCARD, Host
from checks.address.scripts import has_letter
from checks.ports import Port
from checks.text.endpoint import Endpoint

MAX_TOKEN = 4096
"""Characters; a longer token is read as running text."""

DIGITS = frozenset("0123456789")
HEX = frozenset("0123456789abcdefABCDEF")
_ADDRESS_LIKE = HEX | frozenset("xX.:%")
_SPECIAL_SCHEMES = frozenset(("http", "https", "ws", "wss", "ftp", "file"))
_SLASHLESS = ("http:", "https:", "ws:", "wss:", "ftp:")
"""Starts of URLs that the WHATWG parser repairs: ``http:localhost``, ``http:/localhost``."""
_AUTHORITY_END = "/?#;"

SOURCE_FILE_ENDINGS = frozenset(
    "astro bat bz2 c cc cfg clj conf cpp cs csproj css cxx dart deb dll erl ex exe exs go gradle gz"
    " h hpp hs html ini jar java jl js json jsx kt less lock log lua m md mdx mjs mod nix php pl"
    " proto ps1 py pyc rb rpm rs rst scala scss sh sql svelte swift tf tgz toml ts tsx txt vue whl"
    " xml xz yaml yml zig".split()
)
"""Endings by which ``main.py:42`` is a place in a file, not a host and a port."""

NOT_HOSTS = frozenset(
    "code col column count dockerfile error exit fixme id level line makefile note page pid rc row"
    " size status step todo version".split()
)
"""Words before a colon and a number that are never a host: ``line:42``."""

_LINUX_INTERFACES = (
    "br",
    "bond",
    "docker",
    "eno",
    "enp",
    "ens",
    "enx",
    "eth",
    "veth",
    "vlan",
    "wl",
    "ww",
)
"""Prefixes of Linux interface names, where ``.100`` after the name is a VLAN.

``en`` alone is macOS (``en0``), where netstat puts a port behind the dot.
"""

_NOT_IN_BAD_NAMES = frozenset("=,;\"'{}\\")
"""Characters of settings and code; with one of them a token is no mistyped name."""

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
    if _all_digits(plain):
        return _read_number(token, plain, start)
    if plain[:1] == ":" and _all_digits(plain[1:]):
        return "port", (_endpoint(token, start, None, ports.parse(plain[1:]), "port"),)
    if "://" in plain:
        endpoints = read_urls(token, plain, start, form)
        return ("url", endpoints) if endpoints else None
    if plain[:6].lower().startswith(_SLASHLESS):
        scheme, _, rest = plain.partition(":")
        if not _all_digits(rest.partition("/")[0]):
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
    return shorter if colon and _all_digits(port) and len(port) <= 6 else token


def _is_sure(endpoint: Endpoint) -> bool:
    """Whether an endpoint's host is an address or a name that can be one."""
    host = endpoint.host
    return host is not None and (host.version != 0 or host.name is not None)


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


def _read_number(token: str, digits: str, start: int) -> tuple[str, tuple[Endpoint, ...]]:
    """Up to five digits are a port; more may be an IPv4 address in one number."""
    if 5 < len(digits) <= 16:
        host = hosts.read(digits)
        if host.version:
            return "address", (_endpoint(token, start, host, None, "plain"),)
    return "port", (_endpoint(token, start, None, ports.parse(digits), "port"),)


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
    if port_text and _no_port(port_text):  # of a range, the first
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
        _read_network(token, before, after, start)
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
    return len(text) if not rest or _all_digits(rest) else at


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
    if not _all_digits(before) or len(before) > 6 or after.lower() not in ("tcp", "udp", "sctp"):
        return None
    return "port", (_endpoint(token, start, None, ports.parse(before), "port"),)


def _read_network(
    token: str, before: str, after: str, start: int
) -> tuple[str, tuple[Endpoint, ...]] | None:
    """CIDR notation, RFC 4632 §3.1 and RFC 4291 §2.3, or an address and its mask."""
    if not _all_digits(after) or len(after) > 3:
        return _read_masked(token, before, after, start)
    length = int(after)
    if len(before) <= 11 and before.count(".") < 3 and _plain_parts(before):
        padded = _padded(before, length)
        if padded is None:
            return None
        return "network", (_endpoint(token, start, padded, None, "cidr"),)
    host = hosts.read(before)
    if not host.version:
        return None
    if length > (32 if host.version == 4 else 128):
        host = Host(token, INVALID, 0, -1)
    else:
        host = host._replace(prefix_length=length)
    return "network", (_endpoint(token, start, host, None, "cidr"),)


def _read_masked(
    token: str, before: str, after: str, start: int
) -> tuple[str, tuple[Endpoint, ...]] | None:
    """``127.0.0.1/255.0.0.0``."""
    value, length = ipv4.parse(before), mask_length(after)
    if value is None or length is None:
        return None
    host = Host(before, hosts.IPV4, 4, value, None, length)
    return "network", (_endpoint(token, start, host, None, "cidr"),)


def mask_length(text: str) -> int | None:
    """The prefix length of a mask in dotted decimal; None where its ones are not contiguous.

    Source: RFC 4632 §5.1 (masks are contiguous); RFC 950 for the notation.
    """
    mask = ipv4.parse(text)
    if mask is None:
        return None
    inverse = mask ^ 0xFFFFFFFF
    return None if inverse & (inverse + 1) else 32 - inverse.bit_length()


_WHOLE_OCTET = 8
_SHORT_NETWORKS = ("0/0", "10/8", "127/8", "224/4", "240/4")


def _plain_parts(text: str) -> bool:
    parts = text.split(".")
    return all(_all_digits(part) and (part == "0" or part[0] != "0") for part in parts)


def _padded(text: str, length: int) -> Host | None:
    """A network with its last zeros left out, as RFC 1918 §3 writes 172.16/12.

    ``1/2`` and ``23/11`` are no networks: the parts must hold all bits of the
    prefix and no others, and one part alone must be a known network or a /8.
    The host's text is the whole address, since ``10`` alone would mean 0.0.0.10.
    """
    count = text.count(".") + 1
    value = ipv4.parse(text + ".0" * (4 - count))
    if value is None or length > 8 * count:
        return None
    known = f"{text}/{length}" in _SHORT_NETWORKS or length == _WHOLE_OCTET
    if value & (0xFFFFFFFF >> length) and value >> 24 != 127:
        return None
    if count == 1 and not known:
        return None
    return Host(ipv4.format(value), hosts.IPV4, 4, value, None, length)


def _read_java(token: str, plain: str, start: int) -> tuple[str, tuple[Endpoint, ...]] | None:
    """``localhost/127.0.0.1:62893``: InetSocketAddress.toString(), name and address."""
    name, _, literal = plain.rpartition("/")
    if "/" in name or not literal:
        return None
    host_text, port_text, _ = split(literal)
    host = hosts.read(host_text)
    if not host.version or not host.readings.strict:
        return None
    if not port_text and "." not in name and name.lower() != "localhost":
        return None
    if (port_text and _no_port(port_text)) or (name and hosts.Host(name, NAME, 0, -1).name is None):
        return None
    port = ports.parse(port_text) if port_text else None
    kind = "endpoint" if port else "address"
    return kind, (_endpoint(token, start, host, port, "java"),)


def _read_authority(
    token: str, text: str, start: int, form: str
) -> tuple[str, tuple[Endpoint, ...]] | None:
    host_text, port_text, split_form = split(text)
    if not host_text or (port_text and _no_port(port_text)):
        return None
    if host_text[:1] == "[" and ":" not in host_text and port_text and _all_digits(port_text):
        host_text = host_text[1:-1]  # OpenSSH brackets every host that has a port
    host = _with_ipv4_zone(host_text)
    port = ports.parse(port_text) if port_text is not None and port_text != "" else None
    if not plausible(host, port):
        return None
    form = split_form if form == "plain" else form
    if port is not None:
        return "endpoint", (_endpoint(token, start, host, port, form),)
    kind = "name" if host.kind == NAME else "address"
    return kind, (_endpoint(token, start, host, None, form),)


def _with_ipv4_zone(text: str) -> Host:
    """Read a host; an interface after an IPv4 address is how ss shows SO_BINDTODEVICE.

    A digit behind the percent sign begins an escape: ``127.0.0.1%20`` has a space.
    """
    address, percent, zone = text.partition("%")
    if percent and zone and zone[0] not in DIGITS and ipv4.parse(address) is not None:
        return hosts.read(address)._replace(zone=zone)
    return hosts.read(text)


def _no_port(text: str) -> bool:
    """What stands where a port would and is no attempt at one: ``*``, ``8000-8010``, ``80->80``."""
    return "-" in text[1:] or any(c in "*<>()=,;|\"'\x1b" for c in text)


def plausible(host: Host, port: Port | None) -> bool:
    """Whether a token really is meant as this host and port, not as something else.

    Versions, clock times, file positions, dates and words with a colon come
    through here and must not become endpoints.
    """
    text = host.text
    if host.kind == WILDCARD:
        return port is not None and port.number is not None
    if host.kind == INVALID:
        return _address_attempt(text)
    if host.kind == NAME:
        return _plausible_name(text, port)
    if host.version == 6:
        return not (text.count(":") == 7 and _is_mac(text.replace(":", "-")))  # EUI-64
    if host.version == 4 and _all_digits(text):
        return len(text) > 5
    if host.version == 4 and port is None:
        parts = text.split(".")
        decimal = all(_all_digits(part) and (part == "0" or part[0] != "0") for part in parts)
        return len(parts) >= 4 or not decimal or parts[0] == "127"
    return True


def _plausible_name(text: str, port: Port | None) -> bool:
    if not has_letter(text) or _is_version(text) or _is_mac(text):
        return False
    if port is not None and text.lower() in NOT_HOSTS:
        return False
    if port is not None and port.number is None and not _all_digits(port.text):
        return text.lower().rstrip(".") == "localhost"
    stem, dot, ending = text.rpartition(".")
    if dot and stem and ending.lower() in SOURCE_FILE_ENDINGS:
        return False
    return _can_be_name(text) or (
        # a dot and a port say that it is meant as a host, however bad the name is
        port is not None and "." in text and _NOT_IN_BAD_NAMES.isdisjoint(text)
    )


def _can_be_name(text: str) -> bool:
    """A name, or a spelling that browsers turn into one; ``PORT=3000`` is neither."""
    from checks.address import names, whatwg  # noqa: PLC0415 - off the hot path

    if names.lookup(text) is not None:
        return True
    url = whatwg.parse_host(text)
    return url is not None and names.lookup(url.text) is not None


def _is_version(text: str) -> bool:
    """``1.2.3-rc1``; a name that carries an address (10.0.0.1.nip.io) goes on after it."""
    labels = text.split(".")
    if len(labels) > 2 and _all_digits(labels[0]) and _all_digits(labels[1]):
        patch, hyphen, _ = labels[2].partition("-")  # kernels: 4.18.0-477.10.1.el8.x86_64
        if hyphen and _all_digits(patch):
            return True
    digits = sum(map(_all_digits, labels))
    return 2 <= digits == len(labels) - 1 and len(labels) <= 4


def _is_mac(text: str) -> bool:
    """IEEE 802's own notation has hyphens: 00-1A-2B-3C-4D-5E; Cisco's has dots: 001a.2b3c.4d5e."""
    quads = text.split(".")
    if len(quads) == 3 and all(len(quad) == 4 and HEX.issuperset(quad) for quad in quads):
        return True
    pairs = text.split("-")
    return len(pairs) in (6, 8) and all(len(pair) == 2 and HEX.issuperset(pair) for pair in pairs)


def _address_attempt(text: str) -> bool:
    """An address that went wrong (``256.1.1.1``, ``[::1``), rather than another thing."""
    if text[:1] == "[":
        return ":" in text
    if not text or any(c not in _ADDRESS_LIKE for c in text):
        return False
    if ":" in text:
        return "::" in text and any(c in HEX for c in text)
    parts = text.split(".")
    return len(parts) == 4 and all(parts) and any(c in DIGITS for c in text)


def split(text: str, *, url: bool = False) -> tuple[str, str | None, str]:
    """Split an authority into host, port and the form it is written in.

    Arguments:
        text: ``127.0.0.1:62893``, ``[::1]:80``, ``::1:5432``, ``127.0.0.1.62893``, ...
        url: read as RFC 3986 §3.2 does: only a colon separates the port.

    Returns:
        host text, port text (None where there is none), form.
    """
    if text[:1] == "[":
        return _split_brackets(text)
    colons = text.count(":")
    if colons == 0:
        return (text, None, "plain") if url else _split_dots(text)
    if colons == 1 or url:
        host, _, port = text.rpartition(":")
        return host, port, "plain"
    return _split_bare_ipv6(text)


def _split_brackets(text: str) -> tuple[str, str | None, str]:
    close = text.find("]")
    if close < 0:
        return text, None, "plain"
    host, rest = text[: close + 1], text[close + 1 :]
    if rest[:1] == "%":  # ss prints the zone outside: [fe80::1]%eth0:68
        zone, _, port = rest.partition(":")
        return f"{host[:-1]}{zone}]", port or None, "plain"
    if rest[:1] == ":":
        return host, rest[1:], "plain"
    return (host, None, "plain") if not rest else (text, None, "plain")


def _split_dots(text: str) -> tuple[str, str | None, str]:
    """BSD netstat puts a dot before the port: 127.0.0.1.62893 and *.62893."""
    host, _, port = text.rpartition(".")
    if _all_digits(port) and len(port) <= 5 and (host == "*" or ipv4.parse(host) is not None):
        return host, port, "bsd"
    return text, None, "plain"


def _split_bare_ipv6(text: str) -> tuple[str, str | None, str]:
    """IPv6 and port without brackets, as Node, netstat and others print them."""
    if "%" in text:
        return _split_zoned_ipv6(text)
    head, _, tail = text.rpartition(":")
    if _port_like(tail):
        # ":::3000" is :: and a port. RFC 5952 §6 calls "::1:5432" ambiguous: it
        # is an address too; a decimal tail after ::1 is how Node prints the port.
        meant = head == "::1" or "." in head or ipv6.parse(text) is None
        if meant and ipv6.parse(head) is not None:
            return head, tail, "node"
    head, _, tail = text.rpartition(".")
    if _port_like(tail) and ipv6.parse(text) is None and ipv6.parse(head) is not None:
        return head, tail, "bsd"
    return text, None, "plain"


def bracketed(endpoint: Endpoint) -> str:
    """How the IPv6 address of a URL is written that lacks its brackets: "" where it lacks none.

    Arguments:
        endpoint: of ``http://::1:3000/``, say. The last group may be a port, or belong to the
            address; then both are given, with "or" between them.

    Source: RFC 3986 §3.2.2; RFC 5952 §6 for why one cannot tell.
    """
    text = endpoint.host.text if endpoint.scheme and endpoint.host else ""
    if text[:1] == "[" or ":" not in text:
        return ""
    head, _, tail = text.rpartition(":")
    whole, part = (ipv6.parse(each.partition("%")[0]) is not None for each in (text, head))
    ported = [f"[{head}]:{tail}"] if part and _port_like(tail) else []
    return " or ".join([*ported, f"[{text}]"] if whole else ported)


def _split_zoned_ipv6(text: str) -> tuple[str, str | None, str]:
    address, _, rest = text.partition("%")
    zone, colon, port = rest.rpartition(":")
    if colon and _port_like(port):
        return f"{address}%{zone}", port, "plain"
    zone, dot, port = rest.rpartition(".")
    if dot and _port_like(port) and not zone.startswith(_LINUX_INTERFACES):
        return f"{address}%{zone}", port, "bsd"
    return text, None, "plain"


def _port_like(text: str) -> bool:
    return _all_digits(text) and len(text) <= 5 and (text[0] != "0" or text == "0")


def _all_digits(text: str) -> bool:
    """ASCII digits only: str.isdigit() would let other scripts' digits through."""
    return text.isascii() and text.isdigit()


def _endpoint(token: str, start: int, host: Host | None, port: Port | None, form: str) -> Endpoint:
    return Endpoint(token, (start, start + len(token)), None, host, port, form)
