"""Group C: what became of the connection, and why.

Which of these findings holds is decided once, in
:mod:`checks.findings.conclusion`, from all witnesses together. The classes
here say it: exactly one of them for an endpoint that was tried, and beside it
:class:`LocalhostResolvesPartially` where clients differ.
"""

from __future__ import annotations

from checks.findings import commands, owners, speech, wording
from checks.findings.base import Finding, Fix, Match
from checks.findings.port.uses import expected
from checks.findings.witness import (
    absent,
    accepted,
    connections,
    covering,
    destination,
    is_local,
    is_self_connected,
    main_owner,
    names_many,
    place,
    port_of,
    why_left_alone,
)
from checks.rules import connects
from checks.rules.owners import main
from checks.rules.queues import is_stuck

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.findings.base import Subject
    from checks.findings.conclusion import Conclusion
    from checks.model.evidence import Answer, Attempt, Listener, Machine, Peer, Probe


class Scene:
    """What a class of this group needs at hand: the conclusion and its surroundings."""

    __slots__ = ("attempt", "conclusion", "name", "number", "probe", "subject")

    def __init__(self, subject: Subject, probe: Probe, number: int, conclusion: Conclusion):
        self.subject = subject
        self.probe = probe
        self.number = number
        self.conclusion = conclusion
        self.attempt = conclusion.attempt
        host = subject.endpoint.host if subject.endpoint else None
        self.name = host.text if host is not None and host.kind == "name" else None

    @property
    def here(self) -> str:
        """The endpoint that the conclusion is about, as a person writes it."""
        if self.attempt is not None:
            return wording.at(self.attempt.address, self.number)
        host = self.subject.endpoint.host if self.subject.endpoint else None
        text = wording.clip(host.text) if host else "port"
        return f"{text}:{self.number}" if host else f"port {self.number}"

    @property
    def named(self) -> str:
        """The same, with the name in front that led to it."""
        return f"{wording.clip(self.name)} ({self.here})" if self.name else self.here

    @property
    def listeners(self) -> tuple[Listener, ...]:
        """The rows that the conclusion rests on."""
        return self.conclusion.listeners

    @property
    def absent(self) -> bool:
        """Whether the socket table shows that no listener takes connections to the address."""
        return absent(self.probe, self.attempt, local=self.conclusion.local)

    def evidence(self, *peers: Peer) -> tuple[str, ...]:
        """The witnesses, one line each."""
        probe = self.probe
        lines = []
        if probe.resolution is not None and self.name is not None:
            lines.append(wording.answer_line(probe.resolution, self.name))
        lines += [wording.attempt_line(one, self.number) for one in probe.attempts]
        if self.conclusion.local:
            lines += [wording.listener_line(row) for row in _shown(self)]
        lines += [wording.peer_line(peer) for peer in peers]
        return tuple(lines)

    def fixes(self, *groups: tuple[Fix, ...]) -> tuple[Fix, ...]:
        """The fixes for the machine that was probed."""
        return commands.for_machine(self.probe, *groups)


def _shown(scene: Scene) -> tuple[Listener, ...]:
    """The rows of the conclusion, and after them the other rows on the port."""
    rows = scene.listeners
    known = frozenset(rows)
    return (*rows, *(row for row in scene.probe.listeners if row not in known))


def _scene(subject: Subject, code: str) -> Scene | None:
    """The scene where *code* is what the witnesses add up to."""
    probe, conclusion = subject.probe, subject.conclusion
    if probe is None or conclusion is None or conclusion.code != code:
        return None
    return Scene(subject, probe, port_of(subject) or 0, conclusion)  # 0: a name alone


def _no_row(scene: Scene) -> tuple[str, ...]:
    """A line for the rows that are not there, where their absence was seen."""
    if not scene.absent:
        return ()
    return (f"socket table: no TCP listener takes connections to {scene.here}",)


class Accepting(Finding):
    """The connection was accepted.

    What it means
    -------------
    Something completed the TCP handshake: the endpoint is open. The message names the process
    where the socket table shows one. It says nothing about whether the service is well; that
    takes a question in its own protocol.

    How it is detected
    ------------------
    connect() succeeded, and the two ends of the connection are different sockets. The listener is
    the row of the socket table that is bound to the address, or else to all addresses. Where
    several would do, the most specific bind answers.

    Sometimes no row of the table covers the address although the connection was accepted. Then
    something outside the table answers: a NAT rule that redirects the port, as container engines
    set, or a relay between a virtual machine and its host. On Linux the table is also asked for the
    other end of the connection while it is open: where that is another port, or no socket at all,
    the connection went past the listener, and the listener is not named as the one that answers.

    Why it happens
    --------------
    A program listens there and is ready to take connections. The kernel accepts on its behalf:
    connections succeed until the queue is full even when the program hangs.

    What to do
    ----------
    Nothing. To see the listener with the system's own tools:

    - Linux: `ss -ltnp 'sport = :62893'`
    - macOS: `lsof -nP -iTCP:62893 -sTCP:LISTEN`
    - Windows: `netstat -ano | findstr /R /C:":62893 "`

    Sources
    -------
    - RFC 9293, section 3.5, establishing a connection: https://www.rfc-editor.org/info/rfc9293
    - listen(2), the queue of completed connections:
      https://man7.org/linux/man-pages/man2/listen.2.html
    - ip(7), addresses of sockets: https://man7.org/linux/man-pages/man7/ip.7.html
    """

    code = "C301"
    slug = "accepting"
    severity = "ok"
    title = "The endpoint accepts connections"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where an address that the host stands for accepted."""
        scene = _scene(subject, cls.code)
        if scene is None or scene.attempt is None:
            return None
        text = f"{scene.named} accepts connections"
        if not scene.conclusion.local:
            text += ". It is not an address of this machine, so who listens cannot be seen here."
        elif scene.listeners:
            first = scene.listeners[0]
            bound = wording.bound(first)
            text += f": {wording.holder(first)} listens on {bound}.{_in_the_way(scene)}"
        elif connects.ended_elsewhere(scene.attempt, scene.number):
            text += f", and {wording.led(scene.attempt)}.{_past(scene)}"
        elif scene.absent:
            text += (
                ", but no listener in this system's socket table takes them: a NAT rule, as"
                " container engines set, or a relay answers."
            )
        else:
            text += "."  # what was not seen, and how to see it, is the probe's note
        return Match(text, evidence=scene.evidence())


def _past(scene: Scene) -> str:
    """A sentence for the listener that would have taken the connection."""
    spot = destination(scene.attempt.address) if scene.attempt else None
    rows = covering(scene.probe, spot, unsure=True) if spot else ()
    if not rows:
        return ""
    return f" {wording.opening(rows[0])} listens on {wording.bound(rows[0])} and gets none of them."


def _in_the_way(scene: Scene) -> str:
    """A sentence for a second listener that would answer, were it not for the first."""
    first, *rest = scene.listeners
    for row in rest:
        if row.address != first.address and row.owners != first.owners:
            return (
                f" {wording.opening(row)} listens on {wording.bound(row)} too; the"
                f" more specific bind to {first.address} is the one that answers here."
            )
    return ""


class NothingListening(Finding):
    """The connection was refused, and nothing listens on that address and port.

    What it means
    -------------
    The machine is there and said no: it answered the request with a reset, because no program has
    a listening socket for the address and the port. Clients show ECONNREFUSED, "Connection
    refused", WSAECONNREFUSED (10061) or ERR_CONNECTION_REFUSED.

    How it is detected
    ------------------
    connect() fails with ECONNREFUSED, and no TCP listener of the socket table is bound to the
    address or to all addresses of its family. Where a listener on the same port is bound to
    another address, or to one network device, the message says so. For another machine, and where
    the socket table could not be read, only the refusal is known: the message then says "most
    likely".

    Why it happens
    --------------
    - The program is not running, or it has not finished starting, or it crashed.
    - It listens on another port than you think, or on another address of the machine.
    - It runs in a container or virtual machine and its port is not published.

    What to do
    ----------
    Start the program and read its first lines of output; most print the address that they listen
    on. If it runs, compare with what the system sees:

    - Linux: `ss -ltnp`
    - macOS: `lsof -nP -iTCP -sTCP:LISTEN`
    - Windows: `Get-NetTCPConnection -State Listen` in PowerShell

    In a container: `docker ps` shows published ports.

    Sources
    -------
    - RFC 9293, section 3.5.2, reset generation: https://www.rfc-editor.org/info/rfc9293
    - connect(2), ECONNREFUSED: https://man7.org/linux/man-pages/man2/connect.2.html
    - Windows Sockets Error Codes, WSAECONNREFUSED:
      https://learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2
    """

    code = "C302"
    slug = "nothing-listening"
    severity = "error"
    title = "Nothing listens there"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where a refusal has no better explanation."""
        scene = _scene(subject, cls.code)
        if scene is None or scene.attempt is None:
            return None
        if not scene.conclusion.local:
            text = (
                f"{scene.named} refused the connection: nothing listens there, or a packet filter"
                " on the way refuses for it."
            )
            return Match(text, evidence=scene.evidence())
        text = f"Nothing listens on {scene.named}: the connection was refused."
        if not scene.absent:
            text = f"{scene.named} refused the connection"
            text += "." if scene.listeners else ": most likely no program listens there."
        if scene.listeners:
            return _listens_elsewhere(scene, scene.attempt, text)
        text += _recent(scene.probe) + _usual(subject)
        fixes = scene.fixes(
            commands.advice("Start the program that should listen there."),
            commands.all_listeners(),
        )
        return Match(text, fixes, (*scene.evidence(*_time_waits(scene.probe)), *_no_row(scene)))


