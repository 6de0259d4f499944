"""Running text: every form in which programs print an endpoint."""

from __future__ import annotations

import time

import pytest
from brief import brief
from hypothesis import given
from hypothesis import strategies as st

from checks import classify

LINES = [
    ("Error: connect ECONNREFUSED ::1:5432", ["::1 port 5432"]),
    # The key of a setting and its default.
    ("Redis(cf.get('shop_host','localhost'), int(cf.get('shop_port','6380')))",
     ["localhost port 6380"]),
    ('settings.get("cache.host", "node7"), settings.get("cache.port", 6391)',
     ["node7 port 6391"]),
    ('net.Listen("tcp", ":"+getEnvOr("PORT", "6379"))', ["port 6379"]),
    ("'port' => env('DB_PORT', 5439),", ["port 5439"]),
    ('env.int("SHOP_PORT", default=8077)', ["port 8077"]),
    ('env("A_HOST", "10.0.0.4"), env("B_PORT", "7001")', ["10.0.0.4", "port 7001"]),
    ("socket.getaddrinfo('db.example', 6390)", ["db.example port 6390"]),
    ("sock.connect(('db_node', 6390))", ["db_node port 6390"]),
    ("socket.create_connection(('web-port', 7001))", ["web-port port 7001"]),
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
    ("127.0.0.1:8000-8010 is in use", ["127.0.0.1 port 8000"]),
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
    ("could not translate host name \"db\" to address: Name or service not known", ["db"]),
]  # fmt: skip


NOTATIONS = [
    # Each with a mark of its own.
    ("dial /ip4/10.0.0.7/tcp/4001/p2p/Qm failed", ["10.0.0.7 port 4001"]),
    ("/ip6/::1/udp/4002/quic-v1", ["::1 port 4002"]),
    ("/dns4/node.example/tcp/443", ["node.example port 443"]),
    ("tcp!10.0.0.7!564", ["10.0.0.7 port 564"]),
    ("exec 3<>/dev/tcp/localhost/5434", ["localhost port 5434"]),
    ("ipv6:%5B::1%5D:19532", ["::1 port 19532"]),
    ("forwarding tcp:9223 to the device", ["port 9223"]),
    ("failed to connect to db.example/10.0.2.2 (port 8079) from /10.0.2.16 (port 40123) after 9ms",
     ["10.0.2.2 port 8079", "10.0.2.16 port 40123"]),
    ("cannot bind socket [:::8404]", [":: port 8404"]),
    ("bind failed on [AF_INET6][undef]:1196", ["port 1196"]),
    ("{{10,0,0,7},5673}", ["10.0.0.7 port 5673"]),
    ("http: [ip: {0, 0, 0, 0, 0, 0, 0, 1}, port: 4003]", ["::1 port 4003"]),
    ("{ip, {127,0,0,1}}", ["127.0.0.1"]),
    ("set {1, 2, 3, 4} of four", []),
    ("0100007F:1F92", ["127.0.0.1 port 8082"]),
    ("0100007F:1388", ["127.0.0.1 port 5000"]),
    ("at 08048000:1234 there is code", []),
    ("DISPLAY=10.0.0.7:1", ["10.0.0.7 port 6001"]),
    ("Can't open display: localhost:12.0", ["localhost port 6012"]),
    ("cannot open display: :0", []),
    ("hosta -> hostb.example TCP D=25 S=40123 Syn", ["hosta port 40123", "hostb.example port 25"]),
    ("IP localhost.40123 > localhost.8444: Flags [S]",
     ["localhost port 40123", "localhost port 8444"]),
    ("IP 10.0.0.7.40123 > db.example.postgresql: Flags [S]",
     ["10.0.0.7 port 40123", "db.example port 5432"]),
    ("seen at 10.0.0.7:postgresql", ["10.0.0.7 port 5432"]),
    ("see localhost:nothing", ["localhost"]),
    ("localhost [127.0.0.1] 8079 (?) : Connection refused", ["127.0.0.1 port 8079"]),
    ("Failed to connect to .:1435 now", ["port 1435"]),
    ("Server=(local),1435;Database=x", ["port 1435"]),
    ("login to DBHOST\\DEV:1435 failed", ["DBHOST port 1435"]),
    ("jdbc:oracle:thin:@db.example:1523:orcl", ["db.example port 1523"]),
    ("sqlplus me/secret@//db.example:1523/app", ["db.example port 1523"]),
    ("a=candidate:1 1 udp 99 10.0.0.7 40123 typ host", ["10.0.0.7 port 40123"]),
    ("service:jmx:rmi:///jndi/rmi://10.0.0.7:9011/jmxrmi", ["10.0.0.7 port 9011"]),
    ("cannot listen on http://+:8079/app/", ["port 8079"]),
    ("open \\\\fe80--1s4.ipv6-literal.net\\share", ["fe80--1s4.ipv6-literal.net"]),
]  # fmt: skip

