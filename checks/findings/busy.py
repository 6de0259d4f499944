"""The one client that a program serves while it takes no other connection."""

from __future__ import annotations

from checks.findings import commands, witness, wording
from checks.rules import owners

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.findings.base import Fix
    from checks.model.evidence import Listener, Peer, Probe


def connections(probe: Probe, row: Listener) -> tuple[Peer, ...]:
    """The connections that the program of a listener has taken, where all are of one client.

    Arguments:
        probe: the evidence.
        row: a listener whose program takes no connection now.

    Returns:
        the rows; none where the process is stopped or has no descriptor left, or where it holds
        those of several clients: then it does not serve one at a time.
    """
    owner = witness.main_owner(row)
    if owner is None or owner.state is not None or owners.is_out_of_descriptors(owner):
        return ()
    pids = {each.pid for each in row.owners}
    held = tuple(
        peer
        for peer in probe.others
        if peer.protocol == "tcp"
        and peer.state == "established"
        and not pids.isdisjoint(each.pid for each in peer.owners)
    )
    clients = {_who(peer) for peer in held}
    return held if len(clients) == 1 else ()


def _who(peer: Peer) -> object:
    """What two connections of one client have in common."""
    first = owners.main(peer.clients)
    return first.pid if first is not None else peer.remote


def client(peers: Sequence[Peer]) -> str:
    """Who has these connections: ``firefox (pid 91)``, else the address: ``192.0.2.7:50122``."""
    first = owners.main(peers[0].clients)
    return wording.process(first) if first is not None else f"{peers[0].remote or 'a client'}"


def fixes(port: int) -> tuple[Fix, ...]:
    """How to have others served."""
    advice = "Close the connection of that client, or start the server with threads or workers."
    return (*commands.advice(advice), *commands.who_uses(port))
