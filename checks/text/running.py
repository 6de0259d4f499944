"""Running text, whole: its tables and settings, its endpoints, its errors, and who printed it.

Each reader has a module of its own; here stands only in which order they go. A
table's cells are endpoints before anything else reads them, and so are the values of
a command's options; an error is bound to an endpoint after both are known.
"""

from __future__ import annotations

from checks.text import banners, binding, errors, packets, prose, settings, tables
from checks.text.errors.folded import folded
from checks.text.reading import Reading


def read(text: str) -> Reading:
    """Read a text that is more than one word.

    Arguments:
        text: any text, any number of lines.
    """
    found = tables.read(text)
    rest = tables.masked(text, found)
    told = settings.read(rest)
    known = (*tables.endpoints(found), *settings.endpoints(told))
    endpoints = prose.scan(rest, known)
    words = folded(text)
    bound = binding.bind(text, errors.find(text, words), endpoints)
    bound = packets.errors(text, found, endpoints, bound) if found else bound
    banner = banners.find(text, words, endpoints, bound, tools=bool(found or told))
    return Reading("text", banners.with_role(endpoints, banner), bound, banner, found, told)


def with_tool(text: str, one: Reading) -> Reading:
    """Return the reading of a URL with the tool that printed it, where it tells one.

    Arguments:
        text: as it was pasted.
        one: how it was read.
    """
    return one._replace(banner=banners.find(text, folded(text), one.endpoints))
