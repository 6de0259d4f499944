"""P201 port-zero."""

from __future__ import annotations

from checks.findings import commands
from checks.findings.base import Finding, Match, Subject
from checks.findings.port.context import number_of


class PortZero(Finding):
    """The port is 0, which is a request and not a port.

    What it means
    -------------
    A program that binds to port 0 asks the system to choose a free port. Nobody can listen on
    port 0 by the socket interface, so a connection to it has no target.

    How it is detected
    ------------------
    The number after the colon is 0.

    Why it happens
    --------------
    - A log line was printed before the chosen port was known, or prints the setting instead of
      the result.
    - A variable for the port was empty and became 0.

    Linux refuses a connection to port 0 (ECONNREFUSED). The Fetch standard lists 0 as a bad port
    since August 2025.

    What to do
    ----------
    Find out the port that the system chose: the program can ask with getsockname(), and the
    socket table shows it.

    - Linux: `ss -ltnp`
    - macOS: `lsof -nP -iTCP -sTCP:LISTEN`
    - Windows: `netstat -ano -p TCP`

    Or give the program a fixed port.

    Guide
    -----
    ports/#port-0-and-numbers-that-are-none

    Sources
    -------
    - RFC 6335, section 6, port 0 is reserved: https://www.rfc-editor.org/info/rfc6335
    - ip(7), bind to port 0: https://man7.org/linux/man-pages/man7/ip.7.html
    - Fetch standard, port blocking: https://fetch.spec.whatwg.org/#port-blocking
    """

    code = "P201"
    slug = "port-zero"
    severity = "error"
    title = "Port 0 asks for any free port; nothing can be reached on it"
    example = "127.0.0.1:0"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to number 0."""
        if number_of(subject) != 0:
            return None
        return Match(
            "Port 0 is no port to connect to: a program that binds to it gets a free port that"
            " the system chooses.",
            commands.for_machine(subject.probe, commands.all_listeners()),
        )
