"""What is done to a finished page: its script element, its addresses relative to the root."""

from __future__ import annotations

import html
import re

ROOT = "site:"
"""Begins an address that is relative to the root of the site."""

SCRIPT = re.compile(r"<script\b[^>]*\bdata-pyodide-client\b[^>]*></script>\n?", re.I)
WAITED_FOR = r"""<(?:link\b[^>]*\brel=["']?stylesheet\b|style\b|script\b|/head\b)"""
ADDRESS = re.compile(r'(<(?:a|form)\s(?:[^<>]*\s)?(?:href|data-base)=")site:([^"]*)')
"""Only inside a tag: the text of a page, where ``<`` is escaped, may speak of such links."""


def relative_base(path: str) -> str:
    """How a page at *path* (``a/b/index.html`` or ``a/b/``) addresses the root: ``../../``."""
    return "../" * path.count("/") or "./"


def resolve(text: str, base: str) -> str:
    """Replace ``site:`` in the links of the HTML by the base."""
    return ADDRESS.sub(lambda match: match[1] + html.escape(base) + match[2], text)


def addresses(text: str) -> list[str]:
    """The paths that the HTML names relative to the root, without query and fragment."""
    found = (html.unescape(match[2]) for match in ADDRESS.finditer(text))
    return [re.split(r"[?#]", address)[0] for address in found]


def with_script(text: str, source: str) -> str:
    """The page with exactly one script element for the client.

    It stands before the first style sheet or script, for these make those after them wait.
    """
    address = html.escape(source)
    element = f'<script type="module" async data-pyodide-client src="{address}"></script>'
    text = SCRIPT.sub("", text)
    for mark in (WAITED_FOR, r"</head\s*>", r"</body\s*>", r"</html\s*>"):
        if found := re.search(mark, text, re.I):
            return f"{text[: found.start()]}{element}\n{text[found.start() :]}"
    return f"{text}{element}\n"
