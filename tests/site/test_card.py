"""The picture of a link is the drawing's: who changes one draws the other anew."""

from __future__ import annotations

import struct

from tools import make_card


def test_the_picture_was_made_from_the_drawing_as_it_is() -> None:
    """The digest in the picture is that of the drawing."""
    assert make_card.recorded(make_card.PICTURE.read_bytes()) == make_card.digest(), (
        "draw it anew: python tools/make_card.py"
    )


def test_the_picture_has_the_size_that_is_told() -> None:
    """1200 by 630 pixels, as sites that show links expect it."""
    data = make_card.PICTURE.read_bytes()
    assert struct.unpack(">II", data[16:24]) == make_card.SIZE
