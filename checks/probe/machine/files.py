"""Small files of the kernel, read without ever raising.

``open()`` builds three objects a file and costs three times as much as the
system calls; a diagnosis reads some hundred files under ``/proc``.
"""

from __future__ import annotations

import os

_HOW = os.O_RDONLY | getattr(os, "O_BINARY", 0)
"""Python lets no child inherit it (PEP 446); Windows would read text."""

SMALL = 1 << 16
"""Bytes; more than any single-value file of ``/proc`` or ``/sys`` holds."""


def read(path: str, limit: int = SMALL) -> str | None:
    """Return the text of a file, or None where it cannot be read.

    Arguments:
        path: the file.
        limit: bytes after which reading stops.

    Returns:
        the text; bytes that are not UTF-8 become U+FFFD.
    """
    data = read_bytes(path, limit)
    return None if data is None else data.decode("utf-8", "replace")


def read_bytes(path: str, limit: int = SMALL) -> bytes | None:
    """Return the bytes of a file, at most *limit*, or None where it cannot be read."""
    try:
        descriptor = os.open(path, _HOW)
    except (OSError, ValueError):
        return None
    try:
        # The kernel hands out its tables a page at a time: a short read is not the end.
        chunks = []
        while limit > 0 and (chunk := os.read(descriptor, min(limit, SMALL))):
            chunks.append(chunk)
            limit -= len(chunk)
        return b"".join(chunks)
    except OSError:
        return None
    finally:
        os.close(descriptor)


def link(path: str) -> str | None:
    """Return where a symbolic link points to, or None where it cannot be read."""
    try:
        return os.fsencode(os.readlink(path)).decode("utf-8", "replace")
    except (OSError, ValueError):
        return None
