"""NATS: the server describes itself in its first line (NATS client protocol, INFO)."""

from __future__ import annotations

from checks.probe.identify import json_text
from checks.probe.identify.found import Found, details, text
from checks.probe.identify.greeting import Greeting


def _begins(said: bytes) -> bool:
    return said.startswith(b"INFO {")


def recognise(said: bytes, _: int) -> Found:
    """``INFO {json}``, which says whether it wants credentials."""
    info = json_text.parse(said[5:].partition(b"\n")[0])  # an error may follow the line
    wants = info.get("auth_required") or info.get("tls_verify") or info.get("nonce")
    version = info.get("version")
    return Found(
        "nats",
        "NATS",
        text(version) if isinstance(version, str) else None,
        details(server_name=info.get("server_name"), jetstream=info.get("jetstream")),
        authentication=None if not info else "required" if wants else "none",
    )


GREETING = Greeting(_begins, recognise)
