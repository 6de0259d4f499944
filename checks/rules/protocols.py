"""Every protocol that can be recognised: the one list, and what is known of each without asking.

The findings name a protocol and expect it on a port; the identification asks for it, in
the order of this list. So the records are here, where both can read them, and are plain
data, which is loaded in half a millisecond. How a protocol is asked is code that
only a machine needs, and is in ``checks/probe/identify/protocols/NAME.py``, loaded when
its turn comes. To add a protocol is to add that file and a record here.

Ports are IANA's assignments and the usual neighbours of development.
"""

from __future__ import annotations

from checks.model.records import NamedTuple

WITHIN = "within"
"""TLS begins inside the protocol's own exchange (STARTTLS and its like)."""

EITHER = "either"
"""TLS and plain text are both usual under the same name and on the same port."""


class Protocol(NamedTuple):
    """One protocol.

    Arguments:
        name: as in :class:`checks.model.evidence.Identity`, as ``wait --for`` takes it, and
            the name of the module that asks.
        label: how a message names it: ``speaks LABEL``.
        noun: how it stands before "service"; the label where empty.
        ports: on which it is spoken in plain text.
        tls_ports: on which it is spoken inside TLS.
        schemes: of URLs, and its names in the port registry.
        tls_schemes: the same where it begins with TLS.
        tls: :data:`WITHIN` or :data:`EITHER`, whose ``schemes`` leave open whether TLS is
            spoken; empty where they mean plain text.
        products: names in the table of uses whose ports are this protocol's.
        owners: processes that listen for it; Linux cuts a name after 15 characters.
        speaks_first: whether the server greets. Else the client asks.
        never_asked: whether any question would do harm: it is known by its owner only.
        http_error: beginnings of its answers to an HTTP request, which it cannot read.
        http_page: a part of the page by which it says in HTTP that it does not speak HTTP.
        ends_on_http: whether it ends the connection without a word on an HTTP request.
        ask_inside_tls: whether to ask for it inside TLS on any port, where HTTP is not
            understood there.
        lock: how to make the server ask for a password; one sentence.
        stop: of a debugger, how to run without it; without a full stop.
        keep: of a debugger, how to keep it to this machine; without a full stop.
    """

    name: str
    label: str
    noun: str = ""
    ports: tuple[int, ...] = ()
    tls_ports: tuple[int, ...] = ()
    schemes: tuple[str, ...] = ()
    tls_schemes: tuple[str, ...] = ()
    tls: str = ""
    products: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    speaks_first: bool = False
    never_asked: bool = False
    http_error: tuple[bytes, ...] = ()
    http_page: bytes = b""
    ends_on_http: bool = False
    ask_inside_tls: bool = False
    lock: str = ""
    stop: str = ""
    keep: str = ""


