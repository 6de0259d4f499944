"""SSH: the server names itself in its first line (RFC 4253 §4.2)."""

from __future__ import annotations

from checks.probe.identify.found import Found, details, text
from checks.probe.identify.greeting import Greeting


def _begins(said: bytes) -> bool:
    return said.startswith(b"SSH-") or b"\nSSH-" in said  # lines may come before it


def recognise(said: bytes, _port: int) -> Found:
    """``SSH-2.0-OpenSSH_9.2p1 Debian-2``."""
    at = 0 if said.startswith(b"SSH-") else said.find(b"\nSSH-") + 1
    first = text(said[at:].partition(b"\n")[0])
    parts = first.split("-", 2)
    software, _, comment = (parts[2] if len(parts) > 2 else "").partition(" ")
    product, _, version = software.partition("_")
    return Found("ssh", product or None, version or None, details(ssh=parts[1], comment=comment))


GREETING = Greeting(_begins, recognise)
