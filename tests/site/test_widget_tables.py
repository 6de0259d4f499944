"""Long tables are searched where they stand."""

from __future__ import annotations

import re

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
    page = visit.go("reference/errors/")
    field = page.get_by_label("Filter the rows of this table").first
    field.fill("refused 10061")
    table = page.locator(".lb-filterbar + .lb-long").first
    expect(table.locator("tbody tr:visible").first).to_contain_text("ECONNREFUSED")
    expect(page.locator(".lb-count").first).to_have_text(re.compile(r"^\d of \d+ rows$"))
    field.fill("")
    expect(table.locator("tbody tr:visible")).to_have_count(table.locator("tbody tr").count())
    assert visit.problems() == []


def test_all_tables_of_a_page_are_filtered_by_one_field(visit: Visit) -> None:
    """With them go the headings of those that have no row left."""
    page = visit.go("reference/services/0-1023/")
    headings = page.locator("article h2:visible")
    everything = headings.count()
    assert page.locator(".lb-filterbar").count() == 1 < page.locator("article table").count()
    field = page.get_by_label("Filter the rows of all tables")
    field.fill("domain name server")
    expect(page.locator("article tbody tr:visible").first).to_contain_text("53")
    expect(headings).to_have_text([re.compile("^0-99"), re.compile("^Sources")])
    expect(page.locator("article .md-typeset__scrollwrap:visible")).to_have_count(1)
    expect(page.locator(".lb-count")).to_have_text(re.compile(r"^\d of 732 rows$"))
    field.fill("")
    expect(headings).to_have_count(everything)
    assert visit.problems() == []
