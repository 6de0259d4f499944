"""Several bounded conversations at once, on sockets that never block.

A conversation is a generator: it yields an :class:`Ask` (what to send, and
when enough has come back) and receives a :class:`Reply`. It holds no socket,
so it can be tried on any bytes, and one may wrap another: TLS does.

Every conversation of one identification shares one :class:`Budget` of time,
bytes and connections. asyncio would do the waiting as well, but its import
alone takes longer than most identifications.
"""

from __future__ import annotations

import errno
import selectors
import socket
import struct
import sys
from time import monotonic

from checks.model.records import NamedTuple
from checks.probe.connect import Opened, end_of
from checks.probe.identify.found import Found
from checks.probe.queues import taken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import TypeAlias

    Conversation: TypeAlias = Generator["Ask", "Reply", "Found | None"]
    Address: TypeAlias = "tuple[str, int] | tuple[str, int, int, int]"

MOST_BYTES = 16 * 1024
"""Received over all connections of one identification."""

MOST_CONNECTIONS = 12
"""Used by one identification of a peer that answers."""

MOST_ENDED = 6
"""The same, of a peer that ends each connection without a word."""

MOST_SILENT = 3
"""The same, of a peer that says nothing."""

MOST_UNSEEN = 1
"""The same, where it cannot be seen whether the program takes connections: it may hang, and
each one more would wait in its queue (another system than Linux, a container, a sandbox)."""

MOST_SECONDS = 60.0

_PENDING = frozenset({errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY, errno.EINTR})

