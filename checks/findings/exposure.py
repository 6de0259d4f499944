"""Group E: who can connect to what listens on the port.

Told from the bound addresses alone. A firewall may keep people out; it does
not show in a socket table, so no sentence here claims that someone gets in.
"""

from __future__ import annotations

from checks.findings import commands, owners, wording
from checks.findings.base import Finding, Fix, Match
from checks.findings.witness import (
    asked_here,
    lets_in_loopback,
    place,
    port_of,
)
from checks.rules.tables import present

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.findings.base import Subject
    from checks.model.evidence import Listener, Probe


def _listeners(subject: Subject) -> tuple[tuple[Listener, ...], ...]:
    """The listeners on the port by protocol and address; none for another machine."""
    if subject.probe is None or port_of(subject) is None or not asked_here(subject.probe):
        return ()
    seen: dict[tuple[str, str, str | None], list[Listener]] = {}
    for row in subject.probe.listeners:
        seen.setdefault((row.protocol, row.address, row.interface), []).append(row)
    return tuple(map(tuple, seen.values()))


def _where(row: Listener) -> str:
    return f"{row.protocol.upper()} {wording.bound(row)}"


def _on_loopback(probe: Probe) -> dict[str, list[Listener]]:
    """By protocol the first listener on loopback, and the first one of other processes.

    Whatever the owners of a listener, one of the two has others. So each of thousands of
    listeners is compared with two, not with all.
    """
    found: dict[str, list[Listener]] = {}
    for row in probe.listeners:
        known = found.setdefault(row.protocol, [])
        if len(known) == 2 or not place(row.address).loopback:
            continue
        if not known or known[0].owners != row.owners:
            known.append(row)
    return found


def _other_answers_loopback(loopback: dict[str, list[Listener]], row: Listener) -> str:
    """A sentence for a listener whose port another program answers on loopback."""
    for other in loopback.get(row.protocol, ()):
        if other.owners != row.owners:
            return (
                f" On {wording.bound(other)} {wording.holder(other)} answers, so"
                " this machine and the others do not see the same service."
            )
    return ""


def _closer(subject: Subject, row: Listener) -> tuple[Fix, ...]:
    """How to keep others out."""
    if subject.probe is None:
        return ()
    return commands.for_machine(subject.probe, owners.keep_out(row, subject.probe))


