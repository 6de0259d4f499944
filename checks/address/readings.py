"""The three readings of a host spelling.

One spelling, three readers: a browser, glibc's ``inet_aton``, and one that
takes nothing but standard literals. Where they disagree, a filter that asks one
of them lets through what another connects to.
"""

from __future__ import annotations

from checks.address import ipv4, ipv6
from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

    from checks.address.whatwg import UrlHost

_NOT_IN_ZONE = frozenset("".join(map(chr, range(0x21))) + "\x7f%/[]")


class Readings(NamedTuple):
    """What each reader makes of one host spelling; None where it rejects it.

    Arguments:
        url: what a browser's ``new URL("http://" + host).hostname`` gives. IPv6
            is in brackets; a name is a name.
        inet_aton: the IPv4 address that glibc's ``inet_aton`` gives.
        strict: the address of a standard literal: RFC 6943 §3.1.1 for IPv4,
            RFC 4291 §2.2 for IPv6, the latter in RFC 5952 form without
            brackets and zone.
        undecided: what the URL reading leaves open about a name, as a short
            phrase; None where nothing is open.
    """

    url: str | None
    inet_aton: str | None
    strict: str | None
    undecided: str | None = None

    def to_dict(self) -> dict[str, str | None]:
        """The readings as the JSON contract has them; ``undecided`` only where something is."""
        found = {"url": self.url, "inet_aton": self.inet_aton, "strict": self.strict}
        return {**found, "undecided": self.undecided} if self.undecided else found


def readings(host: str) -> Readings:
    """Read a host as a browser, as glibc and as a strict parser would.

    Arguments:
        host: the host alone, without a port: ``0x7f.1``, ``[::1]``,
            ``fe80::1%eth0``, ``localhost``.

    Returns:
        the three readings. Never raises.
    """
    if ipv4.parse(host) is not None:
        return Readings(host, host, host)  # a strict quad is canonical, and all three take it
    found = _known.get(host)
    if found is None:
        found = _read(host)
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        if len(host) <= _LONGEST:
            _known[host] = found
    return found


_known: dict[str, Readings] = {}
_MOST_KNOWN, _LONGEST = 64, 64
"""So many spellings, so long, are kept: the rows of a table repeat a few hosts. 1,000 rows with
``[::1]`` in a half: 20 of 240 ms."""


def _read(host: str) -> Readings:
    """The readings of what is no strict IPv4 address."""
    url, legacy = lenient(host)
    return Readings(
        url=url.text if url else None,
        inet_aton=None if legacy is None else ipv4.format(legacy),
        strict=_strict_ipv6(host),
        undecided=url.undecided if url else None,
    )


def lenient(host: str) -> tuple[UrlHost | None, int | None]:
    """What the two lenient readers make of a spelling: a browser, and glibc's ``inet_aton``."""
    whatwg, inet_aton = _readers()
    return whatwg.parse_host(host), inet_aton.parse(host)


def to_wire(name: str) -> str | None:
    """Return what :func:`checks.address.whatwg.to_wire` does, most often without its tables.

    Arguments:
        name: as it was written.
    """
    if name.isascii() and "%" not in name:
        return name
    sent: str | None = _readers()[0].to_wire(name)
    return sent


def _readers() -> tuple[ModuleType, ModuleType]:
    from checks.address import inet_aton, whatwg  # noqa: PLC0415 - 0.3 ms, not for strict literals

    return whatwg, inet_aton


def _strict_ipv6(host: str) -> str | None:
    bracketed = host[:1] == "[" and host[-1:] == "]"
    address, _ = split_zone(host[1:-1] if bracketed else host)
    value = ipv6.parse(address)
    return None if value is None else ipv6.format(value)


def split_zone(text: str) -> tuple[str, str | None]:
    """Split an IPv6 address from its zone.

    Arguments:
        text: an address without brackets: ``fe80::1%eth0``, ``::1``.

    Returns:
        the address text and the zone. Text without a zone, or with one that
        cannot be (``fe80::1%``, ``fe80::1%a%b``, ``fe80::1%eth0 is up``), comes
        back whole with None, so that it is no address to the strict reading.

    Source: RFC 4007 §11.2: a zone is a number or another text, not empty and
    without the delimiter. White space, controls, slashes and brackets are left
    out as well: they delimit, and systems allow none in an interface's name.
    """
    address, _, zone = text.partition("%")
    return (address, zone) if zone and _NOT_IN_ZONE.isdisjoint(zone) else (text, None)
