"""The card at work: systems to choose, commands to copy, pieces and rows that show one another."""

from __future__ import annotations

import re

import pytest
import site_browser
from boxes import ANSWER, FIELD, ask, built, copied, shown, wait_for_answer
from playwright.sync_api import Browser, BrowserContext, Page, expect
from site_browser import Visit
from site_build import URL
from test_accessibility import NARROW, WIDE, axe, choose, look
from test_card_pictures import TEXTS

__all__ = ["axe"]

REFUSED = "Error: connect ECONNREFUSED 127.0.0.1:62893"
URL_TEXT = "https://ann:Xq7zW@localhost:8443/a/b?c=d#e"
LOG = (
    "2026-03-04T05:06:07Z connect ECONNREFUSED 127.0.0.1:8081\n"
    "2026-03-04T05:06:08Z listen EADDRINUSE: address already in use :::4000"
)


def commands(page: Page) -> list[str]:
    """The commands of steps that are seen."""
    return page.locator(f"{ANSWER} .answer-command code:visible").all_inner_texts()


class TestSystems:
    def test_one_system_is_shown_and_the_others_are_a_click_away(self, visit: Visit) -> None:
        """The visitor's own first; what is chosen holds in each card, and tomorrow too."""
        page = visit.go("classify/")
        ask(page, "127.0.0.1:8123")
        assert len(commands(page)) == 1
        first = commands(page)
        page.get_by_label("Windows").check()
        assert len(commands(page)) == 1
        assert commands(page) != first
        ask(page, "127.0.0.1:8124")
        assert "netstat" in commands(page)[0] or "Get-Net" in commands(page)[0]
        page = visit.go("")
        expect(page.locator(f"{ANSWER} input[value=windows]")).to_be_checked()
        assert visit.problems() == []

    def test_arrow_keys_choose(self, visit: Visit) -> None:
        """As in any group of radio buttons."""
        page = visit.go("classify/")
        ask(page, "127.0.0.1:8123")
        page.get_by_label("Linux").check()
        page.locator(f"{ANSWER} input[value=linux]").focus()
        page.keyboard.press("ArrowRight")
        expect(page.get_by_label("macOS")).to_be_checked()
        assert "lsof" in commands(page)[0]

    def test_without_scripts_all_are_shown(self, browser: Browser) -> None:
        """One below the other, each with the name of its system."""
        with browser.new_context(java_script_enabled=False) as context:
            page = site_browser.visit(context).page
            page.goto(URL)
            assert len(commands(page)) == 3
            names = page.locator(f"{ANSWER} .answer-os:visible").all_inner_texts()
            assert names == ["Linux", "macOS", "Windows"]
            expect(page.locator(f"{ANSWER} .answer-copy").first).to_be_hidden()

    def test_a_command_is_copied_alone(self, context: BrowserContext, visit: Visit) -> None:
        """Without the name of the system, and without the button."""
        context.grant_permissions(
            ["clipboard-read", "clipboard-write"], origin="http://127.0.0.1:62893"
        )
        page = visit.go("classify/")
        ask(page, REFUSED)
        shown = commands(page)[0]
        assert copied(page.locator(f"{ANSWER} .answer-copy:visible").first) == shown


class TestPieces:
    def test_a_piece_shows_its_row_and_a_row_its_pieces(self, box: Visit) -> None:
        """Under the pointer."""
        page = box.page
        ask(page, URL_TEXT)
        for kind in ("scheme", "user", "password", "host-0", "port-0", "path", "query", "fragment"):
            piece = page.locator(f"{ANSWER} pre [data-token={kind}]")
            row = page.locator(f"{ANSWER} [data-row={kind}]")
            piece.hover()
            expect(row).to_have_class(re.compile("lb-tied"))
            row.hover()
            expect(piece).to_have_class(re.compile("lb-tied"))
        assert "Xq7zW" not in page.inner_html(ANSWER)
        page.locator(f"{ANSWER} pre [data-token=fragment]").hover()
        expect(page.locator(f"{ANSWER} .answer-explained")).to_contain_text("never sent")
        page.mouse.move(1, 1)
        expect(page.locator(f"{ANSWER} .lb-tied")).to_have_count(0)
        expect(page.locator(f"{ANSWER} .answer-explained")).to_contain_text("Point at or tap")

    def test_the_keyboard_goes_through_the_pieces(self, box: Visit) -> None:
        """Tab to the text, arrows from piece to piece, Enter to the row, Escape back."""
        page = box.page
        ask(page, REFUSED)
        page.locator(f"{ANSWER} .answer-source").focus()
        page.keyboard.press("ArrowRight")
        assert page.locator(":focus").get_attribute("data-token")
        for _ in range(8):
            if page.locator(":focus").get_attribute("data-token") == "port-0":
                break
            page.keyboard.press("ArrowRight")
        expect(page.locator(f"{ANSWER} .answer-explained")).to_contain_text("62893 · port")
        expect(page.locator(f"{ANSWER} [data-row=port-0]")).to_be_hidden()
        page.keyboard.press("Enter")
        expect(page.locator(f"{ANSWER} [data-row=port-0]")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator(":focus")).to_have_attribute("data-token", "port-0")

    def test_facts_that_were_opened_stay_open(self, visit: Visit) -> None:
        """While the text is changed."""
        page = visit.go("classify/")
        ask(page, REFUSED)
        facts = page.locator(f"{ANSWER} .answer-facts")
        expect(facts).not_to_have_attribute("open", "")
        facts.locator("summary").first.click()
        ask(page, f"{REFUSED}0")
        expect(facts).to_have_attribute("open", "")


