"""memcached: asked for its version."""

from __future__ import annotations

from checks.probe.identify.ask import WAIT, Ask
from checks.probe.identify.found import Found, came, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.probe.identify.ask import Conversation


def converse(_: str) -> Conversation:
    """memcached: ``version`` (memcached's doc/protocol.txt, "General-purpose commands")."""
    reply = yield Ask(b"version\r\n", lambda data: b"\r\n" in data, WAIT)
    evidence: tuple[str, ...] = (came('"version"', reply),)
    if reply.data.startswith(b"VERSION "):
        return Found(
            "memcached",
            "memcached",
            text(reply.data[8:], 40),
            authentication="none",
            evidence=evidence,
        )
    if reply.data.startswith(b"CLIENT_ERROR unauthenticated"):
        return Found("memcached", "memcached", authentication="required", evidence=evidence)
    return Found(None, evidence=evidence)
