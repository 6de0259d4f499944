"""C321 no-local-port."""

from __future__ import annotations

from checks.findings import commands, wording
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.connection.context import ConnectionContext, context_of
from checks.model.words import at
from checks.rules.places import place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.model.evidence import LocalPorts, Machine


class NoLocalPort(Finding):
    """The connection failed, because no local port is left for it.

    What it means
    -------------
    Each connection to one address and port needs its own local port. The system takes it from a
    range, and all ports of that range are in use. The server is not the cause: no packet was sent
    to it. Clients show EADDRNOTAVAIL, "Cannot assign requested address", or on Windows WSAENOBUFS
    (10055). bind() to port 0 fails too, with EADDRINUSE.

    How it is detected
    ------------------
    On Linux connect() fails with EADDRNOTAVAIL, and bind() of the source address to port 0 fails
    with EADDRINUSE. If the address itself were missing, bind() would fail with EADDRNOTAVAIL. The
    socket table then shows which ports of the range are in use, by which process, and how many
    are in TIME_WAIT.

    Why it happens
    --------------
    - A program opens a connection for each request, or has a pool without a limit.
    - It does not close connections that the server has closed (CLOSE_WAIT).
    - The end that closes first keeps its port in TIME_WAIT for 60 s. On loopback Linux uses such
      a port again after 1 s, because tcp_tw_reuse is 2 by default. With 0 it does not.
    - The range is small, as in some containers and on tuned servers.

    What to do
    ----------
    Make the program keep connections open and reuse them: HTTP keep-alive, a pool with a limit. A
    wider range helps until then.

    - Linux: Show the connections: `ss -tanp dst 127.0.0.1:8000`. Widen the range until the next
      restart: `sudo sysctl -w net.ipv4.ip_local_port_range="15000 65535"`. A server that starts
      later may then find its port in use by a client.
    - macOS: Show the range: `sysctl net.inet.ip.portrange.first net.inet.ip.portrange.last`.
      Widen it until the next restart: `sudo sysctl -w net.inet.ip.portrange.first=32768`. The
      check does not detect this on macOS.
    - Windows: Show the range: `netsh int ipv4 show dynamicport tcp`. Widen it as Administrator:
      `netsh int ipv4 set dynamicport tcp start=32768 num=32768`. The check does not detect this
      on Windows.

    Guide
    -----
    troubleshooting/intermittent/#local-ports-run-out

    Sources
    -------
    - ip(7), ip_local_port_range: https://man7.org/linux/man-pages/man7/ip.7.html
    - connect(2), EADDRNOTAVAIL: https://man7.org/linux/man-pages/man2/connect.2.html
    - bind(2), EADDRINUSE: https://man7.org/linux/man-pages/man2/bind.2.html
    - Linux ip-sysctl, ip_local_port_range, tcp_tw_reuse:
      https://docs.kernel.org/networking/ip-sysctl.html
    """

    code = "C321"
    slug = "no-local-port"
    severity = "error"
    title = "No local port is left"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where a connect() found no port to come from."""
        context = context_of(subject, cls.code)
        if context is None:
            return None
        found, machine = context.probe.local_ports, context.probe.machine
        text = f"No local port is left for a connection to {context.named}{_used(found, machine)}."
        text += (_who(found) if found else "") + _listener(context)
        fixes = context.fixes(tuple(_fixes(context, found))) if found else ()
        return Match(text, fixes, (*context.evidence(), *_evidence(found)))


def _used(found: LocalPorts | None, machine: Machine) -> str:
    """How many ports of the range are in use, as the end of a sentence."""
    if found is None or machine.ephemeral is None:
        return ""
    first, last = machine.ephemeral
    total = wording.of_ports(found, machine)
    return f": {found.in_use} of {total} ports of {first}-{last} are in use"


def _who(found: LocalPorts) -> str:
    """Who holds them, in sentences; how many no process does."""
    text = ""
    if found.holders:
        held = [f"{wording.process(one.owner)} holds {one.ports}" for one in found.holders[:2]]
        text += f" {wording.joined(held)} of them."
    if found.time_wait:
        verb = "is" if found.time_wait == 1 else "are"
        text += f" {found.time_wait} of them {verb} in TIME_WAIT, the state of a closed connection."
    if found.close_wait > found.in_use // 2:
        text += (
            f" The other end has closed {found.close_wait} of the connections, and the program has"
            " not (CLOSE_WAIT)."
        )
    return text


def _listener(context: ConnectionContext) -> str:
    """That the listener is not the cause; or that there is none."""
    if context.listeners:
        row = context.listeners[0]
        where = f"listens on {wording.bound(row)}"
        if wording.holds_ports(row, context.probe.local_ports):
            return f" The same process {where}."
        return f" The listener is not the cause: {wording.holder(row)} {where}."
    return f" No program listens on {context.here} either." if context.absent else ""


def _evidence(found: LocalPorts | None) -> tuple[str, ...]:
    if found is None:
        return ()
    return (
        f"bind {at(found.source, 0)}: EADDRINUSE",
        f"socket table: {found.connections} ports have a connection to {found.endpoint},"
        f" {found.others} are in use otherwise; TIME_WAIT {found.time_wait},"
        f" CLOSE_WAIT {found.close_wait}",
    )


# What to do


_WIDE = (15000, 65535)
"""A range that most systems can have: Linux wants one end even and the other odd (ip-sysctl)."""


def _fixes(context: ConnectionContext, found: LocalPorts) -> Iterator[Fix]:
    machine = context.probe.machine
    sudo = "" if machine.user == "root" else "sudo "
    if found.holders:
        name = wording.process(found.holders[0].owner)
        yield from commands.advice(
            f"Make {name} reuse its connections, or close them. Its ports are free when it ends."
        )
    if found.time_wait:
        yield from _reuse(found, sudo)
    yield from _widen(machine, sudo)


def _reuse(found: LocalPorts, sudo: str) -> Iterator[Fix]:
    """What helps against TIME_WAIT."""
    loopback = place(found.source).loopback
    if found.reuse == 1 or (found.reuse == 2 and loopback):
        text = "Linux uses ports in TIME_WAIT again after 1 s: open fewer connections a second."
        yield Fix(text)
    elif found.reuse is not None:
        text = "Make Linux use ports in TIME_WAIT again after 1 s, until the next restart."
        value = 2 if loopback else 1
        yield Fix(text, f"{sudo}sysctl -w net.ipv4.tcp_tw_reuse={value}", commands.LINUX)


def _widen(machine: Machine, sudo: str) -> Iterator[Fix]:
    """A wider range, where there is room."""
    if machine.ephemeral is None:
        return
    first, last = min(machine.ephemeral[0], _WIDE[0]), max(machine.ephemeral[1], _WIDE[1])
    if (first, last) == machine.ephemeral:
        yield Fix("Connect from a second address too: each address has its own range.")
        return
    yield Fix(
        "Widen the range, until the next restart. A server may then find its port in use.",
        f'{sudo}sysctl -w net.ipv4.ip_local_port_range="{first} {last}"',
        commands.LINUX,
        "In a container it may be read-only: give the setting to docker run with --sysctl.",
    )
