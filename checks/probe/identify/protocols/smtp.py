"""SMTP: the server greets with 220, as one of files does (RFC 5321 §4.2)."""

from __future__ import annotations

from checks.probe.identify.ask import Ask
from checks.probe.identify.found import Found, came
from checks.probe.identify.greeting import Greeting, named
from checks.probe.identify.protocols import ftp
from checks.rules.protocols import BY_NAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator

    from checks.probe.identify.ask import Reply


def recognise(said: bytes, port: int) -> Found | None:
    """``220 mail.example.test ESMTP Exim 4.96``: by what it says, then by the port."""
    if b"SMTP" in said.upper() or port in BY_NAME["smtp"].ports:
        return named("smtp", said)
    return None


def _ask(greeting: Reply, port: int) -> Generator[Ask, Reply, Found]:
    """Where neither the words nor the port tell it from FTP: EHLO is a command of SMTP only."""
    said = greeting.data
    found = recognise(said, port) or ftp.recognise(said, port)
    if found is not None or said[:4] != b"220 ":
        return found or Found(None)
    answer = yield Ask(b"EHLO checks.invalid\r\n", wait=0.3)
    if answer.data[:1] in (b"2", b"5"):
        found = named("smtp" if answer.data[:3] == b"250" else "ftp", said)
    return (found or Found(None))._replace(evidence=(came('"EHLO"', answer),))


GREETING = Greeting(ftp.begins, recognise, ask=_ask, leave=Ask(b"QUIT\r\n", wait=0.0))