PROTOCOLS = (
    Protocol(
        name="http",
        label="HTTP",
        ports=(80, 3000, 5000, 5173, 8000, 8080, 9222),
        tls_ports=(443, 2376, 4433, 4443, 6443, 8443, 9443, 10250),
        schemes=("http", "www", "www-http", "ws", "docker"),
        tls_schemes=("https", "wss", "docker-s"),
        products=("Docker",),
    ),
    Protocol(
        name="tls",
        label="TLS",
        http_error=(b"\x15\x03",),  # an alert: RFC 8446 §6
    ),
    Protocol(
        name="postgresql",
        label="PostgreSQL",
        ports=(5432, 5433, 5434, 6432, 15432, 54320, 54321, 54322),
        schemes=("postgres", "postgresql", "cockroachdb"),
        tls=WITHIN,
        products=("PostgreSQL",),
        owners=("postgres", "postmaster", "pgbouncer", "pgpool"),
        ends_on_http=True,
    ),
    Protocol(
        name="redis",
        label="Redis",
        ports=(6379, 6380, 6381, 7000, 7001, 16379, 26379),
        tls_ports=(6380,),
        schemes=("redis", "valkey"),
        tls_schemes=("rediss", "valkeys"),
        tls=EITHER,
        products=("Redis, Valkey",),
        owners=("redis-server", "valkey-server", "keydb-server", "dragonfly"),
        http_error=(b"-", b"+"),  # RESP's errors and simple strings
        ask_inside_tls=True,
        # redis.io, "Redis security" and "ACL"
        lock="Set a password: requirepass in redis.conf, or a user by ACL SETUSER.",
    ),
    Protocol(
        name="memcached",
        label="memcached",
        ports=(11211, 11212),
        schemes=("memcached", "memcache"),
        tls=EITHER,
        products=("memcached",),
        owners=("memcached",),
        http_error=(b"ERROR",),  # doc/protocol.txt, "Error strings"
        # memcached 1.5.15 release notes, -Y
        lock=(
            "Start memcached with -Y FILE (user:password lines), or on a unix socket with -s."
        ),
    ),
    Protocol(
        name="beanstalkd",
        label="beanstalkd",
        ports=(11300,),
        owners=("beanstalkd",),
        http_error=(b"UNKNOWN_COMMAND",),  # doc/protocol.txt
        # beanstalkd(1), -l
        lock="Let beanstalkd listen on a unix socket (-l unix:PATH): it has no password.",
    ),
    Protocol(
        name="mongodb",
        label="MongoDB",
        ports=(27017, 27018, 27019, 27020),
        schemes=("mongodb",),
        tls=EITHER,
        products=("MongoDB",),
        owners=("mongod", "mongos"),
        http_page=b"MongoDB over HTTP",  # its transport layer, sendHTTPResponse
        # MongoDB manual, "Enable Access Control"
        lock="Create a user, then set security.authorization: enabled in mongod.conf.",
    ),
    Protocol(
        name="mqtt",
        label="MQTT",
        ports=(1883, 1884),
        tls_ports=(8883,),
        schemes=("mqtt",),
        tls_schemes=("mqtts", "secure-mqtt"),
        owners=("mosquitto", "nanomq"),
        ends_on_http=True,
        ask_inside_tls=True,
        # mosquitto.conf(5)
        lock="For Mosquitto: allow_anonymous false and password_file in mosquitto.conf.",
    ),
    Protocol(
        name="ldap",
        label="LDAP",
        ports=(389, 1389, 3268, 10389),
        tls_ports=(636,),
        schemes=("ldap",),
        tls_schemes=("ldaps",),
        owners=("slapd", "ns-slapd"),
        ends_on_http=True,
        ask_inside_tls=True,
    ),
    Protocol(
        name="amqp",
        label="AMQP",
        ports=(5672, 5673),
        tls_ports=(5671,),
        schemes=("amqp",),
        tls_schemes=("amqps",),
        products=("RabbitMQ",),
        http_error=(b"AMQP",),  # the header of the version it wants: AMQP 0-9-1 §2.2.4
        ask_inside_tls=True,
    ),
    Protocol(
        name="dns",
        label="DNS",
        ports=(53, 5300, 5353, 8053),
        tls_ports=(853,),
        schemes=("domain", "dns"),
        tls_schemes=("domain-s",),
        owners=(
            "named", "dnsmasq", "unbound", "nsd", "knotd", "kresd", "pdns_server",
            "pdns_recursor", "coredns", "systemd-resolve", "dnscrypt-proxy",
        ),
    ),
    Protocol(
        name="rdp",
        label="RDP",
        ports=(3389, 3390),
        schemes=("rdp", "ms-wbt-server"),
        owners=("xrdp", "gnome-remote-de"),
        http_error=(b"\x03\0\0",),  # a TPKT header: RFC 1006 §6
    ),
    Protocol(
        name="x11",
        label="X11",
        ports=tuple(range(6000, 6064)),
        owners=("Xorg", "Xvfb", "Xwayland", "Xnest", "Xephyr"),
        # Xsecurity(7), xhost(1)
        lock="Switch X access control on (xhost -).",
    ),
    Protocol(
        name="socks",
        label="SOCKS",
        ports=(1080, 1081, 9050, 9150),
        schemes=("socks", "socks4", "socks4a", "socks5", "socks5h"),
        owners=("sockd", "danted", "microsocks", "ss-local"),
        http_error=(b"\x05\xff",),  # no acceptable methods: RFC 1928 §3
    ),
    Protocol(
        name="ssh",
        label="SSH",
        ports=(22, 2222),
        schemes=("ssh", "sftp", "git+ssh", "svn+ssh"),
        owners=("sshd",),
        speaks_first=True,
    ),
    Protocol(
        name="nats",
        label="NATS",
        ports=(4222,),
        schemes=("nats",),
        tls=EITHER,
        products=("NATS",),
        owners=("nats-server",),
        speaks_first=True,
        # NATS documentation, "Authentication"
        lock=(
            "Add an authorization block with a token or users to the server's configuration."
        ),
    ),
    Protocol(
        name="rsync",
        label="rsync",
        ports=(873,),
        schemes=("rsync",),
        owners=("rsync",),
        speaks_first=True,
    ),
    Protocol(
        name="imap",
        label="IMAP",
        ports=(143, 1143),
        tls_ports=(993,),
        schemes=("imap",),
        tls_schemes=("imaps",),
        owners=("dovecot",),
        speaks_first=True,
    ),
    Protocol(
        name="pop3",
        label="POP3",
        ports=(110, 1110),
        tls_ports=(995,),
        schemes=("pop3", "pop"),
        tls_schemes=("pop3s",),
        owners=("dovecot",),
        speaks_first=True,
    ),
    Protocol(
        name="nntp",
        label="NNTP",
        ports=(119,),
        tls_ports=(563,),
        schemes=("nntp",),
        tls_schemes=("nntps",),
        owners=("innd",),
        speaks_first=True,
    ),
    Protocol(
        name="mysql",
        label="MySQL's protocol",
        noun="MySQL",
        ports=(3306, 3307, 3308, 33060),
        schemes=("mysql", "mariadb"),
        tls=WITHIN,
        products=("MySQL, MariaDB",),
        owners=("mysqld", "mariadbd"),
        speaks_first=True,
    ),
    Protocol(
        name="dap",
        label="the Debug Adapter Protocol",
        noun="DAP",
        ports=(5678,),
        speaks_first=True,
        stop="Stop the debug adapter",
        keep="make it listen on 127.0.0.1",
    ),
    Protocol(
        name="vnc",
        label="VNC",
        ports=(5900, 5901, 5902, 5903),
        schemes=("vnc", "rfb"),
        owners=("Xvnc", "Xtigervnc", "x11vnc"),
        speaks_first=True,
        # TigerVNC, Xvnc(1)
        lock="Set a password (vncpasswd) and a SecurityTypes setting without None.",
    ),
    Protocol(
        name="smtp",
        label="SMTP",
        ports=(25, 465, 587, 1025, 2525),
        tls_ports=(465,),
        schemes=("smtp", "submission"),
        tls_schemes=("smtps", "submissions"),
        owners=("exim4", "master", "sendmail"),  # master is Postfix'
        speaks_first=True,
    ),
    Protocol(
        name="ftp",
        label="FTP",
        ports=(21, 990, 2121),
        tls_ports=(990,),
        schemes=("ftp",),
        tls_schemes=("ftps",),
        owners=("vsftpd", "proftpd", "pure-ftpd"),
        speaks_first=True,
    ),
    Protocol(name="echo", label="the echo protocol"),
    Protocol(
        name="jdwp",
        label="JDWP, Java's debugger",
        noun="JDWP",
        never_asked=True,
        # JPDA, "Connection and Invocation Details"
        stop="Start Java without -agentlib:jdwp",
        keep="with address=127.0.0.1:5005",
    ),
)  # fmt: skip
"""In the order in which they are asked, where nothing else tells it."""

