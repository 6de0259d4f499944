"""P201 port-zero."""

from __future__ import annotations

from checks.findings import commands
from checks.findings.base import Finding, Match, Subject
from checks.findings.port.context import number_of


class PortZero(Finding):
    """The port is 0, which asks the system for a free port.

    What it means
    -------------
    A program that binds to port 0 asks the system to choose a free port. No program listens on
    port 0 itself, so no client can connect to it.

    How it is detected
    ------------------
    The number after the colon is 0.

    Why it happens
    --------------
    - A log line was printed before the port was chosen, or it prints the setting instead of the
      result.
    - A variable for the port was empty and became 0.

    Linux refuses a connection to port 0 (ECONNREFUSED). Since August 2025 the Fetch standard
    lists 0 as a bad port, so browsers that follow it block the port.

    What to do
    ----------
    Find the port that the system chose. The program can read it with getsockname(), and the
    socket table shows it. Or give the program a fixed port.

    - Linux: Show the listeners: `ss -ltnp`. Find your program in the last column. Its port is in
      Local Address:Port.
    - macOS: Show the listeners: `lsof -nP -iTCP -sTCP:LISTEN`. Find your program in the first
      column. Its port is in NAME.
    - Windows: Show the ports of your program, in PowerShell: `Get-NetTCPConnection -State Listen
      -OwningProcess (Get-Process node).Id`. Write the name of your program for node.

    Guide
    -----
    ports/#port-0-and-numbers-that-are-none

    Sources
    -------
    - RFC 6335, section 6, port 0 is reserved: https://www.rfc-editor.org/info/rfc6335
    - ip(7), bind to port 0: https://man7.org/linux/man-pages/man7/ip.7.html
    - Fetch standard, port blocking: https://fetch.spec.whatwg.org/#port-blocking
    - Get-NetTCPConnection:
      https://learn.microsoft.com/powershell/module/nettcpip/get-nettcpconnection
    """

    code = "P201"
    slug = "port-zero"
    severity = "error"
    title = "Port 0 cannot be connected to"
    example = "127.0.0.1:0"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to number 0."""
        if number_of(subject) != 0:
            return None
        return Match(
            "Port 0 cannot be connected to: a program that binds to it gets a free port that"
            " the system chooses.",
            commands.for_machine(subject.probe, commands.all_listeners()),
        )
