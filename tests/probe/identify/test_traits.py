"""What real servers let others do: each trait with the case that has it and one that is near."""

from __future__ import annotations

import re
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import servers as recipes
from servers import Server

from checks.probe.identify import identify, inquiry, plan

if TYPE_CHECKING:
    from servers import Fleet, Plan

    from checks.model.evidence import Identity

Recipe = Callable[[Path, int], "Plan"]


def ask(servers: Fleet, recipe: Recipe, host: str | None = None) -> Identity:
    """Identify the server of a recipe."""
    return identify("127.0.0.1", servers(recipe).port, budget=5.0, host=host)


HAVE = (
    (recipes.python_http, "accepts-any-host"),
    (recipes.nginx, "accepts-any-host"),
    (recipes.flask, "accepts-any-host"),
    (recipes.vite_any_host, "accepts-any-host"),
    (recipes.nginx_tls, "accepts-any-host"),
    (recipes.flask_debug, "debug-interface"),
    (recipes.jupyter_open, "debug-interface"),
    (recipes.node_inspector, "debug-interface"),
    (recipes.chromium, "debug-interface"),
    (recipes.django_debug, "debug-pages"),
    (recipes.nginx_cors, "open-cors"),
    (recipes.nginx_star, "any-origin"),
    (recipes.nginx_tls, "tls-only"),
    (recipes.nginx_tls_one, "tls-only"),
)

HAVE_NOT = (
    (recipes.nginx_strict, "accepts-any-host"),
    (recipes.vite, "accepts-any-host"),
    (recipes.django, "accepts-any-host"),
    (recipes.node_inspector, "accepts-any-host"),
    (recipes.chromium, "accepts-any-host"),
    (recipes.flask, "debug-interface"),
    (recipes.jupyter, "debug-interface"),
    (recipes.django, "debug-pages"),
    (recipes.nginx, "open-cors"),
    (recipes.nginx_star, "open-cors"),
    (recipes.nginx, "any-origin"),
    (recipes.nginx, "tls-only"),
)


@pytest.mark.parametrize(
    ("recipe", "trait"), HAVE, ids=lambda value: getattr(value, "__name__", value)
)
def test_a_trait_is_seen(servers: Fleet, recipe: Recipe, trait: str) -> None:
    """The server has it, and the identity says so."""
    found = ask(servers, recipe)
    assert trait in found.traits, found


@pytest.mark.parametrize(
    ("recipe", "trait"), HAVE_NOT, ids=lambda value: getattr(value, "__name__", value)
)
def test_a_near_miss_has_not_the_trait(servers: Fleet, recipe: Recipe, trait: str) -> None:
    """The same kind of server without it is not accused."""
    found = ask(servers, recipe)
    assert found.protocol == "http", found
    assert trait not in found.traits, found


def test_a_tls_server_shows_its_certificate(servers: Fleet) -> None:
    """Version, chosen protocol, names and dates come from the handshake."""
    found = ask(servers, recipes.nginx_tls).tls
    assert found is not None
    assert (found.version, found.alpn) == ("TLSv1.3", "h2")
    assert found.subject == found.issuer == "CN=localhost"
    assert found.names == ("localhost", "127.0.0.1")
    assert (found.self_signed, found.expired) == (True, False)
    assert found.problem == "The certificate is self-signed."


def test_a_server_without_http2_chooses_http1(servers: Fleet) -> None:
    """The choice is the server's."""
    found = ask(servers, recipes.nginx_tls_one).tls
    assert found is not None
    assert found.alpn == "http/1.1"


def test_an_expired_certificate_is_said_to_be(servers: Fleet) -> None:
    """Expiry comes before every other problem."""
    found = ask(servers, recipes.nginx_expired).tls
    assert found is not None
    assert found.expired is True
    assert found.not_after == "2020-02-01T00:00:00Z"
    assert found.problem == "The certificate expired on 2020-02-01T00:00:00Z."


def test_a_certificate_for_another_name_is_said_to_be(servers: Fleet) -> None:
    """What was asked for must be among the names."""
    found = ask(servers, recipes.nginx_tls_one, host="other.test").tls
    assert found is not None
    assert found.problem == "The certificate does not name other.test."


def test_a_hostile_subject_stays_one_string(servers: Fleet) -> None:
    """Escape and bidi characters are kept for the renderer to clean, and break nothing."""
    found = ask(servers, recipes.nginx_hostile_name).tls
    assert found is not None
    assert found.subject == "CN=a\x1b[31mred\u202egnp"


def test_postgresql_shows_its_certificate(servers: Fleet) -> None:
    """After SSLRequest the handshake is PostgreSQL's own."""
    found = ask(servers, recipes.postgresql_tls)
    assert found.tls is not None
    assert found.tls.names == ("localhost", "127.0.0.1")
    assert "tls-only" not in found.traits


@pytest.mark.parametrize(
    ("recipe", "protocol", "product"),
    [
        (recipes.redis_tls, "redis", "Redis"),
        (recipes.mosquitto_tls, "mqtt", "Mosquitto"),
        (recipes.echo_tls, "echo", None),
    ],
)
def test_what_is_inside_tls_is_asked_after_http(
    servers: Fleet, recipe: Recipe, protocol: str, product: str | None
) -> None:
    """On a port that suggests nothing, the protocols that TLS often hides are tried in turn."""
    found = ask(servers, recipe)
    assert (found.protocol, found.product) == (protocol, product)
    assert found.tls is not None


def test_what_nobody_knows_inside_tls_stays_tls(servers: Fleet) -> None:
    """A handshake is no witness for more than TLS."""
    found = ask(servers, recipes.silent_tls)
    assert (found.protocol, found.product) == ("tls", None)
    assert found.tls is not None
    assert found.tls.version


