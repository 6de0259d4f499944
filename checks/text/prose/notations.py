"""Endpoints that are written by a rule of their own: multiaddrs, dial strings, tuples, displays.

Each notation has a mark that running text seldom has (``/ip4/``, ``!``, ``display``), and
its pattern is tried only where the mark is in the text.
"""

from __future__ import annotations

import re

from checks import ports
from checks.address import blocks, ipv4, ipv6
from checks.address import host as hosts
from checks.address.host import Host
from checks.model.records import NamedTuple
from checks.ports import Port
from checks.text.authority import split
from checks.text.endpoint import endpoint_at
from checks.text.prose.candidate import Candidate
from checks.text.prose.literal_or_name import is_own_name
from checks.text.prose.names import NAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


_QUAD = r"(?:\d{1,3}\.){3}\d{1,3}"
_HOST = rf"{_QUAD}|\[[0-9A-Fa-f:.%]{{2,60}}\]|{NAME}"
_WORD_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
_NAME_CHARACTERS = _WORD_CHARACTERS + ".-"
_HEX = frozenset("0123456789ABCDEF")
_JOINTS = frozenset(":/@%.-\\")
_MULTICAST = 224
"""The first octet of IPv4 multicast: RFC 5771 §3."""
_X11 = 6000
"""The port of display 0; xorg's X(7), DISPLAY NAMES."""


def read(text: str) -> Iterator[Candidate]:
    """Yield the endpoints of the notations whose mark the text has."""
    for notation in _NOTATIONS:
        for mark in notation.marks:
            if mark in text:
                for match in notation.pattern.finditer(text):
                    yield from notation.read(text, match)
                break


def before(text: str, at: int, characters: str) -> tuple[str, int]:
    """What of these characters is right before a place, and where it begins."""
    window = text[max(0, at - 254) : at]
    found = window[len(window.rstrip(characters)) :]
    return found, at - len(found)


def _is_joined(text: str, first: int) -> bool:
    """Whether what begins here is a part of something longer."""
    return text[max(0, first - 1) : first] in _JOINTS


def host_of(written: str) -> Host | None:
    """A strict literal, ``*`` or a name that can be one; None for anything else."""
    host = hosts.read(written)
    if host.version:
        return host if host.readings.strict is not None else None
    return host if host.kind in (hosts.NAME, hosts.WILDCARD) else None


def _made(
    text: str, span: tuple[int, int], host: Host | None, port: Port | None, role: str | None = None
) -> Iterator[Candidate]:
    """The candidate at a place; none where the port is no number."""
    if port is not None and port.number is None:
        return
    form = "plain" if host is not None else "port"
    yield Candidate(endpoint_at(text, span, host, port, form)._replace(role=role))


def _pair(text: str, match: re.Match[str]) -> Iterator[Candidate]:
    """The groups ``host`` and ``port``, as they are written."""
    host = host_of(match["host"])
    if host is not None:
        yield from _made(text, match.span(), host, ports.parse(match["port"]))


def _escaped(text: str, match: re.Match[str]) -> Iterator[Candidate]:
    """gRPC's ``ipv6:%5B::1%5D:80``; its naming documentation, "IPv6 addresses"."""
    host = host_of(f"[{match['host']}]")
    if host is not None:
        yield from _made(text, match.span(), host, ports.parse(match["port"]))


def _port(text: str, match: re.Match[str]) -> Iterator[Candidate]:
    """The group ``port`` alone: a program listens there, or is asked on this machine."""
    yield from _made(text, match.span(), None, ports.parse(match["port"]))


def _two(text: str, match: re.Match[str]) -> Iterator[Candidate]:
    """Android's ``/a (port 1) from /b (port 2)``: the client's own end is the second."""
    for host, port, role in (("host", "port", "target"), ("own", "own_port", "local")):
        found = host_of(match[host]) if match[host] else None
        if found is not None:
            span = (
                match.start(host if match[host + "_name"] is None else host + "_name"),
                match.end(port) + 1,
            )
            yield from _made(text, span, found, ports.parse(match[port]), role)


def _embedded(text: str, match: re.Match[str]) -> Iterator[Candidate]:
    """haproxy's ``[:::80]``: an address that is bound, and its port, in the same brackets."""
    host_text, port, _ = split(match["inside"])
    host = host_of(host_text)
    if port and host is not None and ipv6.parse(match["inside"]) is None:
        yield from _made(text, match.span("inside"), host, ports.parse(port))


