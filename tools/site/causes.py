"""The causes that the checks tell: what each is, what speaks for it, and what to do first.

A rule of :mod:`checks.causes` is the only place that knows a cause. What speaks for it is
told in the rule's tables and in the function that looks at a text; its sentences are
read from the source (:mod:`ast`), so that none is typed a second time.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from checks import causes, classify
from checks.causes import wording
from checks.causes.situation import Situation, situation_of
from checks.causes.steps import ordered
from checks.findings import by_key
from checks.findings.commands import numbered
from checks.text import marks
from checks.text.errors import ErrorMessage
from checks.text.errors.table import ERRORS
from tools.site.guides import guide
from tools.site.markup import SYSTEMS, code, link, page, prose, sections, slug

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from checks.causes.base import Rule
    from checks.findings.base import Fix

PATH = "reference/causes.md"

_PLACE = "127.0.0.1:8080"
"""The endpoint that the steps are filled in for, where the cause has no port of its own."""

_PLACES = {
    "advertised-listener": "localhost:9092",
    "airplay-5000-7000": "127.0.0.1:5000",
    "devtools-profile-already-open": "127.0.0.1:9222",
    "exclusive-listener": "127.0.0.1:50000",
    "hosts-entry-wrong": "db.test:5432",
    "localhost-is-ipv6": "[::1]:5432",
    "mysql-localhost-is-socket": "localhost:3306",
    "name-not-known": "db.test:5432",
    "port-taken-by-windows-service": "127.0.0.1:80",
    "privileged-port": "127.0.0.1:80",
    "vpn-route": "192.168.56.10:8080",
    "winnat-excluded-range": "127.0.0.1:50000",
    "wrong-address": "db.test:5432",
}


class Group(NamedTuple):
    """The causes of one module, each with its rules: one, or one for each operation."""

    title: str
    causes: tuple[tuple[Rule, ...], ...]


def pages() -> dict[str, str]:
    """Return the page: path below docs to Markdown."""
    return {PATH: _page()}


@cache
def groups() -> tuple[Group, ...]:
    """Return every cause once, in the order of the rules, by the module that has it."""
    of = {rule.key: module for module in _modules() for rule in getattr(module, "RULES", ())}
    rules_of: dict[str, list[Rule]] = {}
    for rule in causes.RULES:
        rules_of.setdefault(rule.key, []).append(rule)
    found: dict[str, list[tuple[Rule, ...]]] = {}
    for key, rules in rules_of.items():
        found.setdefault(_title(of[key]), []).append(tuple(rules))
    return tuple(Group(title, tuple(rules)) for title, rules in found.items())


@cache
def _modules() -> tuple[ModuleType, ...]:
    return tuple(
        importlib.import_module(f"{causes.__name__}.{found.name}")
        for found in pkgutil.iter_modules(causes.__path__)
        if not found.ispkg
    )


def _title(module: ModuleType) -> str:
    """The first line of a module's docstring without "Causes of"."""
    says = (module.__doc__ or "").split("\n", 1)[0].rstrip(".")
    text = says.removeprefix("Causes ").removeprefix("of ").partition(": ")[0]
    return text[:1].upper() + text[1:]


def _page() -> str:
    count = sum(len(group.causes) for group in groups())
    intro = (
        f"The checks explain an error by {count} causes. An answer shows a cause because words of"
        " your text are evidence for it, and it shows these words. A diagnosis in the terminal"
        " confirms a cause or rules it out. The key of a cause never changes, so you can search for"
        " it and link to it.\n\n"
        f"The steps below use {code(_PLACE)} or the usual port of the program. The answer uses"
        " your address and port, and shows the command of your system first."
    )
    parts = [(group.title, "\n\n".join(map(_cause, group.causes))) for group in groups()]
    return page(
        "All causes",
        "Every cause of an error that the checks know: what it is, which words of a text are"
        " evidence for it, and what to do first on each system.",
        f"{intro}\n\n{sections(*parts)}",
    )


def _cause(rules: tuple[Rule, ...]) -> str:
    """One cause as a heading, its sentences and a list: it reads well on a phone."""
    rule = rules[0]
    situation = example(rule)
    errors = dict.fromkeys(name for one in rules for name in one.errors if name)
    spoken = dict.fromkeys(clause for one in rules for clause in clauses(one))
    entries = [
        ("Evidence in your text", _list(f"- {prose(one)}" for one in spoken)),
        ("First steps", _list(_steps(rule.steps(situation)))),
        ("Errors", ", ".join(_error(name) for name in errors)),
        ("Finding", _finding(rule.finding) if rule.finding else ""),
        ("Guide", guide(rule.page, PATH)),
    ]
    listed = "\n\n".join(f"**{title}**\n\n:   {_inside(text)}" for title, text in entries if text)
    says = prose(" ".join(dict.fromkeys(wording.filled(one.says, situation) for one in rules)))
    heading = f"### {code(rule.key)} {{ #{rule.key} }}"
    return f"{heading}\n\n{says}\n\n{listed}"


def _list(lines: Iterator[str]) -> str:
    return "\n".join(lines)


def _inside(text: str) -> str:
    return text.replace("\n", "\n    ")


