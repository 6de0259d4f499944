"""The Markdown extension: what a fence and a code span become."""

from __future__ import annotations

import re
from typing import Any

import markdown
import pytest
from markdown.extensions import Extension

from mkdocs_pyodide.fence import FenceError, makeExtension, parse_options

OTHERS = [
    "admonition",
    "attr_list",
    "pymdownx.superfences",
    "pymdownx.details",
    "pymdownx.inlinehilite",
]


def convert(text: str, **options: Any) -> str:
    """Markdown to HTML, among the extensions that such sites have."""
    settings = {
        "functions": {"escape": "html:escape"}, "fences": {"shout": "escape"}, "inline": "shout",
        "page": "try/", **options,
    }  # fmt: skip
    tabs: dict[str, Any] = {"pymdownx.tabbed": {"alternate_style": True}}
    extensions: list[str | Extension] = [*OTHERS, "pymdownx.tabbed", makeExtension(**settings)]
    return markdown.markdown(text, extensions=extensions, extension_configs=tabs)


def test_a_fence_becomes_a_form_with_field_and_answer() -> None:
    """Every attribute is part of the contract with the page's script."""
    assert convert("```shout id=box rows=3\nhello\n```", label="Say") == (
        '<form class="pyodide" id="box" data-function="escape" data-base="site:">\n'
        '<label class="pyodide-label" for="box-input">Say</label>\n'
        '<textarea class="pyodide-input" id="box-input" name="q" rows="3" spellcheck="false" '
        'autocapitalize="off" autocomplete="off">hello</textarea>\n'
        '<div class="pyodide-answer" id="box-answer" data-state="rendered" aria-live="polite">'
        "hello</div>\n</form>"
    )


def test_a_field_without_a_label_of_its_own_has_a_neutral_one() -> None:
    """What the texts are is the site's business."""
    assert '<label class="pyodide-label" for="shout-1-input">Text</label>' in convert(
        "```shout\na\n```"
    )


def test_a_fence_without_options_is_numbered_and_as_high_as_its_text() -> None:
    """Two fences of one page have two names."""
    found = convert("```shout\none\n```\n\ntext\n\n~~~ shout\ntwo\nlines\n~~~\n")
    assert re.findall(r'<form class="pyodide" id="([^"]*)"', found) == ["shout-1", "shout-2"]
    assert re.findall(r'rows="(\d+)"', found) == ["1", "2"]


def test_numbers_begin_anew_on_the_next_page() -> None:
    """One converter may serve many pages."""
    extension = makeExtension(functions={"escape": "html:escape"}, fences={"shout": "escape"})
    converter = markdown.Markdown(extensions=[extension])
    first = converter.convert("```shout\na\n```")
    assert converter.reset().convert("```shout\na\n```") == first


def test_text_never_becomes_markup() -> None:
    """Neither in the field nor in the label; quotes and ampersands included."""
    hostile = "</textarea><script>alert(1)</script> & \"'"
    found = convert(f"```shout label='<i>'\n{hostile}\n```")
    assert "<script" not in found
    assert found.count("</textarea>") == 1
    assert "&lt;/textarea&gt;&lt;script&gt;" in found
    assert ">&lt;i&gt;</label>" in found


@pytest.mark.parametrize(
    ("before", "indent", "after"),
    [
        ("!!! note\n\n", "    ", "</form>\n</div>"),
        ('=== "Linux"\n\n', "    ", "</form>\n</div>\n</div>\n</div>"),
        ("??? tip\n\n", "    ", "</form>\n</details>"),
        ('!!! note\n\n    === "Linux"\n\n', "        ", "</form>\n</div>\n</div>\n</div>\n</div>"),
        ("- item\n\n", "    ", "</form>\n</li>\n</ul>"),
        ("> quote\n>\n", "> ", "</form>\n</blockquote>"),
    ],
)
def test_fences_work_inside_blocks(before: str, indent: str, after: str) -> None:
    """The form stands inside the block, with the text as it was written."""
    lines = ["```shout", "one", "  two <b>", "", "three", "```"]
    found = convert(before + "".join(f"{indent}{line}\n" for line in lines))
    assert ">one\n  two &lt;b&gt;\n\nthree</textarea>" in found
    assert found.endswith(after)
    assert "<p><form" not in found


def test_text_around_a_fence_stays() -> None:
    """Also without empty lines between."""
    found = convert("before\n```shout\nx\n```\nafter")
    assert re.fullmatch(r"<p>before</p>\n<form.*</form>\n<p>after</p>", found, re.S)


def test_a_fence_that_is_shown_is_not_answered() -> None:
    """A longer fence around it shows how it is written."""
    found = convert("````markdown\n```shout\nx\n```\n````")
    assert "<form" not in found
    assert "shout" in found


def test_fences_of_others_are_left_to_them() -> None:
    """Names that only begin alike too; an unclosed fence is text."""
    assert "<form" not in convert("```python\nx = 1\n```\n\n```shouting\nx\n```\n\n```shout\nx")


def test_a_leading_empty_line_survives_the_parser() -> None:
    """HTML drops one newline at the start of a textarea, so there are two."""
    assert 'autocomplete="off">\n\nx</textarea>' in convert("```shout\n\nx\n```")


@pytest.mark.parametrize(
    ("info", "options"),
    [
        ("", {}),
        ("id=a rows=2", {"id": "a", "rows": "2"}),
        ('label="two words" id=a-b', {"label": "two words", "id": "a-b"}),
        ("label='it is \"it\"'", {"label": 'it is "it"'}),
        ('label=""', {"label": ""}),
    ],
)
def test_options(info: str, options: dict[str, str]) -> None:
    """Quoted or not, in any order."""
    assert parse_options(info) == options


@pytest.mark.parametrize("info", ["id", "id=1", 'id=a"b', "rows=0", "rows=x", "color=red", "{.a}"])
def test_options_that_are_none_are_refused(info: str) -> None:
    """A misspelt option is an error of the build, and the message quotes it."""
    with pytest.raises(FenceError, match=re.escape(re.split("=", info)[0])):
        parse_options(info)


def test_a_code_span_becomes_a_link_with_its_text() -> None:
    """Everything but unreserved characters is percent-encoded."""
    assert convert('see `a b&<"#é`{shout}!') == (
        '<p>see <a class="pyodide-link" href="site:try/#q=a%20b%26%3C%22%23%C3%A9">'
        '<code>a b&amp;&lt;"#é</code></a>!</p>'
    )


@pytest.mark.parametrize(
    "text", ["`x`", "`x` {shout}", "`x`{ .shout }", r"\`x`{shout}", "`x`{other}"]
)
def test_other_code_spans_stay_what_they_are(text: str) -> None:
    """Only the name in braces directly behind makes a link."""
    assert "pyodide-link" not in convert(text)


def test_a_span_with_backticks_inside() -> None:
    """The usual rule of Markdown: more marks around than inside."""
    assert "<code>a`b</code></a>" in convert("``a`b``{shout}")
