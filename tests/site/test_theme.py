"""The theme's script starts without having every style computed anew, and still does its work."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import site_browser
from boxes import copied
from playwright.sync_api import Browser, expect
from site_browser import Visit, open_tab
from site_build import URL

from tools.site import theme

TABLES = "reference/services/5000-5999/"
BUNDLE = "**/assets/javascripts/bundle.*.js"
OFTEN = 2.5
"""Times that the style of an element may be computed: some are, while the page still arrives."""


def test_the_installed_theme_has_every_line_that_is_changed(tmp_path: Path) -> None:
    """A new release of the theme that is written otherwise is noticed here."""
    target = tmp_path / "assets/javascripts"
    target.mkdir(parents=True)
    found = importlib.util.find_spec("material")
    assert found is not None
    assert found.origin is not None
    scripts = Path(found.origin).parent / "templates/assets/javascripts"
    for source in scripts.glob("bundle.*.min.js"):
        shutil.copy(source, target)
    assert len(list(target.iterdir())) == 1
    assert theme.quicken(tmp_path) == []


def test_a_theme_that_is_written_otherwise_is_left_alone(tmp_path: Path) -> None:
    """Each line by itself."""
    path = tmp_path / "assets/javascripts/bundle.0.js"
    path.parent.mkdir(parents=True)
    path.write_text('a("table:not([class])",e);other()')
    left = theme.quicken(tmp_path)
    assert path.read_text() == 'a(":not(.md-typeset__table) > table:not([class])",e);other()'
    assert len(left) == len(theme.CHANGES) - 1 + len(theme.SLICES)


def test_the_script_goes_on_elsewhere_at_every_place_or_at_none(tmp_path: Path) -> None:
    """A pause without what it is written with would end the script."""
    text = '"use strict";(()=>{L(...me("palette").map(e=>li(e)))})();'
    path = tmp_path / "assets/javascripts/bundle.0.js"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    assert theme.quicken(tmp_path)
    assert path.read_text() == text


def test_tables_get_a_box_and_long_ones_a_place_for_their_filter() -> None:
    """A table with a class is somebody else's business."""
    head = "<table>\n<thead>\n<tr><th>a</th></tr>\n</thead>"
    short, long = (
        f"{head}<tbody>{'<tr><td>1</td></tr>' * rows}</tbody></table>"
        for rows in (theme.LONG - 1, theme.LONG)
    )
    other = '<table class="highlighttable"></table>'
    made = theme.boxed(f"{short}\n{other}\n{long}")
    assert made.count("md-typeset__table") == 2
    assert other in made
    assert made.index("lb-filterbar") > made.index(other)
    assert made.count("lb-filterbar") == 1


def computed(browser: Browser, visit: Visit, address: str, path: Path) -> int:
    """For how many elements, all in all, styles were computed until the whole page was there."""
    browser.start_tracing(page=visit.page, path=path, categories=["devtools.timeline"])
    visit.go(address).evaluate("document.body.offsetHeight")
    browser.stop_tracing()
    events: list[dict[str, Any]] = json.loads(path.read_text())["traceEvents"]
    passes = [one["args"] for one in events if one["name"] == "UpdateLayoutTree"]
    return sum(one.get("elementCount", 0) for one in passes)


@pytest.mark.parametrize("address", [TABLES, "troubleshooting/in-use/"])
def test_each_style_is_computed_about_once(
    browser: Browser, visit: Visit, address: str, tmp_path: Path
) -> None:
    """With the theme's script as it comes, eight times on a page with a table."""
    count = computed(browser, visit, address, tmp_path / "trace.json")
    everything = visit.page.locator("*").count()
    assert 0.8 * everything < count < OFTEN * everything  # icons' parts may be missing


_WATCH = """
    window.asked = [];
    let task = 0;
    for (const name of ["setTimeout", "setInterval"]) {
        const real = window[name];
        window[name] = (what, ...given) =>
            real((...values) => { task += 1; return what(...values); }, ...given);
    }
    for (const [owner, name] of [[XMLHttpRequest, "open"], [Document, "querySelectorAll"],
        [Element, "querySelectorAll"]]) {
        const real = owner.prototype[name];
        owner.prototype[name] = function (...given) {
            window.asked.push([String(given.at(name === "open" ? 1 : 0)), task]);
            return real.apply(this, given);
        };
    }"""
_PARTS = ("=consent]", "=search]", "=content]", "pre.mermaid", ".md-nav__link")
"""What parts of the theme's script look for in a page, in their order."""


