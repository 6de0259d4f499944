"""The site, built once for all tests, and what its files hold."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

if sys.platform != "win32":
    import fcntl

ROOT = Path(__file__).resolve().parents[2]

URL = "http://127.0.0.1:62893/project/"
"""Where the tested build believes to be: below a path, as a project's site is."""

_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


def build(
    into: Path, *, program: str = "mkdocs", url: str = URL, config: Path | None = None
) -> str:
    """Build the site strictly; gives what the build printed.

    Arguments:
        into: the folder that gets the site.
        program: ``mkdocs``, or another program with its arguments.
        url: where the site is to stand.
        config: another ``mkdocs.yml`` than this project's.

    Raises:
        AssertionError: a warning or an error, with all that was printed.
    """
    path = config or ROOT / "mkdocs.yml"
    command = [sys.executable, "-m", program, "build", "--strict", "-f", str(path), "-d", str(into)]
    environment = {**os.environ, "SITE_URL": url, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(
        command, env=environment, cwd=path.parent, capture_output=True, text=True, timeout=280,
        check=False,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


def build_once(shared: Path) -> Path:
    """The folder with the site, built by whoever comes first.

    Arguments:
        shared: a folder that all workers of one test run have.
    """
    with (shared / "site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        site, said = shared / "site", shared / "site.log"
        if not said.exists():
            shutil.rmtree(site, ignore_errors=True)
            said.write_text(build(site))
    return site


@dataclass
class Element:
    """One element of a page; its text is that of all inside it."""

    tag: str
    attributes: dict[str, str]
    line: int
    inside: tuple[str, ...]
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text inside, white space folded."""
        return " ".join("".join(self.parts).split())

    @property
    def raw(self) -> str:
        """The text inside as it stands."""
        return "".join(self.parts)

    def get(self, name: str) -> str:
        """An attribute, empty where there is none."""
        return self.attributes.get(name, "")

    @property
    def classes(self) -> list[str]:
        """The classes."""
        return self.get("class").split()


class _Elements(HTMLParser):
    """All elements of a page in order, in one pass: a tree is not needed, and takes longer."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Element] = []
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        inside = tuple(one.tag for one in self.open)
        element = Element(tag, values, self.getpos()[0], inside)
        self.found.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self.open) - 1, -1, -1):
            if self.open[at].tag == tag:
                del self.open[at:]
                break

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.parts.append(data)


@dataclass(frozen=True)
class Page:
    """One HTML file of the site."""

    site: Path
    path: Path

    @property
    def address(self) -> str:
        """Its address below the site's: ``loopback/block/``, ``404.html``."""
        return self.path.relative_to(self.site).as_posix().removesuffix("index.html")

    @property
    def url(self) -> str:
        """Its full address."""
        return URL + self.address

    @cached_property
    def text(self) -> str:
        """The file."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def elements(self) -> list[Element]:
        """Every element."""
        parser = _Elements()
        parser.feed(self.text)
        parser.close()
        return parser.found

    def all(self, *tags: str) -> Iterator[Element]:
        """The elements with one of these tags."""
        return (one for one in self.elements if one.tag in tags)

    def meta(self, name: str) -> list[str]:
        """The contents of the meta elements with a name, a property or an http-equiv."""
        return [
            one.get("content")
            for one in self.all("meta")
            if name in (one.get("name"), one.get("property"), one.get("http-equiv"))
        ]

    def link(self, rel: str) -> list[str]:
        """The addresses of the link elements with a relation."""
        return [one.get("href") for one in self.all("link") if rel in one.get("rel").split()]

    @cached_property
    def anchors(self) -> frozenset[str]:
        """What a fragment can name."""
        names = (one.get("name") for one in self.all("a"))
        return frozenset({*(one.get("id") for one in self.elements), *names} - {""})


class Site:
    """The built site."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def pages(self) -> list[Page]:
        """Every page with an address of its own and the 404 page; no redirects."""
        return [Page(self.root, path) for path in sorted(self.root.rglob("*.html"))]

    @cached_property
    def by_address(self) -> dict[str, Page]:
        """Pages by their address."""
        return {page.address: page for page in self.pages}

    @cached_property
    def files(self) -> list[Path]:
        """Every file."""
        return [path for path in sorted(self.root.rglob("*")) if path.is_file()]

    def resolve(self, page: Page, link: str) -> tuple[Path, str] | None:
        """The file and the fragment that a link of a page leads to; None if out of the site.

        Arguments:
            page: where it stands.
            link: as its attribute has it.
        """
        target, fragment = urldefrag(urljoin(page.url, link))
        if not target.startswith(URL):
            return None
        path = self.root / unquote(urlsplit(target[len(URL) :]).path)
        return (path / "index.html" if path.is_dir() else path), unquote(fragment)


def packed(data: bytes) -> int:
    """Bytes as a server sends them that packs with gzip, level 6 as nginx and Pages would."""
    return len(gzip.compress(data, 6, mtime=0))
