"""Where the owners of listeners come from: the project that they work in, and who launched them.

The launcher is looked up of what is in a project: what belongs to none is the system's, or a
test's, and ``started_by`` tells of it.
"""

from __future__ import annotations

from checks.probe.machine.launchers import Launchers
from checks.probe.machine.projects import Projects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from checks.model.evidence import Listener, Owner, Project

_MOST = 64
"""Processes that are looked up: a person reads no longer list."""


def added(listeners: Iterable[Listener], root: str = "/proc") -> list[Listener]:
    """Return the listeners, their owners with project and launcher.

    A directory and a parent are looked up once, whatever the number of processes. Sockets of
    the same owners keep one tuple of them.

    Arguments:
        listeners: those that are shown.
        root: where procfs is mounted.
    """
    rows = list(listeners)
    groups = {id(row.owners): row.owners for row in rows if row.owners}
    found = _of_owners(groups.values(), root)
    told = {
        key: tuple(_told(owner, found) for owner in owners)
        for key, owners in groups.items()
        if not found.keys().isdisjoint([owner.pid for owner in owners])
    }
    return [
        row._replace(owners=told[id(row.owners)]) if id(row.owners) in told else row for row in rows
    ]


def _told(owner: Owner, found: Mapping[int, tuple[Project, str | None]]) -> Owner:
    """An owner, which may be the main one here and not so of other sockets, with what is known."""
    if owner.pid not in found:
        return owner
    project, launcher = found[owner.pid]
    return owner._replace(project=project, launcher=launcher)


def _of_owners(
    groups: Iterable[tuple[Owner, ...]], root: str
) -> dict[int, tuple[Project, str | None]]:
    """Project and launcher of the first owners that are in a project, by their numbers."""
    projects, launchers = Projects(root), Launchers(root)
    looked: set[int] = set()
    found = {}
    for owner in (owner for owners in groups for owner in owners):
        if owner.pid in looked:
            continue
        if len(looked) >= _MOST:
            break
        looked.add(owner.pid)
        project = projects.of(owner.pid)
        if project is not None:
            found[owner.pid] = project, launchers.of(owner.parent)
    return found
