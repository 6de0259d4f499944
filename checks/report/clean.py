"""Text from outside, made safe to show: no control character reaches a terminal.

Banners, process titles and pasted input may carry escape sequences that move
the cursor or rewrite the window title, and bidirectional controls that make a
line read as another (Unicode TR #36, "Bidirectional Text Spoofing"). They are
shown as escapes, so that nothing is hidden.
"""

from __future__ import annotations

_ZERO_WIDTH_AND_BIDI = (
    *range(0x200B, 0x2010),  # zero width space ... right-to-left mark
    *range(0x2028, 0x202F),  # line and paragraph separators, embeddings, overrides
    *range(0x2060, 0x2070),  # word joiner, isolates
    0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x3164, 0xFEFF, 0xFFA0,
    *range(0xFFF9, 0xFFFC),
)  # fmt: skip

_ESCAPES: dict[int, str] = {
    **{code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))},
    **{code: f"\\u{code:04x}" for code in _ZERO_WIDTH_AND_BIDI},
    0x09: "\\t",
    0x0A: "\\n",
    0x0D: "\\r",
}


class _Table(dict[int, str]):
    """Adds the two ranges that are too long to list: surrogates and tag characters."""

    def __missing__(self, code: int) -> str:
        if 0xD800 <= code <= 0xDFFF:
            return f"\\u{code:04x}"
        if 0xE0000 <= code <= 0xE0FFF:
            return f"\\U{code:08x}"
        raise LookupError(code)


_TABLE = _Table(_ESCAPES)


def line(text: str, limit: int = 400) -> str:
    """Return *text* as one line without control characters.

    Arguments:
        text: anything, also with lone surrogates.
        limit: the most characters of the text to show; the rest is counted.
    """
    rest = len(text) - limit
    if rest > 0:
        text = text[:limit]
    shown = text if text.isascii() and text.isprintable() else text.translate(_TABLE)
    return f"{shown}… ({rest} more characters)" if rest > 0 else shown
