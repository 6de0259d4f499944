"""The box: time to the first live answer, beside other Pythons in a page.

Each run has a browser profile of its own, on disk, for each page; the pages take
turns. Cold is the first navigation of that profile, warm the second. Times are
those of the page's own clock, which begins with the navigation, and the browser
has come to rest before, so its start does not count. The server is on this
machine and sends as fast as it can: what a network would add is seen in the
bytes.
"""

from __future__ import annotations

import gzip
import os
import shutil
import statistics
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from benchmarks import page_peers
from benchmarks.page_peers import MissingError, Peer
from benchmarks.table import markdown

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

RUNS, QUICK_RUNS = 10, 3
"""Fresh profiles of each page."""
PATIENCE = 120_000  # milliseconds
NOTHING = "no-such-file"
KEYS = 200
REST = 4000
"""Milliseconds before each visit of a profile, and before the typing.

What a page does at its leisure is done then; and so is what the browser loads for itself, which
takes some two seconds of both cores after its start.
"""
PAUSE = 25
"""Milliseconds between two keystrokes: four times as quick as a quick typist."""
AIMS = (
    ("cold, ours / stock", 0.35),
    ("warm, ours / stock", 0.35),
    ("bytes, ours / stock", 0.85),
    ("keystroke to answer, 95th percentile, ms", 16.0),
    ("longest task while Python loads, ms", 50.0),
)
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
SAMPLES = (
    "http://127.0.0.1:62893/index.html", "Error: connect ECONNREFUSED ::1:5432",
    "[fe80::1%eth0]:8080", "0x7f.1:6000", "connect to localhost port 3000 failed",
)  # fmt: skip

WATCH = """
window.__tasks = [];
new PerformanceObserver(list => window.__tasks.push(...list.getEntries().map(one => one.duration)))
    .observe({ type: "longtask", buffered: true });
window.__first = new Promise(resolve => {
    const run = () => {
        const output = document.querySelector(".pyodide-output");
        const button = document.querySelector("[id$=run]");
        if (button?.onclick && output.textContent === "" && !window.__clicked) {
            window.__clicked = true;
            button.click();
        }
        return output.textContent.includes("answer-verdict");
    };
    const live = () => document.querySelector(
        "#classifier-answer[data-state=live]:not([aria-busy]) .answer-verdict") !== null;
    const look = () => {
        if (!(document.querySelector(".pyodide-editor-bar") ? run() : live())) return;
        watcher.disconnect();
        resolve(performance.now());
    };
    const watcher = new MutationObserver(look);
    watcher.observe(document, { subtree: true, childList: true, attributes: true,
                                characterData: true });
});
"""
LISTEN = """() => {
    const answer = document.querySelector("#classifier-answer");
    window.__waiting = [];
    window.__spent = [];
    addEventListener("input", () => window.__waiting.push(performance.now()), { capture: true });
    new MutationObserver(() => {
        const now = performance.now();
        window.__spent.push(...window.__waiting.splice(0).map(begun => now - begun));
    }).observe(answer, { childList: true });
}"""
SPENT = "() => window.__waiting.length === 0 ? window.__spent : null"


class Visit(NamedTuple):
    """One navigation.

    Arguments:
        answered: milliseconds to the first live answer.
        longest: the longest task of the main thread until then; 0 where none had 50.
        sent: bytes of what was asked for until then, each file packed.
    """

    answered: float
    longest: float
    sent: int


class Seen(NamedTuple):
    """What one fresh profile saw.

    Arguments:
        cold: the first navigation.
        warm: the second.
        keys: milliseconds of each keystroke; empty for a fence.
        loading: the longest task of the main thread from the focus of the field to the first
            answer, in a page that has been loaded and is at rest; 0 where none had 50 ms.
    """

    cold: Visit
    warm: Visit
    keys: list[float]
    loading: float


