"""Each type of page loads as it should, and axe-core finds nothing to say about it.

It looks at it light and dark, wide and narrow.

The rules are axe's own defaults: WCAG 2.2 at levels A and AA, and its best practices.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import npm_packages
import pytest
import site_browser
from playwright.sync_api import Browser, ViewportSize, expect
from site_browser import Visit, search
from site_build import URL
from test_browser import TYPES

AXE = "4.14.1"
ABSENT = "no/such/page/"
WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}

_RUN = """async () => {
    const found = await axe.run(document, {resultTypes: ["violations"]});
    return {
        rules: found.violations.length + found.passes.length + found.incomplete.length
            + found.inapplicable.length,
        checked: found.passes.length + found.violations.length,
        violations: found.violations.map(({id, impact, help, nodes}) => ({id, impact, help,
            nodes: nodes.slice(0, 4).map(({target, failureSummary}) => [target, failureSummary])})),
    };
}"""


@pytest.fixture(scope="module")
def axe() -> str:
    """The text of axe-core, of npm."""
    modules = npm_packages.installed("axe-core", {"axe-core": AXE})
    return Path(modules / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Visit]:
    """A tab that all page types share."""
    context = browser.new_context(viewport=WIDE)
    yield site_browser.visit(context)
    context.close()


def look(visit: Visit, axe: str) -> dict[str, Any]:
    """What axe finds in the page that is open, down to its end."""
    if not visit.page.evaluate("'axe' in window"):
        # By the debugger's protocol, which the page's policy does not govern.
        visit.page.evaluate(axe)
    visit.page.evaluate(_OBSERVED)
    found: dict[str, Any] = visit.page.evaluate(_RUN)
    return found


_OBSERVED = """async () => {
    const late = () => [...document.querySelectorAll("pre > code")].some(
        (code) => code.scrollWidth > code.clientWidth && !code.hasAttribute("tabindex"));
    for (let turn = 0; turn < 500 && late(); turn++)
        await new Promise((done) => setTimeout(done, 10));
}"""
"""The theme lets the keyboard into a block that scrolls when its observer tells the size, which
is after the window has changed; axe says so where it never does."""


_SETTLE = """() => {
    for (const one of document.getAnimations())
        if (one.effect.getComputedTiming().endTime !== Infinity) one.finish();
}"""


def choose(visit: Visit, scheme: str) -> None:
    """Take a palette as a reader does, by the button in the header."""
    body = visit.page.locator("body")
    if body.get_attribute("data-md-color-scheme") != scheme:
        visit.page.locator("label.md-header__button[for^='__palette']:visible").click()
    expect(body).to_have_attribute("data-md-color-scheme", scheme)
    # Colours may fade: axe has to see the last ones. A fade that is replaced never tells its end.
    visit.page.evaluate(_SETTLE)


@pytest.fixture(scope="module", params=[*TYPES, "missing"])
def opened(request: pytest.FixtureRequest, tab: Visit) -> str:
    """A page of each type, loaded once for the tests that look at it; gives the type."""
    tab.forget()
    tab.page.set_viewport_size(WIDE)
    tab.go(TYPES.get(request.param, ABSENT))
    return str(request.param)


def test_nothing_goes_wrong_in_a_page(tab: Visit, opened: str) -> None:
    """No error, no failed or foreign request, nothing that the policy forbids."""
    expect(tab.page.locator(".md-content h1")).to_have_count(1)
    assert tab.requests
    if opened == "missing":
        assert {*tab.failed} == {f"{URL}{ABSENT}: 404"}
        assert tab.violations == tab.foreign == []
    else:
        assert tab.problems() == []


def test_a_page_has_no_violation(tab: Visit, axe: str, opened: str) -> None:
    """Names, roles, contrast, order of each page type: light at a desk, dark on a phone."""
    tab.page.set_viewport_size(WIDE)
    choose(tab, "default")
    light = look(tab, axe)
    assert light["checked"] > 15
    assert light["violations"] == []
    choose(tab, "slate")
    tab.page.set_viewport_size(NARROW)
    dark = look(tab, axe)
    print(f"{light['rules']} rules, {light['checked']} of them apply")
    assert dark["violations"] == []


def test_a_search_has_no_violation(visit: Visit, axe: str) -> None:
    """Open, with its results, light at a desk and dark on a phone."""
    page = visit.go("loopback/")
    expect(search(page, "ECONNREFUSED").first).to_be_visible()
    assert look(visit, axe)["violations"] == []
    page.keyboard.press("Escape")
    choose(visit, "slate")
    page.set_viewport_size(NARROW)
    expect(search(page, "refused").first).to_be_visible()
    assert look(visit, axe)["violations"] == []


def test_a_violation_would_be_found(visit: Visit, axe: str) -> None:
    """A picture without words and pale text, put into a page, are told."""
    page = visit.go("loopback/")
    page.evaluate(
        """() => {
            const article = document.querySelector("article");
            article.append(document.createElement("img"));
            const pale = Object.assign(document.createElement("p"), {textContent: "pale"});
            pale.style.color = "#eee";
            pale.style.background = "#fff";
            article.append(pale);
        }"""
    )
    assert {one["id"] for one in look(visit, axe)["violations"]} >= {"image-alt", "color-contrast"}
