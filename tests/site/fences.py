"""The fenced examples of the site's pages: found here, proved by :mod:`fence_run`.

A general Markdown parser gives no line numbers, and a general example runner
knows no tabs that name a system; so this reads the few things that matter
itself: fences, their indentation, the tab around them, the comment above them.

For writers::

    python tests/site/fences.py docs/loopback/index.md [LINE...]
"""

from __future__ import annotations

import re
import shlex
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"

_OPEN = re.compile(r"(?P<indent> *)(?P<marks>`{3,}|~{3,})(?P<info>[^`]*)$")
_OPTIONS = re.compile(r"\s*<!--\s*fence:\s*(?P<options>.*?)\s*-->\s*$")
_TAB = re.compile(r'(?P<indent> *)===[!+]?\s+"(?P<label>[^"]*)"\s*$')

KNOWN_OPTIONS = frozenset({"os", "skip", "setup", "before", "file", "run"})
_SYSTEMS = {
    "linux": "linux",
    "debian": "linux",
    "ubuntu": "linux",
    "macos": "macos",
    "windows": "windows",
    "powershell": "windows",
    "wsl": "wsl",
    "freebsd": "freebsd",
    "openbsd": "openbsd",
    "netbsd": "netbsd",
    "android": "android",
    "ios": "ios",
}
"""The first word of a tab's label, and the system that it names."""

SYSTEMS = frozenset(_SYSTEMS.values())
"""Every system that a fence may be for."""

HERE = {"linux": "linux", "darwin": "macos", "win32": "windows"}.get(sys.platform, sys.platform)
"""The system that this is, as fences name it."""


class MalformedError(ValueError):
    """A page whose fences cannot be read; the message names the line."""


@dataclass(frozen=True)
class Fence:
    """One fenced block of a page.

    Arguments:
        page: the page's path below ``docs/`` without its ending, or ``README``.
        line: the number of the line with the opening marks, from 1.
        language: the first word of its info string.
        text: what it holds, without its indentation.
        tab: the label of the tab it stands in, the innermost that names a system.
        options: of the comment above it.
        files: the names and texts of the files that fences above it wrote.
    """

    page: str
    line: int
    language: str
    text: str
    tab: str = ""
    options: dict[str, str] = field(default_factory=dict)
    files: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """As the tests name it: ``loopback/index:42-console``."""
        return f"{self.page}:{self.line}-{self.language or 'plain'}"

    @property
    def os(self) -> str:
        """The system that it is for: its option, else its tab, else Linux."""
        return self.options.get("os") or system_of(self.tab) or "linux"

    @property
    def skip(self) -> str:
        """Why it is not run on any system; empty where it is."""
        return self.options.get("skip", "")

    @property
    def runs_here(self) -> bool:
        """Whether this machine has to prove it."""
        return not self.skip and self.os == HERE


def system_of(label: str) -> str:
    """The system that a tab's label names; empty where it names none."""
    words = re.findall(r"[a-z]+", label.casefold())
    return _SYSTEMS.get(words[0], "") if words else ""


def _language(info: str) -> str:
    """``console`` of ``console``, ``console title="x"`` and ``{ .console .annotate }``."""
    word = re.match(r"[\s{.]*([\w+#-]*)", info)
    return word[1].casefold() if word else ""


def _options(page: str, line: int, text: str) -> dict[str, str]:
    found = {}
    for word in shlex.split(text):
        key, equals, value = word.partition("=")
        if key not in KNOWN_OPTIONS or (equals and not value) or (not equals and key != "run"):
            expected = ", ".join(sorted(KNOWN_OPTIONS))
            raise MalformedError(
                f"{page}:{line}: {word!r} is no option; expected one of {expected}"
            )
        found[key] = value
    return found


def _dedented(line: str, indent: int) -> str:
    return line[min(indent, len(line) - len(line.lstrip(" "))) :]


def parse(text: str, page: str) -> list[Fence]:
    """The fences of a page, in order.

    Arguments:
        text: the page's Markdown.
        page: its name, for the fences' names.

    Raises:
        MalformedError: a fence without an end, an option that is none, a comment
            that stands above no fence.
    """
    lines = text.split("\n")
    found: list[Fence] = []
    files: dict[str, str] = {}
    tabs: list[tuple[int, str]] = []
    options: dict[str, str] | None = None
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if not line.strip():
            if options is not None:
                raise MalformedError(
                    f"{page}:{at - 1}: the comment must stand directly above a fence"
                )
            continue
        indent = len(line) - len(line.lstrip(" "))
        tabs = [one for one in tabs if one[0] < indent]
        if tab := _TAB.match(line):
            tabs.append((len(tab["indent"]), tab["label"]))
        if above := _OPTIONS.match(line):
            options = _options(page, at, above["options"])
            continue
        opened = _OPEN.match(line)
        if opened is None:
            if options is not None:
                raise MalformedError(
                    f"{page}:{at - 1}: the comment must stand directly above a fence"
                )
            continue
        start = at
        close = re.compile(rf" *{re.escape(opened['marks'][0])}{{{len(opened['marks'])},}}\s*$")
        while at < len(lines) and not close.match(lines[at]):
            at += 1
        if at == len(lines):
            raise MalformedError(f"{page}:{start}: the fence has no end")
        body = "".join(_dedented(one, indent) + "\n" for one in lines[start:at])
        at += 1
        label = next((label for _, label in reversed(tabs) if system_of(label)), "")
        fence = Fence(page, start, _language(opened["info"]), body, label, options or {},
                      tuple(files.items()))  # fmt: skip
        found.append(fence)
        if name := fence.options.get("file"):
            files[name] = body
        options = None
    return found


def name_of(path: Path) -> str:
    """A page's name: its path below ``docs/``, without its ending."""
    path = path.resolve()
    base = next((one for one in (DOCS, ROOT) if path.is_relative_to(one)), path.parent)
    return path.relative_to(base).with_suffix("").as_posix()


def pages() -> list[Path]:
    """Every page whose fences are proved, in the order of their names."""
    return [*sorted(DOCS.rglob("*.md")), ROOT / "README.md"]


def of(path: Path) -> list[Fence]:
    """The fences of a page.

    Raises:
        MalformedError: see :func:`parse`.
    """
    return parse(path.read_text(encoding="utf-8"), name_of(path))


def main(arguments: list[str] | None = None) -> int:
    """Prove the fences of the pages named, and say how each one stands."""
    sys.path.insert(0, str(ROOT / "tests"))
    sys.path.insert(0, str(ROOT))
    import fence_run

    words = sys.argv[1:] if arguments is None else arguments
    wanted = {int(word) for word in words if word.isdigit()}
    failed = 0
    for path in [Path(word) for word in words if not word.isdigit()] or pages():
        try:
            fences = of(path)
        except MalformedError as error:
            print(error)
            failed += 1
            continue
        for fence in fences:
            if wanted and fence.line not in wanted:
                continue
            verdict = fence_run.verdict(fence)
            failed += verdict.startswith("differs")
            print(f"{fence.name} {verdict}", flush=True)
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
