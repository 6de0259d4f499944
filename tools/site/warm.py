"""Run inside the browser's runtime while the site is built: every road through ``checks``.

What is imported when this has run is what a page may need; the standard library
that visitors load is cut to it. So this text has to take each way on which a
module is imported: names in other scripts, escapes, error messages, logs,
services, hosts of every kind. ``tests/vectors/test_engines.py`` compares: no
vector may import what these texts do not.
"""

from checks import page as web

TEXTS = (
    "127.0.0.1", "127.0.0.1:62893", "0x7f.1:62893", "010.0.0.1", "2130706433", "127.0.0.08",
    "127%2E0%2e0%2E1", "%ff", "１２７．０．０．１", "①②⑦.1", "127․0․0․1",
    "::1", "[::1]:8080", ":::3000", "fe80::1%eth0", "fe80::1%lo0.62893", "::ffff:127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "fe80::5efe:10.0.0.1", "1::2::3", "10.0.0.0/8", "172.16/12", "127.0.0.1/255.0.0.0",
    "224.0.0.251:5353", "192.0.2.1", "8.8.8.8:53", "*:8080", "0.0.0.0:8000",
    "localhost", "LOCALHOST.", "app.localhost:5173", "ip6-localhost", "host.docker.internal",
    "10.0.0.1.nip.io", "1.0.0.127.in-addr.arpa", "8.b.d.0.1.0.0.2.ip6.arpa", "printer.local",
    "fe80--1s4.ipv6-literal.net", "bücher.example", "BÜCHER.example", "faß.de", "é.xn--ls8h",
    "إختبار", "例え。テスト", "क्ष.example", "\ua7dc:80", "é" * 300, "xn--a.é",
    "http://localhost:3000/x?y#z", "http:localhost", "hxxp://127[.]0[.]0[.]1",
    "mongodb://a:1,b:2/x", "jdbc:postgresql://db/x", "http://127.0.0.1:6000/", "redis://127.1",
    ":0", ":22", ":80", ":5000", ":62893", "99999", "8080/tcp", "5432",
    "Error: connect ECONNREFUSED ::1:5432", "[Errno 98] Address already in use",
    "[WinError 10061]", "errno: -111", "net::ERR_UNSAFE_PORT", "NSURLErrorDomain Code=-1004",
    "Can't connect to MySQL server on '127.0.0.1:3306' (111)", "connexion refusée",
    "curl: (7) Failed to connect to localhost port 62893 after 0 ms: Couldn't connect to server",
    "connect() failed (111: Connection refused), client: 10.0.0.9, upstream: \"http://[::1]:80/\"",
    "read tcp 127.0.0.1:50000->127.0.0.1:5432: i/o timeout", "permission denied, open '/etc/x'",
    "tcp4       0      0  127.0.0.1.62893        *.*                    LISTEN",
    "\x1b[36mhttp://localhost:\x1b[1m5173\x1b[22m/\x1b[39m",
    '127.0.0.1 - - [10/Oct/2026:13:55:36 +0000] "GET / HTTP/1.1" 200 5\nversion 1.2.3.4\n',
    '{"schema":"checks/1","input":"127.0.0.1","kind":"address","endpoints":[{}]}', "{", "[",
    # each reader of tables and of settings
    "LISTEN 0 5 127.0.0.1:8000 0.0.0.0:*", "node 7 me 20u IPv4 0x1 0t0 TCP *:3000 (LISTEN)",
    "LocalAddress LocalPort\n------------ ---------\n127.0.0.1    8000\n",
    "Start Port    End Port\n----------    --------\n      5000        5100\n",
    "80/tcp -> 0.0.0.0:8080", "web  ClusterIP  10.0.0.7  <none>  80/TCP  3d",
    "src=127.0.0.1 dst=127.0.0.1 sport=50000 dport=80", "[::]:631 cups.socket cups.service",
    "80/tcp open http", "docker run -p 8080:80 nginx", "ssh -L 8080:db:80 gateway",
    "IP 127.0.0.1.50000 > 127.0.0.1.80: Flags [S], seq 1, length 0",
    "listen 8080;", "npx vite --port 5174",
    "", " ", "the quick brown fox", "<b>&\"'</b>", "\x00", "\ud800", "\u202e127.0.0.1", "a" * 5000,
)  # fmt: skip


def run() -> None:
    """Answer every text in every way that a page asks for."""
    for text in TEXTS:
        for function in (web.answer, web.document, web.command):
            function(text)
    for text in TEXTS[:2]:  # the command line's own output, pasted
        web.answer(web.document(text))


run()
