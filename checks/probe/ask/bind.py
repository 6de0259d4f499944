"""A trial bind(): whether a server could have the port, and if not, why.

The socket is closed at once and never listens. It runs last, after the table
was read and the connects were made, so that it can be in the way of neither.
For the microseconds that it holds the port another program's bind() would
fail; that is the price of asking the one witness that decides.

The errno alone does not tell a listener from a leftover, so it is read
together with the rows of the socket table. Where the table was not read, or a
connection was accepted, "bound, not listening" is not concluded from it.
"""

from __future__ import annotations

import socket

from checks.model.evidence import Binding, Listener, Peer
from checks.model.records import NamedTuple
from checks.model.words import TCP
from checks.probe import system
from checks.probe.ask.connect import symbol_of
from checks.probe.sockets.row import BOUND, plain
from checks.rules import reserved
from checks.rules.listening import excludes
from checks.rules.tables import present

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.model.evidence import Attempt, Machine
    from checks.probe.sockets.row import Table
    from checks.probe.targets import Target


UNSEEN = "its owner is not visible: the socket table could not be read"
ANSWERS = "connections to it are accepted, but no listener in the table accepts them"


def trials(
    targets: Sequence[Target],
    table: Table,
    machine: Machine,
    attempts: Sequence[Attempt] = (),
) -> tuple[Binding, ...]:
    """Try to bind each address of this machine among *targets*.

    Arguments:
        targets: the addresses asked for; another machine's are left out.
        table: the sockets on the port.
        machine: for the reason where a bind is not permitted.
        attempts: what the connects gave: an address that accepts has a listener.
    """
    answering = {each.address for each in attempts if each.outcome == "accepted"}
    return tuple(
        trial(
            target.bind,
            target.version,
            target.port,
            target.scope,
            table,
            machine,
            answers=target.text in answering,
        )
        for target in targets
        if target.local and (target.skip is None)
    )


def trial(
    address: str,
    version: int,
    port: int,
    scope: int,
    table: Table,
    machine: Machine,
    *,
    answers: bool = False,
) -> Binding:
    """Bind a TCP socket to one address and close it, without and with SO_REUSEADDR.

    On Windows with SO_EXCLUSIVEADDRUSE, and without: what needs no option on Linux needs this
    one there, and what SO_REUSEADDR is for needs none.

    Arguments:
        address: canonical text, with its zone.
        version: 4 or 6, the family of the socket.
        port: 1 to 65535.
        scope: index of the zone's interface, or 0.
        table: the sockets on the port.
        machine: for the reason where a bind is not permitted.
        answers: whether a connection to it was accepted.
    """
    plainly = _bind(address, version, port, scope, reuse=False)
    reusing = _bind(address, version, port, scope, reuse=True) if plainly else None
    found = _reason(plainly, reusing, address, port, table, machine, answers)
    detail = found.detail
    wide = found.outcome == "in-use" and address == "::"
    if wide and not _bind(address, 6, port, 0, v6only=True):
        detail = f"{detail}; [::] can be bound for IPv6 only (IPV6_V6ONLY)"
    return Binding(
        address=address, port=port, outcome=found.outcome, errno=plainly, errno_reuse=reusing,
        detail=detail, reason=found.reason,
    )  # fmt: skip


class _Why(NamedTuple):
    """What a trial comes to, as :class:`checks.model.evidence.Binding` has it."""

    outcome: str
    detail: str | None = None
    reason: str | None = None


def _bind(
    address: str, version: int, port: int, scope: int, *, reuse: bool = False, v6only: bool = False
) -> str | None:
    """Return the symbol of bind()'s errno, None where it succeeds."""
    try:
        family = socket.AF_INET if version == 4 else socket.AF_INET6
        with socket.socket(family, socket.SOCK_STREAM) as trial_socket:
            if not reuse:
                system.exclusively(trial_socket)
            elif system.NAME != "windows":  # there it would steal a listener's port
                trial_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if version == 6:
                # Dual-stack, as most servers bind; net.ipv6.bindv6only must not decide here.
                trial_socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(v6only))
            bare = address.partition("%")[0]
            trial_socket.bind((bare, port) if version == 4 else (bare, port, 0, scope))
    except OSError as error:
        return symbol_of(error.errno or 0)
    return None


