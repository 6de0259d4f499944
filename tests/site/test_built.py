"""The files of the built site: self-contained, linked, described, protected, small.

Each test looks at every page, and tells all that is wrong, page by page.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
import site_build
import site_sources
from site_build import URL, Element, Page, Site

BUDGET = 200_000
"""Bytes of a first visit, packed, without the runtime (which loads on first use)."""
WHOLE = 40_000_000
"""Bytes of the whole site, with the runtime, unpacked."""

_LOADS = {
    "script": ("src",), "img": ("src", "srcset"), "source": ("src", "srcset"), "iframe": ("src",),
    "video": ("src", "poster"), "audio": ("src",), "embed": ("src",), "object": ("data",),
    "track": ("src",), "input": ("src",), "use": ("href", "xlink:href"), "image": ("href",),
}  # fmt: skip
"""Attributes that make a browser fetch."""
_FETCHING = frozenset(
    "stylesheet icon preload modulepreload prefetch preconnect dns-prefetch manifest prerender"
    " apple-touch-icon mask-icon".split()
)
"""Relations of a link element that make a browser fetch (HTML Standard §4.6.7)."""


def fetched(page: Page) -> Iterator[tuple[Element, str]]:
    """What a page makes a browser fetch from its markup, and for what element."""
    for element in page.elements:
        for name in _LOADS.get(element.tag, ()):
            if value := element.get(name):
                links = (
                    [part.split()[0] for part in value.split(",")] if name == "srcset" else [value]
                )
                yield from ((element, link) for link in links)
        if element.tag == "link" and _FETCHING & set(element.get("rel").split()):
            yield element, element.get("href")


def _leaves(link: str) -> bool:
    parts = urlsplit(link)
    return parts.scheme not in ("", "data") or bool(parts.netloc)


# No request leaves for another host


def test_no_page_loads_from_another_host(site: Site) -> None:
    """Every resource that the markup names lies beside it, under a relative address."""
    wrong = [
        (page.address, link) for page in site.pages for _, link in fetched(page) if _leaves(link)
    ]
    wrong = [(page, link) for page, link in wrong if page != "404.html"]
    assert not wrong


def test_the_404_page_loads_from_its_own_host_alone(site: Site) -> None:
    """It is shown at every address, so its links are absolute; they keep to the site."""
    page = site.by_address["404.html"]
    for _, link in fetched(page):
        assert urljoin(URL, link).startswith(URL) or link.startswith("data:"), link


_STYLE_URL = re.compile(r"url\(\s*[\"']?([^\"')]+)|@import\s+(?:url\()?[\"']?([^\"');]+)")
_SCRIPT_URL = re.compile(
    r"(?:fetch|importScripts|import|Worker|EventSource|WebSocket|sendBeacon)\s*\(\s*[\"'`]"
    r"((?:https?:|wss?:)?//[^\"'`]+)"
    r"|(?:import|from)\s*[\"']((?:https?:)?//[^\"']+)"
    r"|\.(?:src|href)\s*=\s*[\"'`]((?:https?:)?//[^\"'`]+)"
)


def test_no_style_sheet_loads_from_another_host(site: Site) -> None:
    """url() and @import lead to the site's own files or hold the data themselves."""
    wrong = []
    for path in site.files:
        if path.suffix == ".css":
            for found in _STYLE_URL.findall(path.read_text(encoding="utf-8")):
                link = found[0] or found[1]
                if _leaves(link) or (
                    not link.startswith(("data:", "#")) and not _there(path, link)
                ):
                    wrong.append((path.name, link))
    assert not wrong


def _there(path: Path, link: str) -> bool:
    return (path.parent / unquote(urlsplit(link).path)).exists()


def test_no_script_loads_from_another_host(site: Site) -> None:
    """No script fetches from an address with a host in it; what could, is known and unused."""
    wrong = []
    for path in site.files:
        if path.suffix in (".js", ".mjs"):
            text, name = path.read_text("utf-8", "replace"), path.relative_to(site.root).as_posix()
            wrong += [(name, "".join(found)) for found in _SCRIPT_URL.findall(text)]
    assert [one for one in wrong if not _never_reached(*one)] == []


def _never_reached(path: str, link: str) -> bool:
    """What the theme would load for a feature that no page has: the browser tests watch it."""
    return path.startswith("assets/javascripts/") and "mermaid" in link


# Links and anchors


def _links(page: Page) -> Iterator[str]:
    for element in page.all("a", "area"):
        if "href" in element.attributes:
            yield element.get("href")


