"""Two URLs: the same host, origin and site, as a browser's rules have it."""

from __future__ import annotations

import json

import pytest
from published_schema import SCHEMA, validator

from checks import classify
from checks.findings.compare import MEANING, compare, pair, sentences
from checks.report import classified, conclude
from checks.report import json as as_json

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
    assert tuple(compare(*found))[:5] == expected
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


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("http://localhost:5300 http://localhost:5300/x", ["shared-cookies", "same-site"]),
        ("http://localhost:5300 http://localhost:5301",
         ["needs-cors", "shared-cookies", "same-site"]),
        ("http://localhost:5300 http://127.0.0.1:5300",
         ["one-machine", "needs-cors", "separate-cookies", "other-site"]),
        ("https://a.example.com https://b.example.com", ["needs-cors", "separate-cookies"]),
        ("127.0.0.1:80 localhost:80", ["one-machine"]),
    ],
)  # fmt: skip
def test_the_document_has_the_comparison_as_codes(text: str, codes: list[str]) -> None:
    """With a machine's answer and without one, as the published schema has it."""
    for document in (classified(classify(text)), conclude(classify(text)).to_dict()):
        read = json.loads(as_json.line(document))
        validator().validate(read)
        assert read["comparison"]["follows"] == codes
        assert [MEANING[code] for code in codes] == list(sentences(*pair(classify(text)) or ())[1:])


def test_another_text_has_no_comparison() -> None:
    """The key is absent, not empty."""
    assert "comparison" not in classified(classify("http://localhost:5300"))


def test_the_schema_has_every_code() -> None:
    """And no other."""
    field = SCHEMA["$defs"]["comparison"]["properties"]["follows"]
    assert field["items"]["enum"] == list(MEANING)
