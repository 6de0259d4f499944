"""A whole visit in a profile of its own, up to the moment when the server is really stopped."""

from __future__ import annotations

import json
import shutil
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import site_browser
import site_server
from boxes import ANSWER, FIELD, ask, built, shown, wait_for_answer
from needs import missing
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect
from site_browser import Visit, open_tab, search
from site_build import URL, Site
from site_server import Server

RUNTIME = (
    "checks.zip", "client.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide.mjs",
    "stdlib.zip", "worker.mjs",
)  # fmt: skip
TEXT, TOGGLE = ".lb-offline-text", ".lb-offline-toggle"
WAIT = """async (given) => {
    const holds = %s;
    for (let turn = 0; turn < 1000; turn += 1) {
        if (await holds(given)) return true;
        await new Promise(resolve => setTimeout(resolve, 50));
    }
    return false;
}"""
"""Playwright takes a promise for true, and caches have no events: so a look every 50 ms."""
STORED = """async ([pages, files]) => {
    const requests = [];
    for (const name of await caches.keys())
        requests.push(...await (await caches.open(name)).keys());
    const urls = new Set(requests.map(({ url }) => url));
    const names = new Set([...urls].map(url => url.split("/").pop()));
    return pages.every(url => urls.has(url)) && files.every(name => names.has(name));
}"""
QUIET = """async () => {
    await import(document.querySelector("script[data-pyodide-client]").src);
    let waiting = true;
    const draw = () => waiting && requestAnimationFrame(draw);
    draw();
    for (let turn = 0; turn < 3; turn += 1)
        await new Promise(resolve => requestIdleCallback(resolve));
    waiting = false;
}"""
"""Whatever the page does once it is loaded and idle has been begun. It is drawn meanwhile: on a
busy machine Chromium may not notice that a page is idle in which nothing moves at all."""
KEPT = "navigator.serviceWorker.getRegistrations().then(all => all.length)"
GONE = f"async () => await {KEPT} === 0 && (await caches.keys()).length === 0"


class Place:
    """The site's server, to be stopped and started again at the same port."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.log: list[site_server.Request] = []
        self._running: AbstractContextManager[Server] | None = None
        self.port = 0
        self.start()

    def start(self) -> None:
        """Serve; what is asked is added to the log."""
        self._running = site_server.serving(self.site.root, self.port)
        server = self._running.__enter__()
        self.port, server.requests = server.port, self.log
        self.server = server

    def stop(self) -> None:
        """End the server with its connections: whoever connects is refused."""
        if self._running is not None:
            self._running.__exit__(None, None, None)
            self._running = None
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", self.port), 5)

    def fetched(self) -> Counter[str]:
        """How often each file of the runtime was asked for, whatever the answer."""
        paths = [one.path for one in self.log if "/assets/pyodide/" in one.path]
        return Counter(path.rpartition("/")[2] for path in paths)


@pytest.fixture
def place(site: Site) -> Iterator[Place]:
    """The site on a server of this test's own."""
    made = Place(site)
    yield made
    made.stop()


@pytest.fixture
def profile(browser: Browser, place: Place, tmp_path: Path) -> Iterator[BrowserContext]:
    """A fresh profile on disk, as a visitor's: one in memory caches no file of 9 MB."""
    program = shutil.which("chromium") or missing("chromium (apt-get install chromium)")
    made = browser.browser_type.launch_persistent_context(
        str(tmp_path / "profile"), executable_path=program,
        args=[*site_browser.ARGUMENTS, site_browser.leading_to(place.port)],
    )  # fmt: skip
    site_browser.reach(made, place.server)
    yield made
    made.close()


@pytest.fixture
def own(profile: BrowserContext) -> Visit:
    """A tab of that profile."""
    return site_browser.visit(profile)


def wait_until_stored(page: Page, *addresses: str, files: tuple[str, ...] = ()) -> None:
    """Wait until the caches hold these pages and files."""
    assert page.evaluate(WAIT % STORED, [[URL + one for one in addresses], files])


def shown_by(place: Place, *addresses: str) -> Iterator[str]:
    """The files by which a search shows pages."""
    listed = json.loads((place.site.root / "assets/search/files.json").read_text())["pages"]
    return (f"assets/search/{listed[address]}" for address in addresses)


