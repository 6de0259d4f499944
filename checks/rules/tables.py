"""What an absent row of the socket table means: no such socket, or a table that was not read.

Every conclusion from a row that is not there goes through :func:`present`. A
system that does not show its sockets to this user, or shows its own only, must
not look like one on which nothing listens.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

TABLES = ("tcp4", "tcp6", "udp4", "udp6")
"""The socket tables of a system, as :attr:`checks.model.evidence.Probe.unread` names them."""


def holding(protocol: str, version: int = 0) -> tuple[str, ...]:
    """Return the tables that may hold a socket for an address.

    Arguments:
        protocol: ``tcp`` or ``udp``.
        version: 4 or 6; 0 for an address of either. An IPv6 socket may take
            IPv4 as well (RFC 3493 §5.3), so that IPv4 needs both tables.
    """
    return (f"{protocol}6",) if version == 6 else (f"{protocol}4", f"{protocol}6")


def present(
    found: bool, unread: Iterable[str], protocol: str = "tcp", version: int = 0
) -> bool | None:
    """Say whether there is such a socket; None where that is not known.

    Arguments:
        found: whether a row of it was seen.
        unread: the tables that were not read, or not whole.
        protocol: ``tcp`` or ``udp``.
        version: of the address that it would be bound to; 0 for any.
    """
    if found:
        return True
    return False if set(unread).isdisjoint(holding(protocol, version)) else None


def known(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names that are tables, in their usual order: evidence may come from outside."""
    given = set(names)
    return tuple(name for name in TABLES if name in given)
