"""Servers that greet when something else has been asked already, as on a busy machine."""

from __future__ import annotations

import select
import socket
import ssl
import threading
from pathlib import Path

import pytest
from conversations import hold
from peers import Behave, late, peer, silent
from servers import certificate

from checks.probe.identify import greeting, identify, inquiry, plan
from checks.probe.identify.protocols import http

VERSION = b"RFB 003.008\n"


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """However busy the machine is, the first question is left alone until it is answered."""
    monkeypatch.setattr(inquiry, "_ALONE", 60.0)


def vnc(connection: socket.socket) -> None:
    """VNC that lets anyone in, and ends a session that does not begin with a version."""
    connection.sendall(VERSION)
    if connection.recv(len(VERSION)) == VERSION:
        connection.sendall(b"\x01\x01")
        silent(connection)


def replying(known: bytes) -> Behave:
    """Greet with 220 and nothing that tells more; know one command."""

    def behave(connection: socket.socket) -> None:
        connection.sendall(b"220 ready\r\n")
        while command := connection.recv(4096):
            is_known = command.startswith(known)
            connection.sendall(b"250 welcome\r\n" if is_known else b"500 what?\r\n")

    return behave


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize(
    ("behave", "protocol", "authentication"),
    [(vnc, "vnc", "none"), (replying(b"EHLO"), "smtp", None), (replying(b"USER"), "ftp", None)],
)
def test_a_question_that_a_late_greeting_leaves_is_asked(
    behave: Behave, protocol: str, authentication: str | None
) -> None:
    """On one more connection, on which nothing is sent before the greeting."""
    with peer(late(behave)) as other:
        found = identify("127.0.0.1", other.port, budget=20.0)
    told = (found.protocol, found.authentication, found.behaviour, found.connections)
    assert told == (protocol, authentication, "spoke-first", 2), found


LATE: dict[str, tuple[bytes, str, str | None, bytes]] = {
    "ssh": (b"SSH-2.0-dropbear_2022.83\r\n", "dropbear", "2022.83", b""),
    "nats": (
        b'INFO {"version":"2.9.1"}\r\n-ERR \'Unknown Protocol Operation\'\r\n',
        "NATS",
        "2.9.1",
        b"",
    ),
    "rsync": (b"@RSYNCD: 31.0\n@ERROR: protocol startup error\n", "rsync", None, b""),
    "imap": (b"* OK Dovecot ready.\r\nGET BAD Unknown\r\n", "Dovecot", None, b"a LOGOUT\r\n"),
    "pop3": (b"+OK Dovecot ready.\r\n-ERR Unknown\r\n", "Dovecot", None, b"QUIT\r\n"),
    "smtp": (b"220 a ESMTP Exim 4.96\r\n500 what?\r\n", "Exim", "4.96", b"QUIT\r\n"),
    "ftp": (b"220 (vsFTPd 3.0.3)\r\n530 log in\r\n", "vsFTPd", "3.0.3", b"QUIT\r\n"),
    "mysql": (b"J\0\0\0\x0a8.0.36\0" + bytes(66), "MySQL", "8.0.36", b""),
}


@pytest.mark.parametrize("protocol", LATE)
def test_a_late_greeting_that_tells_enough_is_read_where_it_came(protocol: str) -> None:
    """Its version is not lost in the errors that follow; leave is taken as ever."""
    said, product, version, leave = LATE[protocol]
    asked = greeting.or_late(http.converse(http.Wish("a.test")), 1)
    found, steps = hold(asked, [(said, "enough")])
    assert found is not None
    assert (found.protocol, found.product, found.version) == (protocol, product, version)
    assert found.suspects == ()
    assert [step.send for step in steps[1:]] == ([leave] if leave else [])


@pytest.mark.parametrize("begun", [VERSION[:5], b"220 rea", b"SSH-2.0-drop"])
def test_a_late_greeting_that_breaks_off_is_waited_for_again(begun: bytes) -> None:
    """The server may have ended the connection because of what it was asked."""
    asked = greeting.or_late(http.converse(http.Wish("a.test")), 1)
    found, _ = hold(asked, [(begun, "enough"), (b"", "closed")])
    assert found is not None
    assert found.suspects == ("greeting",)


