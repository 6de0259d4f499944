"""What is far below is laid out after the page may be used, and nobody is led astray by it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from site_browser import Visit
from site_build import URL

LONG = "troubleshooting/in-use/"
SKIPPED = """[...document.querySelectorAll(".md-content__inner > *")].filter(
    one => getComputedStyle(one).contentVisibility !== "visible").length"""
SECTION = ".md-content__inner > h2 >> nth=-2"
TOP = "element => element.getBoundingClientRect().top"


def without_the_rest(browser: Browser, address: str) -> Page:
    """A page whose own script did not come, so that what is below stays as it was at first."""
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.route("**/assets/js/*.mjs", lambda route: route.abort())
    page.goto(URL + address)
    return page


@pytest.mark.parametrize("address", ["", LONG, "reference/services/5000-5999/"])
def test_what_is_below_waits_until_the_page_is_there(
    browser: Browser, visit: Visit, address: str
) -> None:
    """Then everything is as if it had never waited."""
    page = without_the_rest(browser, address)
    assert page.evaluate(SKIPPED) > 5
    shown = "element => element.checkVisibility({contentVisibilityAuto: true})"
    inside = page.locator(".md-content__inner > * > *:visible")
    assert inside.first.evaluate(shown)
    assert not inside.last.evaluate(shown)
    page.context.close()
    page = visit.go(address)
    page.wait_for_function(f"!({SKIPPED})")
    assert visit.problems() == []


def test_paper_and_pages_without_scripts_wait_for_nothing(browser: Browser) -> None:
    """Nothing would ever lay it out."""
    page = without_the_rest(browser, LONG)
    page.emulate_media(media="print")
    assert page.evaluate(SKIPPED) == 0
    page.context.close()
    with browser.new_context(java_script_enabled=False) as plain:
        page = plain.new_page()
        page.goto(URL + LONG)
        assert page.evaluate(SKIPPED) == 0


@pytest.mark.parametrize("width", [390, 1280])
def test_who_comes_to_a_section_waits_for_nothing(
    browser: Browser, visit: Visit, width: int
) -> None:
    """What stands above it has its size at once, so it does not move."""
    page = without_the_rest(browser, LONG)
    anchor = page.locator(SECTION).get_attribute("id")
    page.context.close()
    visit.page.set_viewport_size({"width": width, "height": 844})
    page = visit.go(f"{LONG}#{anchor}")
    assert page.evaluate(SKIPPED) == 0
    header = page.locator(".md-header").evaluate("header => header.getBoundingClientRect().bottom")
    assert header < page.locator(SECTION).evaluate(TOP) < header + 100
    page.reload()
    assert page.evaluate(SKIPPED) == 0
    assert visit.problems() == []


def test_who_goes_back_finds_the_place_again(visit: Visit) -> None:
    """A page that is put in place of another is laid out at once."""
    page = visit.go(LONG)
    page.wait_for_function(f"!({SKIPPED})")
    heading = page.locator(SECTION)
    heading.scroll_into_view_if_needed()
    page.wait_for_timeout(300)  # the theme notes the place a tenth of a second later
    place, scrolled = heading.evaluate(TOP), page.evaluate("scrollY")
    assert scrolled > 1000
    page.evaluate("window.same = true")
    page.locator(".md-footer__link--next").evaluate("link => link.click()")
    expect(page.locator("h1")).to_contain_text("firewall")
    page.go_back()
    expect(page.locator("h1")).to_contain_text("in use")
    page.wait_for_function("before => Math.abs(scrollY - before) < 3", arg=scrolled)
    assert abs(heading.evaluate(TOP) - place) < 3
    assert page.evaluate("window.same")
    assert visit.problems() == []
