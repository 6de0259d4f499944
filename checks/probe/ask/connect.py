"""TCP connects: the live witness.

All addresses are asked at once, so silence costs its timeout once and not once
an address. What a connect leaves behind is kept small:

- A connection that came about is closed with a FIN, not a RST: servers log a
  reset as an error, and the TIME_WAIT stays on our own chosen port, never on
  the port asked for.
- A listener that does not accept keeps our connection in its queue until it
  does, also after we have closed it. So one connection is made where another
  has been taken, and none where others wait: :mod:`checks.probe.ask.queues`.
- A socket that connected to itself is closed with a RST (SO_LINGER 0): its
  TIME_WAIT would be on the very port asked for and make bind() fail.
"""

from __future__ import annotations

import errno
import select
import socket
from time import monotonic

from checks.model import words
from checks.model.evidence import Attempt
from checks.model.records import NamedTuple
from checks.model.words import TCP
from checks.probe import system
from checks.probe.ask import icmp
from checks.probe.sockets import netlink
from checks.probe.sockets.row import plain
from checks.rules import connects
from checks.rules.connects import ELSEWHERE, REPEATS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from checks.probe.sockets.row import Row
    from checks.probe.targets import Target

ROUNDS = 2
"""A timeout that nothing explains is believed only after this many attempts."""

_AGAIN_HERE = 0.25
"""Seconds for the second attempt where all are on this machine, which answers itself in
microseconds. The first has waited long enough for one that is short of time or memory."""

SELF_LIMIT = 3
"""Self-connects in a row after which one is reported as such."""

_ESTABLISHED = 1  # include/net/tcp_states.h
_FAR_STATES = {"syn-received", "established", "fin-wait-1", "fin-wait-2"}
"""States that the other end of a connection may have whose own end is not closed."""

_PENDING = {errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY, errno.EINTR}
_NO_SOCKET = {"EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"}


class Opened(NamedTuple):
    """A connection that came about, and is open.

    Arguments:
        socket: our end; it does not block.
        ours: address and port of our end, as the socket table has them.
        far: the same of the other end, where that is a socket of this network namespace.
        since: when it came about, as time.monotonic() counts; None where that was not noted.
    """

    socket: socket.socket
    ours: tuple[str, int]
    far: tuple[str, int] | None
    since: float | None = None


class Result(NamedTuple):
    """What the connects gave.

    Arguments:
        attempts: one a target, in order.
        sources: our own ends of the connections made: ``127.0.0.1:40000``.
    """

    attempts: tuple[Attempt, ...]
    sources: frozenset[str]


def attempt(
    targets: Sequence[Target],
    timeout: float,
    explained: Callable[[Target], bool] = lambda _: False,
    keep: dict[int, Opened] | None = None,
) -> Result:
    """Connect to every target, at once.

    Arguments:
        targets: the addresses; one with a ``skip`` reason is not asked.
        timeout: seconds for one attempt.
        explained: asked of a target whose time is up: whether its silence is
            explained, so that a second attempt would tell nothing.
        keep: gets the connections that came about, by the index of the target; the
            caller closes them. None closes each at once.

    Returns:
        one attempt a target, in order; a timeout was tried :data:`ROUNDS` times.
    """
    done = {at: _skipped(each) for at, each in enumerate(targets) if each.skip is not None}
    sources: set[str] = set()
    waited: dict[int, float] = {}
    for count in range(ROUNDS):
        asked = [at for at in range(len(targets)) if at not in done]
        if count and all(targets[at].local for at in asked):
            timeout = min(timeout, _AGAIN_HERE)
        connections = _round([targets[at] for at in asked], timeout)
        for at, connection in zip(asked, connections, strict=True):
            sources.update(connection.sources)
            _keep(connection, keep, at)
            made = connection.attempt
            silent = made.outcome == "timed-out"
            last = count + 1 == ROUNDS or made.reason == REPEATS
            if not silent or last or explained(targets[at]):
                done[at] = made._replace(
                    attempts=made.attempts + count,
                    milliseconds=(made.milliseconds or 0.0) + waited.get(at, 0.0) * silent,
                )
            waited[at] = made.milliseconds or 0.0
    return Result(tuple(done[at] for at in range(len(targets))), frozenset(sources))


def _skipped(target: Target) -> Attempt:
    """The attempt that stands for one that is not made."""
    return Attempt(
        address=target.text,
        outcome="skipped",
        errno=None,
        milliseconds=None,
        attempts=0,
        detail=target.skip,
        reason=target.reason,
    )


