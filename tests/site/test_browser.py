"""The site in Chromium: what people do with it, and that nothing goes wrong meanwhile."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
import site_browser
from playwright.sync_api import Browser, BrowserContext, expect
from site_browser import Visit, open_tab
from site_build import URL, Site
from site_server import Server

TYPES = {
    "home": "",
    "box": "classify/",
    "section": "uses/",
    "guide": "loopback/",
    "guide with tabs": "uses/databases/",
    "guide with tables": "loopback/spellings/",
    "tree": "troubleshooting/",
    "index of findings": "reference/findings/",
    "finding": "reference/findings/nothing-listening/",
    "blocks": "reference/blocks/",
    "services": "reference/services/5000-5999/",
    "errors": "reference/errors/",
    "command line": "reference/cli/",
    "API": "reference/api/",
    "contract": "reference/json/",
    "glossary": "reference/glossary/",
    "claims": "reference/claims/",
}
"""One page of each type."""


@pytest.fixture(params=TYPES)
def kind(request: pytest.FixtureRequest) -> str:
    """The address of a page of each type."""
    return TYPES[request.param]


@pytest.fixture(scope="module")
def plain(browser: Browser) -> Iterator[BrowserContext]:
    """A browser without scripts."""
    made = browser.new_context(java_script_enabled=False)
    yield made
    made.close()


# Every page; that nothing goes wrong in one is told where axe looks at it, test_accessibility.py


def test_nothing_goes_wrong_on_another_host_and_path(
    shared_visit: Visit, served: Server, kind: str
) -> None:
    """The same files at the root of a host that the build did not know."""
    shared_visit.forget()
    shared_visit.go(kind, served.root)
    assert shared_visit.problems() == []


@pytest.mark.timeout(900)
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_every_page_fits_a_phone(browser: Browser, site: Site, scripts: bool) -> None:
    """At 390 pixels nothing sticks out to the side, and nothing fails, on any page.

    The many pages of findings have nothing that a script would change.
    """
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, java_script_enabled=scripts
    )
    visit = site_browser.visit(context)
    wrong = []
    asked = 0
    pages = [each for each in site.pages if each.address.startswith(_MADE) is not scripts]
    for each in pages:
        visit.forget()
        visit.page.goto(each.url, wait_until="load")
        if over := visit.page.evaluate(_OVERFLOW):
            wrong.append((each.address, over))
        wrong += [(each.address, problem) for problem in visit.problems()]
        asked += len(visit.requests)
    context.close()
    print(f"{len(pages)} pages, {asked} requests")
    assert pages
    assert not wrong, "\n".join(map(str, wrong))


_MADE = "reference/findings/"
_OVERFLOW = """() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll("body *"), document.body]
        .filter((one) => one.getBoundingClientRect().right > width + 1)
        .slice(-3).map((one) => `${one.tagName}.${one.className}`);
}"""


def test_a_page_reads_without_scripts(plain: BrowserContext, kind: str) -> None:
    """Text, tables and the rendered answers are there before any script runs."""
    page = plain.new_page()
    page.goto(URL + kind)
    expect(page.locator(".md-content h1")).to_be_visible()
    for answer in page.locator(".pyodide-answer").all():
        expect(answer).to_be_visible()
        assert len(answer.inner_text()) > 40
    page.close()


BUDGET = 118_000
"""Bytes of a first visit, packed: everything that the browser asks for until it is quiet."""

LARGEST = {"reference/errors/": 134_000}
"""The same of a page that is one long table: the wordings of every error."""


def test_a_first_visit_is_small(visit: Visit, site: Site, kind: str) -> None:
    """Page, styles, scripts; the runtime and the search wait for their first use."""
    visit.go(kind)
    weight = visit.weight(site.root)
    print(f"{sum(weight.values())} bytes in {len(weight)} files")
    assert sum(weight.values()) < LARGEST.get(kind, BUDGET), weight
    assert not [path for path in weight if path.endswith((".wasm", ".zip"))]
    assert not [path for path in weight if path.startswith("assets/search/")]


# Finding the way


def test_a_visit_goes_on_without_reloading(visit: Visit) -> None:
    """A link of the menu changes the page in place: what runs in it stays alive."""
    page = visit.go()
    page.evaluate("window.__same = true")
    open_tab(page, "Loopback")
    page.locator("a[href$='block/']").first.click()
    page.wait_for_url("**/loopback/block/")
    assert page.evaluate("window.__same") is True
    page.go_back()
    page.wait_for_url("**/loopback/")
    assert page.evaluate("window.__same") is True
    assert visit.problems() == []


def test_a_page_that_is_not_there_helps(visit: Visit) -> None:
    """It says so with its status, and leads to the box, the tree and the findings."""
    response = visit.page.goto(URL + "no/such/page/")
    assert response is not None
    assert response.status == 404
    expect(visit.page.locator(".md-content h1")).to_be_visible()
    links = visit.page.locator(".md-content a")
    targets = set(links.evaluate_all("(all) => all.map((one) => one.href)"))
    assert {URL, f"{URL}troubleshooting/", f"{URL}reference/findings/"} <= targets
    assert visit.violations == []
    assert visit.foreign == []
    visit.forget()
    links.filter(has_text="Something does not work").click()
    visit.page.wait_for_url("**/troubleshooting/")
    expect(visit.page.locator(".md-content h1")).to_be_visible()


def test_tabs_of_one_system_are_chosen_together(visit: Visit) -> None:
    """Who has chosen macOS once sees macOS everywhere, and tomorrow too."""
    page = visit.go("ports/ranges/")
    sets = page.locator(".tabbed-set").filter(has=page.locator("label", has_text="macOS"))
    assert sets.count() >= 1
    sets.first.locator("label", has_text="macOS").click()
    for one in sets.all():
        expect(one.locator("input:checked + *, label.tabbed-label--active")).to_have_count(1)
    page = visit.go("reference/findings/nothing-listening/")
    chosen = page.locator(".tabbed-set input:checked")
    label = page.locator(f"label[for='{chosen.first.get_attribute('id')}']")
    expect(label).to_have_text("macOS")
    assert visit.problems() == []


# Looks


def _scheme(visit: Visit) -> str:
    return str(visit.page.locator("body").get_attribute("data-md-color-scheme"))


def test_the_palette_changes_and_stays(visit: Visit) -> None:
    """A click makes the site dark, the next page too; another makes it light."""
    page = visit.go()
    assert _scheme(visit) == "default"
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("label[title='Switch to dark mode']").click()
    assert _scheme(visit) == "slate"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    visit.go("loopback/")
    assert _scheme(visit) == "slate"
    page.locator("label[title='Switch to light mode']").click()
    assert _scheme(visit) == "default"
    assert visit.problems() == []


def test_the_palette_begins_as_the_system_has_it(browser: Browser) -> None:
    """Who has the system dark gets the site dark."""
    context = browser.new_context(color_scheme="dark")
    visit = site_browser.visit(context)
    visit.go()
    assert _scheme(visit) == "slate"
    context.close()


def test_paper_gets_the_text_alone(shared_visit: Visit) -> None:
    """Printed, a page is its article: no menus, dark on light, with the answer."""
    page = shared_visit.go("loopback/")
    page.emulate_media(media="print", color_scheme="dark")
    for part in (".md-header", ".md-tabs", ".md-sidebar--primary", ".md-footer", ".md-search"):
        for one in page.locator(part).all():
            expect(one).to_be_hidden()
    expect(page.locator(".md-content h1")).to_be_visible()
    expect(page.locator(".pyodide-answer, .answer").first).to_be_visible()
    channels = page.evaluate("getComputedStyle(document.querySelector('article p')).color")
    assert max(map(int, re.findall(r"\d+", channels)[:3])) < 120, channels
    page.emulate_media(media="screen", color_scheme="light")


def test_who_wants_no_motion_gets_none(browser: Browser) -> None:
    """With prefers-reduced-motion nothing is animated, and nothing slides."""
    context = browser.new_context(reduced_motion="reduce")
    visit = site_browser.visit(context)
    page = visit.go()
    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter((one) => {
            const style = getComputedStyle(one);
            const seconds = (list) => Math.max(...list.split(",").map(parseFloat));
            return seconds(style.transitionDuration) > 0.01
                || (style.animationName !== "none" && seconds(style.animationDuration) > 0.01);
        }).map((one) => `${one.tagName}.${one.className}`)"""
    )
    assert moving == []
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    context.close()


