"""A range of ports that is the whole of what was pasted: ``3000-3009``, ``127.0.0.1:3000-3009``.

Docker, nmap and firewalls write one so. Each port of a short one is an endpoint; a long one
is for ``checks scan``, and is none.
"""

from __future__ import annotations

from checks import ports
from checks.address import host as hosts
from checks.text import authority
from checks.text.authority import all_digits
from checks.text.endpoint import Endpoint
from checks.text.lookalikes import plausible

MOST = 64
"""So many ports of a range are endpoints."""

FORM = "range"
"""As :attr:`checks.text.endpoint.Endpoint.form` has it."""

_HIGHEST = 65535


def bounds(word: str) -> tuple[str, int, int] | None:
    """Return host ("" for none), first and last port of a range; None for any other word.

    Arguments:
        word: no white space inside.
    """
    head, dash, last = word.rpartition("-")
    if not dash or not _is_port(last):
        return None
    host, colon, first = head.rpartition(":")
    if not _is_port(first) or (host and not colon) or not int(first) < int(last) <= _HIGHEST:
        return None
    return host, int(first), int(last)


def is_long(word: str) -> bool:
    """Whether a word is a range of more ports than are told one by one."""
    found = bounds(word.strip())
    return found is not None and found[2] - found[1] >= MOST


def read(word: str, start: int) -> tuple[Endpoint, ...]:
    """Return an endpoint for each port of a range; () for any other word, and for a long one.

    Arguments:
        word: no white space inside.
        start: its index in the text.
    """
    found = bounds(word)
    if found is None or found[2] - found[1] >= MOST:
        return ()
    text, first, last = found
    name, port, _ = authority.split(f"{text}:{first}") if text else ("", str(first), "")
    if (text and not name) or not port:
        return ()
    host = hosts.read(name) if name else None
    if host is not None and not plausible(host, ports.parse(port)):
        return ()  # main.py:10-20 are lines
    span = (start, start + len(word))
    return tuple(
        Endpoint(word, span, None, host, ports.parse(str(number)), form=FORM)
        for number in range(first, last + 1)
    )


def _is_port(text: str) -> bool:
    return len(text) <= 5 and all_digits(text)
