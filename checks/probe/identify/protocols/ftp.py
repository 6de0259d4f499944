"""FTP: the server greets with 220, as a mail server does (RFC 959 §5.4)."""

from __future__ import annotations

from checks.probe.identify.ask import Ask
from checks.probe.identify.found import Found
from checks.probe.identify.greeting import Greeting, named
from checks.rules.protocols import BY_NAME


def begins(said: bytes) -> bool:
    """A reply code with which FTP and SMTP greet, or turn a client away."""
    return said[:3] in (b"220", b"421", b"554") and said[3:4] in (b" ", b"-")


def recognise(said: bytes, port: int) -> Found | None:
    """``220 (vsFTPd 3.0.3)``: by what it says, then by the port."""
    upper = said.upper()
    if b"FTP" in upper or b"FILEZILLA" in upper or port in BY_NAME["ftp"].ports:
        return named("ftp", said)
    return None


GREETING = Greeting(begins, recognise, leave=Ask(b"QUIT\r\n", wait=0.0))
