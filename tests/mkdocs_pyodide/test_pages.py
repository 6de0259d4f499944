"""Finished pages: the script element, and addresses relative to the root."""

from __future__ import annotations

import pytest

from mkdocs_pyodide import pages


@pytest.mark.parametrize(
    ("path", "base"),
    [("index.html", "./"), ("a/index.html", "../"), ("a/b/c.html", "../../"), ("404.html", "./")],
)
def test_base_of_a_page(path: str, base: str) -> None:
    """One step up for each folder."""
    assert pages.relative_base(path) == base


def test_addresses_are_resolved_in_links_and_forms_only() -> None:
    """Text that speaks of such an address is left alone."""
    text = '<a class="x" href="site:a/#b">a</a><form id="f" data-base="site:"></form>'
    shown = '<code>href="site:a/"</code> &lt;a href="site:a/"&gt; <img alt=\'href="site:a"\'>'
    resolved = pages.resolve(text + shown, "../")
    assert resolved == text.replace("site:", "../") + shown
    assert pages.addresses(text) == ["a/", ""]


def test_the_script_is_there_once() -> None:
    """Also when a page is finished twice, with another version."""
    once = pages.with_script("<html><HEAD></HEAD><body></body></html>", "a/client.mjs")
    assert once == (
        '<html><HEAD><script type="module" async data-pyodide-client src="a/client.mjs"></script>\n'
        "</HEAD><body></body></html>"
    )
    twice = pages.with_script(once, "b/client.mjs")
    assert twice.count("<script") == 1
    assert 'src="b/client.mjs"' in twice


@pytest.mark.parametrize(
    "waits",
    [
        "<link href=a.css rel=stylesheet>",
        '<link rel="stylesheet" href="a.css">',
        "<script>x</script>",
    ],
)
def test_it_waits_for_nothing(waits: str) -> None:
    """A style sheet, or a script after one, would hold it back; icons do not."""
    head = '<head><meta charset="utf-8"><link rel="icon" href="a.svg">\n'
    text = pages.with_script(f"{head}{waits}<style></style></head>", "client.mjs")
    assert text.startswith(f'{head}<script type="module" async data-pyodide-client')
    assert text.endswith(f"</script>\n{waits}<style></style></head>")
    assert pages.with_script(text, "client.mjs") == text


@pytest.mark.parametrize("text", ["<p>x</p></body>", "<p>x</p>", ""])
def test_a_page_without_head_gets_it_too(text: str) -> None:
    """Before the end of the body, or at the end."""
    assert "data-pyodide-client" in pages.with_script(text, "client.mjs")
