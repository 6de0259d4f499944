"""rsync's daemon: its first line has the version of its protocol (rsync, clientserver.c)."""

from __future__ import annotations

from checks.probe.identify.found import Found, details
from checks.probe.identify.greeting import Greeting


def _begins(said: bytes) -> bool:
    return said.startswith(b"@RSYNCD:")


def recognise(said: bytes, _: int) -> Found:
    """``@RSYNCD: 31.0``."""
    return Found("rsync", "rsync", None, details(protocol_version=said[8:].split(b"\n")[0][:40]))


GREETING = Greeting(_begins, recognise)