class TestNumbers:
    @pytest.mark.parametrize(
        ("text", "place", "key", "expected"),
        [
            ("127.0.0.1:62893", 15, "ArrowUp", "127.0.0.1:62894"),
            ("127.0.0.1:62893", 10, "ArrowDown", "127.0.0.1:62892"),
            ("127.0.0.1:62893", 8, "ArrowUp", "127.0.0.2:62893"),
            ("127.0.0.255:80", 11, "ArrowUp", "127.0.0.255:80"),
            ("127.0.0.0", 9, "ArrowDown", "127.0.0.0"),
            ("[::1]:65535", 11, "ArrowUp", "[::1]:65535"),
            ("localhost:99", 12, "ArrowUp", "localhost:100"),
            ("62893", 2, "ArrowUp", "62894"),
            ("at port 80 here", 9, "Alt+ArrowUp", "at port 81 here"),
            ("127.0.0.1:80\n[::1]:81", 21, "Alt+ArrowUp", "127.0.0.1:80\n[::1]:82"),
            ("127.0.0.1:80\n[::1]:81", 21, "ArrowUp", "127.0.0.1:80\n[::1]:81"),
            ("10:20:30 x", 4, "ArrowUp", "10:20:30 x"),
            ("v1.2.3 x", 2, "ArrowUp", "v1.2.3 x"),
        ],
    )
    def test_arrow_keys_step_the_number_at_the_cursor(
        self, box: Visit, text: str, place: int, key: str, expected: str
    ) -> None:
        """An octet or a port, to the ends of its range and no further; the answer follows."""
        page = box.page
        page.fill(FIELD, text)
        page.eval_on_selector(FIELD, "(field, at) => field.setSelectionRange(at, at)", place)
        page.press(FIELD, key)
        assert page.input_value(FIELD) == expected
        wait_for_answer(page)
        assert shown(page) == built(page, expected)

    def test_a_step_can_be_undone(self, box: Visit) -> None:
        """As anything that was typed."""
        page = box.page
        page.fill(FIELD, "")
        page.type(FIELD, "127.0.0.1:80")
        page.press(FIELD, "ArrowUp")
        page.press(FIELD, "ArrowUp")
        assert page.input_value(FIELD) == "127.0.0.1:82"
        page.press(FIELD, "Control+Z")
        page.press(FIELD, "Control+Z")
        assert page.input_value(FIELD) == "127.0.0.1:80"
        wait_for_answer(page)

    def test_a_hint_tells_of_it(self, box: Visit) -> None:
        """While the cursor is in a number."""
        page = box.page
        hint = page.locator("form#classifier .lb-hint")
        page.fill(FIELD, "localhost:80")
        page.press(FIELD, "End")
        expect(hint).to_be_visible()
        page.press(FIELD, "Home")
        expect(hint).to_be_hidden()
        wait_for_answer(page)


def test_a_phone_shows_verdict_and_first_command_on_the_first_screen(browser: Browser) -> None:
    """Of each kind of text, on the page as it is opened: nothing is scrolled."""
    with browser.new_context(viewport=NARROW, has_touch=True) as context:
        visit = site_browser.visit(context)
        page = visit.go("classify/")
        for kind, text in TEXTS.items():
            ask(page, text)
            assert page.evaluate("scrollY") == 0
            box = page.locator(f"{ANSWER} .answer-command:visible").first.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= NARROW["height"], kind
        assert visit.problems() == []


def test_a_phone_shows_the_first_command_of_the_home_page_at_once(browser: Browser) -> None:
    """Verdict and command are on the first screen."""
    with browser.new_context(viewport=NARROW, has_touch=True) as context:
        page = site_browser.visit(context).go()
        box = page.locator(f"{ANSWER} .answer-command:visible").first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= NARROW["height"]


@pytest.mark.parametrize("text", [REFUSED, URL_TEXT, LOG, "127.0.0.1"])
def test_a_card_has_no_violation(visit: Visit, axe: str, text: str) -> None:
    """With everything unfolded: light at a desk, dark on a phone."""
    page = visit.go("classify/")
    ask(page, text)
    page.evaluate("document.querySelectorAll('.answer details').forEach((one) => one.open = true)")
    choose(visit, "default")
    assert look(visit, axe)["violations"] == []
    choose(visit, "slate")
    page.set_viewport_size(NARROW)
    assert look(visit, axe)["violations"] == []
    page.set_viewport_size(WIDE)
