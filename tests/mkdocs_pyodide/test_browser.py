"""In a real browser, under the strictest policy that lets WebAssembly compile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from toy_site import POLICY, Server, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

CLIENT = """
const element = document.querySelector("[data-pyodide-client]");
const {runtime, about, serviceWorker} = await import(element.src);
"""


def script(page: Page, body: str, argument: object = None) -> Any:
    """Run JavaScript in the page, with the client's exports at hand."""
    return page.evaluate(f"async (given) => {{ {CLIENT} {body} }}", argument)


@pytest.fixture(scope="module")
def shared(site: Path, browser: Browser) -> Iterator[Page]:
    """A page whose Python runs already: for what does not depend on how it started."""
    for server in serving(site):
        context = browser.new_context()
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.goto(server.url)
        script(page, "await runtime.start()")
        yield page
        context.close()


def test_a_visit(server: Server, visitor: Page) -> None:
    """Nothing is loaded before it is wanted; live answers equal rendered ones; three pages fetch
    the runtime once; no request leaves; nothing offends the policy.
    """
    asked: list[str] = []
    said: list[str] = []
    visitor.context.on("request", lambda request: asked.append(request.url))
    visitor.on("console", lambda message: said.append(message.text))
    visitor.on("pageerror", lambda error: said.append(str(error)))
    visitor.goto(server.url, wait_until="networkidle")
    assert server.count("client.mjs") == 1
    assert server.count("pyodide.asm.wasm") == server.count("worker.mjs") == 0
    seen = script(
        visitor,
        """const seen = {states: [], progress: []};
        runtime.on("state", (state) => seen.states.push(state));
        runtime.on("progress", (progress) => seen.progress.push(progress));
        const form = document.querySelector("form.pyodide");
        const answer = await runtime.call(form.dataset.function, form.elements.q.value);
        seen.live = answer.replaceAll('href="site:', `href="${form.dataset.base}`);
        seen.rendered = form.querySelector(".pyodide-answer").innerHTML;
        return seen;""",
    )
    assert seen["live"] == seen["rendered"]
    assert seen["states"] == ["loading", "ready"]
    loaded = [each["loaded"] for each in seen["progress"]]
    assert loaded == sorted(loaded)
    assert loaded[-1] == seen["progress"][-1]["total"] > 9_000_000
    for path in ("sub/", "sub/deep/"):
        visitor.goto(server.url + path)
        assert script(visitor, "return runtime.call('loud', 'x')").startswith('<b title="x">X</b>')
    for name in ("client.mjs", "worker.mjs", "pyodide.asm.wasm", "stdlib.zip", "toy.zip"):
        assert server.count(name) == 1, name
    assert server.count("stdlib-full.zip") == 0
    assert all(url.startswith(server.url) for url in asked)
    assert said == []


def test_text_passes_unchanged(shared: Page) -> None:
    """Markup, controls, astral and lone halves, and a million characters."""
    texts = ["<b>&\"'</b>", "\0\x01\x7f", "\U0001f40d é \u202e", "x" * 1_000_000, ""]
    echo = """const parser = new DOMParser();
        const decode = (html) => parser.parseFromString(html, "text/html").querySelector("b").title;
        const results = await Promise.all(given.map((text) => runtime.call("loud", text)));
        return results.map(decode);"""
    # The parser replaces NUL; everything else comes back as it was.
    assert script(shared, echo, texts) == [text.replace("\0", "\ufffd") for text in texts]
    half = script(shared, r"return (await runtime.call('loud', 'a\ud800b')).length")
    assert half == len('<b title="a?b">A?B</b> <a href="site:sub/deep/">more</a>')


def test_code_runs_with_output_and_errors(shared: Page) -> None:
    """Pieces arrive while it runs; a traceback ends it."""
    seen = script(
        shared,
        """const pieces = [];
        const result = await runtime.run("print('a' * 5000)\\nimport toy.web\\n1/0", {
          onOutput: (text) => pieces.push(text)});
        return {...result, pieces};""",
    )
    assert seen["ok"] is seen["truncated"] is False
    assert "".join(seen["pieces"]) == seen["output"]
    assert len(seen["pieces"]) > 1
    assert seen["output"].startswith("a" * 5000 + "\nTraceback (most recent call last):\n")
    assert seen["output"].endswith("ZeroDivisionError: division by zero\n")


