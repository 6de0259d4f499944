"""What real servers are taken for, each on a port that suggests nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
import servers as recipes
from peers import late, peer, relaying

from checks.probe.identify import identify, inquiry
from checks.probe.identify.budget import MOST_BYTES

if TYPE_CHECKING:
    from servers import Fleet, Plan

    from checks.model.evidence import Identity

NUMBER = r"\d+(\.\d+)+"


class Case(NamedTuple):
    """What one server must be taken for."""

    recipe: Callable[[Path, int], Plan]
    protocol: str
    product: str | None
    version: str | None = None
    authentication: str | None = None
    behaviour: str = "answered"


CASES = (
    Case(recipes.postgresql, "postgresql", "PostgreSQL"),
    Case(recipes.postgresql_tls, "postgresql", "PostgreSQL"),
    Case(recipes.mariadb, "mysql", "MariaDB", NUMBER, behaviour="spoke-first"),
    Case(recipes.redis, "redis", "Redis", NUMBER, "none"),
    Case(recipes.redis_password, "redis", "Redis", None, "required"),
    Case(recipes.memcached, "memcached", "memcached", NUMBER, "none"),
    Case(recipes.beanstalkd, "beanstalkd", "beanstalkd", NUMBER, "none"),
    Case(recipes.nginx, "http", "nginx", NUMBER),
    Case(recipes.nginx_tls, "http", "nginx", NUMBER),
    Case(recipes.nginx_tls_one, "http", "nginx", NUMBER),
    Case(recipes.lighttpd, "http", "lighttpd", NUMBER),
    Case(recipes.php, "http", "PHP", NUMBER),
    Case(recipes.python_http, "http", "Python http.server", NUMBER),
    Case(recipes.flask, "http", "Werkzeug", NUMBER),
    Case(recipes.flask_debug, "http", "Werkzeug", NUMBER),
    Case(recipes.django, "http", "Python wsgiref", NUMBER),
    Case(recipes.django_debug, "http", "Django"),
    Case(recipes.uvicorn, "http", "uvicorn"),
    Case(recipes.jupyter, "http", "Jupyter Server", NUMBER, "required"),
    Case(recipes.jupyter_open, "http", "Jupyter Server", NUMBER, "none"),
    Case(recipes.vite, "http", "Vite"),
    Case(recipes.webpack, "http", "webpack-dev-server"),
    Case(recipes.node_express_like, "http", None),
    Case(recipes.mosquitto, "mqtt", "Mosquitto", NUMBER, "none"),
    Case(recipes.mosquitto_password, "mqtt", None, None, "required"),
    Case(recipes.nats, "nats", "NATS", NUMBER, "none", "spoke-first"),
    Case(recipes.nats_password, "nats", "NATS", NUMBER, "required", "spoke-first"),
    Case(recipes.rabbitmq, "amqp", "RabbitMQ", NUMBER, "required"),
    Case(recipes.slapd, "ldap", "OpenLDAP"),
    Case(recipes.bind, "dns", "BIND", NUMBER),
    Case(recipes.dnsmasq, "dns", "dnsmasq", NUMBER),
    Case(recipes.exim, "smtp", "Exim", NUMBER, None, "spoke-first"),
    Case(recipes.dovecot_imap, "imap", "Dovecot", None, None, "spoke-first"),
    Case(recipes.dovecot_pop3, "pop3", "Dovecot", None, None, "spoke-first"),
    Case(recipes.vsftpd, "ftp", "vsFTPd", NUMBER, None, "spoke-first"),
    Case(recipes.sshd, "ssh", "OpenSSH", r"\d+\.\d+p\d+", None, "spoke-first"),
    Case(recipes.rsync, "rsync", "rsync", None, None, "spoke-first"),
    Case(recipes.socks, "socks", None, None, "none"),
    Case(recipes.echo, "echo", None),
    Case(recipes.vnc, "vnc", None, None, "none", "spoke-first"),
    Case(recipes.vnc_password, "vnc", None, None, "required", "spoke-first"),
    Case(recipes.rdp, "rdp", None),
    Case(recipes.node_inspector, "http", "Node.js inspector", NUMBER, "none"),
    Case(recipes.chromium, "http", "Chrome DevTools", NUMBER, "none"),
    Case(recipes.debugpy, "dap", "debugpy", NUMBER, "none", "spoke-first"),
)


def check(found: Identity, case: Case) -> None:
    """Protocol, product, version and login are those of the program that was started."""
    assert (found.protocol, found.product) == (case.protocol, case.product), found
    if case.version is None:
        assert found.version is None or case.product == "PHP"
    else:
        assert re.fullmatch(case.version, found.version or ""), found
    assert found.authentication == case.authentication, found
    assert found.evidence
    assert 0 < found.bytes <= MOST_BYTES


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.recipe.__name__)
def test_a_real_server_is_named(servers: Fleet, case: Case) -> None:
    """However late it greets on a busy machine, where it greets."""
    found = identify("127.0.0.1", servers(case.recipe).port, budget=20.0)
    check(found, case)
    greeted_late = {case.behaviour, "answered"}  # a greeting may come after the first request
    assert found.behaviour in greeted_late, found


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.behaviour == "spoke-first"],
    ids=lambda case: case.recipe.__name__,
)
def test_a_real_server_that_greets_late_is_named(
    servers: Fleet, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What its greeting leaves open is asked on one more connection, which waits for it."""
    monkeypatch.setattr(inquiry, "_ALONE", 60.0)  # however slow: no other question beside it
    with peer(late(relaying(servers(case.recipe).port))) as slow:
        found = identify("127.0.0.1", slow.port, budget=20.0)
    check(found, case)
    assert found.connections <= 2, found
