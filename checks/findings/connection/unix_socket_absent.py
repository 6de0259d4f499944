"""C325 unix-socket-absent."""

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
from checks.rules import unix_services

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.findings.connection.unix import UnixContext


class UnixSocketAbsent(Finding):
    """There is no Unix socket of that path or name.

    What it means
    -------------
    The file that the client should use does not exist: connect() fails with ENOENT, "No such file
    or directory". An abstract socket, whose name begins with `@`, has no file. If no program
    listens on it, connect() fails with ECONNREFUSED.

    How it is detected
    ------------------
    connect() fails, and stat() finds no file. The nearest directory that exists is named. Then
    the kernel's table of Unix sockets is searched for one that you may have meant: the same name
    in another directory, another file of the same service, or another socket of the same
    directory.

    Why it happens
    --------------
    - The server is not running, or creates its file elsewhere. PostgreSQL of Debian uses
      `/var/run/postgresql`, one that was built from source uses `/tmp`.
    - The client is in a container, where the path is a different one. Mount the directory of the
      socket there.
    - systemd gave the service a private `/tmp` (PrivateTmp=).
    - A script or a cleaner of `/tmp` removed the file while the server runs. The server still
      listens, but no client reaches it.
    - The directory below `/run` was not created again after the last start of the machine.

    What to do
    ----------
    Give the client the path on which the server listens. This finding names it if it was found.
    If there is none, start the server. Many servers also listen on a port. The client uses it if
    you write 127.0.0.1 instead of localhost (MySQL), or a host name (PostgreSQL). To list the
    Unix sockets with their programs:

    - Linux: `sudo ss -lxp`
    - macOS: `sudo lsof -U`
    - Windows: Python has no Unix sockets on Windows. Run the check in WSL.

    Guide
    -----
    troubleshooting/unix-sockets/#no-such-file-or-directory

    Sources
    -------
    - unix(7): https://man7.org/linux/man-pages/man7/unix.7.html
    - PostgreSQL, unix_socket_directories:
      https://www.postgresql.org/docs/current/runtime-config-connection.html
    - MySQL, connecting with localhost:
      https://dev.mysql.com/doc/refman/8.4/en/connecting.html
    - systemd.exec(5), PrivateTmp=: https://man7.org/linux/man-pages/man5/systemd.exec.5.html
    """

    code = CODES[3]
    slug = "unix-socket-absent"
    severity = "error"
    title = "The Unix socket does not exist"
    example = "unix:/run/docker.sock"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where there is no such file or name."""
        context = context_of(subject, "absent")
        if context is None:
            return None
        says = sentence(subject, context.probe, context.unix)
        return Match(says, _fixes(context), context.evidence())


_SHARE = "Mount the directory of the socket where the client runs, or run the client there."


def _fixes(context: UnixContext) -> tuple[Fix, ...]:
    service = unix_services.of_path(context.unix.path)
    name = service.name if service else "the server"
    start = commands.advice(f"Start {name}, or read where it creates its socket.")
    if context.row is not None and context.unix.mount == "other":
        return context.fixes(commands.advice(_SHARE), by_port(context), _others())
    if context.row is not None:
        return context.fixes(commands.advice(f"Restart {name}. It creates the file again."))
    return context.fixes(use_instead(context), by_port(context), start, _others())


def _others() -> tuple[Fix, ...]:
    text = "Show the Unix sockets on which programs listen."
    return (
        Fix(text, "ss -lxp", commands.LINUX),
        Fix(text, "lsof -U", commands.MACOS),
    )
