"""Paste anything: every form in which programs print an endpoint, and what is none."""

from __future__ import annotations

import pytest

from checks import Classification, classify


def brief(found: Classification) -> list[str]:
    """The endpoints as ``host port`` with what is absent left out."""
    shown = []
    for endpoint in found.endpoints:
        host = endpoint.host
        parts = []
        if host is not None:
            zone = f"%{host.zone}" if host.zone else ""
            length = f"/{host.prefix_length}" if host.prefix_length is not None else ""
            parts.append(f"{host.address or host.text}{zone}{length}")
        if endpoint.port is not None:
            number = endpoint.port.number
            parts.append(f"port {endpoint.port.text if number is None else number}")
        shown.append(" ".join(parts))
    return shown


WORDS = [
    ("127.0.0.1", "address", "127.0.0.1"),
    ("  127.0.0.1\n", "address", "127.0.0.1"),
    ('"127.0.0.1:62893",', "endpoint", "127.0.0.1 port 62893"),
    ("<http://localhost>", "url", "localhost port 80"),
    ("fe80::1%eth0", "address", "fe80::1%eth0"),
    ("[::1]", "address", "::1"),
    ("127.0.0.0/8", "network", "127.0.0.0/8"),
    ("::1/128", "network", "::1/128"),
    ("127.0.0.1:62893", "endpoint", "127.0.0.1 port 62893"),
    ("[::1]:8080", "endpoint", "::1 port 8080"),
    ("::1:5432", "endpoint", "::1 port 5432"),
    (":::3000", "endpoint", ":: port 3000"),
    ("1:2:3:4:5:6:7:8:80", "endpoint", "1:2:3:4:5:6:7:8 port 80"),
    ("::ffff:127.0.0.1:8080", "endpoint", "::ffff:127.0.0.1 port 8080"),
    ("::ffff:127.0.0.1", "address", "::ffff:127.0.0.1"),
    ("127.0.0.1.62893", "endpoint", "127.0.0.1 port 62893"),
    ("::1.5432", "endpoint", "::1 port 5432"),
    ("fe80::1%lo0.62893", "endpoint", "fe80::1%lo0 port 62893"),
    ("fe80::1%eth0.100", "address", "fe80::1%eth0.100"),
    ("*.8080", "endpoint", "* port 8080"),
    ("*:8080", "endpoint", "* port 8080"),
    ("127.0.0.53%lo:53", "endpoint", "127.0.0.53%lo port 53"),
    ("[fe80::1]%eth0:68", "endpoint", "fe80::1%eth0 port 68"),
    ("localhost/127.0.0.1:62893", "endpoint", "127.0.0.1 port 62893"),
    ("/127.0.0.1:62893", "endpoint", "127.0.0.1 port 62893"),
    ("localhost/[0:0:0:0:0:0:0:1]:62893", "endpoint", "::1 port 62893"),
    ("http://127.0.0.1:62893/x?y#z", "url", "127.0.0.1 port 62893"),
    ("HTTPS://[::1]", "url", "::1 port 443"),
    ("postgres://me:secret@localhost/db", "url", "localhost port 5432"),
    ("jdbc:postgresql://localhost:5433/db", "url", "localhost port 5433"),
    ("http://127.1.1.1:80\\@127.2.2.2:80/", "url", "127.1.1.1 port 80"),
    ("http://user@127.2.2.2:80/", "url", "127.2.2.2 port 80"),
    ("tcp://127.0.0.1:5000", "url", "127.0.0.1 port 5000"),
    ("hxxp://127[.]0[.]0[.]1", "url", "127.0.0.1 port 80"),
    ("hxxps[:]//localhost[:]8443/x", "url", "localhost port 8443"),
    ("127[.]0[.]0[.]1:80", "endpoint", "127.0.0.1 port 80"),
    ("localhost:3000/api", "endpoint", "localhost port 3000"),
    ("localhost", "name", "localhost"),
    ("localhost.", "name", "localhost."),
    ("db:5432", "endpoint", "db port 5432"),
    (":8080", "port", "port 8080"),
    ("62893", "port", "port 62893"),
    ("99999", "port", "port 99999"),
    ("2130706433", "address", "127.0.0.1"),
    ("0x7f000001", "address", "127.0.0.1"),
    ("0x7f.1:62893", "endpoint", "127.0.0.1 port 62893"),
    ("127.1", "address", "127.0.0.1"),
    ("0177.0.0.1", "address", "127.0.0.1"),
    ("１２７．０．０．１", "address", "127.0.0.1"),
    ("127.0.0.1:99999", "endpoint", "127.0.0.1 port 99999"),
    ("127.0.0.1:abc", "endpoint", "127.0.0.1 port abc"),
    ("256.1.1.1", "address", "256.1.1.1"),
    ("[::1", "address", "[::1"),
    # Punctuation of the sentence around it.
    ("127.0.0.1:62893.", "endpoint", "127.0.0.1 port 62893"),
    ("127.0.0.1:62893?", "endpoint", "127.0.0.1 port 62893"),
    ("127.0.0.1:62893!", "endpoint", "127.0.0.1 port 62893"),
    ("localhost:3000.", "endpoint", "localhost port 3000"),
    ("http://localhost:3000.", "url", "localhost port 3000"),
    ("http://127.0.0.1:8080)", "url", "127.0.0.1 port 8080"),
    ("[2001:db8::1]:443:", "endpoint", "2001:db8::1 port 443"),
    ("127.0.0.1.", "address", "127.0.0.1"),
    ("2001:1::", "address", "2001:1::"),
    # Networks with zeros left out, and masks.
    ("10/8", "network", "10.0.0.0/8"),
    ("172.16/12", "network", "172.16.0.0/12"),
    ("192.168/16", "network", "192.168.0.0/16"),
    ("127/8", "network", "127.0.0.0/8"),
    ("169.254/16", "network", "169.254.0.0/16"),
    ("224/4", "network", "224.0.0.0/4"),
    ("127.0.0.1/255.0.0.0", "network", "127.0.0.1/8"),
    ("192.168.1.0/255.255.255.0", "network", "192.168.1.0/24"),
    ("192.168.1.0/255.0.255.0", "url", "192.168.1.0"),
    # Brackets that are not IPv6's, and IPv6 without them.
    ("[127.0.0.1]:8080", "endpoint", "127.0.0.1 port 8080"),
    ("[localhost]:8080", "endpoint", "localhost port 8080"),
    ("http://[fe80::1%25eth0]:8080/", "url", "fe80::1%eth0 port 8080"),
    ("http://::1:3000/", "url", "::1:3000"),
    ("http://::1/", "url", "::1"),
    ("http:/localhost:3000", "url", "localhost port 3000"),
    ("http:localhost:3000", "url", "localhost port 3000"),
    ("https:example.com", "url", "example.com port 443"),
    ("http:8080", "endpoint", "http port 8080"),
    ("https", "name", "https"),
    # Paths, products, services.
    ("example.com/path", "url", "example.com"),
    ("localhost/path", "url", "localhost"),
    ("db:5432/name", "endpoint", "db port 5432"),
    ("8080/tcp", "port", "port 8080"),
    ("http://localhost:3000-3005/", "url", "localhost port 3000"),
    ("http://localhost:abc/", "url", "localhost port abc"),
    ("loc%61lhost", "name", "loc%61lhost"),
    ("fe80::1%en0.8080", "endpoint", "fe80::1%en0 port 8080"),
    ("fe80::1%enp3s0.100", "address", "fe80::1%enp3s0.100"),
    ("10.0.0.1.nip.io", "name", "10.0.0.1.nip.io"),
]


