"""Listings: the blocks of code in a page, their columns and the addresses in them.

On a phone a long line of code goes on below. An output in columns is not readable
that way, so its lines scroll to the side; the site's style sheet does both. A
highlighter that takes the 127 of an address for a number leaves the rest of it
over: here an address becomes one piece again.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

NARROW = 44
"""Letters on a line of a phone's page; what is shorter needs neither."""

_BLOCK = re.compile(
    r'<div class="(?P<kind>language-[\w-]+) highlight">'
    r"(?P<open><pre><span></span><code[^>]*>)(?P<body>.*?)(?P<end></code></pre>)",
    re.DOTALL,
)
_TAG = re.compile(r"<[^>]*>")
_GAP = re.compile(r"\S {2,}\S")
_TYPED = re.compile(r"^(\$|>>>|\.\.\.|#|PS>) ")
_PIECE = re.compile(r'<span class="([^"]*)">([^<]*)</span>|([^<]+)')
_ADDRESS = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:[:/]\d{1,5})?(?![\w.]*\w)")


def prepared(output: str) -> str:
    """Return a page with each listing marked that has columns, and its addresses in one piece.

    Arguments:
        output: the HTML of a page.
    """
    return _BLOCK.sub(_prepared, output)


def _prepared(found: re.Match[str]) -> str:
    body = joined(found["body"])
    kind = f"{found['kind']} highlight"
    if columns(html.unescape(_TAG.sub("", body))):
        kind += " lb-columns"
    return f'<div class="{kind}">{found["open"]}{body}{found["end"]}'


def columns(text: str) -> bool:
    """Whether what a listing shows is set in columns and wider than a phone.

    Arguments:
        text: a listing as it is shown; what is typed in it does not count.
    """
    shown = [line for line in text.splitlines() if not _TYPED.match(line)]
    return max(map(len, shown), default=0) > NARROW and sum(map(_set, shown)) > 1


def _set(line: str) -> bool:
    return _GAP.search(line) is not None


def joined(body: str) -> str:
    """Return the HTML of a listing without a change of colour inside an IPv4 address.

    Arguments:
        body: text and spans, as Pygments writes them; with anything else in it, it is
            returned as it is.
    """
    pieces = [(found[1], found[2] or found[3] or "") for found in _PIECE.finditer(body)]
    if "".join(_written(*piece) for piece in pieces) != body:
        return body
    edges = [found.span() for found in _ADDRESS.finditer("".join(text for _, text in pieces))]
    return "".join(_written(*piece) for piece in _merged(pieces, edges))


def _merged(
    pieces: list[tuple[str | None, str]], edges: list[tuple[int, int]]
) -> Iterator[tuple[str | None, str]]:
    """The pieces again, and those that an address lies across as one without a class."""
    place = 0
    for name, text in pieces:
        end = place + len(text)
        across = [(a, b) for a, b in edges if a < end and place < b and not place <= a < b <= end]
        here = place
        for a, b in across:
            if here < a:
                yield name, text[here - place : a - place]
            yield None, text[max(a, place) - place : b - place]
            here = min(b, end)
        if here < end or not text:
            yield name, text[here - place :]
        place = end


def _written(name: str | None, text: str) -> str:
    return text if name is None else f'<span class="{name}">{text}</span>'
