"""The services that have a socket file: by its name, by a port, and back."""

from __future__ import annotations

import pytest

from checks.rules import unix_services
from checks.rules.protocols import BY_NAME


@pytest.mark.parametrize(
    ("path", "key", "port"),
    [
        ("/var/run/postgresql/.s.PGSQL.5433", "postgresql", 5433),
        ("/srv/db/mysqld.sock", "mysql", 3306),
        ("/run/redis/redis-server.sock", "redis", 6379),
        ("/run/user/1000/docker.sock", "docker", 2375),
        ("/run/php/php8.3-fpm.sock", "php-fpm", 9000),
        ("/tmp/mongodb-27018.sock", "mongodb", 27018),  # noqa: S108 - a name only
        ("/tmp/.X11-unix/X12", "x11", 6012),  # noqa: S108
    ],
)
def test_a_path_is_its_service_and_has_its_port(path: str, key: str, port: int) -> None:
    """By the name of the file, in any directory; the port is in the name or the usual one."""
    service = unix_services.of_path(path)
    assert service is not None
    assert service.key == key
    assert unix_services.port_of(path) == port
    assert unix_services.has_file(service, path, port)
    assert service in unix_services.of_port(port)


@pytest.mark.parametrize(
    "path",
    ["/run/app.sock", "/run/.s.PGSQL.", "/run/.s.PGSQL.5432.lock", "/run/X0", "/run/mysqld.sock.b",
     "/run/mongodb-.sock", "/run/.s.PGSQL.٥", "", "/"],
)  # fmt: skip
def test_other_names_are_no_service(path: str) -> None:
    """A lock beside the file, and a name of an X server elsewhere."""
    assert unix_services.of_path(path) is None
    assert unix_services.port_of(path) is None


def test_a_file_of_another_port_is_another_server() -> None:
    """5433 is not 5432, and X1 is not X0."""
    (postgresql, *_) = unix_services.SERVICES
    assert not unix_services.has_file(postgresql, "/tmp/.s.PGSQL.5433", 5432)  # noqa: S108
    assert not unix_services.is_same("/a/.s.PGSQL.5432", "/b/.s.PGSQL.5433")
    assert unix_services.is_same("/a/mysqld.sock", "/b/mysql.sock")


def test_the_likeliest_socket_comes_first() -> None:
    """The same name or service, then the same directory; the path itself and others never."""
    others = ["/run/a/other.sock", "/run/b/mysql.sock", "/run/a/mysqld.sock", "/x/y.sock"]
    assert unix_services.alike("/run/a/mysqld.sock", others) == [
        "/run/b/mysql.sock",
        "/run/a/other.sock",
    ]


def test_every_entry_can_be_used() -> None:
    """Protocols are known, commands have the path, sentences are short, sources are named."""
    for service in unix_services.SERVICES:
        assert service.protocol is None or service.protocol in BY_NAME
        assert service.source
        assert "{path}" in service.client or "{directory}" in service.client or not service.client
        assert len(service.setting.split()) <= 25
