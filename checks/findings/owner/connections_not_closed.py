"""O705 connections-not-closed."""

from __future__ import annotations

from checks.findings import commands, wording
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.commands import LINUX
from checks.findings.owner.context import context_of
from checks.rules.owners import is_pile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Owner

_MANY = 100


class ConnectionsNotClosed(Finding):
    """Clients have closed many connections that the server keeps open.

    What it means
    -------------
    When a client closes a connection, the server's end is in the state CLOSE-WAIT until the
    program closes it too. That takes a moment. If many such connections stay, the program does
    not notice the end, or does not close. Each of them takes a file descriptor and memory. No
    timeout of the kernel removes them. At the limit of descriptors the program accepts no further
    connections (out-of-descriptors).

    How it is detected
    ------------------
    On Linux the rows of the socket table with the server's port and the state CLOSE-WAIT are
    counted, without those that the program has not accepted yet. From ten on, the table is read
    again at the end of the check. Only those in both count. From 100 on, or if they take half of
    the descriptors that the process may have, it is a warning.

    Why it happens
    --------------
    - The program does not close a connection after an error or a timeout.
    - A thread waits for something else: a lock, a database, a slow request.
    - A client gave up while its request is still being served.

    What to do
    ----------
    Correct the program: when recv() returns nothing, it must close the connection. A restart
    closes them until they pile up again. To list them:

    - Linux: `ss -tnp state close-wait 'sport = :62893'`
    - macOS: List them: `netstat -anv -p tcp | grep CLOSE_WAIT`. The check does not count them on
      macOS.
    - Windows: List them, in PowerShell: `Get-NetTCPConnection -LocalPort 62893 -State CloseWait`.
      The check does not count them on Windows.

    Guide
    -----
    troubleshooting/intermittent/#too-many-open-files

    Sources
    -------
    - RFC 9293, section 3.3.2, CLOSE-WAIT: https://www.rfc-editor.org/info/rfc9293
    - tcp(7): https://man7.org/linux/man-pages/man7/tcp.7.html
    - ss(8): https://man7.org/linux/man-pages/man8/ss.8.html
    """

    code = "O705"
    slug = "connections-not-closed"
    severity = "notice"
    title = "The program does not close connections"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where connections stay that only their clients have closed."""
        context = context_of(subject)
        if context is None or not context.owners or not is_pile(context.probe.unclosed):
            return None
        (row, owner), count = context.owners[0], context.probe.unclosed
        text = (
            f"{wording.process(owner)} keeps {count} connections on port {context.number} open"
            " that their clients have closed. Each takes a file descriptor."
        )
        fixes = context.fixes(
            (
                Fix(
                    "List these connections.",
                    f"ss -tnp state close-wait 'sport = :{context.number}'",
                    LINUX,
                ),
            ),
            commands.advice(
                "Make the program close a connection when its client has closed it."
                " A restart closes them for a time."
            ),
        )
        severity = "warning" if count >= _MANY or _is_half(count, owner) else None
        line = f"socket table: {count} in CLOSE-WAIT, at the begin and at the end of the check"
        return Match(text, fixes, context.evidence(line), severity, listeners=(row,))


def _is_half(count: int, owner: Owner) -> bool:
    """Whether the connections take half of the descriptors that a process may have."""
    limit = owner.descriptor_limit
    return limit is not None and 2 * count >= limit
