"""One style sheet instead of five: a browser draws nothing before the last of them has come.

The theme has two, the site three, and over HTTP/1.1 each that is asked for beside another
needs a connection of its own.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

_LINK = re.compile(r'<link rel="stylesheet" href="([^"]+)">\s*')
_ADDRESS = re.compile(r"url\((?!\s*[\"']?data:)|@import")


def join(site: Path, base: str = "/") -> None:
    """Give each page one style sheet with the text of all that it has, in their order.

    The sheet stands beside the last one of the page, under a name that changes with its text;
    those that are in it are removed, and their source maps. Done twice it changes nothing.

    Arguments:
        site: the folder of the built site.
        base: the path that it stands at, with a slash at its end: pages whose links
            are absolute begin them with it.

    Raises:
        ValueError: a sheet has an address in it, which would lead elsewhere from another place.
    """
    site = site.resolve()
    whole: dict[tuple[Path, ...], Path] = {}
    for page in site.rglob("*.html"):
        output = page.read_text(encoding="utf-8")
        links = list(_LINK.finditer(output))
        if not links:
            continue
        sheets = tuple(_file(link[1], page.parent, site, base) for link in links)
        if sheets not in whole:
            whole[sheets] = _joined(sheets)
        address = links[-1][1].removesuffix(sheets[-1].name) + whole[sheets].name
        one = f'<link rel="stylesheet" href="{address}">\n'
        begin = links[0].start()
        page.write_text(output[:begin] + one + _LINK.sub("", output[begin:]), encoding="utf-8")
    for sheet in {one for sheets in whole for one in sheets} - {*whole.values()}:
        sheet.unlink()
        sheet.with_name(f"{sheet.name}.map").unlink(missing_ok=True)


def _file(link: str, folder: Path, site: Path, base: str) -> Path:
    if link.startswith(base):
        return site / link.removeprefix(base)
    return (folder / link).resolve()


def _joined(sheets: tuple[Path, ...]) -> Path:
    text = "\n".join(map(_movable, sheets))
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    made = sheets[-1].with_name(f"all.{digest}.css")
    made.write_text(text, encoding="utf-8")
    return made


def _movable(sheet: Path) -> str:
    text = sheet.read_text(encoding="utf-8")
    if found := _ADDRESS.search(text):
        raise ValueError(f"{sheet}: has an address of its own: {text[found.start() :][:60]}")
    return text
