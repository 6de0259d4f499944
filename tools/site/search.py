"""A smaller search index: every visit fetches it, so it holds what people search for, once.

Transcripts repeat what the text around them says, lists of sources and of
related findings repeat other pages' titles, and the long reference tables are
found by their headings; what stands in their rows is found on the page itself.
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
    "reference/cli/": 160,
    "reference/errors/": 120,
    "reference/findings/": 220,
    "reference/json/": 80,
}
"""Pages of which each section keeps its title and so many characters of its text."""

MOST = 700
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


def write(site: Path) -> None:
    """Make the built site's index smaller.

    Arguments:
        site: the folder of the built site; one without a search is left alone.
    """
    path = site / "search" / "search_index.json"
    if path.is_file():
        made = slim(json.loads(path.read_text(encoding="utf-8")))
        path.write_text(json.dumps(made, separators=(",", ":")), encoding="utf-8")
