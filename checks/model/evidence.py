"""What this machine showed of an endpoint: plain records, no sockets.

Kept apart from :mod:`checks.probe`, which fills these records, so that the
findings and the renderers can read evidence (also evidence that was recorded
elsewhere and pasted as JSON) without importing anything that opens a socket.

Every record names its source: the system call with its errno, the row of a
kernel table, the answer of the resolver. Times are milliseconds, floats.

The JSON contract takes its fields, types and descriptions from here
(``tools/make_schema.py``).
"""

from __future__ import annotations

from checks.model.managers import Activation as Activation
from checks.model.managers import Supervisor as Supervisor
from checks.model.managers import Unit as Unit
from checks.model.project import Project as Project
from checks.model.records import NamedTuple

# Under both names they are the same records: see there.
from checks.model.surroundings import LocalPorts as LocalPorts
from checks.model.surroundings import NamespaceListener as NamespaceListener
from checks.model.surroundings import Namespaces as Namespaces
from checks.model.surroundings import PortHolder as PortHolder
from checks.model.unix import FileFacts as FileFacts
from checks.model.unix import UnixListener as UnixListener
from checks.model.unix import UnixSocket as UnixSocket


class Asked(NamedTuple):
    """The machine that was asked, and when."""

    host: str
    """Its name, as it gives it itself."""
    time: str
    """When it was asked, in UTC: ``2026-11-29T20:00:00Z`` (RFC 3339)."""
    system: str
    """``linux``, ``macos``, ``windows``, ``freebsd``, ... in lower case."""


class Icmp(NamedTuple):
    """The ICMP error that answered a connect(), as the kernel keeps it (ip(7), IP_RECVERR)."""

    version: int
    """4 for ICMP (RFC 792), 6 for ICMPv6 (RFC 4443)."""
    type: int
    """What the message is: 3 of ICMP and 1 of ICMPv6 are "destination unreachable"."""
    code: int
    """What the type leaves open: which destination, and why."""
    sender: str | None
    """The address that sent it; None if that is not known."""


class Attempt(NamedTuple):
    """One TCP connect() to one address, and what became of it.

    ``outcome`` is one of:

    ``accepted``
        the three-way handshake was completed by another socket
    ``self-connected``
        connect() succeeded, but both ends are the same socket (RFC 9293
        §3.5, simultaneous open): no program listens
    ``refused``
        a RST came back: ECONNREFUSED
    ``timed-out``
        no answer within the time given, ``attempts`` times
    ``reset``
        ECONNRESET while connecting
    ``rejected``
        a rule's word: an ICMP error that no missing route sends (see ``icmp``;
        the errno may be any, ECONNREFUSED too), any ICMP error between this
        machine and itself, or a local policy: EACCES, EPERM
    ``unreachable``
        no route: ENETUNREACH, EHOSTDOWN, EHOSTUNREACH; or the loopback
        interface is down (``reason``)
    ``address-not-available``
        EADDRNOTAVAIL (no usable source address or port)
    ``unsupported``
        this system has no such address family: EAFNOSUPPORT
    ``skipped``
        not tried; ``reason`` has why as a code, ``detail`` in words
    """

    address: str
    """Canonical address text, with ``%zone`` where it has one."""
    outcome: str
    errno: str | None
    """Symbol of the errno, such as ``ECONNREFUSED``; None if there is none."""
    milliseconds: float | None
    """Until the outcome of the last attempt; of those that timed out, together."""
    attempts: int = 1
    """How often it was tried."""
    detail: str | None = None
    """More about the outcome, for people."""
    arrived: str | None = None
    """Of an accepted connection to this machine, the other end as the socket table
    shows it while it is open: ``127.0.0.1:62893``; ``elsewhere`` where no socket of
    this network namespace is its other end; None if that was not visible."""
    taken: bool | None = None
    """Whether the program took the connection out of its accept queue. False if it did
    not while it was watched; where the outcome is ``skipped``, others waited already and
    were not taken, so none was made. None if that was not visible."""
    watched: float | None = None
    """Where ``taken`` is False, for how long the queue was watched."""
    reason: str | None = None
    """Why, where the outcome leaves that open. Of ``skipped``: ``other-machine``,
    ``no-interface`` (the address names one that this machine does not have),
    ``needs-zone`` (a link-local address without its interface), ``no-socket`` (this
    process could open none), ``not-taken`` (others wait in the queue, see ``taken``), or
    for the sake of the listener ``single-use`` (it serves one client and ends),
    ``debugger`` (it does not recover from a client that leaves at once) or
    ``starts-service`` (see ``Listener.activation``). Of ``unreachable``:
    ``loopback-down``. Of ``address-not-available``: ``no-local-port`` (the range is used up,
    see ``Probe.local_ports``). Of ``accepted``: ``reset-at-once``. Of ``timed-out``:
    ``repeats`` (Windows repeats a SYN that was refused, so that a refusal may look the same).
    None for any other, and in the reports of older versions."""
    icmp: Icmp | None = None
    """The ICMP error that was the answer; None if there was none or it was not kept."""


