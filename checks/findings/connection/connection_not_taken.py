"""C320 connection-not-taken."""

from __future__ import annotations

from checks.findings import busy, commands, owners, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.connection.context import ConnectionContext, context_of
from checks.findings.connection.queue import instead, waiting
from checks.findings.owner.sentences import decisive

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from checks.findings.base import Fix
    from checks.model.evidence import Attempt, Listener


class ConnectionNotTaken(Finding):
    """The connection waits in the queue, because the program does not accept it.

    What it means
    -------------
    The kernel completes connections for a listening program and keeps them in a queue, until the
    program takes them with accept(). This program takes none. A client sees an open port and then
    waits: "read timed out", "no response". Once the queue is full, new connections get no answer
    (backlog-full).

    How it is detected
    ------------------
    By the socket table, on Linux. A waiting connection has a row that no process holds (its inode
    is 0). If none waits, the check makes one connection and watches its row until the timeout. If
    connections wait already, it watches those first. If none of them is accepted, it makes no
    connection. A further one would only lengthen the queue, where it stays until accept(), even
    after its client has closed it. In both cases nothing is sent.

    If several sockets listen on one address (SO_REUSEPORT), the finding names the one whose queue
    has the connections. The others may accept theirs.

    The state of the main thread and the kernel function in which it sleeps are read once, from
    /proc/PID/stat and /proc/PID/wchan. With TCP_DEFER_ACCEPT, connections join the queue only
    when the client has sent something.

    Why it happens
    --------------
    - The process is stopped: Ctrl-Z in its terminal, SIGSTOP, or a breakpoint of a debugger.
    - The program hangs, or it does one long task in the thread that accepts.
    - It serves one client at a time, and another client keeps it busy.
    - It has no file descriptors left, so accept() fails.

    What to do
    ----------
    See what the process does, then continue it or restart it.

    - Linux: Show its state: `ps -o pid,stat,wchan:20,cmd -p PID`. STAT T is stopped, t is held by
      a debugger. Continue a stopped process: `kill -CONT PID`. Show the queue as Recv-Q: `ss -ltn
      'sport = :62893'`.
    - macOS: Show its state: `ps -o pid,stat,command -p PID`. Show the queue: `netstat -Lan`. The
      check does not detect this on macOS.
    - Windows: Look at the process in the Task Manager. The check does not detect this on Windows.

    Guide
    -----
    troubleshooting/not-responding/#it-listens-and-a-connection-gets-no-answer

    Sources
    -------
    - accept(2): https://man7.org/linux/man-pages/man2/accept.2.html
    - listen(2), the queue of completed connections:
      https://man7.org/linux/man-pages/man2/listen.2.html
    - tcp(7), TCP_DEFER_ACCEPT: https://man7.org/linux/man-pages/man7/tcp.7.html
    - proc_pid_stat(5), the state of a process:
      https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
    - sock_diag(7), inode and queue of a socket:
      https://man7.org/linux/man-pages/man7/sock_diag.7.html
    """

    code = "C320"
    slug = "connection-not-taken"
    severity = "error"
    title = "The program accepts no connections"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where no connection was taken out of the accept queue."""
        context = context_of(subject, cls.code)
        if context is None or context.attempt is None:
            return None
        row = context.listeners[0] if context.listeners else None
        text = (
            _what_waits(context, context.attempt, row) + instead(row) + _beside(context.listeners)
        )
        if decisive(subject) is not None:  # that finding has the steps
            return Match(text, evidence=context.evidence())
        fixes = context.fixes(
            owners.wake(row, context.probe.machine) if row else (),
            *_looking(context, row),
            owners.stop(row, context.probe) if row else (),
        )
        return Match(text, fixes, context.evidence())


def _looking(context: ConnectionContext, row: Listener | None) -> Iterator[tuple[Fix, ...]]:
    """How to see why it takes none; where it is busy with one client, how to end that."""
    if row is not None and busy.connections(context.probe, row):
        yield busy.fixes(context.number)
        return
    yield commands.advice("Read in the program's log why it does not accept.")
    yield commands.who_listens(context.number)


def _what_waits(context: ConnectionContext, attempt: Attempt, row: Listener | None) -> str:
    """That no connection was taken: this one, or those that waited before it."""
    time = f"{(attempt.watched or 0.0) / 1000:.1f} s"
    waits = waiting(row.queue) if row and row.queue else ""
    if attempt.outcome == "skipped":
        begin = wording.opening(row) if row else "The program"
        text = f"{waits or 'Connections wait'} on {context.named}."
        return f"{text} {begin} accepted none within {time}. No other connection was made."
    who = wording.holder(row) if row else "the program"
    text = f"{context.named} is connected, but {who} did not accept the connection in {time}."
    return f"{text} {waits} there too." if waits else text


def _beside(rows: Sequence[Listener]) -> str:
    """A sentence for other sockets on the very address, which may take their connections."""
    others = sum(1 for row in rows[1:] if row.address == rows[0].address)
    if not others:
        return ""
    more = "Another socket listens" if others == 1 else f"{others} other sockets listen"
    return f" {more} on the same address. The system gives each connection to one of them."
