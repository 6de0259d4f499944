"""Make ``checks.pyz``: the whole program as one file that any Python from 3.10 on runs.

Run ``python -m tools.pyz [FILE]``, or ``make pyz``. The same tree makes the same bytes: names are
sorted, and every entry has the oldest time that a zip file can hold.

Source: Python, ``zipapp``: "an executable archive" is a zip file with a ``__main__.py`` in it,
which may begin with a ``#!`` line.
"""

from __future__ import annotations

import io
import os
import sys
import zipfile
from pathlib import Path

from tools import stamp

ROOT = Path(__file__).resolve().parents[1]
NAME = "checks.pyz"
OUTPUT = ROOT / "dist" / NAME

_SHEBANG = b"#!/usr/bin/env python3\n"
_START = ROOT / "checks" / "__main__.py"
_KEPT = frozenset((".py", ".json", ".typed"))


def content(site: str = "") -> bytes:
    """Return the file.

    Arguments:
        site: the address of a published site, to whose pages the program leads; empty for none.

    Raises:
        ValueError: where *site* is no address of a published site.
    """
    made = io.BytesIO(_SHEBANG)
    made.seek(0, io.SEEK_END)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in sorted(_files(site).items()):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, also where it is made on Windows
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return made.getvalue()


def _files(site: str) -> dict[str, bytes]:
    """Return what is in it: name to content. Line ends are those of Unix on every system."""
    found = {
        path.relative_to(ROOT).as_posix(): path.read_bytes().replace(b"\r\n", b"\n")
        for path in (ROOT / "checks").rglob("*")
        if path.suffix in _KEPT and "__pycache__" not in path.parts
    }
    found[stamp.MODULE.relative_to(ROOT).as_posix()] = stamp.stamped(site).encode()
    found["__main__.py"] = _START.read_bytes().replace(b"\r\n", b"\n")
    found["LICENSE"] = (ROOT / "LICENSE").read_bytes()
    return found


def main(arguments: list[str]) -> int:
    """Write the file, and say where it is and how it is run."""
    path = Path(arguments[0]) if arguments else OUTPUT
    try:
        data = content(os.environ.get("SITE_URL", ""))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except (OSError, ValueError) as problem:
        print(f"pyz: {problem}", file=sys.stderr)
        return 2
    path.chmod(0o755)
    print(f"{path}: {len(data)} bytes; run: python3 {path} 127.0.0.1:62893")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
