"""B401 port-free."""

from __future__ import annotations

from checks.findings.base import Finding, Match, Subject
from checks.findings.binding.trials import are, lines_of, places, trials_of


class PortFree(Finding):
    """A program could listen on this address and port now.

    What it means
    -------------
    The system let a socket bind there. "Free" is true for that address, that IP version and that
    moment. A port that is free on 127.0.0.1 may be in use on ::1 or on another address.

    How it is detected
    ------------------
    bind() of a TCP socket on that address succeeded without SO_REUSEADDR. The socket was closed
    at once and never listened.

    Why it happens
    --------------
    No program uses the port on that address. A listener on ::1, on 127.0.0.2, or on :: for IPv6
    only does not block 127.0.0.1.

    What to do
    ----------
    Nothing. Start the program that should listen. To see on which other addresses the port is in
    use:

    - Linux: `ss -ltn 'sport = :62893'`
    - macOS: `sudo lsof -nP -iTCP:62893 -sTCP:LISTEN`
    - Windows: `Get-NetTCPConnection -LocalPort 62893 -State Listen -ErrorAction SilentlyContinue`

    Guide
    -----
    uses/services/#choose-ports-that-stay-free

    Sources
    -------
    - bind(2): https://man7.org/linux/man-pages/man2/bind.2.html
    - socket(7), SO_REUSEADDR: https://man7.org/linux/man-pages/man7/socket.7.html
    """

    code = "B401"
    slug = "port-free"
    severity = "info"
    title = "Port is free"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to trial binds that succeeded."""
        trials = trials_of(subject, "free")
        if not trials or subject.probe is None:
            return None
        return Match(
            f"{places(trials)} {are(trials)} free: a program can listen there.",
            (),
            lines_of(trials, subject.probe),
        )