def test_a_whole_session(profile: BrowserContext, own: Visit, place: Place) -> None:
    """First visit, classify, three pages in place, server stopped, reload, classify: no request
    to another host, and the runtime fetched from the server once.
    """
    everything: list[str] = []
    profile.on("request", lambda request: everything.append(request.url))
    page = own.go()
    expect(page.locator(TEXT)).to_contain_text("An offline copy of what you visit is kept")
    ask(page, "0x7f.1:62893")
    assert shown(page) == built(page, "0x7f.1:62893")
    page.evaluate("window.__same = true")
    for title in ("Loopback", "Ports", "Classify"):
        open_tab(page, title)
    assert page.evaluate("window.__same") is True
    expect(search(page, "backlog").first).to_be_visible()
    page.keyboard.press("Escape")
    pages = ("", "loopback/", "ports/", "classify/", "404.html", "assets/search/wasm.en.pagefind")
    wait_until_stored(page, *pages, *shown_by(place, "", "ports/"), files=RUNTIME)
    assert own.problems() == []
    assert place.fetched() == dict.fromkeys(RUNTIME, 1)

    place.stop()
    seen = len(place.log)
    page.reload()
    assert page.evaluate("window.__same ?? null") is None
    assert page.get_attribute(ANSWER, "data-state") == "rendered"
    ask(page, "[::1]:6000")
    assert shown(page) == built(page, "[::1]:6000")
    open_tab(page, "Loopback")
    expect(page.locator("form.pyodide, article h2").first).to_be_visible()
    expect(page.locator(TEXT)).to_contain_text("An offline copy of what you visit is kept")
    options = search(page, "ephemeral port")
    expect(options.and_(page.locator(f".lb-result--page[href^='{URL}ports/?']"))).to_have_count(1)
    assert len(place.log) == seen
    hosts = {urlsplit(url).hostname for url in [*everything, *own.requests]}
    assert hosts <= {"127.0.0.1", None}
    assert own.violations == []


def test_a_runtime_that_came_before_the_worker_is_kept_too(own: Visit, place: Place) -> None:
    """A link with a question starts Python at once; nothing is fetched twice for the copy."""
    page = own.go("classify/#q=0x7f.1")
    wait_for_answer(page)
    wait_until_stored(page, "classify/", files=RUNTIME)
    assert place.fetched() == dict.fromkeys(RUNTIME, 1)
    place.stop()
    page.reload()
    wait_for_answer(page)
    assert page.input_value(FIELD) == "0x7f.1"
    assert shown(page) == built(page, "0x7f.1")


def test_under_data_saver_the_copy_costs_no_runtime(own: Visit, place: Place) -> None:
    """Pages are kept; the runtime is not asked for because of the copy."""
    own.page.add_init_script(
        """Object.defineProperty(NetworkInformation.prototype, "saveData", { get: () => true });
        window.__told = [];
        const post = ServiceWorker.prototype.postMessage;
        ServiceWorker.prototype.postMessage = function (message, ...more) {
            window.__told.push(message);
            return post.call(this, message, ...more);
        };"""
    )
    page = own.go("classify/#q=0x7f.1")
    wait_for_answer(page)
    wait_until_stored(page, "classify/")
    page.evaluate(QUIET)
    told = page.evaluate("window.__told.map(({ type, runtime = false }) => [type, runtime])")
    assert told == [["precache", False]]
    assert place.fetched() == dict.fromkeys(RUNTIME, 1)


def test_the_copy_is_removed_for_good_and_kept_again_on_request(own: Visit, place: Place) -> None:
    """Caches and registration go at once; the next visit makes none; one click does."""
    page = own.go()
    wait_until_stored(page, "", "404.html")
    page.click(TOGGLE)
    expect(page.locator(TEXT)).to_contain_text("No offline copy is kept")
    assert page.evaluate(WAIT % GONE)
    open_tab(page, "Loopback")  # the worker still serves this page
    expect(page.locator(TEXT)).to_contain_text("No offline copy is kept")
    assert page.evaluate("caches.keys()") == []
    place.stop()
    with pytest.raises(Error, match="ERR_CONNECTION_REFUSED"):
        page.reload()
    page.wait_for_url("chrome-error://**")

    place.start()
    own.go()
    page.evaluate(QUIET)
    expect(page.locator(TEXT)).to_contain_text("No offline copy is kept")
    assert page.evaluate(KEPT) == 0
    assert page.evaluate("caches.keys()") == []
    page.click(TOGGLE)
    expect(page.locator(TEXT)).to_contain_text("An offline copy of what you visit is kept")
    wait_until_stored(page, "", "404.html")
    place.stop()
    page.reload()
    expect(page.locator(ANSWER)).to_contain_text("never leaves this machine")
