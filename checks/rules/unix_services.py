"""Services that listen on a Unix socket, beside a TCP port or in place of one.

A server that has its socket file and no port looks dead to who asks the port: nothing
listens there. Both the probe and the findings know it by the names below: the file that it
makes, and the port that a client would ask.

Sources: the manuals of the servers, as each entry names them.
"""

from __future__ import annotations

from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class UnixService(NamedTuple):
    """A service that has a socket file.

    Arguments:
        key: stable, in lower case.
        name: what a person calls it.
        files: names of its socket file, without the directory. ``{port}`` stands for the port,
            ``{display}`` for the port less 6000. One that begins with ``*`` is an ending.
        ports: its TCP ports; () for any, where the name of the file has the port in it.
        setting: what makes it listen on a port as well, as a short imperative sentence; "" where
            it should not.
        protocol: that is spoken on the file, as :mod:`checks.rules.protocols` has it, or None.
        client: the command that connects to the file; ``{path}``, ``{directory}`` and
            ``{port}`` are filled in. "" for none.
        by_port: the same by TCP, with ``{host}`` and ``{port}``.
        source: where that is written.
    """

    key: str
    name: str
    files: tuple[str, ...]
    ports: tuple[int, ...]
    setting: str
    protocol: str | None = None
    client: str = ""
    by_port: str = ""
    source: str = ""


SERVICES: tuple[UnixService, ...] = (
    UnixService(
        key="postgresql",
        name="PostgreSQL",
        files=(".s.PGSQL.{port}",),
        ports=(),
        setting="Set listen_addresses = 'localhost' in postgresql.conf and restart PostgreSQL.",
        protocol="postgresql",
        client="psql -h {directory} -p {port}",
        by_port="psql -h {host} -p {port}",
        source="PostgreSQL documentation, 19.3 Connections and Authentication",
    ),
    UnixService(
        key="mysql",
        name="MySQL",
        files=("mysqld.sock", "mysql.sock", "mariadb.sock", "mysqld-debug.sock"),
        ports=(3306,),
        setting=(
            "Take skip-networking out of the server's configuration, set"
            " bind-address = 127.0.0.1, and restart it."
        ),
        protocol="mysql",
        client="mysql --socket={path}",
        by_port="mysql -h {host} -P {port}",
        source="MySQL 8.4 Reference Manual, 7.1.8 Server System Variables",
    ),
    UnixService(
        key="redis",
        name="Redis",
        files=("redis.sock", "redis-server.sock", "valkey.sock", "valkey-server.sock"),
        ports=(6379,),
        setting="Set port 6379 in redis.conf (port 0 turns TCP off) and restart Redis.",
        protocol="redis",
        client="redis-cli -s {path} ping",
        by_port="redis-cli -h {host} -p {port} ping",
        source="redis.conf, port and unixsocket",
    ),
    UnixService(
        key="docker",
        name="Docker",
        files=("docker.sock",),
        ports=(2375, 2376),
        setting="",
        protocol="http",
        client="docker -H unix://{path} version",
        source="Docker documentation, dockerd, daemon socket option",
    ),
    UnixService(
        key="podman",
        name="Podman",
        files=("podman.sock",),
        ports=(),
        setting="",
        protocol="http",
        client="podman --url unix://{path} version",
        source="podman-system-service(1)",
    ),
    UnixService(
        key="memcached",
        name="memcached",
        files=("memcached.sock",),
        ports=(11211,),
        setting="Start memcached with -l 127.0.0.1 and without -s: a Unix socket turns TCP off.",
        protocol="memcached",
        source="memcached(1), -s",
    ),
    UnixService(
        key="mongodb",
        name="MongoDB",
        files=("mongodb-{port}.sock",),
        ports=(),
        setting="Set net.bindIp: 127.0.0.1 in mongod.conf and restart MongoDB.",
        protocol="mongodb",
        source="MongoDB manual, net.unixDomainSocket",
    ),
    UnixService(
        key="php-fpm",
        name="PHP-FPM",
        files=("*-fpm.sock",),
        ports=(9000,),
        setting=(
            "Give the web server the socket file (nginx: fastcgi_pass unix:PATH), or set"
            " listen = 127.0.0.1:9000 in the pool's file."
        ),
        source="PHP manual, FPM configuration, listen",
    ),
    UnixService(
        key="cups",
        name="CUPS",
        files=("cups.sock",),
        ports=(631,),
        setting="Add Listen localhost:631 to cupsd.conf and restart CUPS.",
        protocol="http",
        source="cupsd.conf(5), Listen",
    ),
    UnixService(
        key="x11",
        name="X11",
        files=("X{display}",),
        ports=tuple(range(6000, 6064)),
        setting="Set DISPLAY=:{display}, without a host name, so that the client uses the file.",
        source="Xserver(1), -nolisten; X(7), DISPLAY NAMES",
    ),
)
"""The services, each with the names of its file."""

