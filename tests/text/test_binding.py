"""Each error of a text: its operation, and the endpoint that it concerns, or none."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from counting import counted_lines
from hypothesis import given
from hypothesis import strategies as st

from checks import classify
from checks.text import binding, errors, prose
from checks.text.errors import table
from checks.text.errors.operation import operation_of

if TYPE_CHECKING:
    from checks.text import Classification
    from checks.text.endpoint import Endpoint

OPERATIONS = frozenset("connect bind listen accept resolve send receive tls http socket".split())


def written(endpoint: Endpoint) -> str:
    """``host:port``, the host alone or the port alone."""
    host, port = endpoint.host, endpoint.port
    name = (host.address or host.text) if host else ""
    if host and host.version == 6:
        name = f"[{name}]"
    return f"{name}:{port.number}" if port and name else name or f":{port and port.number}"


def told(found: Classification) -> list[tuple[str | None, str, str | None]]:
    """The errors of a classification: endpoint, name, operation."""
    return [
        (None if e.endpoint is None else written(found.endpoints[e.endpoint]), e.name, e.operation)
        for e in found.errors
    ]


def test_a_failure_of_another_kind_is_no_error() -> None:
    """A server of ROS is contacted at an address; people are contacted as well."""
    assert told(classify("Failed to contact master of the house, 10.7.7.7:11511")) == []


# --- beside the error, in its line

BESIDE = [
    ("connect ECONNREFUSED 127.0.0.1:6479", "127.0.0.1:6479", "ECONNREFUSED", "connect"),
    ("[ERROR]: [getParam] Failed to contact master at [10.7.7.7:11511].  Retrying...",
     "10.7.7.7:11511", "ERR_CONNECTION_FAILED", "connect"),
    ("Error: listen EADDRINUSE: address already in use :::4100", "[::]:4100", "EADDRINUSE", "bind"),
    ("ssh: connect to host 10.7.7.7 port 2322: Connection refused", "10.7.7.7:2322",
     "ECONNREFUSED", "connect"),
    ("listen tcp 127.0.0.1:2119: bind: address already in use", "127.0.0.1:2119",
     "EADDRINUSE", "bind"),
    ('Get "http://shop.internal:8480/x": dial tcp 10.7.7.7:8480: connect: connection refused',
     "10.7.7.7:8480", "ECONNREFUSED", "connect"),
    ("read tcp 127.0.0.1:41244->127.0.0.1:8180: read: connection reset by peer",
     "127.0.0.1:8180", "ECONNRESET", "receive"),
    ("write tcp 127.0.0.1:41244->127.0.0.1:8180: write: broken pipe", "127.0.0.1:8180",
     "EPIPE", "send"),
    ("Error 111 connecting to 127.0.0.1:6479. Connection refused.", "127.0.0.1:6479",
     "ECONNREFUSED", "connect"),
    ("No connection could be made because the target machine actively refused it 10.7.7.7:6610",
     "10.7.7.7:6610", "ECONNREFUSED", "connect"),
    ("Connection refused [tcp://127.0.0.1:6479]", "127.0.0.1:6479", "ECONNREFUSED", "connect"),
    ("Unable to connect to tcp://127.0.0.1:9110 (Connection refused) in /srv/a.php on line 12",
     "127.0.0.1:9110", "ECONNREFUSED", "connect"),
    ("Bind for 0.0.0.0:8480 failed: port is already allocated", "0.0.0.0:8480",
     "EADDRINUSE", "bind"),
    ("Errno::EADDRINUSE: Address already in use - bind(2) for 127.0.0.1:3130", "127.0.0.1:3130",
     "EADDRINUSE", "bind"),
    ("[Errno 113] No route to host connecting to 192.168.3.20:1893", "192.168.3.20:1893",
     "EHOSTUNREACH", "connect"),
    ("127.0.0.1:8180 app failed: connect ECONNREFUSED 10.7.7.7:5532", "10.7.7.7:5532",
     "ECONNREFUSED", "connect"),
    ("The connection to the server localhost:8480 was refused - did you specify the right port?",
     "localhost:8480", "ECONNREFUSED", "connect"),
    ("GET http://localhost:3180/api/items net::ERR_CONNECTION_REFUSED", "localhost:3180",
     "ECONNREFUSED", "connect"),
    ("POST https://localhost:7180/login net::ERR_CERT_AUTHORITY_INVALID", "localhost:7180",
     "ERR_CERT_AUTHORITY_INVALID", "tls"),
    ("dial tcp: lookup db.internal on 127.0.0.53:53: no such host", "db.internal",
     "ENOTFOUND", "resolve"),
    ('{"errno":"ECONNREFUSED","syscall":"connect","address":"10.7.7.7","port":5532}',
     "10.7.7.7:5532", "ECONNREFUSED", "connect"),
]  # fmt: skip

# --- of several endpoints of a line the one that is concerned

CHOSEN = [
    ("Could not proxy request /api from localhost:4120 to http://localhost:5120 [ECONNREFUSED]",
     "localhost:5120", "ECONNREFUSED", "connect"),
    ("connect() failed (111: Connection refused) while connecting to upstream, client: 10.7.7.1,"
     ' server: _, request: "GET / HTTP/1.1", upstream: "http://10.7.7.7:8400/", host: "localhost"',
     "10.7.7.7:8400", "ECONNREFUSED", "connect"),
    ("* connect to 127.0.0.1 port 3228 from 127.0.0.1 port 44212 failed: Connection refused",
     "127.0.0.1:3228", "ECONNREFUSED", "connect"),
    ("request to https://packages.example/a failed, reason: connect ECONNREFUSED 127.0.0.1:8989",
     "127.0.0.1:8989", "ECONNREFUSED", "connect"),
    ("Connect to localhost:8281 [localhost/127.0.0.1, localhost/0:0:0:0:0:0:0:1] failed: "
     "Connection refused", "localhost:8281", "ECONNREFUSED", "connect"),
    ("x509: certificate is valid for 10.97.7.1, 10.7.7.7, not 127.0.0.1", "127.0.0.1",
     "ERR_CERT_COMMON_NAME_INVALID", "tls"),
    ("Hostname/IP does not match certificate's altnames: IP: 127.0.0.1 is not in the cert's list: "
     "10.7.7.7", "127.0.0.1", "ERR_CERT_COMMON_NAME_INVALID", "tls"),
    ("certificate verify failed: IP address mismatch, certificate is not valid for '127.0.0.1'.",
     "127.0.0.1", "ERR_CERT_COMMON_NAME_INVALID", "tls"),
    ("Access to fetch at 'http://localhost:7001/x' from origin 'http://localhost:7002' has been "
     "blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present",
     "localhost:7001", "CORSMissingAllowOrigin", "http"),
    ("Mixed Content: The page at 'https://shop.example/' was loaded over HTTPS, but attempted to "
     "connect to the insecure WebSocket endpoint 'ws://localhost:7001/'.", "localhost:7001",
     "ERR_MIXED_CONTENT", "http"),
    ("HTTPConnectionPool(host='127.0.0.1', port=8091): Max retries exceeded with url: "
     "http://localhost:1245/v1 (Caused by ProxyError('Cannot connect to proxy.', "
     "NewConnectionError(': [Errno 111] Connection refused')))",
     "127.0.0.1:8091", "ECONNREFUSED", "connect"),
    ("HTTPSConnectionPool(host='api.example.com', port=443): Max retries exceeded with url: /v1 "
     "(Caused by ProxyError('Cannot connect to proxy.', NewConnectionError(': [Errno 111] "
     "Connection refused')))", None, "ECONNREFUSED", "connect"),
    ("exposing port TCP 0.0.0.0:3407 -> 127.0.0.1:0: listen tcp 0.0.0.0:3407: bind: Only one usage"
     " of each socket address is normally permitted.", "0.0.0.0:3407", "EADDRINUSE", "bind"),
    ("dial tcp: lookup shop.example on [::1]:53: read udp [::1]:42330->[::1]:53: read: connection "
     "refused", "[::1]:53", "ECONNREFUSED", "resolve"),
]  # fmt: skip

# --- in other lines

LINES = [
    # the message before that it explains
    ("Failed to connect to [::1]:5532\n ---> System.Net.Sockets.SocketException (99): Address not "
     "available", "[::1]:5532", "EADDRNOTAVAIL", "connect"),
    ('I/O error on GET request for "http://10.7.7.7:8480/x"\n\tat shop.Client.get(Client.java:7)\n'
     "\tat shop.Main.main(Main.java:9)\nCaused by: java.net.ConnectException: Connection refused",
     "10.7.7.7:8480", "ECONNREFUSED", "connect"),
    ("Opening listen socket on port 1984.\nError: Address already in use", ":1984",
     "EADDRINUSE", "bind"),
    ("$ curl http://localhost:9310/\ncurl: (56) Recv failure: Connection reset by peer",
     "localhost:9310", "ECONNRESET", "receive"),
    ("Connecting to localhost:8410 ([::1]:8410)\nwget: can't connect to remote host: Connection "
     "refused", "[::1]:8410", "ECONNREFUSED", "connect"),
    # the lines it goes on in
    ("could not connect to server: Connection refused\n\tIs the server running on host 10.7.7.7"
     " and accepting\n\tTCP/IP connections on port 5532?", "10.7.7.7:5532", "ECONNREFUSED",
     "connect"),
    # the lines behind
    ("IOError: connect: connection refused\nHTTP.ConnectError for url = `http://10.7.7.7:8011/`",
     "10.7.7.7:8011", "ECONNREFUSED", "connect"),
    # what was said to listen right before
    ("Listening on http://127.0.0.1:9787\nError in startServer(host, port) :\n  Failed to create "
     "server", "127.0.0.1:9787", "ERR_LISTEN_FAILED", "bind"),
    # not what works
    ("Shop is running at http://localhost:3010/\nError: connect ECONNREFUSED", None,
     "ECONNREFUSED", "connect"),
    ("Server listening on http://localhost:4100\nconnect ECONNREFUSED 127.0.0.1:27217",
     "127.0.0.1:27217", "ECONNREFUSED", "connect"),
    ('listening on IPv4 address "127.0.0.1", port 5532\ncould not bind IPv6 address "::1": Cannot '
     "assign requested address", "[::1]", "EADDRNOTAVAIL", "bind"),
    # not what another service of Compose printed, nor what was before another command
    ("api-1  | connecting to amqp://localhost:5772\nweb-1  | dialing http://localhost:3120\n"
     "api-1  | connect ECONNREFUSED", "localhost:5772", "ECONNREFUSED", "connect"),
    ("$ curl http://localhost:9310/\nok\n$ ./start\nbind: Address already in use", None,
     "EADDRINUSE", "bind"),
    # what is in use is a port, where one is near, and a host only where none is
    ('could not bind IPv4 address "127.0.0.1": Address already in use\n'
     "HINT:  Is another postmaster already running on port 5533?", ":5533", "EADDRINUSE", "bind"),
    ("could not bind IPv4 socket: Address already in use\nHINT:  Is another postmaster already "
     'running on port 5533?\ncould not create listen socket for "localhost"', ":5533",
     "EADDRINUSE", "bind"),
    ("[relay] NAT maps 10.7.7.7:28411\nCannotListenError: Couldn't listen on any:28411: [Errno 98]"
     " Address already in use.", ":28411", "EADDRINUSE", "bind"),
    ("Failed to bind 10.7.7.7: Address already in use\nports 4100, 4200", "10.7.7.7",
     "EADDRINUSE", "bind"),
    ("asked for 10.7.7.8:4100\nFailed to bind 10.7.7.7: Address already in use", "10.7.7.7",
     "EADDRINUSE", "bind"),
    # the one endpoint of the same host that has a port
    ("Open http://localhost:3110 in the browser\nlocalhost refused to connect.", "localhost:3110",
     "ECONNREFUSED", "connect"),
    # errors of the program, or of an end that has no name here
    ("connected to 10.7.7.7:5532\naccept4() failed (24: Too many open files)", None, "EMFILE",
     "accept"),
    ('FATAL:  no pg_hba.conf entry for host "10.7.7.7", user "app", database "app"', None,
     "PG_HBA_NO_ENTRY", "receive"),
]  # fmt: skip

SEVERAL = [
    ("connect ECONNREFUSED ::1:3017, connect ECONNREFUSED 127.0.0.1:3017",
     [("[::1]:3017", "ECONNREFUSED", "connect"), ("127.0.0.1:3017", "ECONNREFUSED", "connect")]),
    ("dial tcp [::1]:3017: connect: cannot assign requested address\n"
     "dial tcp 127.0.0.1:3017: connect: connection refused",
     [("[::1]:3017", "EADDRNOTAVAIL", "connect"), ("127.0.0.1:3017", "ECONNREFUSED", "connect")]),
    ("bind() to 0.0.0.0:8443 failed (98: Address already in use)\n"
     "bind() to [::]:8443 failed (98: Address already in use)\nstill could not bind()",
     [("0.0.0.0:8443", "EADDRINUSE", "bind"), ("[::]:8443", "EADDRINUSE", "bind")]),
    ("Connect Timeout Error (attempted addresses: 10.7.7.7:8082, [::1]:8082, timeout: 10000ms)",
     [("10.7.7.7:8082", "ETIMEDOUT", "connect"), ("[::1]:8082", "ETIMEDOUT", "connect")]),
    ("Network.Socket.connect: does not exist (Connection refused)\n"
     "Network.Socket.bind: resource busy (Address already in use)",
     [(None, "ECONNREFUSED", "connect"), (None, "EADDRINUSE", "bind")]),
    # one error, however often it is said
    ("Error: connect ECONNREFUSED 127.0.0.1:5532\n  errno: -111, code: 'ECONNREFUSED',\n"
     "  syscall: 'connect', address: '127.0.0.1', port: 5532",
     [("127.0.0.1:5532", "ECONNREFUSED", "connect")]),
    ("ERR! code ECONNREFUSED\nERR! errno ECONNREFUSED\n"
     "ERR! connect ECONNREFUSED 127.0.0.1:8989 for http://10.7.7.7:80/",
     [("127.0.0.1:8989", "ECONNREFUSED", "connect")]),
    ("* Running on http://127.0.0.1:5100\nAddress already in use\nPort 5100 is in use by another "
     "program.", [("127.0.0.1:5100", "EADDRINUSE", "bind")]),
    # a failure without a reason is told where no reason is
    ("Could not connect to 10.7.7.7:6479\nconnect ECONNREFUSED 127.0.0.1:5532",
     [("127.0.0.1:5532", "ECONNREFUSED", "connect"),
      ("10.7.7.7:6479", "ERR_CONNECTION_FAILED", "connect")]),
    ("Failed to connect to localhost:5532\nconnect ECONNREFUSED ::1:5532",
     [("[::1]:5532", "ECONNREFUSED", "connect")]),
]  # fmt: skip


def ids(value: object) -> str:
    """A short name of a case."""
    return ascii(value)[:50]


@pytest.mark.parametrize(("text", "endpoint", "name", "operation"), BESIDE, ids=ids)
def test_an_error_is_of_the_endpoint_beside_it(
    text: str, endpoint: str | None, name: str, operation: str
) -> None:
    """Before or behind, as the program writes it."""
    assert told(classify(text)) == [(endpoint, name, operation)]


@pytest.mark.parametrize(("text", "endpoint", "name", "operation"), CHOSEN, ids=ids)
def test_of_several_endpoints_one_has_the_error(
    text: str, endpoint: str | None, name: str, operation: str
) -> None:
    """Not the caller, the page, the own end, what a certificate is valid for, nor port 0."""
    assert told(classify(text)) == [(endpoint, name, operation)]


@pytest.mark.parametrize(("text", "endpoint", "name", "operation"), LINES, ids=ids)
def test_an_error_is_of_an_endpoint_of_another_line(
    text: str, endpoint: str | None, name: str, operation: str
) -> None:
    """Of the message that it explains or goes on with; not of what works."""
    assert told(classify(text)) == [(endpoint, name, operation)]


@pytest.mark.parametrize(("text", "expected"), SEVERAL, ids=ids)
def test_each_error_has_its_endpoint(
    text: str, expected: list[tuple[str | None, str, str | None]]
) -> None:
    """One row for each pair, the most telling first."""
    assert told(classify(text)) == expected


@pytest.mark.parametrize(
    ("text", "name", "operation"),
    [
        ("connect EADDRINUSE 127.0.0.1:4454", "EADDRINUSE", "connect"),
        ("could not create IPv4 socket for address: Permission denied", "EACCES", "socket"),
        ("connect() to 10.7.7.7:80 failed (13: Permission denied)", "EACCES", "connect"),
        ("make_sock: could not bind to [::]:81 (13)Permission denied", "EACCES", "bind"),
        ("java.net.SocketException: Permission denied\n\tat sun.nio.ch.Net.bind0(Native Method)",
         "EACCES", "bind"),
        ("Error: EACCES\n  errno: -13, syscall: 'listen'", "EACCES", "bind"),
        ("Failed to bind to http://localhost:49990. ---> One or more errors occurred. (Error -4092 "
         "EACCES)", "EACCES", "bind"),
        ("write ECONNRESET", "ECONNRESET", "send"),
        ("SSL_connect: Connection reset by peer", "ECONNRESET", "tls"),
        ("Error during WebSocket handshake: net::ERR_CONNECTION_RESET", "ECONNRESET", "receive"),
        ("net/http: TLS handshake timeout", "ETIMEDOUT", "tls"),
        ("Read timed out. (read timeout=10)", "ETIMEDOUT", "receive"),
        ("EACCES", "EACCES", None),
        ("ECONNREFUSED", "ECONNREFUSED", "connect"),
        ("EADDRINUSE", "EADDRINUSE", "bind"),
    ],
)  # fmt: skip
def test_the_operation_is_read_from_the_words_around(
    text: str, name: str, operation: str | None
) -> None:
    """A system call, a verb, ``syscall:``, a frame of a stack; else what the error tells."""
    found = next(error for error in errors.find(text) if error.name == name)
    assert operation_of(text, name, found.span) == operation


def test_every_operation_of_the_table_is_one_of_the_contract() -> None:
    """The words of the design; a row that has some has the likeliest first."""
    assert {o for row in table.ERRORS for o in row.operations} - {None} <= OPERATIONS


def test_a_log_is_told_once() -> None:
    """A thousand lines of two errors are two rows; of a hundred ports twenty rows are told."""
    two = "connect ECONNREFUSED 10.7.7.7:80\nconnect ETIMEDOUT 10.7.7.8:80\n" * 500
    assert [(e.name, e.endpoint) for e in classify(two).errors] == [
        ("ECONNREFUSED", 0),
        ("ETIMEDOUT", 1),
    ]
    many = "\n".join(f"connect ECONNREFUSED 10.7.7.7:{port}" for port in range(2000, 2100))
    assert len(classify(many).errors) == binding.MAX_ERRORS


LINE = st.sampled_from(
    [text for text, *_ in (*BESIDE, *CHOSEN, *LINES)]
    + ["", "    at a.b(C.java:1)", "$ run", "web-1  | ", "Caused by: x", "\ud800", "  deeper"]
)


@given(st.lists(LINE, max_size=8).map("\n".join))
def test_any_text(text: str) -> None:
    """Each index is one of the text's endpoints, no pair is told twice, nothing raises."""
    found = classify(text)
    assert len(found.errors) <= binding.MAX_ERRORS
    assert all(e.endpoint is None or e.endpoint < len(found.endpoints) for e in found.errors)
    pairs = [(e.name, e.endpoint) for e in found.errors]
    assert len(set(pairs)) == len(pairs)
    assert bool(found.errors) == bool(errors.find(text))


@pytest.mark.parametrize(
    "piece",
    ["connect ECONNREFUSED 10.7.7.7:80\n", "Connection refused\n", "    at a.b(C.java:1)\n",
     "10.7.7.7:80 ", "refused to connect to 10.7.7.7:80, ", "web-1  | x\n"],
)  # fmt: skip
def test_twice_the_text_is_at_most_twice_the_work(piece: str) -> None:
    """Counted in lines run, errors and endpoints found before."""
    small, large = (
        counted_lines(partial(binding.bind, text, errors.find(text), prose.scan(text)))
        for text in ("ECONNREFUSED\n" + piece * times for times in (400, 800))
    )
    assert large <= 2 * small + 50


def test_a_name_without_a_reason_yields_to_a_reason() -> None:
    """A name in brackets stands first and tells less than what is behind it."""
    read = classify("error ['ERR_CONNECTION_FAILED'] not ECONNREFUSED")
    assert [error.name for error in read.errors] == ["ECONNREFUSED"]
