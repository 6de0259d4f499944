"""Endpoints inside running text: log lines, error messages, netstat and ss output.

Here the surroundings do not vouch for a token, so only spellings that mean an
endpoint beyond doubt are taken: strict literals, URLs, ``localhost`` and its
kin, names with a port, and the pairs that programs print (``'127.0.0.1',
62893``, ``host=... port=...``, ``at "localhost" (::1), port 5432``). Versions,
clock times, MAC addresses, C++ scopes and dates are left alone.

Every pattern starts at a boundary and has bounded repeats, so the work grows
with the length of the text and not faster.
"""

from __future__ import annotations

from checks.address import host as hosts
from checks.model.patterns import has_any
from checks.model.records import NamedTuple
from checks.text.prose import (
    commandline,
    defaults,
    literals,
    names,
    notations,
    pairs,
    ported,
    ports,
)
from checks.text.prose.candidate import Candidate
from checks.text.prose.glue import glued
from checks.text.prose.roles import with_roles
from checks.text.prose.urls import urls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.text.endpoint import Endpoint
    from checks.text.prose.candidate import Reader

MAX_ENDPOINTS = 1000
"""So many endpoints of one text are reported; the rest of it is not read."""


def scan(text: str, known: tuple[Endpoint, ...] = ()) -> tuple[Endpoint, ...]:
    """Find the endpoints of a running text.

    Arguments:
        text: any text without control sequences, any number of lines.
        known: endpoints that were read already, as the cells of a table are, with their roles.

    Returns:
        the endpoints in the order of the text, without overlaps, at most
        :data:`MAX_ENDPOINTS` of them.
    """
    taken = bytearray(len(text))
    found = [Candidate(endpoint) for endpoint in known[:MAX_ENDPOINTS]]
    for endpoint in known[:MAX_ENDPOINTS]:
        first, last = endpoint.span
        taken[first:last] = b"\x01" * (last - first)
    lower = text.lower()
    for door in _DOORS:
        if door.marks and not has_any(lower, door.marks):
            continue
        for item in door.reader(text):
            first, last = item.endpoint.span
            if first < last and not any(taken[first:last]):
                taken[first:last] = b"\x01" * (last - first)
                found.append(item)
                if len(found) >= MAX_ENDPOINTS:
                    return with_roles(text, _in_order(found))
    return with_roles(text, _in_order(found))


def _in_order(found: list[Candidate]) -> tuple[Endpoint, ...]:
    strong = [item for item in found if not item.weak] or found
    return tuple(sorted((item.endpoint for item in strong), key=lambda e: e.span))


_ANY_HOST = (hosts.IPV4, hosts.IPV6, hosts.NAME)
_ADDRESSES = (hosts.IPV4, hosts.IPV6)


class Door(NamedTuple):
    """A reader, and what is in every text that it finds something in.

    Arguments:
        reader: that is asked.
        marks: one of them is in such a text, in lower case; none where any text may have some.
    """

    reader: Reader
    marks: tuple[str, ...] = ()


_QUOTES = ("'", '"')
_DOORS: tuple[Door, ...] = (
    Door(notations.read),
    Door(urls, ("//",)),
    Door(defaults.read, defaults.MARKS),
    Door(pairs.pairs(pairs.TUPLE, "tuple", _ANY_HOST), _QUOTES),
    Door(pairs.pairs(pairs.OPTIONS, "keywords", _ANY_HOST), ("-h", "--host")),
    Door(
        pairs.pairs(pairs.SERVER_COMMA, "keywords", _ANY_HOST), ("server=", "server =", "source=")
    ),
    Door(pairs.pairs(pairs.STRACE, "keywords", _ADDRESSES), ("htons(",)),
    Door(pairs.pairs(pairs.PACKET, "keywords", _ADDRESSES), ("dst=",)),
    Door(pairs.pairs(pairs.HASH, "plain", _ADDRESSES), ("#",)),
    Door(pairs.commands),
    Door(pairs.command_lines, commandline.MARKS),
    Door(ported.read, ported.MARKS),
    Door(glued, (": ", ":\t", *(f"{quote}:" for quote in "\"'`"))),
    Door(literals.brackets, ("[",)),
    Door(pairs.bracketed, ("]:",)),
    Door(literals.ipv6s, (":",)),  # before IPv4, which may be the end of an IPv6 address
    Door(literals.ipv4s, (".",)),
    Door(literals.wildcards, ("*",)),
    Door(names.names_with_port, (":",)),
    Door(names.names_alone, names.MARKS),
    Door(ports.read, ports.MARKS),
)
"""In order of precedence: what one reader took, a later one leaves alone."""
