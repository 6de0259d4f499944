"""The built site, a server for it, and a browser: each once for all tests of a worker."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import site_browser
import site_build
import site_server
from boxes import ask
from playwright.sync_api import Browser, BrowserContext, Playwright
from site_browser import Visit
from site_build import Site
from site_server import Server


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run have."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def site(shared: Path) -> Site:
    """The site, built once, strictly; or the one that BUILT_SITE names, while writing tests."""
    if there := os.environ.get("BUILT_SITE"):
        return Site(Path(there))
    return Site(site_build.build_once(shared))


@pytest.fixture(scope="session")
def served(site: Site) -> Iterator[Server]:
    """The site on a plain static server."""
    with site_server.serving(site.root) as server:
        yield server


@pytest.fixture(scope="session")
def browser(playwright: Playwright, served: Server) -> Iterator[Browser]:
    """Chromium, for which the address of the build leads to the server."""
    with site_browser.chromium(playwright, served.port) as running:
        with running.new_context() as context:
            site_browser.reach(context, served)
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A profile of its own: no storage, no cache, no worker from another test."""
    made = browser.new_context(viewport={"width": 1280, "height": 900})
    yield made
    made.close()


@pytest.fixture
def visit(context: BrowserContext) -> Visit:
    """A tab that tells everything that goes wrong in it."""
    return site_browser.visit(context)


@pytest.fixture(scope="module")
def shared_visit(browser: Browser) -> Iterator[Visit]:
    """One tab for all tests of a module that change nothing in it: a new one takes longer."""
    made = browser.new_context(viewport={"width": 1280, "height": 900})
    yield site_browser.visit(made)
    made.close()


@pytest.fixture(scope="module")
def box(browser: Browser) -> Iterator[Visit]:
    """The home page with its Python running; tests put other texts into the field."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    visit = site_browser.visit(context)
    visit.go()
    ask(visit.page, "127.0.0.1")
    yield visit
    assert visit.problems() == []
    context.close()
