"""The host of an endpoint: one spelling, and everything that follows from it.

A :class:`Host` keeps only what cannot be worked out again: the text, what it
was recognised as, and the address as an integer. The rest are properties, so
that a caller who reads two facts of a million addresses pays for two facts.

``ipaddress`` is not used: what its ``is_*`` flags and ``str()`` give changes
between CPython releases, and the browser's Python would disagree with the
terminal's.
"""

from __future__ import annotations

from checks.address import blocks, ipv4, ipv6
from checks.address.blocks import Block
from checks.address.embedded import Embedded, embedded
from checks.address.readings import Readings, lenient, readings, split_zone
from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.address.names import Name

IPV4 = "ipv4"
IPV6 = "ipv6"
NAME = "name"
WILDCARD = "wildcard"
INVALID = "invalid"


class Host(NamedTuple):
    """A host as it was written.

    Arguments:
        text: the spelling, with brackets and zone where it has them.
        kind: ``ipv4``, ``ipv6``, ``name``, ``wildcard`` (the ``*`` that ss,
            lsof and netstat print for "any address") or ``invalid``.
        version: 4 or 6 for an address, 0 for anything else.
        value: the address as an integer; -1 where there is none.
        zone: the zone of a scoped IPv6 address (RFC 4007 §11), or None.
        prefix_length: of a network in CIDR notation (RFC 4632 §3.1), or None.
    """

    text: str
    kind: str
    version: int
    value: int
    zone: str | None = None
    prefix_length: int | None = None

    @property
    def address(self) -> str | None:
        """The address in canonical text: dotted decimal or RFC 5952, without zone."""
        if self.version == 4:
            return ipv4.format(self.value)
        if self.version == 6:
            return ipv6.format(self.value)
        return None

    @property
    def readings(self) -> Readings:
        """What the three readers make of the spelling."""
        return readings(self.text)

    @property
    def block(self) -> Block | None:
        """The registry row with the longest matching prefix; None for ordinary unicast."""
        return blocks.lookup(self.version, self.value) if self.version else None

    @property
    def embedded(self) -> Embedded | None:
        """The IPv4 address inside an IPv6 address, where a form defines one."""
        return embedded(self.value) if self.version == 6 else None

    @property
    def name(self) -> Name | None:
        """What is known about a host name without asking a resolver."""
        return name_of(self.text) if self.kind == NAME else None

    @property
    def loopback(self) -> bool:
        """True for 127.0.0.0/8 and ::1, and for names that RFC 6761 §6.3 ties to them."""
        if self.version:
            return blocks.is_loopback(self.version, self.value)
        name = self.name
        return name is not None and name.kind == "localhost"

    @property
    def scope(self) -> str | None:
        """``host``, ``link``, ``site``, ``global`` or ``none``; None if no address is known."""
        if self.version:
            return blocks.scope(self.version, self.value)
        return "host" if self.loopback else None

    @property
    def address_space(self) -> str | None:
        """``loopback``, ``local`` or ``public`` as Local Network Access divides them."""
        if self.version:
            return blocks.address_space(self.version, self.value)
        return None

    @property
    def secure_context(self) -> bool | None:
        """Whether browsers hold a page at http://HOST to be a secure context.

        Source: W3C Secure Contexts, "Is origin potentially trustworthy?".
        None if the text is not a host.
        """
        if self.version:
            return blocks.is_secure_context(self.version, self.value)
        if self.kind != NAME:
            return None
        name = self.name
        return name is not None and name.kind == "localhost" and name.certain

    def to_dict(self) -> dict[str, object]:
        """The host as the JSON contract has it."""
        name, block, inside = self.name, self.block, self.embedded
        return {
            "text": self.text,
            "kind": self.kind,
            "address": self.address,
            "zone": self.zone,
            "prefix_length": self.prefix_length,
            "readings": self.readings.to_dict(),
            "embedded": inside.to_dict() if inside else None,
            "block": block.to_dict() if block else None,
            "name": name.to_dict() if name else None,
            "loopback": self.loopback,
            "scope": self.scope,
            "address_space": self.address_space,
            "secure_context": self.secure_context,
        }


def read(text: str) -> Host:
    """Recognise a host spelling.

    Arguments:
        text: the host alone, no port: ``127.0.0.1``, ``[::1]``,
            ``fe80::1%eth0``, ``0x7f.1``, ``localhost``, ``*``.

    Returns:
        a host; of kind ``invalid`` where no reader accepts the text. The
        address is the strict reading, else the URL reading, else that of
        inet_aton.
    """
    value = ipv4.parse(text)
    if value is not None:
        return Host(text, IPV4, 4, value)
    if ":" in text:
        bare = text[1:-1] if text[:1] == "[" and text[-1:] == "]" else text
        return _read_ipv6(text, bare)
    if text in ("*", ""):
        return Host(text, WILDCARD if text else INVALID, 0, -1)
    return _read_lenient(text)


def _read_ipv6(text: str, bare: str) -> Host:
    address, zone = split_zone(bare)
    value = ipv6.parse(address)
    if value is not None:
        return Host(text, IPV6, 6, value, zone)
    return _read_lenient(text)


def _read_lenient(text: str) -> Host:
    """A spelling that is no strict literal: what the lenient readers make of it."""
    url, legacy = lenient(text)
    if url is not None and url.version:
        return Host(text, IPV4 if url.version == 4 else IPV6, url.version, url.value)
    if legacy is not None:
        return Host(text, IPV4, 4, legacy)
    if url is not None or name_of(text) is not None:
        return Host(text, NAME, 0, -1)
    return Host(text, INVALID, 0, -1)


def name_of(text: str) -> Name | None:
    """What is known about a host name; None if the text cannot be one."""
    from checks.address import names  # noqa: PLC0415 - 0.4 ms, not for addresses

    return names.lookup(text)
