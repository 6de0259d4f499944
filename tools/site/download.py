"""The program as one file of the site, and the places of the pages where it is offered.

A page writes ``{{ get }}`` on a line of its own for the whole box, ``{{ get: short }}`` for the
button alone. Below the first transcript that runs ``checks``, every other page says where it is.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin

from checks import __version__
from tools import pyz
from tools.site.markup import relative

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKSUM = f"{pyz.NAME}.sha256"
"""In the form that ``sha256sum -c`` and ``shasum -c`` read."""

_PLACE = re.compile(r"^\{\{ get(?P<short>: short)? \}\}$", re.MULTILINE)
_FENCE = re.compile(
    r"^(?P<indent> *)(?P<marks>`{3,})console\n(?P<text>(?:(?! *`{3}).*\n)*) *(?P=marks)\n",
    re.MULTILINE,
)
_RUNS = re.compile(r"^ *\$ (?:sudo )?python3 -m checks\b", re.MULTILINE)
_EXCEPT = ("reference/json.md", "reference/api.md")
"""Pages for readers who have the package."""


class Program(NamedTuple):
    """The file, and what is said of it."""

    data: bytes
    url: str
    """Where the built site has it."""

    @property
    def sha256(self) -> str:
        """Its checksum, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def size(self) -> str:
        """As a reader takes it in: ``1.1 MB``."""
        return f"{len(self.data) / 1e6:.1f} MB"


@cache
def program(site_url: str) -> Program:
    """Return the file for a site.

    Arguments:
        site_url: the root of the site; one of this machine only is not written into the program.
    """
    try:
        data = pyz.content(site_url)
    except ValueError:
        data = pyz.content()
    return Program(data, urljoin(site_url, pyz.NAME))


def files(site_url: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files that the site offers: path below its root, content."""
    made = program(site_url)
    yield pyz.NAME, made.data
    yield CHECKSUM, f"{made.sha256}  {pyz.NAME}\n".encode()


def offered(markdown: str, page: str, site_url: str) -> str:
    """Return a page's Markdown with the program offered where it asks for that, or shows it.

    Arguments:
        markdown: the page.
        page: its path below docs.
        site_url: the root of the site.
    """
    if _PLACE.search(markdown):
        made = program(site_url)
        return _PLACE.sub(lambda found: _box(made, page, short=bool(found["short"])), markdown)
    if page in _EXCEPT:
        return markdown
    for found in _FENCE.finditer(markdown):
        if _RUNS.search(found["text"]):
            line = "\n".join(found["indent"] + part for part in _line(page).split("\n"))
            return f"{markdown[: found.end()]}\n{line}\n{markdown[found.end() :]}"
    return markdown


def _line(page: str) -> str:
    get, more = relative(pyz.NAME, page), relative("reference/cli.md", page)
    return (
        f"[Get checks.pyz]({get}): one file, for Python 3.10 or later. Type `python3 checks.pyz`"
        f" instead of `python3 -m checks`. [Windows, checksum]({more}#get)\n{{ .lb-get-line }}"
    )


def _box(made: Program, page: str, *, short: bool) -> str:
    button = (
        f"[Download checks.pyz]({relative(pyz.NAME, page)}){{ .md-button .md-button--primary }}"
    )
    about = f"Version {__version__}, {made.size}. It needs Python 3.10 or later and nothing else."
    if short:
        more = relative("reference/cli.md", page)
        about += f" [Windows, checksum, all commands]({more}#get)"
        return f'<div class="lb-get" markdown>\n\n{button}\n\n{about}\n\n{_shell(None)}\n\n</div>'
    tabs = "\n\n".join(
        f'=== "{system}"\n\n{_indented(block)}'
        for system, block in (
            ("Linux", _shell(made, "sha256sum -c")),
            ("macOS", _shell(made, "shasum -a 256 -c")),
            ("Windows", _powershell(made)),
        )
    )
    checksum = f"SHA-256: `{made.sha256}`"
    return f'<div class="lb-get" markdown>\n\n{button}\n\n{about}\n\n{tabs}\n\n{checksum}\n\n</div>'


def _shell(made: Program | None, check: str = "") -> str:
    lines = ["python3 checks.pyz 127.0.0.1:62893"]
    if made:
        lines = [
            f"curl -fO {made.url}",
            f"curl -fs {made.url}.sha256 | {check}",
            *lines,
        ]
    typed = "\n".join(f"$ {line}" for line in lines)
    return f"```console\n{typed}\n```"


def _powershell(made: Program) -> str:
    return (
        "```powershell\n"
        f"Invoke-WebRequest {made.url} -OutFile checks.pyz\n"
        "(Get-FileHash checks.pyz).Hash\n"
        "py checks.pyz 127.0.0.1:62893\n"
        "```\n\n"
        "The second command prints the SHA-256 of the file in capital letters."
    )


def _indented(block: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in block.split("\n"))
