"""Long tables are searched where they stand."""

from __future__ import annotations

from playwright.sync_api import expect
from site_browser import Visit


def test_all_services_are_searched_by_number_and_by_words(visit: Visit) -> None:
    """The table is fetched when somebody searches, and every row is text."""
    page = visit.go("reference/services/")
    assert not [url for url in visit.requests if url.endswith("services.json")]
    field = page.get_by_label("Search all registered services")
    field.fill("5432")
    first = page.locator("#services ~ .md-typeset__scrollwrap tbody tr").first
    expect(first).to_contain_text("postgresql")
    field.fill("postgresql database")
    expect(first).to_contain_text("5432")
    field.fill("nothing is called so")
    expect(page.locator(".lb-count").first).to_have_text("no services")
    assert len([url for url in visit.requests if url.endswith("services.json")]) == 1
    assert visit.problems() == []


def test_a_long_table_is_filtered(visit: Visit) -> None:
    """Rows without the words are hidden, and the count is said."""
    page = visit.go("reference/services/0-1023/")
    page.get_by_label("Filter the rows of this table").first.fill("domain name server")
    expect(page.locator("article tbody tr:visible").first).to_contain_text("53")
    expect(page.locator(".lb-count").first).to_contain_text("of")
    assert visit.problems() == []