# Keyboard


def test_the_first_key_leads_past_the_menus(visit: Visit) -> None:
    """Tab shows the link that skips to the text; Enter goes there."""
    page = visit.go("loopback/")
    page.keyboard.press("Tab")
    skip = page.locator(".md-skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    # The theme writes the address first, and goes there a moment later.
    expect(page.locator(".md-content :target")).to_have_count(1)
    page.keyboard.press("Tab")
    inside = page.evaluate("document.activeElement.closest('.md-content') !== null")
    assert inside


_FOCUSED = """() => {
    const one = document.activeElement;
    if (one === document.body) return null;
    // A control that is drawn by its label, or by what it stands in, shows its focus there.
    const drawn = [one, one.nextElementSibling, one.parentElement].filter(Boolean);
    const look = () => drawn.map((each) => getComputedStyle(each)).map((style) =>
        [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.color,
            style.backgroundColor, style.borderColor, style.textDecorationLine].join()).join();
    const box = one.getBoundingClientRect();
    const width = Math.max(...drawn.map((each) => each.getBoundingClientRect().width));
    const focused = look();
    one.blur();
    const other = look();
    one.focus();
    return {name: `${one.tagName}.${one.className}`, seen: focused !== other,
        width, top: box.top + scrollY, inside: one.closest(".md-content") !== null};
}"""


@pytest.mark.parametrize("address", ["", "loopback/", "reference/findings/nothing-listening/"])
def test_focus_is_seen_wherever_it_goes(visit: Visit, address: str) -> None:
    """Tab goes through what can be used, down the text in its order, and each stop shows."""
    page = visit.go(address)
    stops = []
    for _ in range(40):
        page.keyboard.press("Tab")
        stop = page.evaluate(_FOCUSED)
        if stop is None:
            break
        stops.append(stop)
    assert len(stops) >= 15
    assert [one["name"] for one in stops if not one["seen"]] == []
    assert [one["name"] for one in stops if one["width"] < 1] == []
    tops = [one["top"] for one in stops if one["inside"]]
    assert all(after > before - 60 for before, after in pairwise(tops)), tops
