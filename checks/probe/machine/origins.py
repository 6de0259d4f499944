"""Where the owners of listeners come from: the project that they work in, and who launched them.

The launcher is looked up of what is in a project: what belongs to none is the system's, or a
test's, and ``started_by`` tells of it.
"""

from __future__ import annotations

from checks.probe.machine.launchers import Launchers
from checks.probe.machine.projects import Projects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from checks.model.evidence import Listener, Owner

_MOST = 256
"""Processes that are looked up. A list of more is not read by a person."""


def added(listeners: Iterable[Listener], root: str = "/proc") -> list[Listener]:
    """Return the listeners, their owners with project and launcher.

    A directory and a parent are looked up once, whatever the number of processes. Sockets of
    the same owners keep one tuple of them.

    Arguments:
        listeners: those that are shown.
        root: where procfs is mounted.
    """
    projects, launchers = Projects(root), Launchers(root)
    known: dict[int, Owner] = {}
    groups: dict[int, tuple[Owner, ...]] = {}

    def of(owner: Owner) -> Owner:
        if owner.pid not in known:
            project = projects.of(owner.pid) if len(known) < _MOST else None
            launcher = launchers.of(owner.parent) if project is not None else None
            known[owner.pid] = owner._replace(project=project, launcher=launcher)
        found = known[owner.pid]
        return owner._replace(project=found.project, launcher=found.launcher)

    def all_of(owners: tuple[Owner, ...]) -> tuple[Owner, ...]:
        if id(owners) not in groups:
            groups[id(owners)] = tuple(map(of, owners))
        return groups[id(owners)]

    rows = list(listeners)  # kept, so that no identity comes again
    return [row._replace(owners=all_of(row.owners)) if row.owners else row for row in rows]