class Owner(NamedTuple):
    """A process that holds a socket, as far as this user may know it."""

    pid: int
    """The process."""
    name: str
    """Its short name."""
    command: str | None
    """The command line, arguments joined as a shell would quote them."""
    user: str | None
    """Whose it is."""
    started: str | None
    """Start time as UTC in RFC 3339 form, ``2026-11-23T21:47:22Z``."""
    started_by: str | None = None
    """What started it, where that is known: ``systemd unit nginx.service``."""
    directory: str | None = None
    """Its working directory."""
    parent: int | None = None
    """The process that started it."""
    main: bool = False
    """True for the common ancestor where several processes share the socket."""
    state: str | None = None
    """``stopped`` by a signal (SIGSTOP, Ctrl-Z) or ``traced``, held by a debugger: it runs
    no code until it is continued. None for any other state, or an unknown one."""
    descriptors: int | None = None
    """How many files and sockets it has open; None if that was not looked at."""
    descriptor_limit: int | None = None
    """How many it may have open: the soft limit of RLIMIT_NOFILE. With so many open, accept()
    fails with EMFILE."""
    program_was: str | None = None
    """What became of the file of its program since it started: ``replaced`` by another of the
    same path, or ``deleted``. None if the file is there or if that is not known."""
    program_file: str | None = None
    """The path of that file, where ``program_was`` is set."""
    directory_was: str | None = None
    """What became of its working directory: ``replaced`` or ``deleted``; None as above."""
    supervisor: Supervisor | None = None
    """What starts it again when it ends; None if nothing does or if that is unknown."""
    managed_by: Unit | None = None
    """The unit or container of its control group; None if nothing is known."""
    project: Project | None = None
    """The project that it works in, by its working directory; None if there is none, where
    that is not visible or if it was not looked up."""
    launcher: str | None = None
    """What a person started that started it, by its parents: ``npm run dev``, ``make serve in
    VS Code``, ``PyCharm``. It is looked up where there is a project; None if it is not known."""
    waits: str | None = None
    """What its first thread was doing when it was looked at: ``cpu`` (it ran), or it waited for
    a ``lock``, a ``child``, a ``pipe``, the ``terminal`` or a ``disk``. None for any other, and
    where that is not known."""