RESET_ON_CLOSE = struct.pack("HH" if sys.platform == "win32" else "ii", 1, 0)
"""A self-connected socket must not leave its TIME_WAIT on the port asked for."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.001, 0.05
"""Seconds between two looks whether a connection was taken: at first, and at most."""

_ANSWER = 0.3
"""Seconds for a step in which bytes have come, before another question is asked beside it."""

SILENCE = "silence"
CLOSED = "closed"
RESET = "reset"
LIMIT = "limit"
ENOUGH = "enough"


def some(data: bytes) -> bool:
    """Any byte is enough."""
    return bool(data)


def line(data: bytes) -> bool:
    """A line is enough."""
    return b"\n" in data


class Ask(NamedTuple):
    """One step of a conversation.

    Arguments:
        send: bytes to send; may be empty, to listen only.
        enough: tells from the bytes received whether to stop waiting.
        wait: seconds for this step, however slowly the bytes come.
        limit: the most bytes to take in this step.
    """

    send: bytes
    enough: Callable[[bytes], bool] = some
    wait: float = 60.0
    limit: int = 2048


class Reply(NamedTuple):
    """What came back.

    Arguments:
        data: the bytes received in this step.
        end: why no more was awaited: ``enough``, ``silence`` (time is up),
            ``closed``, ``reset``, ``limit`` (bytes are up).
        milliseconds: since the step began.
    """

    data: bytes
    end: str
    milliseconds: float

    @property
    def over(self) -> bool:
        """True where the peer ended the connection."""
        return self.end in (CLOSED, RESET)


class Budget:
    """What one identification may spend, and what it has spent."""

    def __init__(self, seconds: float) -> None:
        self.started = monotonic()
        self.deadline = self.started + max(0.0, min(seconds, MOST_SECONDS))
        self.bytes = 0
        self.connections = 0
        self.ended = 0
        """Connections that the peer ended without a byte."""
        self.met = False
        """Whether any connection came about."""
        self.unseen = False
        """Whether it cannot be seen that the program takes connections."""

    @property
    def milliseconds(self) -> float:
        """Time spent so far."""
        return (monotonic() - self.started) * 1000

    @property
    def most(self) -> int:
        """The most connections that this peer is asked on, by what it has done so far."""
        if self.bytes:
            return MOST_CONNECTIONS
        if self.ended:
            return MOST_ENDED
        return MOST_UNSEEN if self.unseen else MOST_SILENT

    def left(self) -> float:
        """Seconds that are left, 0 where none are."""
        return max(0.0, self.deadline - monotonic())

    @property
    def exhausted(self) -> bool:
        """True where nothing more may be read."""
        return self.bytes >= MOST_BYTES or self.left() <= 0


class Task:
    """One conversation on one connection of its own.

    Arguments:
        name: the protocol tried.
        conversation: the generator.
        head: seconds it is left alone before the next task joins it.
        opened: a connection that is open already; None where the task makes its own.
        patient: whether it waits without end for the first byte.
    """

    def __init__(
        self,
        name: str,
        conversation: Conversation,
        head: float = 0.02,
        opened: Opened | None = None,
        *,
        patient: bool = False,
    ) -> None:
        self.name = name
        self.head = head
        self.opened = opened
        self.patient = patient
        self.found: Found | None = None
        self.done = False
        self.ended: str | None = None
        """``closed`` or ``reset`` where the peer ended the connection."""
        self.failed: str | None = None
        """Symbol of the errno where the connection did not come about."""
        self.received = 0
        self.spent = 0.0
        """Milliseconds of the last step."""
        self.first = b""
        """The first bytes received, enough to guess by."""
        self._conversation = conversation
        self._ask = Ask(b"")
        self._out = b""
        self._in = bytearray()
        self._began = 0.0
        self._socket: socket.socket | None = None

    def start(self, address: Address, budget: Budget, selector: selectors.BaseSelector) -> None:
        """Connect where there is no connection yet, and take the first step."""
        budget.connections += 1
        self._began = monotonic()
        if self.opened is not None:
            self._socket = self.opened.socket
        elif not self._connect(address):
            return
        self._step(None)
        if not self.done and self._socket is not None:
            selector.register(self._socket, self._interest(), self)

    def resume(self, budget: Budget, selector: selectors.BaseSelector) -> None:
        """Begin on the connection that is open, or go on after an interruption."""
        assert self.opened is not None  # noqa: S101 - as called
        if self._socket is None:
            self.start((*self.opened.ours,), budget, selector)
        elif not self.done:
            selector.register(self._socket, self._interest(), self)

    def _connect(self, address: Address) -> bool:
        family = socket.AF_INET6 if len(address) == 4 else socket.AF_INET
        try:
            self._socket = socket.socket(family, socket.SOCK_STREAM)
            self._socket.setblocking(False)
            failure = self._socket.connect_ex(address)
        except (OSError, OverflowError, ValueError) as error:
            self._fail(getattr(error, "errno", None))
            return False
        if failure and failure not in _PENDING:
            self._fail(failure)
            return False
        return True

    def is_answered(self) -> bool:
        """Whether an answer is coming in to a question that is left alone for a while."""
        return self.head > 0 and self.received > 0 and monotonic() - self._began < _ANSWER

    def waits(self, far: tuple[str, int] | None) -> bool:
        """Whether the program has not taken the connection yet, as far as that can be seen.

        Arguments:
            far: where connections have their other end; None where that is not known.
        """
        if self.received or self._socket is None:
            return False
        if self.opened is None:
            try:
                self.opened = Opened(self._socket, end_of(self._socket.getsockname()), far)
            except OSError:
                return False
        return taken(self.opened) is False

    @property
    def due(self) -> float:
        """When the step's time is up."""
        if self.patient and not self.received:
            return float("inf")
        return self._began + self._ask.wait

    def _interest(self) -> int:
        return selectors.EVENT_READ | (selectors.EVENT_WRITE if self._out else 0)

    def _fail(self, number: int | None) -> None:
        self.failed = errno.errorcode.get(number or 0, "EIO")
        self.stop(None)

    def stop(self, selector: selectors.BaseSelector | None) -> None:
        """End the conversation and close the connection."""
        self.done = True
        self._conversation.close()
        if self._socket is not None:
            if selector is not None and self._socket.fileno() in selector.get_map():
                selector.unregister(self._socket)
            self._socket.close()
            self._socket = None
        elif self.opened is not None:  # it was never begun
            self.opened.socket.close()

    def _step(self, reply: Reply | None) -> None:
        """Hand the reply to the conversation and take its next step."""
        try:
            self._ask = (
                next(self._conversation) if reply is None else self._conversation.send(reply)
            )
        except StopIteration as result:
            self.found = result.value
            self.done = True
            return
        except Exception as error:  # a diagnosis must not fail on what it diagnoses
            fault = f"the question for {self.name} failed and is at fault itself: {error!r}"
            self.found = Found(None, evidence=(fault[:300],))
            self.done = True
            return
        self._out += self._ask.send
        self._began = monotonic()
        if self._out and reply is not None and not reply.over:
            self._write()  # at once: a goodbye has no further turn

    def turn(self, budget: Budget, selector: selectors.BaseSelector, events: int) -> None:
        """Do what the socket is ready for, and go on where a step is complete."""
        end = None
        if events & selectors.EVENT_WRITE:
            end = self._write()
        if events & selectors.EVENT_READ and end is None:
            end = self._read(budget)
        budget.met = budget.met or self._is_connected(end)
        self._advance(budget, end)
        if self.done:
            self.stop(selector)
        elif self._socket is not None and end is None:
            selector.modify(self._socket, self._interest(), self)

    def _is_connected(self, end: str | None) -> bool:
        """Whether the connection came about: there is a peer, or there was one."""
        if self.failed is not None or self._socket is None:
            return False
        if end is not None or self.received:
            return True
        try:
            self._socket.getpeername()
        except OSError:
            return False
        return True

    def _advance(self, budget: Budget, end: str | None) -> None:
        while not self.done:
            end = end or self._complete(budget)
            if end is None:
                return
            data = bytes(self._in)
            self._in.clear()
            self.spent = (monotonic() - self._began) * 1000
            self._step(Reply(data, end, self.spent))
            if end in (CLOSED, RESET) and not self.done:
                self.ended = end  # a further question meets the same end
                self._out = b""
            end = end if end in (CLOSED, RESET) else None

    def _complete(self, budget: Budget) -> str | None:
        if self._in and not self._out and self._ask.enough(bytes(self._in)):
            return ENOUGH
        if len(self._in) >= self._ask.limit or budget.bytes >= MOST_BYTES:
            return LIMIT
        now = monotonic()
        return SILENCE if now >= self.due or now >= budget.deadline else None

    def _write(self) -> str | None:
        assert self._socket is not None  # noqa: S101 - only a registered task is turned
        try:
            if is_self(self._socket):
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
                return self._lost(None)
            self._out = self._out[self._socket.send(self._out) :]
        except (BlockingIOError, InterruptedError):
            return None
        except OSError as error:
            return self._lost(error)
        return None

    def _read(self, budget: Budget) -> str | None:
        assert self._socket is not None  # noqa: S101 - as above
        room = min(self._ask.limit - len(self._in), MOST_BYTES - budget.bytes)
        if room <= 0:
            return None
        try:
            data = self._socket.recv(room)
        except (BlockingIOError, InterruptedError):
            return None
        except OSError as error:
            return self._lost(error)
        budget.bytes += len(data)
        self.received += len(data)
        self.first = self.first or data[:256]
        self._in += data
        return None if data else self._lost(None)

    def _lost(self, error: OSError | None) -> str:
        if error is not None and error.errno in (errno.ECONNREFUSED, errno.ENOTCONN):
            self.failed = errno.errorcode[error.errno]
        self.ended = CLOSED if error is None else RESET
        return self.ended


