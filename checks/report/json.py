"""A report or classification as one line of JSON."""

from __future__ import annotations

import json

# Made once: json.dumps() makes one for each call with options of its own.
_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


def line(document: object) -> str:
    """Return *document* as JSON on one line, ASCII only, without control characters.

    ASCII, so that the output is the same in every locale and a lone surrogate
    or a C1 control in the input stays an escape (RFC 8259 §8.2).
    """
    return _encode(document).replace("\x7f", "\\u007f")
