"""Which TCP ports of an address accept: one connect to each, and no false answer.

On this machine a closed port answers before connect() returns, so one socket
asks port after port: Linux lets a refused socket connect again. A blocking one
learns the answer from the same call, at half the cost; it is given up after a
few milliseconds, and where several ports are silent no more such sockets are
made. Ports that stay silent are set aside, and waited for together.

A scan of its own machine can meet itself: a connect from port 40000 to port
40000 succeeds although nothing listens (RFC 9293 §3.5). Here that cannot
happen, because the source port is bound and the one port that it is, is asked
last and from another. Two scans at a time can meet each other in the same way.
So a port that accepts although the socket table does not explain it is asked
again: from a random address of 127.0.0.0/8, which nobody else connects to; in
other networks from other source ports, and it is believed when all of them were
accepted. A silent port is asked twice.

Nothing listens, nothing is sent; what accepted is closed with a FIN, as
:mod:`checks.probe.ask.connect` does.
"""

from __future__ import annotations

import errno
import os
import selectors
import socket
import struct
from time import monotonic

from checks.model.records import NamedTuple
from checks.probe import system
from checks.probe.ask.connect import symbol_of
from checks.rules import connects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from checks.probe.targets import Target

_BATCH = 512  # ports between two looks at the clock
_FIRST_WINDOW = 64  # connects without an answer at a time, to begin with
_MOST_WAITING = 1000  # the same, at most
_MOST_ASKED_AGAIN = 256  # silent ports; where more are silent it is no accident
_PASSES = 4  # an accept that nothing explains is believed after so many, from as many sources
_TRIES = 64  # source ports tried for a further pass
_DYNAMIC = 0xC000  # the dynamic ports are 49152 to 65535 (RFC 6335 §6)
_SPARE = 32  # descriptors left to others
_BRIEF = struct.pack("@ll", 0, 2000)  # a timeval: what a blocking connect() of _Pass waits
_MOST_BRIEF = 8  # silent ports, after which blocking costs more than it saves
_PENDING = frozenset((errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY, errno.EINTR))
_NO_SOCKET = frozenset((errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM))
_NO_PORT = frozenset((errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EAGAIN))
_REUSES = system.NAME == "linux"
"""Elsewhere a socket that was refused is of no further use (POSIX leaves it open)."""


class Answer(NamedTuple):
    """What one port gave. Ports that refused have none.

    Arguments:
        port: 1 to 65535.
        outcome: as :class:`checks.model.evidence.Attempt` has it.
        errno: symbol of connect()'s errno; None where there is none.
    """

    port: int
    outcome: str
    errno: str | None


class Scan(NamedTuple):
    """What a scan of one address gave.

    Arguments:
        address: canonical text.
        asked: ports that were connected to.
        answers: every port that did not refuse, by number.
        refused: ports that refused: closed.
        seconds: how long it took.
        timeout: seconds that a silent port was waited for.
    """

    address: str
    asked: int
    answers: tuple[Answer, ...]
    refused: int
    seconds: float
    timeout: float = 0.0

    def of(self, outcome: str) -> tuple[int, ...]:
        """The ports with that outcome."""
        return tuple(answer.port for answer in self.answers if answer.outcome == outcome)


