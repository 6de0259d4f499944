"""Whether two sets of listeners belong to one program, and what makes two programs alike.

A process and its child are one program; so are workers, which have one parent and one command
line, and the proxies by which an engine publishes a port of one container.
"""

from __future__ import annotations

from checks.rules import owners
from checks.rules.places import place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from checks.model.evidence import Listener, Owner


def are_apart(some: Sequence[Listener], others: Sequence[Listener]) -> bool:
    """Whether no process of the one set of listeners has to do with a process of the other.

    Arguments:
        some: at least one, whose processes are seen.
        others: the same.
    """
    if _one_container(some[0], others[0]):
        return False
    one, other = (
        {owner.pid: owner for row in rows for owner in row.owners} for rows in (some, others)
    )
    return (
        one.keys().isdisjoint((*other, *(owner.parent for owner in other.values())))
        and other.keys().isdisjoint(owner.parent for owner in one.values())
        and _siblings(one.values()).isdisjoint(_siblings(other.values()))
    )


def are_alike(one: Listener, other: Listener) -> bool:
    """Whether their command lines differ in the address at most: two copies of one program."""
    return _program(one) == _program(other)


def _siblings(processes: Iterable[Owner]) -> set[tuple[int | None, str]]:
    """What workers of one parent have in common: the parent and the command line."""
    return {(owner.parent, owner.command) for owner in processes if owner.command is not None}


def _one_container(some: Listener, others: Listener) -> bool:
    """Whether an engine may publish a port of one container by both; True where that is open."""
    a, b = some.relay, others.relay
    if a is None or b is None or a.engine is None or a.engine != b.engine:
        return False
    if not a.target or not b.target or a.target == b.target:
        return True
    return ("[" in a.target) != ("[" in b.target)  # a container may have an address of each


def _program(listener: Listener) -> tuple[str, tuple[str, ...]] | None:
    """The name of the main process and its command line without the address to listen on."""
    owner = owners.main(listener.owners)
    if owner is None:
        return None
    words = (owner.command or "").split()
    return owner.name, tuple(word for word in words if not _is_address(word))


def _is_address(word: str) -> bool:
    return place(word.rpartition("=")[2].strip("[]")).version != 0
