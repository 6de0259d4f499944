"""What a port number is: its range, who picks it, who guards it, who refuses it.

The standard library knows one thing about a port, the name that the machine's
``/etc/services`` happens to give it, and in a browser not even that. The rest
is here as small tables, each with its source: the ranges of RFC 6335, the
default ephemeral range of each operating system, the ports that need a
privilege to bind, the ports that browsers refuse to open, and the default
ports of URL schemes. The long tables (registered services, development uses)
are imported only when they are asked for.
"""

from __future__ import annotations

from checks.model.records import NamedTuple

TYPE_CHECKING = False

if TYPE_CHECKING:
    from types import ModuleType

    from checks.ports.services import Service
    from checks.ports.uses import Use

LAST = 65535
"""The largest port: the field has 16 bits (RFC 9293 §3.1, RFC 768)."""


class Port(NamedTuple):
    """A port as it was written, or as a scheme implies it."""

    text: str
    """The port as written, without the colon; the scheme's number when implied."""
    number: int | None
    """0 to 65535; None if *text* is no port number (empty, signed, too large, ...)."""
    implied: bool = False
    """True if nothing was written and the number is the scheme's default."""

    @property
    def range(self) -> str | None:
        """``system``, ``user`` or ``dynamic`` (RFC 6335 §6); None for no number."""
        number = self.number
        if number is None:
            return None
        return "system" if number < 1024 else "user" if number < 49152 else "dynamic"

    @property
    def services(self) -> tuple[Service, ...]:
        """The services registered for this port, each of its names, best known first."""
        if self.number is None:
            return ()
        found: tuple[Service, ...] = _registry().on_port(self.number)
        return found

    @property
    def uses(self) -> tuple[Use, ...]:
        """What developers meet on this port, whatever the registry says of it."""
        if self.number is None:
            return ()
        from checks.ports import uses  # noqa: PLC0415 - 0.3 ms, where asked

        return uses.on_port(self.number)

    @property
    def ephemeral_on(self) -> tuple[str, ...]:
        """Systems whose default ephemeral range holds this port, by name."""
        number = self.number
        if number is None:
            return ()
        return tuple(
            sorted(row.system for row in EPHEMERAL.values() if row.first <= number <= row.last)
        )

    @property
    def privileged_on(self) -> tuple[str, ...]:
        """Systems that by default need a privilege to bind this port, by name.

        Port 0 asks the system to choose a port, which needs none.
        """
        number = self.number
        if number is None or not 0 < number < FIRST_UNPRIVILEGED:
            return ()
        return _PRIVILEGED_ON

    @property
    def blocked_by(self) -> tuple[str, ...]:
        """The keys of :data:`BLOCKED` whose table holds this port, sorted."""
        return _BLOCKED_BY.get(self.number, ())

    def to_dict(self) -> dict[str, object]:
        """The port as the JSON contract has it."""
        return {
            "text": self.text,
            "number": self.number,
            "implied": self.implied,
            "range": self.range,
            "services": [service.to_dict() for service in self.services],
            "uses": [use.to_dict() for use in self.uses],
            "ephemeral_on": list(self.ephemeral_on),
            "privileged_on": list(self.privileged_on),
            "blocked_by": list(self.blocked_by),
        }


def parse(text: str) -> Port:
    """Read a port as the WHATWG URL Standard's *port state* does.

    ASCII digits only, leading zeros allowed (``00080`` is 80), at most 65535.
    No sign, no space, no underscore, no digit of another script. For anything
    else, and for the empty text, ``number`` is None. Never raises, linear time.
    """
    if not (text.isascii() and text.isdigit()):
        return Port(text, None)
    digits = text.lstrip("0")
    # Five digits hold 65535; int() of a longer text may raise and is quadratic.
    if len(digits) > 5:
        return Port(text, None)
    number = int(digits or "0")
    return Port(text, number if number <= LAST else None)


def named(text: str, transport: str) -> Port | None:
    """Read the name of a service in the place of a port, as netstat, lsof and tcpdump print it.

    Arguments:
        text: ``postgresql``, ``http-alt``; case does not matter.
        transport: ``tcp`` or ``udp``.

    Returns:
        the port, with the name as its text; None if there is no such service.
    """
    number: int | None = _registry().number(text, transport)
    return None if number is None else Port(text, number)


