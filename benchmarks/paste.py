"""A long paste into the box: the answer in the browser, beside the same call in CPython.

Pasted are 1,000 lines of several tools and logs, again and again until the runtime is warm, each
time a little longer, so that no answer is an old one. Counted is the processor time of each
thread, as the browser's own trace has it: what else runs on the machine does not count. The
worker's is that of the answer, the page's that of the field, the card and its layout. The wait is
from the paste to the frame with the card.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks import measure
from benchmarks.page import ARGUMENTS, PATIENCE, REST, serving, the_browser
from benchmarks.page_peers import MissingError, built_site
from benchmarks.pastes import LINES, pasted
from benchmarks.table import markdown
from checks.page import answer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from playwright.sync_api import Browser, Page

COUNT = 1000
"""Lines of each paste."""
WARM = 4
"""Answers before the first that counts: WebAssembly is optimised by then."""
AIM = 300.0
"""Milliseconds that the worker may take."""
CATEGORIES = ["toplevel", "__metadata"]
_TASK = "ThreadControllerImpl::RunTask"
_THREADS = {"worker": "DedicatedWorker", "page": "CrRendererMain"}

_PASTE = """async text => {
    const field = document.querySelector("#classifier-input");
    const answer = document.querySelector("#classifier-answer");
    const begun = performance.now();
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise(shown => new MutationObserver((_, watcher) => {
        watcher.disconnect();
        shown();
    }).observe(answer, { childList: true }));
    await new Promise(drawn => requestAnimationFrame(() => setTimeout(drawn)));
    return performance.now() - begun;
}"""


class Pasted(NamedTuple):
    """One paste.

    Arguments:
        worker: milliseconds of processor time of the worker.
        page: the same of the page's own thread.
        waited: milliseconds from the paste to the frame with the card.
    """

    worker: float
    page: float
    waited: float


def spent(events: Iterable[dict[str, Any]], thread: str) -> float:
    """Milliseconds of processor time that the busiest thread of a kind spent.

    Arguments:
        events: of a trace, as Chromium writes it.
        thread: how its name begins.
    """
    events = list(events)
    named = {
        (one["pid"], one["tid"])
        for one in events
        if one["name"] == "thread_name" and one["args"]["name"].startswith(thread)
    }
    found: dict[tuple[int, int], int] = {}
    for one in events:
        key = (one["pid"], one["tid"])
        if one["name"] == _TASK and key in named:
            found[key] = found.get(key, 0) + one.get("tdur", 0)
    return max(found.values(), default=0) / 1000


def in_page(browser: Browser, page: Page, text: str) -> Pasted:
    """Paste a text, and wait for its card."""
    browser.start_tracing(page=page, categories=CATEGORIES)
    waited = float(page.evaluate(_PASTE, text))
    events = json.loads(browser.stop_tracing())["traceEvents"]
    return Pasted(spent(events, _THREADS["worker"]), spent(events, _THREADS["page"]), waited)


def in_cpython(text: str) -> float:
    """Milliseconds of processor time of the same answer in this interpreter."""
    begin = time.process_time()
    answer(text)
    return (time.process_time() - begin) * 1000


def measured(site: Path, runs: int) -> dict[str, tuple[list[Pasted], list[float]]]:
    """Each kind of paste: what the page and what CPython took, in turns.

    Raises:
        MissingError: there is no browser.
    """
    sync_playwright, program = the_browser()
    found: dict[str, tuple[list[Pasted], list[float]]] = {kind: ([], []) for kind in LINES}
    with sync_playwright() as playwright, serving(site) as (url, _):
        browser = playwright.chromium.launch(executable_path=program, args=[*ARGUMENTS])
        try:
            page = browser.new_page()
            page.set_default_timeout(PATIENCE)
            page.goto(f"{url}classify/#q=127.0.0.2")
            page.wait_for_selector("#classifier-answer[data-state=live]")
            page.wait_for_timeout(2 * REST)  # what the page does when nobody types is done then
            for kind, (inside, outside) in found.items():
                for turn in range(WARM + runs):
                    text = pasted(kind, COUNT) + "\n" * turn
                    one, other = in_page(browser, page, text), in_cpython(text)
                    if turn >= WARM:
                        inside.append(one)
                        outside.append(other)
                    page.wait_for_timeout(REST // 4)  # the other browser's reading, the status
        finally:
            browser.close()
    return found


def main(*, quick: bool = False) -> None:
    """Print the table."""
    runs = max(3, measure.runs(quick=quick) // 3)
    try:
        with tempfile.TemporaryDirectory(prefix="paste-") as work:
            found = measured(built_site(Path(work)), runs)
    except MissingError as error:
        print(f"## A long paste\n\nnot measured: {error}")
        return
    print(f"## A long paste: {COUNT:,} lines, warm, medians of {runs}\n")
    rows = []
    for kind, (inside, outside) in found.items():
        worker = statistics.median(one.worker for one in inside)
        cpython = statistics.median(outside)
        rows.append(
            (
                kind, worker, f"{worker / cpython:.2f}", cpython,
                statistics.median(one.page for one in inside),
                statistics.median(one.waited for one in inside),
                "met" if worker <= AIM else "missed",
            )
        )  # fmt: skip
    header = ("lines of", "worker ms", "/CPython", "CPython ms", "page ms", "wait ms",
              f"worker at most {AIM:.0f}")  # fmt: skip
    print(markdown(header, rows))
    print("""
worker, page and CPython: processor time; wait: from the paste to the frame with the card, which
hangs on what else runs.
""")
