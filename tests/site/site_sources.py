"""The pages as they are written: typed ones below ``docs/``, and those that code makes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from mkdocs.utils.meta import get_data
from mkdocs.utils.yaml import yaml_load

from tools.site import pages as made

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
SECTIONS = ("loopback", "ports", "uses", "security", "troubleshooting")
"""The folders of guides; ``reference`` is made by code."""

_FENCE = re.compile(r"^( *)(`{3,}|~{3,})[^\n]*\n.*?^ *\2[`~]*[ \t]*$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(
    r"(?<!!)\[((?:[^\[\]`]|`[^`]*`|\[[^\]]*\])*)\]\(\s*<?([^\s)>]+)>?(?:\s+\"[^\"]*\")?\)"
)
_SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)


class Link(NamedTuple):
    """A link as it is written: its words and its target."""

    words: str
    target: str


@dataclass(frozen=True)
class Source:
    """One page's Markdown.

    Arguments:
        path: below docs, with slashes.
        text: the whole file.
        generated: whether code has made it.
    """

    path: str
    text: str
    generated: bool = False

    @cached_property
    def _split(self) -> tuple[str, dict[str, Any]]:
        body, meta = get_data(self.text)
        return body, meta

    @property
    def body(self) -> str:
        """The Markdown below the front matter."""
        return self._split[0]

    @property
    def meta(self) -> dict[str, Any]:
        """The front matter."""
        return self._split[1]

    @cached_property
    def prose(self) -> str:
        """The body without fences and drawings."""
        return _SVG.sub("", _FENCE.sub("", self.body))

    @property
    def drawings(self) -> list[str]:
        """The inline drawings."""
        return _SVG.findall(self.body)

    @cached_property
    def links(self) -> list[Link]:
        """The links of the prose, those in tables too."""
        return [
            Link(" ".join(words.split()), target) for words, target in _LINK.findall(self.prose)
        ]

    def resolved(self, target: str) -> str:
        """The path below docs that a relative link leads to."""
        parts: list[str] = []
        for part in (PurePosixPath(self.path).parent / target.partition("#")[0]).parts:
            if part == "..":
                parts.pop()
            else:
                parts.append(part)
        return "/".join(parts)

    @property
    def sections(self) -> list[tuple[str, str]]:
        """The sections by their second-level headings, in order."""
        parts = re.split(r"^## +(.+?)(?: *\{.*\})?$", self.prose, flags=re.MULTILINE)
        return list(zip(parts[1::2], parts[2::2], strict=True))

    @property
    def is_guide(self) -> bool:
        """Whether it is a page of a section that is written by hand."""
        return self.path.split("/")[0] in SECTIONS


@cache
def typed() -> list[Source]:
    """The pages that are written by hand."""
    left_out = {DOCS / "templates"}
    return [
        Source(path.relative_to(DOCS).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(DOCS.rglob("*.md"))
        if not left_out & set(path.parents)
    ]


@cache
def made_files() -> dict[str, str]:
    """Everything that code makes, made once for all tests of a worker."""
    return made.generated()


@cache
def generated() -> list[Source]:
    """The pages that code makes."""
    return [
        Source(path, text, generated=True)
        for path, text in sorted(made_files().items())
        if path.endswith(".md")
    ]


def nav() -> list[str]:
    """The paths of the nav, in order: those of ``mkdocs.yml``, then those of the reference."""
    config = yaml_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    return [*_paths(config["nav"]), *_paths(made.nav())]


def _paths(entries: Any) -> list[str]:
    if isinstance(entries, str):
        return [entries]
    if isinstance(entries, dict):
        return [path for value in entries.values() for path in _paths(value)]
    return [path for entry in entries for path in _paths(entry)]
