"""What a designer would measure on every page: nothing is cut off without a sign or too small.

Each page is opened on a phone; what a person has to judge is not for a test.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
import site_browser
from playwright.sync_api import Browser, expect
from site_browser import Visit
from site_build import Site
from test_accessibility import NARROW

from tools.site import listings, stacking

_LOOK = r"""async () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(".md-typeset .tabbed-content > .tabbed-block { display: block }");
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    for (const one of document.querySelectorAll("details")) one.open = true;
    const shown = (selector) => [...document.querySelectorAll(`.md-content ${selector}`)].filter(
        (one) => one.checkVisibility());
    const rest = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const scrolling = () => [...shown("pre > code"), ...shown("pre:not(:has(> code))"),
        ...shown(".md-typeset__scrollwrap"), ...shown("table")].filter(
        (one) => one.scrollWidth > one.clientWidth && getComputedStyle(one).display !== "table");
    for (let turn = 0; turn < 50 && scrolling().some((one) => one.tabIndex < 0); turn++)
        await rest();
    const signed = (one) => {
        const {maskImage, backgroundImage} = getComputedStyle(one);
        const fades = maskImage.includes("gradient") || backgroundImage.includes("gradient");
        return fades && one.tabIndex === 0;
    };
    const spread = [...shown("table")].filter((one) =>
        one.scrollWidth > one.parentElement.clientWidth && !one.closest(".md-typeset__scrollwrap"));
    const about = (one) => one.textContent.trim().slice(0, 60);
    const drawn = shown("svg text").map((one) => {
        const {a, b} = one.getScreenCTM();
        return [parseFloat(getComputedStyle(one).fontSize) * Math.hypot(a, b), about(one)];
    });
    const stray = [];
    for (const picture of shown("svg.drawing")) {
        const {width} = picture.viewBox.baseVal;
        const boxes = [...picture.querySelectorAll("text")].map((one) => [one.getBBox(), one]);
        for (const [box, one] of boxes) {
            if (box.x < 0 || box.x + box.width > width) stray.push(about(one));
            for (const [other, next] of boxes)
                if (next !== one && box.x < other.x + other.width && other.x < box.x + box.width
                    && box.y + 4 < other.y + other.height && other.y + 4 < box.y + box.height)
                    stray.push(`${about(one)} / ${about(next)}`);
        }
    }
    const words = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const {data, parentElement: parent} = walker.currentNode;
        if (!data.trim() || parent.closest("svg, script, style, noscript")) continue;
        if (!parent.checkVisibility({visibilityProperty: true})) continue;
        words.push([parseFloat(getComputedStyle(parent).fontSize), data.trim().slice(0, 40)]);
    }
    const address = /\b\d{1,3}(?:\.\d{1,3}){3}\b/g;
    const motley = [];
    for (const code of shown("pre > code")) {
        const pieces = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
        const colours = [];
        while (pieces.nextNode()) {
            const {color} = getComputedStyle(pieces.currentNode.parentElement);
            for (const _ of pieces.currentNode.data) colours.push(color);
        }
        for (const found of [...code.textContent].join("").matchAll(address)) {
            const used = new Set(colours.slice(found.index, found.index + found[0].length));
            if (used.size > 1) motley.push(found[0]);
        }
    }
    const least = (pairs) => pairs.sort(([one], [other]) => one - other)[0] ?? null;
    return {
        blocks: shown("pre").length,
        tables: shown("table").length,
        scrolling: scrolling().length,
        cut: [...scrolling().filter((one) => !signed(one)), ...spread].map(about),
        motley,
        stray,
        drawn: least(drawn),
        word: least(words),
    };
}"""

SMALLEST = 12
"""Pixels of the smallest text that is read."""


@dataclass
class Seen:
    """What all pages show on a phone."""

    blocks: int = 0
    tables: int = 0
    scrolling: int = 0
    cut: list[tuple[str, str]] = field(default_factory=list)
    motley: list[tuple[str, str]] = field(default_factory=list)
    stray: list[tuple[str, str]] = field(default_factory=list)
    small: list[tuple[str, str]] = field(default_factory=list)
    smallest: float = 100


@pytest.fixture(scope="module")
def seen(browser: Browser, site: Site) -> Seen:
    """Every page, once."""
    context = browser.new_context(viewport=NARROW)
    page = site_browser.visit(context).page
    found = Seen()
    for each in site.pages:
        page.goto(each.url, wait_until="load")
        told = page.evaluate(_LOOK)
        found.blocks += told["blocks"]
        found.tables += told["tables"]
        found.scrolling += told["scrolling"]
        found.cut += [(each.address, one) for one in told["cut"]]
        found.motley += [(each.address, one) for one in told["motley"]]
        found.stray += [(each.address, one) for one in told["stray"]]
        for size, text in filter(None, (told["drawn"], told["word"])):
            found.smallest = min(found.smallest, size)
            if size < SMALLEST:
                found.small.append((each.address, f"{size:.1f} {text}"))
    context.close()
    print(
        f"{found.blocks} blocks, {found.tables} tables, {found.scrolling} that scroll;"
        f" smallest text {found.smallest:.1f}"
    )
    return found


@pytest.mark.timeout(900)
def test_nothing_is_cut_off_without_a_sign(seen: Seen) -> None:
    """Code and tables fit a phone, or fade at the end where there is more and take the focus."""
    assert seen.blocks > 400
    assert seen.tables > 100
    assert not seen.cut, "\n".join(map(str, seen.cut))


@pytest.mark.timeout(900)
def test_most_code_fits_a_phone(seen: Seen) -> None:
    """Only what is in columns scrolls: the sign is no leave to let everything scroll."""
    assert seen.scrolling < (seen.blocks + seen.tables) / 8


@pytest.mark.timeout(900)
def test_an_address_in_code_has_one_colour(seen: Seen) -> None:
    """A highlighter that takes 127 for a number leaves .0.0.1 over."""
    assert not seen.motley, "\n".join(map(str, seen.motley))


@pytest.mark.timeout(900)
def test_every_word_is_large_enough(seen: Seen) -> None:
    """Also those in drawings, which shrink with the page."""
    assert not seen.small, "\n".join(map(str, seen.small))


@pytest.mark.timeout(900)
def test_words_in_drawings_have_room(seen: Seen) -> None:
    """None sticks out of its picture or lies on another."""
    assert not seen.stray, "\n".join(map(str, seen.stray))


def test_what_is_cut_off_would_be_found(visit: Visit) -> None:
    """A block and a table without a sign, a motley address, small words: put into a page."""
    page = visit.go("loopback/")
    page.set_viewport_size(NARROW)
    before = page.evaluate(_LOOK)
    page.evaluate(
        """() => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(`.bare code { white-space: pre !important }
                .line td { white-space: pre }
                .red { color: red } .tiny { font-size: 9px }`);
            document.adoptedStyleSheets.push(sheet);
            const wide = "wide ".repeat(99);
            const html = `<div class="highlight bare"><pre><code>${wide}</code></pre></div>
                <div class="highlight"><pre><code><i class="red">127</i>.0.0.1</code></pre></div>
                <table class="line"><tr><td>${wide}</td></tr></table>
                <p class="tiny">tiny</p>
                <svg class="drawing" viewBox="0 0 300 60"><text x="280" y="20">outside</text>
                    <text y="50">one</text><text x="9" y="50">two</text></svg>`;
            document.querySelector("article").insertAdjacentHTML("beforeend", html);
        }"""
    )
    told = page.evaluate(_LOOK)
    assert len(told["cut"]) - len(before["cut"]) == 2
    assert told["motley"] == ["127.0.0.1"]
    assert told["word"] == [9, "tiny"]
    assert told["stray"] == ["outside", "one / two", "two / one"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$ ss -ltn\n" + "State   Local Address:Port   Process\n" * 2 + "x" * 50, True),
        ("State   Local Address:Port\nLISTEN  127.0.0.1:80\n", False),  # narrow enough
        ("$ a-long-command --with  --many --options --that --is --wide\n" * 3, False),
        ("one sentence that is wider than a phone, but in no columns\n" * 3, False),
        ("", False),
    ],
)
def test_columns_are_known(text: str, expected: bool) -> None:
    """An output that is set in columns and too wide; not a command, not a sentence."""
    assert listings.columns(text) is expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            '<span class="m">127</span>.0.0.1:80<span class="w"> </span><span class="m">80</span>',
            '127.0.0.1:80<span class="w"> </span><span class="m">80</span>',
        ),
        ('<span class="n">a</span><span class="mi">10</span><span class="s">.0.0.1;</span>', None),
        (
            '<span class="w"> </span><span class="mi">10</span><span class="s">.0.0.1;</span>',
            '<span class="w"> </span>10.0.0.1<span class="s">;</span>',
        ),
        ('<span class="s">"127.0.0.1"</span>', None),  # of one colour already
        ('<span class="m">1</span>.2.3.4.5', None),  # a version
        ('<span class="m">127</span>.0.0.1<b></b>', None),
        ("", None),
    ],
)
def test_an_address_is_one_piece(body: str, expected: str | None) -> None:
    """Its port too; what is no address, or not as Pygments writes, stays as it is."""
    assert listings.joined(body) == (body if expected is None else expected)


def test_a_listing_is_prepared_as_a_whole() -> None:
    """The mark is at the block, the words in it are the same."""
    text = "$ ss\n" + "State   Local Address:Port   Process  of  somebody\n" * 2
    page = (
        f'<div class="language-console highlight"><pre><span></span><code>{text}</code></pre></div>'
    )
    assert listings.prepared(page) == page.replace("highlight", "highlight lb-columns")


def table(head: list[str], *rows: list[str]) -> str:
    """A table as Markdown makes one."""
    lines = ["<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows]
    titles = "".join(f"<th>{cell}</th>" for cell in head)
    body = "".join(lines)
    return f"<table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>"


def test_a_wide_table_is_stacked() -> None:
    """Each cell gets the title of its column, each part its role; nothing else changes."""
    wide = table(["a <code>b</code>", "c"], [f"<code>{'x' * 60}</code>", "1"], ["2", ""])
    made = stacking.stacked(f"<p>before</p>{wide}")
    assert '<table data-stack role="table">' in made
    assert '<td role="cell" data-title="a b">2</td>' in made
    assert made.count('role="row"') == 3
    assert made.count('role="columnheader"') == 2
    assert made.count('role="rowgroup"') == 2
    assert stacking.stacked(made) == made
    bare = re.sub(r' (?:role|data-title)="[^"]*"| data-stack', "", made)
    assert bare == f"<p>before</p>{wide}"


@pytest.mark.parametrize(
    ("made", "stacks"),
    [
        (table(["Port", "Service"], ["5432", "postgres"]), False),
        (table(["Port", "Service", "Uses"], ["5432", "postgres", "a word " * 40]), False),
        (table(["a", "b", "c", "d"], ["1", "2", "3", "4"]), False),
        (table(["a", "b", "c", "d"], ["some words here"] * 4), False),
        (table(["a", "b", "c", "d"], ["some more words here"] * 4), True),
        (table(["a", "b", "c"], ["<code>docker run -p 80:80</code>"] * 3), True),
        (table(["only a head"]), False),
        ("<table class='other'><tr><td>x</td></tr></table>", False),
    ],
)
def test_what_fits_a_phone_stays_a_table(made: str, stacks: bool) -> None:
    """Few and short columns; long words in the last one break."""
    assert (stacking.stacked(made) != made) is stacks


@pytest.mark.parametrize(("rows", "boxed"), [(stacking.LONG - 2, False), (stacking.LONG - 1, True)])
def test_a_long_table_gets_a_box(rows: int, boxed: bool) -> None:
    """Its head counts, too."""
    made = table(["Port", "Service"], *([["5432", "postgres"]] * rows))
    assert stacking.stacked(made) == (f'<div class="lb-long">{made}</div>' if boxed else made)


def test_a_long_table_is_laid_out_when_it_comes_near(visit: Visit) -> None:
    """Until then the keyboard may come there, after that only if it scrolls."""
    page = visit.go("reference/services/5000-5999/")
    last = page.locator(".lb-long").last
    row, wrap = last.locator("tbody tr").last, last.locator(".md-typeset__scrollwrap")
    is_laid_out = "row => row.checkVisibility({contentVisibilityAuto: true})"
    expect(wrap).to_have_attribute("tabindex", "0")
    assert row.evaluate(is_laid_out) is False
    row.scroll_into_view_if_needed()
    expect(wrap).not_to_have_attribute("tabindex")
    assert row.evaluate(is_laid_out) is True
    assert visit.problems() == []


def test_rows_become_cards_on_a_phone_only(visit: Visit) -> None:
    """There a cell is below the one before it or beside it, under its title; the filter works."""
    page = visit.go("reference/errors/")
    row = page.locator("table[data-stack] tbody tr").first
    wide = row.bounding_box()
    page.set_viewport_size(NARROW)
    narrow = row.bounding_box()
    assert wide is not None
    assert narrow is not None
    assert narrow["width"] < 390
    assert narrow["height"] > wide["height"]
    title = "cell => getComputedStyle(cell, '::before').content"
    assert row.locator("td").nth(1).evaluate(title) == '"Linux"'
    page.locator(".lb-filter").first.fill("EADDRINUSE")
    expect(row).to_be_hidden()
    expect(page.locator("table[data-stack] tbody tr:visible").first).to_contain_text("EADDRINUSE")
    assert visit.problems() == []
