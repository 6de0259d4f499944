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
    The registry gives the number a service name, so that programs and people can agree on a
    default. It is not a permission and not a lock. Any program may listen on the port, and the
    registered service may run elsewhere.

    How it is detected
    ------------------
    The number is in the Service Name and Transport Protocol Port Number Registry, for TCP or UDP,
    alone or in a range. All names are known; the message gives the first ones.

    Why it happens
    --------------
    Developers of a protocol ask IANA for a number. Many registered services are unknown outside a
    small circle, and popular programs use numbers that are registered for something else.

    What to do
    ----------
    To learn what really listens, look at the program, not at the number.

    - Linux: `ss -ltnp 'sport = :5432'`
    - macOS: `lsof -nP -iTCP:5432 -sTCP:LISTEN`
    - Windows: `netstat -ano | findstr /R /C:":5432 "`

    Guide
    -----
    ports/development/#the-table

    Sources
    -------
    - IANA Service Name and Transport Protocol Port Number Registry:
      https://www.iana.org/assignments/service-names-port-numbers/
    - RFC 6335, section 6: https://www.rfc-editor.org/info/rfc6335
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
