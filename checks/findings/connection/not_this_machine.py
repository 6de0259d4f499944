"""C316 not-this-machine."""

from __future__ import annotations

from checks.findings import wording
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.connection.context import context_of
from checks.model import words


class NotThisMachine(Finding):
    """The address belongs to another machine, so no connection was tried.

    What it means
    -------------
    The checks test the machine that they run on. A connection to another machine may be logged
    there, or not be allowed, so you decide about it.

    How it is detected
    ------------------
    The address is not loopback, and no interface of this machine has it.

    Why it happens
    --------------
    - You mean another machine, or a container or virtual machine with its own address.
    - The address of this machine has changed since it was written down.

    What to do
    ----------
    To try the connection, add `--remote` to the command. Then you get the outcome of the
    connection. The socket table of the other machine stays unknown: run the check there to see
    it. To see the addresses of this machine:

    - Linux: `ip address`
    - macOS: `ifconfig`
    - Windows: `ipconfig`

    Guide
    -----
    troubleshooting/elsewhere/#localhost-is-another-machine

    Sources
    -------
    - RFC 1122, section 3.3.4.2, the addresses of a host: https://www.rfc-editor.org/info/rfc1122
    - getifaddrs(3): https://man7.org/linux/man-pages/man3/getifaddrs.3.html
    """

    code = "C316"
    slug = "not-this-machine"
    severity = "info"
    title = "Not tested: address of another machine"
    example = "192.0.2.1:80"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where the probe kept away from another machine."""
        context = context_of(subject, cls.code)
        if context is None:
            return None
        first = context.probe.attempts[0].address if context.probe.attempts else None
        where = words.at(first, context.number) if first else context.here
        if context.name:
            where = f"{wording.clip(context.name)} ({where})" if first else where
        text = f"{where} is not an address of this machine, so no connection was tried."
        return Match(text, (Fix("Add --remote to try it."),), context.evidence())
