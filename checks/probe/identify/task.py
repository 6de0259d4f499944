"""One conversation on one connection of its own, on a socket that never blocks."""

from __future__ import annotations

import errno
import selectors
import socket
from time import monotonic

from checks.probe.ask.connect import Opened, end_of
from checks.probe.ask.queues import taken
from checks.probe.identify.ask import CLOSED, ENOUGH, LIMIT, RESET, SILENCE, Ask, Reply
from checks.probe.identify.budget import MOST_BYTES
from checks.probe.identify.found import Found
from checks.probe.system import RESET_ON_CLOSE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from checks.probe.identify.ask import Conversation
    from checks.probe.identify.budget import Budget

    Address: TypeAlias = "tuple[str, int] | tuple[str, int, int, int]"

_PENDING = frozenset({errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY, errno.EINTR})

_ANSWER = 0.3
"""Seconds for a step in which bytes have come, before another question is asked beside it."""

_LEAST = 0.01
"""Seconds that are waited on a connection that has been open for as long as it is to be waited."""


class Task:
    """One conversation on one connection of its own.

    Arguments:
        name: the protocol tried.
        conversation: the generator.
        stagger: seconds it is left alone before the next task joins it.
        opened: a connection that is open already; None where the task makes its own.
        patient: whether it waits without end for the first byte.
    """

    def __init__(
        self,
        name: str,
        conversation: Conversation,
        stagger: float = 0.02,
        opened: Opened | None = None,
        *,
        patient: bool = False,
    ) -> None:
        self.name = name
        self.stagger = stagger
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
        self._count_from_opening()
        if not self.done and self._socket is not None:
            selector.register(self._socket, self._interest(), self)

    def _count_from_opening(self) -> None:
        """Count the first wait from when the connection came about: the peer may speak since."""
        if self.opened is not None and self.opened.since is not None:
            latest = self._began + _LEAST - self._ask.wait
            self._began = min(self._began, max(self.opened.since, latest))

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
        return self.stagger > 0 and self.received > 0 and monotonic() - self._began < _ANSWER

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
        found = socket.getaddrinfo(text, port, type=socket.SOCK_STREAM, flags=flags)
    except (OSError, ValueError):
        return None
    where = found[0][4] if found else None
    return where if where is not None and isinstance(where[0], str) else None
