"""Group B: can a program listen on the endpoint, and if not, why.

Told from a trial bind() on the very address, with and without SO_REUSEADDR,
beside the rows of the socket table.
"""

from __future__ import annotations

from checks.findings import commands, owners, wording
from checks.findings.base import Finding, Fix, Match
from checks.findings.witness import accepted, asked_here, covering, place, port_of
from checks.rules.listening import excludes
from checks.rules.owners import ancestor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.findings.base import Subject
    from checks.model.evidence import Binding, Listener, Owner, Peer, Probe


def _trials(subject: Subject, *outcomes: str) -> tuple[Binding, ...]:
    """The trial binds that ended in one of *outcomes*."""
    if subject.probe is None or port_of(subject) is None:
        return ()
    return tuple(trial for trial in subject.probe.bindings if trial.outcome in outcomes)


def _places(trials: tuple[Binding, ...]) -> str:
    return wording.joined([wording.at(trial.address, trial.port) for trial in trials])


def _are(trials: tuple[Binding, ...]) -> str:
    return "are" if len(trials) > 1 else "is"


def _lines(trials: tuple[Binding, ...]) -> tuple[str, ...]:
    return tuple(wording.binding_line(trial) for trial in trials)


class PortFree(Finding):
    """A program could listen on this address and port now.

    What it means
    -------------
    The system let a socket be bound there. "Free" holds for that address, that family and that
    moment. A port that is free on 127.0.0.1 may be taken on ::1 or on another address.

    How it is detected
    ------------------
    bind() of a TCP socket on the very address succeeded without SO_REUSEADDR. The socket was
    closed again at once and never listened.

    Why it happens
    --------------
    Nothing uses the port on that address. A listener on ::1, on 127.0.0.2, or on :: for IPv6 only
    does not stand in the way of 127.0.0.1.

    What to do
    ----------
    Nothing. Start the program that should listen. To see which addresses of the port are taken:

    - Linux: `ss -ltn 'sport = :62893'`
    - macOS: `lsof -nP -iTCP:62893 -sTCP:LISTEN`
    - Windows: `netstat -ano | findstr /R /C:":62893 "`

    Sources
    -------
    - bind(2): https://man7.org/linux/man-pages/man2/bind.2.html
    - socket(7), SO_REUSEADDR: https://man7.org/linux/man-pages/man7/socket.7.html
    """

    code = "B401"
    slug = "port-free"
    severity = "info"
    title = "A program can listen there now"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to trial binds that succeeded."""
        trials = _trials(subject, "free")
        if not trials:
            return None
        return Match(
            f"{_places(trials)} {_are(trials)} free: a program can listen there.",
            (),
            _lines(trials),
        )


class PortInUse(Finding):
    """A socket holds the port, so no other program can listen on that address.

    What it means
    -------------
    A second program that binds to the address and port fails with EADDRINUSE, "Address already in
    use", WSAEADDRINUSE (10048). For a running service this is as it should be.

    How it is detected
    ------------------
    bind() fails with EADDRINUSE, and the socket table has a listener that covers the address, or
    a connection of this machine whose local port it is. The message names the owner where this
    user may see it. Where a connection is accepted, or the socket table could not be read, the
    port is in use by what was not seen.

    Why it happens
    --------------
    - The program runs already, perhaps an older copy of it.
    - A listener on 0.0.0.0 or on :: (with IPv4) holds the port for every address.
    - A connection has the port: an outgoing one that got it from the ephemeral range, or what is
      left of a server that has stopped. It may block the port even for programs that set
      SO_REUSEADDR.

    What to do
    ----------
    Stop the program that has the port, or choose another port. Stop it where it was started: a
    unit by systemctl, a container by its engine, a forward by the ssh that made it. The process
    on the port may only pass connections on, or be started again.

    - Linux: `ss -ltnp 'sport = :62893'`, then `sudo systemctl stop UNIT`, for a user's own unit
      `systemctl --user stop UNIT`, or `kill PID`
    - macOS: `lsof -nP -iTCP:62893 -sTCP:LISTEN`, then `kill PID`
    - Windows: `netstat -ano | findstr /R /C:":62893 "`, then Ctrl-C in its window, or
      `taskkill /PID PID /T /F`, which also ends its child processes
    - Docker: `docker ps --filter publish=62893`, then `docker stop NAME`; never stop
      docker-proxy or docker.service, which all containers need

    Sources
    -------
    - bind(2), EADDRINUSE: https://man7.org/linux/man-pages/man2/bind.2.html
    - socket(7), SO_REUSEADDR: https://man7.org/linux/man-pages/man7/socket.7.html
    - Windows Sockets Error Codes, WSAEADDRINUSE:
      https://learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2
    """

    code = "B402"
    slug = "port-in-use"
    severity = "info"
    title = "The port is in use"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where a listener or a connection holds the port."""
        trials = _trials(subject, "in-use", "client-port")
        if not trials or subject.probe is None:
            return None
        trial = trials[0]
        if trial.outcome == "client-port":
            return _taken_by_connection(subject.probe, trials)
        rows = _holders(subject.probe, trial)
        text = f"{_places(trials)} {_are(trials)} in use"
        who = commands.who_listens(trial.port)
        if not rows:
            text += ", and the socket that holds it could not be seen."
            return Match(text, commands.for_machine(subject.probe, who), _lines(trials))
        row = rows[0]
        where = wording.bound(row)
        there = "there" if where == _places(trials) else f"on {where}"
        text += f": {wording.holder(row)} listens {there}."
        fixes = commands.for_machine(subject.probe, who, owners.stop(row, subject.probe))
        lines = (*_lines(trials), *map(wording.listener_line, rows))
        return Match(text, fixes, lines, listeners=rows)