def _listens_elsewhere(scene: Scene, attempt: Attempt, text: str) -> Match:
    """C302 where the port has a listener that does not take this address."""
    row = scene.listeners[0]
    where = wording.bound(row)
    if place(row.address).unspecified and row.interface is not None:
        text += (
            f" {wording.opening(row)} listens on {where}, but its socket is bound to the network"
            f" device {row.interface} and takes nothing that arrives by another way."
        )
        advice = f"Connect to an address of {row.interface}, or unbind the socket from it."
    else:
        text += f" {wording.opening(row)} listens on {where} instead."
        too = owners.listen_on(row, scene.probe, attempt.address)
        advice = f"Connect to {where}, or {too} too."
    return Match(text, scene.fixes((Fix(advice),)), scene.evidence())


def _time_waits(probe: Probe) -> tuple[Peer, ...]:
    return tuple(peer for peer in probe.others if peer.state == "time-wait")[:1]


def _recent(probe: Probe) -> str:
    """What other rows and trials tell about a port without a listener."""
    if any(binding.outcome == "bound-not-listening" for binding in probe.bindings):
        return " A socket is bound to the port, but it does not listen."
    if _time_waits(probe):
        return " A connection on this port was closed a short while ago (TIME_WAIT)."
    return ""


def _usual(subject: Subject) -> str:
    """A hint at what is expected on the port, where tables know one."""
    port = subject.endpoint.port if subject.endpoint else None
    machine = subject.probe.machine if subject.probe else None
    phrase = expected(port, machine) if port else None
    return f" Port {port.number} is {phrase}." if port and phrase else ""


class RefusedDespiteListener(Finding):
    """The connection was refused although a listener has that address and port.

    What it means
    -------------
    Two witnesses disagree. The socket table has a listener that should take the connection, and
    the connection was refused or reset. So something between the two said no.

    How it is detected
    ------------------
    connect() fails with ECONNREFUSED (or ECONNRESET), and the table has a TCP listener bound to
    that address, or to all addresses of its family.

    Why it happens
    --------------
    - A packet filter rejects with a TCP reset (`reject with tcp reset`). Where it answers by ICMP
      instead, Linux keeps the message, and the finding is rejected-by-policy.
    - The port is redirected by a NAT rule to a place where nothing listens.
    - The program started or stopped listening between the two looks.
    - On Windows and on BSD systems a full queue may be refused. Linux does not answer then.

    What to do
    ----------
    Run the check again. If the answer stays, look for the rule.

    - Linux: `sudo nft list ruleset`, and `sudo iptables -S` for older rule sets
    - macOS: `sudo pfctl -s rules`
    - Windows: `Get-NetFirewallRule -Enabled True -Action Block`

    Sources
    -------
    - nft(8), reject statement: https://manpages.debian.org/bookworm/nftables/nft.8.en.html
    - RFC 9293, section 3.5.3, reset processing: https://www.rfc-editor.org/info/rfc9293
    - OpenBSD listen(2), full queue: https://man.openbsd.org/listen.2
    - Microsoft, listen function:
      https://learn.microsoft.com/windows/win32/api/winsock2/nf-winsock2-listen
    """

    code = "C303"
    slug = "refused-despite-listener"
    severity = "error"
    title = "Refused although a program listens there"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where a listener covers a refused address, and to resets."""
        scene = _scene(subject, cls.code)
        if scene is None or scene.attempt is None:
            return None
        what = "reset" if scene.attempt.outcome == "reset" else "refused"
        if not scene.listeners:
            text = (
                f"The connection to {scene.named} was {what} while it was being set up, which an"
                " absent listener does not explain: a packet filter or a relay broke it off."
            )
        else:
            row = scene.listeners[0]
            text = (
                f"{wording.opening(row)} listens on {wording.bound(row)}, and yet"
                f" the connection to {scene.named} was {what}: a packet filter that rejects is the"
                " usual cause."
            )
        fixes = scene.fixes(
            commands.advice("Run the check again, in case the program has only just started."),
            commands.filter_rules(),
        )
        return Match(text, fixes, scene.evidence())


class Dropped(Finding):
    """No answer came at all: the packets were dropped.

    What it means
    -------------
    The connection attempt met silence. A machine answers at once when nothing listens, and it
    answers when something does. For an address of this machine silence most likely means that a
    packet filter threw the packets away, once a full queue is ruled out.

    How it is detected
    ------------------
    connect() did not finish in the given time, more than once, and no listener for the address
    has a full queue (that would be backlog-full). The message says whether there is a listener.
    Where the system does not show the queue, both explanations are given. For another machine
    silence may also mean that it is off or its address wrong.

    Why it happens
    --------------
    - A rule with `drop` in nftables, iptables, pf or a security product.
    - A network policy of a container engine or of a cloud.
    - A filter that the program put on its own socket (SO_ATTACH_FILTER).
    - A route or VPN that swallows the packets.

    What to do
    ----------
    Look for the rule. A filter that counts shows which one matches while you try.

    - Linux: `sudo nft list ruleset`, and `sudo iptables -L -v -n` for older rule sets
    - macOS: `sudo pfctl -s rules`
    - Windows: `Get-NetFirewallRule -Enabled True -Action Block`

    A longer time limit helps only where the way is slow, never on loopback.

    Sources
    -------
    - RFC 9293, section 3.5.2, when a reset must be sent: https://www.rfc-editor.org/info/rfc9293
    - connect(2), ETIMEDOUT: https://man7.org/linux/man-pages/man2/connect.2.html
    - nft(8), drop verdict: https://manpages.debian.org/bookworm/nftables/nft.8.en.html
    - pf.conf(5), block drop: https://man.openbsd.org/pf.conf.5
    """

    code = "C304"
    slug = "dropped"
    severity = "error"
    title = "No answer: the packets are dropped"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to silence that no queue explains."""
        scene = _scene(subject, cls.code)
        if scene is None or scene.attempt is None:
            return None
        text = f"{scene.named} does not answer{_for_long(scene.attempt)}"
        if not scene.conclusion.local:
            text += ": the other machine is off, or packets are dropped on the way there or back."
            fixes = scene.fixes(commands.route(scene.attempt.address))
            return Match(text, fixes, scene.evidence())
        text += _silence_here(scene)
        fixes = scene.fixes(commands.filter_rules())
        return Match(text, fixes, (*scene.evidence(), *_no_row(scene)))


