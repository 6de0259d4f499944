"""The process to name, to look up and to stop where several hold one socket.

A socket has several owners where a server has forked workers, where a parent left
it open in a child, or where systemd keeps a socket that its service has, too. Of the
units, those are told here that mean more than their name.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.model.evidence import Listener, Owner, Unit

_DOCKER = ("docker.service", "snap.docker.dockerd.service")
_KEEPERS = frozenset(("systemd", "launchd"))
"""Process 1 by these names holds sockets for services; by another it is a container's program."""


def ancestor(owners: Sequence[Owner]) -> Owner | None:
    """The owner that all others descend from, as the probe has marked it; None where none is."""
    return next((owner for owner in owners if owner.main), None)


def main(owners: Sequence[Owner]) -> Owner | None:
    """The owner that stands for all of them; None where none is visible.

    The common ancestor: it made the socket, and to stop it stops the others. Where
    there is none among them, the first but systemd as process 1, which keeps its own
    descriptor of a socket that it has handed to a service: the service accepts. Neither
    does a program that never listens, where another one is. They come by their numbers,
    so the first is mostly the oldest.
    """
    rest = [owner for owner in owners if not never_listens(owner.name)] or owners
    marked = ancestor(rest)
    if marked is not None:
        return marked
    rest = [owner for owner in rest if owner.pid != 1 or owner.name not in _KEEPERS] or rest
    return rest[0] if rest else None


def sharing(rows: Sequence[Listener]) -> tuple[Listener, ...]:
    """The listeners with the very address of the first of them, one for each main process.

    The kernel spreads connections over the sockets that share an address and port
    (SO_REUSEPORT: socket(7)).

    Arguments:
        rows: that cover one address, the most specific bind first.

    Returns:
        the rows; empty where one process has all of them, or not all processes are seen.
    """
    first = rows[0] if rows else None
    alike = [
        row
        for row in rows
        if first is not None
        and (row.protocol, row.address, row.interface)
        == (first.protocol, first.address, first.interface)
    ]
    by_process = {
        owner.pid: row for row in reversed(alike) if (owner := main(row.owners)) is not None
    }
    known = all(row.owners for row in alike)
    found = tuple(by_process[pid] for pid in sorted(by_process))
    return found if known and len(found) > 1 else ()


def is_docker(unit: Unit | None) -> bool:
    """Whether it is the system's Docker daemon, whose proxies hold published ports.

    A user may give a unit of his own the same name, so that proves nothing.
    """
    return unit is not None and unit.uid is None and unit.name in _DOCKER


_NEVER_LISTEN = frozenset(
    "sleep sh dash bash ash cat tail head tee less more grep find xargs timeout watch make"
    " yes true tr sed cut sort wc nohup nice env time".split()
)
"""Programs without a call of listen(): shells that have no such command (zsh has), coreutils and
the like. By the name that the kernel gives; not those that may listen by an option."""


def never_listens(name: str) -> bool:
    """Whether a program of that name can only hold a listener that another has made.

    Arguments:
        name: of the process. A login shell's begins with "-".
    """
    return name.removeprefix("-") in _NEVER_LISTEN


PILE = 10
"""So many connections in CLOSE-WAIT are more than a server is about to close."""


def is_pile(connections: int) -> bool:
    """Whether so many connections that only their clients have closed are a pile."""
    return connections >= PILE


def is_restarted(owner: Owner) -> bool:
    """Whether a supervisor, or systemd, has started a process and may start it again."""
    unit = owner.managed_by
    service = unit is not None and unit.kind == "systemd" and unit.name.endswith(".service")
    return owner.supervisor is not None or (service and owner.parent == 1)


def is_out_of_descriptors(owner: Owner) -> bool:
    """Whether a process has as many descriptors as it may, so that accept() fails (EMFILE)."""
    used, limit = owner.descriptors, owner.descriptor_limit
    return used is not None and limit is not None and 0 < limit <= used
