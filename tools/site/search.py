"""A smaller search index: it holds what people search for, once.

Transcripts repeat what the text around them says, lists of sources and of related findings repeat
other pages' titles, and the long reference tables are found by their headings;
what stands in their rows is found on the page itself.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

REPEATING = frozenset(("Sources", "Related findings"))
"""Titles of sections whose text stands elsewhere."""

BEGINNINGS = {
    "reference/api/": 80,
    "reference/blocks/": 80,
    "reference/causes/": 90,
    "reference/cli/": 160,
    "reference/errors/": 120,
    "reference/findings/": 180,
    "reference/json/": 80,
}
"""Pages of which each section keeps its title and so many characters of its text."""

MOST = 800
"""Characters that every other section keeps: what it is about stands at its beginning."""

_BLOCK = re.compile(r"<pre\b.*?</pre>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def slim(index: dict[str, Any]) -> dict[str, Any]:
    """Return an index of the search plugin without what it can do without.

    Arguments:
        index: as ``search/search_index.json`` has it: ``config``, and ``docs``
            with ``location``, ``title`` and ``text`` each.
    """
    kept = [_slim(each) for each in index["docs"] if each["title"] not in REPEATING]
    return {**index, "docs": kept}


def _slim(document: dict[str, Any]) -> dict[str, Any]:
    text = " ".join(_TAG.sub(" ", _BLOCK.sub("", document["text"])).split())
    place = document["location"]
    most = next((most for start, most in BEGINNINGS.items() if place.startswith(start)), MOST)
    if len(text) > most:
        text = text[:most].rpartition(" ")[0]
    return {**document, "text": text}


_LUNR = ("e=e+s+o.id}return e", 'e=e+s+o.id+","}return e')
"""How lunr 2.3 names a node of its set of words: edge "1" to node 23 is then not edge "12" to 3.

Without the comma it takes different nodes for the same where words hold digits, as
addresses and ports do; it then finds words that are not there ("fec1"), and fails.
"""


def mend(site: Path) -> None:
    """Mend the search of the theme's worker; one that has no such line is left alone."""
    for path in (site / "assets/javascripts/workers").glob("search.*.js"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(*_LUNR), encoding="utf-8")


def write(site: Path) -> None:
    """Make the built site's index smaller, and what reads it right.

    Arguments:
        site: the folder of the built site; one without a search is left alone.
    """
    path = site / "search/search_index.json"
    if path.is_file():
        made = slim(json.loads(path.read_text(encoding="utf-8")))
        path.write_text(json.dumps(made, separators=(",", ":")), encoding="utf-8")
        mend(site)
