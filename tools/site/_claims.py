"""The claims of :mod:`tools.site.claims`, as data."""

from __future__ import annotations

from typing import TypedDict


class _Required(TypedDict):
    slug: str
    claim: str
    truth: str
    code: str
    treated: tuple[str, str]
    sources: tuple[tuple[str, str], ...]


class Row(_Required, total=False):
    """One claim; ``output`` where a machine is asked."""

    output: str
    needs_root: bool


def _rfc(number: int, section: str = "") -> tuple[str, str]:
    title = f"RFC {number}, section {section}" if section else f"RFC {number}"
    return title, f"https://www.rfc-editor.org/info/rfc{number}"


def _man(section: int, name: str) -> tuple[str, str]:
    return (
        f"{name}({section})",
        f"https://man7.org/linux/man-pages/man{section}/{name}.{section}.html",
    )


_IP_SYSCTL = ("Linux, ip-sysctl", "https://docs.kernel.org/networking/ip-sysctl.html")
_URL = ("WHATWG URL, host parsing", "https://url.spec.whatwg.org/#host-parsing")
_FETCH = ("Fetch, port blocking", "https://fetch.spec.whatwg.org/#port-blocking")
_SECURE = (
    "W3C Secure Contexts, section 3.1",
    "https://www.w3.org/TR/secure-contexts/#is-origin-trustworthy",
)
_IANA = (
    "IANA IPv4 Special-Purpose Address Registry",
    "https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml",
)

