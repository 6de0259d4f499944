"""C310 wrong-loopback-address."""

from __future__ import annotations

from checks.findings import reach, wording
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.connection.context import context_of


class WrongLoopbackAddress(Finding):
    """The service listens on another loopback address than the client uses.

    What it means
    -------------
    All of 127.0.0.0/8 is loopback, but each address is separate. A program that listens on
    127.0.0.2 does not answer on 127.0.0.1.

    How it is detected
    ------------------
    The connection to a loopback address was refused, and on the same port a TCP listener is bound
    to another loopback address. If one of them is ::1, the finding is wrong-family.

    Why it happens
    --------------
    - The service has a separate address on purpose, such as 127.0.0.53 for the resolver of
      systemd.
    - The name of the machine leads to 127.0.1.1, as Debian sets it up, and the service was bound
      to that name.
    - A digit was mistyped.

    What to do
    ----------
    Connect to the address that the message names, or make the program listen on 127.0.0.1.

    - Linux: Show the listener: `ss -ltnp 'sport = :62893'`. The last column names the program and
      its pid, with sudo also for programs of other users.
    - macOS: Show the listener: `sudo lsof -nP -iTCP:62893 -sTCP:LISTEN`. COMMAND and PID name the
      program. Addresses other than 127.0.0.1 need an alias: `sudo ifconfig lo0 alias 127.0.0.2`.
    - Windows: Show the listener, in PowerShell: `Get-NetTCPConnection -LocalPort 62893 -State
      Listen -ErrorAction SilentlyContinue`. Find its program by OwningProcess: `Get-Process -Id
      PID`.

    Guide
    -----
    troubleshooting/not-responding/#another-address

    Sources
    -------
    - RFC 1122, section 3.2.1.3 (g): https://www.rfc-editor.org/info/rfc1122
    - bind(2): https://man7.org/linux/man-pages/man2/bind.2.html
    - ip(7), sockets and addresses: https://man7.org/linux/man-pages/man7/ip.7.html
    """

    code = "C310"
    slug = "wrong-loopback-address"
    severity = "error"
    title = "Listens on another loopback address"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where another loopback address has the listener."""
        context = context_of(subject, cls.code)
        if context is None or context.attempt is None:
            return None
        row = context.listeners[0]
        where = wording.bound(row)
        text = (
            f"{wording.opening(row)} listens on {where}, another loopback address. The connection"
            f" to {context.named} was refused."
        )
        fixes = (
            Fix(f"Connect to {where}."),
            Fix(f"Or {reach.listen_on(row, context.probe, context.attempt.address)}."),
        )
        return Match(text, context.fixes(fixes), context.evidence())
