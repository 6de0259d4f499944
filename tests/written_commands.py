"""Every command that a step can print, read from the code that writes it.

A text shows only the steps that it leads to. Here the calls that make a step are read in the
source instead, so that no branch is missed: what is put in at run time is ``{}``.
"""

from __future__ import annotations

import ast
import itertools
import re
from pathlib import Path
from typing import TYPE_CHECKING

from checks.rules.unix_services import SERVICES
from checks.text.banners.table import TABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PACKAGE = Path(__file__).parent.parent / "checks"
ROOMS = ("causes", "findings", "report")
UNKNOWN = "{}"

_MOST = 400
"""Values of one expression; more are a fault of the reader."""

_SITES: dict[str, dict[str | None, tuple[int, str]]] = {
    "Fix": {None: (1, "command")},
    "per_system": {"linux": (1, "linux"), "macos": (2, "macos"), "windows": (3, "windows")},
    "each": {"linux": (1, "linux"), "macos": (2, "macos"), "windows": (3, "windows")},
}
"""The calls that make a step: by system, the place and the name of its command."""

_CURL = {"linux": "curl", "macos": "curl", "windows": "curl.exe"}
"""What the call ``curl`` puts before its arguments."""

_BY_SYSTEM = {"_on_linux": "linux", "_on_macos": "macos", "_on_windows": "windows"}
"""The functions that return a command and are chosen by the system of a table."""

_SEPARATORS = re.compile(r"""('[^']*'|"[^"]*")|\s*(?:\|\||\||&&|;)\s*""")
_REDIRECTION = re.compile(r"\s*\d?[<>]\s*/dev/null")
_ADDRESS = re.compile(r"[a-z{}]+://[^\s\"']+|(?<=-connect )\S+|\{\}(?::\{\})+")
_QUOTED = re.compile(r"`([^`]+)`")
"""A command in a sentence."""
_INNER = re.compile(r"\$?\((?=[A-Za-z])([^()]*)\)")


