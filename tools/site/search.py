"""A smaller search index, fetched by the first search: it holds what people search for, once.

As the theme has it every visit fetches the index, and a worker sorts it, beside
whatever else the visitor came for. Transcripts repeat what the text around them
says, lists of sources and of related findings repeat other pages' titles, and
the long reference tables are found by their headings; what stands in their rows
is found on the page itself.
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
    "reference/findings/": 180,
    "reference/json/": 80,
}
"""Pages of which each section keeps its title and so many characters of its text."""

MOST = 900
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


_FULL = "search/search_index.json"
EMPTY = "search/search_setup.json"
"""What a page fetches instead: how to search, and nothing to find."""

_QUERY = re.compile(
    r"(?P<made>\w+)=new (?P<kind>\w+)\((?P<message>\w+)\.data\),\{type:1\};"
    r"case 2:let (?P<query>\w+)=(?P=message)\.data;try\{"
)
"""Where the theme's worker has made its index, and where it is asked."""


def mend(site: Path) -> None:
    """Mend the search of the theme's worker; one that has no such line is left alone."""
    for path in (site / "assets/javascripts/workers").glob("search.*.js"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(*_LUNR), encoding="utf-8")


def defer(site: Path) -> bool:
    """Let the index be fetched when something is first searched, by the worker that needs it.

    Arguments:
        site: the folder of the built site.

    Returns:
        whether it was done: a theme that is written otherwise is left as it is, and its
        pages fetch the index at once.
    """
    workers = list((site / "assets/javascripts/workers").glob("search.*.js"))
    bundles = list((site / "assets/javascripts").glob("bundle.*.js"))
    if len(workers) != 1 or len(bundles) != 1:
        return False
    worker, bundle = (each[0].read_text(encoding="utf-8") for each in (workers, bundles))
    found = _QUERY.search(worker)
    if found is None or bundle.count(f'"{_FULL}"') != 1:
        return False
    name = found["made"]
    fetched = (
        f'if({found["query"]})yield self.whole??=fetch(new URL("../../../{_FULL}",location))'
        ".then(one=>one.json())"
        f".then(one=>{{{name}=new {found['kind']}({{...self.setup,docs:one.docs}})}})"
        ".catch(one=>{self.whole=void 0;throw one});"
    )
    told = f"self.setup={found['message']}.data,"  # the theme's own settings, kept for later
    made = worker[: found.start()] + told + found.group() + fetched + worker[found.end() :]
    workers[0].write_text(made, encoding="utf-8")
    bundles[0].write_text(bundle.replace(f'"{_FULL}"', f'"{EMPTY}"'), encoding="utf-8")
    config = json.loads((site / _FULL).read_text(encoding="utf-8"))["config"]
    setup = json.dumps({"config": config, "docs": []}, separators=(",", ":"))
    (site / EMPTY).write_text(setup, encoding="utf-8")
    return True


def write(site: Path) -> None:
    """Make the built site's index smaller, fetched late, and what reads it right.

    Arguments:
        site: the folder of the built site; one without a search is left alone.
    """
    path = site / _FULL
    if path.is_file():
        made = slim(json.loads(path.read_text(encoding="utf-8")))
        path.write_text(json.dumps(made, separators=(",", ":")), encoding="utf-8")
        mend(site)
        defer(site)
