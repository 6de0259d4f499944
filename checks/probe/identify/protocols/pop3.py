"""POP3: the server greets with ``+OK`` (RFC 1939 §4)."""

from __future__ import annotations

from checks.probe.identify.ask import Ask
from checks.probe.identify.found import Found
from checks.probe.identify.greeting import Greeting, named


def _begins(said: bytes) -> bool:
    return said.startswith(b"+OK")


def recognise(said: bytes, _: int) -> Found:
    """``+OK Dovecot ready.``."""
    return named("pop3", said)


GREETING = Greeting(_begins, recognise, leave=Ask(b"QUIT\r\n", wait=0.0))
