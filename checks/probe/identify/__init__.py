"""What speaks on an open TCP port of this machine, found by harmless questions.

Only reads, no credentials, few connections; at most one second and 16 KiB for
all of it. The questions come from the protocols' specifications; each probe
names its own.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.evidence import Identity

__all__ = ["identify"]


def identify(
    address: str,
    port: int,
    *,
    budget: float = 1.0,
    host: str | None = None,
    command: str | None = None,
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

    Returns:
        what was learned. Nothing is raised: a peer that says nothing, or
        anything, gives an identity without a protocol.
    """
    from checks.probe.identify import debuggers  # noqa: PLC0415 - loaded by those who identify
    from checks.probe.identify.conn import Budget  # noqa: PLC0415
    from checks.probe.identify.strategy import Inquiry  # noqa: PLC0415

    known = debuggers.from_command(command, port)
    inquiry = Inquiry(address, port, host, Budget(budget))
    if known is not None:
        inquiry.behaviour = "not-asked"
        inquiry.found = known
        inquiry.evidence.extend(known.evidence)
    else:
        inquiry.run()
    return inquiry.identity()
