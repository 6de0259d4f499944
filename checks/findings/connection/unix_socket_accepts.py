"""C322 unix-socket-accepts."""

from __future__ import annotations

from checks.findings import commands, owners
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.connection.unix import CODES, as_listener, client, context_of, sentence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.findings.connection.unix import UnixContext


_ELSEWHERE = (
    "If the error comes back, check where the client runs. In a container, or in a service with"
    " PrivateTmp=, the same path is another file."
)


class UnixSocketAccepts(Finding):
    """A program listens on the Unix socket and accepts connections.

    What it means
    -------------
    A Unix socket is a file, or a name, by which programs of one machine connect to each other. It
    has no address and no port, and no other machine reaches it. The permissions of the file and
    of the directories above it decide who may connect.

    How it is detected
    ------------------
    connect() succeeded, and the program accepted the connection. The kernel's table of Unix
    sockets names the program. If it has no row, because the program is in another network
    namespace, SO_PEERCRED names it. The check makes no connection to a socket that systemd holds
    for a service, because that would start the service. It also makes none to one of nc or socat
    that ends with its first client.

    Why it happens
    --------------
    Databases, container engines and application servers listen on such a socket beside a port or
    instead of one. If your client is refused in spite of this finding, it uses another file or a
    port.

    What to do
    ----------
    Give your client the path. Without an option for it, many clients use a port:

    - curl: `curl --unix-socket /run/app.sock http://localhost/`
    - psql: `psql -h /var/run/postgresql`
    - mysql: `mysql --socket=/run/mysqld/mysqld.sock`
    - redis-cli: `redis-cli -s /run/redis/redis.sock`

    If your own server should listen on this path but says that the address is in use, stop the
    program that this finding names. To list the Unix sockets with their programs:

    - Linux: `sudo ss -lxp`
    - macOS: `sudo lsof -U`
    - Windows: Python has no Unix sockets on Windows. Run the check in WSL.

    Guide
    -----
    troubleshooting/unix-sockets/#it-accepts-connections-and-the-client-fails

    Sources
    -------
    - unix(7): https://man7.org/linux/man-pages/man7/unix.7.html
    - POSIX.1-2024, sys/un.h:
      https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/sys_un.h.html
    - systemd.socket(5): https://man7.org/linux/man-pages/man5/systemd.socket.5.html
    """

    code = CODES[0]
    slug = "unix-socket-accepts"
    severity = "ok"
    title = "Unix socket accepts connections"
    example = "unix:/run/docker.sock"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where a connection came about, or was not made for the service's sake."""
        context = context_of(subject, "accepted", "left-alone")
        if context is None:
            return None
        says = sentence(subject, context.probe, context.unix)
        if context.unix.outcome == "left-alone":
            return Match(says, evidence=context.evidence(), severity="notice")
        if context.to_listen:
            return Match(says, _stop(context), context.evidence(), severity="error")
        return Match(says, _use(context), context.evidence())


def _stop(context: UnixContext) -> tuple[Fix, ...]:
    """What a server does that wanted this path."""
    if context.row is None or not context.row.owners:
        return ()
    return context.fixes(owners.stop(as_listener(context.row), context.probe))


def _use(context: UnixContext) -> tuple[Fix, ...]:
    command = client(context.unix.path)
    if context.subject.classification.errors:
        again = Fix("Try again: the socket accepts connections now.", command)
        return context.fixes((again, *commands.advice(_ELSEWHERE)))
    return context.fixes((Fix("Connect to it.", command),)) if command else ()
