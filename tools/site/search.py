"""The search: an index of every page, made by Pagefind, that a browser loads in pieces.

Pagefind is one program without dependencies, of the npm package of the system that builds. It
is fetched like the runtime of the pages: by the npm client, at one version, verified. It reads
copies of the pages that hold only what should be found, so the pages themselves need no marks
for it. Its own scripts search the index. docs/assets/js/search.mjs shows what they find.
"""

from __future__ import annotations

import gzip
import json
import os
import platform
import re
import shutil
import sys
import tarfile
import tempfile
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mkdocs_pyodide import runtime

if TYPE_CHECKING:
    from collections.abc import Iterable

VERSION = "1.6.0"

PACKAGES = {
    ("darwin", "arm64"): "sha512-611gl64aqN12UcMyKPtZ8+vRWBKlJFSh2JgO8uScxa1Eyjo1dXz9r4wZuRno0yCUE/KN0FauEoKZ3KEwUYHCCg==",  # noqa: E501
    ("darwin", "x64"): "sha512-rd3ZbtuxyYqjASKZAPuIV7eeQQHJ7VYpoNKKG8CvglaD3g30eT5Nb7XGNLYwVReBsCccpkURwrGwWjSwr8nyQQ==",  # noqa: E501
    ("freebsd", "x64"): "sha512-d+sXqsaThszmPWGVDSRKqIz9GpZcj/bAksNZfg19asSxU0ogNPOMND4kV4giQvOjPFMsltUFf6hQJfoHQ6+hSQ==",  # noqa: E501
    ("linux", "arm64"): "sha512-SLB2I+XqCZma8NvIGIH8nyKblgKIxw5PmqsVtofWOKxNHhEtOEsddbqU+hsrNcT3EV0faM6UmKDHVIxcPYq29w==",  # noqa: E501
    ("linux", "x64"): "sha512-IbMSx/+Vr/Xk0TTBlLkjgK+rvnbOXGmmb2/MKxQu99AR5DsqQoV3NKEA9PQz2tAhuCZjeD5xJBp4w5N5DHIC7Q==",  # noqa: E501
    ("windows", "arm64"): "sha512-wUrniW3REr7VWJHz6xE6F/p/AQgHDFpGZiY9sbWT71KfEijDE5Jnc37V8zc7cilV9h/QkwJGXoEP2+ZLwDmhtw==",  # noqa: E501
    ("windows", "x64"): "sha512-cUA2+yXfbymdJllyMjY5YTBwuOgh0/H53Pn5fYKjDnDjk154Ft4U5RVj3TenWySPL/jG6zJfARUWSlyUyXHlZw==",  # noqa: E501
}  # fmt: skip
"""Of each package ``@pagefind/SYSTEM-PROCESSOR``, as the npm registry states it. The program
of Linux is linked statically, so it runs on any distribution."""

PROCESSORS = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}

FOLDER = "assets/search"
"""Where the index is in the site."""

NEEDED = re.compile(
    r"pagefind(-entry\.json|\.js|\..+\.pf_meta)|wasm\.en\.pagefind"
    r"|.+\.pf_(index|fragment)"
)
"""What a search loads. Pagefind writes user interfaces and a worker beside it, which are not
used."""

LIST = "files.json"
"""Names what an offline copy needs: the files of every search, and for each page the file that
shows it as a result. assets/js/offline.mjs reads it."""

LICENSE = Path(__file__).with_name("pagefind-license.txt")
"""Of Pagefind, whose scripts the site carries."""

TIMEOUT = 120
"""Seconds that the index may take; it takes one."""

LEFT_OUT = ("sources", "related-findings")
"""Anchors of sections that repeat the titles of other pages."""

COLONS = "\u02d0\u02d0"
"""Stands for ``::`` in the index. Pagefind drops punctuation, so ``::1`` would be the word "1";
this character looks the same and counts as a letter. search.mjs does the same to a query."""


class Page(NamedTuple):
    """A page as the index has it.

    Arguments:
        path: of its file in the site: ``loopback/block/index.html``.
        html: of its article.
        words: phrases that people type for it, which need not be in its text.
    """

    path: str
    html: str
    words: tuple[str, ...] = ()


