"""P206 registered-port."""

from __future__ import annotations

from checks.findings.base import Finding, Match, Subject
from checks.findings.port.context import port_of, some
from checks.findings.wording import clip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.ports.services import Service


class RegisteredPort(Finding):
    """IANA has a service registered for this port.

    What it means
    -------------
    The registry gives the number a service name, so that programs can agree on a default port. A
    registration starts nothing and reserves nothing on your machine. Any program can listen on
    the port, and the registered service can use another one.

    How it is detected
    ------------------
    The number is in the Service Name and Transport Protocol Port Number Registry, for TCP or UDP,
    alone or in a range. The message gives the first names.

    Why it happens
    --------------
    Developers of a protocol ask IANA for a number. Few people know many of the registered
    services. Popular programs use numbers that are registered for something else: 3000, 5000 and
    8000 are examples.

    What to do
    ----------
    The registration is not a problem. To see which program uses the port on your machine, look in
    the socket table:

    - Linux: Show the listener: `ss -ltnp 'sport = :5432'`. The last column names the program and
      its pid, with sudo also for programs of other users.
    - macOS: Show the listener: `sudo lsof -nP -iTCP:5432 -sTCP:LISTEN`. COMMAND and PID name the
      program.
    - Windows: Show the listener, in PowerShell: `Get-NetTCPConnection -LocalPort 5432 -State
      Listen -ErrorAction SilentlyContinue`. Find its program by OwningProcess: `Get-Process -Id
      PID`.

    No output means that no program listens on the port. Then the port is free, whatever the
    registry says. To see what a listener speaks, run `python3 -m checks 127.0.0.1:5432`.

    To choose a port for your own server, avoid the numbers that your other tools use rather than
    all registered ones. Ports from 49152 on are never registered, but systems assign them to
    outgoing connections.

    Guide
    -----
    ports/development/#the-table

    Sources
    -------
    - IANA Service Name and Transport Protocol Port Number Registry:
      https://www.iana.org/assignments/service-names-port-numbers/
    - RFC 6335, section 6: https://www.rfc-editor.org/info/rfc6335
    - ss(8): https://man7.org/linux/man-pages/man8/ss.8.html
    - lsof(8): https://man7.org/linux/man-pages/man8/lsof.8.html
    - Get-NetTCPConnection:
      https://learn.microsoft.com/powershell/module/nettcpip/get-nettcpconnection
    """

    code = "P206"
    slug = "registered-port"
    severity = "info"
    title = "A service is registered for this port"
    example = "127.0.0.1:5432"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where the registry has a name for the number."""
        port = port_of(subject)
        if port is None or not port.number or port.number >= 49152:
            return None
        services = port.services
        if not services:
            return None
        names = some([_service(service) for service in services])
        return Match(
            f"Port {port.number} is registered for {names}. Any program may still listen on it."
        )


def _service(service: Service) -> str:
    about = service.description
    transports = "/".join(service.transports)
    if about is None or about.lower() == service.name.lower():
        return f"{service.name} ({transports})" if transports else service.name
    return f"{service.name} ({clip(about)}{f'; {transports}' if transports else ''})"