def _holders(probe: Probe, trial: Binding) -> tuple[Listener, ...]:
    """The listeners that keep the address from being bound, the most telling first.

    That is one that takes connections to the address, or else one that takes none and is in
    the way: on an address that a wildcard includes, or bound to another device.
    """
    bound = place(trial.address)
    rows = covering(probe, bound, unsure=True)
    return rows or tuple(
        row for row in probe.listeners if excludes(row, trial.address) is not False
    )


def _taken_by_connection(probe: Probe, trials: tuple[Binding, ...]) -> Match:
    peers = tuple(
        peer
        for peer in probe.others
        if peer.protocol == "tcp" and peer.state not in ("time-wait", "bound")
    )
    text = f"{_places(trials)} {_are(trials)} in use by a connection"
    if peers:
        holders = peers[0].owners
        text += f" ({peers[0].local} to {peers[0].remote})" if peers[0].remote else ""
        text += f" of {wording.processes(holders)}" if holders else ""
    fixes = commands.for_machine(probe, commands.who_uses(trials[0].port))
    return Match(f"{text}.", fixes, (*_lines(trials), *map(wording.peer_line, peers[:3])))


class BoundNotListening(Finding):
    """A socket is bound to the port, but it does not listen.

    What it means
    -------------
    Someone called bind() and not listen(). The port is taken for others, and connections to it
    are refused. Listings that show only listeners show nothing.

    How it is detected
    ------------------
    bind() fails with EADDRINUSE without SO_REUSEADDR and succeeds with it, while the socket table
    has no listener and no connection for the port. Linux lists such sockets over netlink since
    6.8, and then the owner is named; before, the socket is in no list. The finding is left out
    where the table could not be read, and where a connection is accepted.

    Why it happens
    --------------
    - A program crashed or hangs between the two calls.
    - A program reserves the port for later, or for a child process.
    - A program looks for a free port, and the check came at that moment.

    What to do
    ----------
    Try again after a second. If it stays, look at the programs that should listen there, and
    restart the one that hangs.

    - Linux: `sudo lsof -nP | grep 'protocol: TCP'` lists the processes that hold a TCP socket
      which is in no list; the owner is one of them
    - macOS: `lsof -nP -iTCP:62893` shows sockets in state CLOSED as well
    - Windows: `Get-NetTCPConnection -LocalPort 62893 -State Bound`

    Sources
    -------
    - bind(2): https://man7.org/linux/man-pages/man2/bind.2.html
    - listen(2): https://man7.org/linux/man-pages/man2/listen.2.html
    - Get-NetTCPConnection: https://learn.microsoft.com/powershell/module/nettcpip/
    """

    code = "B403"
    slug = "bound-not-listening"
    severity = "error"
    title = "A socket is bound to the port but does not listen"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to the outcome ``bound-not-listening``."""
        trials = _not_answering(subject, _trials(subject, "bound-not-listening"))
        if not trials or subject.probe is None:
            return None
        peers: tuple[Peer, ...] = tuple(
            peer for peer in subject.probe.others if peer.state == "bound"
        )
        holders: tuple[Owner, ...] = next((peer.owners for peer in peers if peer.owners), ())
        who = wording.processes(holders) if holders else "Some program"
        text = f"{who} has bound {_places(trials)} but does not listen, so connections are refused."
        fixes = commands.for_machine(
            subject.probe,
            commands.advice("Check again in a moment, then restart the program."),
            owners.stop_process(holders[0], subject.probe.machine)
            if holders
            else commands.who_is_bound(trials[0].port),
        )
        return Match(text, fixes, (*_lines(trials), *map(wording.peer_line, peers)))


def _not_answering(subject: Subject, trials: tuple[Binding, ...]) -> tuple[Binding, ...]:
    """The trials of addresses that accepted no connection: what accepts does listen."""
    answering = {
        place(attempt.address)[:2] for attempt in (accepted(subject.probe) if subject.probe else ())
    }
    return tuple(trial for trial in trials if place(trial.address)[:2] not in answering)


class TimeWait(Finding):
    """Only a finished connection in TIME_WAIT is left on the port.

    What it means
    -------------
    The side that closes a TCP connection first keeps its end for a while, so that late packets do
    no harm. Nobody owns that end: its process may be gone. A program that sets SO_REUSEADDR can
    listen on the port at once. One that does not gets EADDRINUSE until the time is over, on Linux
    after 60 seconds.

    How it is detected
    ------------------
    bind() fails with EADDRINUSE without SO_REUSEADDR and succeeds with it, and the socket table
    has rows of the port in state TIME_WAIT and no listener.

    Why it happens
    --------------
    A server was stopped while clients were connected, and it closed the connections. Now it is
    started again.

    What to do
    ----------
    Set SO_REUSEADDR on the server's socket before bind(), or wait. Most server frameworks set it.
    On Windows do not: there the option means something else and lets another program take the
    port.

    - Linux: `ss -tan state time-wait 'sport = :62893'`
    - macOS: `netstat -an -p tcp | grep 62893`
    - Windows: `Get-NetTCPConnection -LocalPort 62893 -State TimeWait`

    Sources
    -------
    - RFC 9293, section 3.6.1, TIME-WAIT: https://www.rfc-editor.org/info/rfc9293
    - socket(7), SO_REUSEADDR: https://man7.org/linux/man-pages/man7/socket.7.html
    - Microsoft, using SO_REUSEADDR and SO_EXCLUSIVEADDRUSE:
      https://learn.microsoft.com/windows/win32/winsock/using-so-reuseaddr-and-so-exclusiveaddruse
    """

    code = "B404"
    slug = "time-wait"
    severity = "notice"
    title = "Only a finished connection in TIME_WAIT is left on the port"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to the outcome ``time-wait``."""
        trials = _trials(subject, "time-wait")
        if not trials or subject.probe is None:
            return None
        peers = tuple(peer for peer in subject.probe.others if peer.state == "time-wait")
        only = "with SO_REUSEADDR only" if trials[0].errno_reuse is None else "later only"
        text = (
            f"{_places(trials)} can be bound {only}: a finished connection is still in TIME_WAIT."
            " No process holds it."
        )
        port = trials[0].port
        fixes = commands.for_machine(
            subject.probe,
            commands.advice("Let the server set SO_REUSEADDR before bind(), or wait a minute."),
            commands.each(
                "See what is left.",
                f"ss -tan state time-wait 'sport = :{port}'",
                f"netstat -an -p tcp | grep {port}",
                f"Get-NetTCPConnection -LocalPort {port} -State TimeWait",
            ),
        )
        return Match(text, fixes, (*_lines(trials), *map(wording.peer_line, peers[:3])))


