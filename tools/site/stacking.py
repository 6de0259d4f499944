"""Tables that are too wide for a phone: their rows become cards there, a line for each cell.

The build says which ones, and gives each cell the title of its column; the style
sheet does the rest below a width. So that they stay tables for a screen reader,
whatever the style sheet makes of them, their parts have their roles written.
"""

from __future__ import annotations

import html
import re

ROOM = 358
"""Pixels of the text on a phone's page."""
PAD = 14
LETTER = 7.6
CODE = 7.8
"""Pixels: what a cell has around it, and a letter of its text and of its code."""
LAST = 110
"""Pixels that the last column asks for at most: its words may break."""
PROSE = 64
"""Letters; four columns whose longest cells have more together are not read side by side."""
LONG = 30
"""Rows; a table with as many is laid out when it comes near."""

_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_ROW = re.compile(r"<tr>.*?</tr>", re.DOTALL)
_CELL = re.compile(
    r"<(?P<tag>t[hd])(?P<rest>(?: align=\"\w+\")?)>(?P<inside>.*?)</t[hd]>", re.DOTALL
)
_CODE = re.compile(r"<code\b[^>]*>(.*?)</code>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def stacked(output: str) -> str:
    """Return a page whose wide tables are ready to be stacked on a phone.

    A long one gets a box, and the style sheet leaves the box out of the layout until it comes
    near: the table itself has no size of its own that would let it (CSS Containment 2 §3.1).

    Arguments:
        output: the HTML of a page. A table with an attribute is not touched.
    """
    return _TABLE.sub(lambda found: _boxed(_stacked(found.group())), output)


def _boxed(table: str) -> str:
    if table.count("</tr>") < LONG:
        return table
    return f'<div class="lb-long">{table}</div>'


def _stacked(table: str) -> str:
    rows = [[_Cell(found) for found in _CELL.finditer(row)] for row in _ROW.findall(table)]
    if len(rows) < 2 or len({len(row) for row in rows}) != 1 or fits(rows):
        return table
    titles = [cell.text for cell in rows[0]]
    made = re.sub(r"<(thead|tbody)>", r'<\1 role="rowgroup">', table)
    made = _ROW.sub(lambda found: _row(found.group(), titles), made)
    return made.replace("<table>", '<table data-stack role="table">', 1)


def _row(row: str, titles: list[str]) -> str:
    left = iter(titles)

    def cell(found: re.Match[str]) -> str:
        title = html.escape(next(left))
        if found["tag"] == "th":
            return f'<th role="columnheader"{found["rest"]}>{found["inside"]}</th>'
        return f'<td role="cell" data-title="{title}"{found["rest"]}>{found["inside"]}</td>'

    return _CELL.sub(cell, row).replace("<tr>", '<tr role="row">', 1)


class _Cell:
    """A cell, and how wide it is at least and at most."""

    def __init__(self, found: re.Match[str]) -> None:
        inside = found["inside"]
        self.text = _plain(inside)
        whole = [_plain(code) for code in _CODE.findall(inside)]
        words = _plain(_CODE.sub(" ", inside)).split()
        self.least = max(
            [len(code) * CODE for code in whole] + [len(word) * LETTER for word in words],
            default=0.0,
        )


def fits(rows: list[list[_Cell]]) -> bool:
    """Whether a table can be read side by side on a phone.

    Arguments:
        rows: all rows, with the head.
    """
    columns = list(zip(*rows, strict=True))
    least = [max(cell.least for cell in column) + PAD for column in columns]
    most = sum(max(len(cell.text) for cell in column) for column in columns)
    least[-1] = min(least[-1], LAST)
    return sum(least) <= ROOM and (len(columns) < 4 or most <= PROSE)


def _plain(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", text)).split())
