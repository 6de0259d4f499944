"""What is made of bytes: parsers and conversations never raise, and read what is right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conversations import hold
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.probe.identify import (
    bson,
    certificate,
    debuggers,
    der,
    greeting,
    page,
    plan,
    protocols,
    web,
)
from checks.probe.identify.ask import Reply
from checks.probe.identify.found import Found, text
from checks.probe.identify.protocols import amqp, http
from checks.probe.identify.questions import Questions
from checks.rules.protocols import PROTOCOLS, Protocol

if TYPE_CHECKING:
    from checks.probe.identify.ask import Conversation

PIECES = st.one_of(
    st.binary(max_size=300),
    st.sampled_from(
        [
            b"HTTP/1.1 200 OK\r\nServer: x/1\r\nContent-Length: 5\r\n\r\n{\"a\"}",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            b"\x16\x03\x03\x00\x02\x02\x00", b"\x15\x03\x01\x00\x02\x02\x28", b"S", b"N", b"E",
            b"+PONG\r\n", b"$20\r\nredis_version:7\r\n\r\n", b"-NOAUTH\r\n", b"VERSION 1\r\n",
            b"\x01\0\0\0\0\0\x20\0\x0a\0\x0a\0\x09\0\0\0\x0a\x07productS\0\0\0\x01a",
            b"\x20\x02\0\0", b"\x30\x0c\x02\x01\x01\x65\x07\x0a\x01\0\x04\0\x04\0",
            b"RFB 003.008\n", b"\x05\0", b"\x03\0\0\x13\x0e\xd0\0\0\0\0\0\x02\0\x08\0\x02\0\0\0",
            b"\x01\0\x0b\0\0\0\0\0" + bytes(40), b"INFO {}\r\n", b"Content-Length: 9\r\n\r\n{}",
            b"\0\x0clb\x80\0\0\0\0\0\0\0\0\0", b"\0\0\0\x04\0\0\0\0\0",
        ]
    ),
)  # fmt: skip
ENDS = st.sampled_from(["enough", "closed", "reset", "silence", "limit"])
STEPS = st.lists(st.tuples(PIECES, ENDS), max_size=8)


def tls_inside() -> Conversation:
    """A handshake, and HTTP inside."""
    session = protocols.session("localhost", http.ALPN)
    return session.converse(lambda _: http.converse(http.Wish("localhost")))


SPECIAL = ("http", "tls", "echo", "jdwp")
"""Protocols that are not asked by a module's own question alone."""

ASKED = [each.name for each in PROTOCOLS if not each.speaks_first and each.name not in SPECIAL]

CONVERSATIONS: dict[str, Callable[[], Conversation]] = {
    "http": lambda: http.converse(http.Wish("127.0.0.1")),
    "http2": http.converse_http2,
    "tls": tls_inside,
    "greeting": lambda: greeting.converse(Reply(b"220 x", "enough", 0.0), 21),
    **{
        name: (lambda name=name: Questions("localhost", 1).conversation(name))  # type: ignore[misc]
        for name in ("lines", *ASKED)
    },
}


@pytest.mark.parametrize("name", CONVERSATIONS)
@settings(max_examples=60, deadline=None)
@given(steps=STEPS)
def test_no_answer_breaks_a_conversation(name: str, steps: list[tuple[bytes, str]]) -> None:
    """Any bytes, in any pieces, with any end, lead to an end."""
    found, _ = hold(CONVERSATIONS[name](), steps)
    assert found is None or isinstance(found, Found)


@settings(max_examples=300, deadline=None)
@given(said=PIECES, port=st.integers(1, 65535))
def test_no_greeting_breaks_its_reader(said: bytes, port: int) -> None:
    """A greeting is recognised or not."""
    greeting.whole(said)
    greeting.recognise(said, port)
    hold(greeting.converse(Reply(said, "enough", 0.0), port), [(said, "enough")] * 3)


@settings(max_examples=500, deadline=None)
@given(data=st.binary(max_size=400))
def test_no_der_breaks_its_reader(data: bytes) -> None:
    """Certificates, names and identifiers of any bytes."""
    certificate.parse(data)
    certificate.parse(b"\x30\x82\x01\x00\x30\x81\xf0" + data)
    list(der.children(data))
    der.identifier(data)
    der.integer(data)
    bson.parse(data)
    bson.whole(data)
    amqp.table(data)


