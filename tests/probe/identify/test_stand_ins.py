"""Products that no package here brings, played from their documentation."""

from __future__ import annotations

import json
import socket
import ssl
import struct
from pathlib import Path

import pytest
from peers import Behave, OneAtATime, page, peer, web
from servers import certificate

from checks.probe.identify import bson, identify, inquiry, plan

JSON = "Content-Type: application/json"


def answer(body: object, *headers: str, status: str = "200 OK") -> bytes:
    """An HTTP answer with JSON."""
    return page(json.dumps(body).encode(), JSON, *headers, status=status)


ELASTIC = answer({"name": "n", "cluster_name": "c", "version": {"number": "8.15.1"},
                  "tagline": "You Know, for Search"},
                 "X-elastic-product: Elasticsearch")  # fmt: skip
OPENSEARCH = answer({"name": "n", "cluster_name": "c",
                     "version": {"distribution": "opensearch", "number": "2.11.0"},
                     "tagline": "The OpenSearch Project: https://opensearch.org/"})  # fmt: skip
GUARDED = answer({"error": {}}, "X-elastic-product: Elasticsearch",
                 'WWW-Authenticate: Basic realm="security"', status="401 Unauthorized")  # fmt: skip
NOT_FOUND = answer({"message": "page not found"}, "Api-Version: 1.47",
                   "Server: Docker/27.3.1 (linux)", status="404 Not Found")  # fmt: skip
