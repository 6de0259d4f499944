"""What the theme does, and what the site adds to its pages."""

from __future__ import annotations

import re

import pytest
import site_browser
from boxes import copied
from playwright.sync_api import Browser, Page, expect
from site_browser import Visit, open_tab
from site_build import URL

from tools.site import furniture

BUNDLE = "**/assets/javascripts/bundle.*.js"


def test_long_tables_get_a_place_for_their_filter() -> None:
    """A table with a class is somebody else's business."""
    head = "<table>\n<thead>\n<tr><th>a</th></tr>\n</thead>"
    short, long = (
        f"{head}<tbody>{'<tr><td>1</td></tr>' * rows}</tbody></table>"
        for rows in (furniture.LONG - 1, furniture.LONG)
    )
    other = '<table class="highlighttable"></table>'
    made = furniture.furnished(f"{short}\n{other}\n{long}")
    assert other in made
    assert made.index("lb-filterbar") > made.index(other)
    assert made.count("lb-filterbar") == 1


def test_colours_of_the_dark_are_there_before_the_theme_s_script(browser: Browser) -> None:
    """Nobody who reads in the dark sees a white page first; an earlier choice counts."""
    # A service worker would answer for the script that is to be missing.
    context = browser.new_context(color_scheme="dark", service_workers="block")
    page = context.new_page()
    page.route(BUNDLE, lambda route: route.abort())
    body = page.locator("body")
    page.goto(URL)
    expect(body).to_have_attribute("data-md-color-scheme", "slate")
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
        expect(page.locator(".md-content h1")).to_contain_text("localhost: is it")
        # Once it has slid away, and in whatever the theme has put there meanwhile.
        page.wait_for_function(
            "() => !document.querySelector('.md-sidebar--primary .md-nav__link').checkVisibility()"
        )


LONG = "troubleshooting/in-use/"
SECTION = ".md-content__inner > h2 >> nth=-2"
NOTED = "() => history.state?.y === scrollY"
"""The theme has kept in the history's entry how far it was scrolled, which it does a moment later:
after a step back meanwhile it would be kept in the other entry."""
TOP = "element => element.getBoundingClientRect().top"


@pytest.mark.parametrize("width", [390, 1280])
def test_a_section_is_reached(visit: Visit, width: int) -> None:
    """By a link from elsewhere, anew, and by a link of the page, by its heading."""
    visit.page.set_viewport_size({"width": width, "height": 844})
    page = visit.go(LONG)
    section = page.locator(SECTION)
    anchor = section.get_attribute("id")
    page.locator(f"a[href$='#{anchor}']").first.evaluate("link => link.click()")
    reached(page)
    page.goto("about:blank")
    visit.go(f"{LONG}#{anchor}")
    reached(page)
    page.reload()
    reached(page)
    assert visit.problems() == []


def reached(page: Page) -> None:
    """The section is where reading begins."""
    header = page.locator(".md-header").evaluate("header => header.getBoundingClientRect().bottom")
    assert header < page.locator(SECTION).evaluate(TOP) < header + 100


def test_who_goes_back_finds_the_place_again(visit: Visit) -> None:
    """A page that is put in place of another is whole, and is shown where it was left."""
    page = visit.go(LONG)
    heading = page.locator(SECTION)
    page.wait_for_load_state("networkidle")  # what comes late moves the lines below it
    page.evaluate("document.fonts.ready.then(() => null)")
    heading.scroll_into_view_if_needed()
    page.wait_for_function(NOTED)
    place, scrolled = heading.evaluate(TOP), page.evaluate("scrollY")
    assert scrolled > 1000
    page.evaluate("window.same = true")
    page.locator(".md-footer__link--next").evaluate("link => link.click()")
    expect(page.locator("h1")).not_to_contain_text("in use")
    page.wait_for_function(NOTED)
    page.go_back()
    expect(page.locator("h1")).to_contain_text("in use")
    page.wait_for_function("before => Math.abs(scrollY - before) < 3", arg=scrolled)
    assert abs(heading.evaluate(TOP) - place) < 3
    assert page.evaluate("window.same")
    assert visit.problems() == []
