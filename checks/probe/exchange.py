"""One question on one connection, whose answer may be a long time coming.

``checks wait`` asks for one protocol and waits: the connection stays open from
one look to the next, so that a server that is slow, or starting, or hung, is
asked once. The question is that of the identification, and only that one.
"""

from __future__ import annotations

from checks.model.words import at
from checks.probe.identify import debuggers, greeting, loop, plan, protocols
from checks.probe.identify.ask import RESET, Ask, line
from checks.probe.identify.budget import Budget
from checks.probe.identify.found import Found
from checks.probe.identify.protocols import http
from checks.probe.identify.questions import Questions, listen
from checks.probe.identify.task import Task
from checks.rules.protocols import BY_NAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.probe.ask.connect import Opened
    from checks.probe.identify.ask import Conversation
    from checks.probe.sockets.row import Table

_EVER = 1e9  # seconds
_LONGEST_LINE = 4096  # bytes of an answer that are looked at
_TLS_ALERT = b"\x15\x03"  # RFC 8446 §5.1, §6


def is_known(protocol: str, port: int, found: Table) -> bool:
    """Whether the owner's command tells that it speaks a protocol that must not be asked for."""
    for row in found.listeners:
        for owner in row.owners:
            known = debuggers.from_command(owner.command, port)
            if known is not None and known.protocol == protocol:
                return True
    return False


def begins_with_tls(port: int) -> bool:
    """Whether a port is one on which TLS is spoken from the first byte."""
    return port in plan.TLS


class Exchange:
    """A question and its answer.

    Arguments:
        opened: the connection; it is closed when the exchange is over.
        condition: ``http``, ``tls`` or the name of a protocol.
        port: that was connected to.
        host: a name or an address, for SNI and the Host header.
        path: of an HTTP request.
        secure: whether it is asked inside TLS.
    """

    def __init__(
        self, opened: Opened, condition: str, port: int, host: str, path: str, *, secure: bool
    ) -> None:
        self.condition = condition
        self.port = port
        self.secure = secure
        self._task = Task(condition, self._conversation(host, path), opened=opened, patient=True)
        self._budget = Budget(0)
        self._budget.deadline = float("inf")

    def go_on(self, seconds: float) -> bool:
        """Wait for some time; return whether the exchange is over."""
        return loop.go_on(self._task, self._budget, seconds)

    def close(self) -> None:
        """Give it up."""
        self._task.stop(None)

    @property
    def next_inside(self) -> bool:
        """Whether to ask inside TLS the next time: as before, unless that was not understood."""
        task, found = self._task, self._task.found
        if self.secure:
            return found is not None and found.tls is not None
        return not task.received or task.first.startswith(_TLS_ALERT)

    def why(self) -> str:
        """What the peer did instead of what was waited for; "" where it did that."""
        task, found = self._task, self._task.found or Found(None)
        if self.condition == "tls" and found.tls is not None:
            shaken = found.tls.version is not None
            return "" if shaken else f"it accepts, then: {found.tls.problem or 'TLS fails'}"
        if found.protocol == self.condition:
            return ""
        if self.condition in ("http", "tls") and task.received:
            return f"it answers, but not with {self.condition.upper()}"
        if task.received:
            spoken = found.protocol or self._spoken(task.first)
            return f"it speaks {spoken}" if spoken else "what it speaks is not known yet"
        if task.ended == RESET:
            return "it accepts, then resets the connection"
        return "it accepts, then closes without an answer"

    def _spoken(self, said: bytes) -> str | None:
        if said.startswith(b"HTTP/"):
            return "http"
        found = greeting.recognise(said, self.port)
        return found.protocol if found else None

    @property
    def _only_listens(self) -> bool:
        protocol = BY_NAME[self.condition]
        return protocol.speaks_first or protocol.never_asked

    def _conversation(self, host: str, path: str) -> Conversation:
        if self.condition == "tls":
            return _secured(host, None)
        if self.condition == "http":
            asked = _http(_request(path, host, self.port))
        elif self._only_listens:
            asked = listen(self.port, _EVER)
        else:
            asked = Questions(host, self.port).conversation(self.condition)
        return _secured(host, asked) if self.secure else asked


def _secured(host: str, asked: Conversation | None) -> Conversation:
    session = protocols.session(host.partition("%")[0], http.ALPN_OLD)
    return session.converse(None if asked is None else lambda _: asked)


def _http(request: bytes) -> Conversation:
    """A request, and the first line of the answer."""
    reply = yield Ask(request, line, _EVER, _LONGEST_LINE)
    return Found("http" if reply.data.startswith(b"HTTP/") else None)


def _request(path: str, host: str, port: int) -> bytes:
    """A GET that any server answers: RFC 9112 §3.2, RFC 9110 §7.2."""
    lines = (
        f"GET {path} HTTP/1.1",
        f"Host: {at(host.partition('%')[0], port)}",
        "User-Agent: checks",
        "Accept: */*",
        "Connection: close",
    )
    return "".join(f"{each}\r\n" for each in (*lines, "")).encode("ascii", "replace")
