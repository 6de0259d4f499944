"""AMQP and MQTT brokers; NATS speaks first and is among the greetings."""

from __future__ import annotations

from checks.probe.identify.conn import Ask
from checks.probe.identify.found import Found, came, details, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from checks.probe.identify.conn import Conversation

_WAIT = 0.5
_HEADER = b"AMQP\x00\x00\x09\x01"
_START = b"\x00\x0a\x00\x0a"  # class 10 (connection), method 10 (start)


def converse_amqp(_: str) -> Conversation:
    """AMQP 0-9-1 §2.2.4 and §4.2.2: the protocol header, answered by Connection.Start.

    A server of another version answers with the header it wants (AMQP 1.0
    §2.2 does the same). No login follows; RabbitMQ logs a closed connection.
    """
    reply = yield Ask(_HEADER, _frame_is_whole, _WAIT, 3072)
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


_REFUSALS = {1: "unacceptable protocol version", 2: "identifier rejected", 3: "server unavailable"}
_CREDENTIALS = (4, 5, 0x86, 0x87)
"""Return codes 4 and 5 of MQTT 3.1.1 §3.2.2.3; reason codes 0x86, 0x87 of MQTT 5 §3.2.2.2."""

_CONNECT = b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x0a\x00\x00"
"""MQTT 3.1.1 §3.1: clean session, keep alive 10 s, empty client identifier, no will, no user."""
_SUBSCRIBE = b"\x82\x18\x00\x01\x00\x13$SYS/broker/version\x00"
_DISCONNECT = b"\xe0\x00"


def converse_mqtt(_: str) -> Conversation:
    """MQTT 3.1.1: CONNECT without credentials, one subscription, DISCONNECT.

    The session is a clean one without a will (§3.1.2.4, §3.1.2.5): it leaves
    nothing behind, nobody is told. Brokers tell their name in the retained
    message on ``$SYS/broker/version``, to clients that may read it.
    """
    reply = yield Ask(_CONNECT, lambda data: len(data) >= 4, _WAIT)
    said = reply.data
    evidence: tuple[str, ...] = (came("an MQTT CONNECT without credentials", reply),)
    if len(said) < 4 or said[:2] != b"\x20\x02" or said[2] & 0xFE:
        return Found(None, evidence=evidence)
    if said[3] in _CREDENTIALS:
        return Found("mqtt", authentication="required", evidence=evidence)
    if said[3]:
        refusal = _REFUSALS.get(said[3], str(said[3]))
        return Found("mqtt", details=details(refused=refusal), evidence=evidence)
    version = yield Ask(_SUBSCRIBE, lambda data: b"$SYS/broker/version" in data, 0.15)
    yield Ask(_DISCONNECT, wait=0.0)
    product, number = _broker(version.data)
    return Found(
        "mqtt",
        product,
        number,
        authentication="none",
        evidence=(*evidence, came("a subscription to $SYS/broker/version", version)),
    )


def _broker(data: bytes) -> tuple[str | None, str | None]:
    """``mosquitto version 2.0.11`` in a PUBLISH (§3.3)."""
    _, topic, payload = data.partition(b"$SYS/broker/version")
    words = text(payload, 80).split() if topic else []
    if not words:
        return None, None
    product = "Mosquitto" if words[0] == "mosquitto" else words[0]
    return product, words[-1] if len(words) > 1 and words[-1][:1].isdigit() else None


PROBES: dict[str, Callable[[str], Conversation]] = {
    "amqp": converse_amqp,
    "mqtt": converse_mqtt,
}
"""By the name of the protocol. Each takes the host that was asked for."""
