"""The search index holds what people look for, and a first visit can afford it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tools.site import search


def index(*documents: tuple[str, str, str]) -> dict[str, Any]:
    """An index as the search plugin writes it."""
    names = ("location", "title", "text")
    return {"config": {}, "docs": [dict(zip(names, each, strict=True)) for each in documents]}


def test_transcripts_and_markup_are_left_out_and_words_stay() -> None:
    """What a transcript shows, the text around it says."""
    made = search.slim(
        index(("a/#x", "X", "<p>Before <code>c</code></p><pre><span>$ ls</span></pre>"))
    )
    assert made["docs"] == [{"location": "a/#x", "title": "X", "text": "Before c"}]
    assert made["config"] == {}


def test_escaped_characters_stay_escaped() -> None:
    """The theme shows the text as HTML."""
    made = search.slim(index(("a/", "A", "<p>&lt;script&gt; &amp;</p>")))
    assert made["docs"][0]["text"] == "&lt;script&gt; &amp;"


def test_sections_that_repeat_other_pages_are_left_out() -> None:
    """A source's title would be found on fifty pages."""
    made = search.slim(index(("a/#sources", "Sources", "RFC"), ("a/", "A", "a")))
    assert [each["title"] for each in made["docs"]] == ["A"]


def test_long_sections_keep_their_beginning_in_whole_words() -> None:
    """Guides more of it than the long tables of the reference."""
    text = "word " * 400
    made = search.slim(index(("uses/web/", "W", text), ("reference/api/#x", "X", text)))
    guide, reference = (each["text"] for each in made["docs"])
    assert len(reference) <= search.BEGINNINGS["reference/api/"] < len(guide) <= search.MOST
    assert guide.endswith("word")
    assert reference.endswith("word")


WORKER = (
    "case 0:return yield a(t.data.config),b=new C(t.data),{type:1};"
    "case 2:let q=t.data;try{return{type:3,data:b.search(q)}}catch(r){}"
)
BUNDLE = 'get(new URL("search/search_index.json",base))'


def themed(site: Path, worker: str, bundle: str) -> Path:
    """A built site with the scripts of a theme."""
    for name, text in (
        ("search/search_index.json", '{"config":{"lang":["en"]},"docs":[{"location":"a/"}]}'),
        ("assets/javascripts/workers/search.1.min.js", worker),
        ("assets/javascripts/bundle.1.min.js", bundle),
    ):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text)
    return site


def test_the_index_waits_for_the_first_search(tmp_path: Path) -> None:
    """Pages are told how to search, and get nothing to sort; the index is as it was."""
    site = themed(tmp_path, WORKER, BUNDLE)
    assert search.defer(site)
    setup = json.loads((site / search.EMPTY).read_text())
    assert setup == {"config": {"lang": ["en"]}, "docs": []}
    assert "search_index" not in (site / "assets/javascripts/bundle.1.min.js").read_text()
    worker = (site / "assets/javascripts/workers/search.1.min.js").read_text()
    assert worker.index("self.setup=t.data,b=new C") < worker.index("if(q)yield self.whole??=fetch")
    assert json.loads((site / "search/search_index.json").read_text())["docs"]


@pytest.mark.parametrize(
    ("worker", "bundle"), [(WORKER, "other"), ("other", BUNDLE), (WORKER, BUNDLE * 2)]
)
def test_another_theme_is_left_as_it_is(tmp_path: Path, worker: str, bundle: str) -> None:
    """Both scripts are changed, or neither."""
    site = themed(tmp_path, worker, bundle)
    assert not search.defer(site)
    assert not (site / search.EMPTY).exists()
    assert (site / "assets/javascripts/workers/search.1.min.js").read_text() == worker
    assert (site / "assets/javascripts/bundle.1.min.js").read_text() == bundle