def _erlang(text: str, match: re.Match[str]) -> Iterator[Candidate]:
    """``{127,0,0,1}`` and ``{0,0,0,0,0,0,0,1}``, with a port behind; inet(3erl), ip_address()."""
    groups = [int(group) for group in match["address"].split(",")]
    port = ports.parse(match["port"]) if match["port"] else None
    if len(groups) == 4:
        value = ipv4.parse(".".join(map(str, groups)))
        host = None if value is None else Host(ipv4.format(value), hosts.IPV4, 4, value)
    else:
        host = _ipv6_of(groups)
    keyed = _IP_KEY.search(text, max(0, match.start() - 12), match.start())
    if host is None or not (port or keyed or host.loopback):
        return
    yield from _made(text, (match.start("braces"), match.end()), host, port)


def _ipv6_of(groups: list[int]) -> Host | None:
    value = 0
    for group in groups:
        if group > 0xFFFF:
            return None
        value = value << 16 | group
    return Host(ipv6.format(value), hosts.IPV6, 6, value)


def _kernel(text: str, match: re.Match[str]) -> Iterator[Candidate]:
    """``0100007F:1F91`` of /proc/net/tcp: proc(5). Each 32 bits of a little-endian machine."""
    digits, first = before(text, match.start(), _WORD_CHARACTERS)
    if len(digits) not in (8, 32) or not _HEX.issuperset(digits) or _is_joined(text, first):
        return
    words = [bytes.fromhex(digits[at : at + 8])[::-1] for at in range(0, len(digits), 8)]
    value = int.from_bytes(b"".join(words), "big")
    version, kind = (4, hosts.IPV4) if len(digits) == 8 else (6, hosts.IPV6)
    near = blocks.scope(version, value) in ("host", "link", "site")
    if value and (not near or (version == 4 and value >> 24 >= _MULTICAST)):
        return  # any eight digits are an address, so only those of this machine and its network
    written = ipv4.format(value) if version == 4 else ipv6.format(value)
    number = int(match["port"], 16)
    span = (first, match.end())
    yield from _made(text, span, Host(written, kind, version, value), Port(str(number), number))


def _display(text: str, match: re.Match[str]) -> Iterator[Candidate]:
    """``DISPLAY=h:10.0`` is TCP port 6010 of h; without a host it is no endpoint."""
    written, first = before(text, match.start(), _NAME_CHARACTERS)
    host = host_of(written) if written and not _is_joined(text, first) else None
    keyed = _DISPLAY_KEY.search(text, max(0, first - 14), first) is not None
    sure = "." in match.group() and (host is not None and (host.version or is_own_name(host)))
    if host is None or not (keyed or sure):
        return
    number = _X11 + int(match["display"])
    yield from _made(text, (first, match.end()), host, Port(str(number), number), "target")


def _snoop(text: str, match: re.Match[str]) -> Iterator[Candidate]:
    """``a -> b TCP D=80 S=61839``: Solaris' snoop(8) has the ports behind both hosts."""
    far, near = int(match["D"]), int(match["S"])
    roles = ("local", "target") if near >= far else ("listener", "peer")
    for group, number, role in (("src", near, roles[0]), ("dst", far, roles[1])):
        host = host_of(match[group])
        if host is not None:
            yield from _made(text, match.span(group), host, Port(str(number), number), role)


def _packet(text: str, match: re.Match[str]) -> Iterator[Candidate]:
    """``localhost.35023 > localhost.http-alt:`` of tcpdump(8): names, and services for ports."""
    for group in ("src", "dst"):
        host_text, _, written = match[group].rpartition(".")
        host = host_of(host_text)
        port = _port_or_service(written)
        if host is not None and port is not None:
            for one in _made(text, match.span(group), host, port):
                yield one._replace(endpoint=one.endpoint._replace(form="bsd"))


def _service(text: str, match: re.Match[str]) -> Iterator[Candidate]:
    """``127.0.0.1:postgresql``, ``*:commplex-main``: a service where a port is."""
    last = text[match.start() - 1 : match.start()]
    if last not in "*]t0123456789" or not last:
        return
    written, first = before(text, match.start(), _NAME_CHARACTERS + "*[]:")
    host = host_of(written) if not _is_joined(text, first) else None
    if host is None or (host.kind == hosts.NAME and not is_own_name(host)):
        return
    port = _port_or_service(match["port"])
    if port is not None:
        yield from _made(text, (first, match.end()), host, port)


def _port_or_service(written: str) -> Port | None:
    port = ports.parse(written) if written.isdigit() else ports.named(written, "tcp")
    return port if port is not None and port.number is not None else None