@settings(max_examples=300, deadline=None)
@given(body=st.binary(max_size=300), headers=st.binary(max_size=200), port=st.integers(1, 65535))
def test_no_page_breaks_its_reader(body: bytes, headers: bytes, port: int) -> None:
    """Any headers and any body can be named, checked and compared."""
    said = b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n\r\n" + body
    read = page.parse(said)
    assert read is not None
    page.complete(said)
    found = web.name(read)
    for check in web.CHECKS:
        check.when(read, found, port)
        check.read(read, found)
    web.same(read, read)
    web.cors(read, "x")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A real certificate as DER."""
    import ssl

    from servers import certificate as make

    path, _ = make(tmp_path_factory.mktemp("certificate"))
    with open(path) as file:
        return ssl.PEM_cert_to_DER_cert(file.read())


def test_a_certificate_is_read(made: bytes) -> None:
    """Names, dates and addresses of a certificate of openssl."""
    found = certificate.parse(made)
    assert found is not None
    assert (found.subject, found.self_signed) == ("CN=localhost", True)
    assert found.names == ("localhost", "127.0.0.1")
    assert found.not_before is not None
    assert found.not_before < (found.not_after or "")


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_a_changed_certificate_breaks_nothing(made: bytes, data: st.DataObject) -> None:
    """Any octet of a real certificate may be another, any end may be missing."""
    changed = bytearray(made)
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    certificate.parse(bytes(changed[: data.draw(st.integers(0, len(changed)))]))


@pytest.mark.parametrize(
    ("names", "host", "covered"),
    [
        (("localhost",), "localhost", True),
        (("localhost",), "LOCALHOST.", True),
        (("*.example.test",), "a.example.test", True),
        (("*.example.test",), "a.b.example.test", False),
        (("*.example.test",), "example.test", False),
        (("*.",), "a", False),
        (("127.0.0.1",), "127.0.0.1", True),
        (("127.0.0.1",), "127.0.0.2", False),
        ((), "localhost", False),
    ],
)
def test_names_are_compared_as_rfc_9525_has_it(
    names: tuple[str, ...], host: str, covered: bool
) -> None:
    """§6.3: a wildcard is one whole label; the common name does not count."""
    made = certificate.Certificate("CN=a", "CN=a", None, None, names, True)
    assert certificate.covers(made, host) is covered


@pytest.mark.parametrize(
    ("said", "port", "protocol", "product", "version"),
    [
        (b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", 1, "ssh", "OpenSSH", "9.2p1"),
        (b"SSH-2.0-dropbear_2022.83\r\n", 1, "ssh", "dropbear", "2022.83"),
        (b"hello\r\nSSH-2.0-x\r\n", 1, "ssh", "x", None),
        (b"220 a ESMTP Postfix (Debian/GNU)\r\n", 1, "smtp", "Postfix", None),
        (b"220 a ESMTP Exim 4.96 Mon\r\n", 1, "smtp", "Exim", "4.96"),
        (b"220 ProFTPD 1.3.8 Server\r\n", 1, "ftp", "ProFTPD", "1.3.8"),
        (b"220 ready\r\n", 21, "ftp", None, None),
        (b"220 ready\r\n", 25, "smtp", None, None),
        (b"* OK Dovecot ready.\r\n", 1, "imap", "Dovecot", None),
        (b"+OK Dovecot ready.\r\n", 1, "pop3", "Dovecot", None),
        (b"J\0\0\0\x0a8.0.36\0" + bytes(66), 1, "mysql", "MySQL", "8.0.36"),
        (b"J\0\0\0\x0a5.5.5-10.11.6-MariaDB\0" + bytes(50), 1, "mysql", "MariaDB", "10.11.6"),
        (b"G\0\0\0\xff\x6a\x04Host '1' is not allowed", 1, "mysql", None, None),
        (b"\0\0\x06\x04\0\0\0\0\0\0\x05\0\0@\0", 1, "http", None, None),
        (b"@RSYNCD: 31.0\n", 1, "rsync", "rsync", None),
        (b"RFB 003.008\n", 1, "vnc", None, None),
    ],
)
def test_greetings_are_recognised(
    said: bytes, port: int, protocol: str, product: str | None, version: str | None
) -> None:
    """As their protocols prescribe them."""
    found = greeting.recognise(said, port)
    assert found is not None
    assert (found.protocol, found.product, found.version) == (protocol, product, version)


@pytest.mark.parametrize(
    "said",
    [b"", b"hello\r\n", b"220", b"220 ready\r\n", b"-ERR unknown\r\n", b"\0" * 40, b"SSH-"[:3]],
)
def test_other_greetings_are_not(said: bytes) -> None:
    """What could be several things is none."""
    assert greeting.recognise(said, 62893) is None


@pytest.mark.parametrize(
    ("said", "whole"),
    [
        (b"S\0\0\0\x0a8.0.36\0", False),  # 83 bytes of MySQL, whose version is 10, a line feed
        (b"S\0\0\0\x0a8.0.36\0" + bytes(83), True),
        (b"220 ready", False),
        (b"220 ready\r\n", True),
        (b"\0\0\x06\x04\0\0\0\0\0\0\x05\0\0@\0", True),  # settings of HTTP/2
        (b'Content-Length: 9\r\n\r\n{"event": "output", "category": "ptvsd"}', False),
    ],
)
def test_a_greeting_is_awaited_to_its_end(said: bytes, whole: bool) -> None:
    """A line; a packet by its length; of debugpy its last event."""
    assert greeting.whole(said) is whole


def test_ambiguous_greetings_are_asked() -> None:
    """220 alone is SMTP where EHLO is known, and FTP where it is not."""
    for answer, protocol in ((b"250 a\r\n", "smtp"), (b"500 what\r\n", "ftp")):
        steps = [(answer, "enough"), (b"", "closed")]
        found, asked = hold(greeting.converse(Reply(b"220 x\r\n", "enough", 0.0), 1), steps)
        assert found is not None
        assert found.protocol == protocol
        assert asked[0].send == b"EHLO checks.invalid\r\n"


@pytest.mark.parametrize(
    ("command", "port", "protocol"),
    [
        (
            "java -agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:5005 A",
            5005,
            "jdwp",
        ),
        ("java '-agentlib:jdwp=transport=dt_socket,server=y,address=5005' A", 5005, "jdwp"),
        ("java -Xrunjdwp:transport=dt_socket,server=y,address=localhost:8000", 8000, "jdwp"),
        ("java -agentlib:jdwp=transport=dt_socket,server=y,address=5005", 8080, None),
        ("python -m debugpy --listen 0.0.0.0:5678 app.py", 5678, "dap"),
        ("python app.py --port 5678", 5678, None),
        ("", 5005, None),
        (None, 5005, None),
    ],
)
def test_command_lines_tell_debuggers(command: str | None, port: int, protocol: str | None) -> None:
    """Only the option that opens this very port counts."""
    found = debuggers.from_command(command, port)
    assert (found.protocol if found else None) == protocol


@given(st.text(max_size=200), st.integers(1, 65535))
def test_any_command_line_is_read(command: str, port: int) -> None:
    """Nothing is raised."""
    debuggers.from_command("-agentlib:jdwp=" + command, port)
    debuggers.from_command(command, port)


@settings(max_examples=200)
@given(st.one_of(st.text(max_size=1000), st.binary(max_size=2000)))
def test_kept_text_is_short_and_encodable(said: str | bytes) -> None:
    """At most 200 characters; bytes become text whatever they are."""
    assert len(text(said)) <= 200
    if isinstance(said, bytes):
        text(said).encode("utf-8")


def test_every_name_in_the_plan_has_its_questions() -> None:
    """No port leads to a protocol that cannot be asked."""
    known = {*CONVERSATIONS}
    for port in (*range(1, 11000), 11211, 27017, 50051, 65535):
        assert set(plan.order(port)) <= known
    assert set(plan.AFTER_END) <= known
    assert set(plan.INSIDE_TLS.values()) <= {*known, "greeting"}


def test_every_protocol_of_the_list_has_its_module() -> None:
    """And every module is of a protocol of the list: one file, one record."""
    files = {path.stem for path in Path(protocols.__file__).parent.glob("*.py")}
    assert files - {"__init__"} == {protocol.name for protocol in PROTOCOLS}


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.name)
def test_a_module_greets_or_asks_as_its_record_says(protocol: Protocol) -> None:
    """What the server says first is read; else there is a question."""
    module = protocols.load(protocol.name)
    assert hasattr(module, "GREETING") is (protocol.speaks_first or protocol.name == "http")
    if protocol.name in ASKED:
        assert callable(module.converse)


def read(said: bytes) -> page.Page:
    """An answer that is one."""
    found = page.parse(said)
    assert found is not None
    return found


OWN = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (OWN + b"<title>Own</title> at 10:01", True),
        (OWN + b"<title>Default</title>", False),
        (OWN + b"no title", False),
        (OWN.replace(b"html", b"plain") + b"<title>Own</title>", False),
        (OWN.replace(b"200 OK", b"403 No") + b"<title>Own</title>", False),
        (OWN.replace(b"200 OK", b"203 Ok") + b"<title>Own</title>", False),
    ],
)
def test_only_the_same_good_page_is_the_same(other: bytes, same: bool) -> None:
    """Status, kind and title must agree."""
    assert web.same(read(OWN + b"<title>Own</title> at 10:00"), read(other)) is same


@pytest.mark.parametrize(("other", "same"), [(b'{"a":1}', True), (b'{"b":1}', False)])
def test_pages_without_a_title_are_compared_by_their_beginning(other: bytes, same: bool) -> None:
    """JSON of an API has no title."""
    assert web.same(read(OWN + b'{"a":1}'), read(OWN + other)) is same


def test_two_refusals_are_not_the_same_page() -> None:
    """A server that answers everyone 403 lets nobody in."""
    refusal = read(OWN.replace(b"200 OK", b"403 No") + b"<title>No</title>")
    assert not web.same(refusal, refusal)


@pytest.mark.parametrize(
    ("headers", "traits"),
    [
        ({"origin": "https://o", "credentials": "true"}, ("open-cors",)),
        ({"origin": "https://p", "credentials": "true"}, ()),
        ({"origin": "*", "credentials": "true"}, ("any-origin",)),
        ({"origin": "https://o"}, ("any-origin",)),
        ({"origin": "null"}, ()),
        ({}, ()),
    ],
)  # fmt: skip
def test_cors_is_read_as_browsers_do(headers: dict[str, str], traits: tuple[str, ...]) -> None:
    """Credentials need the very origin; a star is for those without."""
    lines = [f"Access-Control-Allow-{name}: {value}" for name, value in headers.items()]
    said = "\r\n".join(["HTTP/1.1 200 OK", *lines, "", ""])
    assert web.cors(read(said.encode()), "https://o") == traits


@pytest.mark.parametrize(
    "data",
    [b"", b"\x30", b"\x30\x05abcd", b"\x30\x80abcd\0\0", b"\x30\x85\0\0\0\0\x01a", b"\x3f\x01a",
     b"\x30\x84\xff\xff\xff\xffa", b"\x30\x82\x01"],
)  # fmt: skip
def test_broken_der_is_nothing(data: bytes) -> None:
    """Cut, of indefinite length, of a length of five octets, of a long tag."""
    assert der.read(data) is None


def test_der_is_read_level_by_level() -> None:
    """Long lengths, following elements, and identifiers."""
    inner = b"\x06\x03\x55\x04\x03"
    found = der.read(b"\x30\x81\x05" + inner + b"rest")
    assert found is not None
    assert (found[0].tag, found[0].content, found[1]) == (der.SEQUENCE, inner, 8)
    assert der.identifier(b"\x55\x04\x03") == "2.5.4.3"
    assert der.identifier(b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01") == "1.2.840.113549.1.9.1"
    assert der.identifier(b"\x55\x84") == ""


def test_a_chunked_body_is_put_together() -> None:
    """RFC 9112 §7.1, with an extension, and cut in its last chunk."""
    assert page.unchunk(b"5;a=b\r\nhello\r\n6\r\n world\r\n0\r\n\r\n") == b"hello world"
    assert page.unchunk(b"5\r\nhello\r\nff\r\n wor") == b"hello wor"
    assert page.unchunk(b"zz\r\nhello") == b""


@pytest.mark.parametrize(
    ("said", "complete"),
    [
        (b"HTTP/1.1 200 OK\r\n", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", True),
        (b"HTTP/1.1 204 No\r\n\r\n", True),
        (b"HTTP/1.1 200 OK\r\n\r\nabc", False),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n", False),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", True),
        (b"HTT", False),
        (b"220 x", True),
    ],
)
def test_an_answer_is_awaited_to_its_end(said: bytes, complete: bool) -> None:
    """By its length, by its last chunk, or by the end of the connection."""
    assert page.complete(said) is complete


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 Busy\r\nRetry-After: 5\r\n\r\n", 503),
        (b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n\r\nx", 200),
        (b"HTTP/1.1 101 Switching\r\n\r\nHTTP/1.1 500 No\r\n\r\n", 101),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTT", 100),
        (b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 500 is a text\r\n\r\n", 200),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 300, 100),
    ],
)
def test_the_final_answer_counts(said: bytes, status: int) -> None:
    """Interim ones come before it."""
    found = page.parse(said)
    assert found is not None
    assert found.status == status