def _error(name: str) -> str:
    known = any(row.name == name for row in ERRORS)
    return link(code(name), f"errors.md#{slug(name)}") if known else code(name)


def _finding(key: str) -> str:
    finding = by_key(key)
    if finding is None:
        raise ValueError(key)
    return link(f"{finding.code} {finding.slug}", f"findings/{finding.slug}.md")


# --- the steps ------------------------------------------------------------------------


def example(rule: Rule) -> Situation:
    """Return a plain text's situation, for which the steps of a cause are written down."""
    read = classify(_PLACES.get(rule.key, _PLACE))
    name = next((one for one in rule.errors if one), "ECONNREFUSED")
    operation = next(iter(rule.operations), "connect")
    error = ErrorMessage(name, {}, "", "", (0, 0), (), endpoint=0, operation=operation)
    return situation_of(read, error, {}, read.input.lower(), {})


def _steps(fixes: tuple[Fix, ...]) -> Iterator[str]:
    """The steps as a numbered list; below each its commands by system, and what they tell."""
    for number, one in enumerate(numbered(ordered(fixes, None)), start=1):
        where = f" ({SYSTEMS[one[0].os]})" if one[0].os and not one[0].command else ""
        yield f"{number}. {prose(one[0].text)}{where}"
        shown: dict[str, list[str]] = {}
        for fix in one:
            system = SYSTEMS[fix.os] if fix.os else ""
            command = code(fix.command) if fix.command else ""
            command += ", in PowerShell" if "in PowerShell" in fix.text != one[0].text else ""
            shown.setdefault(command, []).append(system)
        yield from (f"    - {_command(*each)}" for each in shown.items() if each[0])
        yield from (
            f"    - {prose(look)}" for look in dict.fromkeys(f.look_for for f in one) if look
        )


def _command(command: str, systems: list[str]) -> str:
    where = ", ".join(filter(None, systems))
    return f"{where}: {command}" if where else command


# --- what speaks for a cause ----------------------------------------------------------


def clauses(rule: Rule) -> list[str]:
    """Return what may speak for a cause, as the clauses that the answers show, each once."""
    module = next(one for one in _modules() if rule in getattr(one, "RULES", ()))
    source = _Source(module)
    found = [_says(key) for key in rule.marks]
    found += source.clauses(source.look(rule.key))
    return list(dict.fromkeys(one for one in found if one))


@cache
def _marks() -> dict[str, str]:
    return {key: says for table in marks._TABLES for key, _, _, says in table}


def _says(key: str) -> str:
    return _marks().get(key, "")


class _Source:
    """The source of a module of causes: its functions and its constants."""

    def __init__(self, module: ModuleType) -> None:
        self.tree = ast.parse(inspect.getsource(module))
        self.functions = {
            node.name: node for node in self.tree.body if isinstance(node, ast.FunctionDef)
        }
        self.constants = dict(_assigned(self.tree))

    def look(self, key: str) -> ast.AST | None:
        """The expression that looks at a text for the cause of this key."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and _named(node.func) == "Rule":
                given = {one.arg: one.value for one in node.keywords}
                if isinstance(given["key"], ast.Constant) and given["key"].value == key:
                    return given.get("look")
        return None

    def clauses(self, root: ast.AST | None, seen: frozenset[str] = frozenset()) -> list[str]:
        """What an expression or a function says, in the order of the source."""
        found: list[str] = []
        if root is None:
            return found
        local = {**self.constants, **dict(_assigned(root))}
        for node in ast.walk(root):
            if isinstance(node, ast.Name) and node.id in self.functions and node.id not in seen:
                found += self.clauses(self.functions[node.id], seen | {node.id})
            elif isinstance(node, ast.Call):
                found += _handed(node) if _named(node.func) in self.functions else []
                found += _said(node, local)
        return found


_TOLD = ("at_error", "at_endpoint", "words", "because_of", "Because")
"""Calls whose last argument is what words of a text tell."""


def _handed(call: ast.Call) -> list[str]:
    """What is handed to a function of the module: the key of a mark, or a clause."""
    texts = [
        one.value
        for one in call.args
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]
    return [_marks().get(text) or text for text in texts if text in _marks() or " " in text]


def _said(call: ast.Call, local: dict[str, ast.expr]) -> Iterator[str]:
    name = _named(call.func)
    if name == "marked" and call.args:
        table = _value(call.args[0], local)
        if isinstance(table, ast.Dict):
            keys = (one.value for one in table.keys if isinstance(one, ast.Constant))
            yield from (_says(key) for key in keys if isinstance(key, str))
    elif name in _TOLD and call.args:
        yield from _texts(call.args[-1], local)


def _texts(node: ast.expr, local: dict[str, ast.expr]) -> Iterator[str]:
    node = _value(node.value if isinstance(node, ast.Starred) else node, local)
    if isinstance(node, ast.Tuple):
        node = node.elts[-1]
    if isinstance(node, ast.IfExp):
        yield from _texts(node.body, local)
        yield from _texts(node.orelse, local)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def _value(node: ast.expr, local: dict[str, ast.expr]) -> ast.expr:
    return local.get(node.id, node) if isinstance(node, ast.Name) else node


def _assigned(root: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The names that are given a value, and the value."""
    for node in ast.walk(root):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value


def _named(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
