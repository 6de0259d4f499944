"""Whose end an endpoint of a text is: asked, listening, the client's own, the caller's, a link."""

from __future__ import annotations

import pytest
from cases import each
from hypothesis import given
from hypothesis import strategies as st

from checks import _can_be_asked, classify

T, L, OWN, PEER, LINK = "target", "listener", "local", "peer", "link"

ROLES: list[tuple[str, list[str | None]]] = [
    # The two ends of a connection: the higher port is the client's.
    ("TCP localhost:8080->localhost:50000 (ESTABLISHED)", [L, PEER]),
    ("write tcp 127.0.0.1:8080->127.0.0.1:53422: broken pipe", [L, PEER]),
    ("read tcp 127.0.0.1:50000->127.0.0.1:5432: i/o timeout", [OWN, T]),
    ("IP 127.0.0.1.8080 > 127.0.0.1.53422: Flags [S.]", [L, PEER]),
    ("IP 127.0.0.1.53422 > 127.0.0.1.8080: Flags [S]", [OWN, T]),
    # What opens a connection comes from its client, whichever port is the higher.
    ("IP 127.0.0.1.53422 > 127.0.0.1.62894: Flags [S], seq 7", [OWN, T]),
    ("IP 127.0.0.1.62894 > 127.0.0.1.53422: Flags [S.], seq 8", [L, PEER]),
    ("IP 127.0.0.1.53422 > 127.0.0.1.62894: Flags [SEW], seq 7", [OWN, T]),
    # nginx' server is a name of its configuration, and no caller.
    ("connecting to upstream, client: 127.0.0.1, server: localhost", [PEER, None]),
    ("dial tcp 10.1.2.3:40002->10.1.2.4:50001: connect: no route to host", [OWN, T]),
    # A port that is published, or passed on.
    ("0.0.0.0:8080->80/tcp, [::]:8080->80/tcp", [L, L]),
    ("Forwarding from 127.0.0.1:8080 -> 9090", [L]),
    ("Forwarding   https://a1b2.tunnel.example -> http://localhost:4000", [L, T]),
    # The caller, in a server's log.
    ('INFO:     127.0.0.1:53422 - "GET / HTTP/1.1" 200 OK', [PEER]),
    ('127.0.0.1 - - [10/Oct/2026:13:55:36 +0000] "GET / HTTP/1.0" 200 5', [PEER]),
    ('::1 - bob [10/Oct/2026:13:55:36 +0000] "POST /x HTTP/1.1" 200 5', [PEER]),
    ("[Mon Nov 30 10:00:00 2026] 127.0.0.1:53422 Accepted", [PEER]),
    ("[Mon Nov 30 10:00:00 2026] 127.0.0.1:53422 [404]: GET /x", [PEER]),
    ("Accepted publickey for me from 127.0.0.1 port 53422 ssh2", [PEER]),
    ("Connection closed by 127.0.0.1 port 53422", [PEER]),
    ("Connection closed by 192.0.2.7 port 22", [T]),
    ("LOG:  connection received: host=127.0.0.1 port=53422", [PEER]),
    ("[error] [client 10.0.0.7:53422] File does not exist", [PEER]),
    ('open() failed, client: 10.0.0.7, server: _, upstream: "http://127.0.0.1:9000/"', [PEER, T]),
    ('{"remote_addr":"10.0.0.7:53422","msg":"request"}', [PEER]),
    ("New connection from 192.0.2.7:40404 to 192.0.2.8:21", [PEER, T]),
    ("client=10.0.0.7:1123 bytes=5", [PEER]),
    ("New connection from 10.1.2.3 on port 1884.", [PEER, L]),
    ("listening for client requests on 10.0.0.7:2479", [L]),
    ("Waiting for connections on 10.0.0.7:2479", [L]),
    ("too many connections on 10.0.0.7:2479", [T]),
    ("new client 127.0.0.1:41777", [PEER]),
    ("client (127.0.0.1:41777) said hello", [PEER]),
    # Source code: a client is made of the server's address.
    ("var client = new Store({hosts: ['localhost:9333']});", [T]),
    ('client, err := rpc.Dial("tcp", "localhost:7711")', [T]),
    ("self.client = StoreClient('localhost', 27555)", [T]),
    ("storeClient.connect('localhost:6555')", [T]),
    ("Client('127.0.0.1:41777')", [T]),
    ("client: localhost:9333", [T]),
    # What was asked.
    ("connect to 127.0.0.1 port 62893 failed", [T]),
    ("Error: connect ECONNREFUSED ::1:5432", [T]),
    ("No route to host: db.example:5433", [T]),
    ('upstream 127.0.0.1:8080 "api"', [T]),
    (":4444: Connection refused", [T]),
    ("could not connect to server: refused\n\tIs the server running on host 10.0.0.7:5433?", [T]),
    ("waiting for 10.0.0.7:5433 to be ready", [T]),
    ("127.0.0.1:7000> PING", [T]),
    ("user:secret@tcp(127.0.0.1:3307)/shop", [T]),
    ("Server=127.0.0.1,1444;Database=x", [T]),
    ("try amqp://rabbit.internal:5673/vhost", [T]),
    ("http://localhost:3000/", [T]),
    ("mongodb://a.example:27018,b.example:27019/x", [T, T]),
    ("Remote Address: 127.0.0.1:8123", [T]),
    ("certificate is valid for 10.0.0.7, 10.0.0.8, not 10.0.0.9", [None, None, T]),
    # What listens.
    ("Error: listen EADDRINUSE: address already in use :::3000", [L]),
    ("listen tcp 127.0.0.1:3100: bind: address already in use", [L]),
    (" \u279c  Local:   http://localhost:5199/\n \u279c  Network: http://10.0.0.7:5199/", [L, L]),
    ("Starting development server at http://127.0.0.1:8003/", [L]),
    ("Open one of these in a browser:\n    http://127.0.0.1:8890/tree", [L]),
    ("Please navigate to http://127.0.0.1:5051 in your browser.", [L]),
    ("Server listening on 3000", [L]),
    ("Port 8091 is already in use", [L]),
    ("8091: anything", []),
    ("bind() to 0.0.0.0:81 failed", [L]),
    ("java -agentlib:jdwp=transport=dt_socket,server=y,address=127.0.0.1:5006 -jar a.jar", [L]),
    ("java -agentlib:jdwp=transport=dt_socket,server=n,address=127.0.0.1:5006 -jar a.jar", [T]),
    ("worker saw 0.0.0.0:9100", [L]),
    # The client's own end.
    ("proxy request /a from localhost:4021 to http://localhost:3011 (ECONNREFUSED)", [OWN, T]),
    ("connect ENETUNREACH 10.0.0.7:443 - Local (10.0.0.9:50123)", [T, OWN]),
    ("inet 192.168.3.4 netmask 255.255.255.0", [OWN]),
    # Who passes on, and who resolves.
    ('return "PROXY 127.0.0.1:8899; DIRECT";', ["proxy"]),
    ("export HTTPS_PROXY=http://127.0.0.1:7891", ["proxy"]),
    ("NO_PROXY=localhost,127.0.0.1", [None, None]),
    ("proxyconnect tcp: dial tcp 127.0.0.1:7891: connect: connection refused", ["proxy"]),
    ("fatal: unable to access 'https://git.example.org/a/': Failed to connect to 127.0.0.1 port"
     " 7891: Connection refused", [T, "proxy"]),
    ("curl --socks5-hostname socks5h://127.0.0.1:1085", ["proxy"]),
    ("lookup db.example.org on 127.0.0.11:53: read udp 127.0.0.1:40404->127.0.0.11:53: i/o timeout",
     [T, "resolver", OWN, "resolver"]),
    ("nameserver 127.0.0.53", ["resolver"]),
    (";; SERVER: 10.0.0.1#53(10.0.0.1)", ["resolver", "resolver"]),
    # The page that asked, and the page that explains.
    ("Access to fetch at 'http://localhost:8091/x' from origin 'http://localhost:3001' has been",
     [T, "origin"]),
    ("Origin: http://localhost:3001", ["origin"]),
    ("connect ECONNREFUSED 127.0.0.1:3011 (https://docs.example.org/errors)", [T, LINK]),
    ("Failed. See https://example.org/help/42 for more information", [LINK]),
    ("GET https://api.example.org/v1/items failed", [T]),
    # Neighbours in a list are alike.
    ("connect ECONNREFUSED ::1:3018, 127.0.0.1:3018", [T, T]),
    ("Connecting to localhost:8411 ([::1]:8411)", [T, T]),
    ("127.0.0.1:8080, 127.0.0.1:53422", [None, None]),
    ("127.0.0.1:62893", [None]),
]  # fmt: skip


