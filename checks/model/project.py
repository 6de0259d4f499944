"""The project that a process works in; a part of :mod:`checks.model.evidence`."""

from __future__ import annotations

from checks.model.records import NamedTuple


class Project(NamedTuple):
    """What a developer calls the thing that a process belongs to, as its files have it."""

    name: str
    """By the nearest manifest (package.json, pyproject.toml, ...), else the directory's name."""
    directory: str
    """Where the manifest is, else the root of the repository, else the working directory."""
    branch: str | None = None
    """The branch of its git repository; None without one, and where a commit is checked out."""
    commit: str | None = None
    """The start of the commit that is checked out where no branch is."""