def _keep(connection: _Connection, keep: dict[int, Opened] | None, at: int) -> None:
    """Keep a connection that came about, where that is wanted; close it elsewhere."""
    if connection.opened is None:
        return
    if keep is None:
        connection.opened.socket.close()
    else:
        keep[at] = connection.opened


def symbol_of(code: int) -> str:
    """Return the name of an errno, such as ``ECONNREFUSED``, the same on every system."""
    return errno.errorcode.get(code, f"E{code}").removeprefix("WSA")


def _round(targets: Sequence[Target], timeout: float) -> list[_Connection]:
    """Begin every connect, wait for outcomes until the time is up, close everything."""
    connections: list[_Connection] = []
    deadline = monotonic() + timeout
    try:
        for target in targets:
            connections.append(connection := _Connection(target))
            connection.begin()
            if connection.repeats:
                deadline = max(deadline, connection.began + system.SLOW_REFUSAL)
        while waiting := {
            each.socket.fileno(): each for each in connections if each.socket is not None
        }:
            left = deadline - monotonic()
            if left <= 0:
                break
            for descriptor in _wait(list(waiting), left):
                waiting[descriptor].look()
    finally:
        for connection in connections:
            connection.close()
    return connections


def _wait(descriptors: list[int], seconds: float) -> list[int]:
    """Return the descriptors whose connect has an outcome."""
    if hasattr(select, "poll"):
        poll = select.poll()
        for descriptor in descriptors:
            poll.register(descriptor, select.POLLOUT)  # type: ignore[attr-defined,unused-ignore]
        return [descriptor for descriptor, _ in poll.poll(max(1, round(seconds * 1000)))]
    # Windows reports a failed connect as an exception, not as writable.
    _, writable, failed = select.select([], descriptors, descriptors, seconds)
    return list(dict.fromkeys(writable + failed))


