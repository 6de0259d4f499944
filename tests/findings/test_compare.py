"""Two URLs: the same host, origin and site, as a browser's rules have it."""

from __future__ import annotations

import pytest

from checks import classify
from checks.findings.compare import compare, pair, sentences

CASES = (
    # text, (host, port, origin, site, machine)
    ("http://localhost:3000 http://localhost:3000/x", (True, True, True, True, True)),
    ("http://localhost:3000 vs http://127.0.0.1:3000", (False, True, False, False, True)),
    ("http://localhost:3000 http://localhost:8080", (True, False, False, True, True)),
    ("http://localhost https://localhost", (True, False, False, False, True)),
    ("http://0x7f.1:80/ and http://127.0.0.1", (True, True, True, True, True)),
    ("http://[::1]:80 http://[0:0::1]", (True, True, True, True, True)),
    ("http://[::1] http://127.0.0.1", (False, True, False, False, True)),
    ("http://a.localhost\nhttp://b.localhost", (False, True, False, False, True)),
    ("https://a.example.com https://b.example.com", (False, True, False, None, False)),
    ("https://10.0.0.1 https://10.0.0.2", (False, True, False, False, False)),
    ("127.0.0.1:80 localhost:80", (False, True, None, None, True)),
)


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_two_urls_are_compared_as_a_browser_would(
    text: str, expected: tuple[bool | None, ...]
) -> None:
    """Host, port, origin, site, machine."""
    found = pair(classify(text))
    assert found is not None
    assert tuple(compare(*found)) == expected
    for sentence in sentences(*found):
        assert len(sentence.split()) <= 25, sentence


@pytest.mark.parametrize(
    "text",
    [
        "http://localhost:3000",
        "http://localhost:3000 refused http://localhost:3001",
        "8080 8081",
        "a b http://localhost:1 http://localhost:2",
        "http://localhost:1 http://localhost:2 http://localhost:3",
    ],
)
def test_other_texts_are_no_comparison(text: str) -> None:
    """One, three, or two with more than a word between them."""
    assert pair(classify(text)) is None