class Handler(SimpleHTTPRequestHandler):
    """Files of a folder; the caches of the browser may keep them for ten minutes."""

    protocol_version = "HTTP/1.1"
    extensions_map = {  # noqa: RUF012 - as the base class has it
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm",
    }  # fmt: skip

    def __init__(self, asked: list[str], *arguments: object, directory: str) -> None:
        self.asked = asked
        super().__init__(*arguments, directory=directory)  # type: ignore[arg-type]

    def end_headers(self) -> None:
        """Add what many static hosts add."""
        self.send_header("Cache-Control", "max-age=600")
        super().end_headers()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Remember what was asked."""
        self.asked.append(unquote(urlsplit(self.path).path))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Print nothing."""


class Server(ThreadingHTTPServer):
    """Many requests at once."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that leaves in the middle of an answer is no error."""


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Serve a folder; gives its address, and the list that gets every path asked for."""
    asked: list[str] = []
    server = Server(("127.0.0.1", 0), partial(Handler, asked, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@cache
def packed(path: Path) -> int:
    """Bytes of a file as a server would send it packed; 0 where there is none."""
    path = path / "index.html" if path.is_dir() else path
    return len(gzip.compress(path.read_bytes(), 9)) if path.is_file() else 0


def percentile(values: list[float], share: float) -> float:
    """The smallest value that *share* of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def profile(browsers: object, program: str, peer: Peer) -> Seen:
    """Visit a page twice in a fresh profile; in the second visit type, where there is a field.

    Arguments:
        browsers: Playwright's kind of browser.
        program: the browser to start.
        peer: the page.
    """
    from playwright.sync_api import BrowserType, Page

    assert isinstance(browsers, BrowserType)  # noqa: S101

    def visit(page: Page, address: str, asked: list[str]) -> Visit:
        asked.clear()
        page.goto(address + peer.address, wait_until="commit", timeout=PATIENCE)
        answered = float(page.evaluate("window.__first"))
        sent = sum(packed(peer.folder / path.lstrip("/")) for path in set(asked))
        page.wait_for_load_state("networkidle")
        longest = max(page.evaluate("window.__tasks"), default=0.0)
        return Visit(answered, float(longest), sent)

    with tempfile.TemporaryDirectory(prefix="page-") as home, serving(peer.folder) as (url, asked):
        context = browsers.launch_persistent_context(
            home, executable_path=program, args=[*ARGUMENTS], timeout=PATIENCE
        )
        try:
            context.set_default_timeout(PATIENCE)
            page = context.pages[0]
            page.add_init_script(WATCH)
            page.goto(url + NOTHING)
            page.wait_for_timeout(REST)  # a visitor's browser has been running for a while
            cold = visit(page, url, asked)
            page.wait_for_timeout(REST)
            page.goto("about:blank")
            warm = visit(page, url, asked)
            page.wait_for_timeout(REST)
            keys = [] if peer.fence else typed(page)
            loading = focused(page, url + peer.address) if peer.lazy else float("nan")
        finally:
            context.close()
    return Seen(cold, warm, keys, loading)


def focused(page: object, address: str) -> float:
    """The longest task that Python's loading brings to a page at rest."""
    from playwright.sync_api import Page

    assert isinstance(page, Page)  # noqa: S101
    page.goto("about:blank")
    page.goto(address.partition("#")[0], wait_until="networkidle", timeout=PATIENCE)
    page.wait_for_timeout(REST)
    page.evaluate("window.__tasks.length = 0")
    page.locator("#classifier-input").fill("0x7f.2:62893")  # focus, and a text of its own
    page.evaluate("window.__first")
    return float(max(page.evaluate("window.__tasks"), default=0.0))


def typed(page: object) -> list[float]:
    """Milliseconds from each of the keystrokes to its answer, or that of a later one."""
    from playwright.sync_api import Page

    assert isinstance(page, Page)  # noqa: S101
    field = page.locator("#classifier-input")
    page.evaluate(LISTEN)
    left = KEYS
    while left:
        for sample in SAMPLES:
            field.select_text()
            page.keyboard.type(sample[:left], delay=PAUSE)
            left -= len(sample[:left])
    found: list[float] = page.wait_for_function(SPENT, polling=PAUSE).json_value()
    return found