def _netcat(text: str, match: re.Match[str]) -> Iterator[Candidate]:
    """``localhost (127.0.0.1) 80 port [tcp/*]``, ``(UNKNOWN) [127.0.0.1] 80 (?) : ...``."""
    line = text[max(0, match.start() - 120) : match.start()]
    found = _NETCAT_HOST.search(line)
    if found is None:
        return
    host = host_of(found["host"] or found["alone"])
    first = match.start() - len(line) + found.start()
    if host is not None:
        span = (first, match.end("port"))
        yield from _made(text, span, host, ports.parse(match["port"]), "target")


def _sql_server(text: str, match: re.Match[str]) -> Iterator[Candidate]:
    r"""``.,1434``, ``(local):1434`` and ``h\INSTANCE:1434``: SqlConnection.ConnectionString."""
    yield from _made(text, match.span(), None, ports.parse(match["port"]), "target")


def _sql_instance(text: str, match: re.Match[str]) -> Iterator[Candidate]:
    written, first = before(text, match.start(), _NAME_CHARACTERS)
    host = host_of(written) if written and not _is_joined(text, first) else None
    if host is not None:
        span = (first, match.end())
        yield from _made(text, span, host, ports.parse(match["port"]), "target")


def _oracle(text: str, match: re.Match[str]) -> Iterator[Candidate]:
    """``thin:@h:1521:sid`` and ``user/pw@//h:1521/service``: the host and the port in it."""
    host = host_of(match["host"])
    known = (
        match.group()[:3] == "@//" or "thin:" in text[max(0, match.start() - 140) : match.start()]
    )
    if host is not None and known:
        span = (match.start("host"), match.end("port"))
        yield from _made(text, span, host, ports.parse(match["port"]), "target")


class Notation(NamedTuple):
    """One way to write an endpoint.

    Arguments:
        marks: the pattern is tried only where one of them is in the text.
        pattern: with bounded repeats.
        read: makes endpoints of a match.
    """

    marks: tuple[str, ...]
    pattern: re.Pattern[str]
    read: Callable[[str, re.Match[str]], Iterator[Candidate]]


_DISPLAY_KEY = re.compile(r"\bdisplay[\s:=\"'`]{1,4}\Z", re.ASCII | re.IGNORECASE)
_NETCAT_HOST = re.compile(
    rf"(?:(?<![\w.])(?:[A-Za-z0-9.-]{{1,63}}|\(UNKNOWN\)) [(\[]"
    rf"(?P<host>{_QUAD}|[0-9A-Fa-f:]{{2,39}})[)\]]"
    r"|(?<=to )(?P<alone>[A-Za-z0-9:.-]{2,80}))\Z",
    re.ASCII,
)
_IP_KEY = re.compile(r"\b(?:ip|addr|address)\s?[,:=]\s?\Z", re.ASCII)
_OCTETS = r"\d{1,3}(?:,\s?\d{1,3}){3}"
_GROUPS = r"\d{1,5}(?:,\s?\d{1,5}){7}"

