"""Marks of the client that printed a message, and of the system that it ran on."""

from __future__ import annotations

MARKS: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    (
        "node",
        ("node", "econn", "syscall", "afterconnect"),
        r"\b(?:Node\.js v\d+|node:(?:net|internal)[\w/:]{0,40}|TCPConnectWrap\.afterConnect"
        r"|(?:connect|listen|read|write) E[A-Z]{4,12}\b|syscall: '\w{2,20}')",
        "Node.js prints errors so",
    ),
)
"""Key, words of which one must be in the text in lower case, pattern, what it tells."""