def scan(
    target: Target,
    ports: Sequence[int],
    timeout: float,
    explained: Collection[int] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Scan:
    """Connect to every port of one address.

    Arguments:
        target: the address; its port is not looked at.
        ports: 1 to 65535, each once.
        timeout: seconds that a silent port is waited for.
        explained: ports that the socket table has a listener on; any other
            that accepts is asked again.
        progress: called now and then with the ports done and the open ones.
    """
    began = monotonic()
    made = _Pass(target, timeout, len(ports), progress)
    made.ask(ports)
    codes = made.codes
    silent = [port for port, code in codes.items() if code == errno.ETIMEDOUT]
    again = {*made.left, *made.doubted(explained)}
    if len(silent) <= _MOST_ASKED_AGAIN:
        again.update(silent)
    sources = {made.source or 0}
    for _ in range(_PASSES - 1):
        if not again:
            break
        done = len(ports) - len(again)
        made = _Pass(target, timeout, len(ports), progress, done, again | sources)
        made.ask(sorted(again), last=True)
        codes = {port: code for port, code in codes.items() if port not in again} | made.codes
        sources.add(made.source or 0)
        again = made.doubted(explained)
    answers = tuple(_answer(port, codes[port], target) for port in sorted(codes))
    refused = len(ports) - len(answers)
    seconds = monotonic() - began
    return Scan(target.text, len(ports), answers, refused, seconds, made.timeout)


def _answer(port: int, code: int, target: Target) -> Answer:
    if code == 0:
        return Answer(port, "accepted", None)
    symbol = symbol_of(code)
    silent = symbol == "ETIMEDOUT"
    outcome = connects.outcome(symbol, local=target.local, listened=False)
    return Answer(port, outcome, None if silent else symbol)


class _Pass:
    """One walk over the ports, from one source port.

    ``codes`` has the errno of each port that did not refuse, 0 where it
    accepted; ``left`` the ports that this source cannot ask; ``apart`` the address
    that is asked from, where no other client can be met there.
    """

    def __init__(
        self,
        target: Target,
        timeout: float,
        total: int,
        progress: Callable[[int, int], None] | None,
        done: int = 0,
        avoid: Collection[int] = (),
    ) -> None:
        self.target = target
        self.timeout = timeout
        self.total = total
        self.progress = progress
        self.done = done
        self.codes: dict[int, int] = {}
        self.left: list[int] = []
        self.open = 0
        self.brief = _MOST_BRIEF if target.local and _REUSES else 0
        host, port = _outside(target, avoid) if avoid else ("", 0)
        self.source: int | None = port
        self.apart = host
        self.waiting: dict[socket.socket, tuple[int, float]] = {}
        self.selector = selectors.DefaultSelector()
        # As TCP's own slow start: the kernel queues 1,000 packets for its loopback
        # interface and drops the rest, so the window grows only by ports that are silent.
        self.most = _most_waiting()
        self.window = min(_FIRST_WINDOW, self.most)

    def doubted(self, explained: Collection[int]) -> set[int]:
        """The ports that accepted, where it may have been another client that was met."""
        if self.apart:
            return set()
        return {port for port, code in self.codes.items() if code == 0}.difference(explained)

    def ask(self, ports: Sequence[int], *, last: bool = False) -> None:
        """Connect to every port; with *last*, what this source cannot ask is given as it is."""
        spare: socket.socket | None = None
        try:
            for at in range(0, len(ports), _BATCH):
                spare = self._batch(ports[at : at + _BATCH], spare, last)
                self.done += min(_BATCH, len(ports) - at)
                self._tell()
            self._wait_for(0)
        finally:
            if spare is not None:
                spare.close()
            for each in self.waiting:
                each.close()
            self.selector.close()

    def _batch(
        self, ports: Sequence[int], spare: socket.socket | None, last: bool
    ) -> socket.socket | None:
        """Ask some ports with one socket, for as long as they refuse; return the socket."""
        host, tail = self._address()
        for port in ports:
            if spare is None:
                spare = self._socket()
            if port == self.source and not self.apart:
                self._keep(port, errno.EADDRINUSE, last)
                continue
            address = (host, port, *tail)
            code = spare.connect_ex(address)
            if code in _PENDING:
                if spare.getblocking():
                    spare.setblocking(False)
                    self.brief -= 1
                if system.NAME != "windows":  # where it gives another error
                    # The answer of this machine is here already; asking again also
                    # makes the socket ready to connect anew.
                    code = spare.connect_ex(address)
            if code == errno.ECONNREFUSED:
                if not _REUSES:
                    spare.close()
                    spare = None
                continue
            if code in _PENDING:
                self._set_aside(spare, port)
            else:
                self._settle(spare, port, code, last)
            spare = None
        return spare

    def _keep(self, port: int, code: int, last: bool) -> None:
        if last:
            self.codes[port] = code
        else:
            self.left.append(port)

    def _settle(self, opened: socket.socket, port: int, code: int, last: bool = True) -> None:
        """Note an outcome and close the socket."""
        if code in (0, errno.EISCONN):
            code = _met(opened)
        opened.close()
        if code == errno.EADDRNOTAVAIL:  # a connection from this source to that port exists
            if last and self.source:
                self._ask_from_any(port)
            else:
                self._keep(port, code, last)
        elif code != errno.ECONNREFUSED:
            self.codes[port] = code
            self.open += code == 0

    def _ask_from_any(self, port: int) -> None:
        """Ask one port from whichever source the kernel finds; meeting itself is noticed."""
        kept, self.source, self.apart = (self.source, self.apart), None, ""
        try:
            opened = self._batch([port], None, last=True)
        finally:
            self.source, self.apart = kept
        if opened is not None:
            opened.close()

    def _set_aside(self, opened: socket.socket, port: int) -> None:
        self.waiting[opened] = port, monotonic() + self.timeout
        self.selector.register(opened, selectors.EVENT_WRITE)
        if len(self.waiting) >= self.window:
            self._wait_for(self.window - 1)

    def _wait_for(self, most: int) -> None:
        """Wait until at most so many silent connects are left."""
        while len(self.waiting) > most:
            # They were set aside in order, and all wait equally long.
            _, deadline = next(iter(self.waiting.values()))
            for key, _ in self.selector.select(max(0.0, deadline - monotonic())):
                opened = key.fileobj
                assert isinstance(opened, socket.socket)  # noqa: S101 - for the type checker
                code = opened.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                self._settle(opened, self._take(opened), code)
            self._give_up(monotonic())
            self._tell()

    def _give_up(self, now: float) -> None:
        """Note as silent what has waited long enough; the oldest come first."""
        while self.waiting:
            opened, (_, deadline) = next(iter(self.waiting.items()))
            if deadline > now:
                return
            self.window = min(self.window + 1, self.most)
            self._settle(opened, self._take(opened), errno.ETIMEDOUT)

    def _take(self, opened: socket.socket) -> int:
        self.selector.unregister(opened)
        return self.waiting.pop(opened)[0]

    def _tell(self) -> None:
        if self.progress is not None:
            self.progress(max(0, self.done - len(self.waiting)), self.open)

    def _socket(self) -> socket.socket:
        """A socket to ask with, bound to this pass' source port where that is of use."""
        while True:
            try:
                return self._new_socket()
            except OSError as error:
                if error.errno not in _NO_SOCKET or not self.waiting:
                    raise
            self._wait_for(len(self.waiting) - 1)

    def _new_socket(self) -> socket.socket:
        family = socket.AF_INET if self.target.version == 4 else socket.AF_INET6
        opened = socket.socket(family, socket.SOCK_STREAM)
        try:
            opened.setblocking(self.brief > 0)
            if self.brief > 0:  # socket(7): connect() then fails with EINPROGRESS
                opened.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _BRIEF)
            if not (self.target.local and system.refuse_at_once(opened)):
                self.timeout = max(self.timeout, system.SLOW_REFUSAL)
            if self.target.local and _REUSES and self.source is not None:
                self._bind(opened)
        except OSError:
            opened.close()
            raise
        return opened

    def _bind(self, opened: socket.socket) -> None:
        """Give a socket the source port; several share it, as each goes to another port."""
        host, tail = self._address()
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            opened.bind((self.apart or host, self.source or 0, *tail))
        except OSError as error:
            if error.errno not in _NO_PORT:
                raise
            # Every port is taken, or somebody was faster: the kernel chooses one for each connect.
            self.source, self.apart = None, ""
            return
        self.source = opened.getsockname()[1]

    def _address(self) -> tuple[str, tuple[int, ...]]:
        """Host, and what follows the port in a socket address."""
        if self.target.version == 4:
            return self.target.text, ()
        return self.target.text.partition("%")[0], (0, self.target.scope)