@each(("text", "roles"), ROLES)
def test_a_line_tells_whose_end_an_endpoint_is(text: str, roles: list[str | None]) -> None:
    """The words, the arrow or the key beside an endpoint decide; without them there is no role."""
    assert [endpoint.role for endpoint in classify(text).endpoints] == roles


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ('INFO:     127.0.0.1:53422 - "GET / HTTP/1.1" 200 OK', [False]),
        ("read tcp 127.0.0.1:50000->127.0.0.1:5432: i/o timeout", [False, True]),
        ("connect ECONNREFUSED 127.0.0.1:3011 (https://docs.example.org/errors)", [True, False]),
        ("127.0.0.1:62893", [True]),
    ],
)
def test_only_what_can_listen_is_asked(text: str, asked: list[bool]) -> None:
    """The caller, the client's own end and a link have no listener that the text is about."""
    assert [_can_be_asked(endpoint) for endpoint in classify(text).endpoints] == asked


@given(
    st.sampled_from(["connect to ", "dial tcp ", "listening on ", "accepted from "]),
    st.integers(1, 255),
    st.integers(1, 32767),
)
def test_neither_host_nor_port_changes_the_role(words: str, octet: int, port: int) -> None:
    """A role hangs on the words alone."""
    (one,) = classify(f"{words}10.0.0.{octet}:{port} x").endpoints
    (other,) = classify(f"{words}10.0.0.1:80 x").endpoints
    assert one.role == other.role is not None