KEYS = [
    ("src=10.0.0.7 dst=10.0.0.8 sport=40123 dport=81", ["10.0.0.7 port 40123", "10.0.0.8 port 81"]),
    ("localAddress: '::1', localPort: 40123, remoteAddress: '::1', remotePort: 3019",
     ["::1 port 40123", "::1 port 3019"]),
    ('{"HostIp": "127.0.0.1", "HostPort": "8079"}', ["127.0.0.1 port 8079"]),
    ("listenport=8079 listenaddress=0.0.0.0 connectport=80 connectaddress=10.0.0.8",
     ["0.0.0.0 port 8079", "10.0.0.8 port 80"]),
    ("DB_HOST=db.example\nDB_PORT=5434", ["db.example port 5434"]),
    ("spring.redis.host=10.0.0.7\nspring.redis.port=6380", ["10.0.0.7 port 6380"]),
    ("PGHOST=/tmp PGPORT=5434", ["port 5434"]),
    ("server [7f port:40123, addresses:[/127.0.0.1]]", ["127.0.0.1 port 40123"]),
    ("port=8079, host=10.0.0.7", ["10.0.0.7 port 8079"]),
    ("(HOST = db.example)(PORT = 1523)", ["db.example port 1523"]),
    ("host=localhost/10.0.0.7 port=9094", ["10.0.0.7 port 9094"]),
    ("address [10.0.0.7] and port [8079]", ["10.0.0.7 port 8079"]),
    ('on host "localhost" (::1) and accepting\n\tTCP/IP connections on port 5434?',
     ["localhost port 5434"]),
    ("New connection from 10.0.0.7:40123 on port 1884", ["10.0.0.7 port 40123", "port 1884"]),
    ("--dport 8079 -j DROP", ["port 8079"]),
    ("tcp dport { 8079, 8080 } accept", ["port 8079", "port 8080"]),
    ("'port': '8079'", ["port 8079"]),
    ("ports 80, 443 and 8080", ["port 80", "port 443", "port 8080"]),
    ("\u7aef\u53e3\uff1a8079, puerto 8081, \u043f\u043e\u0440\u0442 8082",
     ["port 8079", "port 8081", "port 8082"]),
    ("viewport: 1024, support=12, report 5, import: 3", []),
    ("host: true, port: 8079", ["port 8079"]),
    ("SocketException: refused (OS Error: refused, errno = 61), address = db.example, port = 40123",
     ["db.example", "db.example port 40123"]),
    ("SocketException: Failed to create server socket (OS Error: x), address = ::1, port = 8079",
     ["::1 port 8079"]),
    # Quotes and spaces between.
    ('at "localhost":8079 ...', ["localhost port 8079"]),
    ("reach `10.0.0.7`:`8079`", ["10.0.0.7 port 8079"]),
    ("connect to 10.0.0.7: 8079\n", ["10.0.0.7 port 8079"]),
    ("PING 10.0.0.7: 56 data bytes", ["10.0.0.7"]),
    ("GET localhost: 404", ["localhost"]),
    ('{"a":1,"b_c":22}', []),
    # Names of one label.
    ("connecting to cache:6381", ["cache port 6381"]),
    ("waiting 30 seconds for shop-db:5434", ["shop-db port 5434"]),
    ("broker queue1:29092 gone", ["queue1 port 29092"]),
    ("my-redis:6379 mongo:27017: error", ["my-redis port 6379", "mongo port 27017"]),
    ("dial tcp worker:7002: connect: refused", ["worker port 7002"]),
    ("line:42 step:300 page:20 Foo:33 at index:120 node:20", []),
    # What is behind the port.
    ("Serving on *:8079.", ["* port 8079"]),
    ("LISTEN 10.0.0.7:* now", ["10.0.0.7"]),
]  # fmt: skip