def is_self(end: socket.socket) -> bool:
    """True where both ends are this socket (RFC 9293 §3.5): no server is there."""
    return bool(end.getsockname() == end.getpeername())


def resolve(address: str, port: int) -> Address | None:
    """The socket address of an address literal, with zone, and a port; None for anything else."""
    if not 0 < port < 65536:
        return None
    flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    try:
        text = address.encode()  # a str would load the idna codec, at 5 ms
        found = socket.getaddrinfo(text, port, 0, socket.SOCK_STREAM, 0, flags)
    except (OSError, ValueError):
        return None
    where = found[0][4] if found else None
    return where if where is not None and isinstance(where[0], str) else None


def run(
    tasks: list[Task],
    address: Address,
    budget: Budget,
    settled: Callable[[Task, list[Task]], bool],
    parallel: int = 4,
    far: tuple[str, int] | None = None,
) -> None:
    """Run conversations until one settles the matter, or time or bytes are up.

    Arguments:
        tasks: in order of preference. Each is left alone for its ``head``
            before the next joins; at once where all before it have ended.
        address: where all of them connect to.
        budget: shared by all.
        settled: called with each task that ended, and with those not yet
            begun, which it may reorder; True ends everything.
        parallel: the most connections open at a time.
        far: where connections have their other end. No task joins others
            whose connections the program has not taken.
    """
    waiting = list(tasks)
    active: list[Task] = []
    following = 0.0  # when the next task may join
    pause = _FIRST_PAUSE
    with selectors.DefaultSelector() as selector:
        try:
            while (waiting or active) and not budget.exhausted:
                now = monotonic()
                may_join = _may_join(waiting, active, budget, now >= following, parallel)
                if may_join and any(task.waits(far) for task in active):
                    following = now + pause
                    pause = min(2 * pause, _LONGEST_PAUSE)
                    may_join = False
                if may_join:
                    task = waiting.pop(0)
                    task.start(address, budget, selector)
                    following, pause = now + task.head, _FIRST_PAUSE
                    active.append(task)
                elif not active:
                    return
                else:
                    joins = waiting and following > now  # else it waits for one of the active
                    _wait(selector, active, budget, following if joins else budget.deadline)
                if _settle(active, waiting, selector, settled):
                    return
            for task in active:  # time or bytes are up: each ends with what it has
                if not task.done:
                    task.turn(budget, selector, 0)
            _settle(active, waiting, selector, settled)
        finally:
            for task in active:
                task.stop(selector)
            for task in waiting:
                task.stop(None)


