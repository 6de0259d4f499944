"""As much BSON and OP_MSG as three questions to MongoDB need.

bsonspec.org, version 1.1, and the MongoDB wire protocol's OP_MSG with one
section of kind 0. Nested documents are skipped, not read.
"""

from __future__ import annotations

import struct

from checks.probe.identify.found import text

_OP_MSG = 2013
_HEADER = struct.Struct("<iiii")
_FIXED = {0x01: 8, 0x07: 12, 0x08: 1, 0x09: 8, 0x0A: 0, 0x10: 4, 0x11: 8, 0x12: 8, 0x13: 16}
"""Element types of fixed size: double, ObjectId, bool, date, null, int32, timestamp, int64."""


def message(command: str, **flags: bool) -> bytes:
    """An OP_MSG that runs *command* on the database ``admin``."""
    elements = b"\x10" + command.encode() + b"\0" + struct.pack("<i", 1)
    for name, value in flags.items():
        elements += b"\x08" + name.encode() + b"\0" + bytes((value,))
    elements += b"\x02$db\0" + struct.pack("<i", 6) + b"admin\0"
    document = struct.pack("<i", len(elements) + 5) + elements + b"\0"
    body = struct.pack("<I", 0) + b"\0" + document
    return _HEADER.pack(16 + len(body), 1, 0, _OP_MSG) + body


def whole(data: bytes) -> bool:
    """Whether a message has come to its end; True also for what is none."""
    if len(data) < 16:
        return False
    length, _, _, code = _HEADER.unpack_from(data)
    return bool(code != _OP_MSG or len(data) >= length)


def parse(data: bytes) -> dict[str, object]:
    """The top-level fields of an answer, as far as it can be read.

    Arguments:
        data: any bytes.

    Returns:
        names to strings, numbers and booleans; empty where it is no OP_MSG.
    """
    if len(data) < 26 or _HEADER.unpack_from(data)[3] != _OP_MSG or data[20] != 0:
        return {}
    fields: dict[str, object] = {}
    at = 25
    while at < len(data) and data[at]:
        end = data.find(b"\0", at + 1, at + 130)
        if end < 0:
            break
        kind, name = data[at], text(data[at + 1 : end], 64)
        size = _size(kind, data, end + 1)
        if size is None or end + 1 + size > len(data):
            break
        fields[name] = _value(kind, data[end + 1 : end + 1 + size])
        at = end + 1 + size
    return fields


def _size(kind: int, data: bytes, at: int) -> int | None:
    if kind in _FIXED:
        return _FIXED[kind]
    if kind not in (0x02, 0x03, 0x04, 0x05) or at + 4 > len(data):
        return None
    length = int.from_bytes(data[at : at + 4], "little", signed=True)
    if length < 0:
        return None
    return {0x02: 4, 0x05: 5}.get(kind, 0) + length


def _value(kind: int, content: bytes) -> object:
    if kind == 0x01:
        return struct.unpack("<d", content)[0]
    if kind == 0x02:
        return text(content[4:].rstrip(b"\0"))
    if kind == 0x08:
        return content != b"\0"
    if kind in (0x10, 0x12):
        return int.from_bytes(content, "little", signed=True)
    return None