@pytest.mark.parametrize(("text", "kind", "endpoint"), WORDS)
def test_a_single_word_is_read_whole(text: str, kind: str, endpoint: str) -> None:
    """One word that was pasted alone yields its kind and one endpoint."""
    found = classify(text)
    assert (found.kind, brief(found)) == (kind, [endpoint])


@pytest.mark.parametrize(("text", "kind", "endpoint"), WORDS)
def test_the_span_is_where_the_endpoint_stands(text: str, kind: str, endpoint: str) -> None:
    """The endpoint's text is the input between the two ends of its span."""
    (found,) = classify(text).endpoints
    assert text[slice(*found.span)] == found.text


NO_ENDPOINT = [
    "3.11", "3.11.7", "v20.20.2", "1.2.3", "1.2.3-rc1", "Python 3.11.7", "12:34", "12:34:56",
    "12:34:56.789", "at 10:30 today", "aa:bb:cc:dd:ee:ff", "00-1A-2B-3C-4D-5E",
    "link/ether 02:42:ac:11:00:02 brd ff:ff:ff:ff:ff:ff", "00:11:22:33:44:55:66:77 EUI-64",
    "std::vector", "std::vector<int> v", "use std::net::TcpListener;", "2026-11-23",
    "2026-11-23T10:00:00Z", "2026/11/23", "23.11.2026", "62893-62900", "main.py:42", "main.py",
    '  File "/app/main.py", line 42, in <module>', "server.go:120: panic", "error:5", "line:42",
    "ratio 16:9", "Chrome/120.0.0.0 Safari/537.36", "version 1.2.3.4 of the firmware",
    "the quick brown fox", "a = b ? c : d", "{}", "[]", "()", "%", "::::", "...", "-", "mailto:x@y",
    "data:text/plain,x", "SHA256:abc", "1,234,567", "50%", "C:\\Windows\\System32",
    "foo==1.2.3.4", "pkg@1.2.3.4", '"version": "1.2.3.4"', "<version>1.2.3.4</version>",
    "firmware 2.4.0.1", "OID 1.3.6.1", "see \u00a74.2.3.10", 'AssemblyVersion("1.0.0.0")',
    "OpenSSL/1.1.1.1", "nginx/1.25.3", "Chrome/120.0.6099.109", "application/json", "TCP/IP",
    "user/repo", "D:/foo/bar", "src/main.rs:10:5", "unix:/tmp/x.sock", "DEBUG=true",
    "SECRET_KEY=abc:123", "1/2", "23/11", "0.0.0.0:*", "[::]:*", "001a.2b3c.4d5e",
    "52:54:00:12:34:56:78:9a", "4.18.0-477.10.1.el8.x86_64", "foo-1.2.3.4.tar.gz",
    "node:internal/modules/cjs/loader:1080", "at internal/main/run_main:28:49",
    "at org.example.internal.Loader.run()", "Makefile:10", "build.gradle:10", "TODO:12",
    "Could not resolve module path", "mkdir -p 2024", "ps -p 4242", "listening on 2 sockets",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_ENDPOINT)