def _for_long(attempt: Attempt) -> str:
    time = wording.clock(attempt.milliseconds)
    tries = f", {attempt.attempts} times" if attempt.attempts > 1 else ""
    return f" (waited {time}{tries})" if time else ""


def _silence_here(scene: Scene) -> str:
    """Why an address of this machine is silent."""
    if not scene.listeners:
        if not scene.absent:
            return (
                ": a packet filter drops the packets, or a program listens there and its queue is"
                " full. Which of them was not seen."
            )
        return (
            ". No program listens there, and without a packet filter that drops the packets a"
            " refusal would have come at once."
        )
    row = scene.listeners[0]
    who = f" although {wording.holder(row)} listens on {wording.bound(row)}"
    if row.queue is None or row.backlog is None:
        return f"{who}: a packet filter drops the packets, or the program's queue is full."
    return f"{who} and its queue has room: most likely a packet filter drops the packets."


class BacklogFull(Finding):
    """A program listens, but it does not take the connections that wait.

    What it means
    -------------
    The kernel completes connections for a listening program and lines them up until the program
    takes them with accept(). The line has a limit, the backlog. When it is full, Linux drops new
    requests without an answer. To a client and to a port scanner this looks like a firewall.

    How it is detected
    ------------------
    connect() met silence, and the row of the listener shows more waiting connections than its
    backlog. Linux compares with "greater than": a backlog of 0 holds one connection.

    Why it happens
    --------------
    - The program hangs, is stopped in a debugger, or does one long task in the thread that
      accepts.
    - It gets more connections than it can take, or its backlog is very small.

    What to do
    ----------
    Find out why the program does not accept. Restarting it clears the queue.

    - Linux: `ss -ltnp 'sport = :62893'` shows the queue as Recv-Q and the backlog as Send-Q.
      `sysctl net.core.somaxconn` is the upper limit for the backlog.
    - macOS: `netstat -Lan` shows the queues.
    - Windows: the queue is not shown; look at the process in the Task Manager.

    Sources
    -------
    - listen(2), backlog: https://man7.org/linux/man-pages/man2/listen.2.html
    - ss(8): https://man7.org/linux/man-pages/man8/ss.8.html
    - Linux include/net/sock.h, sk_acceptq_is_full():
      https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/tree/include/net/sock.h
    """

    code = "C305"
    slug = "backlog-full"
    severity = "error"
    title = "The program listens but does not accept: its queue is full"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to silence where the listener's queue is longer than its backlog."""
        scene = _scene(subject, cls.code)
        if scene is None or not scene.listeners:
            return None
        row = scene.listeners[0]
        text = (
            f"{wording.opening(row)} listens on {wording.bound(row)} but does not"
            f" accept: {_waiting(row.queue or 0)} (backlog {row.backlog}), so {scene.named} gets no"
            f" answer.{_halted(row)}"
        )
        fixes = scene.fixes(
            owners.wake(row, scene.probe.machine),
            commands.advice("Find out why the program does not accept, or restart it."),
            commands.who_listens(scene.number),
            owners.stop(row, scene.probe),
        )
        return Match(text, fixes, scene.evidence())


