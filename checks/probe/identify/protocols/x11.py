"""X11: asked whether it takes a client without credentials."""

from __future__ import annotations

import struct

from checks.probe.identify.ask import WAIT, Ask
from checks.probe.identify.found import Found, came, details, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.probe.identify.ask import Conversation


def converse(_: str) -> Conversation:
    """X11 (X Window System Protocol §8): connection setup without authorization data."""
    reply = yield Ask(b"l\0\x0b\0\0\0\0\0\0\0\0\0", lambda data: len(data) >= 8, WAIT, 1024)
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
