"""The Debug Adapter Protocol: a header, then JSON with ``seq`` and ``type``.

debugpy sends an ``output`` event with its version before anything is asked. Its adapter
serves one client, and does not recover from one that connects and leaves at once
(:mod:`checks.probe.fragile`). So it is known by its owner's command line where that is
seen; else its greeting is read and its session ended as the protocol has it.
"""

from __future__ import annotations

from checks.probe import fragile
from checks.probe.identify.ask import Ask
from checks.probe.identify.found import Found, text
from checks.probe.identify.greeting import Greeting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_BODY = b'{"seq":1,"type":"request","command":"disconnect","arguments":{"terminateDebuggee":false}}'
_DISCONNECT = b"Content-Length: %d\r\n\r\n%s" % (len(_BODY), _BODY)
"""The protocol's own end of a session. debugpy 1.8 takes no further client after one
that leaves without it while it still has something to tell that client."""

_LAST_WORDS = b'"debugpySockets"'
"""The event that ends debugpy's greeting. Its thread that accepts clients writes the
greeting, and dies where the session ends meanwhile (``accept_worker`` in its
common/sockets.py), so the end of the session is not asked for before."""

_REST = 0.5
"""Seconds for the rest of the greeting: to leave early does harm."""


def _begins(said: bytes) -> bool:
    return said.startswith(b"Content-Length: ")


def _whole(data: bytes) -> bool:
    at_end = data.rstrip().endswith(b"}")
    return at_end and (_LAST_WORDS in data or not _is_debugpy(data))


def recognise(said: bytes, _port: int) -> Found | None:
    """The events of a debug adapter; None for another protocol with such a header."""
    body = said.partition(b"\r\n\r\n")[2]
    if b'"type"' not in body or b'"seq"' not in body:
        return None
    _, found, rest = body.partition(b'"packageVersion"')
    version = rest.partition(b'"')[2].partition(b'"')[0] if found else b""
    return Found(
        "dap",
        "debugpy" if _is_debugpy(body) else None,
        text(version, 40) or None,
        authentication="none",
        traits=("debug-interface",),
    )


def _is_debugpy(said: bytes) -> bool:
    """Its events name it: by its former name first, then by its own."""
    return b'"ptvsd"' in said or b'"debugpy"' in said


def _never(_: bytes) -> bool:
    """Wait for the peer to end the session."""
    return False


GREETING = Greeting(_begins, recognise, whole=_whole, rest=_REST, leave=Ask(_DISCONNECT, _never))


def from_command(words: Sequence[str], port: int) -> Found | None:
    """debugpy's adapter or Delve on *port*, by the words of its owner's command line.

    Delve takes JSON-RPC on the same port (go-delve/delve, service/rpccommon/server.go), so any
    question would be one of a client.
    """
    product = "debugpy" if fragile.is_debugpy(words, port) else None
    if product is None and words and fragile.is_delve(words):
        product = "Delve"
    if product is None:
        return None
    return Found(
        "dap",
        product,
        authentication="none",
        traits=("debug-interface",),
        evidence=(
            f"the owner's command line is that of {product}",
            f"nothing was sent: {product} serves one client at a time",
        ),
    )
