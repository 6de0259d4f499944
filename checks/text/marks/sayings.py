"""Sentences that one program alone prints, and that name the cause by themselves."""

from __future__ import annotations

MARKS: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    (
        "docker-allocated",
        ("already allocated",),
        r"port is already allocated",
        "Docker prints this where another container publishes the port",
    ),
)
"""Key, words of which one must be in the text in lower case, pattern, what it tells."""
