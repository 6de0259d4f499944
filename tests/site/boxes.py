"""The box of a page, as the tests of it use it."""

from __future__ import annotations

from playwright.sync_api import Page

from checks import web

FIELD, ANSWER = "#classifier-input", "#classifier-answer"
LIVE = f"{ANSWER}[data-state=live]:not([aria-busy])"
START = 60_000
"""Milliseconds that a first answer may take: two on a quiet machine, twenty among other tests."""


def ask(page: Page, text: str) -> None:
    """Type a text, and wait until the answer is the one for it."""
    page.fill(FIELD, text)
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
