"""A page has one style sheet, which holds all that the theme and the site write."""

from __future__ import annotations

from pathlib import Path

import pytest
from site_build import ROOT, Site

from tools.site import sheets

LINK = '<link rel="stylesheet" href="{}">'


def built(folder: Path, **pages: str) -> Path:
    """A site of two sheets and the given pages, each below a folder of its name."""
    (folder / "css").mkdir(parents=True)
    (folder / "css/a.css").write_text("a { color: red }")
    (folder / "css/a.css.map").write_text("{}")
    (folder / "css/b.css").write_text('b { background: url("data:,") }')
    for name, text in pages.items():
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "index.html").write_text(text)
    return folder


def test_sheets_become_one(tmp_path: Path) -> None:
    """In their order, at the place of the first; what else is in the page stays as it is."""
    first, second = LINK.format("../css/a.css"), LINK.format("../css/b.css")
    site = built(
        tmp_path, page=f"<head>{first}\n<!-- between -->{second}\n<script></script></head>"
    )
    sheets.join(site)
    (left,) = (site / "css").iterdir()
    assert left.read_text() == 'a { color: red }\nb { background: url("data:,") }'
    link = LINK.format(f"../css/{left.name}")
    said = (site / "page/index.html").read_text()
    assert said == f"<head>{link}\n<!-- between --><script></script></head>"


def test_an_absolute_link_is_one_of_the_site(tmp_path: Path) -> None:
    """The page that is shown at every address has such links, below the path of the site."""
    base = "/project/"
    site = built(tmp_path, page=LINK.format("../css/a.css"), lost=LINK.format(f"{base}css/a.css"))
    sheets.join(site, base)
    names = {path.name for path in (site / "css").glob("all.*")}
    assert len(names) == 1
    said = (site / "lost/index.html").read_text()
    assert said == LINK.format(f"{base}css/{names.pop()}") + "\n"


def test_what_is_joined_stays(tmp_path: Path) -> None:
    """A page that was not built anew keeps its sheet; so does one beside it."""
    site = built(tmp_path, css=LINK.format("a.css") + LINK.format("b.css"))
    sheets.join(site)
    before = {path: path.read_text() for path in site.rglob("*.*")}
    sheets.join(site)
    assert {path: path.read_text() for path in site.rglob("*.*")} == before
    (name,) = (path.name for path in before if path.suffix == ".css")
    assert before[site / "css/index.html"] == LINK.format(name) + "\n"


def test_a_page_without_sheets_and_a_sheet_without_pages_stay(tmp_path: Path) -> None:
    """Nothing is removed that is not in another place."""
    site = built(tmp_path, page="<p>plain</p>")
    sheets.join(site)
    assert (site / "page/index.html").read_text() == "<p>plain</p>"
    assert {path.name for path in (site / "css").iterdir()} == {"a.css", "a.css.map", "b.css"}


@pytest.mark.parametrize(
    "text", ["a { src: url(x.woff) }", 'a { b: url( "../x.png") }', "@import 'x';"]
)
def test_a_sheet_that_asks_for_files_is_not_moved(tmp_path: Path, text: str) -> None:
    """Its addresses are relative to itself."""
    site = built(tmp_path, page=LINK.format("../css/a.css"))
    (site / "css/a.css").write_text(text)
    with pytest.raises(ValueError, match=r"a\.css: has an address of its own"):
        sheets.join(site)


def test_every_page_has_one_sheet_with_all_styles(site: Site) -> None:
    """It is one for all pages, so a visit fetches it once."""
    ((link,),) = {
        tuple(one.rpartition("/")[2] for one in page.link("stylesheet")) for page in site.pages
    }
    (path,) = (one for one in site.files if one.name == link)
    text = path.read_text(encoding="utf-8")
    assert text.startswith('@charset "UTF-8";')
    ours = (ROOT / "docs/assets/css" / f"{name}.css" for name in ("site", "answer", "widget"))
    places = [text.index(source.read_text(encoding="utf-8")) for source in ours]
    assert 100_000 < places[0] < places[1] < places[2]  # the theme's come first