def go_on(task: Task, budget: Budget, seconds: float) -> bool:
    """Hold one conversation for some time, on a connection that is open.

    Arguments:
        task: with ``opened``; begun or not.
        budget: its own.
        seconds: after which it is left as it is, its connection open.

    Returns:
        whether it has ended; its connection is closed then.
    """
    until = monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        task.resume(budget, selector)
        while not task.done and monotonic() < until:
            _wait(selector, [task], budget, until)
    if task.done:
        task.stop(None)
    return task.done


def _settle(
    active: list[Task],
    waiting: list[Task],
    selector: selectors.BaseSelector,
    settled: Callable[[Task, list[Task]], bool],
) -> bool:
    for task in [task for task in active if task.done]:
        active.remove(task)
        task.stop(selector)
        if settled(task, waiting):
            return True
    return False


def _may_join(
    waiting: list[Task], active: list[Task], budget: Budget, rested: bool, parallel: int
) -> bool:
    if not waiting or budget.connections >= budget.most:
        return False
    if any(task.is_answered() for task in active):
        return False
    return not active or (rested and len(active) < parallel)


def _wait(
    selector: selectors.BaseSelector, active: list[Task], budget: Budget, latest: float
) -> None:
    """Wait for the next event of any task, not beyond *latest*, and let every task act on it."""
    until = min([latest, budget.deadline, *(task.due for task in active)])
    ready = selector.select(max(0.0, until - monotonic()))
    seen = set()
    for key, events in ready:
        task: Task = key.data
        seen.add(task)
        task.turn(budget, selector, events)
    for task in active:
        if task not in seen and not task.done and task.due <= monotonic():
            task.turn(budget, selector, 0)
