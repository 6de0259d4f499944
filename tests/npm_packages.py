"""Packages of npm that tests need: installed once into the cache of the checkout."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from needs import missing

from mkdocs_pyodide.runtime import NPM_OPTIONS, RuntimeMissingError, execute, program

CACHE = Path(__file__).parents[1] / ".cache/npm"
LIMIT = 180
"""Seconds that the npm client may take."""


def installed(name: str, packages: dict[str, str], *options: str) -> Path:
    """The folder ``node_modules`` with packages and what they need.

    Where npm does not give them the test is skipped, and the reason says which and why.

    Arguments:
        name: of their folder in the cache.
        packages: each with its version.
        options: more of them for ``npm install``.
    """
    folder = CACHE / name / "-".join(packages.values())
    if not (folder / "node_modules").is_dir():
        work = folder.with_name(f"{folder.name}.{os.getpid()}")
        work.mkdir(parents=True, exist_ok=True)
        (work / "package.json").write_text('{"private": true}')
        wanted = [f"{package}@{version}" for package, version in packages.items()]
        try:
            execute(
                [program("npm"), "install", "--loglevel=error", "--no-audit", "--no-fund",
                 "--no-package-lock", *NPM_OPTIONS, *options, *wanted],
                LIMIT, work,
            )  # fmt: skip
        except RuntimeMissingError as error:
            shutil.rmtree(work, ignore_errors=True)
            missing(f"the npm packages {', '.join(wanted)}: {error}")
        try:
            work.rename(folder)
        except OSError:  # another worker was first
            shutil.rmtree(work, ignore_errors=True)
    return folder / "node_modules"
