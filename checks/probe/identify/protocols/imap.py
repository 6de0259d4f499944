"""IMAP: the server greets with an untagged response (RFC 3501 §7.1)."""

from __future__ import annotations

from checks.probe.identify.ask import Ask
from checks.probe.identify.found import Found
from checks.probe.identify.greeting import Greeting, named

_WAITING = b"* OK Waiting for authentication "
"""Dovecot's notice that its greeting will come, to a client that sent something before
(``AUTH_SERVER_WAITING_MSG`` and ``AUTH_MASTER_WAITING_MSG`` in its client-common.h)."""


def _begins(said: bytes) -> bool:
    return said.startswith((b"* OK", b"* PREAUTH", b"* BYE"))


def _after_notices(said: bytes) -> bytes:
    """From the greeting itself on."""
    while said.startswith(_WAITING):
        said = said.partition(b"\n")[2]
    return said


def _whole(data: bytes) -> bool:
    return b"\n" in _after_notices(data)


def recognise(said: bytes, _: int) -> Found:
    """``* OK Dovecot ready.``."""
    greeting = _after_notices(said)
    return named("imap", greeting) if greeting else named("imap", said)._replace(product="Dovecot")


GREETING = Greeting(_begins, recognise, whole=_whole, leave=Ask(b"a LOGOUT\r\n", wait=0.0))