def _met(opened: socket.socket) -> int:
    """0 where a socket is connected to another; ECONNREFUSED where it met itself."""
    try:
        if opened.getsockname() != opened.getpeername():
            return 0
    except OSError:  # ENOTCONN: reset just after the handshake
        return errno.ECONNRESET
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, system.RESET_ON_CLOSE)
    return errno.ECONNREFUSED


def _outside(target: Target, ports: Collection[int]) -> tuple[str, int]:
    """Where to ask from the next time: an address that is nobody else's target, and its port.

    The address is "" where there is none; then the port is not among *ports*. It is 0, for
    any, where none is found.
    """
    if target.local and target.version == 4 and target.text.startswith("127."):
        apart = "127." + ".".join(str(1 + byte % 254) for byte in os.urandom(3))
        port = _free_source(target, apart, (), [0])
        if port:
            return apart, port
    # 0 is the kernel's choice; after it the ports that are nobody's by registration.
    wanted = [0] * _TRIES
    wanted += [_DYNAMIC | int.from_bytes(os.urandom(2), "big") for _ in range(_TRIES)]
    return "", _free_source(target, target.text.partition("%")[0], ports, wanted)


def _free_source(target: Target, host: str, ports: Collection[int], wanted: Sequence[int]) -> int:
    """The first of the wanted ports that can be had and is not among *ports*; 0 for none."""
    tried: list[socket.socket] = []
    family = socket.AF_INET if target.version == 4 else socket.AF_INET6
    tail = () if target.version == 4 else (0, target.scope)
    try:
        for each in wanted:
            if each and each in ports:
                continue
            tried.append(opened := socket.socket(family, socket.SOCK_STREAM))
            # Ports that former connections still wait on are of use too.
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                opened.bind((host, each, *tail))
            except OSError as error:
                if error.errno in _NO_PORT:
                    continue
                raise
            port: int = opened.getsockname()[1]
            if port not in ports:
                return port
    except OSError:  # another machine's address, or no descriptor is left
        return 0
    finally:
        for one in tried:
            one.close()
    return 0


def _most_waiting() -> int:
    """Silent connects at a time: as many as this process may have descriptors for."""
    if system.NAME == "windows":
        return 400  # select() takes 512 there
    limit = system.most_descriptors()
    if limit < 0:
        return _MOST_WAITING
    return max(1, min(_MOST_WAITING, limit - _SPARE))
