"""The project that a process works in: its name, its directory, and the branch of its repository.

Only files are read, no git is run: a repository may name programs that git would run. The
directory is entered by ``/proc/PID/cwd``, so a container's is its own, and a level is left by
``..`` no more often than its path has levels. The last component of a path is never followed as a
symbolic link, nothing but a regular file is read, and of that its beginning. What is on a network
file system is left alone, as a server that is away would hang the diagnosis.

Sources: gitrepository-layout(5) (``.git``, ``HEAD``, worktrees), package.json(5), PyPA, "Declaring
project metadata", The Cargo Book, "The manifest format", Go Modules Reference, "go.mod files".
"""

from __future__ import annotations

import os
import stat

from checks.model.evidence import Project
from checks.probe.machine import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MOST_LEVELS = 16
_MANIFEST = 1 << 14  # bytes of a manifest that are read; its name stands at the beginning
_HEAD = 512
_LONGEST = 80  # characters of a name that are kept
_HOW = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)

_SYSTEM = ("/proc", "/sys", "/dev", "/run", "/etc", "/usr/lib", "/var/lib", "/var/cache", "/snap")
"""Where services of the system work."""

_REMOTE = ("nfs", "cifs", "smb", "fuse.", "afs", "ceph", "glusterfs", "lustre", "autofs", "9p")
"""Beginnings of the types of file systems whose server may be away: proc_pid_mountinfo(5)."""


class Projects:
    """Finds projects; remembers what it has looked up.

    Arguments:
        root: where procfs is mounted.
    """

    def __init__(self, root: str = "/proc") -> None:
        self.root = root
        self._known: dict[tuple[int, int], Project | None] = {}
        self._mounts: dict[str, tuple[str, ...]] = {}

    def of(self, pid: int) -> Project | None:
        """Return the project of a process; None where it is in none, or that is not to be seen."""
        base = f"{self.root}/{pid}/cwd"
        text = files.link(base)
        if text is None or text[:1] != "/" or text.endswith(" (deleted)"):
            return None
        if text.startswith(_SYSTEM) or text == "/" or self._is_remote(pid, text):
            return None
        try:
            found = os.stat(base)
        except OSError:
            return None
        key = found.st_dev, found.st_ino
        if key not in self._known:
            self._known[key] = _project(base, text, f"{self.root}/{pid}/root")
        return self._known[key]

    def _is_remote(self, pid: int, path: str) -> bool:
        """Whether a path, or one above it, is on a file system of another machine."""
        space = files.link(f"{self.root}/{pid}/ns/mnt") or str(pid)
        if space not in self._mounts:
            text = files.read(f"{self.root}/{pid}/mountinfo", 1 << 20) or ""
            self._mounts[space] = tuple(_remote_mounts(text))
        return any(f"{path}/".startswith(mount) for mount in self._mounts[space])


def _remote_mounts(text: str) -> Iterator[str]:
    """Where the file systems of other machines are mounted, each with a slash at its end."""
    for line in text.splitlines():
        fields, _, rest = line.partition(" - ")
        words = fields.split()
        if len(words) > 4 and rest.startswith(_REMOTE):
            yield f"{words[4].rstrip('/')}/"


def _project(base: str, text: str, root: str) -> Project | None:
    """The nearest manifest up to the repository; without a repository, that of the directory.

    Arguments:
        base: a path that leads to the directory.
        text: its real path.
        root: a path that leads to the root that its process sees.
    """
    parts = text.strip("/").split("/")
    paths = [base + "/.." * level for level in range(min(len(parts), _MOST_LEVELS))]
    top, repository = next(
        ((level, found) for level, path in enumerate(paths)
         if (found := _repository(path, root)) is not None),
        (0, None),
    )  # fmt: skip
    named = ((level, name) for level in range(top + 1) if (name := _name(paths[level])) is not None)
    level, name = next(named, (top, None))
    if name is None and repository is None:
        return None
    branch, commit = _head(_read(f"{repository}/HEAD", _HEAD) or "") if repository else (None, None)
    above = parts[: len(parts) - level]
    return Project(name or above[-1], "/" + "/".join(above), branch, commit)


# The manifests


