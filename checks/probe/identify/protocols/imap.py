"""IMAP: the server greets with an untagged response (RFC 3501 §7.1)."""

from __future__ import annotations

from checks.probe.identify.ask import Ask
from checks.probe.identify.found import Found
from checks.probe.identify.greeting import Greeting, named


def _begins(said: bytes) -> bool:
    return said.startswith((b"* OK", b"* PREAUTH", b"* BYE"))


def recognise(said: bytes, _: int) -> Found:
    """``* OK Dovecot ready.``."""
    return named("imap", said)


GREETING = Greeting(_begins, recognise, leave=Ask(b"a LOGOUT\r\n", wait=0.0))
