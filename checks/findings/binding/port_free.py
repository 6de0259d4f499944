"""B401 port-free."""

from __future__ import annotations

from checks.findings.base import Finding, Match, Subject
from checks.findings.binding.trials import are, lines_of, places, trials_of


class PortFree(Finding):
    """A program could listen on this address and port now.

    What it means
    -------------
    The system let a socket be bound there. "Free" holds for that address, that family and that
    moment. A port that is free on 127.0.0.1 may be taken on ::1 or on another address.

    How it is detected
    ------------------
    bind() of a TCP socket on the very address succeeded without SO_REUSEADDR. The socket was
    closed again at once and never listened.

    Why it happens
    --------------
    Nothing uses the port on that address. A listener on ::1, on 127.0.0.2, or on :: for IPv6 only
    does not stand in the way of 127.0.0.1.

    What to do
    ----------
    Nothing. Start the program that should listen. To see which addresses of the port are taken:

    - Linux: `ss -ltn 'sport = :62893'`
    - macOS: `lsof -nP -iTCP:62893 -sTCP:LISTEN`
    - Windows: `netstat -ano | findstr /R /C:":62893 "`

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
    title = "A program can listen there now"
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
