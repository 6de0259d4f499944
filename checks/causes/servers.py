"""What usually listens on a port, as far as a cause needs it, and how its server is started."""

from __future__ import annotations

import re

from checks.model.records import NamedTuple
from checks.ports.uses import on_port

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
    2375: Start("docker", None, "com.docker.service"),
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


_WORDS = (
    ("sqlstate[hy000]", 3306, "MySQL"), ("mysql", 3306, "MySQL"), ("mariadb", 3306, "MariaDB"),
    ("psycopg", 5432, "PostgreSQL"), ("s.pgsql", 5432, "PostgreSQL"),
    ("postgres", 5432, "PostgreSQL"),
    ("redis", 6379, "Redis"), ("mongo", 27017, "MongoDB"), ("amqp", 5672, "RabbitMQ"),
    ("rabbitmq", 5672, "RabbitMQ"), ("ollama", 11434, "Ollama"), ("docker daemon", 2375, "Docker"),
)  # fmt: skip
"""Words that tell the server where no port does, with its default port and its name."""


def default_port(situation: Situation) -> int:
    """The port that was asked, or the default one of the server that the text names; else 0."""
    if situation.port is not None or not situation.may_be_loopback:
        return situation.port or 0
    return next((port for word, port, _ in _WORDS if word in situation.low), 0)


def name(situation: Situation) -> str:
    """What mostly listens on the port, or the server that the text names; "" for none."""
    endpoint = situation.endpoint
    if situation.port is None or endpoint is None or endpoint.port is None:
        here = situation.may_be_loopback and situation.error.name
        return next((name for word, _, name in _WORDS if here and word in situation.low), "")
    names = {use.name for use in endpoint.port.uses if not use.systems}
    return names.pop() if len(names) == 1 and not _is_anyones(situation) else ""


def _is_anyones(situation: Situation) -> bool:
    """Whether the number of a port tells little, and no word of the text names its usual server.

    People give such a number to any program, or it is one of a long row that a tool takes from.
    """
    number = situation.port or 0
    uses = on_port(number)
    beside = (*on_port(number - 1), *on_port(number + 1))
    if number not in _ANYONES and not any(use in beside for use in uses):
        return False
    words = {word for use in uses for word in _word(use.name.lower())}
    return not any(word in situation.low for word in words)


_ANYONES = frozenset((1080, 1234, 1337, 4567, 8888, 9001))
"""Numbers that are easy to think of, or another protocol's: 1080 is that of SOCKS."""
_word = re.compile(r"[a-z]{4,}", re.ASCII).findall


_SERVICES = frozenset(
    "api app backend broker cache database db elasticsearch frontend kafka keycloak mariadb minio"
    " mongo mongodb mysql nginx opensearch postgres postgresql pg rabbitmq redis server service sql"
    " web worker zookeeper".split()
)
"""Words in the names that people give to services, in compose files and clusters."""
_CONTAINERS = (
    "compose", "compose-name", "docker-word", "docker-exec", "docker-run", "docker-build", "pid-1",
    "container-path", "container-host", "container-shell", "ci-container", "pod",
)  # fmt: skip
"""Marks of a text that is about containers."""


def is_service(name: str) -> bool:
    """Whether a name is one that people give to a service: ``db``, ``my-redis``."""
    return not _SERVICES.isdisjoint(re.split(r"[^a-z]", name.lower()))


def may_be_container(situation: Situation) -> bool:
    """Whether the name or address that was asked may be another container's."""
    if situation.asks_itself:
        return False
    named = situation.name_kind == "single-label"
    told = situation.has(*_CONTAINERS) or is_service(situation.host)
    return situation.is_bridge or (named and told)


def known(situation: Situation) -> str:
    """The name of the server where its port is hardly used by others; "" elsewhere."""
    sure = is_backing(situation) or dev_servers(situation)[1]
    return name(situation) if sure else ""


def is_named(situation: Situation, low: str) -> bool:
    """Whether words name what mostly listens on the port that was asked.

    Arguments:
        situation: with the port.
        low: the words, in lower case.
    """
    names = name(situation).lower().split(", ")
    port = default_port(situation)
    return any(one and one in low for one in names) or any(
        word in low for word, number, _ in _WORDS if number == port
    )


def is_backing(situation: Situation) -> bool:
    """Whether the port is by default one of a database, cache, broker or model server."""
    if situation.port is None:
        return default_port(situation) > 0
    endpoint = situation.endpoint
    if endpoint is None or endpoint.port is None or not endpoint.port.number:
        return False
    if endpoint.port.number in STARTS or endpoint.port.number in _BACKING_PORTS:
        return True
    if _is_anyones(situation):
        return False
    uses = endpoint.port.uses
    return bool(uses) and any(word in uses[0].description.lower() for word in _BACKING)


def dev_servers(situation: Situation) -> tuple[bool, bool]:
    """Whether the port is by default one of a development server, and of nothing else."""
    endpoint = situation.endpoint
    if endpoint is None or endpoint.port is None or not endpoint.port.number:
        return False, False
    found = ["development server" in use.description for use in endpoint.port.uses]
    return any(found), bool(found) and all(found)