def _reason(
    plainly: str | None,
    reusing: str | None,
    address: str,
    port: int,
    table: Table,
    machine: Machine,
    answers: bool,
) -> _Why:
    if plainly is None:
        return _free(port, machine)
    if plainly == "EADDRINUSE":
        return _holder(address, reusing, table, answers=answers)
    if plainly in ("EACCES", "EPERM"):
        if machine.system == "windows":
            seen = _listener(plain(address.partition("%")[0]), table) is not None
            return _denied(port, machine, seen=answers or seen)
        return _not_permitted(port, machine)
    if plainly == "EADDRNOTAVAIL":
        return _Why("address-not-available", "this machine has no such address")
    if plainly in ("EAFNOSUPPORT", "EPROTONOSUPPORT"):
        return _Why("unsupported", "this system does not support this IP version")
    return _Why("not-tried", f"bind() failed with {plainly}")


def _holder(address: str, reusing: str | None, table: Table, *, answers: bool) -> _Why:
    """Who holds the port: the first of listener, idle socket, connection, leftover."""
    bare = plain(address.partition("%")[0])
    listener = _listener(bare, table)
    if listener is not None:
        return _Why("in-use", f"a listener on {listener.address} uses it", "listener")
    unread = present(False, table.unread, TCP, 6 if ":" in bare and bare != "::" else 0) is None
    rows = [each for each in table.others if each.protocol == TCP]
    idle = None if answers else _idle(rows)
    return idle or _connection(rows, reusing, unread, answers) or _unseen(unread, answers)


def _idle(rows: Sequence[Peer]) -> _Why | None:
    """A socket that is bound and does not listen; to be asked where nothing answers."""
    idle = next((each for each in rows if each.state == BOUND), None)
    if idle is None:
        return None
    said = f"a socket on {idle.local} uses the port but does not listen"
    return _Why("bound-not-listening", said, "bound-socket")


def _connection(
    rows: Sequence[Peer], reusing: str | None, unread: bool, answers: bool
) -> _Why | None:
    """A connection that has the port, or what one has left.

    Where a table was not read and connections are accepted, a listener has it, and these
    rows are not the reason. No listener lets SO_REUSEADDR have the port.
    """
    if unread and answers:
        return None
    live = next((each for each in rows if each.state not in ("time-wait", BOUND)), None)
    if live is not None:
        return _Why("client-port", f"the connection {_ends(live)} uses it ({live.state})")
    left = next((each for each in rows if each.state == "time-wait"), None)
    if left is None or (unread and reusing):
        return None
    return _Why("time-wait", f"{_ends(left)} lingers; {_later(reusing)} be bound")


def _later(reusing: str | None) -> str:
    option = "without SO_EXCLUSIVEADDRUSE" if system.NAME == "windows" else "with SO_REUSEADDR"
    return f"{option} it can" if reusing is None else f"even {option} it cannot"


def _unseen(unread: bool, answers: bool) -> _Why:
    """What is left where no row of the table holds the port."""
    if unread:
        return _Why("in-use", UNSEEN, "unseen")
    if answers:
        return _Why("in-use", ANSWERS, "answers")
    said = "in use, but the table has no listener and no connection"
    return _Why("bound-not-listening", said, "no-row")


def _listener(mine: str, table: Table) -> Listener | None:
    """The first listener that excludes a bind() of the address *mine*."""
    for listener in table.listeners:
        if excludes(listener, mine) is not False:
            return listener
    return None


def _denied(port: int, machine: Machine, *, seen: bool) -> _Why:
    """What WSAEACCES comes of: a socket with SO_EXCLUSIVEADDRUSE, or an excluded range.

    No user lacks a privilege there: Windows Sockets Error Codes, WSAEACCES.
    """
    if seen:
        said = "its listener has exclusive use of it (SO_EXCLUSIVEADDRUSE)"
        return _Why("in-use", said, "exclusive")
    if reserved.holds(machine.reserved_ports, port):
        return _Why("reserved", "Windows reserves the port (excluded port range)")
    if machine.reserved_ports:
        said = "a socket has exclusive use of it (SO_EXCLUSIVEADDRUSE): it is in no excluded range"
        return _Why("in-use", said, "exclusive")
    said = "a socket has exclusive use of it (SO_EXCLUSIVEADDRUSE), or Windows reserves it"
    return _Why("in-use", said, "denied")


def _not_permitted(port: int, machine: Machine) -> _Why:
    start = machine.unprivileged_start
    if start is not None and port < start:
        said = f"ports below {start} need privileges on this system"
        return _Why("not-permitted", said, "privileged-port")
    return _Why("not-permitted", "a security policy of this system forbids it", "policy")


def _free(port: int, machine: Machine) -> _Why:
    """On Linux a reserved port is only never chosen automatically; bind() gets it."""
    if not reserved.holds(machine.reserved_ports, port):
        return _Why("free")
    said = "reserved: never assigned automatically, free for a program that asks for it"
    return _Why("free", said, "reserved")


def _ends(peer: Peer) -> str:
    return f"{peer.local} to {peer.remote}" if peer.remote else peer.local
