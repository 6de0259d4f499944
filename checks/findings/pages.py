"""The pages of the catalogue, read from the docstrings of its classes.

``checks explain``, the site and its index all take their text from here.
``inspect.cleandoc`` is not used: importing :mod:`inspect` costs more than the
whole catalogue.
"""

from __future__ import annotations

import importlib
import re

from checks.findings.base import SECTIONS
from checks.findings.catalogue import GROUPS as GROUPS
from checks.model.records import NamedTuple
from checks.model.words import SCHEMA

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from checks.findings.base import Finding


class Entry(NamedTuple):
    """One line of the index."""

    code: str
    slug: str
    severity: str
    title: str
    page: str


def lines(finding: type[Finding]) -> list[str]:
    """The docstring without its indentation, the same on every Python."""
    first, *rest = _docstring(finding).expandtabs().splitlines() or [""]
    margin = min((len(line) - len(line.lstrip()) for line in rest if line.strip()), default=0)
    return [first.strip(), *(line[margin:].rstrip() for line in rest)]


def _docstring(finding: type[Finding]) -> str:
    """The docstring, from the source where Python runs without any (``-OO``)."""
    if finding.__doc__ or finding.__name__ not in (found := _from_source(finding.__module__)):
        return finding.__doc__ or ""
    return found[finding.__name__].__doc__ or ""


def _from_source(module: str) -> dict[str, Any]:
    """What a module of the catalogue defines, compiled anew with docstrings; {} without source."""
    spec = importlib.import_module(module).__spec__
    read = getattr(spec and spec.loader, "get_source", None)
    try:
        source = read(module) if read is not None else None
    except (ImportError, OSError):  # it was installed without, or is gone
        source = None
    if not source:
        return {}
    made: dict[str, Any] = {"__name__": module}
    exec(compile(source, module, "exec", dont_inherit=True, optimize=0), made)  # noqa: S102 - ours
    return made


def summary(finding: type[Finding]) -> str:
    """The sentence that opens the page."""
    return lines(finding)[0]


def page(finding: type[Finding]) -> dict[str, str]:
    """The sections of a finding's page: title to Markdown text, in order.

    Empty where Python runs without docstrings (``-OO``) and the source is not there.
    """
    found: dict[str, list[str]] = {}
    current: list[str] = []
    text = lines(finding)
    for line, below in zip(text, [*text[1:], ""], strict=True):
        if line in SECTIONS and below == "-" * len(line):
            current = found[line] = []
        elif not (current == [] and line and set(line) == {"-"}):
            current.append(line)
    return {title: "\n".join(part).strip("\n") for title, part in found.items()}


_STEP = re.compile(r"(?<=:)\s+`([^`]+)`(?:\.(?=\s|$)|$)")


def apart(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a paragraph, and of each whether it is a command that stands alone.

    A command stands alone after a colon and before a full stop, as in a step: what to do,
    the command to copy, and what its output tells.
    """
    for at, part in enumerate(_STEP.split(text)):
        if part.strip():
            yield part.strip(), at % 2 == 1


def index(findings: Iterable[type[Finding]]) -> dict[str, list[Entry]]:
    """The catalogue by group: group title to its entries, by code."""
    groups: dict[str, list[Entry]] = {}
    order = list(GROUPS)
    for finding in sorted(findings, key=lambda one: (order.index(one.code[0]), one.code)):
        entry = Entry(finding.code, finding.slug, finding.severity, finding.title, finding.page())
        groups.setdefault(GROUPS[finding.code[0]], []).append(entry)
    return groups


def document(
    finding: type[Finding], *, whole: bool = True, site: str | None = None
) -> dict[str, object]:
    """The finding as JSON: what the index tells of it, and its page.

    Arguments:
        finding: of the catalogue.
        whole: with summary and sections; without them it is a line of the index.
        site: as for :meth:`~checks.findings.Finding.url`.
    """
    entry: dict[str, object] = {
        "schema": SCHEMA,
        "code": finding.code,
        "slug": finding.slug,
        "severity": finding.severity,
        "title": finding.title,
        "url": finding.url(site),
        "page": finding.page(),
    }
    return {**entry, "summary": summary(finding), "sections": page(finding)} if whole else entry
