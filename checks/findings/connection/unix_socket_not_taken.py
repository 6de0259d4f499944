"""C327 unix-socket-not-taken."""

from __future__ import annotations

from checks.findings import commands, owners
from checks.findings.base import Finding, Match, Subject
from checks.findings.connection.unix import (
    CODES,
    as_listener,
    context_of,
    sentence,
)


class UnixSocketNotTaken(Finding):
    """A program listens on the Unix socket but does not accept connections.

    What it means
    -------------
    Connections wait in the queue of the socket, and the program does not accept them. A client
    hangs. If the queue is full, a client that does not block gets "Resource temporarily
    unavailable" (EAGAIN) at once.

    How it is detected
    ------------------
    The kernel's table of Unix sockets shows how many connections wait. If some do, the check
    watches the queue for a quarter of a second. If the program accepts none, it makes no further
    connection.

    Why it happens
    --------------
    - The program is stopped (Ctrl-Z, SIGSTOP), held by a debugger, or hangs.
    - All its workers are busy: an application server with few of them behind a web server.
    - It has no file descriptors left.
    - The backlog is small. gunicorn and uWSGI have a setting for it, and net.core.somaxconn
      limits it.

    What to do
    ----------
    If the process is stopped, continue it: `kill -CONT PID`. Otherwise see what it does: its log,
    its workers. Restart it if it hangs. For short peaks give it more workers or a longer backlog.
    To see the queue:

    - Linux: Show the sockets: `sudo ss -lxp`. Recv-Q is the number of waiting connections, Send-Q
      the backlog.
    - macOS: Show the sockets: `sudo lsof -U`. The queue is not shown.
    - Windows: Python has no Unix sockets on Windows. Run the check in WSL.

    Guide
    -----
    troubleshooting/unix-sockets/#it-accepts-connections-and-the-client-fails

    Sources
    -------
    - unix(7): https://man7.org/linux/man-pages/man7/unix.7.html
    - listen(2), backlog: https://man7.org/linux/man-pages/man2/listen.2.html
    - connect(2), EAGAIN: https://man7.org/linux/man-pages/man2/connect.2.html
    """

    code = CODES[5]
    slug = "unix-socket-not-taken"
    severity = "error"
    title = "Unix socket: the program accepts no connections"
    example = "unix:/run/docker.sock"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where connections wait and are not taken."""
        context = context_of(subject, "queue-full", "not-taken")
        if context is None:
            return None
        text = sentence(subject, context.probe, context.unix)
        row = context.row
        if row is not None and row.queue:
            text += f" {row.queue} of {row.backlog} connections wait."
        fixes = commands.who_listens_on_file(context.unix.path)
        if row is not None and row.owners:
            row_of = as_listener(row)
            woken = owners.wake(row_of, context.probe.machine)
            fixes = woken or owners.stop(row_of, context.probe) or fixes
        return Match(text, context.fixes(fixes), context.evidence())