def test_a_notice_before_the_greeting_is_not_the_greeting() -> None:
    """Dovecot tells a client that spoke too early to wait for it."""
    notice = b"* OK Waiting for authentication process to respond..\r\n"
    ready = b"* OK [CAPABILITY IMAP4rev1] Dovecot ready.\r\n"
    found, _ = hold(greeting.or_late(http.converse(http.Wish("a.test")), 1),
                    [(notice, "enough"), (ready, "enough")])  # fmt: skip
    assert found is not None
    assert (found.product, found.suspects) == ("Dovecot", ())
    assert dict(found.details)["greeting"] == ready.decode().strip()
    assert not greeting.whole(notice)
    alone = greeting.recognise(notice, 1)
    assert alone is not None
    assert (alone.protocol, alone.product) == ("imap", "Dovecot")


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("then", [silent, lambda _: None])
def test_what_a_late_greeting_told_is_kept_where_no_other_comes(then: Behave) -> None:
    """The server is busy with its first client, or serves one only."""
    first = threading.Event()

    def once(connection: socket.socket) -> None:
        if first.is_set():
            then(connection)
        else:
            first.set()
            connection.recv(4096)
            connection.sendall(VERSION)

    with peer(once) as other:
        found = identify("127.0.0.1", other.port, budget=3.0)
    assert (found.protocol, found.authentication, found.connections) == ("vnc", None, 2), found


def test_a_greeting_that_comes_after_two_questions_is_waited_for_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On both connections it leaves a question; one more is enough, and no third is asked."""
    monkeypatch.setattr(inquiry, "_APART", 60.0)  # however slow: two questions
    asked = threading.Semaphore(0)
    greets = threading.Event()

    def slow(connection: socket.socket) -> None:
        if not greets.is_set():
            connection.recv(1, socket.MSG_PEEK)
            asked.release()
            greets.wait(10)
        elif select.select([connection], [], [], 0.6)[0]:
            return
        vnc(connection)

    def after_two() -> None:
        if asked.acquire(timeout=10) and asked.acquire(timeout=10):
            monkeypatch.undo()
            greets.set()

    watch = threading.Thread(target=after_two)
    watch.start()
    with peer(slow) as other:
        found = identify("127.0.0.1", other.port, budget=20.0)
    watch.join()
    assert (found.protocol, found.authentication, found.connections) == ("vnc", "none", 3), found


@pytest.mark.usefixtures("alone")
def test_a_late_greeting_inside_tls_is_asked_inside_tls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection that waits for it shakes hands first."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate(tmp_path))
    first = threading.Event()

    def behave(connection: socket.socket) -> None:
        if connection.recv(1, socket.MSG_PEEK) != b"\x16":
            return
        with context.wrap_socket(connection, server_side=True) as secured:
            if not first.is_set():
                first.set()
                secured.recv(4096)
            replying(b"EHLO")(secured)

    with peer(behave) as other:
        monkeypatch.setitem(plan.SUGGESTED, other.port, "tls")
        found = identify("127.0.0.1", other.port, budget=20.0)
    assert (found.protocol, found.connections) == ("smtp", 2), found
    assert found.tls is not None


def test_what_only_begins_like_a_greeting_is_none() -> None:
    """Other questions follow then, as ever."""
    asked = greeting.or_late(http.converse(http.Wish("a.test")), 1)
    found, _ = hold(asked, [(b"J\0\0\0\x0a and not MySQL", "enough")])
    assert found is not None
    assert (found.protocol, found.suspects) == (None, ())


def test_an_answer_is_no_late_greeting() -> None:
    """Whatever question it is the answer to."""
    settings = b"\0\0\0\x04\0\0\0\0\0"
    for asked, said in (
        (http.converse(http.Wish("a.test")), b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        (http.converse_http2(), settings),
    ):
        found, _ = hold(greeting.or_late(asked, 1), [(said, "enough")])
        assert found is not None
        assert (found.protocol, found.suspects) == ("http", ())
