"""Python examples of the guides run where they stand, in the worker of the box."""

from __future__ import annotations

import pytest
from boxes import START
from playwright.sync_api import Page, expect
from site_browser import Visit


@pytest.fixture(scope="module")
def example(shared_visit: Visit) -> Visit:
    """A guide with Python examples; what one test has run does not hinder the next."""
    shared_visit.go("loopback/spellings/")
    return shared_visit


def test_an_example_runs_where_it_stands(example: Visit) -> None:
    """And prints what its page shows."""
    page = example.page
    page.locator(".pyodide-run").first.click()
    expect(page.locator(".pyodide-output").first).not_to_have_text(
        "Starting Python …", timeout=START
    )
    expect(page.locator(".pyodide-run").first).to_have_text("Run")
    assert "Traceback" not in page.locator(".pyodide-output").first.inner_text()
    assert example.problems() == []


def run(page: Page, code: str) -> None:
    """Change the first example into other code, and run it once nothing runs there any more."""
    snippet = page.locator(".lb-snippet").first
    button = snippet.locator(".pyodide-run")
    expect(button).to_have_text("Run")
    if not snippet.locator(".lb-editor").count():
        snippet.locator("text=Edit").click()
    snippet.locator(".lb-editor").fill(code)
    button.click()


def test_it_can_be_changed_and_its_output_is_text(example: Visit) -> None:
    """Markup that is printed is shown, not made."""
    page = example.page
    run(page, "print('<b>bold</b>'); print(6 * 7)")
    output = page.locator(".pyodide-output").first
    expect(output).to_contain_text("<b>bold</b>\n42", timeout=START)
    assert output.locator("b").count() == 0


def test_a_loop_without_end_is_stopped_and_the_box_goes_on(example: Visit) -> None:
    """The worker is replaced."""
    page = example.page
    run(page, "print('begun')\nwhile True: pass")
    output = page.locator(".pyodide-output").first
    expect(output).to_contain_text("begun", timeout=START)
    page.locator(".lb-snippet").first.locator("text=Stop").click()
    expect(output).to_contain_text("[stopped]")
    run(page, "print('again')")
    expect(output).to_contain_text("again", timeout=START)


def test_output_is_bounded(example: Visit) -> None:
    """A million lines do not end up in the page."""
    page = example.page
    run(page, "for n in range(10**6): print(n)")
    output = page.locator(".pyodide-output").first
    expect(output).to_contain_text("the rest is not shown", timeout=START)
    assert len(output.inner_text()) < 25_000