def test_every_link_inside_resolves(site: Site) -> None:
    """Each leads to a file of the site, and to an anchor that is there."""
    wrong = []
    for page in site.pages:
        for link in [*_links(page), *(link for _, link in fetched(page))]:
            found = None if link.startswith("data:") else site.resolve(page, link)
            if found is None:
                continue
            path, fragment = found
            if not path.is_file():
                wrong.append((page.address, link))
            elif fragment and path.suffix == ".html" and not _is_state(fragment):
                target = site.by_address[Page(site.root, path).address]
                if fragment not in target.anchors:
                    wrong.append((page.address, link))
    assert not wrong


def _is_state(fragment: str) -> bool:
    """A question for the box (``#q=...``) and the theme's own search state are no anchors."""
    return fragment.startswith("q=")


def test_there_are_links_to_look_at(site: Site) -> None:
    """The numbers, for who runs the tests; and no test above looks at nothing."""
    inside = sum(
        site.resolve(page, link) is not None for page in site.pages for link in _links(page)
    )
    outside = {link for page in site.pages for link in _links(page) if link.startswith("https://")}
    anchors = sum(len(page.anchors) for page in site.pages)
    print(
        f"{len(site.pages)} pages, {inside} links inside, {len(outside)} outside, {anchors} anchors"
    )
    assert len(site.pages) > 100
    assert inside > 5000
    assert len(outside) > 50


def test_no_address_depends_on_the_place(site: Site) -> None:
    """Under any base path: no link begins with a slash, but for the page shown everywhere."""
    wrong = [
        (page.address, link)
        for page in site.pages
        if page.address != "404.html"
        for link in [*_links(page), *(link for _, link in fetched(page))]
        if link.startswith(("/", URL))
    ]
    assert not wrong


# What machines read


def described(site: Site) -> list[Page]:
    """The pages that have an address of their own."""
    return [page for page in site.pages if page.address != "404.html"]


def test_every_page_says_where_it_is_and_what(site: Site) -> None:
    """One canonical address, one title, one description, and Open Graph that says the same."""
    wrong = []
    for page in described(site):
        named = "".join(page.meta("og:title"))
        title = [one.text for one in page.all("title") if "svg" not in one.inside]
        facts = {
            "canonical": page.link("canonical") == [page.url],
            "title": len(title) == 1 and bool(title[0]),
            "description": len(page.meta("description")) == 1,
            "og:url": page.meta("og:url") == [page.url],
            "og:title": bool(named) and title[0].startswith(named),
            "og:description": page.meta("og:description") == page.meta("description"),
            "og:type": page.meta("og:type") == ["website" if not page.address else "article"],
            "og:image": len(page.meta("og:image")) == 1,
            "lang": next(page.all("html")).get("lang") == "en",
            "viewport": len(page.meta("viewport")) == 1,
        }  # fmt: skip
        wrong += [(page.address, name) for name, holds in facts.items() if not holds]
    assert not wrong


def _sources() -> dict[str, site_sources.Source]:
    """The Markdown of each page, by the page's address."""
    found = [*site_sources.typed(), *site_sources.generated()]
    return {re.sub(r"(?:(?<=/)|^)index/$", "", f"{one.path[:-3]}/"): one for one in found}


def test_the_titles_and_descriptions_are_those_of_the_pages(site: Site) -> None:
    """The front matter reaches the head, and no two pages say the same."""
    sources = _sources()
    seen: Counter[str] = Counter()
    for page in described(site):
        source = sources[page.address]
        assert page.meta("description") == [str(source.meta["description"])], page.address
        seen[page.meta("description")[0]] += 1
        seen[next(page.all("title")).text] += 1
    assert [text for text, times in seen.items() if times > 1] == []


def test_the_card_is_there(site: Site) -> None:
    """The picture of Open Graph lies on the site, as PNG of 1200 by 630."""
    (address,) = site.by_address[""].meta("og:image")
    assert address.startswith(URL)
    data = (site.root / address[len(URL) :]).read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    # PNG §11.2.1: width and height are the first fields of IHDR.
    assert struct.unpack(">II", data[16:24]) == (1200, 630)


def test_linked_data_is_true(site: Site) -> None:
    """JSON-LD: an article with the page's own words, and the way to it by pages that exist."""
    for page in described(site):
        (script,) = [one for one in page.all("script") if one.get("type") == "application/ld+json"]
        graph = {one["@type"]: one for one in json.loads(script.raw)["@graph"]}
        article = graph["TechArticle"]
        assert [article["description"]] == page.meta("description"), page.address
        assert article["url"] == page.url
        assert len(article["headline"]) <= 110
        if page.address:
            steps = graph["BreadcrumbList"]["itemListElement"]
            assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))
            assert steps[0]["item"] == URL
            assert steps[-1]["item"] == page.url
            for step in steps:
                assert step["item"].removeprefix(URL) in site.by_address, (page.address, step)


