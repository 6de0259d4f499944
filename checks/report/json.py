"""A report or classification as one line of JSON."""

from __future__ import annotations

import json

_DELETE = str.maketrans({"\x7f": "\\u007f"})


def line(document: object) -> str:
    """Return *document* as JSON on one line, ASCII only, without control characters.

    ASCII, so that the output is the same in every locale and a lone surrogate
    or a C1 control in the input stays an escape (RFC 8259 §8.2).
    """
    return json.dumps(document, ensure_ascii=True, separators=(",", ":")).translate(_DELETE)
