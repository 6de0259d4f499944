"""The Unix sockets of a port's service, where nothing listens on the port itself."""

from __future__ import annotations

from checks.probe.unix import table
from checks.rules import unix_services

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import UnixListener


def of_port(port: int) -> tuple[UnixListener, ...]:
    """Return the listening sockets whose file a service of this port makes; () for none.

    Arguments:
        port: 1 to 65535, on which nothing listens.
    """
    rows = table.rows(listening=True) or ()
    services = tuple(unix_services.of_port(port))
    found = [
        row
        for row in rows
        if any(unix_services.has_file(service, row.path, port) for service in services)
    ]
    return table.describe(found) if found else ()