class LoopbackOnly(Finding):
    """What listens on the port takes connections from this machine only.

    What it means
    -------------
    Every listener on the port is bound to loopback. No packet from a network reaches it directly:
    a system drops packets for 127.0.0.0/8 that come in from outside. Linux lets them in on an
    interface where `route_localnet` is on. Then another machine of the same link can send to
    127.0.0.1 of this one, and the finding is a notice that says so.

    This is not a guard against programs and users of this machine: all of them can connect. A web
    page in a browser of this machine may try to, and a name of its own that leads to 127.0.0.1
    (DNS rebinding) can make its requests look as if they came from a site of its own. A service
    that matters should ask for a password and check the Host header even on loopback.

    How it is detected
    ------------------
    All listeners on the port, TCP and UDP, are bound to 127.0.0.0/8 or ::1. On Linux the settings
    `net.ipv4.conf.*.route_localnet` are read. Where a socket table could not be read, the finding
    says so and is no more than an information: a listener that was not seen may be open to others.

    Why it happens
    --------------
    The program was told to listen there, or does so by default, as most development servers and
    databases do.

    What to do
    ----------
    Nothing. Forwards can still lead to it: `ssh -L` or `-R`, a proxy, an editor that forwards
    ports, or a port published from a container.

    - Linux: `ss -ltnp 'sport = :62893'`
    - macOS: `lsof -nP -iTCP:62893 -sTCP:LISTEN`
    - Windows: `netstat -ano | findstr /R /C:":62893 "`; forwards:
      `netsh interface portproxy show all`

    Sources
    -------
    - RFC 1122, section 3.2.1.3 (g): https://www.rfc-editor.org/info/rfc1122
    - RFC 4291, section 2.5.3: https://www.rfc-editor.org/info/rfc4291
    - Linux ip-sysctl, route_localnet: https://docs.kernel.org/networking/ip-sysctl.html
    - CVE-2020-8558, what route_localnet opened: https://nvd.nist.gov/vuln/detail/CVE-2020-8558
    - WICG, Local Network Access, on pages that reach loopback:
      https://wicg.github.io/local-network-access/
    """

    code = "E501"
    slug = "loopback-only"
    severity = "ok"
    title = "The program listens on loopback only"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where every listener on the port is on loopback."""
        found = _listeners(subject)
        rows = tuple(alike[0] for alike in found)
        if not rows or not all(row.reach == "host" for row in rows):
            return None
        about = tuple(row for alike in found for row in alike)
        where = wording.some([_where(row) for row in rows])
        are = "are" if len(rows) > 1 else "is"
        evidence = tuple(wording.listener_line(row) for row in rows)
        if subject.probe is not None and (opened := _open_loopback(subject.probe, rows)):
            made = _let_in(subject.probe, f"{where} {are} bound to loopback", opened, evidence)
            return made._replace(listeners=about)
        if subject.probe is not None and _unseen(subject.probe):
            text = f"{where} {are} bound to loopback. Other listeners on the port, if any, were not"
            return Match(f"{text} seen.", evidence=evidence, severity="info", listeners=about)
        text = f"{where} {are} bound to loopback: only programs of this machine can connect."
        return Match(text, evidence=evidence, listeners=about)


def _unseen(probe: Probe) -> bool:
    """Whether the port may have listeners that are not in the evidence."""
    return None in [present(False, probe.unread, protocol) for protocol in ("tcp", "udp")]


def _open_loopback(probe: Probe, rows: tuple[Listener, ...]) -> str | None:
    """The interfaces through which 127.0.0.0/8 comes in to one of the listeners."""
    return next((names for row in rows if (names := lets_in_loopback(probe, row))), None)


def _let_in(probe: Probe, bound: str, opened: str, evidence: tuple[str, ...]) -> Match:
    """E501 where the system lets other machines reach loopback."""
    which = "every interface" if "all" in probe.machine.route_localnet else opened
    text = (
        f"{bound}, but route_localnet is on for {which}: machines on the same link can send"
        " packets to 127.0.0.0/8 of this one and connect, unless a firewall stops them."
    )
    fix = Fix(
        "See where it is on, and switch it off if nothing needs it (kube-proxy may).",
        "sysctl -a -r 'net.ipv4.conf.*.route_localnet'",
        commands.LINUX,
    )
    line = f"sysctl net.ipv4.conf.*.route_localnet = 1: {opened}"
    return Match(text, commands.for_machine(probe, (fix,)), (*evidence, line), severity="notice")


class ListensOnAllInterfaces(Finding):
    """The program takes connections on every address of the machine.

    What it means
    -------------
    A listener on 0.0.0.0 or :: is open on every network of the machine: the one at home, in the
    office or in the cafe, a VPN, the networks of containers. Who can really connect depends on
    firewalls, which this check does not see.

    How it is detected
    ------------------
    The socket table has a listener whose bound address is the unspecified one.

    Why it happens
    --------------
    - It is the default of many servers, and the answer to "it does not work in the container".
    - A flag such as `--host` or `--host 0.0.0.0` was given to reach it from a phone.
    - Container engines publish ports on all addresses unless told otherwise. Docker's own rules
      may let them past a firewall that is set up with ufw.

    What to do
    ----------
    If only this machine needs the service, let it listen on 127.0.0.1: with
    `python3 -m http.server --bind 127.0.0.1`, for instance. A port that a container has
    published is closed where it is published: `docker run -p 127.0.0.1:8000:80`. The program in
    the container stays on 0.0.0.0, or the port leads to nothing. If others need the service,
    make sure that it asks who they are.

    - Linux: `ss -ltnp` shows every listener; `sudo ufw deny 62893/tcp` closes one where ufw is
      in use, but not a port that Docker has published: for those there is the chain DOCKER-USER
    - macOS: System Settings, Network, Firewall
    - Windows: `New-NetFirewallRule -DisplayName 'Block 62893' -Direction Inbound -Protocol TCP
      -LocalPort 62893 -Action Block`

    Sources
    -------
    - ip(7), INADDR_ANY: https://man7.org/linux/man-pages/man7/ip.7.html
    - Docker manual, packet filtering and firewalls:
      https://docs.docker.com/engine/network/packet-filtering-firewalls/
    - Python manual, http.server: https://docs.python.org/3/library/http.server.html
    """

    code = "E502"
    slug = "listens-on-all-interfaces"
    severity = "warning"
    title = "The program listens on every address of the machine"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> list[Match]:
        """Apply to each listener on an unspecified address."""
        probe = subject.probe
        found = [alike for alike in _listeners(subject) if alike[0].reach == "any"]
        if probe is None:
            return []
        loopback = _on_loopback(probe)
        return [
            Match(
                f"{wording.opening(row)} listens on {_where(row)}, which is every address of this"
                " machine: other machines can connect unless a firewall stops them."
                f"{_other_answers_loopback(loopback, row)}",
                _closer(subject, row),
                (wording.listener_line(row),),
                listeners=alike,
            )
            for alike in found
            for row in alike[:1]
        ]


class ListensOnNetworkAddress(Finding):
    """The program takes connections on an address of a network.

    What it means
    -------------
    The bound address belongs to a network interface. Machines that have a way to that address can
    try to connect. Whether a firewall stops them, this check does not see. Connections to
    127.0.0.1 do not reach such a listener.

    How it is detected
    ------------------
    The socket table has a listener whose bound address is neither loopback nor unspecified, or one
    on the unspecified address that is tied to one network device (SO_BINDTODEVICE).

    Why it happens
    --------------
    The program was given that address, to be open in one network and not in the others. The
    addresses of bridges of containers and virtual machines are reached from those only, as a
    rule.

    What to do
    ----------
    If only this machine needs the service, let it listen on 127.0.0.1. If others need it, make
    sure that it asks who they are.

    - Linux: `ip address` shows which interface has the address
    - macOS: `ifconfig`
    - Windows: `ipconfig`

    Sources
    -------
    - ip(7), sockets and addresses: https://man7.org/linux/man-pages/man7/ip.7.html
    - RFC 1122, section 3.3.4.2, multihomed hosts: https://www.rfc-editor.org/info/rfc1122
    - bind(2): https://man7.org/linux/man-pages/man2/bind.2.html
    """

    code = "E503"
    slug = "listens-on-network-address"
    severity = "warning"
    title = "The program listens on an address of a network"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> list[Match]:
        """Apply to each listener on a network address."""
        probe = subject.probe
        if probe is None:
            return []
        loopback = _on_loopback(probe)
        return [
            Match(
                f"{wording.opening(row)} listens on {_where(row)}, {_network(row)}:"
                " other machines can connect unless a firewall stops them."
                f"{_other_answers_loopback(loopback, row)}",
                _closer(subject, row),
                (wording.listener_line(row),),
                listeners=alike,
            )
            for alike in _listeners(subject)
            for row in alike[:1]
            if row.reach == "network"
        ]


def _network(row: Listener) -> str:
    """What the bound address means, where it is not every address of the machine."""
    name = row.interface
    if place(row.address).unspecified:
        return f"bound to the network device {name}" if name else "bound to one network"
    return f"an address of {name}" if name else "an address of a network"


class DualStackListener(Finding):
    """One IPv6 socket on :: takes IPv4 connections as well.

    What it means
    -------------
    A listing shows only `:::62893` or `[::]:62893`, and yet the program answers on 127.0.0.1 and
    on every other IPv4 address. It sees such clients as ::ffff:192.0.2.7 and the like. A rule or
    a test that looks for an IPv4 listener finds none.

    How it is detected
    ------------------
    The socket table has a listener on :: whose option IPV6_V6ONLY is off. Linux reports the option
    over netlink; where a system does not report it, the finding is left out.

    Why it happens
    --------------
    On Linux and macOS the option is off by default, so a program that binds to :: gets both
    families. On Windows and OpenBSD it is on. Linux has `net.ipv6.bindv6only` to change the
    default.

    What to do
    ----------
    Nothing, if both families are meant. Otherwise set IPV6_V6ONLY, or bind to a specific address.

    - Linux: `ss -ltn 'sport = :62893'` prints `*` for a socket that takes both families and
      `[::]` for one that takes IPv6 only
    - macOS: `netstat -an -p tcp | grep 62893` prints tcp46 for both, tcp6 for IPv6 only
    - Windows: `netstat -ano | findstr /R /C:":62893 "` prints a row per family

    Sources
    -------
    - RFC 3493, section 5.3, IPV6_V6ONLY: https://www.rfc-editor.org/info/rfc3493
    - ipv6(7): https://man7.org/linux/man-pages/man7/ipv6.7.html
    - Microsoft, IPPROTO_IPV6 socket options:
      https://learn.microsoft.com/windows/win32/winsock/ipproto-ipv6-socket-options
    - OpenBSD inet6(4): https://man.openbsd.org/inet6.4
    """

    code = "E504"
    slug = "dual-stack-listener"
    severity = "info"
    title = "One IPv6 socket takes IPv4 connections as well"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> list[Match]:
        """Apply to each listener on :: that is known to take IPv4."""
        return [
            Match(
                f"{_where(row)} takes IPv4 as well: a connection to 127.0.0.1:{row.port} reaches"
                " it unless a more specific listener is there.",
                evidence=(wording.listener_line(row),),
                listeners=alike,
            )
            for alike in _listeners(subject)
            for row in alike[:1]
            if row.v6only is False and place(row.address)[:2] == (6, 0)
        ]


class OwnerHidden(Finding):
    """A listener is there, but no process that holds it was seen.

    What it means
    -------------
    The kernel shows the socket to everyone, and the process only to its owner and to root. So
    there is a listener with a user, often with a unit or container, and without a pid. That is
    not the same as "no process".

    How it is detected
    ------------------
    The socket table has the listener, and none of the processes whose open files this user may
    read holds its inode. User and control group come from the kernel's answer over netlink.

    Why it happens
    --------------
    - The service runs as another user, as services of the system do.
    - It runs in another PID namespace, or the kernel itself listens, as for NFS: then root sees
      no process here either. So it is with a descriptor that is on its way through a Unix socket.
    - /proc is not mounted, or with `hidepid`, which keeps other users' processes out of sight.

    What to do
    ----------
    The user and the unit usually tell which service it is. To see the process as well:

    - Linux: `sudo ss -ltnp 'sport = :62893'`
    - macOS: `sudo lsof -nP -iTCP:62893 -sTCP:LISTEN`
    - Windows: `netstat -abno` as Administrator

    Sources
    -------
    - proc_pid_fd(5), who may read it: https://man7.org/linux/man-pages/man5/proc_pid_fd.5.html
    - sock_diag(7), uid and inode of a socket:
      https://man7.org/linux/man-pages/man7/sock_diag.7.html
    - pid_namespaces(7): https://man7.org/linux/man-pages/man7/pid_namespaces.7.html
    """

    code = "E507"
    slug = "owner-hidden"
    severity = "info"
    title = "The listener's process was not seen"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> list[Match]:
        """Apply to each listener without a visible process."""
        probe = subject.probe
        if probe is None:
            return []
        return [
            _hidden(probe, alike[0])._replace(listeners=alike)
            for alike in _listeners(subject)
            if not alike[0].owners
        ]


def _hidden(probe: Probe, row: Listener) -> Match:
    text = f"{_where(row)} belongs to {wording.hidden(row)}"
    line = (wording.listener_line(row),)
    if row.no_owner == "no-processes":
        return Match(f"{text}; the processes could not be looked at.", evidence=line)
    if row.no_owner == "not-found" or probe.machine.privileged:
        text += (
            "; no process was found that holds it: the kernel itself may, or a process of another"
            " PID namespace, such as a container's."
        )
        return Match(text, evidence=line)
    text += "; its pid is hidden from this user."
    fixes = commands.each(
        "To see the process as well:",
        f"sudo ss -lnp{'u' if row.protocol == 'udp' else 't'} 'sport = :{row.port}'",
        f"sudo lsof -nP -i{row.protocol.upper()}:{row.port}",
        "netstat -abno",
    )
    return Match(text, commands.for_machine(probe, fixes), line)


FINDINGS: tuple[type[Finding], ...] = (
    LoopbackOnly,
    ListensOnAllInterfaces,
    ListensOnNetworkAddress,
    DualStackListener,
    OwnerHidden,
)