NO_ENDPOINTS = [
    "Loaded plugin: Sound Pack 9.0.0.0",
    "installed driver 30.0.15.1179 and driver 30.0.15.12",
    "  > Acme.Data.Client     6.1.2.0     6.1.2.0",
    "Setting up libfoo (1.3.4.5-1ubuntu3) ...",
    "foo 2:1.2.3.4+dfsg-1 amd64",
    "\u7248\u672c\uff1a2.3.4.1",
    "\u0412\u0435\u0440\u0441\u0438\u044f 2.3.4.1",
    "Versi\u00f3n: 2.3.4.1",
    "wersja 2.3.4.1",
    "see Section 3.2.1.4 and chapter 10.1.2.5",
    "   Subnet Mask . . . . . . . . . . . : 255.255.255.0",
]

ADDRESSES = [
    ("   Default Gateway . . . . . . . . . : 10.0.0.1", ["10.0.0.1"]),
    ("Trying 10.0.0.7...", ["10.0.0.7"]),
    ("Google 8.8.8.8", ["8.8.8.8"]),
    ("range 10.0.0.7-10.0.0.9", ["10.0.0.7"]),
    ("Ethernet adapter 10.0.0.7", ["10.0.0.7"]),
    ("Host 10.0.0.7 is up", ["10.0.0.7"]),
    ("0.0.0.0  0.0.0.0  10.0.0.1  10.0.0.7  25", ["0.0.0.0", "0.0.0.0", "10.0.0.1", "10.0.0.7"]),
]
LINES += NOTATIONS + KEYS + ADDRESSES


@pytest.mark.parametrize("text", NO_ENDPOINTS)
def test_four_numbers_may_be_no_address(text: str) -> None:
    """Versions, sections and masks are left alone."""
    assert brief(classify(text)) == []


@given(
    st.sampled_from(["remote", "local", "listen", "connect", "db_", "server."]),
    st.sampled_from(["Address", "_host", "_ip", "addr"]),
    st.sampled_from([("=", " "), (": ", ", "), ('": "', '", "'), ("=", "\n")]),
    st.integers(1, 65535),
    st.booleans(),
)
def test_a_port_has_the_address_of_its_stem(
    stem: str, kind: str, signs: tuple[str, str], port: int, behind: bool
) -> None:
    """Whatever the stem, the marks and the order, a pair is one endpoint."""
    sign, between = signs
    keys = [f"{stem}{kind}{sign}10.0.0.7", f"{stem}Port{sign}{port}"]
    text = f'x {{"{between.join(reversed(keys) if behind else keys)}"}}'
    assert brief(classify(text)) == [f"10.0.0.7 port {port}"]


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


# U+A7C0 came with Unicode 14, U+A7DC with 16; Python 3.10 has 13.


NOTHING = [
    "conf.get('app.timeout', 5000)",
    "getenv('SHOP_PORT', 'none')",
    # what "resolve" and "lookup" are about
    "Could not resolve dependencies for project org.acme:cart:jar:2.0",
    "npm error Could not resolve dependency:",
    "Unable to resolve dependency tree",
    "Module not found: Error: Can't resolve 'tls' in '/home/me/cart'",
    "> Could not resolve org.acme.tools:builder:3.1.0.",
    "Cannot resolve symbol 'Cart'",
    "error: failed to resolve: use of undeclared type `Cart`",
    "Fix the lookup in the cache, and resolve conflicts with the main branch",
    "The nss-resolve module now speaks to systemd-resolve over a socket.",
    "sandboxd: deny mach-lookup com.acme.agent",
    # names of programs' own
    "called by org.acme.window.Painter.drawFrame:206 android.os.Looper.onLoop:77",
    "(CartStore.Normal:2101) closed, cart.totalAmount:180",
    # pairs in quotes
    '{"rows": [["apples", 30], ["pears", 4000]]}',
    "plot('width', 640); cells = ['first', '456', 'last']",
    "[('shop.py', 88), ('shop.Cart.addItem', 120)]",
    # ports that have plugs
    "docker0: port 2(veth51c0aa7) entered forwarding state",
    "hub 2-0:1.0: over-current change on port 4; USB port 3 is off",
    "the switch port 24 and serial port 1 have no link",
    # others
    "pam_unix(gdm): logname= uid=0 tty=:0 ruser= rhost=",
    "me  tty7  :1  10:14",
    "install -m 644 man/*.1 *.5 /usr/share/man",
    "$Id: parser.c,v 1.12.2.4 2007/03/02 10:11:12 ann Exp $",
    # versions
    "tidy (0.18.7.2-10) unstable; urgency=medium",
    "tidy (2.8.13.4+deb12u1) bookworm-security; urgency=high",
    "Bump Acme.Json from 13.0.4.1 to 13.0.4.2",
    "Standards-Version to 3.9.4.0",
    "Work around gcc 2.7.2.1 on old systems",
]