def _registry() -> ModuleType:
    """The table of registered services, loaded where it is asked."""
    from checks.ports import services  # noqa: PLC0415 - 0.9 ms and 240 KB

    return services


def ephemeral_range(system: str) -> tuple[int, int] | None:
    """Return the first and last port of a system's default ephemeral range.

    *system* is a key of :data:`EPHEMERAL`. None for any other. A machine may be
    set otherwise: only the machine itself can say.
    """
    row = EPHEMERAL.get(system)
    return None if row is None else (row.first, row.last)


class EphemeralRange(NamedTuple):
    """The ports that a system picks from when a program does not name one."""

    system: str
    first: int
    last: int
    source: str
    """Where the default is written."""
    show: str
    """A command that prints the range in force."""
    change: str
    """A command that sets it (here to the default), run with administrator rights."""


# Defaults only. RFC 6335 §6 sets 49152-65535 aside for dynamic use; systems
# differ. Checked 2026-07. Left out for want of a primary source: AIX, HP-UX,
# DragonFly.
EPHEMERAL: dict[str, EphemeralRange] = {
    row.system: row
    for row in (
        EphemeralRange(
            system="linux",
            first=32768,
            last=60999,
            source="Linux net/ipv4/af_inet.c, inet_init_net; since 4.2 (before: to 61000)",
            show="sysctl net.ipv4.ip_local_port_range",
            change='sysctl -w net.ipv4.ip_local_port_range="32768 60999"',
        ),
        EphemeralRange(
            system="macos",
            first=49152,
            last=65535,
            source="xnu bsd/netinet/in_pcb.c, ipport_firstauto and ipport_lastauto",
            show="sysctl net.inet.ip.portrange.first net.inet.ip.portrange.last",
            change="sysctl -w net.inet.ip.portrange.first=49152 net.inet.ip.portrange.last=65535",
        ),
        EphemeralRange(
            system="windows",
            first=49152,
            last=65535,
            source="Microsoft KB 929851; since Windows Vista and Server 2008",
            show="netsh int ipv4 show dynamicport tcp",
            change="netsh int ipv4 set dynamicport tcp start=49152 num=16384",
        ),
        EphemeralRange(
            system="freebsd",
            first=10000,
            last=65535,
            source="FreeBSD sys/netinet/in.h, IPPORT_EPHEMERALFIRST and IPPORT_EPHEMERALLAST",
            show="sysctl net.inet.ip.portrange.first net.inet.ip.portrange.last",
            change="sysctl net.inet.ip.portrange.first=10000 net.inet.ip.portrange.last=65535",
        ),
        EphemeralRange(
            system="openbsd",
            first=1024,
            last=49151,
            source="OpenBSD sys/netinet/in.h, IPPORT_RESERVED and IPPORT_USERRESERVED",
            show="sysctl net.inet.ip.portfirst net.inet.ip.portlast",
            change="sysctl net.inet.ip.portfirst=1024 net.inet.ip.portlast=49151",
        ),
        EphemeralRange(
            system="netbsd",
            first=49152,
            last=65535,
            source="NetBSD sys/netinet/in.h, IPPORT_ANONMIN and IPPORT_ANONMAX",
            show="sysctl net.inet.ip.anonportmin net.inet.ip.anonportmax",
            change="sysctl -w net.inet.ip.anonportmin=49152",
        ),
        EphemeralRange(
            system="solaris",
            first=32768,
            last=65535,
            source="illumos uts/common/inet/tcp/tcp_tunables.c, smallest_anon_port",
            show="ipadm show-prop -p smallest_anon_port,largest_anon_port tcp",
            change="ipadm set-prop -p smallest_anon_port=32768 tcp",
        ),
    )
}

FIRST_UNPRIVILEGED = 1024
"""Below it, binding needs a privilege by default on the systems of :data:`PRIVILEGED`."""

