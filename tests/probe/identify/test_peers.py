"""Hostile peers: whatever they do, bytes and connections stay bounded and the call returns."""

from __future__ import annotations

import socket
import sys
import threading
import time

import pytest
from needs import need_ipv6, need_linux
from peers import (
    Behave,
    answering,
    closing,
    dripping,
    endless,
    half_closing,
    page,
    peer,
    resetting,
    saying,
    silent,
    web,
)
from situations import own_network

from checks.model.evidence import Identity
from checks.probe.identify import identify, inquiry, plan, task
from checks.probe.identify.budget import (
    MOST_BYTES,
    MOST_CONNECTIONS,
    MOST_ENDED,
    MOST_SILENT,
    MOST_UNSEEN,
)
from checks.probe.identify.protocols import http
from checks.probe.system import RESET_ON_CLOSE

ENDS = threading.Event()


def never_finishing_tls(connection: socket.socket) -> None:
    """The beginning of a TLS record that promises more, and then nothing."""
    connection.recv(4096)
    connection.sendall(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xf0\x03\x03")
    silent(connection)


def tls_records_forever(connection: socket.socket) -> None:
    """Handshake records without end."""
    connection.recv(4096)
    while True:
        connection.sendall(b"\x16\x03\x03\x00\x05\x0b\xff\xff\xff\x00")


HOSTILE: dict[str, Behave] = {
    "endless banner without a line end": endless(b"A" * 1024),
    "endless lines": endless(b"220 \x1b[31m ESMTP\r\n" * 64),
    "a gigabyte of NUL": endless(bytes(65536)),
    "endless HTTP headers": endless(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 4000),
    "endless HTTP body": endless(b"HTTP/1.1 200 OK\r\n\r\n" + b"<p>" * 4000),
    "one byte at a time": dripping(b"HTTP/1.1 200 OK\r\nServer: slow\r\n" * 99, ENDS),
    "silent": silent,
    "immediate reset": resetting,
    "immediate close": closing,
    "half close": half_closing,
    "TLS that never finishes": never_finishing_tls,
    "TLS records without end": tls_records_forever,
    "escape sequences in a banner": saying(b"220 \x1b]0;owned\x07\x1b[2J ESMTP \xe2\x80\xae\r\n"),
    "invalid UTF-8": saying(b"SSH-2.0-\xff\xfe\xc0\xaf_\x80 \xed\xa0\x80\r\n"),
    "a MySQL length that lies": saying(b"\xff\xff\xff\x00\x0a8.0\x00"),
    "an AMQP frame that lies": answering(b"\x01\0\0\xff\xff\xff\xff\0\x0a\0\x0a"),
    "an X.509 length that lies": answering(b"\x16\x03\x03\x00\x04\x0b\xff\xff\xff"),
    "an HTTP status of letters": answering(b"HTTP/1.1 abc def\r\n\r\n"),
    "a chunk size that lies": answering(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\nx"
    ),
    "a content length that lies": answering(
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\nx"
    ),
    "deep JSON": answering(page(b'{"version":' * 1300, "Server: TornadoServer/1")),
    "a NATS greeting that is no JSON": saying(b"INFO {" + b"[" * 500 + b"\r\n"),
}


def bounded(found: Identity) -> None:
    """The promises that hold for every peer."""
    assert found.bytes <= MOST_BYTES
    assert found.connections <= MOST_CONNECTIONS
    assert all(len(line) <= 1000 for line in found.evidence)
    assert all(len(value) <= 200 for _, value in found.details)


@pytest.fixture(autouse=True)
def _let_them_end() -> None:
    """Threads that wait end with their sockets."""
    ENDS.clear()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_peer_is_survived(name: str) -> None:
    """The call returns by itself, with bytes and connections counted and bounded."""
    with peer(HOSTILE[name]) as other:
        found = identify("127.0.0.1", other.port)
        ENDS.set()
    bounded(found)
    assert found.connections <= other.connections + 1


def test_silence_is_called_silence() -> None:
    """A peer that takes everything and says nothing is silent, asked little, and not named."""
    with own_network(), peer(silent) as other:  # nobody else scans it
        found = identify("127.0.0.1", other.port, budget=2.0)
        seen = other.connections
    assert (found.behaviour, found.protocol, found.bytes) == ("silent", None, 0)
    most = MOST_SILENT if sys.platform == "linux" else MOST_UNSEEN
    assert seen <= found.connections == most
    assert (MOST_SILENT, MOST_UNSEEN) == (3, 1)


@pytest.mark.parametrize("name", [None, "redis-server", "slapd", "Xvfb"])
def test_a_peer_that_hangs_up_is_asked_on_six_connections(name: str | None) -> None:
    """Whatever it is asked it closes: it is not polled with every protocol, and that is said."""
    with own_network(), peer(answering(b"")) as other:
        found = identify("127.0.0.1", other.port, budget=60.0, name=name)
        seen = other.connections
    assert (found.behaviour, found.protocol, found.bytes) == ("hangs-up", None, 0)
    assert seen == found.connections == MOST_ENDED == 6


@pytest.mark.parametrize(("behave", "behaviour"), [(closing, "closed"), (resetting, "reset")])
def test_an_early_end_is_believed_at_its_second_time(
    behave: Behave, behaviour: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two connections, nothing sent, no further question, also where the peer is slow."""

    def slowly(connection: socket.socket) -> None:
        time.sleep(0.1)
        behave(connection)

    # The peer's end is waited for, however busy the machine is.
    monkeypatch.setattr(plan, "patience", lambda *_: 60.0)
    with peer(slowly) as other:
        found = identify("127.0.0.1", other.port, budget=60.0)
    assert (found.behaviour, found.protocol, found.connections) == (behaviour, None, 2)


def test_a_peer_that_ends_after_a_request_did_not_end_early() -> None:
    """The end of a connection after bad input is not a refusal to serve."""
    with peer(answering(b"")) as other:
        found = identify("127.0.0.1", other.port, budget=60.0)
    assert (found.behaviour, found.protocol) == ("hangs-up", None)


def test_an_end_that_came_late_is_seen_on_a_second_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy relay ends a connection later than a greeting is waited for: it is not silent."""
    monkeypatch.setattr(inquiry, "_ONCE_MORE", 60.0)
    monkeypatch.setattr(inquiry, "_MOMENT", 60.0)
    first = threading.Event()

    def late(connection: socket.socket) -> None:
        if not first.is_set():  # this one is slow: what was asked has arrived before it ends
            first.set()
            connection.recv(4096)

    with peer(late) as other:
        found = identify("127.0.0.1", other.port, budget=60.0)
    assert (found.behaviour, found.protocol) == ("closed", None)


def test_a_free_port_is_refused() -> None:
    """No connection came about, and no more is claimed."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        found = identify("127.0.0.1", trial.getsockname()[1])
    assert (found.behaviour, found.protocol, found.bytes) == ("refused", None, 0)


def test_redirects_are_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A redirect loop is one page with a location."""
    monkeypatch.setattr(inquiry, "_ALONE", 60.0)  # a late answer costs no further connection
    loop = page(b"", "Location: /", status="302 Found")
    with peer(web({}, loop)) as other:
        found = identify("127.0.0.1", other.port, budget=60.0)
    assert found.protocol == "http"
    assert ("location", "/") in found.details
    assert other.connections <= 3


def test_a_title_is_kept_as_sent() -> None:
    """Control and bidi characters stay for the renderer; entities are read; length is cut."""
    said = page(b"<title>a\x1b[31m\xe2\x80\xae&lt;b&gt; " + b"x" * 900 + b"</title>")
    with peer(web({}, said)) as other:
        found = identify("127.0.0.1", other.port, budget=60.0)
    title = dict(found.details)["title"]
    assert title.startswith("a\x1b[31m\u202e<b> xxx")
    assert len(title) == 200


@pytest.mark.parametrize("address", ["", "example.com", "127.0.0.1 ", "\0", "::1%nothing"])
def test_what_is_no_address_is_not_asked(address: str) -> None:
    """Names are not resolved here, and nothing is raised."""
    found = identify(address, 1)
    assert (found.protocol, found.bytes) == (None, 0)


@pytest.mark.parametrize("port", [-1, 0, 65536, 10**30])
def test_what_is_no_port_is_not_asked(port: int) -> None:
    """Nothing is raised."""
    assert identify("127.0.0.1", port).protocol is None


def test_no_time_is_no_answer() -> None:
    """A budget of nothing gives an identity that claims nothing."""
    with peer(saying(b"SSH-2.0-x\r\n")) as other:
        found = identify("127.0.0.1", other.port, budget=0)
    assert (found.protocol, found.bytes) == (None, 0)


def test_a_printer_is_not_written_to() -> None:
    """On ports of raw printing and LPD nothing is sent."""
    assert plan.order(9101) == ()
    assert plan.order(515) == ()
    assert plan.order(9100) == ("http",)


def test_a_socket_that_meets_itself_is_seen() -> None:
    """Both ends are one socket (RFC 9293 §3.5): nobody is there to be named."""
    with socket.socket() as end:
        end.bind(("127.0.0.1", 0))
        end.connect(end.getsockname())
        assert task.is_self(end)
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    with peer(silent) as other, socket.create_connection(("127.0.0.1", other.port)) as end:
        assert not task.is_self(end)


def test_an_identification_without_tls_does_not_load_it() -> None:
    """ssl costs more than the rest together, and most ports have no use for it."""
    import subprocess
    import sys
    from pathlib import Path

    code = """import sys
from checks.probe.identify import identify, inquiry
inquiry._ALONE = 60.0  # TLS is the next question, should the answer be late
found = identify("127.0.0.1", int(sys.argv[1]), budget=60.0)
print(found.protocol, "ssl" in sys.modules)
"""
    with peer(web({}, page(b"<title>x</title>"))) as other:
        result = subprocess.run(
            [sys.executable, "-S", "-c", code, str(other.port)],
            cwd=Path(__file__).parents[3], capture_output=True, text=True, check=True, timeout=60,
        )  # fmt: skip
    assert result.stdout.split() == ["http", "False"]


def test_an_ipv6_server_is_asked_by_its_own_host() -> None:
    """The address stands in brackets in the Host header (RFC 3986 §3.2.2)."""
    need_ipv6()
    asked: list[bytes] = []

    def note(connection: socket.socket) -> None:
        asked.append(connection.recv(4096))
        connection.sendall(page(b"<title>x</title>"))

    with peer(note, "::1") as other:
        found = identify("::1", other.port, budget=60.0)
    assert found.protocol == "http"
    assert any(f"Host: [::1]:{other.port}\r\n".encode() in request for request in asked)


def test_a_queue_that_is_full_is_not_called_silence() -> None:
    """Where no handshake is completed, nothing is said of what the server would do."""
    need_linux()
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for end in waiting:
            end.setblocking(False)
            end.connect_ex(full.getsockname())
        try:
            found = identify("127.0.0.1", full.getsockname()[1], budget=0.6)
        finally:
            for end in waiting:
                end.close()
    assert (found.behaviour, found.protocol, found.bytes) == ("refused", None, 0)


def test_a_fault_of_a_question_is_evidence_and_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A diagnosis does not fail on what it diagnoses."""

    def broken(_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(http, "parse", broken)
    with peer(answering(page(b"x"))) as other:  # every question meets an end
        found = identify("127.0.0.1", other.port, budget=60.0)
    assert found.protocol is None
    assert any("broken" in line for line in found.evidence)
