"""MQTT brokers: asked whether they take a client without credentials."""

from __future__ import annotations

from checks.probe.identify.ask import WAIT, Ask
from checks.probe.identify.found import Found, came, details, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.probe.identify.ask import Conversation

_REFUSALS = {1: "unacceptable protocol version", 2: "identifier rejected", 3: "server unavailable"}
_CREDENTIALS = (4, 5, 0x86, 0x87)
"""Return codes 4 and 5 of MQTT 3.1.1 §3.2.2.3; reason codes 0x86, 0x87 of MQTT 5 §3.2.2.2."""

_CONNECT = b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x0a\x00\x00"
"""MQTT 3.1.1 §3.1: clean session, keep alive 10 s, empty client identifier, no will, no user."""
_SUBSCRIBE = b"\x82\x18\x00\x01\x00\x13$SYS/broker/version\x00"
_DISCONNECT = b"\xe0\x00"


def converse(_: str) -> Conversation:
    """MQTT 3.1.1: CONNECT without credentials, one subscription, DISCONNECT.

    The session is a clean one without a will (§3.1.2.4, §3.1.2.5): it leaves
    nothing behind, nobody is told. Brokers tell their name in the retained
    message on ``$SYS/broker/version``, to clients that may read it.
    """
    reply = yield Ask(_CONNECT, lambda data: len(data) >= 4, WAIT)
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