_NOTATIONS = (
    # libp2p's multiaddr specification, protocols.csv
    Notation(
        ("/ip4/", "/ip6/", "/dns"),
        re.compile(
            r"(?<![\w/])/(?:ip4|ip6|dns|dns4|dns6|dnsaddr)/(?P<host>[0-9A-Za-z:._-]{1,253})"
            r"/(?:tcp|udp)/(?P<port>\d{1,5})(?!\d)",
            re.ASCII,
        ),
        _pair,
    ),
    # Plan 9's dial(2)
    Notation(
        ("!",),
        re.compile(
            rf"(?<![\w!])(?:tcp|udp|net|il|ssh|tls)!(?P<host>{_QUAD}|[0-9A-Fa-f:]{{2,39}}|{NAME})"
            r"!(?P<port>\d{1,5})(?![\w!])",
            re.ASCII,
        ),
        _pair,
    ),
    # bash(1), REDIRECTION
    Notation(
        ("/dev/tcp/", "/dev/udp/"),
        re.compile(
            rf"/dev/(?:tcp|udp)/(?P<host>{_QUAD}|[0-9A-Fa-f:]{{2,39}}|{NAME})"
            r"/(?P<port>\d{1,5})(?!\w)",
            re.ASCII,
        ),
        _pair,
    ),
    # gRPC, doc/naming.md
    Notation(
        ("%5B", "%5b"),
        re.compile(
            r"(?:\bipv6:)?%5[Bb](?P<host>[0-9A-Fa-f:.]{2,45})%5[Dd]:(?P<port>\d{1,5})(?!\w)",
            re.ASCII,
        ),
        _escaped,
    ),
    # adb's socket specifications, and Twisted's and Open vSwitch's
    Notation(
        ("tcp:", "udp:"),
        re.compile(r"(?<![\w.:/-])p?(?:tcp|udp)[46]?:(?P<port>\d{2,5})(?![\w.:/-])", re.ASCII),
        _port,
    ),
    # Android's libcore, and what libcore makes of an InetSocketAddress
    Notation(
        (" (port ",),
        re.compile(
            rf"(?:(?<![\w.])(?P<host_name>{NAME})?/)?(?<![\w.])"
            rf"(?P<host>{_HOST}|[0-9A-Fa-f:]{{2,39}}) \(port (?P<port>\d{{1,5}})\)"
            rf"(?: from (?:(?P<own_name>{NAME})?/)?(?P<own>{_HOST}|[0-9A-Fa-f:]{{2,39}})"
            r" \(port (?P<own_port>\d{1,5})\))?",
            re.ASCII,
        ),
        _two,
    ),
    Notation(
        ("[::",),
        re.compile(r"\[(?<![\w\]]\[)(?P<inside>:[0-9A-Fa-f:.]{1,45}:\d{1,5})\](?!:)", re.ASCII),
        _embedded,
    ),
    # OpenVPN's print_sockaddr()
    Notation(
        ("[undef]:",), re.compile(r"\[undef\]:(?P<port>\d{1,5})(?!\w)", re.ASCII), _port
    ),
    Notation(
        ("{",),
        re.compile(
            rf"(?P<braces>\{{(?P<address>{_OCTETS}|{_GROUPS})\}})"
            r"(?:\}?,\s?(?:\{?:?port[,:]\s?)?(?P<port>\d{1,5})(?![\w.]))?",
            re.ASCII,
        ),
        _erlang,
    ),
    Notation(
        (":",), re.compile(r":(?P<port>[0-9A-F]{4})(?![\w:.-])", re.ASCII), _kernel
    ),
    # X(7), DISPLAY NAMES
    Notation(
        (":",), re.compile(r":(?P<display>\d{1,3})\.\d(?![\w:.])", re.ASCII), _display
    ),
    Notation(
        ("isplay", "DISPLAY"),
        re.compile(r":(?P<display>\d{1,3})(?![\w:.])", re.ASCII),
        _display,
    ),
    Notation(
        (" D=",),
        re.compile(
            rf"(?<!\S)(?P<src>{_HOST}) {{1,8}}-> {{1,8}}(?P<dst>{_HOST}) {{1,8}}(?:TCP|UDP|SCTP)"
            r" {1,8}D=(?P<D>\d{1,5}) {1,8}S=(?P<S>\d{1,5})(?!\w)",
            re.ASCII,
        ),
        _snoop,
    ),
    Notation(
        (" > ",),
        re.compile(
            r"(?<!\S)(?P<src>[A-Za-z0-9][\w.:-]{0,253}\.[\w-]{1,32}) > "
            r"(?P<dst>[A-Za-z0-9][\w.:-]{0,253}\.[\w-]{1,32}):(?=\s)",
            re.ASCII,
        ),
        _packet,
    ),
    Notation(
        (":",),
        re.compile(r":(?P<port>[a-z][a-z0-9-]{1,14})(?![\w:./=-])", re.ASCII),
        _service,
    ),
    # OpenBSD's nc(1) and the netcat of Hobbit
    Notation(
        (" port [", "[tcp", "(tcp", " (?)", " open", ") : "),
        re.compile(r" (?P<port>\d{1,5})(?= port \[| \([\w?-]{1,24}\)|\s{1,8}open\b)", re.ASCII),
        _netcat,
    ),
    Notation(
        (".:", ".,", "(local)"),
        re.compile(r"(?:\.(?<=[\s\"'=(]\.)|\(local\))[:,](?P<port>\d{2,5})(?![\w.])", re.ASCII),
        _sql_server,
    ),
    Notation(
        ("\\",),
        re.compile(r"\\(?P<instance>[A-Za-z][\w$]{0,15})[:,](?P<port>\d{2,5})(?![\w.])", re.ASCII),
        _sql_instance,
    ),
    # Oracle's JDBC driver and SQL*Plus: thin:@h:1521:sid, user/pw@//h:1521/service
    Notation(
        ("@//", "thin:"),
        re.compile(
            rf"@(?://)?(?P<host>{_HOST}):(?P<port>\d{{1,5}})"
            r"(?=[:/\s\"')]|$)",
            re.ASCII,
        ),
        _oracle,
    ),
    # RFC 8839 §5.1, candidate attributes of SDP
    Notation(
        (" typ ",),
        re.compile(
            rf"(?<!\S)(?P<host>{_QUAD}|[0-9A-Fa-f:]{{2,39}}|{NAME}) (?P<port>\d{{1,5}})"
            r"(?= typ (?:host|srflx|prflx|relay)\b)",
            re.ASCII,
        ),
        _pair,
    ),
)  # fmt: skip
