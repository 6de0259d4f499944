"""Conversations held without a socket, against a peer that sends what a test has it send."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.probe.identify.ask import Ask, Reply

if TYPE_CHECKING:
    from checks.probe.identify.ask import Conversation
    from checks.probe.identify.found import Found


def hold(
    conversation: Conversation, steps: list[tuple[bytes, str]]
) -> tuple[Found | None, list[Ask]]:
    """Play a peer that sends these pieces, whatever is asked; then silence."""
    asked: list[Ask] = []
    feed = iter(steps)
    try:
        asked.append(next(conversation))
        while True:
            data, end = next(feed, (b"", "silence"))
            asked[-1].enough(data)
            asked.append(conversation.send(Reply(data, end, 1.0)))
            assert len(asked) < 100
    except StopIteration as result:
        return result.value, asked