DOCKER = {"/version": answer({"Version": "27.3.1", "ApiVersion": "1.47", "Os": "linux"})}
FORBIDDEN = answer({"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 403},
                   status="403 Forbidden")  # fmt: skip
KUBERNETES = {"/version": answer({"major": "1", "minor": "31", "gitVersion": "v1.31.2"})}
OLLAMA = {"/": page(b"Ollama is running", "Content-Type: text/plain; charset=utf-8"),
          "/api/version": answer({"version": "0.5.1"})}  # fmt: skip


@pytest.mark.parametrize(
    ("behave", "product", "version", "authentication"),
    [
        (web({"/": ELASTIC}), "Elasticsearch", "8.15.1", "none"),
        (web({"/": OPENSEARCH}), "OpenSearch", "2.11.0", "none"),
        (web({"/": GUARDED}), "Elasticsearch", None, "required"),
        (web(DOCKER, NOT_FOUND), "Docker", "27.3.1", "none"),
        (web(KUBERNETES, FORBIDDEN), "Kubernetes API", "1.31.2", "required"),
        (web(OLLAMA, page(b"", status="404 Not Found")), "Ollama", "0.5.1", "none"),
    ],
)
def test_a_documented_answer_is_named(
    behave: Behave, product: str, version: str | None, authentication: str
) -> None:
    """Product, version and whether it wants credentials."""
    with peer(behave) as other:
        found = identify("127.0.0.1", other.port, budget=5.0)
    assert (found.protocol, found.product) == ("http", product), found
    assert (found.version, found.authentication) == (version, authentication), found


def document(fields: dict[str, object]) -> bytes:
    """An OP_MSG with strings, numbers and an array."""
    elements = b""
    for name, value in fields.items():
        key = name.encode() + b"\0"
        if isinstance(value, float):
            elements += b"\x01" + key + struct.pack("<d", value)
        elif isinstance(value, int):
            elements += b"\x10" + key + struct.pack("<i", value)
        elif isinstance(value, str):
            said = value.encode() + b"\0"
            elements += b"\x02" + key + struct.pack("<i", len(said)) + said
        else:
            elements += b"\x04" + key + struct.pack("<i", 5) + b"\0"
    body = bytes(5) + struct.pack("<i", len(elements) + 5) + elements + b"\0"
    return struct.pack("<iiii", 16 + len(body), 2, 1, 2013) + body


BROWSER = page(
    b"It looks like you are trying to access MongoDB over HTTP on the native driver port.\r\n",
    "Connection: close",
    "Content-Type: text/plain",
)
"""MongoDB's answer to a browser (sendHTTPResponse in its transport layer)."""


def mongodb(listed: dict[str, object]) -> Behave:
    """A server that knows three commands; a browser gets a page, other clients the end."""

    def behave(connection: socket.socket) -> None:
        while True:
            data = connection.recv(4096)
            if data.startswith(b"GET "):
                connection.sendall(BROWSER)
                return
            if len(data) < 16 or data[12:16] != struct.pack("<i", 2013):
                return
            if b"hello\0" in data:
                said = document({"isWritablePrimary": 1, "maxWireVersion": 21, "ok": 1.0})
            elif b"buildInfo\0" in data:
                said = document({"version": "7.0.14", "modules": [], "ok": 1.0})
            else:
                said = document(listed)
            connection.sendall(said)

    return behave


@pytest.mark.parametrize(
    ("listed", "authentication"),
    [
        ({"databases": [], "ok": 1.0}, "none"),
        ({"ok": 0.0, "errmsg": "requires authentication", "code": 13}, "required"),
    ],
)
def test_mongodb_is_named(
    listed: dict[str, object], authentication: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its commands; whether databases are listed tells whether it wants a login."""
    # On a busy machine its answer comes late, and the next question would be asked meanwhile.
    monkeypatch.setattr(inquiry, "_ALONE", 60.0)
    monkeypatch.setattr(inquiry, "_APART", 60.0)
    for name, most in ((None, 2), ("mongod", 1)):
        with peer(mongodb(listed)) as other:
            found = identify("127.0.0.1", other.port, budget=5.0, name=name)
        told = (found.protocol, found.product, found.version)
        assert told == ("mongodb", "MongoDB", "7.0.14"), found
        assert found.authentication == authentication
        assert other.connections == most


def with_alpn_only(*, postgresql: bool) -> Behave:
    """A server that wants a protocol named inside TLS, as PostgreSQL 17 does."""

    def behave(connection: socket.socket) -> None:
        data = connection.recv(4096)
        if data[:1] == b"\x16":
            connection.sendall(b"\x15\x03\x03\x00\x02\x02\x78")
        while postgresql and data[:4] == b"\0\0\0\x08":
            connection.sendall(b"N")
            data = connection.recv(4096)

    return behave


def test_what_refuses_the_protocols_inside_tls_is_asked_for_postgresql() -> None:
    """Where it is none, TLS is what is known."""
    with peer(with_alpn_only(postgresql=True)) as other:
        found = identify("127.0.0.1", other.port, budget=5.0)
    assert (found.protocol, found.product) == ("postgresql", "PostgreSQL"), found
    with peer(with_alpn_only(postgresql=False)) as other:
        found = identify("127.0.0.1", other.port, budget=5.0)
    assert (found.protocol, found.product, found.traits) == ("tls", None, ("tls-only",)), found


def greeting_inside_tls(cert: str, key: str) -> Behave:
    """A server that greets inside TLS, and refuses HTTP's protocols there as Dovecot 2.4 does."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)

    def behave(connection: socket.socket) -> None:
        hello = connection.recv(4096, socket.MSG_PEEK)
        if b"http/1.1" in hello:
            connection.sendall(b"\x15\x03\x03\x00\x02\x02\x78")
        elif hello[:1] == b"\x16":
            with context.wrap_socket(connection, server_side=True) as secured:
                secured.sendall(b"* OK [CAPABILITY IMAP4rev1] Dovecot ready.\r\n")
                secured.recv(1)

    return behave


def postgresql_17(cert: str, key: str) -> Behave:
    """A server that ends a TLS session in which no protocol was named, after the handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    otherwise = with_alpn_only(postgresql=True)

    def behave(connection: socket.socket) -> None:
        hello = connection.recv(4096, socket.MSG_PEEK)
        if hello[:1] == b"\x16" and b"http/1.1" not in hello:
            context.wrap_socket(connection, server_side=True).close()
        else:
            otherwise(connection)

    return behave


def test_what_ends_a_session_without_a_named_protocol_is_asked_for_postgresql(
    tmp_path: Path,
) -> None:
    """In plain text, where its own request for TLS belongs."""
    with peer(postgresql_17(*certificate(tmp_path))) as other:
        found = identify("127.0.0.1", other.port, budget=5.0)
    assert (found.protocol, found.product) == ("postgresql", "PostgreSQL"), found


def test_what_refuses_the_protocols_inside_tls_may_greet_without_them(tmp_path: Path) -> None:
    """The handshake that offers none is made next."""
    with peer(greeting_inside_tls(*certificate(tmp_path))) as other:
        found = identify("127.0.0.1", other.port, budget=5.0)
    assert (found.protocol, found.product) == ("imap", "Dovecot"), found
    assert found.tls is not None
    assert found.tls.version is not None


def test_large_pages_do_not_keep_plain_text_from_being_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They use up the bytes that may be read, of a TLS server that serves one client at a time."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate(tmp_path))
    answer = page(b"x" * 8000)

    def behave(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            web({"/": answer})(secured)

    other = OneAtATime(behave)
    monkeypatch.setitem(plan.SUGGESTED, other.port, "tls")
    try:
        found = identify("127.0.0.1", other.port, budget=5.0)
    finally:
        other.stop()
    assert found.protocol == "http"
    assert "tls-only" in found.traits


def test_a_question_to_mongodb_is_well_formed() -> None:
    """Its own reader reads it back."""
    asked = bson.message("listDatabases", nameOnly=True)
    assert bson.parse(asked) == {"listDatabases": 1, "nameOnly": True, "$db": "admin"}
    assert bson.whole(asked)
    assert not bson.whole(asked[:-1])