class BindNotPermitted(Finding):
    """This user may not listen on the port.

    What it means
    -------------
    A program of this user that binds to the address and port fails with EACCES, "Permission
    denied", WSAEACCES (10013). The port need not be in use.

    How it is detected
    ------------------
    bind() fails with EACCES or EPERM. Whether the port is below the limit of the system is told
    from the limit that the machine reports.

    Why it happens
    --------------
    - Linux: the port is below `net.ipv4.ip_unprivileged_port_start`, and the user has no
      CAP_NET_BIND_SERVICE. A security module can refuse as well.
    - macOS: the port is below 1024 and the address is a specific one. On 0.0.0.0 and :: the same
      port needs no privilege.
    - Windows: the port lies in an excluded range, or a program bound it for exclusive use.

    What to do
    ----------
    Choose a port from 1024 on, or allow the program to use this one.

    - Linux: `sudo setcap cap_net_bind_service=+ep /path/to/program`, or lower the limit with
      `sudo sysctl net.ipv4.ip_unprivileged_port_start=80`
    - macOS: choose another port, or start the program through launchd
    - Windows: `netsh int ipv4 show excludedportrange protocol=tcp`

    Sources
    -------
    - bind(2), EACCES: https://man7.org/linux/man-pages/man2/bind.2.html
    - Linux ip-sysctl, ip_unprivileged_port_start:
      https://docs.kernel.org/networking/ip-sysctl.html
    - xnu, bsd/netinet/in_pcb.c, in_pcbbind(): https://github.com/apple-oss-distributions/xnu
    - Windows Sockets Error Codes, WSAEACCES:
      https://learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2
    """

    code = "B405"
    slug = "bind-not-permitted"
    severity = "notice"
    title = "This user may not listen on the port"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to the outcome ``not-permitted``."""
        trials = _trials(subject, "not-permitted")
        if not trials or subject.probe is None:
            return None
        machine, port = subject.probe.machine, trials[0].port
        user = f"User {machine.user}" if machine.user else "This user"
        text = f"{user} may not listen on {_places(trials)} ({trials[0].errno or 'not permitted'})"
        limit = machine.unprivileged_start
        if limit is not None and port < limit:
            text += f": ports below {limit} need a privilege here"
        fixes = (
            *commands.advice("Choose a port from 1024 on."),
            Fix(
                "See from which port on no privilege is needed.",
                "sysctl net.ipv4.ip_unprivileged_port_start",
                commands.LINUX,
            ),
            Fix(
                "See which ranges are excluded.",
                "netsh int ipv4 show excludedportrange protocol=tcp",
                commands.WINDOWS,
            ),
        )
        return Match(f"{text}.", commands.for_machine(subject.probe, fixes), _lines(trials))


class AddressNotAvailable(Finding):
    """This machine does not have the address, so no program can listen on it.

    What it means
    -------------
    A program can bind only to addresses of the machine that it runs on. On any other address it
    fails with EADDRNOTAVAIL, "Cannot assign requested address", WSAEADDRNOTAVAIL (10049).

    How it is detected
    ------------------
    bind() on the very address fails with EADDRNOTAVAIL. For a bare port and for a name it is not
    reported where another of their addresses can serve: ::1 is missing wherever IPv6 is off.

    Why it happens
    --------------
    - The address is that of another machine, or of a proxy or load balancer in front.
    - Inside a container: the address belongs to the host.
    - The interface is down, or its address has changed.
    - macOS has no loopback address but 127.0.0.1 until an alias is added.
    - ::1 is missing because IPv6 is switched off.

    What to do
    ----------
    Bind to 127.0.0.1 for this machine only, or to an address that an interface has.

    - Linux: `ip address`. `sudo ip address add 192.0.2.5/32 dev lo` would add one.
    - macOS: `ifconfig`. `sudo ifconfig lo0 alias 127.0.0.2` adds a loopback address.
    - Windows: `ipconfig`

    Sources
    -------
    - bind(2), EADDRNOTAVAIL: https://man7.org/linux/man-pages/man2/bind.2.html
    - ip(7), ip_nonlocal_bind: https://man7.org/linux/man-pages/man7/ip.7.html
    - Windows Sockets Error Codes, WSAEADDRNOTAVAIL:
      https://learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2
    """

    code = "B406"
    slug = "address-not-available"
    severity = "error"
    title = "This machine does not have the address"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to the outcome ``address-not-available``."""
        trials = _trials(subject, "address-not-available")
        if not trials or subject.probe is None or _came_by_itself(subject, trials):
            return None
        names = wording.joined([trial.address for trial in trials])
        text = f"No program can listen on {names}: this machine does not have that address."
        fixes = commands.for_machine(
            subject.probe,
            commands.each("See which addresses it has.", "ip address", "ifconfig", "ipconfig"),
            commands.advice("Bind to 127.0.0.1 if only this machine should connect."),
        )
        return Match(text, fixes, _lines(trials))


