"""HTML as a tree of elements, and the one place that writes it.

Every character that could mean markup is escaped there, so no string that comes from
outside can become an element, an attribute or a link.
"""

from __future__ import annotations

from checks.model.records import NamedTuple


class Element(NamedTuple):
    """A node of the tree.

    Arguments:
        tag: of HTML; chosen by this program, never by input.
        attributes: names chosen by this program, values of any text.
        children: elements and texts, in order.
    """

    tag: str
    attributes: tuple[tuple[str, str], ...]
    children: tuple[Element | str, ...]


def element(tag: str, *children: Element | str, **attributes: str) -> Element:
    """Return an element; a trailing underscore of an attribute is dropped, others are hyphens."""
    if not attributes:
        return Element(tag, (), children)
    named = [(_NAMES.get(name) or _named(name), value) for name, value in attributes.items()]
    return Element(tag, tuple(named), children)


_NAMES: dict[str, str] = {}


def _named(name: str) -> str:
    found = _NAMES[name] = name.rstrip("_").replace("_", "-")
    return found


_VOID = frozenset(("input", "wbr"))
"""Elements that have no end tag (HTML §13.1.2)."""


def serialise(node: Element | str) -> str:
    """Return the HTML of a node, every text and attribute value escaped."""
    parts: list[str] = []
    _write(node, parts)
    return "".join(parts)


def _write(node: Element | str, parts: list[str]) -> None:
    if isinstance(node, str):
        parts.append(_escaped(node))
        return
    tag, attributes, children = node
    parts.append(f"<{tag}")
    for name, value in attributes:
        parts.append(f' {name}="{_escaped(value)}"')
    parts.append(">")
    if tag in _VOID:
        return
    for child in children:
        _write(child, parts)
    parts.append(f"</{tag}>")


_SPECIAL = frozenset("&<>\"'")


def _escaped(text: str) -> str:
    if _SPECIAL.isdisjoint(text):
        return text
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;").replace("'", "&#39;")
