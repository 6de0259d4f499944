"""SOCKS 5: asked how to log in."""

from __future__ import annotations

from checks.probe.identify.ask import WAIT, Ask
from checks.probe.identify.found import Found, came, details

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.probe.identify.ask import Conversation

_ANSWERS = {0: "none", 2: "required", 0xFF: "required"}


def converse(_: str) -> Conversation:
    """SOCKS 5 (RFC 1928 §3): the methods are offered, one is chosen; no request follows."""
    reply = yield Ask(b"\x05\x02\x00\x02", lambda data: len(data) >= 2, WAIT)
    said = reply.data
    evidence: tuple[str, ...] = (came("a SOCKS 5 greeting", reply),)
    if len(said) != 2 or said[0] != 5 or said[1] not in _ANSWERS:
        return Found(None, evidence=evidence)
    return Found(
        "socks",
        details=details(protocol_version=5),
        authentication=_ANSWERS[said[1]],
        evidence=evidence,
    )
