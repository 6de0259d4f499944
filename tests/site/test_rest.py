"""What is far below is laid out when somebody goes on, and nobody is led astray by it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from site_browser import SKIPPED, Visit
from site_build import URL

LONG = "troubleshooting/in-use/"
SECTION = ".md-content__inner > h2 >> nth=-2"
TOP = "element => element.getBoundingClientRect().top"


@pytest.mark.parametrize("address", ["loopback/", LONG, "reference/services/5000-5999/"])
def test_what_is_below_waits_until_somebody_goes_on(visit: Visit, address: str) -> None:
    """Then everything is as if it had never waited."""
    page = visit.go(address, still=True)
    assert page.evaluate(SKIPPED) > 5
    shown = "element => element.checkVisibility({contentVisibilityAuto: true})"
    inside = page.locator(".md-content__inner > :not(ul, ol, .tabbed-set) > *:visible")
    assert inside.first.evaluate(shown)
    assert not inside.last.evaluate(shown)
    page.mouse.move(9, 9)
    assert page.evaluate(SKIPPED) == 0
    assert inside.last.evaluate(shown)
    assert visit.problems() == []


@pytest.mark.parametrize("sign", ["keyboard", "wheel", "pointer", "script"])
def test_the_first_sign_of_somebody_is_enough(visit: Visit, sign: str) -> None:
    """The page is whole before it moves, so nothing moves in it."""
    page = visit.go(LONG, still=True)
    assert page.evaluate(SKIPPED) > 5
    if sign == "keyboard":
        page.keyboard.press("Shift")
    elif sign == "wheel":
        page.mouse.wheel(0, 40)
    elif sign == "pointer":
        page.locator("h1").click()
    else:
        page.evaluate("scrollTo(0, 200)")
    page.wait_for_function(f"() => !({SKIPPED})")


def test_a_page_without_its_script_waits_for_nothing_on_paper(browser: Browser) -> None:
    """Nor does one that runs none."""
    with browser.new_context(service_workers="block") as context:
        page = context.new_page()
        page.route("**/assets/js/*.mjs", lambda route: route.abort())
        page.goto(URL + LONG)
        assert page.evaluate(SKIPPED) > 5
        page.emulate_media(media="print")
        assert page.evaluate(SKIPPED) == 0
    with browser.new_context(java_script_enabled=False) as plain:
        page = plain.new_page()
        page.goto(URL + LONG)
        assert page.evaluate(SKIPPED) == 0


@pytest.mark.parametrize("width", [390, 1280])
def test_a_section_is_reached(visit: Visit, width: int) -> None:
    """By a link from elsewhere, anew, and by a link of the page, before anything is scrolled."""
    visit.page.set_viewport_size({"width": width, "height": 844})
    page = visit.go(LONG, still=True)
    assert page.evaluate(SKIPPED) > 5
    section = page.locator(SECTION)
    anchor = section.get_attribute("id")
    page.locator(f"a[href='#{anchor}']").first.evaluate("link => link.click()")
    reached(page)
    page.goto("about:blank")
    visit.go(f"{LONG}#{anchor}", still=True)
    reached(page)
    page.reload()
    reached(page)
    assert visit.problems() == []


def reached(page: Page) -> None:
    """The section is where reading begins, and all of the page has its size."""
    assert page.evaluate(SKIPPED) == 0
    header = page.locator(".md-header").evaluate("header => header.getBoundingClientRect().bottom")
    assert header < page.locator(SECTION).evaluate(TOP) < header + 100


SLOW = """milliseconds => {
    const send = XMLHttpRequest.prototype.send;
    XMLHttpRequest.prototype.send = function (...given) {
        setTimeout(() => send.apply(this, given), milliseconds);
    };
}"""


@pytest.mark.parametrize("milliseconds", [0, 400])
def test_who_goes_back_finds_the_place_again(visit: Visit, milliseconds: int) -> None:
    """A page that is put in place of another is whole.

    Who goes back at once, too, and where the page is longer on its way than the tenth of a second
    after which a place is noted: the place in another page is not taken for the one in this.
    """
    page = visit.go(LONG)
    heading = page.locator(SECTION)
    heading.scroll_into_view_if_needed()
    page.wait_for_function("() => history.state?.y === scrollY")
    place, scrolled = heading.evaluate(TOP), page.evaluate("scrollY")
    assert scrolled > 1000
    page.evaluate("window.same = true")
    page.locator(".md-footer__link--next").evaluate("link => link.click()")
    expect(page.locator("h1")).to_contain_text("firewall")
    page.evaluate(SLOW, milliseconds)
    page.go_back()
    expect(page.locator("h1")).to_contain_text("in use")
    page.wait_for_function("before => Math.abs(scrollY - before) < 3", arg=scrolled)
    assert abs(heading.evaluate(TOP) - place) < 3
    assert page.evaluate("window.same")
    assert visit.problems() == []
