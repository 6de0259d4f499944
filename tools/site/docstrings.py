"""What the docstrings of the checks say: of a function, of a record and of each field.

Fields are explained in two ways, both usual: in the class's ``Arguments:``, or by a
string below the field. The second is not kept at run time, so the source is read.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from functools import cache
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from tools.site.markup import prose

if TYPE_CHECKING:
    from collections.abc import Callable


class Doc(NamedTuple):
    """A docstring, taken apart."""

    text: str
    """What stands before the sections, as Markdown."""
    arguments: dict[str, str]
    """Meaning by name, as Markdown on one line."""
    sections: dict[str, str]
    """The other sections by title, ``Returns`` or ``Raises``, as Markdown."""


class Field(NamedTuple):
    """One field or property of a record."""

    name: str
    annotation: str
    meaning: str
    """Markdown on one line; empty where nothing is said."""
    default: str | None = None
    is_property: bool = False


_ROLE = re.compile(r":(?:func|class|data|mod|meth|attr):`~?([^`]+)`")
_NAME = re.compile(r"(?<![\w*`])\*(\w+)\*(?![\w*`])")
_SECTION = re.compile(r"^(Arguments|Returns|Raises|Source|Yields):[ \t]*(.*)$", re.MULTILINE)
_TERM = re.compile(r"^(``[^`\n]+``)\n((?: {4}\S.*(?:\n|$))+)", re.MULTILINE)
_ENTRY = re.compile(r"^(\w+): ", re.MULTILINE)


def markdown(text: str) -> str:
    """Write the text of a docstring as Markdown: roles and terms in their places."""
    text = _ROLE.sub(lambda match: f"`{match[1].removeprefix('checks.')}`", text)
    text = _NAME.sub(r"`\1`", text)
    text = _TERM.sub(lambda match: f"- {match[1]}: {' '.join(match[2].split())}\n", text)
    return prose(text.strip("\n"))


def one_line(text: str) -> str:
    """Write a short text as Markdown on one line, for a cell."""
    return " ".join(markdown(text).split())


def parse(text: str | None) -> Doc:
    """Take a docstring apart.

    Arguments:
        text: as the source has it; None for none.
    """
    clean = inspect.cleandoc(text or "")
    marks = list(_SECTION.finditer(clean))
    end = marks[0].start() if marks else len(clean)
    arguments: dict[str, str] = {}
    sections: dict[str, str] = {}
    for mark, after in zip_longest(marks, marks[1:]):
        body = clean[mark.end() : after.start() if after else len(clean)]
        body, rest = _indented(body)
        if mark[1] == "Arguments":
            arguments = _entries(body)
        else:
            sections[mark[1]] = markdown(f"{mark[2]}\n{textwrap.dedent(body)}".strip("\n"))
        if rest:
            sections[""] = markdown(rest)
    return Doc(markdown(clean[:end]), arguments, sections)


def _indented(body: str) -> tuple[str, str]:
    """Split a section's lines from the text that follows it without indentation."""
    lines = body.strip("\n").split("\n")
    stop = next(
        (at for at, line in enumerate(lines) if at and line and not line.startswith(" ")),
        len(lines),
    )
    return "\n".join(lines[:stop]), "\n".join(lines[stop:]).strip("\n")


def _entries(body: str) -> dict[str, str]:
    text = textwrap.dedent(body)
    marks = list(_ENTRY.finditer(text))
    return {
        mark[1]: one_line(text[mark.end() : after.start() if after else len(text)])
        for mark, after in zip_longest(marks, marks[1:])
    }


@cache
def fields(record: type) -> list[Field]:
    """Return the fields of a record, then its public properties, in the source's order."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(record))).body[0]
    if not isinstance(tree, ast.ClassDef):
        raise TypeError(record)
    told = parse(record.__doc__).arguments
    found, properties = [], []
    for node, after in zip_longest(tree.body, tree.body[1:]):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name = node.target.id
            default = ast.unparse(node.value) if node.value is not None else None
            meaning = _string(after) or told.get(name, "")
            found.append(Field(name, ast.unparse(node.annotation), meaning, default))
        elif isinstance(node, ast.FunctionDef) and _is_public_property(node):
            kind = ast.unparse(node.returns) if node.returns else ""
            said = parse(ast.get_docstring(node)).text
            properties.append(Field(node.name, kind, " ".join(said.split()), None, True))
    return found + properties


def _string(node: ast.stmt | None) -> str:
    """The text of a string that stands alone below a field."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        value = node.value.value
        return one_line(inspect.cleandoc(value)) if isinstance(value, str) else ""
    return ""


def _is_public_property(node: ast.FunctionDef) -> bool:
    return not node.name.startswith("_") and any(
        isinstance(mark, ast.Name) and mark.id == "property" for mark in node.decorator_list
    )


def signature(function: Callable[..., object]) -> str:
    """Write the signature of a function as it would be typed."""
    return f"{function.__name__}{inspect.signature(function)}".replace("'", "")
