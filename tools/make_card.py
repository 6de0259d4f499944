"""Draw the picture that a link to the site is shown with: ``python tools/make_card.py``.

Chromium turns ``tools/card.svg`` into ``docs/assets/img/card.png``. Its bytes
differ from one version of Chromium to the next, so what a test compares is the
digest of the drawing, which is kept in the picture.
"""

from __future__ import annotations

import hashlib
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

ROOT = Path(__file__).parents[1]
DRAWING = ROOT / "tools/card.svg"
PICTURE = ROOT / "docs/assets/img/card.png"
SIZE = (1200, 630)
KEYWORD = b"Source"
"""Of the text chunk with the digest (PNG, third edition, §11.3.3)."""


def digest() -> str:
    """Return the digest of the drawing as it is now."""
    return hashlib.sha256(DRAWING.read_bytes()).hexdigest()


def recorded(picture: bytes) -> str | None:
    """Return the digest of the drawing that a picture was made from; None where it has none."""
    place = 8
    while place + 8 <= len(picture):
        (length,) = struct.unpack(">I", picture[place : place + 4])
        kind, data = picture[place + 4 : place + 8], picture[place + 8 : place + 8 + length]
        if kind == b"tEXt" and data.startswith(KEYWORD + b"\0"):
            return data.partition(b"\0")[2].decode("latin-1")
        place += length + 12
    return None


def with_digest(picture: bytes, text: str) -> bytes:
    """Return the picture with the digest in a chunk before its end."""
    body = b"tEXt" + KEYWORD + b"\0" + text.encode("latin-1")
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return picture[:-12] + chunk + picture[-12:]


def draw() -> bytes:
    """Return the picture, drawn by Chromium.

    Raises:
        FileNotFoundError: there is no Chromium on the PATH.
        subprocess.CalledProcessError: it drew nothing.
    """
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise FileNotFoundError("chromium")
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "card.png"
        subprocess.run(
            [
                program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                "--no-first-run", "--disable-background-networking", "--disable-sync",
                "--disable-component-update", f"--user-data-dir={folder}/profile",
                f"--window-size={SIZE[0]},{SIZE[1]}", f"--screenshot={made}", DRAWING.as_uri(),
            ],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        return made.read_bytes()


def main() -> int:
    """Draw it and write it."""
    PICTURE.write_bytes(with_digest(draw(), digest()))
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
