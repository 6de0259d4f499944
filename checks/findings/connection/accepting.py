"""C301 accepting."""

from __future__ import annotations

from checks.findings import inside, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.connection.context import ConnectionContext, context_of
from checks.findings.witness import covering
from checks.rules import connects
from checks.rules.owners import sharing
from checks.rules.places import destination


class Accepting(Finding):
    """The connection was accepted.

    What it means
    -------------
    The TCP handshake completed: a program, or something in its place, accepts connections there.
    The message names the process if the socket table shows one. This does not prove that the
    service works. That takes a request in its own protocol.

    How it is detected
    ------------------
    connect() succeeded, and the two ends of the connection are different sockets. The listener is
    the row of the socket table that is bound to the address, or else to the wildcard address. If
    several rows fit, the most specific one answers.

    Sometimes no row covers the address although the connection was accepted. Then something
    outside the table answers: a NAT rule that redirects the port, as container engines set, or a
    relay between a virtual machine and its host.

    On Linux the check also looks for the other end of the open connection. If that end has
    another port, or no socket, the connection went past the listener. Then the listener is not
    named as the one that answers.

    Why it happens
    --------------
    A program listens there. The kernel accepts connections for it, so they succeed until the
    queue is full, even when the program hangs.

    What to do
    ----------
    Nothing. To see the listener with the system's own tools:

    - Linux: Show the listener: `ss -ltnp 'sport = :62893'`. The last column names the program and
      its pid, with sudo also for programs of other users.
    - macOS: Show the listener: `sudo lsof -nP -iTCP:62893 -sTCP:LISTEN`. COMMAND and PID name the
      program.
    - Windows: Show the listener, in PowerShell: `Get-NetTCPConnection -LocalPort 62893 -State
      Listen -ErrorAction SilentlyContinue`. Find its program by OwningProcess: `Get-Process -Id
      PID`.

    Guide
    -----
    troubleshooting/not-responding/#it-listens-and-a-connection-gets-no-answer

    Sources
    -------
    - RFC 9293, section 3.5, establishing a connection: https://www.rfc-editor.org/info/rfc9293
    - listen(2), the queue of completed connections:
      https://man7.org/linux/man-pages/man2/listen.2.html
    - ip(7), addresses of sockets: https://man7.org/linux/man-pages/man7/ip.7.html
    """

    code = "C301"
    slug = "accepting"
    severity = "ok"
    title = "Accepts connections"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where an address that the host stands for accepted."""
        context = context_of(subject, cls.code)
        if context is None or context.attempt is None:
            return None
        text = f"{context.named} accepts connections"
        if not context.conclusion.local:
            text += ". It is not an address of this machine, so its listener is not visible here."
        elif context.listeners:
            first = context.listeners[0]
            bound = wording.bound(first)
            text += f": {wording.holder(first)} listens on {bound}.{_in_the_way(context)}"
            shared = sharing(context.listeners)
            if shared:
                names = wording.mains(shared)
                text = f"{context.named} accepts connections: {names} share {bound}.{_SPREAD}"
        elif connects.ended_elsewhere(context.attempt, context.number):
            text += f", and {inside.led(context.probe, context.attempt)}.{_past(context)}"
        elif context.absent:
            text += (
                ", but no listener in this system's socket table accepts them: a NAT rule of a"
                " container engine, or a relay, answers."
            )
        else:
            text += "."  # what was not seen, and how to see it, is the probe's note
        return Match(text, evidence=context.evidence())


_SPREAD = " The kernel spreads connections over them."


def _past(context: ConnectionContext) -> str:
    """A sentence for the listener that would have taken the connection."""
    spot = destination(context.attempt.address) if context.attempt else None
    rows = covering(context.probe, spot, unsure=True) if spot else ()
    if not rows:
        return ""
    return f" {wording.opening(rows[0])} listens on {wording.bound(rows[0])} and gets none of them."


def _in_the_way(context: ConnectionContext) -> str:
    """A sentence for a second listener that would answer, were it not for the first."""
    first, *rest = context.listeners
    for row in rest:
        if row.address != first.address and row.owners != first.owners:
            return (
                f" {wording.opening(row)} listens on {wording.bound(row)} too, but"
                f" the more specific bind to {first.address} answers here."
            )
    return ""