def test_redis_inside_tls_is_named_where_the_port_suggests_it(
    servers: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On 6380 it would be asked inside TLS; here the plan says so of its port."""
    port = servers(recipes.redis_tls).port
    monkeypatch.setitem(plan.INSIDE_TLS, port, "redis")
    found = ask(servers, recipes.redis_tls)
    assert (found.protocol, found.product, found.authentication) == ("redis", "Redis", "none")
    assert found.tls is not None


def test_a_greeting_inside_tls_is_read(servers: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    """IMAP on 993 greets inside TLS; here the plan says so of its port."""
    port = servers(recipes.dovecot_imaps).port
    monkeypatch.setitem(plan.INSIDE_TLS, port, "greeting")
    found = ask(servers, recipes.dovecot_imaps)
    assert (found.protocol, found.product) == ("imap", "Dovecot")
    assert found.tls is not None


def test_a_greeting_inside_tls_is_read_after_an_http_request(servers: Fleet) -> None:
    """On a port that suggests nothing HTTP is tried inside TLS, and IMAP greets all the same."""
    found = ask(servers, recipes.dovecot_imaps)
    assert (found.protocol, found.product) == ("imap", "Dovecot")
    assert found.tls is not None


def test_a_port_that_suggests_its_protocol_is_asked_that_first(
    servers: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One connection is enough for Redis on a port of Redis."""
    port = servers(recipes.redis).port
    monkeypatch.setitem(plan.SUGGESTED, port, "redis")
    monkeypatch.setattr(inquiry, "_ALONE", 60.0)  # a late answer costs no second one
    found = ask(servers, recipes.redis)
    assert (found.protocol, found.connections) == ("redis", 1)


def test_plain_text_on_a_port_of_tls_is_plain_only(
    servers: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TLS is tried first there, and the server does not speak it."""
    port = servers(recipes.nginx).port
    monkeypatch.setitem(plan.SUGGESTED, port, "tls")
    found = ask(servers, recipes.nginx)
    assert (found.protocol, found.product, found.tls) == ("http", "nginx", None)
    assert "plain-only" in found.traits


def test_http2_in_plain_text_is_http(servers: Fleet) -> None:
    """Up to nginx 1.25.0 such a port takes nothing else, and does not name itself."""
    found = ask(servers, recipes.nginx_http2)
    said = subprocess.run(["nginx", "-v"], capture_output=True, text=True, check=True).stderr
    version = tuple(int(part) for part in re.findall(r"\d+", said)[:3])
    product = None if version < (1, 25, 1) else "nginx"
    assert (found.protocol, found.product, found.authentication) == ("http", product, None), found
    assert (("http version", "2") in found.details) is (product is None)


def test_a_server_of_prior_knowledge_answers_the_preface(
    servers: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its settings, where HTTP/2 is what is asked first."""
    port = servers(recipes.nginx_http2).port
    monkeypatch.setitem(plan.SUGGESTED, port, "http2")
    found = ask(servers, recipes.nginx_http2)
    assert ("http version", "2") in found.details


def test_a_java_program_that_waits_is_left_waiting(servers: Fleet) -> None:
    """The command line tells the debugger; the program has not begun to run afterwards."""
    server = servers(recipes.java)
    found = identify("127.0.0.1", server.port, command=server.command)
    assert (found.protocol, found.behaviour, found.connections) == ("jdwp", "not-asked", 0)
    assert found.traits == ("debug-interface",)
    assert ("waits for debugger", "yes") in found.details
    unknown = identify("127.0.0.1", server.port)
    assert unknown.protocol is None
    assert "STARTED" not in server.said()


def test_debugpy_serves_its_next_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its session is ended in the protocol's own way, so that it can be asked again."""
    # Its greeting is waited for, however busy the machine is.
    monkeypatch.setattr(plan, "patience", lambda *_: 60.0)
    monkeypatch.setattr(inquiry, "_ALONE", 60.0)
    server = Server("debugpy-again", recipes.debugpy)
    try:
        for session in (1, 2, 3):
            found = identify("127.0.0.1", server.port, budget=60.0)
            assert (found.product, found.connections) == ("debugpy", 1)
            # The adapter takes leave of its client before it has forgotten the session.
            server.wait_for(f"Session[{session}] has ended", recipes.ADAPTER_LOG)
        assert "RELEASED" not in server.said()
    finally:
        server.stop()


def test_debugpy_is_left_alone_where_its_owner_is_seen() -> None:
    """However often the port is diagnosed, the editor that comes after it is served."""
    from checks import diagnose

    server = Server("debugpy-alone", recipes.debugpy)
    try:
        reports = [diagnose(f"127.0.0.1:{server.port}") for _ in range(3)]
        greeting = b""
        with socket.create_connection(("127.0.0.1", server.port), recipes.START) as editor:
            while b"debugpySockets" not in greeting:
                greeting += (part := editor.recv(4096))
                assert part, greeting
        server.wait_for("Client[1]", recipes.ADAPTER_LOG)  # the editor is its first client
        assert not server.has("Client[2]", recipes.ADAPTER_LOG)
    finally:
        server.stop()
    for report in reports:
        found = {each.finding.code for each in report.findings}
        assert {"C318", "S605"} <= found
        assert "C301" not in found
        assert "listens there and speaks the Debug Adapter Protocol" in report.verdict
        assert "No connection was made" in report.verdict


def test_debugpy_is_known_by_its_command(servers: Fleet) -> None:
    """Where the owner is known no connection is made."""
    command = "python /x/debugpy/adapter --for-server 1 --host 127.0.0.1 --port 5678"
    found = identify("127.0.0.1", 5678, command=command)
    assert (found.protocol, found.connections) == ("dap", 0)
    assert identify("127.0.0.1", 1, command=command).protocol is None
