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
    """Many connections are open that the clients have closed and the server has not.

    What it means
    -------------
    When a client ends a connection, the server's end of it is in the state CLOSE-WAIT until the
    program closes it too. That takes a moment. A pile of such connections that stays is a program
    that does not notice the end, or does not close. Each of them takes a file descriptor and
    memory. No timeout of the kernel removes them. At the limit of descriptors the program takes no
    connections any more (out-of-descriptors).

    How it is detected
    ------------------
    On Linux the rows of the socket table with the server's port and the state CLOSE-WAIT are
    counted, without those that the program has not accepted yet. From ten on the table is read
    again at the end of the check. Only those that are in both count. From 100 on, or where they
    take half of the descriptors that the process may have, it is a warning.

    Why it happens
    --------------
    - The program does not close a connection after an error or a timeout.
    - A thread waits for something else: a lock, a database, a slow request.
    - A client gave up while its request is still being served.

    What to do
    ----------
    Look at the program: where recv() returns nothing, it has to close the connection. A restart
    frees them until they pile up again.

    - Linux: `ss -tnp state close-wait 'sport = :62893'` lists them.
    - macOS: `netstat -anv -p tcp | grep CLOSE_WAIT`. The check does not count them there.
    - Windows: `netstat -ano | findstr CLOSE_WAIT`. The check does not count them there.

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
    title = "The program does not close its connections"
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
                "Let the program close a connection when it reads its end. A restart frees them for"
                " a time."
            ),
        )
        severity = "warning" if count >= _MANY or _is_half(count, owner) else None
        line = f"socket table: {count} in CLOSE-WAIT, at the begin and at the end of the check"
        return Match(text, fixes, context.evidence(line), severity, listeners=(row,))


def _is_half(count: int, owner: Owner) -> bool:
    """Whether the connections take half of the descriptors that a process may have."""
    limit = owner.descriptor_limit
    return limit is not None and 2 * count >= limit