def package(system: str = sys.platform, processor: str = "") -> tuple[str, str]:
    """Return the npm package of Pagefind for a system, and its integrity.

    Raises:
        runtime.RuntimeMissingError: Pagefind publishes no program for it.
    """
    name = "windows" if system == "win32" else system.rstrip("0123456789")
    processor = (processor or platform.machine()).lower()
    key = name, PROCESSORS.get(processor, processor)
    if key not in PACKAGES:
        raise runtime.RuntimeMissingError(
            f"Pagefind has no program for {name} on {processor}; set PAGEFIND to the path of one"
        )
    return f"@pagefind/{'-'.join(key)}", PACKAGES[key]


def obtain(cache: Path | None = None) -> bytes:
    """Return Pagefind's program, verified; of the path that PAGEFIND names, where it is set.

    Raises:
        runtime.RuntimeMissingError: it cannot be had here.
        runtime.IntegrityError: npm gave something else.
    """
    if own := os.environ.get("PAGEFIND"):
        try:
            return Path(own).read_bytes()
        except OSError as error:
            raise runtime.RuntimeMissingError(f"PAGEFIND: {error}") from error
    name, integrity = package()
    path = runtime.archive(name, VERSION, integrity, cache)
    runtime.verify(path.read_bytes(), integrity)
    with tarfile.open(path, "r:gz") as packed:
        for member in packed:
            file = packed.extractfile(member)
            if file and re.fullmatch(r"package/bin/pagefind\w*(\.exe)?", member.name):
                return file.read()
    raise runtime.IntegrityError(f"{path} has no program")


def document(page: Page) -> str:
    """Return the HTML that Pagefind reads instead of a page."""
    body = _without_sections(page.html)
    body = re.sub(r'<a class="headerlink".*?</a>|<p class="finding-line">.*?</p>', "", body)
    body = body.replace("<pre>", '<pre data-pagefind-weight="0.5">')
    words = "; ".join(page.words)
    also = f'<meta data-pagefind-meta="also[content]" content="{escape(words)}">' if words else ""
    whole = f"<main data-pagefind-body>{body}</main>"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">{also.replace("::", COLONS)}'
        f"</head><body>{_in_text(whole)}</body></html>"
    )


def _without_sections(html: str) -> str:
    names = "|".join(LEFT_OUT)
    return re.sub(rf'<h2 id="(?:{names})">.*?(?=<h2|\Z)', "", html, flags=re.DOTALL)


def _in_text(html: str) -> str:
    """Write ``::`` so that it counts, in the text but not in the tags."""
    parts = re.split(r"(<[^>]*>)", html)
    parts[::2] = [part.replace("::", COLONS) for part in parts[::2]]
    return "".join(parts)


def write(site: Path, pages: Iterable[Page], program: bytes) -> None:
    """Make the index of pages, and leave in the site only what a search loads.

    Arguments:
        site: the folder of the built site.
        pages: what is to be found.
        program: what :func:`obtain` gave.

    Raises:
        runtime.RuntimeMissingError: the program does not run here, or failed; says how.
    """
    target = site / FOLDER
    with tempfile.TemporaryDirectory() as work:
        binary = Path(work) / "pagefind.exe"
        binary.write_bytes(program)
        binary.chmod(0o700)
        copies = Path(work) / "pages"
        for page in pages:
            path = copies / page.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(document(page), encoding="utf-8")
        command = ["--site", str(copies), "--output-path", str(target.absolute()), "--silent"]
        runtime.execute([str(binary), *command], TIMEOUT)
    for path in target.rglob("*"):
        if path.is_file() and not NEEDED.fullmatch(path.name):
            path.unlink()
    shutil.copyfile(LICENSE, target / "LICENSE")
    (target / LIST).write_text(json.dumps(_listed(target), separators=(",", ":")), encoding="utf-8")


def _listed(folder: Path) -> dict[str, object]:
    files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.*"))}
    shown = {name for name in files if name.endswith(".pf_fragment")}
    pages = {_address(files[name].read_bytes()): name for name in shown}
    return {"files": sorted(files.keys() - shown), "pages": dict(sorted(pages.items()))}


def _address(fragment: bytes) -> str:
    """Return the address of the page that a fragment shows, below the site's."""
    text = gzip.decompress(fragment).decode()
    address: str = json.loads(text[text.index("{") :])["url"]
    return address.removeprefix("/")
