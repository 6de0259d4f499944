"""The search: what people type leads to the page that answers it, and costs little."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import site_browser
from boxes import FIELD
from playwright.sync_api import Browser, Page, expect
from site_browser import Visit, found, open_tab, search
from site_build import ROOT, URL, Site

from checks.text import classify
from mkdocs_pyodide.runtime import IntegrityError, RuntimeMissingError
from tools.site import aliases
from tools.site import search as index

QUERIES = json.loads(Path(__file__).with_name("queries.json").read_text(encoding="utf-8"))
"""What people type, and the pages of which one has to be among the first three."""

MISSED = 1
"""Queries that may miss, while a page is being written."""

FIRST = 180_000
"""Bytes of a first search, packed: its scripts, two pieces of the index, eight results."""

WHOLE = 1_100_000
"""Bytes of everything that searches may load."""

INPUT = ".md-search__input"
MARKS = "CSS.highlights.get('lb-search')?.size ?? 0"


@pytest.fixture(scope="module")
def searching(browser: Browser) -> Iterator[Visit]:
    """A page whose search is open."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        visit = site_browser.visit(context)
        search(visit.go("loopback/"), "l")
        yield visit
        assert visit.problems() == []


def ask(page: Page, query: str) -> list[str]:
    """What a search that is open leads to: addresses below the site's, the sections too."""
    page.locator(INPUT).fill(query)
    links = found(page, query).evaluate_all("(all) => all.map((one) => one.href)")
    return [link.removeprefix(URL) for link in links]


def pages(links: list[str]) -> list[str]:
    """The pages among links, each once, without the box."""
    bare = [link.split("?")[0].split("#")[0] for link in links if "#q=" not in link]
    return list(dict.fromkeys(bare))


# Finding


def test_what_people_type_is_found(searching: Visit) -> None:
    """Errors, addresses, ports, programs, settings, codes and plain words."""
    assert len(QUERIES) >= 40
    missed = []
    for query, expected in QUERIES:
        first = pages(ask(searching.page, query))[:3]
        if not {*expected} & {*first}:
            missed.append((query, first))
    print(f"{len(QUERIES) - len(missed)} of {len(QUERIES)}")
    assert len(missed) <= MISSED, missed


@pytest.mark.parametrize("query", ["fec", "127.0.0.1", "econnrefused", "loc", "C302", "--host"])
def test_every_beginning_is_found(searching: Visit, query: str) -> None:
    """Also while one types."""
    for end in range(1, len(query) + 1):
        typed = query[:end].strip()
        assert pages(ask(searching.page, typed)) or typed in {"-", "--"}, typed


def test_words_that_no_page_has_lead_on(searching: Visit) -> None:
    """The list says so, and offers the tree."""
    assert pages(ask(searching.page, "()")) == ["troubleshooting/"]
    expect(searching.page.locator(".md-search [role=status]")).to_contain_text("No page")


def test_phrases_belong_to_pages(site: Site) -> None:
    """Each line names a page of the site."""
    named = aliases.read(aliases.WORDS).keys()
    assert len(named) > 60
    assert named <= site.by_address.keys()


def test_what_is_searched_is_never_markup(searching: Visit) -> None:
    """A query that looks like an element stays text."""
    page = searching.page
    ask(page, "<img src=x onerror=alert(1)> 127.0.0.1")
    expect(page.get_by_role("option").first).to_be_visible()
    assert page.locator(".md-search img, .md-search [onerror], .md-search script").count() == 0


# Explaining

EXPLAINED = (
    "62893", "port 8080", "127.0.0.1", "127.0.0.1:62893", "0.0.0.0", "::1", "::", "[::1]:8000",
    "fe80::1%eth0", "::ffff:127.0.0.1", "localhost", "localhost:3000", "http://localhost:3000/x",
    "https://127.0.0.1:8443", "host.docker.internal", "a.localhost", "127.1", "0x7f.1",
    "0x7f000001", "2130706433", "127.0.0.0/8", "ECONNREFUSED", "EADDRINUSE", "WSAEACCES",
    "ERR_UNSAFE_PORT", "net::ERR_CONNECTION_REFUSED", "errno 98", "[Errno 111]", "WinError 10048",
    "connection refused", "port already in use", "Cannot assign requested address",
    "/var/run/docker.sock", "redis:6379", "EACCES: permission denied 0.0.0.0:80",
    "dial tcp 127.0.0.1:5432: connect: connection refused",
)  # fmt: skip
NOT_EXPLAINED = (
    "virus", "docker", "wsl", "kill process on port", "jupyter", "adb reverse", "vite --host",
    "C302", "SO_REUSEADDR", "time_wait", "hosts file", "dns rebinding", "self signed certificate",
    "macOS 5000 airplay", "firewall", "uses: web", "find a free port", "lsof -i",
    "nothing-listening", "HELLO", "TCP/IP", "IPv6",
)  # fmt: skip
KINDS = {"port", "endpoint", "address", "network", "url", "unix"}


