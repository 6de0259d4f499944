"""What one identification may spend: time, bytes and connections."""

from __future__ import annotations

from time import monotonic

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
