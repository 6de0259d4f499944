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
    Something completed the TCP handshake: the endpoint is open. The message names the process
    where the socket table shows one. It says nothing about whether the service is well; that
    takes a question in its own protocol.

    How it is detected
    ------------------
    connect() succeeded, and the two ends of the connection are different sockets. The listener is
    the row of the socket table that is bound to the address, or else to all addresses. Where
    several would do, the most specific bind answers.

    Sometimes no row of the table covers the address although the connection was accepted. Then
    something outside the table answers: a NAT rule that redirects the port, as container engines
    set, or a relay between a virtual machine and its host. On Linux the table is also asked for the
    other end of the connection while it is open: where that is another port, or no socket at all,
    the connection went past the listener, and the listener is not named as the one that answers.

    Why it happens
    --------------
    A program listens there and is ready to take connections. The kernel accepts on its behalf:
    connections succeed until the queue is full even when the program hangs.

    What to do
    ----------
    Nothing. To see the listener with the system's own tools:

    - Linux: `ss -ltnp 'sport = :62893'`
    - macOS: `lsof -nP -iTCP:62893 -sTCP:LISTEN`
    - Windows: `netstat -ano | findstr /R /C:":62893 "`

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
    title = "The endpoint accepts connections"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where an address that the host stands for accepted."""
        context = context_of(subject, cls.code)
        if context is None or context.attempt is None:
            return None
        text = f"{context.named} accepts connections"
        if not context.conclusion.local:
            text += ". It is not an address of this machine, so who listens cannot be seen here."
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
                ", but no listener in this system's socket table takes them: a NAT rule, as"
                " container engines set, or a relay answers."
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
                f" {wording.opening(row)} listens on {wording.bound(row)} too; the"
                f" more specific bind to {first.address} is the one that answers here."
            )
    return ""
