"""C315 accepts-silently."""

from __future__ import annotations

from checks.findings import commands, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.service.context import mute


class AcceptsSilently(Finding):
    """The connection was accepted, but the server sends nothing.

    What it means
    -------------
    The server sent no greeting and no answer within the time of the check. That is normal for a
    protocol in which the client begins and that the check does not know, and for a service that
    does not answer unknown clients. A program that hangs looks the same, because the kernel
    accepts connections for it.

    How it is detected
    ------------------
    Connections were accepted, and stayed open until the check had sent something. The evidence
    lists what was sent, that no byte came back, and whether the other end then closed the
    connection.

    The check makes at most three connections to a silent server, and at most six to one that
    closes each connection. If it cannot see whether the program accepts connections (macOS,
    Windows, a container), it makes one. On printer ports it sends nothing, because a printer
    would print it.

    Why it happens
    --------------
    - The service has a protocol that the check does not know.
    - The program is stopped, hangs, or is busy with one client at a time. Waiting connections in
      its queue show that.
    - Its first answer takes longer than the second that the check waits.

    What to do
    ----------
    Use the client that belongs to the service. To see whether the program accepts its
    connections:

    - Linux: Show the queue: `ss -ltnp 'sport = :62893'`. If Recv-Q stays above 0, the program
      does not accept.
    - macOS: Show the queue: `netstat -Lan`. The first number is the number of waiting
      connections.
    - Windows: The queue is not shown. Look at the process in the Task Manager.

    Guide
    -----
    troubleshooting/not-responding/#it-listens-and-a-connection-gets-no-answer

    Sources
    -------
    - listen(2), the queue of completed connections:
      https://man7.org/linux/man-pages/man2/listen.2.html
    - ss(8): https://man7.org/linux/man-pages/man8/ss.8.html
    """

    code = "C315"
    slug = "accepts-silently"
    severity = "info"
    title = "Connected, but the server sends nothing"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where no byte came back and nothing was recognised."""
        ended = mute(subject, "hangs-up")
        if ended is not None:
            count = ended.identity.connections
            text = (
                f"{ended.here} accepts connections, but closes them after any request, without"
                f" an answer ({count} connection{'' if count == 1 else 's'})."
            )
            advice = "Use the service's own client. Read in the program's log why it closes."
            fixes = ended.fixes(commands.advice(advice), commands.who_listens(ended.port))
            return Match(text, fixes, ended.evidence())
        found = mute(subject, "silent")
        if found is None:
            return None
        time = wording.clock(found.identity.milliseconds)
        text = f"{found.here} accepts connections, but sent no byte in {time}."
        if found.identity.unanswered is not None:
            text += " It did not answer an HTTP request either."
        row = found.row
        if row is not None and row.queue:
            waiting = "1 connection waits" if row.queue == 1 else f"{row.queue} connections wait"
            text += (
                f" {waiting} in the queue of {wording.holder(row)}: it may hang, while the"
                " kernel accepts for it."
            )
        return Match(text, found.fixes(commands.who_listens(found.port)), found.evidence())
