"""Tag, length, value: the encoding of certificates (DER) and of LDAP (BER).

The standard library decodes a certificate only after it has verified it, and
the certificates of a development machine are the ones that do not verify.
Every function is total: hostile bytes give None or nothing, never an error.
"""

from __future__ import annotations

from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

BOOLEAN = 0x01
INTEGER = 0x02
OCTET_STRING = 0x04
OBJECT_IDENTIFIER = 0x06
ENUMERATED = 0x0A
UTC_TIME = 0x17
BMP_STRING = 0x1E
SEQUENCE = 0x30


class Value(NamedTuple):
    """One element (X.690 §8.1).

    Arguments:
        tag: the identifier octet; tags above 30 are not read.
        content: the content octets.
        whole: the element with its tag and length.
    """

    tag: int
    content: bytes
    whole: bytes


def read(data: bytes, at: int = 0) -> tuple[Value, int] | None:
    """Read one element.

    Arguments:
        data: any bytes.
        at: where it begins.

    Returns:
        the element and where the next begins; None where the bytes are cut,
        the length is indefinite (X.690 §8.1.3.6) or the tag has several octets.
    """
    if at < 0 or at + 2 > len(data) or data[at] & 0x1F == 0x1F:
        return None
    start, length = at + 2, data[at + 1]
    if length & 0x80:
        count = length & 0x7F
        if not 0 < count <= 4 or start + count > len(data):
            return None
        length = int.from_bytes(data[start : start + count], "big")
        start += count
    end = start + length
    if end > len(data):
        return None
    return Value(data[at], data[start:end], data[at:end]), end


def children(data: bytes) -> Iterator[Value]:
    """The elements of a content, in order, as far as they can be read."""
    at = 0
    while (found := read(data, at)) is not None:
        value, at = found
        yield value


def child(data: bytes, *tags: int) -> Value | None:
    """The element reached by taking, level by level, the first with each tag."""
    found = None
    for tag in tags:
        found = next((value for value in children(data) if value.tag == tag), None)
        if found is None:
            return None
        data = found.content
    return found


def encode(tag: int, content: bytes) -> bytes:
    """An element of at most 127 content octets."""
    return bytes((tag, len(content))) + content


def integer(content: bytes) -> int | None:
    """A small INTEGER or ENUMERATED; None where it has more than eight octets."""
    return int.from_bytes(content, "big", signed=True) if 0 < len(content) <= 8 else None


def identifier(content: bytes) -> str:
    """An OBJECT IDENTIFIER in dotted form (X.690 §8.19); "" where it is cut or too long."""
    if not content or len(content) > 32 or content[-1] & 0x80:
        return ""
    arcs = []
    value = 0
    for octet in content:
        value = value << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(str(arc) for arc in (first, arcs[0] - 40 * first, *arcs[1:]))
