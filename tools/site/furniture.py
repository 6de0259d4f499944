"""What each page has of the site's own: buttons below a field and on examples, places of filters.

The site's script gives them their work. They stand in the page from the build on, so that
nothing moves when it starts.
"""

from __future__ import annotations

import re

from tools.site import listings, stacking

LONG = 12
"""Rows; a shorter table is seen at a glance, a longer one gets a place for a filter."""

_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
FILTER = '<div class="lb-filterbar"></div>'
"""The place of a field that hides rows: of the table after it, or, where a page itself says it, of
all its tables."""

_CODE = re.compile(r"<pre><span></span>(?=<code)")
_COPY = (
    '<div class="md-code__nav"><button type="button" class="md-code__button"'
    ' title="Copy to clipboard" data-md-type="copy"></button></div>'
)

_FIELD = re.compile(r'<form class="pyodide" id="([^"]*)".*?</textarea>', re.DOTALL)
_MAIN = "classifier"
_TOOLS = """
<div class="pyodide-tools"{}><button type="button" class="lb-button" data-does="command"\
 title="The command line that asks your own machine about this">Copy command</button>\
<button type="button" class="lb-button" data-does="link">Copy link</button>\
<button type="button" class="lb-button" data-does="document">Copy JSON</button>\
<button type="button" class="lb-button" data-does="clear">Clear</button></div>"""
"""Below a field; the site's script gives the buttons their work. Only those of a page's own box
are seen before somebody goes there."""


def furnished(output: str) -> str:
    """Return a page with copy buttons on examples, buttons below its field, and places of filters.

    Examples in columns are marked, an address in them has one colour, and wide
    tables are ready to be stacked.

    Arguments:
        output: the HTML of a page. Where it says itself where the filter of all its tables
            is, no table gets one of its own.
    """
    output = _FIELD.sub(_equipped, output)
    if FILTER not in output:
        output = _TABLE.sub(_filtered, output)
    return _CODE.sub(rf"\g<0>{_COPY}", listings.prepared(stacking.stacked(output)))


def _equipped(found: re.Match[str]) -> str:
    return found.group() + _TOOLS.format("" if found[1] == _MAIN else " hidden")


def _filtered(found: re.Match[str]) -> str:
    table = found.group()
    rows = table.count("<tr") - table.partition("</thead>")[0].count("<tr")
    return table if rows < LONG else FILTER + table