def explains(text: str) -> bool:
    """Whether the checks know more of a text than that it may be a name."""
    made = classify(text)
    name = any(one.kind == "name" and "." in text for one in (made,)) or text == "localhost"
    return made.kind in KINDS or bool(made.errors) or name or text.startswith("port ")


def test_what_the_box_explains_is_offered_first(searching: Visit) -> None:
    """The short rule of the search agrees with the checks."""
    for text in (*EXPLAINED, *NOT_EXPLAINED):
        first = ask(searching.page, text)[0]
        assert first.startswith("classify/#q=") is (text in EXPLAINED) is explains(text), text


def test_explain_this_fills_the_box(visit: Visit) -> None:
    """Enter leads to the box with the text in it, and no request has it."""
    page = visit.go("loopback/")
    search(page, "127.0.0.1:5432")
    page.keyboard.press("Enter")
    page.wait_for_url("**/classify/#q=127.0.0.1%3A5432")
    expect(page.locator(FIELD)).to_have_value("127.0.0.1:5432")
    assert not [url for url in visit.requests if "5432" in url]
    assert visit.problems() == []


# Keys


@pytest.mark.parametrize("key", ["s", "f", "/"])
def test_keys_open_the_search_and_escape_gives_the_focus_back(visit: Visit, key: str) -> None:
    """To what had it; what was typed stays."""
    page = visit.go("loopback/block/")
    link = page.locator(".md-tabs__link").first
    link.focus()
    page.keyboard.press(key)
    field = page.get_by_role("combobox", name="Search")
    expect(field).to_be_focused()
    page.keyboard.type("s/f")
    expect(field).to_have_value("s/f")
    page.keyboard.press("Escape")
    expect(link).to_be_focused()
    expect(field).to_have_attribute("aria-expanded", "false")
    assert visit.problems() == []


def test_arrows_choose_and_enter_follows(visit: Visit) -> None:
    """The field keeps the focus and names the option; the page changes in place."""
    page = visit.go("loopback/")
    page.evaluate("window.__same = true")
    options = search(page, "backlog full")
    field = page.get_by_role("combobox", name="Search")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]")
    expect(chosen).to_have_count(1)
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(field).to_be_focused()
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.keyboard.press("ArrowUp")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url("**/reference/findings/backlog-full/")
    assert page.evaluate("window.__same") is True
    expect(page.locator("#__search_results")).not_to_be_visible()
    assert visit.problems() == []


def test_enter_waits_for_what_was_typed_last(visit: Visit) -> None:
    """Who types fast and presses Enter comes to the right page."""
    page = visit.go("loopback/")
    page.keyboard.press("s")
    page.keyboard.type("kill process on port")
    page.keyboard.press("Enter")
    page.wait_for_url("**/troubleshooting/in-use/")


def test_a_click_outside_and_the_tabulator_close_it(visit: Visit) -> None:
    """As a menu does."""
    page = visit.go("loopback/")
    opened = page.locator("#__search")
    search(page, "refused")
    page.keyboard.press("Tab")
    expect(opened).not_to_be_checked()
    page.locator(INPUT).click()
    expect(opened).to_be_checked()
    page.mouse.click(100, 700)
    expect(opened).not_to_be_checked()


def test_a_phone_opens_it_by_its_button(browser: Browser) -> None:
    """It fills the screen, and its arrow closes it."""
    with browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True) as context:
        visit = site_browser.visit(context)
        page = visit.go("loopback/")
        page.locator("label.md-header__button[for=__search]").tap()
        expect(page.locator(INPUT)).to_be_focused()
        page.keyboard.type("hosts file")
        options = found(page, "hosts file")
        box = options.first.bounding_box()
        assert box is not None
        assert box["width"] == 390
        page.locator("form label[for=__search]").tap()
        expect(page.locator("#__search")).not_to_be_checked()
        assert visit.problems() == []


# The page that was found


def test_words_are_marked_in_the_page(visit: Visit) -> None:
    """Until another page is opened; the address stays as it is for everybody."""
    page = visit.go("loopback/")
    search(page, "hosts file").first.click()
    page.wait_for_url("**/loopback/localhost/")
    page.wait_for_function(f"{MARKS} > 3")
    assert "?" not in page.url
    open_tab(page, "Ports")
    page.wait_for_function(f"{MARKS} === 0")
    assert visit.problems() == []


