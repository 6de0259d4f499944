"""The search index holds what people look for, and a first visit can afford it."""

from __future__ import annotations

from typing import Any

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
