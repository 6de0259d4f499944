"""The site's own steps of the MkDocs build; each is a function of a module beside this one.

What is general (the fences that are answered by a function, and the runtime that
answers them in the browser) is the plugin ``mkdocs_pyodide``. Here is what only
this site has: pages and tables made from ``checks``, the tags in the head of
each page that machines read, and the Content-Security-Policy.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
if str(ROOT) not in sys.path:  # MkDocs loads this file by its path, from anywhere
    sys.path.insert(0, str(ROOT))

from mkdocs.config.defaults import MkDocsConfig  # noqa: E402
from mkdocs.exceptions import PluginError  # noqa: E402
from mkdocs.plugins import event_priority, get_plugin_logger  # noqa: E402
from mkdocs.structure.files import File, Files  # noqa: E402
from mkdocs.structure.pages import Page  # noqa: E402

from mkdocs_pyodide import runtime  # noqa: E402
from tools.site import (  # noqa: E402
    aliases,
    csp,
    download,
    furniture,
    machine,
    pages,
    search,
    tables,
)  # fmt: skip

_COMMENT = re.compile(r"^[ \t]*<!-- fence: .*? -->[ \t]*\n", re.MULTILINE)
"""Tells the tests how a fence is run; nothing for a reader."""

EDIT = "edit/main/docs/"
"""Where a page is edited, below the repository that ``REPO_URL`` names; as GitHub has it."""
_log = get_plugin_logger("pagefind")

_copies: dict[str, tuple[Page, str]] = {}
_searched: list[search.Page] = []
_pagefind: list[bytes] = []
"""Pagefind's program, once; empty where it cannot be had."""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Append the reference section, which has no file of its own, and say where pages are edited.

    Raises:
        PluginError: where Python runs without docstrings, of which pages are made.
    """
    if sys.flags.optimize > 1:
        raise PluginError(
            "the reference is made of docstrings: unset PYTHONOPTIMIZE, leave out -OO"
        )
    config.edit_uri = EDIT if config.repo_url else None
    _copies.clear()
    _searched.clear()
    _obtain_pagefind()
    config.extra["search"] = bool(_pagefind)
    config.nav = [*(config.nav or []), {"Reference": pages.nav()}]
    return config


def _obtain_pagefind() -> None:
    if _pagefind:
        return
    try:
        _pagefind.append(search.obtain())
    except runtime.RuntimeMissingError as error:
        _log.warning("pages have no search: %s", " ".join(str(error).split()))
    except runtime.IntegrityError as error:
        raise PluginError(f"pagefind: {error}") from error


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages and files that are made from the code."""
    for path, content in sorted(pages.generated().items()):
        files.append(File.generated(config, path, content=content))
    for path, data in download.files(config.site_url or ""):
        files.append(File.generated(config, path, content=data))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, **_: Any) -> str:
    """Put the tables and the program in, take the tests' marks out."""
    source = page.file.src_uri
    expanded = tables.expand(_COMMENT.sub("", markdown), source)
    expanded = download.offered(expanded, source, config.site_url or "")
    _copies[source] = page, expanded
    return expanded


def on_page_content(html: str, page: Page, **_: Any) -> None:
    """Note what the search is to find."""
    if page.meta.get("search") is not False:
        words = aliases.of(page.url)
        _searched.append(search.Page(page.file.dest_uri, html, words))


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Add what machines read, then the policy, which counts every script before it."""
    made = furniture.furnished(machine.mended(machine.described(output, page, config)))
    return csp.protect(made)


def on_post_template(output_content: str, template_name: str, **_: Any) -> str:
    """Protect the page that is shown where there is none."""
    if template_name != "404.html":
        return output_content
    return csp.protect(machine.mended(output_content))


@event_priority(50)
def on_post_build(config: MkDocsConfig) -> None:
    """Write the Markdown copy of each page, their index, and what the search loads.

    Before the service worker is written, whose version stands for every file.

    Raises:
        PluginError: the index cannot be made.
    """
    site = Path(config.site_dir)
    machine.write(site, config, list(_copies.values()))
    if not _pagefind:
        return
    try:
        search.write(site, _searched, _pagefind[0])
    except runtime.RuntimeMissingError as error:
        raise PluginError(f"pagefind: {error}") from error
