"""Run inside the runtime while the site is built: what a page may ask, so that no import is missed.

The standard library that visitors download holds just the modules that are
loaded after this. Each line takes another way through the package.
"""

from checks import web

TEXTS = """
127.0.0.1:62893
0x7f.1
2130706433
0177.0.0.1:80
[::ffff:127.0.0.1]:6000
fe80::1%eth0
64:ff9b::7f00:1
2002:7f00:1::
127.0.0.0/8
62893
:8080
*.8080
localhost:5432
foo.localhost.
host.docker.internal
10.0.0.1.nip.io
1.0.0.127.in-addr.arpa
münchen.example:80
１２７．０．０．１
http://user@127.1:80/path?x#y
redis://localhost
hxxp://127[.]0[.]0[.]1
ERR_UNSAFE_PORT
Error: connect ECONNREFUSED ::1:5432
OSError: [Errno 98] Address already in use: ('127.0.0.1', 8000)
dial tcp 127.0.0.1:6379: connect: connection refused
HTTPConnectionPool(host='localhost', port=8000): Max retries exceeded
tcp 0 0 127.0.0.1.62893 *.* LISTEN
10:22:01 std::vector 1.2.3.4.5 aa:bb:cc:dd:ee:ff
{"schema":"checks/1","input":"127.0.0.1","kind":"address","endpoints":[{}],"error":null,"findings":[]}
""".splitlines()

for text in [*TEXTS, "\n".join(TEXTS), "\x00\ud800", "{"]:
    web.answer(text)
    web.document(text)
    web.command(text)