class RejectedByPolicy(Finding):
    """A rule forbids the connection, and says so.

    What it means
    -------------
    The attempt was neither refused by an absent listener nor dropped. Something answered that it
    is not allowed: a packet filter by an ICMP message, or this system itself before any packet
    was sent.

    How it is detected
    ------------------
    connect() fails at once with one of these:

    - EHOSTUNREACH ("No route to host") or ECONNREFUSED, together with an ICMP message that only a
      rule sends: "administratively prohibited", or "port unreachable", which TCP itself answers
      with a reset. Linux keeps the message for the socket (IP_RECVERR).
    - EACCES or EPERM: a rule of this system, such as a route of type prohibit, a security module
      or a filter on the process's control group.

    Why it happens
    --------------
    - A `reject` rule with an ICMP answer, which is what nftables and iptables send unless told
      otherwise.
    - SELinux, AppArmor, a sandbox, or a security product restricts the program.

    What to do
    ----------
    Look for the rule that answers.

    - Linux: `sudo nft list ruleset`; `ip route get 127.0.0.1` for the route;
      `sudo ausearch -m avc -ts recent` where SELinux is in use
    - macOS: `sudo pfctl -s rules`
    - Windows: `Get-NetFirewallRule -Enabled True -Action Block`

    Sources
    -------
    - connect(2), EACCES, EPERM: https://man7.org/linux/man-pages/man2/connect.2.html
    - RFC 1812, section 5.2.7.1, ICMP "communication administratively prohibited":
      https://www.rfc-editor.org/info/rfc1812
    - nft(8), reject statement: https://manpages.debian.org/bookworm/nftables/nft.8.en.html
    - ip(7), IP_RECVERR: https://man7.org/linux/man-pages/man7/ip.7.html
    - ip-route(8), type prohibit: https://man7.org/linux/man-pages/man8/ip-route.8.html
    """

    code = "C306"
    slug = "rejected-by-policy"
    severity = "error"
    title = "A rule forbids the connection"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to the outcome ``rejected``."""
        scene = _scene(subject, cls.code)
        if scene is None or scene.attempt is None:
            return None
        errno = scene.attempt.errno
        if errno in ("EACCES", "EPERM"):
            text = f"This system itself does not allow the connection to {scene.named} ({errno})."
        else:
            icmp = connects.words(scene.attempt.icmp) if scene.attempt.icmp else ""
            shown = ", ".join(part for part in (errno, icmp) if part)
            text = f"A packet filter rejected the connection to {scene.named}"
            text += f" ({shown})." if shown else "."
        if scene.listeners:
            row = scene.listeners[0]
            where = wording.bound(row)
            text += f" {wording.opening(row)} does listen on {where}."
        return Match(text, scene.fixes(commands.filter_rules()), scene.evidence())


class Unreachable(Finding):
    """This machine has no way to the address.

    What it means
    -------------
    The connection failed before anyone could answer: there is no route to the address, no address
    of the same family to send from, or the family is switched off.

    How it is detected
    ------------------
    connect() fails with ENETUNREACH, EHOSTUNREACH, EHOSTDOWN, EADDRNOTAVAIL, EAFNOSUPPORT or
    EINVAL. The message says what the errno means. That nothing on the link answers is said only
    after a wait, or by an ICMP "host unreachable" of this machine itself. Or the address names an
    interface that this machine does not have; then nothing was tried.

    Why it happens
    --------------
    - IPv6 is switched off, and the address is an IPv6 one. ::1 then fails with EADDRNOTAVAIL on
      Linux.
    - The loopback interface is down, as it is in a new network namespace.
    - The address is a broadcast or multicast one. TCP connects to one machine, so Linux gives
      ENETUNREACH for 127.255.255.255 and 224.0.0.1, although a route is there.
    - A route of this system forbids the way: type unreachable gives EHOSTUNREACH at once, type
      blackhole EINVAL.
    - A link-local IPv6 address was given with an interface that is not there, or without one.
    - All local ports towards that endpoint are in use (EADDRNOTAVAIL).

    What to do
    ----------
    Use an address that the machine has, or bring the interface up.

    - Linux: `ip address`, `ip route get ADDRESS`, `sudo ip link set lo up`
    - macOS: `ifconfig`, `route -n get ADDRESS`
    - Windows: `ipconfig /all`, `Find-NetRoute -RemoteIPAddress ADDRESS`

    Sources
    -------
    - connect(2), ENETUNREACH, EADDRNOTAVAIL: https://man7.org/linux/man-pages/man2/connect.2.html
    - ip(7), errors: https://man7.org/linux/man-pages/man7/ip.7.html
    - RFC 1122, section 4.2.3.10, TCP and broadcast or multicast:
      https://www.rfc-editor.org/info/rfc1122
    - ip-route(8), types unreachable and blackhole:
      https://man7.org/linux/man-pages/man8/ip-route.8.html
    - RFC 4007, section 6, zones of link-local addresses: https://www.rfc-editor.org/info/rfc4007
    """

    code = "C307"
    slug = "unreachable"
    severity = "error"
    title = "There is no way to the address from here"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where no packet could get there."""
        scene = _scene(subject, cls.code)
        if scene is None or scene.attempt is None:
            return None
        attempt = scene.attempt
        text = (
            f"{scene.named} cannot be reached from here: {_no_way(attempt, scene.probe.machine)}."
        )
        down = (_LOOPBACK_UP,) if attempt.reason == _LOOPBACK_DOWN else ()
        fixes = scene.fixes(down, commands.route(attempt.address.partition("%")[0]))
        return Match(text, fixes, scene.evidence())


_LOOPBACK_DOWN = "loopback-down"
_LOOPBACK_UP = Fix("Bring the loopback interface up.", "sudo ip link set lo up", commands.LINUX)


_LONG = 500  # milliseconds; a neighbour that is asked for and does not answer takes longer


def _no_way(attempt: Attempt, machine: Machine) -> str:
    """What stopped the attempt before anyone could answer."""
    family = "IPv6" if place(attempt.address).version == 6 else "IPv4"
    if attempt.outcome == "skipped":
        return f"this machine has no interface {attempt.address.partition('%')[2] or 'for it'}"
    icmp = connects.words(attempt.icmp) if attempt.icmp else None
    down = "the loopback interface lo is down" if attempt.reason == _LOOPBACK_DOWN else None
    known = [part for part in (attempt.errno, icmp, down) if part]
    errno = f" ({'; '.join(known)})" if known else ""
    if attempt.outcome == "unsupported":
        return f"this system has no {family}{errno}"
    if attempt.outcome == "address-not-available":
        return f"there is no {family} address or port to send from{errno}"
    if names_many(place(attempt.address), machine):
        return f"TCP cannot connect to a broadcast or multicast address{errno}"
    if attempt.errno in ("EHOSTUNREACH", "EHOSTDOWN"):
        return _no_host(attempt, machine) + errno
    if attempt.errno == "EINVAL":
        return f"this system's routing does not allow it{errno}"
    return f"there is no route to the address{errno}"


def _no_host(attempt: Attempt, machine: Machine) -> str:
    """What EHOSTUNREACH stands for: a neighbour that is silent, a router's word, or a route."""
    icmp = attempt.icmp
    told = icmp is not None and connects.says_no_host(icmp)
    if icmp is not None and told and not is_local(place(icmp.sender or ""), machine):
        return f"the router {icmp.sender or 'on the way'} says that it is not reachable"
    if told or (attempt.milliseconds or 0) >= _LONG:
        return "nothing on the link answers for the address"
    return "this system's routing gives no way to it, at once"