@pytest.mark.parametrize("text", NOTHING)
def test_what_looks_like_an_endpoint_is_none(text: str) -> None:
    """Texts of builds, compilers, kernels and lists name no host and no port."""
    assert [endpoint.text for endpoint in classify(text).endpoints] == []


SOMETHING = [
    ("dial tcp: lookup cache: no such host", ["cache"]),
    ("dial tcp: lookup cache on 127.0.0.11:53: server misbehaving",
     ["cache", "127.0.0.11 port 53"]),
    ("Failed to resolve 'cache' ([Errno -2] Name or service not known)", ["cache"]),
    ("could not resolve cache", ["cache"]),
    ("Could not resolve 'mirror.example.org'", ["mirror.example.org"]),
    ("nslookup cache", ["cache"]),
    ("Connect call failed ('cache', 6379)", ["cache port 6379"]),
    ("connect(('printer', 9100))", ["printer port 9100"]),
    ("MININT-7.CORP.EXAMPLE.COM:8042 and Shop.Example.Com:80 answered",
     ["MININT-7.CORP.EXAMPLE.COM port 8042", "Shop.Example.Com port 80"]),
    ("bind to :0 gives any port", ["port 0"]),
    ("tcp46      0      0  *.80                   *.*                    LISTEN", ["* port 80"]),
    ("connected to the switch on port 22", ["port 22"]),
    ("Bind to port 2222 on 0.0.0.0 failed", ["0.0.0.0 port 2222"]),
    ("Bind to port 2222 on :: failed", [":: port 2222"]),
    ("Could not connect to port 5433 on 10.1.1.7: timed out", ["10.1.1.7 port 5433"]),
    ("Connection from 10.0.0.9 port 50123 on 10.0.0.1 port 22",
     ["10.0.0.9 port 50123", "10.0.0.1 port 22"]),
    ("waited for port 80 on 10.0.0.7:81", ["port 80", "10.0.0.7 port 81"]),
    ("update host 5.6.7.8 to 5.6.7.9", ["5.6.7.8", "5.6.7.9"]),
    ("Can't connect to MySQL server on 'db' ([Errno -2] Name or service not known)", ["db"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "endpoints"), SOMETHING)
def test_what_is_near_to_it_is_one(text: str, endpoints: list[str]) -> None:
    """The same words where a host or a port is meant."""
    assert brief(classify(text)) == endpoints


RUNS = [
    "127.0.0.1 instead of localhost, port: 5433\n" + " " * 56 + "0.0.0.0:5673->5672/tcp, host: 'a'",
    "host=a" + "  x=" * 60 + "!port=80",
    "host=a x=" + "|" * 60 + " y=" + "|" * 60 + " z=" + "|" * 60 + " v=" + "|" * 60 + "! port=80",
    "host=a " + " " * 24 + "x=".join([" " * 24] * 8) + "! port=80",
    "host=a" + "\"'" * 60 + "! port=80",
]


@pytest.mark.parametrize("text", RUNS, ids=range(len(RUNS)))
def test_a_long_run_of_marks_is_read_at_once(text: str) -> None:
    """There is one way to cut it: a quarter of a second is 1,000 times what it takes."""
    classify(text)
    start = time.process_time()
    classify(text)
    assert time.process_time() - start < 0.25
