"""The Unix sockets of a port's service, where nothing listens on the port itself."""

from __future__ import annotations

from checks.probe.machine import files
from checks.rules import unix_services

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import UnixListener
    from checks.rules.unix_services import UnixService


_TABLE = "/proc/net/unix"
"""It shows every bound socket of this network namespace, to every user: proc_pid_net(5)."""
_LARGEST = 1 << 24


def of_port(port: int) -> tuple[UnixListener, ...]:
    """Return the listening sockets whose file a service of this port makes; () for none.

    Arguments:
        port: 1 to 65535, on which nothing listens.
    """
    services = tuple(unix_services.of_port(port))
    shown = files.read(_TABLE, _LARGEST)
    if shown is not None and not any(_is_in(shown, each, port) for each in services):
        return ()
    from checks.probe.unix import table  # noqa: PLC0415 - 0.5 ms, where a file has such a name

    rows = table.rows(listening=True) or ()
    found = [
        row
        for row in rows
        if any(unix_services.has_file(service, row.path, port) for service in services)
    ]
    return table.describe(found) if found else ()


def _is_in(shown: str, service: UnixService, port: int) -> bool:
    """Whether a name of the service's file is in a table of paths."""
    return any(unix_services.filled(name, port=port).lstrip("*") in shown for name in service.files)