PRIVILEGED: dict[str, str] = {
    "freebsd": "net.inet.ip.portrange.reservedlow to reservedhigh (0 to 1023); mac_portacl(4)",
    "linux": "below net.ipv4.ip_unprivileged_port_start (1024): root or CAP_NET_BIND_SERVICE",
    "macos": "below 1024, but not for the unspecified address: 0.0.0.0:80 is free for all,"
    " 127.0.0.1:80 is not (xnu bsd/netinet/in_pcb.c; since 10.14)",
    "netbsd": "below IPPORT_RESERVED (1024), sys/netinet/in.h",
    "openbsd": "below IPPORT_RESERVED (1024), sys/netinet/in.h",
    "solaris": "below smallest_nonpriv_port (1024): privilege net_privaddr",
}
"""The rule and its source for each system that has privileged ports. Windows has none."""

_PRIVILEGED_ON = tuple(sorted(PRIVILEGED))

# Fetch Standard, "Port blocking", table of bad ports, as of commit 586cd2a
# (2026-07-02): 83 ports, each with its service, or - where none is named. It
# holds for http(s) URLs in browsers and in what follows them; curl and other
# clients open these ports.
_BAD_PORTS = """
0 -  1 tcpmux  7 echo  9 discard  11 systat  13 daytime  15 netstat  17 qotd  19 chargen
20 ftp-data  21 ftp  22 ssh  23 telnet  25 smtp  37 time  42 name  43 nicname  53 domain
69 tftp  77 -  79 finger  87 -  95 supdup  101 hostname  102 iso-tsap  103 gppitnp
104 acr-nema  109 pop2  110 pop3  111 sunrpc  113 auth  115 sftp  117 uucp-path  119 nntp
123 ntp  135 epmap  137 netbios-ns  139 netbios-ssn  143 imap  161 snmp  179 bgp  389 ldap
427 svrloc  465 submissions  512 exec  513 login  514 shell  515 printer  526 tempo
530 courier  531 chat  532 netnews  540 uucp  548 afp  554 rtsp  556 remotefs  563 nntps
587 submission  601 syslog-conn  636 ldaps  989 ftps-data  990 ftps  993 imaps  995 pop3s
1719 h323gatestat  1720 h323hostcall  1723 pptp  2049 nfs  3659 apple-sasl  4045 npp
4190 sieve  5060 sip  5061 sips  6000 x11  6566 sane-port  6665 ircu  6666 ircu  6667 ircu
6668 ircu  6669 ircu  6679 osaut  6697 ircs-u  10080 amanda
"""

_words = _BAD_PORTS.split()
BAD_PORTS: dict[int, str | None] = {
    int(number): None if name == "-" else name
    for number, name in zip(_words[::2], _words[1::2], strict=True)
}
"""Port to the service that the table names, None if it names none."""

BLOCKED: dict[str, frozenset[int]] = {
    # Chromium 156.0.8078.79: each of the 65,536 ports tried, ERR_UNSAFE_PORT.
    "chromium": frozenset(BAD_PORTS) - {4190, 6679},
    "fetch": frozenset(BAD_PORTS),
    # Node.js 20.20.2 (undici 6.24.1): each port tried, "bad port".
    "node": frozenset(BAD_PORTS) - {0},
}
"""Who refuses to open which port: the Fetch Standard and what was tried against it.

Other browsers keep lists of their own. Firefox is not here because its list has
not been tried.
"""
_BLOCKED_BY: dict[int | None, tuple[str, ...]] = {
    number: tuple(who for who in sorted(BLOCKED) if number in BLOCKED[who])
    for number in sorted(frozenset().union(*BLOCKED.values()))
}

