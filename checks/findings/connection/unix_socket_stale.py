"""C323 unix-socket-stale."""

from __future__ import annotations

from checks.findings import commands
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.connection.unix import (
    CODES,
    by_port,
    context_of,
    sentence,
    use_instead,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.findings.connection.unix import UnixContext


class UnixSocketStale(Finding):
    """The socket file exists, but no program listens on it.

    What it means
    -------------
    A socket file stays when its program ends, unless the program removes it. A client that finds
    the file gets "Connection refused" (ECONNREFUSED). A server that wants to create it again gets
    "Address already in use" (EADDRINUSE), although no program uses it.

    How it is detected
    ------------------
    stat() shows a socket, and connect() fails with ECONNREFUSED. The kernel finds no listening
    socket behind the file.

    Why it happens
    --------------
    - The server crashed, was killed by SIGKILL, or the machine lost power.
    - The server is starting: it has bound the file and does not listen yet.
    - The file is in a directory that another machine or container shares. It works only if its
      server runs on the same kernel.

    What to do
    ----------
    Start the server again. Most servers remove an old file themselves. If yours says "Address
    already in use", remove the file first, then start the server. To see whether any program
    listens on it:

    - Linux: `sudo ss -lxp`
    - macOS: `sudo lsof -U`
    - Windows: Python has no Unix sockets on Windows. Run the check in WSL.

    Guide
    -----
    troubleshooting/unix-sockets/#connection-refused

    Sources
    -------
    - unix(7), ECONNREFUSED, and on the removal of the file:
      https://man7.org/linux/man-pages/man7/unix.7.html
    - Linux, unix_find_bsd():
      https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/tree/net/unix/af_unix.c
    """

    code = CODES[1]
    slug = "unix-socket-stale"
    severity = "error"
    title = "No program listens on the socket file"
    example = "unix:/run/docker.sock"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where a socket file refuses."""
        context = context_of(subject, "refused")
        if context is None:
            return None
        says = sentence(subject, context.probe, context.unix)
        return Match(says, _fixes(context), context.evidence())


def _fixes(context: UnixContext) -> tuple[Fix, ...]:
    if context.unix.bound:
        wait = "Wait until the server has started, or read in its log why it does not listen."
        return context.fixes(commands.advice(wait))
    if context.row is not None:
        again = "Restart the server, so that it listens on the file that is there."
        return context.fixes(commands.advice(again))
    remove = Fix("Remove the left-over file, then start the server.", context.command("rm"))
    if context.to_listen:
        return context.fixes((remove,))
    start = commands.advice("Start the server that listens on it.")
    again = "If it says that the address is in use, remove the left-over file:"
    return context.fixes(
        use_instead(context), by_port(context), start, (Fix(again, context.command("rm")),)
    )
