"""The runtime, fetched once for all; a site built of it; a browser."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from needs import missing, need
from toy_site import Server, build, serving, write_site

import mkdocs_pyodide
from mkdocs_pyodide.runtime import Runtime, RuntimeMissingError, obtain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from playwright.sync_api import Browser, BrowserType, Page, Playwright

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


class Chromium(NamedTuple):
    """How to start the browser."""

    type: BrowserType
    path: str


def guest(name: str) -> ModuleType:
    """A module of the runtime's side, loaded from the file that is shipped."""
    path = Path(mkdocs_pyodide.__file__).parent / "guest" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def trim() -> ModuleType:
    """What the build runs inside the runtime."""
    return guest("trim")


@pytest.fixture
def live() -> ModuleType:
    """The half of the worker that is Python."""
    return guest("_pyodide_live")


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
def chromium(playwright: Playwright) -> Chromium:
    """Debian's Chromium."""
    path = shutil.which("chromium")
    if path is None:
        missing("chromium (apt-get install chromium)")
    return Chromium(playwright.chromium, path)


@pytest.fixture(scope="session")
def browser(chromium: Chromium) -> Iterator[Browser]:
    """A browser whose profiles are kept in memory; without windows, where Debian's is there."""
    path = shutil.which("chromium-headless-shell") or chromium.path
    found = chromium.type.launch(executable_path=path, args=ARGUMENTS)
    yield found
    found.close()


@pytest.fixture
def visitor(chromium: Chromium, tmp_path: Path) -> Iterator[Page]:
    """A page in a profile on disk, as people have: one in memory caches no file of 9 MB."""
    context = chromium.type.launch_persistent_context(
        str(tmp_path / "profile"), executable_path=chromium.path, args=ARGUMENTS
    )
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a profile of its own. No step may take longer than a minute."""
    context = browser.new_context()
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()