class NameNotResolved(Finding):
    r"""The system's resolver gives no address for the name.

    What it means
    -------------
    No connection was tried, because the system does not know where to. Programs show ENOTFOUND,
    EAI_NONAME, "Name or service not known", WSAHOST_NOT_FOUND (11001) or ERR_NAME_NOT_RESOLVED.

    How it is detected
    ------------------
    getaddrinfo() of the system fails for the name, or gives no address. Its error is in the
    evidence: EAI_NONAME means that the name is unknown, EAI_AGAIN that no name server answered.

    Why it happens
    --------------
    - The name is mistyped, or it exists only in another network, VPN or container.
    - It is a name under .localhost: browsers answer those by themselves, while the C library of
      Linux may not.
    - host.docker.internal and its like exist inside containers only.
    - No name server can be reached.

    What to do
    ----------
    Use the address, or add the name to the hosts file: /etc/hosts on Linux and macOS,
    `C:\Windows\System32\drivers\etc\hosts` on Windows. Ask the system:

    - Linux: `getent ahosts NAME`
    - macOS: `dscacheutil -q host -a name NAME`
    - Windows: `Resolve-DnsName NAME`

    Sources
    -------
    - getaddrinfo(3), errors: https://man7.org/linux/man-pages/man3/getaddrinfo.3.html
    - RFC 6761, section 6.3, localhost names: https://www.rfc-editor.org/info/rfc6761
    - hosts(5): https://man7.org/linux/man-pages/man5/hosts.5.html
    """

    code = "C308"
    slug = "name-not-resolved"
    severity = "error"
    title = "The system knows no address for the name"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where the resolver gave nothing."""
        scene = _scene(subject, cls.code)
        if scene is None:
            return None
        name = scene.name or scene.here
        resolution = scene.probe.resolution
        error = resolution.error if resolution is not None else None
        why = _NO_NAME.get(error or "", "")
        text = f"This system knows no address for {wording.clip(name)}{why}"
        text += f" ({error})." if error else "" if text.endswith(".") else "."
        answering = accepted(scene.probe)
        if answering:
            where = wording.at(answering[0].address, scene.number)
            text += f" A service does answer on {where}; programs that know the name reach it."
        fixes = scene.fixes(
            commands.resolver(name), commands.advice("Use the address, or correct the name.")
        )
        return Match(text, fixes, scene.evidence())


_NO_NAME = {
    "EAI_AGAIN": ": no name server answered",
    "ETIMEDOUT": ": the resolver did not answer in time",
}


class WrongFamily(Finding):
    """The service listens on IPv6 only and was asked by IPv4, or the reverse.

    What it means
    -------------
    127.0.0.1 and ::1 are different addresses of different protocols. A program that listens on
    one of them does not answer on the other. The program runs, and the connection fails.

    How it is detected
    ------------------
    - The connection was refused, and on the same port a listener is bound to the loopback address
      of the other family, or to all addresses of the other family only.
    - Or the name resolves to one family only, and the service answered on the other when that was
      tried as well.

    A listener on :: takes IPv4 as well, unless IPV6_V6ONLY is set on its socket.

    Why it happens
    --------------
    A server was told to listen on "localhost", and the system gave it ::1 first; Node does so
    since version 17, where the resolver's order counts. The client used 127.0.0.1. Or the hosts
    file has only one line for localhost, so programs that ask the system see one family. curl and
    Chromium do not ask it for localhost and get through.

    What to do
    ----------
    Connect to the address that the message names. Or let the server listen on 127.0.0.1, or on
    both.

    - Linux: `ss -ltnp 'sport = :62893'` shows the family of the listener.
    - macOS: `lsof -nP -iTCP:62893 -sTCP:LISTEN`
    - Windows: `netstat -ano | findstr /R /C:":62893 "`

    Sources
    -------
    - RFC 3493, section 5.3, IPV6_V6ONLY: https://www.rfc-editor.org/info/rfc3493
    - RFC 6724, section 6, order of addresses: https://www.rfc-editor.org/info/rfc6724
    - ipv6(7): https://man7.org/linux/man-pages/man7/ipv6.7.html
    - Node.js manual, dns.setDefaultResultOrder(): https://nodejs.org/api/dns.html
    """

    code = "C309"
    slug = "wrong-family"
    severity = "error"
    title = "The service listens on the other IP family"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where the other family has the listener."""
        scene = _scene(subject, cls.code)
        if scene is None or scene.attempt is None:
            return None
        resolution = scene.probe.resolution
        if scene.attempt.outcome == "accepted" and resolution is not None:
            return _resolved_to_other_family(scene, resolution)
        row = scene.listeners[0]
        asked = "IPv4" if destination(scene.attempt.address).version == 4 else "IPv6"
        other = "IPv6" if asked == "IPv4" else "IPv4"
        where = wording.bound(row)
        text = (
            f"{wording.opening(row)} listens on {where}, which takes {other} only; the connection"
            f" to {scene.named} by {asked} was refused."
        )
        instead = "::1" if other == "IPv6" else "127.0.0.1"
        target = row.address if not place(row.address).unspecified else instead
        too = owners.listen_on(row, scene.probe, scene.attempt.address)
        fixes = (
            Fix(f"Connect to {wording.at(target, scene.number)}."),
            Fix(f"Or {too}, or on both families."),
        )
        return Match(text, scene.fixes(fixes), scene.evidence())


def _resolved_to_other_family(scene: Scene, resolution: Answer) -> Match:
    """C309 where the name leads to one family and the service answers on the other."""
    name = wording.clip(scene.name or "the name")
    given = wording.joined(resolution.addresses)
    text = (
        f"The service answers on {scene.here}, but this system resolves {name} to {given} only:"
        " programs that ask the system do not reach it. curl and Chromium do, because they answer"
        " localhost by themselves."
    )
    fixes = (
        Fix(f"Connect to {scene.here}."),
        Fix(f"Or let the program listen on {given}, or on both families."),
    )
    return Match(text, scene.fixes(fixes), scene.evidence())


