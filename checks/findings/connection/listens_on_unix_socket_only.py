"""C328 listens-on-unix-socket-only."""

from __future__ import annotations

from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.connection.context import context_of
from checks.findings.connection.unix import client, on_file_only, row_line
from checks.rules import unix_services

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import UnixListener


class ListensOnUnixSocketOnly(Finding):
    """The service of the port listens on its Unix socket, and on no port.

    What it means
    -------------
    The program runs, and accepts connections only on a socket file. A client that uses the port
    is refused as if no program ran. A client that uses the file, as psql and mysql do without a
    host, connects.

    How it is detected
    ------------------
    The TCP connection was refused, and the socket table has no TCP listener on the port. The
    kernel's table of Unix sockets has a listener on a file of the port's service, such as
    `.s.PGSQL.5432`. The name of the file tells that it is the same service.

    Why it happens
    --------------
    - PostgreSQL: listen_addresses is empty.
    - MySQL and MariaDB: skip-networking is set. Their container images also use it while they set
      up the database at their first start.
    - Redis: port 0. memcached: option -s. MongoDB: net.bindIp has the path only.
    - Docker's daemon, PHP-FPM and X servers listen only on their file by default.

    What to do
    ----------
    Make the client use the socket file, or make the server listen on 127.0.0.1 as well. Do not
    open Docker's port for it: a client of that port is root on the machine. To list the Unix
    sockets with their programs:

    - Linux: `sudo ss -lxp`
    - macOS: `sudo lsof -U`
    - Windows: Python has no Unix sockets on Windows. Run the check in WSL.

    PostgreSQL: set `listen_addresses = 'localhost'` in postgresql.conf and restart it. MySQL:
    remove `skip-networking` and set `bind-address = 127.0.0.1`. Redis: set `port 6379`.

    Guide
    -----
    troubleshooting/unix-sockets/#the-port-is-refused-and-the-server-runs

    Sources
    -------
    - PostgreSQL, listen_addresses:
      https://www.postgresql.org/docs/current/runtime-config-connection.html
    - MySQL, skip_networking:
      https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html
    - Redis configuration: https://redis.io/docs/latest/operate/oss_and_stack/management/config/
    - Docker, daemon socket option: https://docs.docker.com/reference/cli/dockerd/
    - Xserver(1): https://manpages.debian.org/stable/xserver-common/Xserver.1.en.html
    """

    code = "C328"
    slug = "listens-on-unix-socket-only"
    severity = "error"
    title = "Service listens on a socket file only"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where nothing listens on the port and its service does on a file."""
        context = context_of(subject, cls.code)
        if context is None or not context.probe.unix_listeners:
            return None
        rows = context.probe.unix_listeners
        text = on_file_only(context.named, context.probe)
        evidence = (*context.evidence(), *map(row_line, rows))
        return Match(text, context.fixes(_fixes(rows[0], context.number)), evidence)


def _fixes(row: UnixListener, port: int) -> tuple[Fix, ...]:
    service = unix_services.of_path(row.path)
    if service is None:
        return ()
    setting = unix_services.filled(service.setting, path=row.path, port=port)
    by_file = Fix("Connect by the socket file:", client(row.path))
    use = (by_file,) if by_file.command else (Fix(f"Give the client the path {row.path}."),)
    return (Fix(setting), *use) if setting else use
