"""What a person started that started a process: ``npm run dev``, ``make serve``, an editor.

The chain of parents tells it. Of several tools in it the nearest one counts, but one that only
starts others again or side by side gives way to one above it. A tool that replaces itself by the
program (``poetry run``, ``cargo run``) is not in the chain, and is not named then.

Sources: npm, lib/npm.js (the title of its process); npm-run-script(1), make(1), cargo-run(1),
uv(1); VS Code, "Remote Development", ``.vscode-server``; JetBrains, "Directories used by the IDE",
``idea.paths.selector``.
"""

from __future__ import annotations

from checks.probe.machine import files, processes

_COMMAND = 1 << 11  # bytes of a command line that are looked at
_MOST_WORDS = 3
_LONGEST = 40

_TOOLS = frozenset(
    (
        "npm", "npx", "pnpm", "yarn", "bun", "deno", "turbo", "nx", "lerna", "concurrently",
        "nodemon", "make", "gmake", "just", "task", "rake", "mage", "invoke", "inv", "tox", "nox",
        "pytest", "hatch", "pdm", "poetry", "uv", "pipenv", "rye", "cargo", "go", "gradle",
        "gradlew", "mvn", "mvnw", "sbt", "dotnet", "foreman", "overmind", "honcho", "watchexec",
        "docker-compose", "mix",
    )
)  # fmt: skip
"""Programs that start others because a person said so, by their names."""

_WATCHERS = frozenset(("nodemon", "watchexec", "concurrently", "turbo", "nx", "lerna"))
"""Tools that start what another tool was told to."""

_COMPOSE = frozenset(("docker", "podman"))
"""Tools that are one with ``compose`` as their first word only."""

_INTERPRETERS = ("node", "nodejs", "python", "ruby", "java", "bash", "sh", "dash")
_OTHER_NAMES = {"npm-cli": "npm", "npx-cli": "npx", "yarnpkg": "yarn", "MainThread": "node"}
_ENDINGS = (".js", ".cjs", ".mjs", ".py", ".exe", ".sh")
_WITH_VALUE = frozenset(
    ("-C", "-f", "-F", "-w", "-p", "--directory", "--file", "--prefix", "--filter", "--cwd")
)
"""Options of these tools that another word belongs to."""

_FLAGS = frozenset(
    ("-s", "-k", "-B", "--silent", "--yes", "-y", "--quiet", "-v", "--no-print-directory")
)
"""Options of these tools that no other word belongs to."""

_EDITORS = {
    "code": "VS Code",
    "code-insiders": "VS Code",
    "codium": "VSCodium",
    "cursor": "Cursor",
    "windsurf": "Windsurf",
    "zed-editor": "Zed",
    "pycharm": "PyCharm",
    "webstorm": "WebStorm",
    "idea": "IntelliJ IDEA",
    "goland": "GoLand",
    "clion": "CLion",
    "phpstorm": "PhpStorm",
    "rubymine": "RubyMine",
    "rustrover": "RustRover",
    "rider": "Rider",
}
"""By the name of the process, without "64" at its end."""

_FOLDERS = {
    "/.vscode-server/": "VS Code",
    "/.vscode-server-insiders/": "VS Code",
    "/.cursor-server/": "Cursor",
    "/.windsurf-server/": "Windsurf",
    "/.vscodium-server/": "VSCodium",
}
"""By a folder of the program: the half of an editor that runs where the files are."""

_SELECTOR = "-Didea.paths.selector="


class Launchers:
    """Finds launchers; remembers the processes that it has looked at.

    Arguments:
        root: where procfs is mounted.
    """

    def __init__(self, root: str = "/proc") -> None:
        self.root = root
        self._tools: dict[int, tuple[str | None, str | None]] = {}
        self._found: dict[int, str | None] = {}

    def of(self, parent: int | None) -> str | None:
        """Return the launcher of a process, by its parent; None where none is known."""
        parent = parent or 0
        if parent not in self._found:
            self._found[parent] = self._above(parent)
        return self._found[parent]

    def _above(self, parent: int) -> str | None:
        """The launcher among a process and its ancestors."""
        nearest = other = editor = None
        for pid, name in processes.ancestors_of(parent, self.root):
            if pid not in self._tools:
                self._tools[pid] = self._look(pid, name)
            tool, editor = self._tools[pid]
            if tool is not None and tool.partition(" ")[0] in _WATCHERS:
                other = other or tool
            elif tool is not None:
                nearest = nearest or tool
            if editor is not None:
                break
        task = nearest or other
        if task is None or editor is None:
            return task or editor
        return f"{task} in {editor}"

    def _look(self, pid: int, name: str) -> tuple[str | None, str | None]:
        """What a process is as a tool and as an editor; at most one of them."""
        text = files.read(f"{self.root}/{pid}/cmdline", _COMMAND) or ""
        words = [word for word in text.split("\0") if word]
        if len(words) == 1:  # a title, as npm gives itself
            words = words[0].split()
        return task(words), editor(name, words)


def task(words: list[str]) -> str | None:
    """Return the task that a command line runs, as a person types it; None for any other.

    Arguments:
        words: ``node``, ``/usr/bin/npm``, ``run``, ``dev``.
    """
    while words and _stem(words[0]).rstrip("0123456789.") in _INTERPRETERS:
        words = _script(words[1:])
    if not words:
        return None
    name = _stem(words[0])
    own = [name, *_plain(words[1:])]
    if name in _COMPOSE:
        return " ".join(own) if own[1:2] == ["compose"] else None
    return " ".join(own) if name in _TOOLS else None


def _script(words: list[str]) -> list[str]:
    """The words from the script or module on that an interpreter runs; none for anything else."""
    for at, word in enumerate(words):
        if word == "-m":
            return words[at + 1 :]
        if word == "-c" or word == "-e":
            return []
        if word[:1] != "-":
            return words[at:]
    return []


def _stem(path: str) -> str:
    """The name of a program without its folder and ending."""
    name = path.rpartition("/")[2]
    for ending in _ENDINGS:
        name = name.removesuffix(ending)
    return _OTHER_NAMES.get(name, name)


def _plain(words: list[str]) -> list[str]:
    """The first words that are no option and no value of one, and may be shown.

    A word with an equals sign may be a password: ``make deploy TOKEN=...``.
    """
    found: list[str] = []
    skip = False
    for word in words:
        if word == "--" or len(found) == _MOST_WORDS:
            break
        if word[:1] == "-":
            skip = word in _WITH_VALUE
            if found or not (skip or word in _FLAGS or (word.startswith("--") and "=" in word)):
                break  # what follows may be its value
        elif skip or "=" in word or len(word) > _LONGEST or not word.isprintable():
            skip = False
        else:
            found.append(word)
    return found


def editor(name: str, words: list[str]) -> str | None:
    """Return the editor that a process is; None for any other.

    Arguments:
        name: of the process.
        words: its command line.
    """
    known = _EDITORS.get(name.lower().removesuffix("64"))
    if known is not None or not words:
        return known
    for folder, label in _FOLDERS.items():
        if folder in words[0]:
            return label
    selector = next((word for word in words if word.startswith(_SELECTOR)), None)
    if selector is None:
        return None
    product = selector.removeprefix(_SELECTOR).rstrip("0123456789.").lower()
    return _EDITORS.get(product, "a JetBrains IDE")