class WrongLoopbackAddress(Finding):
    """The service listens on another loopback address than the one that was asked.

    What it means
    -------------
    All of 127.0.0.0/8 is loopback, and still each address is one of its own. A program that
    listens on 127.0.0.2 does not answer on 127.0.0.1.

    How it is detected
    ------------------
    The connection to a loopback address was refused, and on the same port a TCP listener is bound
    to another loopback address. If that is ::1 beside 127.0.0.1, the finding is wrong-family.

    Why it happens
    --------------
    - The service was put on an address of its own on purpose, such as 127.0.0.53 for the resolver
      of systemd.
    - The machine's own name leads to 127.0.1.1, as Debian sets it up, and the service was bound
      to the name.
    - A digit was mistyped.

    What to do
    ----------
    Connect to the address that the message names, or let the program listen on 127.0.0.1.

    - Linux: `ss -ltnp 'sport = :62893'`
    - macOS: `lsof -nP -iTCP:62893 -sTCP:LISTEN`. Addresses other than 127.0.0.1 need an alias:
      `sudo ifconfig lo0 alias 127.0.0.2`
    - Windows: `netstat -ano | findstr /R /C:":62893 "`

    Sources
    -------
    - RFC 1122, section 3.2.1.3 (g): https://www.rfc-editor.org/info/rfc1122
    - bind(2): https://man7.org/linux/man-pages/man2/bind.2.html
    - ip(7), sockets and addresses: https://man7.org/linux/man-pages/man7/ip.7.html
    """

    code = "C310"
    slug = "wrong-loopback-address"
    severity = "error"
    title = "The service listens on another loopback address"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where another loopback address has the listener."""
        scene = _scene(subject, cls.code)
        if scene is None or scene.attempt is None:
            return None
        row = scene.listeners[0]
        where = wording.bound(row)
        text = (
            f"{wording.opening(row)} listens on {where}, another loopback address; the connection"
            f" to {scene.named} was refused."
        )
        fixes = (
            Fix(f"Connect to {where}."),
            Fix(f"Or {owners.listen_on(row, scene.probe, scene.attempt.address)}."),
        )
        return Match(text, scene.fixes(fixes), scene.evidence())


class UdpOnly(Finding):
    """The port is in use for UDP, and the connection was tried by TCP.

    What it means
    -------------
    TCP and UDP have separate ports: 62893/udp and 62893/tcp have nothing to do with each other. A
    program that listens for UDP does not answer a TCP connection, so that is refused.

    How it is detected
    ------------------
    The TCP connection was refused, the socket table has no TCP listener on the port, and it has
    an unconnected UDP socket on it.

    Why it happens
    --------------
    - The service speaks UDP: DNS (53, also TCP), mDNS (5353), QUIC and HTTP/3, WireGuard, syslog.
    - Its TCP part is not switched on.
    - Any program that sends UDP has such a socket for a while. That it has the port that was
      asked for may be chance.

    What to do
    ----------
    Use a client for the service's own protocol. Silence in reply to a UDP packet is normal and
    proves nothing.

    - Linux: `ss -lunp 'sport = :62893'`
    - macOS: `lsof -nP -iUDP:62893`
    - Windows: `netstat -ano -p UDP | findstr :62893`

    Sources
    -------
    - RFC 768, UDP: https://www.rfc-editor.org/info/rfc768
    - RFC 6335, section 6, ports by transport: https://www.rfc-editor.org/info/rfc6335
    - udp(7): https://man7.org/linux/man-pages/man7/udp.7.html
    """

    code = "C311"
    slug = "udp-only"
    severity = "error"
    title = "The port is in use for UDP, not for TCP"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where only UDP sockets have the port."""
        scene = _scene(subject, cls.code)
        if scene is None:
            return None
        row = scene.listeners[0]
        text = (
            f"{wording.opening(row)} has {wording.bound(row)} open for UDP, and"
            f" nothing listens for TCP: the TCP connection to {scene.named} was refused."
        )
        port = scene.number
        fixes = scene.fixes(
            commands.advice("Use a client that speaks UDP, or switch on the TCP side."),
            commands.each(
                "Show the UDP socket.",
                f"ss -lunp 'sport = :{port}'",
                f"lsof -nP -iUDP:{port}",
                f"netstat -ano -p UDP | findstr :{port}",
            ),
        )
        return Match(text, fixes, scene.evidence())


class SelfConnect(Finding):
    """The connection succeeded, but to itself: nobody listens.

    What it means
    -------------
    A client needs a local port. If the system gives it the very port that it connects to, on the
    same address, both ends are one socket, and TCP allows that: the handshake succeeds without a
    server. A simple check then calls the port open. It is not, and while such a connection lasts,
    the real server cannot bind the port.

    How it is detected
    ------------------
    connect() succeeded, and the socket's own address and port equal those of its peer. Or the
    socket table has an established connection whose two ends are the same, and no listener.

    Why it happens
    --------------
    The target port lies in the ephemeral range, nothing listens, and a client tries again and
    again. Sooner or later the system picks that port for it. Scripts that wait for a server in a
    loop are the usual victims.

    What to do
    ----------
    Start the server. Give it a port outside the ephemeral range. In a waiting loop, compare
    getsockname() with getpeername() and try again where they are equal.

    - Linux: `sysctl net.ipv4.ip_local_port_range`
    - macOS: `sysctl net.inet.ip.portrange.first net.inet.ip.portrange.last`
    - Windows: `netsh int ipv4 show dynamicport tcp`

    Sources
    -------
    - RFC 9293, section 3.5, simultaneous connection attempts:
      https://www.rfc-editor.org/info/rfc9293
    - Linux ip-sysctl, ip_local_port_range: https://docs.kernel.org/networking/ip-sysctl.html
    - getsockname(2): https://man7.org/linux/man-pages/man2/getsockname.2.html
    """

    code = "C312"
    slug = "self-connect"
    severity = "error"
    title = "The connection reached itself: nobody listens"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to self-connects of the probe, and of other programs without a listener."""
        scene = _scene(subject, cls.code)
        if scene is None or scene.attempt is None:
            return None
        peers = tuple(peer for peer in scene.probe.others if is_self_connected(peer))
        if scene.attempt.outcome == "self-connected":
            text = (
                f"The connection to {scene.named} reached itself: the system chose port"
                f" {scene.number} as its source. Nothing listens there."
            )
        else:
            who = peers[0].owners
            words = wording.processes(who) if who else "another program"
            holder = wording.begin(words, main(who))
            text = (
                f"Nothing listens on {scene.named}. {holder} is connected to itself on that port,"
                " which keeps a server from binding it."
            )
        fixes = scene.fixes(
            commands.advice("Start the server, or give it a port outside the ephemeral range."),
            commands.who_uses(scene.number),
        )
        return Match(text, fixes, scene.evidence(*peers))


class ClientSidePort(Finding):
    """Only one end of a connection uses the port; nobody listens on it.

    What it means
    -------------
    The port belongs to an existing connection of this machine, as its local end. That is not a
    listener: the port takes no other connection. Tools that show "the process on the port" often
    show this one.

    How it is detected
    ------------------
    The connection was refused, the socket table has no listener on the port, and it has a
    connection whose local port this is.

    Why it happens
    --------------
    - A client got the number from the ephemeral range, and it showed up in a log as the address
      of a peer.
    - A server stopped listening while a connection that it had accepted goes on. The table alone
      cannot tell these two apart.

    What to do
    ----------
    For a peer's address in a log, look for the server's address instead. To start a server on
    the port, wait until the connection ends, or choose a port outside the ephemeral range.

    - Linux: `ss -tanp 'sport = :62893'`
    - macOS: `lsof -nP -iTCP:62893`
    - Windows: `netstat -ano | findstr /R /C:":62893 "`

    Sources
    -------
    - RFC 9293, section 3.3.2, states of a connection: https://www.rfc-editor.org/info/rfc9293
    - RFC 6056, port selection by clients: https://www.rfc-editor.org/info/rfc6056
    - ss(8): https://man7.org/linux/man-pages/man8/ss.8.html
    """

    code = "C313"
    slug = "client-side-port"
    severity = "error"
    title = "Only an existing connection uses the port; nobody listens"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where connections use the port and nothing listens on it."""
        scene = _scene(subject, cls.code)
        if scene is None:
            return None
        peers = connections(scene.probe)
        peer = peers[0]
        ends = f"{peer.local} to {peer.remote}" if peer.remote else peer.local
        connection = f"a connection ({ends}, {peer.state})"
        text = f"Nothing listens on {scene.named}. "
        if peer.owners:
            who = wording.begin(wording.processes(peer.owners), main(peer.owners))
            text += f"{who} uses the port only as its end of {connection}."
        else:
            text += f"The port is in use by {connection}; no process was seen that holds it."
        fixes = scene.fixes(
            commands.advice("Look for the server's own port; this one takes no connection."),
            commands.who_uses(scene.number),
        )
        return Match(text, fixes, scene.evidence(*peers[:3]))


