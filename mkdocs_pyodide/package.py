"""The files of a package that are shipped to the browser."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

NEVER = ("__pycache__", "*.pyc", "*.pyi", "py.typed")
"""Of no use where the package runs."""


def files(package: Path, exclude: Iterable[str] = ()) -> dict[str, Path]:
    """The package's files: path below its parent folder to path on disk.

    Arguments:
        package: the folder of the package.
        exclude: paths or patterns of what to leave out. One without a slash is
            compared with every part of a path, one with a slash with the path
            below the package and the folders above it.

    Raises:
        FileNotFoundError: there is no package there, or *exclude* names what is
            not there: a misspelt name would ship what was to stay.
    """
    if not (package / "__init__.py").is_file():
        raise FileNotFoundError(f"{package} is no package: it has no __init__.py")
    patterns = {pattern.strip("/"): False for pattern in exclude}
    found = {}
    for path in sorted(package.rglob("*")):
        relative = PurePosixPath(path.relative_to(package).as_posix())
        hits = [pattern for pattern in patterns if _matches(relative, pattern)]
        patterns.update(dict.fromkeys(hits, True))
        if path.is_file() and not hits and not any(_matches(relative, one) for one in NEVER):
            found[f"{package.name}/{relative}"] = path
    unused = [pattern for pattern, used in patterns.items() if not used]
    if unused:
        raise FileNotFoundError(f"{package} has nothing like {', '.join(unused)} to exclude")
    return found


def _matches(path: PurePosixPath, pattern: str) -> bool:
    if "/" not in pattern:
        return any(fnmatch(part, pattern) for part in path.parts)
    return any(fnmatch(str(one), pattern) for one in (path, *path.parents))
