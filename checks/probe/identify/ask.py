"""One step of a conversation: what is asked, and what came back.

A conversation is a generator: it yields an :class:`Ask` (what to send, and
when enough has come back) and receives a :class:`Reply`. It holds no socket,
so it can be tried on any bytes, and one may wrap another: TLS does.
"""

from __future__ import annotations

from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import TypeAlias

    from checks.probe.identify.found import Found

    Conversation: TypeAlias = Generator["Ask", "Reply", "Found | None"]

WAIT = 0.5
"""Seconds in which a server of this machine answers a question of its own protocol."""

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
