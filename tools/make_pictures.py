"""Make the README's pictures of the site: ``python -m tools.make_pictures`` after ``make site``.

Chromium is the system's own, else the one that Playwright has fetched.
"""

from __future__ import annotations

import shutil
import sys
import threading
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from tools import serve

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / ".github" / "images"


_ANSWERED = "[data-state=live]:not([aria-busy])"


class Picture(NamedTuple):
    """One picture: where the browser goes, and how it looks at it."""

    name: str
    address: str
    """Below the root of the site."""
    dark: bool = False
    width: int = 1280


ERROR = "web-1  | Error: connect ECONNREFUSED 127.0.0.1:5432"

WANTED = (
    Picture("home", ""),
    Picture("error", f"classify/#q={quote(ERROR)}"),
    Picture("guide", "troubleshooting/not-responding/"),
    Picture("phone", "", dark=True, width=390),
)


def take(browser: Browser, root: str, picture: Picture) -> None:
    """Take one picture into :data:`PICTURES`.

    Arguments:
        browser: a running Chromium.
        root: the address of the served site.
        picture: which one.
    """
    size: ViewportSize = {"width": picture.width, "height": 844 if picture.width < 600 else 800}
    context = browser.new_context(
        viewport=size,
        color_scheme="dark" if picture.dark else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(root + picture.address)
    if "#q=" in picture.address:
        page.wait_for_selector(_ANSWERED, timeout=60_000)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{picture.name}.png")
    context.close()


def main() -> int:
    """Serve the built site, and take every picture."""
    site = ROOT / "site"
    if not (site / "index.html").is_file():
        print("make_pictures: there is no site/; run: make site", file=sys.stderr)
        return 2
    with serve.serve(site, port=0) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        root = f"http://127.0.0.1:{server.server_address[1]}/"
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        for picture in WANTED:
            take(browser, root, picture)
            print(PICTURES / f"{picture.name}.png")
        browser.close()
        server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