_OF_X11 = "/.X11-unix"
"""The directory of the sockets of X servers."""

_PORTS = 6000
"""Port of the first display of X: X(7)."""


def of_path(path: str) -> UnixService | None:
    """Return the service whose socket file has this name; None for no such.

    Arguments:
        path: of the socket.
    """
    directory, _, name = path.rpartition("/")
    for service in SERVICES:
        if _is_in_place(service, directory) and any(
            _matches(name, each, None) for each in service.files
        ):
            return service
    return None


def port_of(path: str) -> int | None:
    """Return the TCP port that a client of the same service would ask; None where unknown."""
    service = of_path(path)
    if service is None:
        return None
    digits = _digits_at_end(path.removesuffix(".sock"))
    if service.key == "x11":
        return _PORTS + digits if digits is not None and digits < len(service.ports) else None
    if service.ports:
        return service.ports[0]
    return digits if digits is not None and 0 < digits < 65536 else None


def of_port(port: int) -> Iterator[UnixService]:
    """Yield the services that a client may have meant by a TCP port."""
    for service in SERVICES:
        if port in service.ports or any("{port}" in each for each in service.files):
            yield service


def has_file(service: UnixService, path: str, port: int) -> bool:
    """Whether a path is that of the service's socket file for a port.

    Arguments:
        service: of :data:`SERVICES`.
        path: an absolute path.
        port: that a client asked.
    """
    directory, _, name = path.rpartition("/")
    if not directory or not _is_in_place(service, directory):
        return False
    return any(_matches(name, each, port) for each in service.files)


def _is_in_place(service: UnixService, directory: str) -> bool:
    """Whether a name means the service in this directory: ``X0`` alone means nothing."""
    return service.key != "x11" or directory.endswith(_OF_X11)


def alike(path: str, others: Iterable[str]) -> list[str]:
    """Return the paths that may have been meant by one that is not there, the likeliest first.

    Those of the same name or service come first, then others of the same directory.

    Arguments:
        path: that was asked for.
        others: the paths of sockets that programs listen on.
    """
    directory = path.rpartition("/")[0]
    ranked: dict[str, bool] = {}
    for other in others:
        beside = other.rpartition("/")[0]
        if other != path and beside and (is_same(path, other) or beside == directory):
            ranked[other] = not is_same(path, other)
    return sorted(ranked, key=lambda one: (ranked[one], one))


def is_same(path: str, other: str) -> bool:
    """Whether two paths have the same name, or names of one service's socket."""
    if path.rpartition("/")[2] == other.rpartition("/")[2]:
        return True
    service = of_path(path)
    return service is not None and service is of_path(other) and port_of(path) == port_of(other)


def filled(text: str, *, path: str = "", port: int = 0) -> str:
    """Fill in what a name or a sentence of :data:`SERVICES` leaves open."""
    return (
        text.replace("{port}", str(port))
        .replace("{display}", str(port - _PORTS))
        .replace("{directory}", path.rpartition("/")[0] or "/")
        .replace("{path}", path)
    )


def _matches(name: str, pattern: str, port: int | None) -> bool:
    """Whether a file has a name of :attr:`UnixService.files`; None for any port."""
    if pattern[0] == "*":
        return name.endswith(pattern[1:]) and len(name) >= len(pattern)
    if "{" not in pattern:
        return name == pattern
    if port is not None:
        return name == filled(pattern, port=port)
    head, _, rest = pattern.partition("{")
    tail = rest.partition("}")[2]
    inner = name[len(head) : len(name) - len(tail)]
    return name.startswith(head) and name.endswith(tail) and _is_number(inner)


def _digits_at_end(text: str) -> int | None:
    stem = text.rstrip("0123456789")
    digits = text[len(stem) :]
    return int(digits) if _is_number(digits) else None


def _is_number(text: str) -> bool:
    return 0 < len(text) <= 5 and text.isascii() and text.isdecimal()
