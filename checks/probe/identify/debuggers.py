"""Debuggers that a connection would disturb: known by the owner's command line."""

from __future__ import annotations

from checks.probe import fragile
from checks.probe.identify.protocols import dap, jdwp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.probe.identify.found import Found


def from_command(command: str | None, port: int) -> Found | None:
    """The debugger on *port*, by the command line of the process that listens.

    Arguments:
        command: ``java -agentlib:jdwp=transport=dt_socket,server=y,address=5005 ...``.
        port: the port asked about.

    Returns:
        what the command tells; None where no option opens this port.
    """
    words = fragile.words(command)
    return dap.from_command(words, port) or jdwp.from_command(words, port)