def test_a_word_far_down_is_shown(visit: Visit) -> None:
    """A link from elsewhere, in a tab of its own, marks too."""
    page = visit.go("reference/errors/?h=WSAENOBUFS")
    page.wait_for_function(f"{MARKS} > 0")
    assert page.evaluate("scrollY") > 500
    assert page.url == f"{URL}reference/errors/"
    assert visit.problems() == []


# What it costs


def test_a_first_search_is_small(browser: Browser, site: Site) -> None:
    """The index is loaded in pieces; what the offline copy then keeps is not counted."""
    with browser.new_context(service_workers="block") as context:
        visit = site_browser.visit(context)
        page = visit.go("loopback/")
        visit.forget()
        page.keyboard.press("s")
        page.locator(INPUT).fill("connection refused")
        expect(found(page, "connection refused").first).to_be_visible()
        weight = visit.weight(site.root)
        assert visit.problems() == []
    print(f"{sum(weight.values())} bytes in {len(weight)} files")
    assert any(path.endswith(".pf_index") for path in weight)
    assert sum(weight.values()) < FIRST, weight


def test_the_whole_index_is_small(site: Site) -> None:
    """And nothing is there that no search loads."""
    files = [path for path in (site.root / index.FOLDER).rglob("*") if path.is_file()]
    total = sum(path.stat().st_size for path in files)
    print(f"{total} bytes in {len(files)} files")
    assert total < WHOLE
    unused = {path.name for path in files if not index.NEEDED.fullmatch(path.name)}
    assert unused == {index.LIST, "LICENSE"}


# Making it


def test_a_copy_holds_what_should_be_found() -> None:
    """No sources, no marks of the theme; double colons count; phrases are added."""
    html = (
        '<h1 id="a">A<a class="headerlink" href="#a">&para;</a></h1>'
        '<p class="finding-line">C302</p><p title="::">::1</p><pre><code>ls</code></pre>'
        '<h2 id="sources">Sources</h2><p>RFC</p><h2 id="b">B</h2>'
    )
    made = index.document(index.Page("a/index.html", html, ("x::y", 'say "z"')))
    assert f'<p title="::">{index.COLONS}1</p>' in made
    assert f'content="x{index.COLONS}y; say &quot;z&quot;"' in made
    assert '<h2 id="b">B</h2>' in made
    assert not {"RFC", "para", "C302"} & {*made.replace("<", " ").replace(">", " ").split()}
    assert "headerlink" not in made


@pytest.mark.parametrize(
    ("system", "processor", "name"),
    [
        ("linux", "x86_64", "@pagefind/linux-x64"),
        ("linux", "aarch64", "@pagefind/linux-arm64"),
        ("darwin", "arm64", "@pagefind/darwin-arm64"),
        ("win32", "AMD64", "@pagefind/windows-x64"),
        ("freebsd14", "amd64", "@pagefind/freebsd-x64"),
    ],
)
def test_each_system_has_its_package(system: str, processor: str, name: str) -> None:
    """With an integrity of its own."""
    package, integrity = index.package(system, processor)
    assert package == name
    assert integrity.startswith("sha512-")
    assert len(set(index.PACKAGES.values())) == len(index.PACKAGES)


def test_another_system_is_told_what_to_do() -> None:
    """In one line."""
    with pytest.raises(RuntimeMissingError, match="no program for linux on riscv64; set PAGEFIND"):
        index.package("linux", "riscv64")


def test_a_program_that_differs_is_refused(tmp_path: Path) -> None:
    """One byte is enough."""
    name, _ = index.package()
    file = f"{name.removeprefix('@').replace('/', '-')}-{index.VERSION}.tgz"
    (tmp_path / file).write_bytes(b"x")
    with pytest.raises(IntegrityError):
        index.obtain(tmp_path)


def test_a_program_that_fails_is_told(tmp_path: Path) -> None:
    """With what it said."""
    with pytest.raises(RuntimeMissingError, match="no index today"):
        index.write(tmp_path, [], b"#!/bin/sh\necho no index today >&2\nexit 1\n")


def test_without_the_program_the_site_is_built_without_a_search(tmp_path: Path) -> None:
    """The build says so in one line, so a strict one fails; no page has a field."""
    environment = {**os.environ, "PAGEFIND": "/nowhere", "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(tmp_path)],
        env=environment, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    warnings = [line for line in done.stderr.splitlines() if line.startswith("WARNING")]
    assert done.returncode == 1
    assert len(warnings) == 1, warnings
    assert "pagefind: pages have no search: PAGEFIND: " in warnings[0]
    assert not (tmp_path / index.FOLDER).exists()
    assert "md-search" not in (tmp_path / "index.html").read_text(encoding="utf-8")
