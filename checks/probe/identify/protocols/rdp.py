"""RDP: asked which security it wants."""

from __future__ import annotations

from checks.probe.identify.ask import WAIT, Ask
from checks.probe.identify.found import Found, came, details

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.probe.identify.ask import Conversation

_PROTOCOLS = {0: "standard RDP security", 1: "TLS", 2: "CredSSP", 8: "CredSSP with early result"}
"""MS-RDPBCGR 2.2.1.2.1, selectedProtocol."""

_CONNECTION_REQUEST = bytes.fromhex("030000130ee000000000000100080003000000")
"""TPKT (RFC 1006 §6), X.224 connection request, RDP_NEG_REQ: TLS or CredSSP."""


def converse(_: str) -> Conversation:
    """RDP: the X.224 connection request, with the negotiation of MS-RDPBCGR 2.2.1.1.

    The first of many exchanges; nothing of a session exists after it.
    """
    reply = yield Ask(_CONNECTION_REQUEST, lambda data: len(data) >= 19, WAIT)
    said = reply.data
    evidence: tuple[str, ...] = (came("an X.224 connection request", reply),)
    if len(said) < 11 or said[:2] != b"\x03\x00" or said[5] & 0xF0 != 0xD0:
        return Found(None, evidence=evidence)
    chosen = None
    if len(said) >= 19 and said[11] == 2:
        chosen = int.from_bytes(said[15:19], "little")
    return Found(
        "rdp",
        details=details(security=_PROTOCOLS.get(chosen) if chosen is not None else None),
        authentication="required" if chosen in (2, 8) else None,
        evidence=evidence,
    )
