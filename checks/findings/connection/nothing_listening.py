"""C302 nothing-listening."""

from __future__ import annotations

from checks.findings import commands, inside, reach, wording
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.connection.context import ConnectionContext, context_of, no_row
from checks.findings.port.context import expected
from checks.rules.connects import may_be_refusal
from checks.rules.places import place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Attempt, Peer, Probe


class NothingListening(Finding):
    """The connection was refused, and no program listens on that address and port.

    What it means
    -------------
    The machine is there. It answered with a reset, because no program listens on the address and
    port. Clients show ECONNREFUSED, "Connection refused", WSAECONNREFUSED (10061) or
    ERR_CONNECTION_REFUSED.

    How it is detected
    ------------------
    connect() fails with ECONNREFUSED, and the socket table has no TCP listener on the address or
    on the wildcard address of its IP version. If a listener on the same port is bound to another
    address, or to one network device, the message says so.

    For another machine, or without a socket table, only the refusal is known. The message then
    says "most likely". On Linux the check also looks into other network namespaces, and names a
    program that listens in a container (listens-in-other-namespace).

    Windows repeats a refused request, so a refusal takes about two seconds there. The check
    switches that off. Where it cannot, three seconds without an answer count as a refusal, unless
    the table or the bind test shows a socket on the port.

    Why it happens
    --------------
    - The program is not running, is still starting, or crashed.
    - It listens on another port or another address than you think.
    - It runs in a container or virtual machine, and its port is not published.

    What to do
    ----------
    Start the program and read its first lines of output. Most programs print the address and port
    that they listen on. If it ends with an error, solve that first.

    If it runs, compare its real address and port with those in your client. Change the one that
    is wrong:

    - Linux: Show every listener: `ss -ltnp`. Find your program in the last column and its address
      in Local Address:Port. With sudo you also see programs of other users.
    - macOS: Show every listener: `sudo lsof -nP -iTCP -sTCP:LISTEN`. Find your program in COMMAND
      and its address in NAME.
    - Windows: Show every listener, in PowerShell: `Get-NetTCPConnection -State Listen |
      Sort-Object LocalPort`. Find the port in LocalPort. Show the program by its OwningProcess:
      `Get-Process -Id PID`.

    If it runs in a container, `docker ps` shows its published ports. `0.0.0.0:8080->80/tcp` means
    that 8080 of this machine leads to 80 in the container. Without such an entry, start it with
    `-p 127.0.0.1:8080:80`. In the container, the program must listen on 0.0.0.0.

    If the client runs in a container, 127.0.0.1 is that container. Use the name of the other
    container, or host.docker.internal for this machine.

    Guide
    -----
    troubleshooting/not-responding/#refused

    Sources
    -------
    - RFC 9293, section 3.5.2, reset generation: https://www.rfc-editor.org/info/rfc9293
    - connect(2), ECONNREFUSED: https://man7.org/linux/man-pages/man2/connect.2.html
    - Windows, SIO_TCP_INITIAL_RTO (mstcpip.h), which switches the repeats off:
      https://learn.microsoft.com/windows/win32/api/mstcpip/ns-mstcpip-tcp_initial_rto_parameters
    - Windows Sockets Error Codes, WSAECONNREFUSED:
      https://learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2
    - ss(8): https://man7.org/linux/man-pages/man8/ss.8.html
    - Docker manual, port publishing: https://docs.docker.com/engine/network/port-publishing/
    """

    code = "C302"
    slug = "nothing-listening"
    severity = "error"
    title = "Connection refused: no program listens there"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where a refusal has no better explanation."""
        context = context_of(subject, cls.code)
        if context is None or context.attempt is None:
            return None
        if not context.conclusion.local:
            text = (
                f"{context.named} refused the connection: no program listens there, or a firewall"
                " rejects it."
            )
            return Match(text, evidence=context.evidence())
        beyond = inside.of(context.probe, inside.PORT)
        text = f"{context.named} refused the connection"
        if may_be_refusal(context.attempt):
            text = _unanswered(context, context.attempt)
        elif context.listeners:
            text += "."
        elif context.absent:
            text += f": {_none(context.probe)}."
        else:
            text += ": most likely no program listens there."
        if context.listeners:
            return _listens_elsewhere(context, context.attempt, text)
        text += _recent(context.probe) + _unseen(context.probe) + _usual(subject)
        start = commands.advice("Start the program that should listen there.")
        fixes = context.fixes(
            inside.fixes(beyond[0], context.probe.machine) if beyond else start,
            commands.all_listeners(),
        )
        return Match(
            text, fixes, (*context.evidence(*_time_waits(context.probe)), *no_row(context))
        )


def _unanswered(context: ConnectionContext, attempt: Attempt) -> str:
    """C302 where Windows repeats what was refused, and so gives no answer for seconds."""
    waited = wording.clock(attempt.milliseconds) or "the time given"
    why = (
        f" There was no answer in {waited}: Windows repeats a request that was refused, and a"
        " firewall that drops the packets looks the same."
    )
    if context.absent:
        return f"No program listens on {context.named}, by the socket table.{why}"
    return f"{context.named} did not answer: most likely no program listens there.{why}"


def _listens_elsewhere(context: ConnectionContext, attempt: Attempt, text: str) -> Match:
    """C302 where the port has a listener that does not take this address."""
    row = context.listeners[0]
    where = wording.bound(row)
    if place(row.address).unspecified and row.interface is not None:
        text += (
            f" {wording.opening(row)} listens on {where}, but its socket is bound to the network"
            f" device {row.interface} and accepts nothing from another one."
        )
        advice = f"Connect to an address of {row.interface}, or unbind the socket from it."
    else:
        text += f" {wording.opening(row)} listens on {where} instead."
        too = reach.listen_on(row, context.probe, attempt.address)
        advice = f"Connect to {where}, or {too} too."
    return Match(text, context.fixes((Fix(advice),)), context.evidence())


def _none(probe: Probe) -> str:
    """That no program listens; only in this namespace, if others may or do have a listener."""
    found = probe.namespaces
    here = " in this network namespace" if found and (found.listeners or found.containers) else ""
    return f"no program listens there{here}"


def _unseen(probe: Probe) -> str:
    """A sentence on containers that this user may not look into."""
    found = probe.namespaces
    if found is None or found.listeners or not found.containers:
        return ""
    return (
        f" This machine has networks of containers ({wording.some(found.containers)}), but their"
        " processes are hidden from this user: one of them may listen."
    )


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
