"""A Markdown extension: fences and code spans that a Python function answers.

A fence becomes a form with the text in a field and the function's HTML below
it; a code span with the fence's name in braces becomes a link to the page where
the text can be changed. Fences are found before any other extension sees them,
at every indentation, so that they work inside admonitions and tabs.
"""

from __future__ import annotations

import html
import re
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from xml.etree import ElementTree

from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.util import AtomicString

from mkdocs_pyodide.pages import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from markdown import Markdown

LABEL = "Text"
"""Above a field whose site names nothing better."""

BEFORE_FENCES = 28
"""Priority: after white space is normalized (30), before fences of others (25), raw HTML (20)."""

BEFORE_CODE = 192
"""Priority: before code spans (190), which would take the text."""

OPENING = re.compile(r"^(?P<indent>[ >]*)(?P<marks>`{3,}|~{3,})[ ]*(?P<info>[^`]*)$")
OPTION = re.compile(r"""(\w+)=(?:"([^"]*)"|'([^']*)'|(\S+))\s*""")
NAME = re.compile(r"[A-Za-z][\w-]*")


class FenceError(ValueError):
    """A fence that cannot be understood."""


class Fences(Preprocessor):
    """Replaces the fences by their forms.

    Arguments:
        md: the converter.
        functions: name of a fence to the name of its function and the function.
        label: text above a field.
    """

    def __init__(
        self, md: Markdown, functions: Mapping[str, tuple[str, Callable[[str], str]]], label: str
    ) -> None:
        super().__init__(md)
        self.functions = functions
        self.label = label
        self.counts: dict[str, int] = {}

    def run(self, lines: list[str]) -> list[str]:
        """Called once with all lines of a page."""
        done: list[str] = []
        position = 0
        while position < len(lines):
            opening = OPENING.match(lines[position])
            end = _closing(lines, position, opening) if opening else None
            if opening is None or end is None:
                done.append(lines[position])
                position += 1
                continue
            name = opening["info"].split(" ", 1)[0]
            if name in self.functions:
                inside = _dedent(lines[position + 1 : end], opening["indent"])
                form = self.form(name, opening["info"][len(name) :], "\n".join(inside))
                blank = opening["indent"].rstrip()
                stashed = self.md.htmlStash.store(form)
                done += [blank, opening["indent"] + stashed, blank, blank]
            else:
                done += lines[position : end + 1]
            position = end + 1
        return done

    def form(self, name: str, info: str, text: str) -> str:
        """The form of one fence.

        Arguments:
            name: of the fence.
            info: its options, as written.
            text: what it holds.
        """
        function, answer = self.functions[name]
        options = parse_options(info)
        identity = options.get("id") or self._number(name)
        rows = options.get("rows") or str(text.count("\n") + 1)
        label = html.escape(options.get("label", self.label))
        return (
            f'<form class="pyodide" id="{identity}" data-function="{function}" '
            f'data-base="{ROOT}">\n'
            f'<label class="pyodide-label" for="{identity}-input">{label}</label>\n'
            f'<textarea class="pyodide-input" id="{identity}-input" name="q" rows="{rows}" '
            'spellcheck="false" autocapitalize="off" autocomplete="off">'
            # HTML drops a newline at the start of the field.
            f"{chr(10) if text.startswith(chr(10)) else ''}{html.escape(text)}</textarea>\n"
            f'<div class="pyodide-answer" id="{identity}-answer" data-state="rendered" '
            f'aria-live="polite">{answer(text)}</div>\n</form>'
        )

    def _number(self, name: str) -> str:
        self.counts[name] = self.counts.get(name, 0) + 1
        return f"{name}-{self.counts[name]}"