def test_the_map_of_the_site_has_every_page(site: Site) -> None:
    """sitemap.xml lists each address once (sitemaps.org protocol)."""
    root = ET.fromstring((site.root / "sitemap.xml").read_text())  # noqa: S314, our own file
    found = [one.text for one in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert sorted(map(str, found)) == sorted(page.url for page in described(site))


def test_every_page_has_its_markdown(site: Site) -> None:
    """A copy lies beside it, is linked from it and listed in llms.txt, and reads as Markdown."""
    listed = re.findall(r"^- \[.+?\]\((\S+)\)", (site.root / "llms.txt").read_text(), re.MULTILINE)
    copies = []
    for page in described(site):
        (link,) = [
            one.get("href") for one in page.all("link") if one.get("type") == "text/markdown"
        ]
        found = site.resolve(page, link)
        assert found is not None, page.address
        text = found[0].read_text(encoding="utf-8")
        heading = next(one for one in page.all("h1"))
        written = re.search(r"^# (.+)$", text, re.MULTILINE)
        assert written is not None, page.address
        assert _letters(written[1]) == _letters(heading.text.removesuffix("¶")), page.address
        left = r"^\{\{ ?(table|get)|<!-- fence:|^---$|\{ #[\w-]+ \}$"
        assert not re.search(left, text, re.MULTILINE), page.address
        copies.append(urljoin(page.url, link))
    assert sorted(listed) == sorted(copies)


def _letters(text: str) -> str:
    return "".join(re.findall(r"\w", text))


def test_the_search_knows_every_page(site: Site) -> None:
    """Its index has each page, by its address, but for tables that ask to be left out."""
    listed = json.loads((site.root / "assets/search/files.json").read_text())
    assert all((site.root / "assets/search" / name).is_file() for name in listed["files"])
    sources = _sources()
    out = {
        page.address
        for page in described(site)
        if sources[page.address].meta.get("search") is False
    }
    assert set(listed["pages"]) == {page.address for page in described(site)} - out
    assert all(address.startswith("reference/services/") for address in out)


# The policy


def _policy(page: Page) -> dict[str, list[str]]:
    (text,) = page.meta("Content-Security-Policy")
    return {words[0]: words[1:] for part in text.split(";") if (words := part.split())}


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


_RUN = ("", "module", "text/javascript", "application/javascript")


def test_every_page_has_a_policy_that_lets_only_its_own_scripts_run(site: Site) -> None:
    """The hashes are those of the inline scripts, no more; the rest is closed."""
    wrong = []
    for page in site.pages:
        policy = _policy(page)
        inline = {
            _hash(one.raw)
            for one in page.all("script")
            if "src" not in one.attributes and one.get("type") in _RUN
        }
        scripts = set(policy["script-src"])
        facts = {
            "hashes": {one for one in scripts if one.startswith("'sha")} == inline,
            "scripts": scripts - inline == {"'self'", "'wasm-unsafe-eval'"},
            "default": policy["default-src"] == ["'none'"],
            "no other host": all(
                source.startswith("'") or source in ("data:", "blob:")
                for sources in policy.values()
                for source in sources
            ),
            "nothing unsafe": not {"'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'"}
            & {source for sources in policy.values() for source in sources},
            "base": policy.get("base-uri") in (["'none'"], ["'self'"]),
            "forms": policy.get("form-action") in (["'none'"], ["'self'"]),
            "objects": policy.get("object-src", ["'none'"]) == ["'none'"],
        }
        wrong += [(page.address, name) for name, holds in facts.items() if not holds]
    assert not wrong


def test_the_policy_stands_before_what_it_governs(site: Site) -> None:
    """Scripts and styles above the element would not be held to it (CSP3 §3.3)."""
    for page in site.pages:
        for element in page.all("meta", "script", "link", "style"):
            if element.get("http-equiv") == "Content-Security-Policy":
                break
            assert element.tag == "meta", (page.address, element.tag)


def test_no_markup_needs_what_the_policy_forbids(site: Site) -> None:
    """No handler in an attribute, no inline style, no javascript: address."""
    wrong = []
    for page in site.pages:
        for element in page.elements:
            for name, value in element.attributes.items():
                if name.startswith("on") or name == "style" or _is_script(value):
                    wrong.append((page.address, element.line, element.tag, name, value[:60]))
            if element.tag == "style":
                wrong.append((page.address, element.line, "style", "", ""))
    assert not wrong[:20]


def _is_script(value: str) -> bool:
    return value.strip().lower().startswith(("javascript:", "vbscript:"))


# Markup


def test_a_page_is_well_made(site: Site) -> None:
    """One h1, no id twice, no heading skipped, pictures with words, tables with heads."""
    wrong = []
    for page in site.pages:
        ids = Counter(one.get("id") for one in page.elements if one.get("id"))
        wrong += [(page.address, "id twice", one) for one, times in ids.items() if times > 1]
        headings = [int(one.tag[1]) for one in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
        if headings.count(1) != 1:
            wrong.append((page.address, "h1", str(headings.count(1))))
        wrong += [
            (page.address, "heading", f"h{before} to h{after}")
            for before, after in pairwise(headings)
            if after > before + 1
        ]
        for one in page.all("img"):
            if "alt" not in one.attributes:
                wrong.append((page.address, "img without alt", one.get("src")))
        for one in page.all("table"):
            if "<th" not in page.text:
                wrong.append((page.address, "table without head", str(one.line)))
        for one in page.all("a"):
            names = one.text or one.get("aria-label") or one.get("title")
            if "href" in one.attributes and not names:
                wrong.append((page.address, "link without words", one.get("href")))
    assert not wrong


def test_a_drawing_has_a_title(site: Site) -> None:
    """What is not decoration says what it shows, and the labels it names are there."""
    seen = 0
    for page in site.pages:
        for one in page.all("svg"):
            if "drawing" in one.classes:
                seen += 1
                assert one.get("role") == "img", page.address
                labels = one.get("aria-labelledby").split()
                assert len(labels) == 2, page.address
                assert set(labels) <= page.anchors, page.address
    assert seen >= 5


def test_an_answer_is_in_the_page_before_any_script_runs(site: Site) -> None:
    """Every box holds its rendered answer, with links that lead from this page."""
    boxes = 0
    for page in site.pages:
        forms = [one for one in page.all("form") if "pyodide" in one.classes]
        answers = [
            one for one in page.all("div") if "answer" in one.classes and "form" in one.inside
        ]
        assert len(answers) >= len(forms), page.address
        assert all(len(one.text) > 40 for one in answers), page.address
        assert "site:" not in "".join(_links(page)), page.address
        boxes += len(forms)
    assert boxes >= 30


# Bytes and builds


def test_a_first_visit_is_small(site: Site) -> None:
    """What any page makes a browser load, packed, without the runtime."""
    sizes = {page.address: sum(weights(site, page).values()) for page in described(site)}
    heaviest = max(sizes, key=lambda one: sizes[one])
    print(f"home {sizes['']} bytes packed, the heaviest {heaviest} {sizes[heaviest]}")
    assert sizes[""] < BUDGET, weights(site, site.by_address[""])
    assert sizes[heaviest] < BUDGET, weights(site, site.by_address[heaviest])


_MODULE = re.compile(r"""\bfrom\s*["'](\.[^"']+)["']|^import\s*["'](\.[^"']+)["']""", re.MULTILINE)


def weights(site: Site, page: Page) -> dict[str, int]:
    """Packed bytes of a page and of each file that it loads when it is opened."""
    todo, found = [page.path], {}
    todo += [
        target[0]
        for _, link in fetched(page)
        if not link.startswith("data:") and (target := site.resolve(page, link)) is not None
    ]
    while todo:
        path = todo.pop()
        name = path.relative_to(site.root).as_posix()
        if name in found:
            continue
        data = path.read_bytes()
        found[name] = len(data) if path.suffix == ".png" else site_build.packed(data)
        if path.suffix == ".mjs":
            modules = [a or b for a, b in _MODULE.findall(data.decode())]
            todo += [path.parent / one for one in modules]
    return found


def test_the_whole_site_fits(site: Site) -> None:
    """All files with the runtime stay far below what a host of static pages takes."""
    assert sum(path.stat().st_size for path in site.files) < WHOLE


def test_nothing_is_published_that_should_not_be(site: Site) -> None:
    """No template, no source, no note: only what a page links to or a browser loads."""
    kinds = Counter(path.suffix for path in site.files)
    known = {
        ".html", ".md", ".css", ".js", ".mjs", ".json", ".xml", ".gz", ".svg", ".png", ".txt",
        ".wasm", ".zip", ".map", "", ".webmanifest", ".ico", ".pyz", ".sha256",
        ".pagefind", ".pf_fragment", ".pf_index", ".pf_meta",
    }  # fmt: skip
    assert set(kinds) <= known, kinds
    assert not list(site.root.rglob("templates"))
    assert not [path for path in site.files if path.suffix == ".py"]


@pytest.mark.timeout(280)
def test_the_same_tree_builds_with_the_fork(site: Site, tmp_path: Path) -> None:
    """properdocs, where MkDocs 1 lives on, makes the same pages of it."""
    site_build.build(tmp_path / "site", program="properdocs")
    other = Site(tmp_path / "site")
    assert set(other.by_address) == set(site.by_address)
    for address in ("", "loopback/", "reference/findings/nothing-listening/"):
        mine, theirs = site.by_address[address], other.by_address[address]
        assert [one.text for one in mine.all("h1", "h2", "p")] == [
            one.text for one in theirs.all("h1", "h2", "p")
        ]
