"""What speaks on an open TCP port of this machine, found by harmless questions.

Only reads, no credentials; at most one second and 16 KiB for all of it. A peer
that says nothing is asked on three connections at most, one that ends each of
them on six, and one that does not take a connection on no other. Where it cannot
be seen whether it takes them, a peer that says nothing is asked on one. The
questions come from the protocols' specifications; each probe names its own.
"""

from __future__ import annotations

from checks.probe.identify import debuggers
from checks.probe.identify.budget import Budget
from checks.probe.identify.inquiry import Inquiry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Identity
    from checks.probe.ask.connect import Opened

__all__ = ["identify"]


def identify(
    address: str,
    port: int,
    *,
    budget: float = 1.0,
    host: str | None = None,
    command: str | None = None,
    name: str | None = None,
    opened: Opened | None = None,
) -> Identity:
    """Learn what speaks on a port that accepts connections.

    Arguments:
        address: an address literal, with its zone where it needs one. Names
            are not resolved here.
        port: 1 to 65535.
        budget: seconds for everything.
        host: what the person asked for, for the Host header, for SNI and for
            the names of a certificate; the address where None.
        command: the listener's command line, where it is known. It is the one
            witness for a Java debugger, which must not be asked.
        name: the name of the listener's process, which suggests what to ask first.
        opened: a connection that is open already, to be the first one; it is closed here.

    Returns:
        what was learned. Nothing is raised: a peer that says nothing, or
        anything, gives an identity without a protocol.
    """
    known = debuggers.from_command(command, port)
    inquiry = Inquiry(address, port, host, Budget(budget), owner=name, opened=opened)
    if known is not None:
        if opened is not None:
            opened.socket.close()
        inquiry.conduct.behaviour = "not-asked"
        inquiry.found = known
        inquiry.evidence.extend(known.evidence)
    else:
        inquiry.run()
    return inquiry.identity()
