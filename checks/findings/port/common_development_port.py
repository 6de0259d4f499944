"""P207 common-development-port."""

from __future__ import annotations

from checks.findings.base import Finding, Match, Subject
from checks.findings.port.context import named, port_of, some


class CommonDevelopmentPort(Finding):
    """Developers often meet a certain program on this port.

    What it means
    -------------
    A widely used tool listens on this port unless told otherwise. The registry may say something
    else, or nothing.

    How it is detected
    ------------------
    By a table of defaults, each with its source in the tool's own documentation or code. What
    really listens on a machine is known only when it is probed.

    Why it happens
    --------------
    Tools choose a default and keep it: 5173 for Vite, 8888 for Jupyter, 9229 for the inspector of
    Node. Two tools can have the same default.

    What to do
    ----------
    If nothing listens, start the tool. If another program listens, stop it or give one of the two
    another port.

    - Linux: `ss -ltnp 'sport = :5173'`
    - macOS: `lsof -nP -iTCP:5173 -sTCP:LISTEN`
    - Windows: `netstat -ano | findstr /R /C:":5173 "`

    Guide
    -----
    ports/development/#the-table

    Sources
    -------
    - The documentation or source of each tool; the port's entry names it. For instance Vite,
      server.port: https://vite.dev/config/server-options.html
    - RFC 6335, section 6, which ports are registered: https://www.rfc-editor.org/info/rfc6335
    """

    code = "P207"
    slug = "common-development-port"
    severity = "info"
    title = "A well-known tool uses this port by default"
    example = "127.0.0.1:5173"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where the table of uses has the number."""
        port = port_of(subject)
        uses = port.uses if port is not None and port.number else ()
        if port is None or not uses:
            return None
        return Match(f"Port {port.number} is a default of {some([named(use) for use in uses])}.")
