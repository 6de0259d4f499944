"""The service worker, which lies at the site's root: only from there does it serve every page."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NAME = "service-worker.js"
SOURCE = Path(__file__).parent / "js" / NAME
PLACEHOLDER = "const SITE = {};"


def version_of(site: Path) -> str:
    """Sixteen hexadecimal digits that stand for every file of the built site."""
    total = hashlib.sha256()
    for path in sorted(site.rglob("*")):
        if path.is_file() and path.name != NAME:
            each = hashlib.sha256(path.read_bytes()).hexdigest()
            total.update(f"{path.relative_to(site).as_posix()} {each}\n".encode())
    return total.hexdigest()[:16]


def service_worker(version: str, files: Mapping[str, bytes], pages: Iterable[str]) -> bytes:
    """The script for one build.

    Arguments:
        version: of the site's contents.
        files: what :func:`assets.collect` gave; empty without a runtime.
        pages: addresses of the pages that are always stored, relative to the root.
    """
    lazy = ("stdlib-full.zip", "LICENSE")
    runtime = [path for path in files if not path.endswith(lazy)]
    about = {
        "version": version,
        "folder": runtime[0].rpartition("/")[0] if runtime else "no runtime",
        "runtime": runtime,
        "pages": list(pages),
    }
    text = SOURCE.read_text(encoding="utf-8")
    if text.count(PLACEHOLDER) != 1:
        raise ValueError(f"{NAME} has no line {PLACEHOLDER!r}")
    value = json.dumps(about, sort_keys=True, separators=(",", ":"))
    return text.replace(PLACEHOLDER, f"const SITE = {value};").encode()


def write(site: Path, files: Mapping[str, bytes], page: str) -> None:
    """Write the script for the site that stands in a folder.

    Arguments:
        site: the built site.
        files: what :func:`assets.collect` gave.
        page: the page with the field; stored with the home and the 404 page.
    """
    pages = [
        "",
        *(["404.html"] if (site / "404.html").is_file() else []),
        *([page] if page else []),
    ]
    (site / NAME).write_bytes(service_worker(version_of(site), files, dict.fromkeys(pages)))