class NotThisMachine(Finding):
    """The address belongs to another machine, so nothing was tried.

    What it means
    -------------
    These checks look at the machine that they run on. To connect to other machines is left to
    you: it may be noticed, logged, or not allowed.

    How it is detected
    ------------------
    The address is not loopback and none of this machine's interfaces has it.

    Why it happens
    --------------
    - You mean another machine, or a container or virtual machine with an address of its own.
    - The machine's address has changed since the address was written down.

    What to do
    ----------
    To have the connection tried, add `--remote` to the command. What the socket table would show
    is not known then; only the connection's outcome is. To see this machine's addresses:

    - Linux: `ip address`
    - macOS: `ifconfig`
    - Windows: `ipconfig`

    Sources
    -------
    - RFC 1122, section 3.3.4.2, the addresses of a host: https://www.rfc-editor.org/info/rfc1122
    - getifaddrs(3): https://man7.org/linux/man-pages/man3/getifaddrs.3.html
    """

    code = "C316"
    slug = "not-this-machine"
    severity = "info"
    title = "The address is not this machine's; nothing was tried"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where the probe kept away from another machine."""
        scene = _scene(subject, cls.code)
        if scene is None:
            return None
        first = scene.probe.attempts[0].address if scene.probe.attempts else None
        where = wording.at(first, scene.number) if first else scene.here
        if scene.name:
            where = f"{wording.clip(scene.name)} ({where})" if first else where
        text = f"{where} is not an address of this machine, so no connection was tried."
        return Match(text, (Fix("Add --remote to try it."),), scene.evidence())


class LocalhostResolvesPartially(Finding):
    """The service answers on a part of the addresses that the name stands for.

    What it means
    -------------
    A name such as localhost stands for an IPv4 and an IPv6 address. The service answers on one of
    them and not on the other. Whether a client gets through depends on which address it tries
    first, and on whether it tries another after that.

    How it is detected
    ------------------
    Every address of the name was tried, for localhost always both families. At least one accepted
    and one did not, or the resolver does not give the one that accepted.

    Why it happens
    --------------
    The server listens on one family only. Clients differ:

    - curl (since 7.78) and Chromium take both loopback addresses for localhost, whatever the
      system says, and go on to the second.
    - Node 17 and later keeps the order of the resolver; from version 20 it tries the others too.
    - Python's socket.create_connection() tries every address that the resolver gives.
    - Some programs use the first address and stop there.

    What to do
    ----------
    Let the server listen on both families, or write the address that answers instead of the name.

    - Linux: `getent ahosts localhost` shows the order; /etc/hosts and /etc/gai.conf set it.
    - macOS: `dscacheutil -q host -a name localhost`
    - Windows: `Resolve-DnsName localhost`

    Sources
    -------
    - RFC 6761, section 6.3: https://www.rfc-editor.org/info/rfc6761
    - RFC 8305, Happy Eyeballs: https://www.rfc-editor.org/info/rfc8305
    - gai.conf(5): https://man7.org/linux/man-pages/man5/gai.conf.5.html
    - Node.js manual, dns.setDefaultResultOrder() and net autoSelectFamily:
      https://nodejs.org/api/net.html
    - curl's author on its localhost:
      https://daniel.haxx.se/blog/2021/05/31/curl-localhost-as-a-local-host/
    """

    code = "C317"
    slug = "localhost-resolves-partially"
    severity = "notice"
    title = "The service answers on only some of the name's addresses"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to names where one address accepted and another did not."""
        probe, number = subject.probe, port_of(subject)
        host = subject.endpoint.host if subject.endpoint else None
        if probe is None or number is None or host is None or host.kind != "name":
            return None
        answering = accepted(probe)
        if not answering or probe.resolution is None or not probe.resolution.addresses:
            return None
        silent = [one for one in probe.attempts if one.outcome in _NO_ANSWER or is_stuck(one)]
        if not silent:
            return None
        order = [place(address) for address in probe.resolution.addresses]
        good = {place(one.address) for one in answering}
        fix = Fix(
            f"Use {wording.at(answering[0].address, number)}, or let the program listen on both"
            " families."
        )
        text = (
            f"{wording.clip(host.text)}:{number} answers on"
            f" {wording.joined([one.address for one in answering])} and not on"
            f" {wording.joined([one.address for one in silent])}. "
        )
        evidence = (
            wording.answer_line(probe.resolution, host.text),
            *(wording.attempt_line(one, number) for one in probe.attempts),
        )
        if order[0] in good:
            text += (
                f"This system tries {probe.resolution.addresses[0]} first, so clients get through."
            )
            return Match(text, evidence=evidence, severity="info")
        if good.isdisjoint(order):
            text += "This system's resolver gives only the address that does not answer."
            return Match(text, evidence=evidence)  # the fixes are those of C309
        text += (
            f"This system gives {probe.resolution.addresses[0]} first: clients that try one"
            " address only fail, those that go on to the next get through."
        )
        return Match(text, (fix,), evidence)


