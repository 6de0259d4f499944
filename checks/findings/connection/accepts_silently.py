"""C315 accepts-silently."""

from __future__ import annotations

from checks.findings import commands, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.service.context import mute


class AcceptsSilently(Finding):
    """The connection is accepted, and then nothing is said.

    What it means
    -------------
    Nothing came back within the time of the check, neither a greeting nor an answer. That is
    right for a protocol in which the client speaks first and that is not among those tried, and
    for a service that does not answer to strangers. It is also how a program looks that hangs:
    the kernel accepts on its behalf.

    How it is detected
    ------------------
    Connections were accepted, and did not end before something was sent on them. The evidence lists
    what that was, that not a byte came back, and whether the other side then ended the connection.
    A peer that is silent is asked on at most three connections, one that ends each connection on at
    most six. Where the check cannot see whether the program takes connections (macOS, Windows, a
    container), a silent one is asked on one. On ports of printers nothing is sent, as they would
    print it.

    Why it happens
    --------------
    - The service has a protocol of its own.
    - The program is stopped, hangs, or is busy with one client at a time. Connections that wait
      in its queue show that.
    - It needs longer for its first answer than the second that the check waits.

    What to do
    ----------
    Use the service's own client. To see whether the program takes its connections:

    - Linux: `ss -ltnp 'sport = :62893'`; a Recv-Q above 0 that stays is a program that does not
      accept
    - macOS: `netstat -Lan`
    - Windows: the queue is not shown; look at the process in the Task Manager.

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
    title = "The connection is accepted, and nothing is said"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where no byte came back and nothing was recognised."""
        ended = mute(subject, "hangs-up")
        if ended is not None:
            count = ended.identity.connections
            text = (
                f"{ended.here} accepts connections, then closes them whatever is asked, without a"
                f" byte ({count} connection{'' if count == 1 else 's'})."
            )
            advice = "Use the service's own client. See in the program's log why it closes."
            fixes = ended.fixes(commands.advice(advice), commands.who_listens(ended.port))
            return Match(text, fixes, ended.evidence())
        found = mute(subject, "silent")
        if found is None:
            return None
        time = wording.clock(found.identity.milliseconds)
        text = f"{found.here} accepts connections, and no byte came back on them in {time}."
        if found.identity.unanswered is not None:
            text += " An HTTP request had no answer either."
        row = found.row
        if row is not None and row.queue:
            waiting = "1 connection waits" if row.queue == 1 else f"{row.queue} connections wait"
            text += (
                f" {waiting} in the queue of {wording.holder(row)}: it may not be accepting, and"
                " the kernel accepts for it."
            )
        return Match(text, found.fixes(commands.who_listens(found.port)), found.evidence())
