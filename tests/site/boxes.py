"""The box of a page, as the tests of it use it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from checks import page as web

FIELD, ANSWER = "#classifier-input", "#classifier-answer"
LIVE = f"{ANSWER}[data-state=live]:not([aria-busy])"
START = 60_000
"""Milliseconds that a first answer may take: two on a quiet machine, twenty among other tests."""


def ask(page: Page, text: str) -> None:
    """Type a text once the script serves the box, and wait until the answer is the one for it."""
    page.fill(f"form[data-mounted] {FIELD}", text)
    wait_for_answer(page)


def wait_for_answer(page: Page) -> None:
    """Wait until the answer is the one for the field's text."""
    page.wait_for_selector(LIVE, timeout=START)


def shown(page: Page) -> str:
    """The answer's HTML, as the browser would write it."""
    return str(page.inner_html(ANSWER))


def built(page: Page, text: str) -> str:
    """The answer that the build makes for a text, put through the same browser."""
    base = page.get_attribute("form#classifier", "data-base")
    html = web.answer(text).replace('href="site:', f'href="{base}')
    script = """html => {
        const made = document.createElement("template");
        made.innerHTML = html;
        return made.innerHTML;
    }"""
    return str(page.evaluate(script, html))


def copied(button: Locator) -> str:
    """Press a button that copies, and give what is on the clipboard then.

    It says that it has copied for a moment only, so this is noted when it happens.
    """
    button.evaluate(
        """one => new MutationObserver(() => {
            if (one.textContent === "Copied") one.dataset.said = "Copied";
        }).observe(one, { childList: true })"""
    )
    button.click()
    expect(button).to_have_attribute("data-said", "Copied")
    return str(button.page.evaluate("navigator.clipboard.readText()"))