class Span(InlineProcessor):
    """Makes a link of a code span that ends in the fence's name: `` `text`{check} ``.

    Arguments:
        name: in the braces.
        page: address of the page with the field, relative to the site's root.
        md: the converter.
    """

    def __init__(self, name: str, page: str, md: Markdown) -> None:
        super().__init__(rf"(?<![\\`])(`+)(.+?)(?<!`)\1(?!`)\{{{re.escape(name)}\}}", md)
        self.page = page

    def handleMatch(  # type: ignore[override]  # noqa: N802  # its name in the library
        self, match: re.Match[str], _data: str
    ) -> tuple[ElementTree.Element, int, int]:
        """The link, and where in the text it stood."""
        text = match[2].strip()
        link = ElementTree.Element("a", {"class": "pyodide-link"})
        link.set("href", f"{ROOT}{self.page}#q={quote(text, safe='')}")
        code = ElementTree.SubElement(link, "code")
        code.text = AtomicString(html.escape(text, quote=False))
        return link, match.start(0), match.end(0)


class PyodideExtension(Extension):
    """The extension. Options:

    Arguments:
        functions: name to ``module:function``.
        fences: name of a fence to the name of its function.
        inline: name in the braces of a code span; none: no links.
        page: where links lead, relative to the site's root.
        label: text above a field.
    """

    def __init__(self, **options: Any) -> None:
        self.config = {
            "functions": [{}, "name to module:function"],
            "fences": [{}, "name of a fence to the name of its function"],
            "inline": ["", "name in the braces of a code span"],
            "page": ["", "where links lead, relative to the root of the site"],
            "label": [LABEL, "text above a field"],
        }
        super().__init__(**options)
        targets = self.getConfig("functions")
        self.functions = {
            fence: (name, load(targets[name])) for fence, name in self.getConfig("fences").items()
        }
        self.fences: Fences | None = None

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  # its name in the library
        """Register the parts."""
        md.registerExtension(self)
        self.fences = Fences(md, self.functions, self.getConfig("label"))
        md.preprocessors.register(self.fences, "pyodide_fences", BEFORE_FENCES)
        inline = self.getConfig("inline")
        if inline:
            span = Span(inline, self.getConfig("page"), md)
            md.inlinePatterns.register(span, "pyodide_span", BEFORE_CODE)

    def reset(self) -> None:
        """A page begins: fences are numbered anew."""
        if self.fences is not None:
            self.fences.counts.clear()


def makeExtension(**options: Any) -> PyodideExtension:  # noqa: N802  # found by this name
    """What Python-Markdown calls for ``mkdocs_pyodide.fence``."""
    return PyodideExtension(**options)


def load(target: str) -> Callable[[str], str]:
    """The function that ``module:name`` names.

    Raises:
        ImportError, AttributeError: there is none.
    """
    module, _, name = target.partition(":")
    found: Callable[[str], str] = getattr(import_module(module), name)
    return found


def parse_options(info: str) -> dict[str, str]:
    """The options ``id=``, ``rows=`` and ``label=`` of a fence.

    Raises:
        FenceError: something else stands there.
    """
    options: dict[str, str] = {}
    rest = info.strip()
    while rest:
        found = OPTION.match(rest)
        if found is None:
            raise FenceError(f'a fence has the option "{rest}"; expected name=value')
        options[found[1]] = found[2] or found[3] or found[4] or ""
        rest = rest[found.end() :]
    unknown = options.keys() - {"id", "rows", "label"}
    if unknown:
        raise FenceError(f"a fence has no option {', '.join(sorted(unknown))}")
    if not NAME.fullmatch(options.get("id", "x")):
        raise FenceError(f'id="{options["id"]}" is no name')
    if not re.fullmatch(r"[1-9]\d?", options.get("rows", "1")):
        raise FenceError(f'rows="{options["rows"]}" is no number from 1 to 99')
    return options


def _closing(lines: list[str], start: int, opening: re.Match[str]) -> int | None:
    """The line that closes the fence, or None where it stays open."""
    marks = opening["marks"]
    closing = re.compile(rf"^[ >]*{re.escape(marks[0])}{{{len(marks)},}}[ ]*$")
    depth = len(opening["indent"])
    for position in range(start + 1, len(lines)):
        line = lines[position]
        if closing.match(line) and len(line) - len(line.lstrip(" >")) <= depth + 3:
            return position
    return None


def _dedent(lines: list[str], indent: str) -> list[str]:
    """The lines without the indentation of their fence."""
    return [
        line[len(indent) :] if line.startswith(indent) else line.lstrip(" ") if indent else line
        for line in lines
    ]
