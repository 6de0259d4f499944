"""A whole paste: one word, a list with a word a line, or running text."""

from __future__ import annotations

import re

from checks.address.scripts import has_letter
from checks.text import ranges, unix, word
from checks.text.coloured import moved, uncoloured
from checks.text.reading import Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.text.endpoint import Endpoint

MAX_PAIRS = 4
"""So many pairs of quotes around a paste are taken off; each costs a copy of the text."""

_LISTED = frozenset(("address", "network", "endpoint", "url", "port"))
"""Kinds of words that make a list; any word can be a name."""

_MARKS = ("/ip", "/dns", "/dev/", "!", "%5", "tcp:", "udp:", "[undef]:")
"""What a word has that may be a multiaddr, a dial string, or another such notation."""
_may_be_notation = re.compile("|".join(map(re.escape, _MARKS))).search

_KERNEL = frozenset("0123456789ABCDEF:")
"""Of what /proc/net/tcp writes an endpoint: ``0100007F:1F90``."""

_TELLING = ("?", "=/", "devtools", "ws:", "/proxy/")
"""What a URL has that a tool printed: a token, a code, a socket of a debugger."""

_OUTER = " \t\r\n\v\f\u00a0\ufeff"
_PAIRS = ('""', "''", "``", "<>", "()", "“”", "‘’", "«»")


def read(text: str) -> Reading:
    """Read a paste that is no plain IPv4 address; as :func:`checks.text.classify`."""
    plain = uncoloured(text)
    if plain is None or not plain.text.strip():
        return read_plain(text)
    return moved(read_plain(plain.text), text, plain)


def read_plain(text: str) -> Reading:
    """Read the same, where it has no control sequences."""
    token, start = _unwrap(text)
    if not token:
        return Reading("empty")
    one = _read_word(token, start)
    if one is not None and one.kind == "url" and any(mark in token for mark in _TELLING):
        return _read_running(text, one)
    return one or _read_list(text) or _read_running(text)


def _unwrap(text: str) -> tuple[str, int]:
    """The text without outer white space, quotes and a trailing comma, and where it starts."""
    token = text.strip(_OUTER).rstrip(",;")
    start = text.find(token) if token else 0
    for _ in range(MAX_PAIRS):
        if len(token) <= 2 or token[0] + token[-1] not in _PAIRS:
            break
        inner = token[1:-1]
        token = inner.strip(_OUTER)
        start += 1 + (len(inner) - len(inner.lstrip(_OUTER)))
    return token, start


def _read_word(token: str, start: int) -> Reading | None:
    """The reading of a paste that is one word; None where it is none of the kinds."""
    if not _is_word(token):
        return None
    if path := unix.read(token):
        return Reading("unix", (unix.endpoint(token, start, path),))
    if "-" in token and (several := ranges.read(token, start)):
        return Reading("text", several)
    if _is_notation(token):
        return None
    found = word.read(token, start)
    if found is None:
        return None
    kind, endpoints = found
    if kind == "name" and (not has_letter(token) or _has_error(token)):
        return None  # 2026-11-23 and 62893-62900 are made of what host names may contain
    if kind == "url":  # a URL says what to ask for; an address alone says nothing
        endpoints = tuple(one._replace(role=one.role or "target") for one in endpoints)
    return Reading(kind, endpoints)


def _is_notation(token: str) -> bool:
    """Whether the word is an endpoint in a notation that :mod:`checks.text.prose` reads."""
    if "://" in token or not (
        _may_be_notation(token) or (token[8:9] == ":" and _KERNEL.issuperset(token))
    ):
        return False
    found = _read_running(token).endpoints
    return len(found) == 1 and found[0].span == (0, len(token)) and found[0].port is not None


def _read_list(text: str) -> Reading | None:
    """A column of words, one a line, each of which alone would be read: ``62893``, ``0x7f.1``.

    In running text such words are numbers like any other; here they are all there is.
    """
    endpoints: list[Endpoint] = []
    place = 0
    for line in text.split("\n"):
        token, start = _unwrap(line)
        found = word.read(token, place + start) if token and _is_word(token) else None
        if token and (found is None or found[0] not in _LISTED):
            return None
        endpoints += found[1] if found else ()
        place += len(line) + 1
    return Reading("text", tuple(endpoints)) if len(endpoints) > 1 else None


def _is_word(token: str) -> bool:
    return (
        len(token) <= word.MAX_TOKEN
        and len(token.split(None, 1)) == 1
        and "," not in token.partition("://")[0]
    )


def _has_error(token: str) -> bool:
    from checks.text import errors  # noqa: PLC0415 - 3 ms, for names and running text only

    return bool(errors.find(token))


def _read_running(text: str, one: Reading | None = None) -> Reading:
    """Running text, or with the reading of a URL the tool that printed it."""
    from checks.text import running  # noqa: PLC0415 - 12 ms, for running text only

    return running.read(text) if one is None else running.with_tool(text, one)
