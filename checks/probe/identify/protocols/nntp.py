"""NNTP: the server greets with 200 or 201 (RFC 3977 §5.1)."""

from __future__ import annotations

from checks.probe.identify.found import Found
from checks.probe.identify.greeting import Greeting, named


def _begins(said: bytes) -> bool:
    return said.startswith((b"200 ", b"201 "))


def recognise(said: bytes, _: int) -> Found:
    """``200 news.example.test InterNetNews NNRP server ready``."""
    return named("nntp", said)


GREETING = Greeting(_begins, recognise)