CLAIMS: tuple[Row, ...] = (
    {
        "slug": "ephemeral-range",
        "claim": "49152-65535 is the ephemeral range, so 62893 is a temporary port",
        "truth": (
            "49152-65535 is the range that IANA never assigns. What a system hands out is its own"
            " affair: Linux takes 32768-60999 by default, which does not hold 62893. A server may"
            " have a fixed port there as well. The script lets Linux choose 500 times."
        ),
        "code": """
            import socket
            from checks.ports import EPHEMERAL

            for row in EPHEMERAL.values():
                print(row.system, row.first, row.last, row.first <= 62893 <= row.last)

            chosen = set()
            for _ in range(500):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", 0))
                    chosen.add(probe.getsockname()[1])
            print(min(chosen) >= 32768, max(chosen) <= 60999)
        """,
        "output": """
            linux 32768 60999 False
            macos 49152 65535 True
            windows 49152 65535 True
            freebsd 10000 65535 True
            openbsd 1024 49151 False
            netbsd 49152 65535 True
            solaris 32768 65535 True
            True True
        """,
        "treated": ("Ephemeral ports", "../ports/ephemeral.md"),
        "sources": (_rfc(6335, "6"), _IP_SYSCTL),
    },
    {
        "slug": "any-127-address",
        "claim": "Any address of 127.0.0.0/8 serves the same purpose",
        "truth": (
            "Each is a different address. A server on 127.0.0.1 does not answer on 127.0.0.2,"
            " two servers can have the same port on the two, and 127.255.255.255 cannot be"
            " connected to. Linux has the whole block on its loopback interface; macOS has"
            " 127.0.0.1 alone until another is added."
        ),
        "code": """
            import errno, socket

            server = socket.create_server(("127.0.0.1", 0))
            port = server.getsockname()[1]
            for address in ("127.0.0.1", "127.0.0.2", "127.255.255.255"):
                with socket.socket() as client:
                    code = client.connect_ex((address, port))
                    print(address, errno.errorcode.get(code, "accepted"))
            second = socket.create_server(("127.0.0.2", port))
            print("a second server has the port on 127.0.0.2")
        """,
        "output": """
            127.0.0.1 accepted
            127.0.0.2 ECONNREFUSED
            127.255.255.255 ENETUNREACH
            a second server has the port on 127.0.0.2
        """,
        "treated": ("Is 127.0.0.2 the same as 127.0.0.1?", "../loopback/block.md"),
        "sources": (_rfc(1122, "3.2.1.3"), _man(7, "ip")),
    },
    {
        "slug": "rfc-5735",
        "claim": "127.0.0.0/8 is reserved by RFC 5735",
        "truth": (
            "RFC 5735 is obsolete since 2013, when RFC 6890 replaced it. The block is loopback by"
            " RFC 1122; the registry that RFC 6890 set up names that RFC, and RFC 8190 updated the"
            " registry's columns."
        ),
        "code": """
            from checks import classify

            block = classify("127.0.0.1").endpoints[0].host.block
            print(block.prefix, block.name, *block.rfcs)
        """,
        "treated": ("Address blocks", "blocks.md"),
        "sources": (_rfc(6890), _rfc(8190), _IANA),
    },
    {
        "slug": "localhost-is-127-0-0-1",
        "claim": "localhost is 127.0.0.1",
        "truth": (
            "localhost is a name. RFC 6761 ties it to loopback, IPv4 or IPv6, and which address a"
            " program gets, and which first, is for its resolver to say. Here the hosts file gives"
            " ::1 alone, and a server on 127.0.0.1 is not found by the name."
        ),
        "code": """
            import os, socket, subprocess, sys

            with open("hosts", "w") as hosts:
                hosts.write("::1 localhost\\n")
            ask = "import socket; print(socket.getaddrinfo('localhost', 80)[0][4][0])"
            mount = 'mount --bind hosts /etc/hosts && exec "$0" -c "$1"'
            subprocess.run(["unshare", "-m", "sh", "-c", mount, sys.executable, ask], check=True)
        """,
        "output": "::1",
        "treated": ("localhost: is it 127.0.0.1 or ::1?", "../loopback/localhost.md"),
        "sources": (_rfc(6761, "6.3"), _man(5, "hosts"), _man(3, "getaddrinfo")),
        "needs_root": True,
    },
    {
        "slug": "ipv6-loopback-is-the-same",
        "claim": "::1 behaves exactly like 127.0.0.1",
        "truth": (
            "IPv6 has one loopback address, not sixteen million. A server on 127.0.0.1 is not"
            " reachable on ::1, nor the reverse. And the IPv4-mapped ::ffff:127.0.0.1 is a third"
            " thing: the system sends it to 127.0.0.1, browsers do not hold it to be a secure"
            " context."
        ),
        "code": """
            import errno, socket
            from checks import classify

            for bound, other in (("127.0.0.1", "::1"), ("::1", "127.0.0.1")):
                kind = socket.AF_INET6 if ":" in bound else socket.AF_INET
                with socket.create_server((bound, 0), family=kind) as server:
                    kind = socket.AF_INET6 if ":" in other else socket.AF_INET
                    with socket.socket(kind) as client:
                        code = client.connect_ex((other, server.getsockname()[1]))
                        print("server on", bound, "client to", other, errno.errorcode[code])

            for text in ("127.0.0.1", "::1", "::ffff:127.0.0.1"):
                print(text, "secure context:", classify(text).endpoints[0].host.secure_context)
        """,
        "output": """
            server on 127.0.0.1 client to ::1 ECONNREFUSED
            server on ::1 client to 127.0.0.1 ECONNREFUSED
            127.0.0.1 secure context: True
            ::1 secure context: True
            ::ffff:127.0.0.1 secure context: False
        """,
        "treated": ("::1, and why it is not 127.0.0.1", "../loopback/ipv6.md"),
        "sources": (_rfc(4291, "2.5.3"), _SECURE),
    },
    {
        "slug": "all-65536-ports",
        "claim": "Ports 0 to 65535 can be used",
        "truth": (
            "Port 0 cannot. To bind to it asks the system for any free port, a connection to it"
            " is refused, and the Fetch standard has it on the list of bad ports since August"
            " 2025. There are 65,535 ports to choose from, for each protocol."
        ),
        "code": """
            import errno, socket
            from checks.ports import BLOCKED

            with socket.create_server(("127.0.0.1", 0)) as server:
                print("bound to port 0:", server.getsockname()[1] == 0)
            with socket.socket() as client:
                print("connected to port 0:", errno.errorcode[client.connect_ex(("127.0.0.1", 0))])
            print("on the list of Fetch:", 0 in BLOCKED["fetch"])
        """,
        "output": """
            bound to port 0: False
            connected to port 0: ECONNREFUSED
            on the list of Fetch: True
        """,
        "treated": ("What is a port?", "../ports/index.md"),
        "sources": (_rfc(6335, "6"), _man(7, "ip"), _FETCH),
    },
    {
        "slug": "below-1024-needs-root",
        "claim": "Only root can listen on a port below 1024",
        "truth": (
            "Windows knows no such rule. macOS lifts it for 0.0.0.0 and ::, since 10.14. On Linux"
            " it is a setting of the network namespace, and a capability does as well as root."
            " Here an ordinary user takes port 80 after the setting was lowered."
        ),
        "code": """
            import os, socket

            def bind():
                child = os.fork()
                if child == 0:
                    os.setuid(65534)  # the user nobody
                    try:
                        socket.create_server(("127.0.0.1", 80))
                    except PermissionError:
                        os._exit(1)
                    os._exit(0)
                return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0

            setting = "/proc/sys/net/ipv4/ip_unprivileged_port_start"
            for start in ("1024", "80"):
                with open(setting, "w") as file:
                    file.write(start)
                print("limit", start, "nobody may listen on port 80:", bind())
        """,
        "output": """
            limit 1024 nobody may listen on port 80: False
            limit 80 nobody may listen on port 80: True
        """,
        "treated": ("P202 privileged-port", "findings/privileged-port.md"),
        "sources": (_IP_SYSCTL, _man(7, "capabilities")),
        "needs_root": True,
    },
    {
        "slug": "0-0-0-0-is-all-interfaces",
        "claim": "0.0.0.0 means all interfaces, and nothing can connect to it",
        "truth": (
            "That is what it means to bind(). As a destination it means this host: on Linux and"
            " macOS a connection to 0.0.0.0 reaches a server on 127.0.0.1, and web pages have used"
            " that to reach one past rules that named 127.0.0.1 only."
        ),
        "code": """
            import socket

            with socket.create_server(("127.0.0.1", 0)) as server:
                with socket.create_connection(("0.0.0.0", server.getsockname()[1])) as client:
                    print("connected to", client.getpeername()[0])
        """,
        "output": "connected to 127.0.0.1",
        "treated": ("0.0.0.0 and ::", "../loopback/unspecified.md"),
        "sources": (_rfc(1122, "3.2.1.3"), _man(7, "ip")),
    },
    {
        "slug": "loopback-is-safe",
        "claim": "Traffic to 127.0.0.1 cannot leave the machine, so a service there is safe",
        "truth": (
            "The first half is right. But every program of every user of the machine can connect,"
            " and so can a web page that is open in a browser on it. Here another user reads what"
            " a server on 127.0.0.1 says."
        ),
        "code": """
            import os, socket

            server = socket.create_server(("127.0.0.1", 0))
            server.settimeout(10)
            child = os.fork()
            if child == 0:
                os.setuid(65534)  # the user nobody
                client = socket.socket()
                client.connect(server.getsockname())
                os._exit(0 if client.recv(6) == b"secret" else 1)
            connection, _ = server.accept()
            connection.sendall(b"secret")
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            print("another user read the secret:", status == 0)
        """,
        "output": "another user read the secret: True",
        "treated": ("Who can reach it", "../security/reach.md"),
        "sources": (
            _rfc(1122, "3.2.1.3"),
            ("Local Network Access", "https://wicg.github.io/local-network-access/"),
        ),
        "needs_root": True,
    },
    {
        "slug": "a-browser-opens-any-port",
        "claim": "A browser can open any port",
        "truth": (
            "The Fetch standard forbids a list of ports to http and https URLs, and browsers"
            " follow it, not all to the letter."
        ),
        "code": """
            from checks.ports import BLOCKED

            for who, ports in BLOCKED.items():
                print(who, len(ports), "6000:", 6000 in ports, "62893:", 62893 in ports)
        """,
        "treated": ("ERR_UNSAFE_PORT", "../ports/browser-blocked.md"),
        "sources": (_FETCH,),
    },
    {
        "slug": "connected-means-a-server-listens",
        "claim": "If the connection succeeds, a server is listening",
        "truth": (
            "A connection to a port of the ephemeral range can reach itself: the system picks that"
            " very port for the client, and TCP opens the connection from both ends at once."
            " No program listens, and the client reads what it wrote."
        ),
        "code": """
            import socket

            with socket.socket() as client:
                client.bind(("127.0.0.1", 0))
                client.connect(client.getsockname())
                client.sendall(b"anybody there?")
                print(client.getsockname() == client.getpeername(), client.recv(99))
        """,
        "output": "True b'anybody there?'",
        "treated": ("C312 self-connect", "findings/self-connect.md"),
        "sources": (_rfc(9293, "3.5"),),
    },
    {
        "slug": "connected-means-the-program-is-well",
        "claim": "If the connection succeeds, the program works",
        "truth": (
            "The kernel completes connections for a program that listens, until the queue is"
            " full. This server never calls accept(), and its client can still connect"
            " and write."
        ),
        "code": """
            import socket

            with socket.create_server(("127.0.0.1", 0)) as server:
                with socket.create_connection(server.getsockname()) as client:
                    print("bytes taken:", client.send(b"hello"))
        """,
        "output": "bytes taken: 5",
        "treated": ("C305 backlog-full", "findings/backlog-full.md"),
        "sources": (_man(2, "listen"), _rfc(9293, "3.5")),
    },
    {
        "slug": "one-program-per-port",
        "claim": "Only one program can use a port",
        "truth": (
            "A socket is bound to a protocol, an address and a port. TCP and UDP have separate"
            " ports, so have two addresses, and with SO_REUSEPORT several sockets share one. Here"
            " five sockets have the same port."
        ),
        "code": """
            import socket

            first = socket.create_server(("127.0.0.1", 0), reuse_port=True)
            port = first.getsockname()[1]
            sockets = [
                first,
                socket.create_server(("127.0.0.1", port), reuse_port=True),
                socket.create_server(("127.0.0.2", port)),
                socket.create_server(("::1", port), family=socket.AF_INET6),
                socket.socket(type=socket.SOCK_DGRAM),
            ]
            sockets[4].bind(("127.0.0.1", port))
            print(len({one.getsockname()[1] for one in sockets}), "port,", len(sockets), "sockets")
        """,
        "output": "1 port, 5 sockets",
        "treated": ("Can two programs use the same port?", "../security/conflicts.md"),
        "sources": (_man(7, "socket"), _man(2, "bind")),
    },
    {
        "slug": "double-colon-is-ipv6-only",
        "claim": "A server on :: takes IPv6 connections only",
        "truth": (
            "Unless the option IPV6_V6ONLY is set, a socket on :: takes IPv4 as well. Linux leaves"
            " it off by default. The server sees the peer as an IPv4-mapped address."
        ),
        "code": """
            import socket

            with socket.socket(socket.AF_INET6) as server:
                server.bind(("::", 0))
                server.listen()
                with socket.create_connection(("127.0.0.1", server.getsockname()[1])):
                    print("accepted from", server.accept()[1][0])
        """,
        "output": "accepted from ::ffff:127.0.0.1",
        "treated": ("E504 dual-stack-listener", "findings/dual-stack-listener.md"),
        "sources": (_man(7, "ipv6"), _rfc(3493, "5.3")),
    },
    {
        "slug": "wait-for-time-wait",
        "claim": "After a server stops, its port is blocked until TIME_WAIT is over",
        "truth": (
            "Not for a server that sets SO_REUSEADDR before bind(), as most do on Unix. Here a"
            " server closes a connection first, which leaves TIME_WAIT on its side, and starts"
            " again at once."
        ),
        "code": """
            import errno, socket

            server = socket.create_server(("127.0.0.1", 0))
            here = server.getsockname()
            client = socket.create_connection(here)
            server.accept()[0].close()  # the side that closes first keeps TIME_WAIT
            client.recv(1)
            client.close()
            server.close()
            for option in (0, 1):
                with socket.socket() as again:
                    again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, option)
                    try:
                        again.bind(here)
                        print("SO_REUSEADDR", option, "bound")
                    except OSError as error:
                        print("SO_REUSEADDR", option, errno.errorcode[error.errno])
        """,
        "output": """
            SO_REUSEADDR 0 EADDRINUSE
            SO_REUSEADDR 1 bound
        """,
        "treated": ("B404 time-wait", "findings/time-wait.md"),
        "sources": (_man(7, "socket"), _rfc(9293, "3.6")),
    },
    {
        "slug": "leading-zeros",
        "claim": "Leading zeros in an address do not matter",
        "truth": (
            "Browsers, curl and the C library read a part with a leading zero as octal, Java reads"
            " it as decimal, and strict readers refuse it. A filter and the program behind it may"
            " so mean two hosts."
        ),
        "code": """
            from checks import readings

            for text in ("010.0.0.1", "0127.0.0.1", "0177.0.0.1", "127.0.0.08"):
                print(text, readings(text).url, readings(text).inet_aton, readings(text).strict)
        """,
        "treated": ("127.1, 0x7f.1, 2130706433: are they 127.0.0.1?", "../loopback/spellings.md"),
        "sources": (_URL, _man(3, "inet"), _rfc(6943, "3.1.1")),
    },
    {
        "slug": "four-numbers-and-three-dots",
        "claim": "An IPv4 address is four numbers with dots between them",
        "truth": (
            "That is the strict form. Browsers and the C library take fewer parts, octal and"
            " hexadecimal too, so 127.0.0.1 can be written in very many ways."
        ),
        "code": """
            from checks import readings

            for text in ("127.1", "0x7f.1", "2130706433", "0x7f000001", "127.0.0.1."):
                print(text, readings(text).url, readings(text).inet_aton, readings(text).strict)
        """,
        "treated": ("SSRF: how do I block requests to 127.0.0.1?", "../security/ssrf.md"),
        "sources": (_URL, _man(3, "inet"), _rfc(6943, "3.1.1")),
    },
    {
        "slug": "mapped-is-loopback",
        "claim": "A filter that blocks 127.0.0.0/8 and ::1 blocks loopback",
        "truth": (
            "IPv6 addresses that carry 127.0.0.1 are in neither block, and the system sends the"
            " IPv4-mapped one to loopback. Nor is 0.0.0.0 in them, which reaches this host on"
            " Linux. A filter has to judge the address inside."
        ),
        "code": """
            from checks import classify

            for text in ("::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "0.0.0.0"):
                host = classify(text).endpoints[0].host
                inside = host.embedded.address if host.embedded else None
                print(text, "loopback:", host.loopback, "carries:", inside)
        """,
        "treated": ("A110 embeds-ipv4", "findings/embeds-ipv4.md"),
        "sources": (_rfc(4291, "2.5.5"), _rfc(6052), _rfc(3056)),
    },
    {
        "slug": "registered-means-running",
        "claim": "The registered service tells what runs on a port",
        "truth": (
            "The registry says who reserved the number. What developers meet on port 3000 or 5000"
            " is seldom that, and 5173 is registered for nothing and used every day."
        ),
        "code": """
            from checks.ports import parse

            for text in ("3000", "5000", "5173"):
                port = parse(text)
                print(text, "registered:", *(one.name for one in port.services))
                print("     met:", ", ".join(one.name for one in port.uses))
        """,
        "treated": ("Which tool uses which port?", "../ports/development.md"),
        "sources": (
            _rfc(6335, "8"),
            (
                "IANA port registry",
                "https://www.iana.org/assignments/service-names-port-numbers/"
                "service-names-port-numbers.xhtml",
            ),
        ),
    },
    {
        "slug": "172-is-private",
        "claim": "Addresses that begin with 172 or 192 are private",
        "truth": (
            "Of 172.0.0.0/8 only 172.16.0.0/12 is, of 192.0.0.0/8 only 192.168.0.0/16. And not all"
            " that is not on the internet is private: 100.64.0.0/10 stands between a provider's"
            " NAT and its customers."
        ),
        "code": """
            from checks import classify

            for text in ("172.31.0.1", "172.32.0.1", "192.168.0.1", "192.169.0.1", "100.64.0.1"):
                block = classify(text).endpoints[0].host.block
                print(text, f"{block.prefix} {block.name}" if block else "global")
        """,
        "treated": ("Address blocks", "blocks.md"),
        "sources": (_rfc(1918, "3"), _rfc(6598)),
    },
    {
        "slug": "zone-in-a-url",
        "claim": "A zone goes into a URL as http://[fe80::1%25eth0]/",
        "truth": (
            "RFC 6874 allowed that, and RFC 9844 made it obsolete in 2025: zones are for user"
            " interfaces. Browsers refuse such a URL; some other clients take it."
        ),
        "code": """
            from checks import readings

            for text in ("[fe80::1]", "[fe80::1%25eth0]", "[fe80::1%eth0]"):
                print(text, "browser:", readings(text).url)
        """,
        "treated": ("A105 link-local-address", "findings/link-local-address.md"),
        "sources": (_rfc(9844), _URL),
    },
)
"""In the order of the page: what most articles say first."""