def test_endless_output_is_cut(shared: Page) -> None:
    """At the bound that was given, and the runtime goes on."""
    result = script(shared, "return runtime.run('while True: print(\"x\" * 99)', {limit: 1000})")
    assert result == {"ok": False, "output": ("x" * 99 + "\n") * 10, "truncated": True}
    assert script(shared, "return runtime.state") == "ready"


def test_input_is_at_its_end(shared: Page) -> None:
    """Nobody is there to answer; the code is told so."""
    assert "EOFError" in script(shared, "return (await runtime.run('input()')).output")


def test_the_excluded_part_is_not_there(shared: Page) -> None:
    """Not even when asked for."""
    result = script(shared, "return runtime.run('import toy.private')")
    assert "ModuleNotFoundError: No module named 'toy.private'" in result["output"]


def test_an_error_of_the_function_is_one_line(shared: Page) -> None:
    """And ends nothing."""
    broken = "import toy.web\ntoy.web.escape = None"
    seen = script(
        shared,
        """await runtime.run(given);
        const message = await runtime.call("loud", "x").catch((error) => error.message);
        await runtime.restart();
        return [message, await runtime.call("loud", "x")];""",
        broken,
    )
    assert seen[0] == "TypeError: 'NoneType' object is not callable"
    assert seen[1].startswith('<b title="x">')


def test_a_module_that_was_cut_is_fetched_when_it_is_imported(server: Server, page: Page) -> None:
    """Whole packages, submodules of packages that are there, and once only."""
    page.goto(server.url)
    code = (
        "import ipaddress, socket, json.tool, email.mime.text\n"
        "print(ipaddress.ip_address('::1').is_loopback, socket.AF_INET6 > 0, 'x'.encode('cp037'))"
    )
    result = script(page, "return runtime.run(given)", code)
    assert result["output"] == "True True b'\\xa7'\n"
    assert result["ok"] is True
    script(page, "return runtime.run('import decimal, sqlite3')")
    assert server.count("stdlib-full.zip") == 1
    missing = script(page, "return runtime.run('import no_such_module')")
    assert "ModuleNotFoundError" in missing["output"]


def test_stopping_what_runs_for_ever(shared: Page) -> None:
    """The worker is replaced; a call that waited behind is answered by the new one."""
    seen = script(
        shared,
        """const stop = new AbortController();
        let started;
        const first = new Promise((resolve) => { started = resolve; });
        const run = runtime.run("print('on', flush=True)\\nwhile True: pass", {
          signal: stop.signal, onOutput: started});
        const call = runtime.call("loud", "later");
        await first;
        stop.abort();
        const name = await run.catch((error) => error.name);
        return [name, await call, runtime.state];""",
    )
    assert seen == [
        "AbortError",
        '<b title="later">LATER</b> <a href="site:sub/deep/">more</a>',
        "ready",
    ]


@pytest.mark.parametrize("name", ["pyodide.asm.wasm", "pyodide.asm.mjs", "worker.mjs"])
def test_a_file_that_is_missing_is_a_failure_and_a_later_start_succeeds(
    server: Server, page: Page, name: str
) -> None:
    """It never waits for ever, whichever file it is."""
    server.broken.add(name)
    page.goto(server.url)
    seen = script(page, "return [await runtime.start().catch((e) => e.message), runtime.state]")
    assert seen[0]
    assert seen[1] == "failed"
    server.broken.clear()
    assert script(page, "return runtime.call('loud', 'x')").startswith('<b title="x">')


def test_a_policy_without_webassembly_is_a_failure(server: Server, page: Page) -> None:
    """The loader alone would wait for ever."""
    server.policy = POLICY.replace(" 'wasm-unsafe-eval'", "")
    page.goto(server.url)
    seen = script(page, "return [await runtime.start().catch((e) => e.message), runtime.state]")
    assert "WebAssembly" in seen[0]
    assert seen[1] == "failed"


def test_a_server_that_does_not_know_webassembly(server: Server, page: Page) -> None:
    """A wrong content type is no reason to fail."""
    server.types["pyodide.asm.wasm"] = "application/octet-stream"
    page.goto(server.url)
    assert script(page, "return runtime.call('loud', 'x')").startswith('<b title="x">')
