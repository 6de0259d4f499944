"""Running text, whole: its tables, its endpoints, its errors, and the tool that printed it.

Each reader has a module of its own; here stands only in which order they go. A
table's cells are endpoints before anything else reads them; an error is bound to
an endpoint after both are known.
"""

from __future__ import annotations

from checks.text import banners, binding, errors, prose, tables
from checks.text.reading import Reading


def read(text: str) -> Reading:
    """Read a text that is more than one word.

    Arguments:
        text: any text, any number of lines.
    """
    found = tables.read(text)
    endpoints = prose.scan(tables.masked(text, found), tables.endpoints(found))
    bound = binding.bind(text, errors.find(text), endpoints)
    banner = banners.find(text, endpoints)
    return Reading("text", endpoints, bound, banner, found)