def _came_by_itself(subject: Subject, trials: tuple[Binding, ...]) -> bool:
    """Whether nobody asked for the addresses by name and the port is to be had without them.

    A bare port and localhost stand for both loopback addresses. Where IPv6 is
    off, ::1 is missing, and 127.0.0.1 serves all the same.
    """
    host = subject.endpoint.host if subject.endpoint else None
    if subject.probe is None or (host is not None and host.version):
        return False
    return accepted(subject.probe) != () or len(trials) < len(subject.probe.bindings)


class PortReserved(Finding):
    """The system keeps the port aside.

    What it means
    -------------
    A list of the system names ports that are set aside. What follows from it differs:

    - Linux: `ip_local_reserved_ports` keeps a port out of automatic choice only. A program that
      names the port can bind it.
    - Windows: a port in an excluded range may not be bound by other programs, though nothing
      listens. bind() fails with WSAEACCES (10013), and netstat shows no owner.

    How it is detected
    ------------------
    On Linux the port is in the list that the kernel reports. On Windows the trial bind was
    refused, and the port lies in an excluded range.

    Why it happens
    --------------
    - An administrator put the port of a server on the list, so that no client takes it first.
    - On Windows, Hyper-V, WSL and container engines take blocks of ports, which can change at
      each start.

    What to do
    ----------
    On Linux nothing: it is a good place for a server. On Windows choose a port outside the
    ranges.

    - Linux: `sysctl net.ipv4.ip_local_reserved_ports`
    - macOS: there is no such list.
    - Windows: `netsh int ipv4 show excludedportrange protocol=tcp`

    Sources
    -------
    - Linux ip-sysctl, ip_local_reserved_ports:
      https://docs.kernel.org/networking/ip-sysctl.html
    - Microsoft, netsh interface ipv4 show excludedportrange:
      https://learn.microsoft.com/windows-server/administration/windows-commands/netsh-interface
    - Windows Sockets Error Codes, WSAEACCES:
      https://learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2
    """

    code = "B407"
    slug = "port-reserved"
    severity = "notice"
    title = "The system keeps the port aside"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to the outcome ``reserved`` and to ports on the kernel's list."""
        trials = _trials(subject, "reserved")
        port = port_of(subject)
        if subject.probe is None or port is None:
            return None
        if trials:
            text = (
                f"{_places(trials)} cannot be bound: the port lies in a range that the system keeps"
                " for itself."
            )
            fix = Fix(
                "See the ranges, and choose a port outside.",
                "netsh int ipv4 show excludedportrange protocol=tcp",
                commands.WINDOWS,
            )
            return Match(text, commands.for_machine(subject.probe, (fix,)), _lines(trials))
        reserved = subject.probe.machine.reserved_ports
        if not in_ranges(port, reserved) or not asked_here(subject.probe):
            return None
        return Match(
            f"Port {port} is on this system's list of reserved ports: it is never chosen by"
            " itself, and a program that names it can bind it.",
            evidence=(f"ip_local_reserved_ports: {wording.clip(reserved)}",),
        )


