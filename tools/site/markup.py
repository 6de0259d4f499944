"""Markdown out of data: nothing that comes from a table may become markup by itself.

The pages are read as Python-Markdown with pymdownx reads them. What is data is
escaped where it is written, so that ``*:8080``, ``<any>`` and ``a | b`` come out as
they went in, in the page as well as in its Markdown copy.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from checks.model import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SYSTEMS = {
    **words.SYSTEMS,
    "solaris": "Solaris, illumos",
    "node": "Node.js",
    "fetch": "Fetch standard",
    "firefox": "Firefox",
}
"""How a system or program of the checks' tables is written on a page."""

_SPECIAL = re.compile(r"[\\`*{}\[\]|]")
_UNDERSCORE = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
# Marks of pymdownx extensions, which mean something only when doubled or beside a letter.
_EXTENSIONS = str.maketrans({"~": "&#126;", "^": "&#94;"})
_LINE_START = re.compile(r"^(\s*)([#+\-]|\d+[.)])(?=\s|$)", re.MULTILINE)
_CODE = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)


def escape(text: str) -> str:
    """Write a text so that Markdown shows it as it is.

    Arguments:
        text: anything; line breaks are kept.

    Returns:
        Markdown without meaning of its own.
    """
    text = _SPECIAL.sub(r"\\\g<0>", text.translate(_ENTITIES))
    text = _UNDERSCORE.sub(r"\\_", text).translate(_EXTENSIONS)
    text = text.replace("==", "&#61;&#61;").replace("++", "&#43;&#43;").replace("--8", "&#45;-8")
    return _LINE_START.sub(_escape_start, text)


def _escape_start(match: re.Match[str]) -> str:
    space, mark = match[1], match[2]
    return f"{space}{mark[:-1]}\\{mark[-1]}"


def prose(text: str) -> str:
    """Write a text of the checks, whose only markup is code between backticks.

    Arguments:
        text: of a docstring: paragraphs and lists; what stands between
            backticks stays code, the rest is escaped. List marks at the start
            of a line stay list marks.
    """
    parts, end = [], 0
    for match in _CODE.finditer(text):
        parts += [_plain(text[end : match.start()]), re.sub(r"\s*\n\s*", " ", match[0])]
        end = match.end()
    return "".join([*parts, _plain(text[end:])])


def _plain(text: str) -> str:
    return re.sub(r"^(\s*)\\-(?= )", r"\1-", escape(text), flags=re.MULTILINE)


def code(text: str) -> str:
    """Write a text as inline code, with a fence longer than the backticks in it."""
    text = " ".join(text.split("\n")) or " "
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if longest else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def fence(text: str, language: str = "text") -> str:
    """Write lines as a block of code, with a fence longer than any in it."""
    longest = max((len(run) for run in re.findall("^`+", text, re.MULTILINE)), default=0)
    marks = "`" * max(3, longest + 1)
    body = text.rstrip("\n")
    return f"{marks}{language}\n{body}\n{marks}"


def link(text: str, target: str) -> str:
    """Write a link; *text* is Markdown already, *target* an address or a path."""
    target = target.replace(" ", "%20").replace("(", "%28").replace(")", "%29")
    return f"[{text}]({target})"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], align: str = "") -> str:
    """Write a table.

    Arguments:
        head: titles of the columns, as Markdown.
        rows: cells, as Markdown on one line each; data is to be escaped by
            :func:`escape` or :func:`code`.
        align: a letter for each column, ``l`` or ``r``; all left without it.
    """
    marks = {"l": "---", "r": "--:"}
    rule = [marks[letter] for letter in (align or "l" * len(head))]
    lines = [head, rule, *rows]
    width = {len(line) for line in lines}
    if len(width) != 1:
        raise ValueError(f"rows of different width: {sorted(width)} under {list(head)}")
    return "\n".join(f"| {' | '.join(cell or ' ' for cell in line)} |" for line in lines)


def cards(entries: Iterable[tuple[str, str, str]]) -> str:
    """Write links as cards.

    Arguments:
        entries: title as plain text, target, and a sentence about it as Markdown.
    """
    items = (f"- {link(escape(title), target)}\n\n    {says}" for title, target, says in entries)
    return '<div class="lb-doors" markdown>\n\n' + "\n\n".join(items) + "\n\n</div>"


def page(title: str, description: str, body: str, **meta: object) -> str:
    """Write a whole page.

    Arguments:
        title: plain text, the H1 and the title of the browser's tab.
        description: one sentence for search results.
        body: Markdown below the H1.
        meta: more front matter: ``search=False``.
    """
    front = {"title": title, "description": description, **meta}
    # JSON is YAML, and quotes whatever has to be quoted.
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in front.items()]
    return "\n".join(["---", *lines, "---", "", f"# {escape(title)}", "", body.strip("\n"), ""])


def sections(*parts: tuple[str, str]) -> str:
    """Join (heading, Markdown) pairs as ``##`` sections; a part without text is left out."""
    return "\n\n".join(f"## {heading}\n\n{text.strip()}" for heading, text in parts if text.strip())


def indent(text: str) -> str:
    """Move lines in by four spaces, as tabs, admonitions and list items ask for."""
    return "\n".join(f"    {line}" if line.strip() else "" for line in text.splitlines())


def slug(text: str) -> str:
    """Write an anchor: lower case, words joined by hyphens (as Markdown's toc does)."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", text).strip().lower())


_RFC = re.compile(r"\bRFC (\d+)(?: §([0-9A-Z][0-9.A-Z]*))?")


def rfc(text: str) -> str:
    """Write a text of the checks with each ``RFC 1122 §3.2.1.3`` in it as a link."""
    return _RFC.sub(
        lambda match: link(
            match[0].replace(" ", "\u00a0"), f"https://www.rfc-editor.org/info/rfc{match[1]}"
        ),
        escape(text),
    )


def number(value: int) -> str:
    """Write a count with commas: 65,536."""
    return f"{value:,}"


def yes_no(flag: bool | None) -> str:
    """Write a registry's cell: true, false or n/a."""
    return "n/a" if flag is None else "true" if flag else "false"


def relative(target: str, page: str) -> str:
    """Write the link from one page to another.

    Arguments:
        target: a path below docs, with an anchor if wanted: ``reference/cli.md``.
        page: the path of the page that has the link, below docs.
    """
    here, there = page.split("/")[:-1], target.split("/")
    while here and len(there) > 1 and here[0] == there[0]:
        here, there = here[1:], there[1:]
    return "/".join([".."] * len(here) + there)