def the_browser() -> tuple[Callable[[], AbstractContextManager[Playwright]], str]:
    """Playwright's start, and the path of Chromium.

    Raises:
        MissingError: one of them is missing.
    """
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise MissingError("playwright (pip install --group site-tests)") from error
    program = shutil.which("chromium")
    if program is None:
        raise MissingError("chromium (apt-get install chromium)")
    return sync_playwright, program


def measured(peers: list[Peer], runs: int) -> dict[str, list[Seen]]:
    """Every page in as many fresh profiles, in turns.

    Raises:
        MissingError: there is no browser.
    """
    sync_playwright, program = the_browser()
    seen: dict[str, list[Seen]] = {peer.name: [] for peer in peers}
    with sync_playwright() as playwright:
        for _ in range(runs):
            for peer in peers:
                seen[peer.name].append(profile(playwright.chromium, program, peer))
    return seen


def summary(seen: dict[str, list[Seen]]) -> dict[str, dict[str, float]]:
    """The medians of each page; of the keystrokes the 95th percentile of all."""
    found = {}
    for name, each in seen.items():
        keys = [one for run in each for one in run.keys]
        found[name] = {
            "cold": statistics.median(one.cold.answered for one in each),
            "warm": statistics.median(one.warm.answered for one in each),
            "bytes": statistics.median(one.cold.sent for one in each),
            "task": statistics.median(one.cold.longest for one in each),
            "keys": percentile(keys, 0.95) if keys else float("nan"),
            "loading": statistics.median(one.loading for one in each),
        }
    return found


def aims(found: dict[str, dict[str, float]]) -> list[tuple[str, float, float, str]]:
    """Each aim with what was measured, and whether it is met."""
    ours, stock = found["ours"], found["stock"]
    values = (
        ours["cold"] / stock["cold"], ours["warm"] / stock["warm"], ours["bytes"] / stock["bytes"],
        ours["keys"], ours["loading"],
    )  # fmt: skip
    return [
        (name, value, aim, "met" if value <= aim else "missed")
        for (name, aim), value in zip(AIMS, values, strict=True)
    ]


def main(*, quick: bool = False) -> None:
    """Print the tables."""
    runs = int(os.environ.get("BENCH_RUNS", "0")) or (QUICK_RUNS if quick else RUNS)
    try:
        with tempfile.TemporaryDirectory(prefix="pages-") as work:
            seen = measured(page_peers.peers(Path(work)), runs)
    except MissingError as error:
        print(f"## The box\n\nnot measured: {error}")
        return
    found = summary(seen)
    stock = found["stock"]
    print(f"## The box: navigation to the first live answer, medians of {runs} fresh profiles\n")
    rows = [
        (
            name, one["cold"], f"{one['cold'] / stock['cold']:.2f}", one["warm"],
            f"{one['warm'] / stock['warm']:.2f}", one["bytes"] / 1e6,
            f"{one['bytes'] / stock['bytes']:.2f}", one["task"] or "under 50",
            "-" if name == "markdown-exec" else one["keys"],
        )
        for name, one in found.items()
    ]  # fmt: skip
    header = ("page", "cold ms", "/stock", "warm ms", "/stock", "gzip MB", "/stock",
              "longest task ms", "key p95 ms")  # fmt: skip
    print(markdown(header, rows))
    print(f"""
cold: the first navigation of a profile; warm: the second. gzip MB: what was asked for until the
first answer of the cold one. key p95: {KEYS} keystrokes in each profile, from the input event to
the answer in the page. longest task: from the navigation to the answer, the theme's own script
among them; what Python's loading adds to a page at rest is the last of the aims.
stock is the same page with the runtime as it comes; once more in a bare page, without the theme
and all else. markdown-exec's page is bare too; it loads local copies of its foreign files, and a
stub instead of micropip.
""")
    print(markdown(("aim", "measured", "at most", ""), aims(found)))