class Source:
    """One module: its functions, their calls, and what its names can be."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        nodes = list(ast.walk(self.tree))
        self.functions = {n.name: n for n in nodes if isinstance(n, ast.FunctionDef)}
        self.calls = [n for n in nodes if isinstance(n, ast.Call)]
        self.home = {
            inner: function
            for function in self.functions.values()
            for inner in ast.walk(function)
            if inner is not function
        }
        self._open: dict[tuple[str, str], set[str]] = {}

    def commands(self) -> Iterator[tuple[str | None, str, int]]:
        """Each command with its system and its line; :data:`UNKNOWN` where nothing is known."""
        for name, function in self.functions.items():
            if name in _BY_SYSTEM:
                yield from ((_BY_SYSTEM[name], v, function.lineno) for v in self._returns(function))
        for call in self.calls:
            home = self.home.get(call)
            if home is None or home.name not in (*_SITES, "curl"):
                yield from self._of(call)

    def _of(self, call: ast.Call) -> Iterator[tuple[str | None, str, int]]:
        """The commands of one call; those of a call of curl with the program before them."""
        if _name(call.func) == "curl":
            for value in self.values(call.args[1]):
                for of, program in _CURL.items():
                    given = value.replace("/dev/null", "NUL") if of == "windows" else value
                    yield of, f"{program} {given}", call.lineno
        else:
            for system, (place, name) in _SITES.get(_name(call.func), {}).items():
                node = _argument(call, place, name)
                if node is None:
                    continue
                whose = system or self._system(call)
                yield from ((whose, value, call.lineno) for value in self.values(node))

    def _system(self, call: ast.Call) -> str | None:
        node = _argument(call, 2, "os")
        name = node.value if isinstance(node, ast.Constant) else _name(node) if node else None
        return str(name).lower() if name and str(name).lower() in ("linux", "macos", "windows") \
            else None  # fmt: skip

    def values(self, node: ast.expr) -> set[str]:
        """The texts that an expression can be; none of them where it is None."""
        if isinstance(node, ast.Constant):
            return {node.value} if isinstance(node.value, str) else set()
        if isinstance(node, ast.JoinedStr):
            return self._joined([self._part(part) for part in node.values])
        if isinstance(node, ast.FormattedValue):
            return self.values(node.value)
        if isinstance(node, ast.IfExp):
            return self.values(node.body) | self.values(node.orelse)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return self._joined([self.values(node.left), self.values(node.right)])
        if isinstance(node, ast.Name):
            return self._named(node)
        if isinstance(node, ast.Call):
            return self._called(node)
        return {UNKNOWN}

    def _part(self, node: ast.expr) -> set[str]:
        """What a piece of an f-string can be; a number or a name from outside is unknown."""
        found = self.values(node)
        if isinstance(node, ast.FormattedValue) and isinstance(node.value, ast.BoolOp):
            return {UNKNOWN}
        return found or {UNKNOWN}

    def _joined(self, parts: list[set[str]]) -> set[str]:
        found = {"".join(one) for one in itertools.product(*parts)}
        assert len(found) < _MOST, (self.path, parts)
        return found

    def _called(self, node: ast.Call) -> set[str]:
        name = _name(node.func)
        if name == "sudo":
            return {"", "sudo "}
        if name == "client":  # its commands are a table, which written() reads
            return set()
        if name == "command" and isinstance(node.func, ast.Attribute):
            # Of a Unix socket: a program, and the path of the socket.
            return self._joined([self.values(node.args[0]), {f" {UNKNOWN}"}])
        if isinstance(node.func, ast.Attribute) and name in ("rstrip", "strip"):
            return {value.strip() for value in self.values(node.func.value)}
        function = self.functions.get(name) if isinstance(node.func, ast.Name) else None
        if function is None:
            return {UNKNOWN}
        return self._guarded(("call", name), lambda: self._returns(function))

    def _returns(self, function: ast.FunctionDef) -> set[str]:
        found = [n.value for n in ast.walk(function) if isinstance(n, ast.Return) and n.value]
        return set().union(*(self.values(one) for one in found))

    def _named(self, node: ast.Name) -> set[str]:
        function = self.home.get(node)
        place = function.name if function else ""
        return self._guarded((place, node.id), lambda: self._assigned(node, function, place))

    def _assigned(self, node: ast.Name, function: ast.FunctionDef | None, place: str) -> set[str]:
        found = self._open[place, node.id]
        inside: list[ast.AST] = [*ast.walk(function)] if function else []
        for body in (inside, self.tree.body):
            for one in body:
                if isinstance(one, ast.AugAssign) and _name(one.target) == node.id:
                    return {UNKNOWN}
                if isinstance(one, ast.Assign) and node.id in map(_name, one.targets):
                    found |= self.values(one.value)
            if found:
                return found
        parameters = [one.arg for one in function.args.args] if function else []
        if function and node.id in parameters:
            return self._passed(function, node.id, parameters.index(node.id))
        return {UNKNOWN}

    def _passed(self, function: ast.FunctionDef, name: str, place: int) -> set[str]:
        """What the calls in this module pass for a parameter, with its default."""
        given = [
            _argument(call, place, name)
            for call in self.calls
            if isinstance(call.func, ast.Name) and call.func.id == function.name
        ]
        after = place - len(function.args.args) + len(function.args.defaults)
        if after >= 0:
            given.append(function.args.defaults[after])
        return set().union({UNKNOWN} if not given else set(), *(self.values(g) for g in given if g))

    def _guarded(self, key: tuple[str, str], read: Callable[[], set[str]]) -> set[str]:
        """No circle: of what is being read already, only what is known so far."""
        if key in self._open:
            return set(self._open[key]) or {UNKNOWN}
        self._open[key] = set()
        try:
            return set(read())
        finally:
            del self._open[key]

    def sentences(self) -> Iterator[tuple[str, int]]:
        """The texts of the steps, and what they say of the output."""
        for call in self.calls:
            name = _name(call.func)
            if name in _SITES:
                told = (
                    _argument(call, 0, "text"),
                    _argument(call, 4 - (name == "Fix"), "look_for"),
                )
                for node in filter(None, told):
                    yield from ((value, call.lineno) for value in self.values(node))


def _name(node: ast.AST | None) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _argument(call: ast.Call, place: int, name: str) -> ast.expr | None:
    if place < len(call.args):
        return call.args[place]
    return next((one.value for one in call.keywords if one.arg == name), None)


def written() -> Iterator[tuple[str | None, str, str]]:
    """Each command line of the package: its system, the line, where it is written.

    The system is None for a command that is for each, and "" for one inside of a sentence.
    """
    for room in ROOMS:
        for path in sorted((PACKAGE / room).rglob("*.py")):
            source, name = Source(path), str(path.relative_to(PACKAGE))
            for system, line, number in source.commands():
                yield system, line, f"{name}:{number}"
            for text, number in source.sentences():
                yield from (("", line, f"{name}:{number}") for line in _QUOTED.findall(text))
    for service in SERVICES:
        for template in filter(None, (service.client, service.by_port)):
            line = re.sub(r"\{\w+\}", UNKNOWN, template)
            yield None, line, f"rules/unix_services.py, {service.key}"
    for row in TABLE:
        for field in row[1:]:
            if field.startswith("step: "):
                for line in _QUOTED.findall(re.sub(r"\{\w+\}", UNKNOWN, field)):
                    yield "", line, f"text/banners/table.py, {row[0]}"


def simple(line: str) -> list[str]:
    """The programs of a command line, each with its words: without pipes, sudo and /dev/null."""
    line = _REDIRECTION.sub("", line)
    inner = _INNER.findall(line)
    line = _INNER.sub(UNKNOWN, line)
    parts = [""]
    at = 0
    for match in _SEPARATORS.finditer(line):
        parts[-1] += line[at : match.start()]
        at = match.end()
        if match[1]:
            parts[-1] += match[1]
        else:
            parts.append("")
    parts[-1] += line[at:]
    found = [_ADDRESS.sub(UNKNOWN, " ".join(part.split())) for part in parts]
    bare = [part.removeprefix("sudo ").removeprefix("-u postgres ") for part in found]
    return [*bare, *(one for each in inner for one in simple(each))]
