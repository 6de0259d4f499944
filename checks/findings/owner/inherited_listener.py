"""O704 inherited-listener."""

from __future__ import annotations

from checks.findings import owners, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.owner.context import OwnerContext, context_of
from checks.findings.witness import main_owner
from checks.rules.owners import is_restarted, never_listens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Listener


class InheritedListener(Finding):
    """A child process holds the listener of a server that has ended.

    What it means
    -------------
    A child process gets the open sockets of its parent, unless they are marked close-on-exec. If
    the server ends and the child does not, the child keeps the port. No program serves it: the
    kernel completes connections that are never accepted. The server cannot start again: "Address
    already in use".

    How it is detected
    ------------------
    Every process that holds the listener is a program that cannot have created it, because it has
    no code to listen: `sleep`, `cat`, `tail`, `sh`, `bash`, `make` and the like, by the name of
    the process. So it inherited it. If another process holds the socket too, or a connection was
    accepted, or systemd or inetd listens for a service, there is no finding. Other children that
    keep a socket look the same as a server that hangs.

    Why it happens
    --------------
    - A server starts a command (system(), popen(), exec of a script) without closing its sockets.
    - PHP, C and C++ programs do so by default. Python since 3.4, Go and Node.js do not.
    - The server was killed or has crashed while its command was running.

    What to do
    ----------
    End the process that holds the port, then start the server again. To prevent it, open the
    socket with SOCK_CLOEXEC, or let the server end its children.

    - Linux: Show the listener: `ss -ltnp 'sport = :62893'`. The last column names the program and
      its pid, with sudo also for programs of other users. Then end it: `kill PID`.
    - macOS: Show the listener: `sudo lsof -nP -iTCP:62893 -sTCP:LISTEN`. COMMAND and PID name the
      program. Then end it: `kill PID`.
    - Windows: A child inherits a handle only if its parent asks for it.

    Guide
    -----
    troubleshooting/in-use/#stop-it-wait-or-move

    Sources
    -------
    - execve(2), open descriptors stay open: https://man7.org/linux/man-pages/man2/execve.2.html
    - socket(2), SOCK_CLOEXEC: https://man7.org/linux/man-pages/man2/socket.2.html
    - Python, os, inheritance of file descriptors:
      https://docs.python.org/3/library/os.html#fd-inheritance
    """

    code = "O704"
    slug = "inherited-listener"
    severity = "error"
    title = "A child process keeps the port"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where only programs that never listen hold the listener."""
        context = context_of(subject)
        row = next((one for one in context.rows if _is_left(one)), None) if context else None
        if context is None or row is None or _is_served(context):
            return None
        if not context.probe.machine.privileged and any(map(is_restarted, row.owners)):
            return None  # systemd may hold it too, which only root can see
        owner = main_owner(row)
        if owner is None:
            return None
        name = owner.name
        text = (
            f"{wording.opening(row)} holds the listener on {wording.bound(row)} but {name} is not"
            " a server. It inherited the socket from a program that no longer has it."
        )
        fixes = context.fixes(owners.stop(row, context.probe))
        return Match(text, fixes, context.evidence(), listeners=(row,))


def _is_left(row: Listener) -> bool:
    """Whether no process that holds a socket can have made it."""
    if not row.owners or row.activation is not None:
        return False
    return all(never_listens(owner.name) for owner in row.owners)


def _is_served(context: OwnerContext) -> bool:
    """Whether a process that is not seen takes the connections."""
    return context.is_taken and len(context.rows) == 1
