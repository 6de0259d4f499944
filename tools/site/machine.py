"""What machines read of the site: descriptions in each head, Markdown copies, llms.txt.

Open Graph (https://ogp.me/), JSON-LD of schema.org (TechArticle, BreadcrumbList),
and the convention of https://llmstxt.org/: an index in Markdown, and beside each
page its source as ``index.md``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.nav import Section
from mkdocs.structure.pages import Page

CARD = "assets/img/card.png"
"""The picture that a link to any page is shown with: 1200 by 630 pixels."""

LANGUAGE = "en"

_MENU = re.compile(
    r'(<nav class="md-nav" data-md-level="\d+" aria-labelledby="__nav_[\d_]+)_label"'
)
_AHEAD = re.compile(r'\s*<link rel="(?:prev|next)"[^>]*>')
_MENU_TITLE = re.compile(r'<label class="md-nav__title" for="(__nav_[\d_]+)"')


def described(output: str, page: Page, config: MkDocsConfig) -> str:
    """Return a page with the tags by which others describe it."""
    tags = "\n".join(_tags(page, config))
    # The theme writes the description as it stands, so a quotation mark would end it.
    raw = str(page.meta.get("description") or config.site_description)
    element = '<meta name="description" content="{}">'.format
    return output.replace(element(raw), element(escape(raw)), 1).replace(
        "</head>", f"{tags}\n</head>", 1
    )


def mended(output: str) -> str:
    """Return a page with what the theme leaves out for people who cannot see it.

    And without its hint at the next page: Firefox would fetch that ahead, which the
    policy forbids, and says so in its console on every page.
    """
    output = _AHEAD.sub("", output)
    # The menu of a section with a page of its own is named after a label without words.
    output = _MENU.sub(r'\1_title"', output)
    return _MENU_TITLE.sub(r'<label id="\1_title" class="md-nav__title" for="\1"', output)


def _tags(page: Page, config: MkDocsConfig) -> Iterator[str]:
    title = str(page.meta.get("title") or page.title or config.site_name)
    description = str(page.meta.get("description") or config.site_description)
    url = page.canonical_url or ""
    card = urljoin(str(config.site_url), CARD)
    for name, value in {
        "og:type": "website" if page.is_homepage else "article",
        "og:site_name": str(config.site_name),
        "og:title": title,
        "og:description": description,
        "og:url": url,
        "og:image": card,
        "og:image:alt": "A packet that leaves a machine's socket and comes back to it",
    }.items():
        yield f'<meta property="{name}" content="{escape(value)}">'
    yield '<meta name="twitter:card" content="summary_large_image">'
    # The copy is written beside the page whatever the form of its address. The theme takes a
    # plain rel="alternate" for the same site in another language, and looks for its sitemap.
    copy = f'type="text/markdown" title="Markdown" href="{_copy_name(page)}"'
    yield f'<link rel="alternate describedby" {copy}>'
    graph = {
        "@context": "https://schema.org",
        "@graph": [_article(title, description, url, card), *_breadcrumbs(page, config)],
    }
    # "</" could end the element early; JSON may escape the solidus (RFC 8259 §7).
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    yield f'<script type="application/ld+json">{text}</script>'


def _article(title: str, description: str, url: str, card: str) -> dict[str, Any]:
    return {
        "@type": "TechArticle",
        "headline": title,
        "description": description,
        "url": url,
        "image": card,
        "inLanguage": LANGUAGE,
        "license": "https://spdx.org/licenses/MIT.html",
    }


def _breadcrumbs(page: Page, config: MkDocsConfig) -> Iterator[dict[str, Any]]:
    if page.is_homepage:
        return
    steps = [(str(config.site_name), str(config.site_url))]
    for section in reversed(list(page.ancestors)):
        inside = section.children if isinstance(section, Section) else []
        index = next(filter(_is_index, inside), None)
        if index is not None and index is not page:
            steps.append((str(section.title), str(getattr(index, "canonical_url", ""))))
    steps.append((str(page.title), page.canonical_url or ""))
    yield {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": url}
            for place, (name, url) in enumerate(steps, 1)
        ],
    }


def _is_index(item: object) -> bool:
    return isinstance(item, Page) and item.is_index


def _copy_name(page: Page) -> str:
    """The address of the Markdown copy, relative to the page."""
    return "index.md" if page.url.endswith("/") or not page.url else f"{Path(page.url).stem}.md"


_ATTRIBUTES = re.compile(r"[ \t]*\{ [#.][\w# .-]*\}[ \t]*$", re.MULTILINE)
"""Anchors and classes at the end of a heading or below a paragraph: for the site alone."""


def write(site: Path, config: MkDocsConfig, copies: Sequence[tuple[Page, str]]) -> None:
    """Write the Markdown copy of every page, and ``llms.txt`` that lists them.

    Arguments:
        site: the folder of the built site.
        config: of the build.
        copies: each page with its Markdown, tables put in.
    """
    for page, markdown in copies:
        target = (site / page.file.dest_path).with_name(_copy_name(page))
        description = page.meta.get("description")
        head = f"> {description}\n\n" if description else ""
        text = _ATTRIBUTES.sub("", markdown.lstrip())
        target.write_text(f"{head}{text}", encoding="utf-8")
    lines = [f"# {config.site_name}", "", f"> {config.site_description}", ""]
    section = None
    for page, _ in sorted(copies, key=lambda each: _place(each[0])):
        name = _section(page)
        if name != section:
            lines += ["", f"## {name}", ""] if section else [f"## {name}", ""]
            section = name
        address = urljoin(str(page.canonical_url), _copy_name(page))
        described = page.meta.get("description")
        lines.append(f"- [{page.title}]({address})" + (f": {described}" if described else ""))
    (site / "llms.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _section(page: Page) -> str:
    above = list(page.ancestors)
    return str(above[-1].title) if above else "Start"


_ORDER = ("", "loopback", "ports", "uses", "security", "troubleshooting", "reference")


def _place(page: Page) -> tuple[int, int, str]:
    folder = page.file.src_uri.rpartition("/")[0]
    top = folder.partition("/")[0]
    place = _ORDER.index(top) if top in _ORDER else len(_ORDER)
    return place, len(folder), page.file.src_uri
