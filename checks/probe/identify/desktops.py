"""Remote desktops: VNC, RDP and X11; each says before any login how to log in."""

from __future__ import annotations

import struct

from checks.probe.identify.conn import Ask
from checks.probe.identify.found import Found, came, details, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from checks.probe.identify.conn import Conversation, Reply

_WAIT = 0.5
_SECURITY = {1: "None", 2: "VNC Authentication", 16: "Tight", 18: "TLS", 19: "VeNCrypt"}
"""RFC 6143 §7.1.2 and the IANA registry of RFB security types."""


def converse_vnc(greeting: Reply) -> Conversation:
    """RFB (RFC 6143 §7.1.1, §7.1.2): the version is answered, the security types are read.

    No type is chosen. Some servers count connections that do not log in, and
    make a host wait after several: so this is one connection, and not a second.
    """
    evidence: tuple[str, ...] = (came("nothing", greeting),)
    version = text(greeting.data[4:11])
    if greeting.data[:4] != b"RFB " or greeting.over:
        return Found("vnc", details=details(protocol_version=version), evidence=evidence)
    offer = b"RFB 003.008\n" if greeting.data[4:11] >= b"003.008" else greeting.data[:12]
    reply = yield Ask(offer, _types_are_whole, _WAIT)
    types = _types(reply.data, offer)
    authentication = None
    if types:
        authentication = "none" if 1 in types else "required"
    names = ", ".join(_SECURITY.get(kind, str(kind)) for kind in types)
    return Found(
        "vnc",
        details=details(protocol_version=version, security_types=names),
        authentication=authentication,
        evidence=(*evidence, came("the same version", reply)),
    )


def _types_are_whole(data: bytes) -> bool:
    return bool(data) and len(data) >= 1 + data[0]


def _types(data: bytes, version: bytes) -> list[int]:
    if version < b"RFB 003.007":  # one 32-bit number, chosen by the server
        return [data[3]] if len(data) >= 4 and data[3] else []
    return list(data[1 : 1 + data[0]]) if data else []


_PROTOCOLS = {0: "standard RDP security", 1: "TLS", 2: "CredSSP", 8: "CredSSP with early result"}
"""MS-RDPBCGR 2.2.1.2.1, selectedProtocol."""

_CONNECTION_REQUEST = bytes.fromhex("030000130ee000000000000100080003000000")
"""TPKT (RFC 1006 §6), X.224 connection request, RDP_NEG_REQ: TLS or CredSSP."""


def converse_rdp(_: str) -> Conversation:
    """RDP: the X.224 connection request, with the negotiation of MS-RDPBCGR 2.2.1.1.

    The first of many exchanges; nothing of a session exists after it.
    """
    reply = yield Ask(_CONNECTION_REQUEST, lambda data: len(data) >= 19, _WAIT)
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


def converse_x11(_: str) -> Conversation:
    """X11 (X Window System Protocol §8): connection setup without authorization data."""
    reply = yield Ask(b"l\0\x0b\0\0\0\0\0\0\0\0\0", lambda data: len(data) >= 8, _WAIT, 1024)
    said = reply.data
    evidence: tuple[str, ...] = (came("an X11 connection setup", reply),)
    if len(said) < 8 or said[0] not in (0, 1, 2) or said[2:4] != b"\x0b\0":
        return Found(None, evidence=evidence)
    if said[0] != 1:
        reason = said[8 : 8 + said[1]] if said[0] == 0 else said[8:]
        return Found(
            "x11", details=details(refused=reason), authentication="required", evidence=evidence
        )
    vendor, release = b"", None
    if len(said) >= 40:
        release = struct.unpack_from("<I", said, 8)[0]
        vendor = said[40 : 40 + struct.unpack_from("<H", said, 24)[0]]
    return Found(
        "x11",
        text(vendor) or None,
        None,
        details(release=release),
        authentication="none",
        evidence=evidence,
    )


_ANSWERS = {0: "none", 2: "required", 0xFF: "required"}


def converse_socks(_: str) -> Conversation:
    """SOCKS 5 (RFC 1928 §3): the methods are offered, one is chosen; no request follows."""
    reply = yield Ask(b"\x05\x02\x00\x02", lambda data: len(data) >= 2, _WAIT)
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


PROBES: dict[str, Callable[[str], Conversation]] = {
    "rdp": converse_rdp,
    "x11": converse_x11,
    "socks": converse_socks,
}
"""By the name of the protocol. Each takes the host that was asked for."""