def in_ranges(port: int, text: str) -> bool:
    """Whether a kernel's list such as ``8080,9000-9010`` has the port."""
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        ends = (first, last or first)
        if all(end.isascii() and end.isdigit() and len(end) <= 5 for end in ends):
            low, high = map(int, ends)
            if low <= port <= high:
                return True
    return False


class SharedListener(Finding):
    """Several processes or sockets take connections on the same address and port.

    What it means
    -------------
    More than one process can take the next connection. Either they share one listening socket,
    or each has its own and the system spreads connections over them (SO_REUSEPORT). To stop the
    service, stop the main process; it stops the others.

    How it is detected
    ------------------
    The socket table has several listeners on the very same address and port, or one listener is
    held by several processes. Every owner that this user may see is named; where they have a
    common ancestor among them, that one is marked as main.

    Why it happens
    --------------
    - A server forks workers after it has begun to listen: nginx, Apache, PostgreSQL, gunicorn.
    - A server sets SO_REUSEPORT so that each worker has its own queue.
    - A parent left the socket open in a child process by mistake: then the port stays taken when
      the parent ends.

    What to do
    ----------
    Nothing, if the processes belong together. If an old child holds the port, stop it.

    - Linux: `ss -ltnp 'sport = :62893'` shows every process
    - macOS: `lsof -nP -iTCP:62893 -sTCP:LISTEN`
    - Windows: `netstat -ano | findstr /R /C:":62893 "`

    Sources
    -------
    - socket(7), SO_REUSEPORT: https://man7.org/linux/man-pages/man7/socket.7.html
    - fork(2), open descriptors are inherited: https://man7.org/linux/man-pages/man2/fork.2.html
    """

    code = "B408"
    slug = "shared-listener"
    severity = "info"
    title = "Several processes or sockets share the listener"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> list[Match]:
        """Apply to each address with several sockets or owners."""
        if subject.probe is None or port_of(subject) is None or not asked_here(subject.probe):
            return []
        groups: dict[tuple[str, str, str | None], list[Listener]] = {}
        for row in subject.probe.listeners:
            groups.setdefault((row.protocol, row.address, row.interface), []).append(row)
        return [match for rows in groups.values() if (match := _shared(rows)) is not None]


def _shared(rows: list[Listener]) -> Match | None:
    """The sentence for one address; None where one process has it alone."""
    owners = {owner.pid: owner for row in rows for owner in row.owners}
    if len(rows) < 2 and len(owners) < 2:
        return None
    first = rows[0]
    where = f"{first.protocol.upper()} {wording.bound(first)}"
    who = wording.processes(list(owners.values())) if owners else wording.hidden(first)
    sockets = f"{len(rows)} sockets" if len(rows) > 1 else "one socket"
    main = ancestor(tuple(owners.values()))
    text = f"{where} has {sockets}, held by {who}"
    text += f"; the main process is {main.pid}." if main and len(owners) > 1 else "."
    lines = tuple(wording.listener_line(row) for row in rows)
    return Match(text, evidence=lines, listeners=tuple(rows))


FINDINGS: tuple[type[Finding], ...] = (
    PortFree,
    PortInUse,
    BoundNotListening,
    TimeWait,
    BindNotPermitted,
    AddressNotAvailable,
    PortReserved,
    SharedListener,
)
