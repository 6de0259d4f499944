"""AMQP brokers: asked by the header of the protocol."""

from __future__ import annotations

from checks.probe.identify.ask import WAIT, Ask
from checks.probe.identify.found import Found, came, details, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.probe.identify.ask import Conversation

_HEADER = b"AMQP\x00\x00\x09\x01"
_START = b"\x00\x0a\x00\x0a"  # class 10 (connection), method 10 (start)


def converse(_: str) -> Conversation:
    """AMQP 0-9-1 §2.2.4 and §4.2.2: the protocol header, answered by Connection.Start.

    A server of another version answers with the header it wants (AMQP 1.0
    §2.2 does the same). No login follows; RabbitMQ logs a closed connection.
    """
    reply = yield Ask(_HEADER, _frame_is_whole, WAIT, 3072)
    said = reply.data
    evidence: tuple[str, ...] = (came("an AMQP 0-9-1 header", reply),)
    if len(said) == 8 and said[:4] == b"AMQP" and said != _HEADER:
        wanted = ".".join(str(octet) for octet in said[5:8])
        return Found("amqp", details=details(version_wanted=wanted), evidence=evidence)
    if said[:3] != b"\x01\x00\x00" or said[7:11] != _START:
        return Found(None, evidence=evidence)
    server = table(said[13:])
    mechanisms = text(_long_string(said, 13 + 4 + int.from_bytes(said[13:17], "big")))
    anonymous = "ANONYMOUS" in mechanisms.split()
    return Found(
        "amqp",
        server.get("product"),
        server.get("version"),
        details(
            protocol_version="0-9-1",
            platform=server.get("platform"),
            cluster=server.get("cluster_name"),
            mechanisms=mechanisms,
        ),
        authentication="none" if anonymous else "required",
        evidence=evidence,
    )


def _frame_is_whole(data: bytes) -> bool:
    """A frame (type, channel, size, payload, end mark), or a protocol header."""
    if data[:1] != b"\x01":
        return len(data) >= 8
    return len(data) >= 7 and len(data) >= 8 + int.from_bytes(data[3:7], "big")


def table(data: bytes) -> dict[str, str]:
    """The long strings of a field table (AMQP 0-9-1 §4.2.5.5); others are skipped.

    Arguments:
        data: from the table's length on; any bytes.
    """
    fields: dict[str, str] = {}
    at, end = 4, min(4 + int.from_bytes(data[:4], "big"), len(data))
    while at < end:
        name = text(data[at + 1 : at + 1 + data[at]], 64)
        at += 1 + data[at]
        kind = data[at : at + 1]
        if kind == b"S":
            value = _long_string(data[:end], at + 1)
            fields[name] = text(value)
            at += 5 + len(value)
        elif kind == b"F":
            at += 5 + int.from_bytes(data[at + 1 : at + 5], "big")
        elif kind == b"t":
            at += 2
        else:
            break
    return fields


def _long_string(data: bytes, at: int) -> bytes:
    return data[at + 4 : at + 4 + int.from_bytes(data[at : at + 4], "big")]