def test_the_script_is_no_task_as_long_as_all_its_parts(visit: Visit) -> None:
    """Each part has one of its own; the map of the site and the menu's entries wait for theirs."""
    visit.page.context.add_init_script(_WATCH)
    page = visit.go("loopback/")
    asked: list[tuple[str, int]] = page.evaluate("window.asked")

    def first(part: str) -> int:
        return next(task for what, task in asked if part in what)

    tasks = [first(part) for part in _PARTS]
    assert tasks[0] > 0
    assert tasks == sorted(set(tasks))
    assert first("sitemap.xml") not in {0, *tasks}
    assert first(".md-ellipsis") not in {0, *tasks[:2]}
    assert visit.problems() == []


def test_colours_of_the_dark_are_there_before_the_theme_s_script(browser: Browser) -> None:
    """Nobody who reads in the dark sees a white page first; an earlier choice counts."""
    # A service worker would answer for the script that is to be missing.
    context = browser.new_context(color_scheme="dark", service_workers="block")
    page = context.new_page()
    page.route(BUNDLE, lambda route: route.abort())
    body = page.locator("body")
    page.goto(URL)
    expect(body).to_have_attribute("data-md-color-scheme", "slate")
    expect(page.locator("meta[name=color-scheme]")).to_have_attribute("content", "dark")
    assert page.locator("html").get_attribute("class") == "js lb-fresh"  # an outline shows focus
    page.unroute_all()
    page.reload()
    page.get_by_title("Switch to light mode").click()
    expect(body).to_have_attribute("data-md-color-scheme", "default")
    page.route(BUNDLE, lambda route: route.abort())
    page.reload()
    expect(body).to_have_attribute("data-md-color-scheme", "default")
    context.close()


def test_sheets_and_links_survive_a_navigation_in_place(visit: Visit) -> None:
    """The sheets are the same elements after it, and links of the header lead to the same pages."""
    page = visit.go("loopback/")
    sheets = "document.querySelectorAll('head link[rel=stylesheet]')"
    page.evaluate(f"window.sheets = [...{sheets}]")
    page.locator(".md-tabs__link", has_text="Reference").click()
    expect(page.locator("h1")).to_contain_text("Reference")
    assert page.evaluate(f"[...{sheets}].every((one, place) => one === sheets[place])")
    assert page.evaluate("sheets.length") == page.evaluate(f"{sheets}.length") > 0
    open_tab(page, "Ports")
    page.go_back()
    expect(page.locator("h1")).to_contain_text("Reference")
    page.locator(".md-header__button.md-logo").click()
    expect(page).to_have_url(re.compile(f"^{re.escape(URL)}$"))
    assert visit.problems() == []


@pytest.mark.parametrize(
    ("address", "language", "first", "absent"),
    [
        ("troubleshooting/in-use/", "console", "ss -", "$ "),
        ("loopback/spellings/", "pycon", "import", ">>>"),
    ],
)
def test_an_example_is_copied_as_it_is_typed(
    visit: Visit, address: str, language: str, first: str, absent: str
) -> None:
    """Without prompts, and without what was printed."""
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visit.go(address)
    block = page.locator(f".language-{language}", has_text=first).first
    block.hover()
    typed = copied(block.get_by_title("Copy to clipboard"))
    shown = block.locator("code").inner_text()
    assert first in typed
    assert absent not in typed
    assert 0 < len(typed.splitlines()) < len(shown.splitlines())
    assert all(line in shown for line in typed.splitlines())
    assert visit.problems() == []


def test_the_closed_menu_of_a_phone_is_skipped(browser: Browser) -> None:
    """Neither laid out nor reached by the keyboard; open, it leads to another page."""
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page = site_browser.visit(context).page
        page.goto(URL + "loopback/spellings/")
        entries = page.locator(".md-sidebar--primary .md-nav__link")
        drawn = "element => element.checkVisibility()"
        assert entries.first.evaluate(drawn) is False
        page.locator("label.md-header__button[for=__drawer]").click()
        page.wait_for_function(drawn, arg=entries.first.element_handle())
        entries.and_(page.locator("a[href$='localhost/']")).click()
        page.wait_for_url("**/loopback/localhost/")
        expect(page.locator(".md-content h1")).to_contain_text("localhost, the name")
        # Once it has slid away, and in whatever the theme has put there meanwhile.
        page.wait_for_function(
            "() => !document.querySelector('.md-sidebar--primary .md-nav__link').checkVisibility()"
        )
