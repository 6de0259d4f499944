"""C305 backlog-full."""

from __future__ import annotations

from checks.findings import commands, owners, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.connection.context import context_of
from checks.findings.connection.queue import instead, waiting
from checks.findings.owner.sentences import decisive


class BacklogFull(Finding):
    """A program listens, but its queue of waiting connections is full.

    What it means
    -------------
    The kernel completes connections for a listening program and keeps them in a queue, until the
    program takes them with accept(). The queue has a limit, the backlog. If it is full, Linux
    drops new requests without an answer. To a client and to a port scanner this looks like a
    firewall.

    How it is detected
    ------------------
    connect() got no answer, and the row of the listener shows more waiting connections than its
    backlog. Linux compares with "greater than", so a backlog of 0 holds one connection.

    Why it happens
    --------------
    - The program hangs, is stopped in a debugger, or does one long task in the thread that
      accepts.
    - It gets more connections than it can handle, or its backlog is very small.

    What to do
    ----------
    Find out why the program does not accept. Restarting it empties the queue.

    - Linux: Show the queue: `ss -ltnp 'sport = :62893'`. Recv-Q is the number of waiting
      connections, Send-Q the backlog. Show the upper limit of the backlog: `sysctl
      net.core.somaxconn`.
    - macOS: Show the queues: `netstat -Lan`. The three numbers are the queue, the incomplete
      connections and the limit.
    - Windows: The queue is not shown. Look at the process in the Task Manager.

    Guide
    -----
    troubleshooting/intermittent/#the-queue-fills

    Sources
    -------
    - listen(2), backlog: https://man7.org/linux/man-pages/man2/listen.2.html
    - ss(8): https://man7.org/linux/man-pages/man8/ss.8.html
    - Linux include/net/sock.h, sk_acceptq_is_full():
      https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/tree/include/net/sock.h
    """

    code = "C305"
    slug = "backlog-full"
    severity = "error"
    title = "Queue full: the program accepts no connections"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to silence where the listener's queue is longer than its backlog."""
        context = context_of(subject, cls.code)
        if context is None or not context.listeners:
            return None
        row = context.listeners[0]
        text = (
            f"{wording.opening(row)} listens on {wording.bound(row)} but does not accept:"
            f" {waiting(row.queue or 0)} (backlog {row.backlog}), so {context.named} gets no"
            f" answer.{instead(row)}"
        )
        if decisive(subject) is not None:  # that finding has the steps
            return Match(text, evidence=context.evidence())
        fixes = context.fixes(
            owners.wake(row, context.probe.machine),
            commands.advice("Find out why the program does not accept, or restart it."),
            commands.who_listens(context.number),
            owners.stop(row, context.probe),
        )
        return Match(text, fixes, context.evidence())