class Listener(NamedTuple):
    """One row of the kernel's socket table that takes traffic on the port.

    For TCP a socket in state LISTEN, for UDP an unconnected one.
    """

    protocol: str
    """``tcp`` or ``udp``."""
    address: str
    """The bound address: ``127.0.0.1``, ``0.0.0.0``, ``::1``, ``::``, ..."""
    port: int
    """The bound port."""
    v6only: bool | None
    """For an IPv6 socket whether IPV6_V6ONLY is set; None if unknown."""
    queue: int | None
    """TCP: connections that wait to be accepted; None if unknown."""
    backlog: int | None
    """TCP: the largest number that may wait; None if unknown."""
    uid: int | None
    """The user that made the socket, as a number."""
    user: str | None
    """The same, as a name."""
    inode: int | None
    """The kernel's number of the socket."""
    unit: str | None
    """systemd unit or container from the cgroup, where known."""
    owners: tuple[Owner, ...]
    """Empty if the owner is hidden from this user or lives elsewhere."""
    reach: str
    """Who can connect, by the bound address: ``host``, ``network`` or ``any``."""
    interface: str | None = None
    """The interface that has the bound address, or that the socket is bound to."""
    source: str = "netlink"
    """Where it was read: ``netlink``, ``procfs``, ``psutil``, ``netstat`` or ``lsof``."""
    managed_by: Unit | None = None
    """The same as ``unit`` in fields; None if nothing is known."""
    activation: Activation | None = None
    """Set where the listener is held for a service that a connection starts."""
    relay: Relay | None = None
    """What its process passes connections on to, by its name and command line alone."""
    no_owner: str | None = None
    """Why ``owners`` is empty: ``other-user`` (this user may not see the process),
    ``not-found`` (every process was looked at: the kernel itself may hold it, or a process
    of another PID namespace), ``not-all-read`` (some could not be looked at, although this
    user may see all) or ``no-processes`` (there is no list of them). None if the owner is
    seen or if nothing is known of that."""


class Peer(NamedTuple):
    """A row that is not a listener but uses the port on this machine."""

    protocol: str
    """``tcp`` or ``udp``."""
    state: str
    """``established``, ``time-wait``, ``bound``, ``syn-sent``, ..."""
    local: str
    """Address and port of this side, as ``127.0.0.1:62893``."""
    remote: str | None
    """Address and port of the other side."""
    owners: tuple[Owner, ...] = ()
    """The processes that hold the socket."""
    clients: tuple[Owner, ...] = ()
    """The processes of this machine that hold the other end. It is looked up only where a program
    has taken this connection and takes no other one."""


class Binding(NamedTuple):
    """A trial bind() of a TCP socket, closed again at once.

    ``outcome`` is one of ``free``, ``in-use`` (a listener holds it, or what
    was not seen: ``reason``), ``bound-not-listening``, ``time-wait``,
    ``client-port`` (an outgoing connection's local port), ``not-permitted``,
    ``address-not-available``, ``reserved`` (Windows sets the port aside; on
    Linux a reserved port is ``free`` for a program that names it, and
    ``reason`` says that it is reserved), ``unsupported``, ``not-tried``.
    """

    address: str
    """Where it was tried."""
    port: int
    """Which port was tried."""
    outcome: str
    errno: str | None
    """errno of bind() without SO_REUSEADDR; on Windows with SO_EXCLUSIVEADDRUSE."""
    errno_reuse: str | None
    """errno of bind() with SO_REUSEADDR, on Windows without an option; None if it succeeds."""
    detail: str | None = None
    """More about the outcome, for people."""
    reason: str | None = None
    """Who or what stands behind the outcome. Of ``in-use``: ``listener`` (a row of the socket
    table), ``exclusive`` (a socket has it by SO_EXCLUSIVEADDRUSE), ``denied`` (the same, or
    Windows sets the port aside: its ranges were not read), ``answers`` (connections are
    accepted, and no row takes them) or ``unseen`` (the table was not read). Of
    ``bound-not-listening``: ``bound-socket`` (a row) or ``no-row``. Of ``not-permitted``:
    ``privileged-port`` or ``policy``. Of ``free``: ``reserved`` or None. None for any other,
    and in the reports of older versions."""


class Answer(NamedTuple):
    """What one resolver, or one client's own rule, gives for a name."""

    who: str
    """``getaddrinfo``, ``hosts file``; for localhost also ``node``, ``curl`` and ``browsers``."""
    addresses: tuple[str, ...]
    """In the order in which they would be tried."""
    error: str | None = None
    """Symbol of the getaddrinfo error, such as ``EAI_NONAME``."""


class Interface(NamedTuple):
    """One address of this machine and the interface that has it."""

    name: str
    """The interface."""
    address: str
    """Its address."""
    prefix_length: int
    """Bits of the network part."""


