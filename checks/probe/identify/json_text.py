"""A JSON object of a peer, which may be cut, or none."""

from __future__ import annotations


def parse(data: bytes) -> dict[str, object]:
    """The object that bytes are; empty where they are none, or were cut."""
    if data.lstrip()[:1] != b"{":
        return {}
    from json import loads  # noqa: PLC0415 - 2 ms, for the few answers that look like JSON

    try:
        found = loads(data.decode("utf-8", "replace").strip())
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