BY_NAME = {protocol.name: protocol for protocol in PROTOCOLS}

BY_SCHEME = {
    scheme: protocol
    for protocol in PROTOCOLS
    for scheme in (*protocol.schemes, *protocol.tls_schemes)
}
"""By the scheme of a URL, or a name of the port registry."""


def with_tls(protocol: Protocol, scheme: str) -> str | None:
    """The scheme by which the same is spoken inside TLS: ``https`` for ``http``."""
    secure = f"{scheme}s"
    return secure if scheme in protocol.schemes and secure in protocol.tls_schemes else None


def without_tls(protocol: Protocol, scheme: str) -> str | None:
    """The scheme by which the same is spoken in plain text: ``http`` for ``https``."""
    plain = scheme.removesuffix("s")
    return plain if with_tls(protocol, plain) == scheme else None


def similar(name: str) -> str | None:
    """The protocol that a name most probably means; None where that is open.

    Arguments:
        name: in lower case: ``valkey``, ``postgers``, ``sshd``.
    """
    if name in BY_SCHEME:
        return BY_SCHEME[name].name
    begins = [each for each in (*BY_NAME, *BY_SCHEME) if _shared(each, name) >= _LIKE]
    best = max(begins, key=lambda each: _shared(each, name), default=None)
    return BY_SCHEME[best].name if best in BY_SCHEME else best


_LIKE = 3
"""Letters that a mistyped name has right at its beginning."""


def _shared(one: str, other: str) -> int:
    """How many letters two names share from their beginning."""
    return next(
        (at for at, (mine, yours) in enumerate(zip(one, other)) if mine != yours),  # noqa: B905
        min(len(one), len(other)),
    )
