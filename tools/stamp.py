"""Write ``checks/_site.py``: where the site of this build is published.

``SITE_URL`` says it, as it does to MkDocs; without it ``[project.urls]`` of ``pyproject.toml``
does, and where that has no Documentation either, the module holds no address. The workflow that
publishes the site runs this first; the wheel's build hook below puts the same text into a wheel
and leaves the checkout as it is.

Run ``python tools/stamp.py``, or with ``--check`` to see whether the file is that of the project.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from checks.cli import program  # noqa: E402 - run as a file, from anywhere

MODULE = ROOT / "checks" / "_site.py"
_LINE = re.compile(r'^SITE = ".*"$', re.MULTILINE)


def declared(project: str) -> str:
    """Return the Documentation address of a ``pyproject.toml``; empty where it has none.

    By a pattern: ``tomllib`` came with Python 3.11.
    """
    table = re.search(r"^\[project\.urls\]\n((?:(?!\[).*\n)*)", project, re.MULTILINE)
    found = table and re.search(r'^Documentation = "(.*)"$', table[1], re.MULTILINE)
    return found[1] if found else ""


def root(address: str) -> str:
    """Return the root of a site, ending in a slash.

    Raises:
        ValueError: where it is not an http or https address, or one of the reader's own machine.
    """
    if not program.is_site(address):
        raise ValueError(f"{address!r} is no address of a site")
    if urlsplit(address).hostname in ("127.0.0.1", "::1", "localhost"):
        raise ValueError(f"{address!r} is a site of this machine only; it is not stamped")
    return address if address.endswith("/") else f"{address}/"


def stamped(address: str) -> str:
    """Return the module's text with an address; an empty one stands for no site."""
    text = MODULE.read_text(encoding="utf-8")
    return _LINE.sub(f'SITE = "{root(address) if address else ""}"', text, count=1)


def main(arguments: list[str]) -> int:
    """Write the module; with ``--check`` only say whether it is that of the project."""
    own = declared((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    if "--check" in arguments:
        return int(stamped(own) != MODULE.read_text(encoding="utf-8"))
    try:
        MODULE.write_text(stamped(os.environ.get("SITE_URL") or own), encoding="utf-8")
    except ValueError as problem:
        print(f"stamp: {problem}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
