"""P207 common-development-port."""

from __future__ import annotations

from checks.findings.base import Finding, Match, Subject
from checks.findings.port.context import named, port_of, some


class CommonDevelopmentPort(Finding):
    """A well-known tool uses this port by default.

    What it means
    -------------
    A widely used tool listens on this port unless you configure another one. The registry may
    list another service, or none.

    How it is detected
    ------------------
    By a table of defaults. Each row has its source in the tool's own documentation or code. What
    really listens on a machine is known only after a test.

    Why it happens
    --------------
    Tools choose a default and keep it: 5173 for Vite, 8888 for Jupyter, 9229 for the inspector of
    Node. Two tools can have the same default.

    What to do
    ----------
    If no program listens, start the tool. If another program listens, stop it or give one of the
    two another port. To see which program listens:

    - Linux: Show the listener: `ss -ltnp 'sport = :5173'`. The last column names the program and
      its pid, with sudo also for programs of other users.
    - macOS: Show the listener: `sudo lsof -nP -iTCP:5173 -sTCP:LISTEN`. COMMAND and PID name the
      program.
    - Windows: Show the listener, in PowerShell: `Get-NetTCPConnection -LocalPort 5173 -State
      Listen -ErrorAction SilentlyContinue`. Find its program by OwningProcess: `Get-Process -Id
      PID`.

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
    title = "Default port of a well-known tool"
    example = "127.0.0.1:5173"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where the table of uses has the number."""
        port = port_of(subject)
        uses = port.uses if port is not None and port.number else ()
        if port is None or not uses:
            return None
        return Match(f"Port {port.number} is a default of {some([named(use) for use in uses])}.")
