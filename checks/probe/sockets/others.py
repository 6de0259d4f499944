"""The socket table of a system that is not Linux, or of a Linux that shows none."""

from __future__ import annotations

from checks.probe import system
from checks.probe.sockets import macos, psutil_backend

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.probe.sockets.row import Reading


def read(protocols: Sequence[str], port: int, *, taking: bool = False) -> Reading:
    """Return the rows by the best witness there is; the arguments are those of each."""
    if system.NAME == "macos":
        return macos.read(protocols, port, taking=taking)
    return psutil_backend.read(protocols, port, taking=taking)