def _name(directory: str) -> str | None:
    """The name that a manifest in a directory gives; None where there is none."""
    for file, reader in _MANIFESTS:
        text = _read(f"{directory}/{file}", _MANIFEST)
        found = reader(text) if text is not None else None
        if found:
            return found
    return None


def _of_json(text: str) -> str | None:
    """The value of "name" in the outermost object; strings and brackets are all that counts."""
    depth, at, key = 0, 0, ""
    while at < len(text):
        char = text[at]
        if char == '"':
            end = _end_of_string(text, at + 1)
            said = text[at + 1 : end]
            if depth == 1 and key == "name":
                return None if "\\" in said else _plain(said)  # names have no escapes
            after = text[end + 1 : end + 9].lstrip()[:1]
            key = said if after == ":" else ""
            at = end
        elif char in "{[":
            depth, key = depth + 1, ""
        elif char in "}]":
            depth -= 1
        elif char == ",":
            key = ""
        at += 1
    return None


def _end_of_string(text: str, at: int) -> int:
    """Index of the quote that ends a JSON string, or of the end of the text."""
    while at < len(text) and text[at] != '"':
        at += 2 if text[at] == "\\" else 1
    return at


def _of_toml(*tables: str) -> Callable[[str], str | None]:
    """A reader of the key ``name`` in one of these tables of a TOML file."""

    def read(text: str) -> str | None:
        table = ""
        for line in text.splitlines():
            line = line.strip()
            if line.startswith("["):
                table = line.partition("]")[0][1:].strip()
            key, equals, value = line.partition("=")
            if equals and table in tables and key.strip() == "name":
                quote = value.strip()[:1]
                if quote in ('"', "'"):
                    return _plain(value.strip()[1:].partition(quote)[0])
        return None

    return read


def _of_go(text: str) -> str | None:
    """The path of the module: ``example.com/shop``."""
    for line in text.splitlines():
        word, _, path = line.strip().partition(" ")
        if word == "module":
            return _plain(path.partition("//")[0].strip().strip('"`'))
    return None


_MANIFESTS: tuple[tuple[str, Callable[[str], str | None]], ...] = (
    ("package.json", _of_json),
    ("pyproject.toml", _of_toml("project", "tool.poetry")),
    ("Cargo.toml", _of_toml("package")),
    ("go.mod", _of_go),
    ("composer.json", _of_json),
    ("deno.json", _of_json),
)


# The repository


def _repository(directory: str, root: str) -> str | None:
    """The path of a directory's ``.git``, or of what its ``.git`` file names; None without one.

    A worktree and a submodule have such a file, whose path leads into a ``.git`` directory; of
    any other it is "", and no more is read.
    """
    path = f"{directory}/.git"
    try:
        mode = os.lstat(path).st_mode
    except (OSError, ValueError):
        return None
    if stat.S_ISDIR(mode):
        return path
    text = _read(path, _HEAD) or ""
    named = text.partition("\n")[0].removeprefix("gitdir: ").strip()
    parts = named.split("/")
    if not text.startswith("gitdir: ") or ".git" not in parts[:-1]:
        return ""
    if parts[parts.index(".git") + 1] not in ("worktrees", "modules"):
        return ""
    return f"{root}{named}" if named[:1] == "/" else f"{directory}/{named}"


def _head(text: str) -> tuple[str | None, str | None]:
    """Branch and commit that a HEAD names, one of which is None.

    With reftable the file names ``.invalid``, which no branch can be called: Git,
    Documentation/technical/reftable; git-check-ref-format(1).
    """
    line = text.partition("\n")[0].strip()
    branch = line.removeprefix("ref: refs/heads/")
    if branch != line:
        return (None if branch.startswith(".") else _plain(branch)), None
    is_commit = len(line) in (40, 64) and all(char in "0123456789abcdef" for char in line)
    return None, line[:10] if is_commit else None


def _read(path: str, limit: int) -> str | None:
    """The beginning of a regular file, no symbolic link; None for anything else."""
    try:
        descriptor = os.open(path, _HOW)
    except (OSError, ValueError):
        return None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        return os.read(descriptor, limit).decode("utf-8", "replace")
    except OSError:
        return None
    finally:
        os.close(descriptor)


def _plain(text: str) -> str | None:
    """A name of one line, cut; None where it has characters that none has."""
    return text[:_LONGEST] if text and text.isprintable() else None