class LeftAlone(Finding):
    """It listens. A connection would harm it or start a service, so none was made.

    What it means
    -------------
    The socket table shows a listener, and its owner says that a connection changes something. It
    serves one client only: to connect and leave again, which is how an open port is recognised,
    would end it or make it useless. Or it listens in place of a service, which the first
    connection starts (socket activation). The table is proof enough that it listens. Whether a
    packet filter drops connections to it was not tested.

    How it is detected
    ------------------
    By the process that holds the listener, before anything is connected to.

    - One client only, by the command line: the adapter of debugpy; nc and ncat with -l and without
      -k or --keep-open; socat with a listening address and without fork; gdbserver with --once.
    - Socket activation: systemd (process 1, or a user's own `systemd --user`) while the service
      does not hold the same socket; systemd-socket-activate; inetd, xinetd, rlinetd; launchd. The
      unit is found in the unit files by ListenStream=, the service of inetd in its configuration.
      Another user's process 1 is not visible. Then the control group of the socket tells, or an
      enabled socket unit with that port whose service does not run. On macOS only root sees that
      launchd listens.

    A server that forks for each client (tcpsvd, socat with fork) is connected to, as sshd is: it
    runs already, for this one service.

    Why it happens
    --------------
    - A socket unit, inetd or launchd starts a service only when it is needed.
    - netcat and socat take one connection and end with it, unless they are told otherwise.
    - debugpy waits for the one editor that debugs. The thread that takes its clients ends when one
      leaves while it is being greeted; after that no editor gets in (seen with version 1.8.22).

    What to do
    ----------
    Connect with the client that it is meant for. Where a connection would start a service,
    `--activate` allows the check to connect. To see for which unit systemd listens:
    `systemctl list-sockets`, for a user's own `systemctl --user list-sockets`. launchd has no such
    list: the ports are in the property lists below /Library/LaunchDaemons, under Sockets.

    To have a listener of the first kind serve many clients:

    - Linux: `ncat --keep-open -l 127.0.0.1 62893`
    - macOS: `nc -k -l 127.0.0.1 62893`
    - Windows: `ncat --keep-open -l 127.0.0.1 62893`

    Sources
    -------
    - nc(1), "-k": https://man.openbsd.org/nc.1
    - ncat(1), "--keep-open":
      https://man7.org/linux/man-pages/man1/ncat.1.html
    - socat(1), "fork": http://www.dest-unreach.org/socat/doc/socat.html
    - debugpy, common/sockets.py: https://github.com/microsoft/debugpy
    - systemd.socket(5): https://man7.org/linux/man-pages/man5/systemd.socket.5.html
    - systemd-socket-activate(1):
      https://man7.org/linux/man-pages/man1/systemd-socket-activate.1.html
    - inetd(8): https://man.openbsd.org/inetd.8
    - Apple, creating launch daemons and agents, Sockets:
      https://developer.apple.com/library/archive/documentation/MacOSX/Conceptual/BPSystemStartup/
    """

    code = "C318"
    slug = "left-alone"
    severity = "info"
    title = "Not tested: a connection would change something"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where the probe kept away from a listener for its own sake."""
        scene = _scene(subject, cls.code)
        if scene is None or scene.attempt is None:
            return None
        if not scene.listeners:  # as in a report that somebody has cut
            text = f"No connection to {scene.named} was made, so as not to change what listens."
            return Match(text, evidence=scene.evidence())
        first = scene.listeners[0]
        why = speech.one_line(why_left_alone(scene.attempt, first), 200)
        text = (
            f"{wording.opening(first)} listens on {wording.bound(first)}"
            f"{wording.held_for(first)}. No connection was made{f': {why}' if why else ''}."
        )
        fixes = scene.fixes(owners.of_activation(first, scene.probe)) if first.activation else ()
        return Match(text, fixes, scene.evidence())


class ConnectionNotTaken(Finding):
    """The connection is set up, but the program does not take it.

    What it means
    -------------
    The kernel completes connections for a listening program and lines them up until the program
    takes them with accept(). This program takes none. A client sees an open port and then waits:
    "read timed out", "no response". When the queue is full, new connections get no answer at all
    (backlog-full).

    How it is detected
    ------------------
    By the socket table, on Linux. A connection that waits has a row that no process holds (its
    inode is 0). If none waits, one connection is made and its row is watched for the time of the
    timeout. If connections wait already, they are watched first. Where none of them is taken, no
    connection is made, because it would only make the queue longer: a connection stays in the
    queue until accept(), also after its client has closed it. Nothing is asked in either case.

    Where several sockets listen on one address (SO_REUSEPORT), the one whose queue has the
    connections is named. The others may take theirs.

    A listener with TCP_DEFER_ACCEPT is different: its connections join the queue when the client
    has sent something, and are not counted before.

    Why it happens
    --------------
    - The process is stopped: Ctrl-Z in its terminal, SIGSTOP, or a breakpoint of a debugger.
    - The program hangs, or it does one long task in the thread that accepts.
    - It serves one client at a time, and another client keeps it busy.
    - It has no file descriptors left, so accept() fails.

    What to do
    ----------
    See what the process does. A stopped one continues with `kill -CONT PID`, or `fg` in its shell.

    - Linux: `ps -o pid,stat,wchan:20,cmd -p PID`. STAT T is stopped, t is held by a debugger.
      `ss -ltn 'sport = :62893'` shows the queue as Recv-Q.
    - macOS: `ps -o pid,stat,command -p PID`, and `netstat -Lan` for the queue. The check does not
      detect this there.
    - Windows: look at the process in the Task Manager. The check does not detect this there.

    Sources
    -------
    - accept(2): https://man7.org/linux/man-pages/man2/accept.2.html
    - listen(2), the queue of completed connections:
      https://man7.org/linux/man-pages/man2/listen.2.html
    - tcp(7), TCP_DEFER_ACCEPT: https://man7.org/linux/man-pages/man7/tcp.7.html
    - proc_pid_stat(5), the state of a process:
      https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
    - sock_diag(7), inode and queue of a socket:
      https://man7.org/linux/man-pages/man7/sock_diag.7.html
    """

    code = "C320"
    slug = "connection-not-taken"
    severity = "error"
    title = "The program does not take its connections"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where no connection was taken out of the accept queue."""
        scene = _scene(subject, cls.code)
        if scene is None or scene.attempt is None:
            return None
        attempt = scene.attempt
        row = scene.listeners[0] if scene.listeners else None
        who = wording.holder(row) if row else "the program"
        begin = wording.opening(row) if row else "The program"
        time = f"{(attempt.watched or 0.0) / 1000:.1f} s"
        waits = row.queue if row and row.queue else 0
        if attempt.outcome == "skipped":
            count = "Connections wait" if not waits else _waiting(waits)
            text = f"{count} on {scene.named}. {begin} took none within {time}."
            text += " No other connection was made."
        else:
            text = f"{scene.named} is connected, but {who} did not take the connection in {time}."
            if waits:
                text += f" {_waiting(waits)} there too."
        text += _halted(row) + _beside(scene.listeners)
        fixes = scene.fixes(
            owners.wake(row, scene.probe.machine) if row else (),
            commands.advice("See what the process does, and in its log why it does not accept."),
            commands.who_listens(scene.number),
            owners.stop(row, scene.probe) if row else (),
        )
        return Match(text, fixes, scene.evidence())


def _waiting(count: int) -> str:
    return "1 connection waits" if count == 1 else f"{count} connections wait"


def _beside(rows: Sequence[Listener]) -> str:
    """A sentence for other sockets on the very address, which may take their connections."""
    others = sum(1 for row in rows[1:] if row.address == rows[0].address)
    if not others:
        return ""
    more = "Another socket listens" if others == 1 else f"{others} other sockets listen"
    return f" {more} on the same address. The system gives each connection to one of them."


def _halted(row: Listener | None) -> str:
    """A sentence for a process that cannot accept, as it runs no code."""
    owner = main_owner(row) if row else None
    return _HALTED.get(owner.state or "", "") if owner else ""


_HALTED = {
    "stopped": " The process is stopped by a signal (state T).",
    "traced": " The process is held by a debugger (state t).",
}


_NO_ANSWER = frozenset(("refused", "timed-out", "reset", "rejected", "self-connected"))

FINDINGS: tuple[type[Finding], ...] = (
    Accepting,
    NothingListening,
    RefusedDespiteListener,
    Dropped,
    BacklogFull,
    RejectedByPolicy,
    Unreachable,
    NameNotResolved,
    WrongFamily,
    WrongLoopbackAddress,
    UdpOnly,
    SelfConnect,
    ClientSidePort,
    NotThisMachine,
    LocalhostResolvesPartially,
    LeftAlone,
    ConnectionNotTaken,
)