def test_what_is_no_endpoint_yields_none(text: str) -> None:
    """Versions, times, dates, MAC addresses, scopes and file positions are left alone."""
    assert brief(classify(text)) == []


LINES = [
    ("Error: connect ECONNREFUSED ::1:5432", ["::1 port 5432"]),
    ("Error: listen EADDRINUSE: address already in use :::3000", [":: port 3000"]),
    ("Error: listen EADDRINUSE: address already in use 127.0.0.1:62893", ["127.0.0.1 port 62893"]),
    (
        "connect ECONNREFUSED 127.0.0.1:5432 and connect ECONNREFUSED ::1:5432",
        ["127.0.0.1 port 5432", "::1 port 5432"],
    ),
    ("dial tcp [::1]:5432: connect: connection refused", ["::1 port 5432"]),
    ("dial tcp 127.0.0.1:62893: connect: connection refused", ["127.0.0.1 port 62893"]),
    ("read tcp 127.0.0.1:50000->127.0.0.1:5432: i/o timeout",
     ["127.0.0.1 port 50000", "127.0.0.1 port 5432"]),
    ("listen tcp :8080: bind: address already in use", ["port 8080"]),
    (
        "HTTPConnectionPool(host='localhost', port=62893): Max retries exceeded with url: /",
        ["localhost port 62893"],
    ),
    ("error while attempting to bind on address ('127.0.0.1', 8000): address already in use",
     ["127.0.0.1 port 8000"]),
    ("Cannot connect to host ::1:8080 ssl:default [Connect call failed ('::1', 8080, 0, 0)]",
     ["::1 port 8080", "::1 port 8080"]),
    ("java.net.ConnectException: Connection refused: localhost/127.0.0.1:62893",
     ["127.0.0.1 port 62893"]),
    ("java.net.ConnectException: Connection refused: /127.0.0.1:62893", ["127.0.0.1 port 62893"]),
    ("No connection could be made because the target machine actively refused it. "
     "[::ffff:127.0.0.1]:62893 (localhost:62893)",
     ["::ffff:127.0.0.1 port 62893", "localhost port 62893"]),
    ("curl: (7) Failed to connect to 127.0.0.1 port 62893 after 0 ms: Couldn't connect to server",
     ["127.0.0.1 port 62893"]),
    ("curl: (7) Failed to connect to localhost port 3000: Connection refused",
     ["localhost port 3000"]),
    ('connection to server at "127.0.0.1", port 5432 failed: Connection refused',
     ["127.0.0.1 port 5432"]),
    ('connection to server at "localhost" (::1), port 5432 failed: Connection refused',
     ["localhost port 5432"]),
    ("ssh: connect to host localhost port 22: Connection refused", ["localhost port 22"]),
    ("Could not connect to Redis at 127.0.0.1:6379: Connection refused", ["127.0.0.1 port 6379"]),
    ("ERROR 2003 (HY000): Can't connect to MySQL server on '127.0.0.1:3306' (111)",
     ["127.0.0.1 port 3306"]),
    ("nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)",
     ["0.0.0.0 port 80"]),
    ('connect() failed (111: Connection refused) while connecting to upstream, client: 10.0.0.9, '
     'server: _, upstream: "http://127.0.0.1:8080/", host: "example.com"',
     ["10.0.0.9", "127.0.0.1 port 8080"]),
    ("Bind for 0.0.0.0:5432 failed: port is already allocated", ["0.0.0.0 port 5432"]),
    ("getaddrinfo ENOTFOUND db.example.com", ["db.example.com"]),
    ("curl: (6) Could not resolve host: api.example.org", ["api.example.org"]),
    ("Serving HTTP on 0.0.0.0 port 62893 (http://0.0.0.0:62893/) ...",
     ["0.0.0.0 port 62893", "0.0.0.0 port 62893"]),
    ("Serving HTTP on :: port 62893 (http://[::]:62893/) ...", [":: port 62893", ":: port 62893"]),
    ("Debugger listening on ws://127.0.0.1:62893/0b2c6e3c-2b1e-4a52", ["127.0.0.1 port 62893"]),
    ("  ➜  Local:   http://localhost:5173/", ["localhost port 5173"]),
    (" * Running on http://127.0.0.1:5000 (Press CTRL+C to quit)", ["127.0.0.1 port 5000"]),
    ("LISTEN 0      128        127.0.0.1:62893      0.0.0.0:*    users:((\"python3\",pid=42,fd=3))",
     ["127.0.0.1 port 62893"]),
    ("UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:*", ["127.0.0.53%lo port 53"]),
    ("tcp   LISTEN 0  511   *:3000   *:*", ["* port 3000"]),
    ("tcp6       0      0 :::62893                :::*                    LISTEN      4242/node",
     [":: port 62893"]),
    ("  TCP    127.0.0.1:62893        0.0.0.0:0              LISTENING       4242",
     ["127.0.0.1 port 62893"]),
    ("tcp4       0      0  127.0.0.1.62893        *.*                    LISTEN",
     ["127.0.0.1 port 62893"]),
    ("tcp46      0      0  *.62893                *.*                    LISTEN", ["* port 62893"]),
    ("python3 4242 me 3u IPv4 0x1 0t0 TCP 127.0.0.1:62893 (LISTEN)", ["127.0.0.1 port 62893"]),
    ("node 1 me 21u IPv6 0x2 0t0 TCP *:3000 (LISTEN)", ["* port 3000"]),
    ("TCP localhost:62893->localhost:50000 (ESTABLISHED)",
     ["localhost port 62893", "localhost port 50000"]),
    ("0.0.0.0:8080->80/tcp, [::]:8080->80/tcp", ["0.0.0.0 port 8080", ":: port 8080"]),
    ("inet 127.0.0.1/8 scope host lo", ["127.0.0.1/8"]),
    ("inet6 fe80::1%lo0 prefixlen 64 scopeid 0x1", ["fe80::1%lo0"]),
    ("{ address: '127.0.0.1', port: 62893 }", ["127.0.0.1 port 62893"]),
    ('{"host": "localhost", "port": 62893}', ["localhost port 62893"]),
    ("    address: '127.0.0.1',\n      port: 62893\n", ["127.0.0.1 port 62893"]),
    ("web:\n  host: localhost\n  port: 62893\n", ["localhost port 62893"]),
    ("web:\n  host: localhost\nother:\n  name: x\n", ["localhost"]),
    ("Port 5173 is in use, trying another one...", ["port 5173"]),
    ("Web server failed to start. Port 8080 was already in use.", ["port 8080"]),
    ("127.0.0.1 62893", ["127.0.0.1 port 62893"]),
    ("telnet localhost 62893", ["localhost port 62893"]),
    # Words before an address that are no version, and words before a version.
    ("nameserver 127.0.0.53", ["127.0.0.53"]),
    ("server 127.0.0.1;", ["127.0.0.1"]),
    ("Server: 127.0.0.1", ["127.0.0.1"]),
    ("Failed to connect to server 192.168.1.5", ["192.168.1.5"]),
    ("curl -v 127.0.0.1", ["127.0.0.1"]),
    ("ssh root@192.0.2.7", ["192.0.2.7"]),
    ("ssh me@192.168.1.5", ["192.168.1.5"]),
    ("dig @1.1.1.1", ["1.1.1.1"]),
    # Port columns that are no single port.
    ("127.0.0.1:5432->5432/tcp", ["127.0.0.1 port 5432"]),
    ("0.0.0.0:3000-3005->3000-3005/tcp", ["0.0.0.0 port 3000"]),
    ("127.0.0.1:8000-8010", ["127.0.0.1 port 8000"]),
    ("http://localhost:*", ["localhost port 80"]),
    ("InetSocketAddress(localhost/127.0.0.1:8080)", ["127.0.0.1 port 8080"]),
    # IPv4 at the end of IPv6.
    ("peer ::ffff:127.0.0.1", ["::ffff:127.0.0.1"]),
    ("connection from ::ffff:127.0.0.1:62893 closed", ["::ffff:127.0.0.1 port 62893"]),
    ("via 64:ff9b::127.0.0.1 ok", ["64:ff9b::7f00:1"]),
    ("route 192.168.1.0/255.255.255.0 via x", ["192.168.1.0/24"]),
    ("bind [127.0.0.1]:8080: Address already in use", ["127.0.0.1 port 8080"]),
    ("open [localhost]:8080 and [main]:42", ["localhost port 8080"]),
    ("1.0.0.127.in-addr.arpa. 0 IN PTR localhost.", ["localhost"]),
    ("get http://::1:3000/ failed", ["::1:3000"]),
    ("PORT=3000", ["port 3000"]),
    ("--port=8080", ["port 8080"]),
    ("Server=127.0.0.1;Port=3306;", ["127.0.0.1 port 3306"]),
    ("listeners=PLAINTEXT://localhost:9092,EXTERNAL://0.0.0.0:29092",
     ["localhost port 9092", "0.0.0.0 port 29092"]),
    ("connect to host.docker.internal failed", ["host.docker.internal"]),
    ("ssh: Could not resolve hostname foo: Name or service not known", ["foo"]),
    ('host not found in upstream "app:3000" in /etc/nginx/nginx.conf:5', ["app port 3000"]),
    # Ports as commands and servers write them.
    ("Server listening on 3000", ["port 3000"]),
    ("EXPOSE 8080", ["port 8080"]),
    ("serve --port 8080", ["port 8080"]),
    ("docker run -p 8080:80 nginx", ["port 8080"]),
    ("Listening for transport dt_socket at address: 5005", ["port 5005"]),
    ("Tomcat started on port(s): 8080 (http)", ["port 8080"]),
    ("mysql -h 127.0.0.1 -P 3306", ["127.0.0.1 port 3306"]),
    ("uvicorn --host 0.0.0.0 --port 8080", ["0.0.0.0 port 8080"]),
    ("psql -h localhost -p 5432", ["localhost port 5432"]),
    ("Server=localhost,1433", ["localhost port 1433"]),
    ("127.0.0.1, 62893", ["127.0.0.1 port 62893"]),
    ("127.0.0.1#53", ["127.0.0.1 port 53"]),
    (";; SERVER: ::1#53(::1)", ["::1 port 53", "::1"]),
    ('sin_port=htons(62893), sin_addr=inet_addr("127.0.0.1")}, 16) = -1', ["127.0.0.1 port 62893"]),
    ("htons(62893)", ["port 62893"]),
    ("SRC=127.0.0.1 DST=127.0.0.2 LEN=60 SPT=53422 DPT=62893",
     ["127.0.0.1", "127.0.0.2 port 62893"]),
    ('{"address":"::1","family":"IPv6","port":3000}', ["::1 port 3000"]),
    ("host=localhost user=me port=5432", ["localhost port 5432"]),
    ("host=a.example other text port=5432", ["port 5432"]),
    ("\x1b[36mhttp://localhost:\x1b[1m5173\x1b[22m/\x1b[39m", ["localhost port 5173"]),
    ("\x1b[1mlocalhost:3000\x1b[0m", ["localhost port 3000"]),
    ("could not translate host name \"db\" to address: Name or service not known", ["db"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "endpoints"), LINES)
def test_a_line_yields_its_endpoints(text: str, endpoints: list[str]) -> None:
    """A line as a program prints it yields every endpoint in it, in order."""
    found = classify(text)
    assert found.kind == "text"
    assert brief(found) == endpoints


@pytest.mark.parametrize(("text", "endpoints"), LINES)
def test_spans_lie_in_order_and_do_not_overlap(text: str, endpoints: list[str]) -> None:
    """Each span gives the endpoint's own characters, behind the one before it."""
    end = 0
    for endpoint in classify(text).endpoints:
        first, last = endpoint.span
        assert first >= end
        assert text[first:last] == endpoint.text
        end = last


def test_several_hosts_of_one_url_are_several_endpoints() -> None:
    """MongoDB lists its seeds with commas; each is an endpoint with its own span."""
    found = classify("mongodb://a.example:27017,127.0.0.1:27018/x")
    assert brief(found) == ["a.example port 27017", "127.0.0.1 port 27018"]
    assert [e.text for e in found.endpoints] == ["a.example:27017", "127.0.0.1:27018"]
    short = classify("mongodb://u:b@a,b,o/x").endpoints
    assert [e.span for e in short] == [(14, 15), (16, 17), (18, 19)]


@pytest.mark.parametrize(
    ("text", "endpoints"),
    [
        ("http://localhost:3000,http://[::1]:4000", ["localhost port 3000", "::1 port 4000"]),
        (
            "PLAINTEXT://localhost:9092,EXTERNAL://0.0.0.0:29092",
            ["localhost port 9092", "0.0.0.0 port 29092"],
        ),
        ("http://localhost:3000/?next=a,http://b.example", ["localhost port 3000"]),
    ],
)
def test_urls_with_commas_between_are_several(text: str, endpoints: list[str]) -> None:
    """A list of URLs yields each with its own span; a comma in a query is the URL's."""
    found = classify(text)
    assert (found.kind, brief(found)) == ("url", endpoints)
    assert ",".join(endpoint.text for endpoint in found.endpoints) == text


def test_ipv6_without_brackets_in_a_url_is_invalid() -> None:
    """Browsers refuse http://::1/, so its host is not read as an address."""
    kinds = [e.host.kind for e in classify("http://::1/").endpoints if e.host]
    near = [e.host.kind for e in classify("http://[::1]/").endpoints if e.host]
    assert (kinds, near) == (["invalid"], ["ipv6"])


@pytest.mark.parametrize("text", ["", " ", "\t\n", "\ufeff", '""'])
def test_nothing_is_empty(text: str) -> None:
    """White space alone, or quotes around nothing, is the kind *empty*."""
    assert classify(text).kind in ("empty", "text")
    assert classify(text).endpoints == ()


def test_an_implied_port_says_so() -> None:
    """The port of http://localhost is the scheme's, not the writer's."""
    (endpoint,) = classify("http://localhost").endpoints
    assert endpoint.port is not None
    assert (endpoint.port.number, endpoint.port.implied) == (80, True)


ROLES: list[tuple[str, list[str | None]]] = [
    ("TCP localhost:8080->localhost:50000 (ESTABLISHED)", [None, "peer"]),
    ("write tcp 127.0.0.1:8080->127.0.0.1:53422: broken pipe", [None, "peer"]),
    ("read tcp 127.0.0.1:50000->127.0.0.1:5432: i/o timeout", [None, None]),
    ("IP 127.0.0.1.8080 > 127.0.0.1.53422: Flags [S.]", [None, "peer"]),
    ("127.0.0.1:8080, 127.0.0.1:53422", [None, None]),
    ("0.0.0.0:8080->80/tcp, [::]:8080->80/tcp", [None, None]),
    ('INFO:     127.0.0.1:53422 - "GET / HTTP/1.1" 200 OK', ["peer"]),
    ('127.0.0.1 - - [10/Oct/2026:13:55:36 +0000] "GET / HTTP/1.0" 200 5', ["peer"]),
    ('upstream 127.0.0.1:8080 "api"', [None]),
    ("Accepted publickey for me from 127.0.0.1 port 53422 ssh2", ["peer"]),
    ("Connection closed by 127.0.0.1 port 53422", ["peer"]),
    ("connect to 127.0.0.1 port 62893 failed", [None]),
]


@pytest.mark.parametrize(("text", "roles"), ROLES)
def test_the_other_side_of_a_connection_is_a_peer(text: str, roles: list[str | None]) -> None:
    """Only where the text shows that an endpoint is the caller does it have that role."""
    assert [endpoint.role for endpoint in classify(text).endpoints] == roles


# U+A7C0 came with Unicode 14, U+A7DC with 16; Python 3.10 has 13.
@pytest.mark.parametrize("letter", ["\ua7c0", "\ua7dc"])
@pytest.mark.parametrize("form", ["{}:80", "{}", "{}.{}", "{} broken pipe"])
def test_a_letter_that_only_some_pythons_know_is_none(form: str, letter: str) -> None:
    """What a text is does not hang on the interpreter's version of Unicode."""
    found, unassigned = classify(form.format(letter, letter)), form.format("\u0378", "\u0378")
    assert (found.kind, brief(found)) == ("text", [])
    assert bool(found.error) == bool(classify(unassigned).error)


@pytest.mark.parametrize(
    ("text", "reading"),
    [("\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3:80", "localhost"), ("\ua7f2", "c")],
)
def test_what_a_browser_turns_into_letters_is_a_name(text: str, reading: str) -> None:
    """Circled letters, and one of Unicode 14 that becomes ASCII, on every interpreter."""
    (endpoint,) = classify(text).endpoints
    assert endpoint.host is not None
    assert (endpoint.host.kind, endpoint.host.readings.url) == ("name", reading)


@pytest.mark.parametrize("text", ["127.0.0.1%20", "127.0.0.1%00", "127.0.0.1%2f"])
def test_an_escape_behind_ipv4_is_no_interface(text: str) -> None:
    """An interface has a name; two digits there are an escape, which browsers refuse."""
    assert [e.host.kind for e in classify(text).endpoints if e.host] == ["invalid"]
    assert brief(classify("127.0.0.1%lo")) == ["127.0.0.1%lo"]


class TestList:
    """A column of words, one a line."""

    def test_each_line_is_read_as_if_alone(self) -> None:
        """Bare ports and odd spellings too, each with its place in the whole text."""
        text = " 62893\n\n0x7f.1\n'[::1]:80'\n"
        found = classify(text)
        assert found.kind == "text"
        assert [text[slice(*each.span)] for each in found.endpoints] == [
            "62893",
            "0x7f.1",
            "[::1]:80",
        ]

    def test_any_other_line_makes_it_running_text(self) -> None:
        """Where a bare number is a number."""
        assert [each.text for each in classify("62893\nhello 127.0.0.1:80").endpoints] == [
            "127.0.0.1:80"
        ]
        assert classify("62893\nhello").endpoints == ()