SCHEME_TABLE: tuple[tuple[str, dict[str, int]], ...] = (
    ("WHATWG URL, special schemes", {"ftp": 21, "http": 80, "https": 443, "ws": 80, "wss": 443}),
    ("RFC 4253 §4.1; SFTP runs over SSH", {"ssh": 22, "sftp": 22}),
    ("git-clone(1) and Subversion's manual: over SSH", {"git+ssh": 22, "svn+ssh": 22}),
    ("IANA ftps", {"ftps": 990}),
    ("RFC 4248", {"telnet": 23}),
    ("RFC 3617", {"tftp": 69}),
    ("RFC 4266", {"gopher": 70}),
    ("Gemini protocol specification", {"gemini": 1965}),
    ("RFC 2229", {"dict": 2628}),
    ("RFC 4501", {"dns": 53}),
    ("RFC 5321 §4.5.4.2", {"smtp": 25}),
    ("RFC 8314; IANA submissions", {"smtps": 465, "submissions": 465}),
    ("RFC 6409 §3.1", {"submission": 587}),
    ("RFC 5092", {"imap": 143}),
    ("RFC 2384; IANA pop3", {"pop": 110, "pop3": 110}),
    ("RFC 8314; IANA imaps, pop3s", {"imaps": 993, "pop3s": 995}),
    ("RFC 5538; IANA nntps", {"nntp": 119, "nntps": 563}),
    ("RFC 4516", {"ldap": 389}),
    ("IANA ldaps", {"ldaps": 636}),
    ("RFC 6120; IANA xmpp-client", {"xmpp": 5222}),
    ("RFC 7194; IANA ircu, ircs-u", {"irc": 6667, "ircs": 6697}),
    ("RFC 3261 §19.1.2", {"sip": 5060, "sips": 5061}),
    ("RFC 7064", {"stun": 3478, "stuns": 5349}),
    ("RFC 7065", {"turn": 3478, "turns": 5349}),
    ("RFC 7826", {"rtsp": 554, "rtsps": 322}),
    ("Adobe RTMP specification; IANA macromedia-fcs", {"rtmp": 1935}),
    ("RFC 7252 §6", {"coap": 5683, "coaps": 5684}),
    ("RFC 8323 §8", {"coap+tcp": 5683, "coaps+tcp": 5684}),
    ("RFC 3510, RFC 7472", {"ipp": 631, "ipps": 631}),
    ("RFC 2224", {"nfs": 2049}),
    ("IANA microsoft-ds", {"smb": 445}),
    ("RFC 5781", {"rsync": 873}),
    ("git-daemon(1)", {"git": 9418}),
    ("IANA svn", {"svn": 3690}),
    ("RFC 7869", {"vnc": 5900}),
    ("IANA ms-wbt-server", {"rdp": 3389}),
    ("curl(1), --proxy; IANA socks", {"socks4": 1080, "socks4a": 1080}),
    ("curl(1), --proxy; RFC 1928", {"socks5": 1080, "socks5h": 1080}),
    ("IANA mqtt, secure-mqtt", {"mqtt": 1883, "mqtts": 8883}),
    ("RabbitMQ URI specification", {"amqp": 5672, "amqps": 5671}),
    ("NATS documentation, configuration", {"nats": 4222}),
    ("IANA opcua-tcp", {"opc.tcp": 4840}),
    ("Redis documentation, redis-cli", {"redis": 6379, "rediss": 6379}),
    ("Valkey documentation, valkey-cli", {"valkey": 6379, "valkeys": 6379}),
    ("PostgreSQL manual, libpq connection URIs", {"postgres": 5432, "postgresql": 5432}),
    ("MySQL manual, URI-like connection strings", {"mysql": 3306, "mysqlx": 33060}),
    ("MariaDB documentation, Connector/J", {"mariadb": 3306}),
    ("Microsoft JDBC driver, connection URL", {"sqlserver": 1433, "mssql": 1433}),
    ("Oracle JDBC driver, thin-style service names", {"oracle": 1521}),
    ("MongoDB manual, connection strings", {"mongodb": 27017}),
    ("CockroachDB documentation, cockroach start", {"cockroachdb": 26257}),
    ("ClickHouse documentation, clickhouse-client", {"clickhouse": 9000}),
    ("Cassandra documentation, native_transport_port", {"cassandra": 9042}),
    (
        "Neo4j documentation, ports",
        dict.fromkeys(
            ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc"),
            7687,
        ),
    ),
    ("memcached manual, -p", {"memcached": 11211}),
    ("etcd documentation, client port", {"etcd": 2379}),
)
"""(source, scheme to default port). A JDBC subprotocol counts as a scheme.

Left out: schemes without a default (kafka, tcp, docker) and those that name no
host (file, mailto, jdbc itself).
"""

SCHEMES: dict[str, int] = {
    scheme: port for _, group in SCHEME_TABLE for scheme, port in group.items()
}
"""Scheme, in lower case, to the port that a URL of it means when it gives none."""
