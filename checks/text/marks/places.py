"""Marks of where a client runs: in a container, in WSL, on a phone, behind a tunnel."""

from __future__ import annotations

MARKS: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    (
        "compose",
        (" |",),
        r"^[a-z0-9][a-z0-9_.-]{0,40}[-_]\d{1,3} {1,20}\| ",
        "docker compose puts this prefix before a container's output",
    ),
)
"""Key, words of which one must be in the text in lower case, pattern, what it tells."""
