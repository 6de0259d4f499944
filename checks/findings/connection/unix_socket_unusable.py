"""C326 unix-socket-unusable."""

from __future__ import annotations

from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.connection.unix import CODES, context_of, sentence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.findings.connection.unix import UnixContext


class UnixSocketUnusable(Finding):
    """No connection to that path is possible.

    What it means
    -------------
    The path leads to a file that is not a socket, or it is too long for the address of a socket.
    Or its socket is for messages and not for connections, or this Python has no Unix sockets.

    How it is detected
    ------------------
    stat() shows another kind of file, or connect() fails with ENAMETOOLONG, EPROTOTYPE or another
    error. Or the socket module has no AF_UNIX, as in Python for Windows.

    Why it happens
    --------------
    - A directory was mounted instead of the file. Docker creates an empty directory if the file
      of `-v /run/app.sock:/run/app.sock` does not exist when the container starts.
    - Paths of temporary directories are long. macOS allows 103 bytes, Linux 107.
    - `/dev/log` and systemd's notify socket are datagram sockets.

    What to do
    ----------
    Use the path of the socket itself. If it is too long, use a shorter directory, a link to it,
    or a relative path. If a directory was mounted, remove it, start the server that creates the
    file, then start the container. Or mount the directory that contains the socket. To list the
    Unix sockets with their programs:

    - Linux: `sudo ss -lxp`
    - macOS: `sudo lsof -U`
    - Windows: Python has no Unix sockets on Windows. Run the check in WSL.

    Guide
    -----
    troubleshooting/unix-sockets/

    Sources
    -------
    - unix(7), sun_path, EPROTOTYPE: https://man7.org/linux/man-pages/man7/unix.7.html
    - Docker documentation, bind mounts: https://docs.docker.com/engine/storage/bind-mounts/
    - Python, socket.AF_UNIX: https://docs.python.org/3/library/socket.html
    """

    code = CODES[4]
    slug = "unix-socket-unusable"
    severity = "error"
    title = "Not a usable Unix socket"
    example = "unix:/run/docker.sock"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where no client could connect to that path."""
        outcomes = ("not-a-socket", "too-long", "wrong-type", "unsupported", "other-error")
        context = context_of(subject, *outcomes)
        if context is None:
            return None
        says = sentence(subject, context.probe, context.unix)
        return Match(says, context.fixes(_fixes(context)), context.evidence())


def _fixes(context: UnixContext) -> tuple[Fix, ...]:
    outcome, file = context.unix.outcome, context.unix.file
    if outcome == "not-a-socket" and file is not None and file.kind == "directory":
        look = Fix("List the directory.", context.command("ls -l"))
        return (Fix("Give the path of the socket itself."), look)
    if outcome == "not-a-socket":
        return (Fix("Show what the file is.", context.command("ls -l")),)
    if outcome == "too-long":
        return (Fix("Use a shorter path, or a link to the directory from a short one."),)
    if outcome == "unsupported":
        return (Fix("Run the check where the server runs: on Linux, on macOS or in WSL."),)
    return ()
