"""What a certificate says of itself (RFC 5280 §4.1), unverified.

Read from DER, because ssl.SSLSocket.getpeercert() gives the fields only of a
certificate that it has verified.
"""

from __future__ import annotations

from checks.address import ipv4, ipv6
from checks.model.records import NamedTuple
from checks.probe.identify import der
from checks.probe.identify.found import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

ATTRIBUTES = {
    "2.5.4.3": "CN",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.5": "serialNumber",
    "0.9.2342.19200300.100.1.25": "DC",
    "0.9.2342.19200300.100.1.1": "UID",
    "1.2.840.113549.1.9.1": "emailAddress",
}
"""Short names of attribute types: RFC 4519 §2, RFC 2985 §5.2.1."""

_ALTERNATIVE_NAMES = "2.5.29.17"
_EXTENSIONS = 0xA3
_DNS_NAME = 0x82
_ADDRESS = 0x87
_MOST_NAMES = 32


class Certificate(NamedTuple):
    """The fields that a person asks for.

    Arguments:
        subject: ``CN=localhost, O=Example``.
        issuer: likewise.
        not_before: UTC, RFC 3339; None where unreadable.
        not_after: likewise.
        names: DNS names and IP addresses of the subject alternative name.
        self_signed: subject and issuer are equal, octet for octet.
    """

    subject: str
    issuer: str
    not_before: str | None
    not_after: str | None
    names: tuple[str, ...]
    self_signed: bool


def parse(data: bytes) -> Certificate | None:
    """Read a certificate.

    Arguments:
        data: DER, or any bytes.

    Returns:
        the fields; None where the bytes have not the structure of RFC 5280 §4.1.
    """
    body = der.child(data, der.SEQUENCE, der.SEQUENCE)
    if body is None:
        return None
    fields = list(der.children(body.content))
    if fields and fields[0].tag == 0xA0:  # the version, absent in version 1
        fields.pop(0)
    if len(fields) < 6 or [field.tag for field in fields[1:5]] != [der.SEQUENCE] * 4:
        return None
    issuer, validity, subject = fields[2:5]
    times = [_time(value) for value in der.children(validity.content)][:2]
    times += [None] * (2 - len(times))
    return Certificate(
        subject=_name(subject.content),
        issuer=_name(issuer.content),
        not_before=times[0],
        not_after=times[1],
        names=tuple(_names(fields[5:])),
        self_signed=subject.whole == issuer.whole,
    )


def _name(content: bytes) -> str:
    """An X.501 name (RFC 5280 §4.1.2.4), in the order in which it is encoded, reversed."""
    parts = []
    for group in der.children(content):
        for pair in der.children(group.content):
            entries = list(der.children(pair.content))
            if len(entries) >= 2 and entries[0].tag == der.OBJECT_IDENTIFIER:
                kind = der.identifier(entries[0].content)
                parts.append(f"{ATTRIBUTES.get(kind, kind)}={_string(entries[1])}")
    return text(", ".join(reversed(parts)))


def _string(value: der.Value) -> str:
    if value.tag == der.BMP_STRING:
        return text(value.content[:400].decode("utf-16-be", "replace"))
    return text(value.content)


def _time(value: der.Value) -> str | None:
    """UTCTime or GeneralizedTime (RFC 5280 §4.1.2.5) as RFC 3339."""
    said = value.content
    if len(said) > 15 or said[-1:] != b"Z" or not said[:-1].isdigit():
        return None
    digits = said[:-1].decode("ascii")
    if value.tag == der.UTC_TIME and len(digits) == 12:
        digits = ("19" if digits >= "50" else "20") + digits
    if len(digits) != 14:
        return None
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}T{digits[8:10]}:{digits[10:12]}:{digits[12:]}Z"


def _names(fields: list[der.Value]) -> Iterator[str]:
    """The subject alternative names (RFC 5280 §4.2.1.6) that a client compares."""
    for field in fields:
        inner = der.child(field.content, der.SEQUENCE) if field.tag == _EXTENSIONS else None
        for extension in der.children(inner.content if inner else b""):
            entries = list(der.children(extension.content))
            if entries and der.identifier(entries[0].content) == _ALTERNATIVE_NAMES:
                yield from _general_names(entries[-1].content)


def _general_names(content: bytes) -> Iterator[str]:
    sequence = der.child(content, der.SEQUENCE)
    for count, value in enumerate(der.children(sequence.content if sequence else b"")):
        if count >= _MOST_NAMES:
            return
        if value.tag == _DNS_NAME:
            yield text(value.content)
        elif value.tag == _ADDRESS and len(value.content) in (4, 16):
            yield address(value.content)


def address(packed: bytes) -> str:
    """Four or sixteen octets as text."""
    number = int.from_bytes(packed, "big")
    return ipv4.format(number) if len(packed) == 4 else ipv6.format(number)


def covers(certificate: Certificate, host: str) -> bool:
    """Whether a client that asked for *host* would find it in the certificate.

    RFC 9525 §6: DNS names are compared without case, a wildcard stands for one
    whole left-most label; addresses are compared as addresses; the common name
    counts for nothing.
    """
    wanted = host.lower().rstrip(".").partition("%")[0]
    for name in certificate.names:
        offered = name.lower().rstrip(".")
        if offered == wanted:
            return True
        if offered.startswith("*.") and wanted.partition(".")[2] == offered[2:] and offered[2:]:
            return True
    return False
