"""O701 owner-stopped."""

from __future__ import annotations

from checks.findings import commands, intent, owners, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.connection.queue import waiting
from checks.findings.owner.context import beside, context_of, state_line
from checks.findings.witness import main_owner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Listener


class OwnerStopped(Finding):
    """The process that listens is stopped, so it serves no connection.

    What it means
    -------------
    The process exists and keeps its port, but it runs no code. The kernel still completes
    connections for it until the queue is full, so the port looks open. A client connects and then
    waits until its own timeout.

    How it is detected
    ------------------
    By the state of the process in /proc/PID/stat, on Linux. T is stopped by a signal, t is held
    by a debugger. Every process that holds the listener must be in such a state. If a connection
    was accepted, there is no finding, because a process that is not visible here serves it.
    Sockets that share the address (SO_REUSEPORT) are judged one by one.

    Why it happens
    --------------
    - Ctrl-Z in the terminal of the server sends SIGTSTP. The shell then prints "Stopped".
    - A background process reads from its terminal (SIGTTIN).
    - A script or a tool sent SIGSTOP and no SIGCONT.
    - A debugger holds the process at a breakpoint.

    What to do
    ----------
    Continue the process. `kill PID` alone has no visible effect: the signal waits until the
    process continues.

    - Linux: Continue it: `kill -CONT PID`. In the shell that started it, `fg` does the same. Show
      the state: `ps -o pid,stat,cmd -p PID`. A process that a debugger holds continues in the
      debugger.
    - macOS: Continue it: `kill -CONT PID`. Show the state: `ps -o pid,stat,command -p PID`. The
      check does not see the state on macOS.
    - Windows: Resume the process in the Resource Monitor: `resmon`. The check does not see the
      state on Windows.

    Guide
    -----
    troubleshooting/not-responding/#it-listens-and-a-connection-gets-no-answer

    Sources
    -------
    - proc_pid_stat(5), the state of a process:
      https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
    - signal(7), SIGSTOP, SIGTSTP, SIGTTIN, SIGCONT:
      https://man7.org/linux/man-pages/man7/signal.7.html
    - ptrace(2), signal-delivery-stop: https://man7.org/linux/man-pages/man2/ptrace.2.html
    - listen(2), the queue of completed connections:
      https://man7.org/linux/man-pages/man2/listen.2.html
    """

    code = "O701"
    slug = "owner-stopped"
    severity = "error"
    title = "The listening program is stopped"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where every process that holds a listener on the address is stopped."""
        context = context_of(subject)
        if context is None:
            return None
        halted = [row for row in context.rows if _is_halted(row, stuck=context.is_stuck)]
        if not halted:
            return None
        if context.is_taken and len(context.rows) == len(halted):
            return None  # what took the connection is not seen
        row = halted[0]
        owner = main_owner(row)
        if owner is None:
            return None
        why, until = _WHY[owner.state or ""]
        text = f"{wording.opening(row)} listens on {wording.bound(row)} but {why}. {until}."
        if row.queue:
            text += f" {waiting(row.queue)} for it."
        text += beside(row, context.rows)
        wake = owners.wake(row, context.probe.machine)
        if owner.state == "traced":
            wake = commands.advice("Continue it in the debugger, or end the debugger.")
        stop = owners.stop(row, context.probe)
        wanted = intent.wants_to_listen(subject.classification)
        fixes = context.fixes(*((stop, wake) if wanted else (wake, stop)))
        lines = [state_line(each, f"is {each.state}") for each in row.owners]
        return Match(text, fixes, context.evidence(*lines), listeners=tuple(halted))


def _is_halted(row: Listener, *, stuck: bool) -> bool:
    """Whether no process that holds a socket runs.

    One that is traced may be so for a moment, as at each system call by strace: that counts
    where it takes no connection either.
    """
    halted = {owner.state for owner in row.owners}
    return bool(halted) and halted <= _WHY.keys() and (stuck or "traced" not in halted)


_WHY = {
    "stopped": ("is stopped (SIGSTOP or Ctrl-Z)", "It accepts no connections until it continues"),
    "traced": ("a debugger holds it", "It accepts no connections until it runs again"),
}
