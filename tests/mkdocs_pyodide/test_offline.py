"""The service worker: what was visited stays, until the visitor takes it back."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from toy_site import Server

from mkdocs_pyodide import offline

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page, Response

CLIENT = """
const element = document.querySelector("[data-pyodide-client]");
const {runtime, serviceWorker} = await import(element.src);
"""

REGISTER = "await navigator.serviceWorker.register(serviceWorker);"

TELL = """
const {active} = await navigator.serviceWorker.ready;
const tell = (message) => new Promise((resolve) => {
  const channel = new MessageChannel();
  channel.port1.onmessage = ({data}) => resolve(data);
  active.postMessage(message, [channel.port2]);
});
"""


RENEWED = """async (old) => {
  for (let turn = 0; turn < 1000; turn += 1) {
    if ((await caches.keys()).length === 3 && !(await caches.has(old))) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}"""
"""Caches have no events, and Playwright's own wait takes any promise for true."""


def script(page: Page, body: str, argument: object = None) -> Any:
    """Run JavaScript in the page, with the client and a registered service worker at hand."""
    return page.evaluate(f"async (given) => {{ {CLIENT} {REGISTER} {TELL} {body} }}", argument)


@pytest.fixture
def own(site: Path, tmp_path: Path) -> Path:
    """A copy of the site that a test may change."""
    copy = tmp_path / "copy"
    shutil.copytree(site, copy)
    return copy


def test_the_site_opens_and_answers_with_the_server_stopped(server: Server, page: Page) -> None:
    """Stored pages, with any query; others give the 404 page; taken back, all is gone."""
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.goto(server.url)
    ask = "return tell({type: 'precache', urls: [location.href, 'sub/deep/'], runtime: true})"
    told = script(page, ask)
    assert told["type"] == "precached"
    assert told["failed"] == 0
    server.close()

    page.reload()
    assert "HELLO &lt;WORLD&gt;" in page.content()
    page.goto(server.url + "sub/deep/index.html?x=1#y")
    live = page.evaluate(f"async () => {{ {CLIENT} return runtime.call('loud', 'offline'); }}")
    assert live.startswith('<b title="offline">OFFLINE</b>')
    page.goto(server.url + "never/seen/")
    assert 'data-template="404.html"' in page.content()
    page.goto(server.url)
    assert all(url.startswith(server.url) for url in asked)

    page.evaluate(f"async () => {{ {TELL} await tell({{type: 'remove'}}); }}")
    assert page.evaluate("caches.keys()") == []
    assert (
        page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    )


def test_compiled_code_is_kept_by_the_browser_and_the_copy_is_there_without_it(
    server: Server, page: Page
) -> None:
    """WebAssembly comes past the service worker; from it where the browser's cache has none."""
    by_worker: dict[str, bool] = {}

    def note(response: Response) -> None:
        by_worker[response.url.rpartition("/")[2]] = response.from_service_worker

    page.goto(server.url)
    script(page, "await tell({type: 'precache', urls: [location.href], runtime: true})")
    page.reload()
    page.context.on("response", note)
    call = f"async () => {{ {CLIENT} return runtime.call('loud', 'again'); }}"
    assert page.evaluate(call).startswith('<b title="again">AGAIN</b>')
    assert by_worker["stdlib.zip"] is True
    assert by_worker["pyodide.asm.wasm"] is False

    server.close()
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    page.reload()
    by_worker.clear()
    assert page.evaluate(call).startswith('<b title="again">AGAIN</b>')
    assert by_worker["pyodide.asm.wasm"] is True


def test_a_page_is_fresh_while_the_network_is_there(own: Path, page: Page) -> None:
    """The stored copy is only for when it is not."""
    server = Server(own)
    try:
        page.goto(server.url)
        script(page, "await tell({type: 'precache', urls: [location.href]})")
        home = own / "index.html"
        home.write_text(home.read_text().replace("HELLO", "CHANGED"))
        page.reload()
        assert "CHANGED" in page.content()
    finally:
        server.close()


def test_a_new_version_renews_what_was_stored(own: Path, page: Page) -> None:
    """The old caches go; what the visitor had is there in its new form; foreign caches stay."""
    server = Server(own)
    try:
        page.goto(server.url)
        script(page, "await tell({type: 'precache', urls: ['sub/deep/'], runtime: true})")
        page.evaluate("caches.open('foreign')")
        before = page.evaluate("caches.keys()")
        deep = own / "sub/deep/index.html"
        deep.write_text(deep.read_text().replace("ONE", "TWO"))
        offline.write(
            own,
            {p.relative_to(own).as_posix(): b"" for p in own.glob("assets/pyodide/*/*")},
            "sub/",
        )
        script(page, "await (await navigator.serviceWorker.getRegistration()).update()")
        page.goto("about:blank")  # the last page of the old version is left
        page.goto(server.url)
        old = next(name for name in before if " site " in name)
        assert page.evaluate(RENEWED, old)
        after = page.evaluate("caches.keys()")
        assert "foreign" in after
        assert {n for n in before if "assets/pyodide" in n} <= set(after)
    finally:
        server.close()
    page.goto(server.url + "sub/deep/")
    assert "TWO" in page.content()
