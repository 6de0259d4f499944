"""A name that led to the wrong address, as a text shows it."""

from __future__ import annotations

import re
from itertools import islice

from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from checks.causes.base import Because
    from checks.causes.situation import Situation

_PAIR = re.compile(
    r"\b(?P<name>[a-z][a-z0-9.-]{0,80})(?:/|\" \(|\)?\|)(?P<address>\d{1,3}(?:\.\d{1,3}){3})\b",
    re.ASCII,
)
"""A name with the address that it led to: Java's ``db/10.0.0.5``, libpq's, wget's."""
_ADDRESS = re.compile(r"[/(|]\d{1,3}\.\d{1,3}\.", re.ASCII)
"""What each pair has in it; it is sought eight times as quickly."""
_OWN_NAME = ("0.", "127.0.1.")
"""Addresses of no machine, and the one that Debian gives a machine's own name."""
_FEW = 20
"""So many pairs are looked through."""


class Misled(NamedTuple):
    """A name and the words that show where it led."""

    name: str
    because: Because


def misled(situation: Situation) -> Misled | None:
    """Return the first name of a text that led to the wrong address; None where none did."""
    for pair in situation.once("misled", _pairs):
        is_localhost, loopback = pair["name"] == "localhost", pair["address"].startswith("127.")
        if is_localhost != loopback and not pair["address"].startswith(_OWN_NAME):
            because = situation.between(pair.span(), "the name leads to this address")
            return Misled(pair["name"], because)
    return _dialled(situation)


def _pairs(low: str) -> Iterable[re.Match[str]]:
    return islice(_PAIR.finditer(low), _FEW) if _ADDRESS.search(low) else ()


def _dialled(situation: Situation) -> Misled | None:
    """A URL of another host, whose very port was then asked on loopback."""
    own = situation.endpoint
    if own is None or not (situation.address and situation.is_loopback) or situation.has("proxy"):
        return None
    for other in situation.others("target", None, "link"):
        host, port = other.host, other.port
        if (
            other.scheme in ("http", "https")
            and other.span[0] < own.span[0]
            and host is not None
            and host.kind == "name"
            and "." in host.text
            and not host.loopback
            and port is not None
            and port.number == situation.port
        ):
            says = "this name led to a loopback address"
            return Misled(host.text, situation.between(other.span, says))
    return None
