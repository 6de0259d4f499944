"""Host and port in one text, and where the one ends and the other begins.

No library splits what tools really print: ``urllib.parse`` wants a scheme,
and none of them knows netstat's, ss's, Java's or Node's forms.
"""

from __future__ import annotations

from checks.address import ipv4, ipv6

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.text.endpoint import Endpoint

DIGITS = frozenset("0123456789")
HEX = frozenset("0123456789abcdefABCDEF")

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
    if all_digits(port) and len(port) <= 5 and (host == "*" or ipv4.parse(host) is not None):
        return host, port, "bsd"
    return text, None, "plain"


def _split_bare_ipv6(text: str) -> tuple[str, str | None, str]:
    """IPv6 and port without brackets, as Node, netstat and others print them."""
    if "%" in text:
        return _split_zoned_ipv6(text)
    head, _, tail = text.rpartition(":")
    if port_like(tail):
        # ":::3000" is :: and a port. RFC 5952 §6 calls "::1:5432" ambiguous: it
        # is an address too; a decimal tail after ::1 is how Node prints the port.
        meant = head == "::1" or "." in head or ipv6.parse(text) is None
        if meant and ipv6.parse(head) is not None:
            return head, tail, "node"
    head, _, tail = text.rpartition(".")
    if port_like(tail) and ipv6.parse(text) is None and ipv6.parse(head) is not None:
        return head, tail, "bsd"
    return text, None, "plain"


def _split_zoned_ipv6(text: str) -> tuple[str, str | None, str]:
    address, _, rest = text.partition("%")
    zone, colon, port = rest.rpartition(":")
    if colon and port_like(port):
        return f"{address}%{zone}", port, "plain"
    zone, dot, port = rest.rpartition(".")
    if dot and port_like(port) and not zone.startswith(_LINUX_INTERFACES):
        return f"{address}%{zone}", port, "bsd"
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
    ported = [f"[{head}]:{tail}"] if part and port_like(tail) else []
    return " or ".join([*ported, f"[{text}]"] if whole else ported)


def port_like(text: str) -> bool:
    """A port as programs print it: up to five digits, no zero before others."""
    return all_digits(text) and len(text) <= 5 and (text[0] != "0" or text == "0")


def no_port(text: str) -> bool:
    """What stands where a port would and is no attempt at one: ``*``, ``8000-8010``, ``80->80``."""
    return not text.isdecimal() and ("-" in text[1:] or not _IN_NO_PORT.isdisjoint(text))


_IN_NO_PORT = frozenset("*<>()=,;|\"'\x1b")


def all_digits(text: str) -> bool:
    """ASCII digits only: str.isdigit() would let other scripts' digits through."""
    return text.isascii() and text.isdigit()


def decimal_parts(text: str) -> bool:
    """Whether dots separate decimal numbers without leading zeros: ``10.0``, ``127.0.0.1``."""
    parts = text.split(".")
    return all(all_digits(part) and (part == "0" or part[0] != "0") for part in parts)
