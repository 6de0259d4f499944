"""Chromium, and what a page does in it: requests, errors, violations of the policy."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from needs import missing
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Playwright,
    expect,
)
from playwright.sync_api import Request as Asked
from site_build import URL, packed
from site_server import Server

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser")
"""Debian's builds of Chromium; the one without windows takes a third less of the machine."""
_WATCH = """
window.__violations = [];
addEventListener("securitypolicyviolation", (event) => window.__violations.push(
    `${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""
PATIENCE = 90_000
"""Milliseconds until what should happen has not."""
QUIET = 500
"""Milliseconds without a request, after which a page is at rest."""
expect.set_options(timeout=PATIENCE)


PICTURE = "assets/img/mark.svg"
"""A file of the site that has nothing else loaded."""


def leading_to(port: int) -> str:
    """Chromium's option that has the site's own address lead to a port.

    Arguments:
        port: where the site really is: the build knows another, and the theme
            compares the two.
    """
    return f"--host-resolver-rules=MAP {urlsplit(URL).netloc} 127.0.0.1:{port}"


def reach(context: BrowserContext, server: Server) -> None:
    """Require that the site's own address leads to this server, and to no other that has its port.

    Raises:
        AssertionError: another server was asked, or none.
    """
    word = secrets.token_hex()
    page = context.new_page()
    with contextlib.suppress(Error):  # what is refused has reached nothing
        page.goto(f"{URL}{PICTURE}?{word}")
    page.close()
    assert word in server.queries, f"{URL} leads to another server than the tests' own"


@contextmanager
def chromium(playwright: Playwright, port: int) -> Iterator[Browser]:
    """A headless Chromium for which the site's own address leads to a port."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None and not os.path.exists(playwright.chromium.executable_path):
        missing("chromium (apt-get install chromium, or python -m playwright install)")
    browser = playwright.chromium.launch(
        executable_path=program,
        args=[*ARGUMENTS, leading_to(port)],
    )
    try:
        yield browser
    finally:
        browser.close()


@dataclass
class Visit:
    """A page in the browser, with all that went wrong in it."""

    page: Page
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    base: str = URL
    _open: set[Asked] = field(default_factory=set)
    _moves: int = 0

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)
        self.page.add_init_script(_WATCH)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.console.append(str(error)))
        self.page.on("request", self._asked)
        self.page.on("requestfinished", self._ended)
        self.page.on("requestfailed", self._failed)
        self.page.on("response", lambda response: self._answered(response.url, response.status))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.console.append(f"{message.type}: {message.text}")

    def _asked(self, request: Asked) -> None:
        self.requests.append(request.url)
        self._open.add(request)
        self._moves += 1

    def _ended(self, request: Asked) -> None:
        self._open.discard(request)
        self._moves += 1

    def _failed(self, request: Asked) -> None:
        self._ended(request)
        # What a page asked for and no longer needs, because it was left, has not failed.
        if request.failure != "net::ERR_ABORTED":
            self.failed.append(f"{request.url}: {request.failure}")

    def _answered(self, url: str, status: int) -> None:
        if status >= 400:
            self.failed.append(f"{url}: {status}")

    def go(self, address: str = "", base: str = URL, *, still: bool = False) -> Page:
        """Load a page of the site by its address below the site's, and wait until it is quiet.

        Then a hand is laid on the mouse, which has the page laid out down to its end, unless it
        is to keep still.
        """
        self.base = base
        self._open.clear()
        self.page.goto(base + address, wait_until="load")
        self._wait_until_quiet()
        if not still:
            self.page.mouse.move(1, 1)
        return self.page

    def _wait_until_quiet(self) -> None:
        """Until no request is open and no other has come; Playwright's own look misses it at times.

        Raises:
            AssertionError: a request that does not end.
        """
        for _ in range(PATIENCE // QUIET):
            moves = self._moves
            self.page.wait_for_timeout(QUIET)
            if moves == self._moves and not self._open:
                return
        raise AssertionError(f"not quiet: {[one.url for one in self._open]}")

    @property
    def foreign(self) -> list[str]:
        """Requests to another host than this machine."""
        local = ("127.0.0.1", None)
        return [url for url in self.requests if urlsplit(url).hostname not in local]

    @property
    def violations(self) -> list[str]:
        """What the page's policy has forbidden since it was loaded."""
        found: list[str] = self.page.evaluate("window.__violations ?? []")
        return found

    def problems(self) -> list[str]:
        """Everything that must not be, and nothing in a page that is well."""
        return [
            *(f"console: {one}" for one in self.console),
            *(f"failed: {one}" for one in self.failed),
            *(f"another host: {one}" for one in self.foreign),
            *(f"policy: {one}" for one in self.violations),
        ]

    def weight(self, site: Path) -> dict[str, int]:
        """The files of the site that were asked for, with their bytes as packed for the wire.

        Arguments:
            site: the folder that was served below the page's own address.
        """
        found = {}
        for url in self.requests:
            if url.startswith(self.base):
                path = site / unquote(urlsplit(url[len(self.base) :]).path)
                path = path / "index.html" if path.is_dir() else path
                data = path.read_bytes()
                packs = path.suffix not in (".png", ".gz", ".zip", ".woff2")
                found[path.relative_to(site).as_posix()] = packed(data) if packs else len(data)
        return found

    def forget(self) -> None:
        """Begin anew, before the next page in the same tab."""
        for one in (self.console, self.requests, self.failed):
            one.clear()


HEADINGS = {
    "Loopback": "What is 127.0.0.1?",
    "Ports": "What is a port?",
    "Classify": "Classify anything you can paste",
}
"""What the page that a tab of the header leads to begins with."""


def open_tab(page: Page, title: str) -> None:
    """Go to a page by its tab, and wait until it is there.

    The theme changes the address first. Until the page has come the old one is seen, and another
    click would end the request.
    """
    page.click(f".md-tabs__link >> text={title}")
    page.wait_for_url(f"**/{title.lower()}/")
    expect(page.locator(".md-content h1")).to_contain_text(HEADINGS[title])


def search(page: Page, text: str) -> Locator:
    """Open the search by its key, type, and wait for what it gives: the options of its list.

    Each change of place, the first one too, makes the theme close menu and search 125 ms later:
    a timer that is begun after it ends after it, however slow the machine.
    """
    page.evaluate("new Promise(resolve => setTimeout(resolve, 250))")
    page.keyboard.press("s")
    field = page.get_by_role("combobox", name="Search")
    expect(field).to_be_focused()
    field.press_sequentially(text)
    return found(page, text)


def found(page: Page, text: str) -> Locator:
    """Wait until the search has been told of a text; gives the options of its list."""
    expect(page.locator("#__search_results")).to_have_attribute("data-query", text)
    return page.get_by_role("option")


def visit(context: BrowserContext) -> Visit:
    """A new tab."""
    return Visit(context.new_page())