class _Connection:
    """One connect() under way; ``timed-out`` until something else is heard."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.socket: socket.socket | None = None
        self.opened: Opened | None = None
        self.sources: list[str] = []
        self.selves = 0
        self.repeats = False
        self.began = monotonic()
        self.attempt = Attempt(target.text, "timed-out", None, None, 1, target.detail)

    def begin(self) -> None:
        """Open a socket and call connect()."""
        try:
            family = socket.AF_INET if self.target.version == 4 else socket.AF_INET6
            self.socket = opened = socket.socket(family, socket.SOCK_STREAM)
            opened.setblocking(False)
            icmp.ask(opened, self.target.version)
            # Another machine's packets may be lost: there the repeats are of use.
            self.repeats = not (self.target.local and system.refuse_at_once(opened))
            self.repeats &= bool(system.SLOW_REFUSAL)
            if self.selves:
                # Linux' bind() prefers ports of the other parity than connect() does, so
                # the next source port is another one: net/ipv4/inet_connection_sock.c.
                opened.bind(("", 0))
            self.began = monotonic()
            code = opened.connect_ex(_sockaddr(self.target))
        except OSError as error:
            self._fail(error.errno or 0, None)
            return
        if code not in _PENDING:
            self._settle(opened, code)

    def look(self) -> None:
        """Learn the outcome, now that the socket has one."""
        if self.socket is not None:
            code = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if code == errno.ECONNRESET and icmp.taken(self.socket) is None:
                self._hung_up()
            else:
                self._settle(self.socket, code)

    def close(self) -> None:
        """Close the socket; one that is still open was not answered."""
        if self.socket is not None:
            reason = REPEATS if self.repeats and self.target.local else None
            self.attempt = self.attempt._replace(milliseconds=self._elapsed(), reason=reason)
            self.socket.close()
            self.socket = None

    def _settle(self, opened: socket.socket, code: int) -> None:
        heard = icmp.taken(opened) if code else None
        try:
            ends = (opened.getsockname(), opened.getpeername()) if code == 0 else None
        except OSError as error:
            # ENOTCONN: an ICMP error without an errno, or a reset just after the handshake.
            heard = icmp.taken(opened)
            if heard is None and error.errno == errno.ENOTCONN:
                self._hung_up()
                return
            code = heard.errno if heard else errno.ECONNRESET
            if error.errno != errno.ENOTCONN:
                code = error.errno or code
            ends = None
        if ends is None:
            self._fail(code, heard)
        elif ends[0] == ends[1]:
            self._met_itself(opened)
        else:
            ours, asked = map(end_of, ends)
            self.sources.append(words.at(*ours))
            took = self._elapsed()
            far = _far_end(opened, ours, asked) if self.target.local else None
            known = far if isinstance(far, tuple) else None
            self.opened = Opened(opened, ours, known, monotonic())
            self.socket = None
            self._finish("accepted", None, self._met_before())
            arrived = words.at(*far) if isinstance(far, tuple) else far
            self.attempt = self.attempt._replace(milliseconds=took, arrived=arrived)

    def _hung_up(self) -> None:
        """Somebody accepted and reset the connection before we looked.

        A reset that comes before the handshake is done is ECONNREFUSED
        (tcp_reset() in Linux' net/ipv4/tcp_input.c), so this one came after.
        """
        said = "the connection was reset right after it was accepted"
        self._finish("accepted", None, said, "reset-at-once")

    def _met_itself(self, opened: socket.socket) -> None:
        """The kernel chose the port asked for as our own; that says nothing, so ask again."""
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, system.RESET_ON_CLOSE)
        opened.close()
        self.socket = None
        self.selves += 1
        if self.selves < SELF_LIMIT:
            self.begin()
        else:
            self.selves -= 1  # the last one is the attempt itself
            self._finish(
                "self-connected", None, "both ends are the same socket; no program listens"
            )

    def _fail(self, code: int, heard: icmp.Heard | None) -> None:
        symbol = symbol_of(code)
        if symbol in _NO_SOCKET:
            self._finish("skipped", symbol, "this process could not open a socket", "no-socket")
            return
        message = heard.icmp if heard is not None else None
        outcome = connects.outcome(symbol, local=self.target.local, icmp=message)
        self._finish(outcome, symbol, connects.words(message) if message else self._met_before())
        self.attempt = self.attempt._replace(icmp=message)

    def _finish(
        self, outcome: str, symbol: str | None, detail: str | None, reason: str | None = None
    ) -> None:
        words = "; ".join(each for each in (self.target.detail, detail) if each)
        self.attempt = Attempt(
            address=self.target.text, outcome=outcome, errno=symbol, milliseconds=self._elapsed(),
            attempts=1 + self.selves, detail=words or None, reason=reason,
        )  # fmt: skip
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def _elapsed(self) -> float:
        return (monotonic() - self.began) * 1000

    def _met_before(self) -> str | None:
        if not self.selves:
            return None
        return f"tried again after {self.selves} attempt(s) that reached themselves"


def _far_end(
    opened: socket.socket, ours: tuple[str, int], asked: tuple[str, int]
) -> tuple[str, int] | str | None:
    """Where a connection of ours has its other end on this machine, by the kernel's table.

    A NAT rule leads a connection past the listener that is bound to the address; then the
    end is on another port, or in another network namespace. Asked while the connection is
    open, as the other end of one that was given up is soon gone.

    Our port may serve other connections, too: one source port is good for many destinations.
    Their far ends are known by their near ones, or by a state that comes of our closing.

    Arguments:
        opened: the connection.
        ours: address and port of our end.
        asked: address and port that were connected to.

    Returns:
        address and port; :data:`ELSEWHERE`; None where that was not to be seen.
    """
    if system.NAME != "linux" or not hasattr(socket, "TCP_INFO"):
        return None
    try:
        far = [
            (row.local, row.local_port)
            for row in _rows_of(ours[0], remote_port=ours[1])
            if row.remote == ours[0] and row.state in _FAR_STATES
        ]
        if asked in far:
            return asked
        others = {
            (row.remote, row.remote_port)
            for row in (_rows_of(ours[0], ours[1]) if far else ())
            if row.local == ours[0]
        }
        if end := next((end for end in far if end not in others), None):
            return end
        established = opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == _ESTABLISHED
    except (OSError, ValueError, AttributeError):
        return None
    return ELSEWHERE if established else None


def _rows_of(address: str, port: int = 0, *, remote_port: int = 0) -> Iterator[Row]:
    """The TCP rows that may belong to a connection from or to an address of this machine."""
    for version in (4, 6) if "." in address else (6,):  # an IPv6 socket may take IPv4
        yield from netlink.sockets(TCP, version, port, remote_port=remote_port)


def end_of(name: tuple[str, int]) -> tuple[str, int]:
    """One end of a connection, as the table has it."""
    return plain(name[0].partition("%")[0]), name[1]


def _sockaddr(target: Target) -> tuple[str, int] | tuple[str, int, int, int]:
    if target.version == 4:
        return target.text, target.port
    return target.text.partition("%")[0], target.port, 0, target.scope