class Machine(NamedTuple):
    """The facts about this system that verdicts depend on."""

    system: str
    """``linux``, ``macos``, ``windows``, ``freebsd``, ... in lower case."""
    user: str | None
    """Who asked."""
    privileged: bool
    """May see every process and bind every port (root, Administrator)."""
    ephemeral: tuple[int, int] | None
    """First and last port that connect() and bind(0) choose from."""
    unprivileged_start: int | None
    """First port that needs no privilege; None if unknown."""
    reserved_ports: str
    """``ip_local_reserved_ports`` as the kernel prints it; "" if none."""
    interfaces: tuple[Interface, ...]
    """The addresses of the machine."""
    surroundings: tuple[str, ...] = ()
    """``wsl2``, ``container docker``, ``network namespace 4026532008``, ..., for people."""
    route_localnet: tuple[str, ...] = ()
    """The interfaces on which Linux lets 127.0.0.0/8 come in from other machines; ``all``
    stands for each of them. In the reports of older versions it is empty."""
    tools: tuple[str, ...] | None = None
    """The programs on the PATH, of those that commands for Linux need and that not every Linux
    has: ``ss``, ``ip``, ``sudo``, ...; None if they were not looked for."""

    proxies: tuple[tuple[str, str], ...] = ()
    """The proxy variables of the environment that the check ran in, each with its value:
    ``("http_proxy", "http://proxy.example:3128")``, without user and password; ``?`` for one that
    is no host. Empty if no proxy is named, and in the reports of older versions."""


class Relay(NamedTuple):
    """A listener that serves nothing itself: it passes connections on."""

    kind: str
    """``docker-proxy``, ``ssh``, ``wsl``, ``editor`` or ``other``."""
    description: str
    """What the port is, as a phrase: ``a published port of a Docker container``."""
    target: str | None
    """Where connections go on to, as ``172.17.0.2:80`` or ``/run/app.sock``,
    seen from the far end of the relay; None if that is not known here."""
    pid: int | None
    """The process that passes them on; None if it is not visible."""
    engine: str | None = None
    """The container engine whose published port it is: ``docker`` or ``podman``."""
    container: str | None = None
    """The name of the container, where it is known."""


class Probe(NamedTuple):
    """All evidence about one endpoint."""

    outcome: str
    """The connect outcome that counts: ``accepted`` where any address
    accepted, else that of the first address tried; ``not-resolved``,
    ``left-alone`` where a listener that is there was not connected to for its own
    sake, or takes none of the connections that wait; ``not-this-machine`` or
    ``not-probed`` where none was tried; ``failed`` where the probe itself is at fault,
    and nothing is known. Of a Unix socket the outcome that ``unix`` has."""
    resolution: Answer | None
    """For a name; None for an address."""
    attempts: tuple[Attempt, ...]
    """Each connect() that was made, in order."""
    listeners: tuple[Listener, ...]
    """Every listener on this port number, TCP and UDP, on any address."""
    others: tuple[Peer, ...]
    """Rows on this port that are not listeners; of very many, the telling ones."""
    bindings: tuple[Binding, ...]
    """One per address of this machine that was asked for."""
    machine: Machine
    """The system that was asked."""
    notes: tuple[str, ...] = ()
    """What could not be learned, and why, one sentence each."""
    answers: tuple[Answer, ...] = ()
    """For a name: what the hosts file gives; for localhost also what clients take."""
    relay: Relay | None = None
    """What passes connections on, where the listener is no service itself."""
    identity: Identity | None = None
    """What speaks on the first address that accepted; None if it was not asked."""
    unread: tuple[str, ...] = ()
    """Socket tables that were not read, or not whole: ``tcp4``, ``tcp6``, ``udp4``, ``udp6``.
    A row that is missing from one of these is unknown, not absent."""
    local_ports: LocalPorts | None = None
    """What uses the ports that connect() chooses from, where none was left."""
    unix: UnixSocket | None = None
    """Where a Unix socket was asked for: what became of the connection."""
    unix_listeners: tuple[UnixListener, ...] = ()
    """The rows of that socket; of a TCP port on which nothing listens, the Unix sockets on
    which the port's service does."""
    unclosed: int = 0
    """TCP connections to the port that their clients have closed and the program has not
    (CLOSE-WAIT), seen twice a while apart. 0 where there were fewer than ten, and where that
    was not visible."""
    restarts: Restarts | None = None
    """Set where the listener came and went while the probe lasted."""
    namespaces: Namespaces | None = None
    """What was found in other network namespaces of this machine; None if they were not
    looked at, because what was asked is explained without."""


