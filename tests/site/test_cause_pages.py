"""Each cause, and each line of a tool, leads to a section that is there."""

from __future__ import annotations

import re
from functools import cache

import site_sources
from cases import each
from markdown.extensions.toc import slugify, unique
from site_sources import Source

from checks.causes import RULES
from checks.report.guides import GUIDES

_HEADING = re.compile(r"^#{1,6} +(.+?)(?: *\{ *:?#([\w-]+)[^}]*\})?$", re.MULTILINE)
_MARKUP = re.compile(r"`|\*|\[([^\]]*)\]\([^)]*\)")


@cache
def pages() -> dict[str, Source]:
    """Every page by its path; made by the first test that asks."""
    return {page.path: page for page in [*site_sources.typed(), *site_sources.generated()]}


def _page(address: str) -> Source | None:
    """The page of a cause's address: a file, or the index of a folder."""
    name = address.partition("#")[0].strip("/")
    return pages().get(f"{name}.md") or pages().get(f"{name}/index.md")


def anchors(page: Source) -> set[str]:
    """The anchors of a page's headings, as Python-Markdown gives them."""
    found: set[str] = set()
    for words, given in _HEADING.findall(page.prose):
        plain = _MARKUP.sub(lambda match: match[1] or "", words)
        found.add(given or unique(slugify(plain, "-"), found))
    return found


@each("address", sorted({rule.page for rule in RULES}))
def test_a_cause_leads_to_a_section_that_is_there(address: str) -> None:
    """The page is on the site, and the section that the address names is on the page."""
    _leads_to_a_section(address)


def _leads_to_a_section(address: str) -> None:
    page = _page(address)
    assert page is not None, f"no page for {address}"
    section = address.partition("#")[2]
    assert not section or section in anchors(page), sorted(anchors(page))


@each("address", sorted(page for _, page in GUIDES))
def test_the_line_of_a_tool_leads_to_a_section_that_is_there(address: str) -> None:
    """As above, for what is no error: a banner, or rows of netstat."""
    _leads_to_a_section(address)


def test_a_section_that_is_not_there_is_found() -> None:
    """Headings are read with their marks, and what no heading says is no anchor."""
    page = Source("a.md", "# `-L` and *more*\n\n## Two\n\n## Two\n\n## Three {#four}\n")
    assert anchors(page) == {"-l-and-more", "two", "two_1", "four"}
    assert _page("loopback/") is not None
    assert _page("loopback/nowhere/") is None
