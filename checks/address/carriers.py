"""Names that carry an address in their spelling, and the address that they carry.

Reverse names, IPv6 literals of Windows, and the domains whose public servers
answer with an address of the caller's choice (``10.0.0.1.nip.io``). No library
of the field reads them.
"""

from __future__ import annotations

from checks.address import ipv4, ipv6

_HEX = frozenset("0123456789abcdef")

# --- reverse names ---------------------------------------------------------------------


def octets(labels: list[str]) -> str | None:
    """``1.0.0.127`` to 127.0.0.1; fewer labels to a prefix."""
    count = len(labels)
    if count > 4:
        return None
    value = ipv4.parse(".".join([*labels[::-1], *["0"] * (4 - count)]))
    if value is None:
        return None
    return ipv4.format(value) + ("" if count == 4 else f"/{8 * count}")


def nibbles(labels: list[str]) -> str | None:
    """32 hexadecimal digits, last first, to an IPv6 address; fewer to a prefix."""
    count = len(labels)
    if count > 32 or any(len(label) != 1 or label not in _HEX for label in labels):
        return None
    value = int("".join(labels[::-1]).ljust(32, "0"), 16)
    return ipv6.format(value) if count == 32 else f"{ipv6.format_url(value)}/{4 * count}"


# --- IPv6 literals for Windows paths ---------------------------------------------------


def ipv6_literal(labels: list[str]) -> str | None:
    """``fe80--1s4.ipv6-literal.net``: hyphens for colons, "s" for the percent sign."""
    if labels[-2:] != ["ipv6-literal", "net"] or len(labels) != 3:
        return None
    address, mark, zone = labels[0].partition("s")
    value = ipv6.parse(address.replace("-", ":"))
    if value is None or (mark and not zone):
        return None
    return ipv6.format(value) + (f"%{zone}" if zone else "")


# --- public domains that answer with an address of the caller's choice -----------------

# Every name below these is answered with 127.0.0.1, by the will of the domain's owner.
_ALWAYS_LOOPBACK = frozenset(
    ("localtest.me", "lvh.me", "vcap.me", "lacolhost.com", "localho.st", "local.gd")
)
_WEB_PAGE = ["readme", "localtest", "me"]  # a public one, and no address of its own choice
_SSLIP_DOMAINS = ("nip.io", "sslip.io")
_SSLIP = "sslip.io, its documents and the source of its server (xip.go)"


def wildcard(labels: list[str]) -> tuple[str, str, str] | None:
    """The domain, the address that its servers give for the name, and the source for that."""
    domain, inside = ".".join(labels[-2:]), labels[:-2]
    carries: str | None = None
    rule = f"{domain}, as its users report it"
    if domain in _ALWAYS_LOOPBACK and labels != _WEB_PAGE:
        carries = "127.0.0.1"
    elif domain == "traefik.me" and inside:
        carries, rule = _dotted(inside) or _dashed(inside) or "127.0.0.1", "traefik.me, README"
    elif domain == "xip.io":
        carries, rule = _dotted(inside), "xip.io, README"
    elif domain in _SSLIP_DOMAINS:
        carries, rule = _any_spelling(inside, domain), _SSLIP
    return (domain, carries, rule) if carries is not None else None


def ipv6_too(labels: list[str], carries: str) -> str | None:
    """The IPv6 address that sslip.io's servers find in the same hyphens as an IPv4 address."""
    if ".".join(labels[-2:]) not in _SSLIP_DOMAINS or ":" in carries:
        return None
    return _dashed_ipv6(labels[:-2])


def _any_spelling(labels: list[str], domain: str) -> str | None:
    """In the order of the server: hyphens, dots, hexadecimal, then IPv6 with hyphens.

    nip.io's documents also show the hexadecimal form after a hyphen.
    """
    return (
        _dashed(labels)
        or _dotted(labels)
        or _hexadecimal(labels)
        or _dashed_ipv6(labels)
        or (_hexadecimal(labels[-1].split("-")[-1:]) if labels and domain == "nip.io" else None)
    )


def _dashed(labels: list[str]) -> str | None:
    """``www-10-0-0-1``: four numbers with hyphens in one label; the first such."""
    for label in labels:
        parts = label.split("-")
        for first in range(len(parts) - 3):
            value = ipv4.parse(".".join(parts[first : first + 4]))
            if value is not None:
                return ipv4.format(value)
    return None


def _dotted(labels: list[str]) -> str | None:
    """``www.10.0.0.1``: four labels; a hyphen may set off what stands before and after."""
    for first in range(len(labels) - 3):
        a, b, c, d = labels[first : first + 4]
        value = ipv4.parse(f"{a.rpartition('-')[2]}.{b}.{c}.{d.partition('-')[0]}")
        if value is not None:
            return ipv4.format(value)
    return None


def _hexadecimal(labels: list[str]) -> str | None:
    """``7f000001``: a label of eight hexadecimal digits."""
    for label in labels:
        if len(label) == 8 and _HEX.issuperset(label):
            return ipv4.format(int(label, 16))
    return None


def _dashed_ipv6(labels: list[str]) -> str | None:
    """``--1``, ``www-2001-db8--1``: the first and then the longest run that is an address."""
    for label in labels:
        parts = label.split("-")
        for first in range(len(parts)):
            for end in range(min(len(parts), first + 9), first + 2, -1):  # "::" adds one part
                value = ipv6.parse(":".join(parts[first:end]))
                if value is not None:
                    return ipv6.format(value)
    return None
