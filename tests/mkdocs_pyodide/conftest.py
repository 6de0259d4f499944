"""The runtime, fetched once for all; a site built of it; a browser."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from needs import missing, need
from toy_site import Server, build, serving, write_site

from mkdocs_pyodide.runtime import Runtime, RuntimeMissingError, obtain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="session")
def runtime() -> Runtime:
    """The real runtime, from the cache or through npm."""
    try:
        return obtain()
    except RuntimeMissingError as error:
        missing(f"the npm package pyodide: {error}")


@pytest.fixture(scope="session")
def site(runtime: Runtime, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site, built strictly; its theme has no script of its own."""
    need("node", "nodejs")
    folder = write_site(tmp_path_factory.mktemp("toy"), theme="bare", version=runtime.version)
    done = build(folder, "--strict")
    assert done.returncode == 0, done.stderr[-3000:]
    return folder / "site"


@pytest.fixture
def server(site: Path) -> Iterator[Server]:
    """Serves that site."""
    yield from serving(site)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    sync_api = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium")
    if chromium is None:
        missing("chromium (apt-get install chromium)")
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a profile of its own. No step may take longer than a minute."""
    context = browser.new_context()
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()
