"""Links to guides, from the address that the checks have of them.

A finding and a cause name the page that helps as the answers show it, below the root of the
site: ``troubleshooting/in-use/#find-the-owner``. The words of the link are those of the page.
"""

from __future__ import annotations

import re
from pathlib import Path

from tools.site.markup import escape, link, relative, slug

DOCS = Path(__file__).parents[2] / "docs"

_HEADING = re.compile(r"^#{1,4} +(.+?)(?: *\{ *#([\w-]+) *\})?$", re.MULTILINE)
_FENCE = re.compile(r"^( *)(`{3,})[^\n]*\n.*?^ *\2 *$", re.DOTALL | re.MULTILINE)


def guide(address: str, page: str) -> str:
    """Return the link to a guide: title of the page, and of its section where one is named.

    Arguments:
        address: of the page below the root of the site, ending in a slash, with an anchor
            if wanted.
        page: the path below docs of the page that has the link.

    Raises:
        ValueError: there is no such page, or no such section on it.
    """
    name, _, section = address.partition("#")
    path = next((one for one in _paths(name.strip("/")) if (DOCS / one).is_file()), None)
    found = headings((DOCS / path).read_text(encoding="utf-8")) if path else {}
    if path is None or (section and section not in found):
        raise ValueError(f"no guide at {address}")
    title = next(iter(found.values()))
    words = f"{title}: {found[section]}" if section else title
    return link(escape(words), relative(path, page) + (f"#{section}" if section else ""))


def _paths(name: str) -> tuple[str, str]:
    return f"{name}.md", f"{name}/index.md".lstrip("/")


def headings(markdown: str) -> dict[str, str]:
    """Return the headings of a page by their anchors, the title of the page first."""
    found = {}
    for words, given in _HEADING.findall(_FENCE.sub("", markdown)):
        plain = re.sub(r"[`*]|\[|\]\([^)]*\)", "", words)
        found[given or slug(plain)] = plain
    return found