class Restarts(NamedTuple):
    """A listener that came and went, as its program ended and was started again."""

    opened: int
    """How often there was one, with that at the begin."""
    milliseconds: float
    """For how long the port was watched."""
    owners: tuple[Owner, ...] = ()
    """The processes that held it, one after the other, as far as they were seen."""


class Tls(NamedTuple):
    """What a TLS handshake showed, unverified: the certificate is as the server sent it."""

    version: str | None
    """``TLSv1.3``, ..., as agreed with this machine's OpenSSL; None if the
    handshake was not finished."""
    alpn: str | None
    """The protocol the server chose of ``h2`` and ``http/1.1`` (RFC 7301)."""
    subject: str | None
    """``CN=localhost, O=Example``; None without a readable certificate."""
    issuer: str | None
    """Who signed the certificate."""
    names: tuple[str, ...]
    """DNS names and addresses of the certificate (RFC 5280 §4.2.1.6)."""
    not_before: str | None
    """UTC in RFC 3339 form."""
    not_after: str | None
    """UTC in RFC 3339 form."""
    self_signed: bool | None
    """Subject and issuer are the same name; the signature is not checked."""
    expired: bool | None
    """By this machine's clock, at the time of the probe."""
    problem: str | None
    """What a client that verifies would stumble over first; None if nothing was seen."""
    problem_code: str | None = None
    """The same as a code: ``handshake``, ``unreadable``, ``expired``, ``not-yet-valid``,
    ``other-name`` or ``self-signed``; None also in the reports of older versions."""


class Identity(NamedTuple):
    """What speaks on a port that accepts, and how that was learned."""

    protocol: str | None
    """``http``, ``ssh``, ``postgresql``, ``tls`` (where the protocol inside
    stays unknown), ...; None if nothing was recognised."""
    product: str | None
    """As the server names itself: ``nginx``, ``OpenSSH``, ``Redis``."""
    version: str | None
    """As the server tells it."""
    details: tuple[tuple[str, str], ...]
    """More that the server said: ``("title", "Welcome to nginx!")``."""
    tls: Tls | None
    """What a TLS handshake showed."""
    authentication: str | None
    """``none``: something that is worth protecting was read without
    credentials. ``required``: the server asked for them. None: not known."""
    traits: tuple[str, ...]
    """``debug-interface``: runs code or opens a debugger for any client.
    ``debug-pages``: error pages show source or settings.
    ``accepts-any-host``: the same page is given for a foreign Host header.
    ``open-cors``: any site may read answers with the visitor's credentials.
    ``any-origin``: any site may read answers, without credentials.
    ``tls-only``: plain text was tried and not spoken.
    ``slow``: HTTP by the errors with which other questions were answered (see ``unanswered``).
    ``plain-only``: TLS was tried and not spoken."""
    behaviour: str
    """What plain connections met: ``spoke-first`` (before anything was sent),
    ``answered`` (after a request), ``silent`` (no byte, whatever was sent),
    ``closed`` or ``reset`` (twice, before anything was sent), ``hangs-up`` (each
    connection was ended after something was sent, without a byte), ``refused``
    (no connection came about), ``not-taken`` (the program did not take the
    connection), ``not-asked`` (the owner told enough)."""
    evidence: tuple[str, ...]
    """What was sent and what came back, one line each, for a person to check."""
    milliseconds: float
    """How long the questions took."""
    connections: int
    """TCP connections used; the first may be the one of the connect test."""
    bytes: int
    """Bytes received, over all connections."""
    status: int | None = None
    """The status of the HTTP answer to ``GET /`` (RFC 9110 §15); None if there was none."""
    unanswered: float | None = None
    """Milliseconds for which an HTTP request was left without a byte, on a connection that the
    server kept open until the time of all questions was up. None for any other."""
