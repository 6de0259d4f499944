"""What usually listens on a port, as far as a cause needs it, and how its server is started."""

from __future__ import annotations

from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.causes.situation import Situation


class Start(NamedTuple):
    """How a server is started, by system; None where it is no service there.

    Arguments:
        linux: unit of systemd.
        macos: formula of Homebrew.
        windows: name of the service, with a star where it carries a version.
    """

    linux: str | None = None
    macos: str | None = None
    windows: str | None = None


STARTS: dict[int, Start] = {
    1433: Start("mssql-server", None, "MSSQLSERVER"),
    3306: Start("mysql", "mysql", "MySQL*"),
    5432: Start("postgresql", "postgresql", "postgresql*"),
    5672: Start("rabbitmq-server", "rabbitmq", "RabbitMQ"),
    6379: Start("redis-server", "redis", "Redis"),
    9200: Start("elasticsearch", None, "elasticsearch*"),
    11211: Start("memcached", "memcached", None),
    11434: Start("ollama", "ollama", None),
    27017: Start("mongod", "mongodb-community", "MongoDB"),
}
"""Servers that a system starts as a service, by their default port.

Names: PostgreSQL, MySQL, Redis, RabbitMQ, MongoDB, Elasticsearch, memcached and Ollama in
their own packages for Debian, formulae of homebrew-core and services of their Windows
installers, each from the product's manual of installation.
"""

_BACKING = (
    "database", "broker", "data store", "amqp", "clients", "model server", "cql", "bolt",
    "default instance", "llama-server", "native protocol", "http api", "rest api", "s3 api",
)  # fmt: skip
_BACKING_PORTS = frozenset((33060, 5433, 5984, 1883, 19530, 26257, 15672, 8529))


def is_backing(situation: Situation) -> bool:
    """Whether the port is by default one of a database, cache, broker or model server."""
    endpoint = situation.endpoint
    if endpoint is None or endpoint.port is None or not endpoint.port.number:
        return False
    if endpoint.port.number in STARTS or endpoint.port.number in _BACKING_PORTS:
        return True
    uses = endpoint.port.uses
    return bool(uses) and any(word in uses[0].description.lower() for word in _BACKING)


def dev_servers(situation: Situation) -> tuple[bool, bool]:
    """Whether the port is by default one of a development server, and of nothing else."""
    endpoint = situation.endpoint
    if endpoint is None or endpoint.port is None or not endpoint.port.number:
        return False, False
    found = ["development server" in use.description for use in endpoint.port.uses]
    return any(found), bool(found) and all(found)
