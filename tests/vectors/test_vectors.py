"""The vectors as a collection: current, complete, well formed."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import published_schema
import pytest
import vector_files
from hypothesis import given
from hypothesis import strategies as st
from vector_files import Vector, load

from checks import ports
from checks.causes import RULES
from checks.findings import CATALOGUE
from checks.report.json import line
from checks.text import families, settings, tables
from checks.text.banners.rows import ROWS
from checks.text.errors.table import ERRORS
from tools import make_vectors

VECTORS = load()
DOCUMENTS = vector_files.documents()
PARTS = vector_files.FOLDER / vector_files.PARTS
MESSAGES = json.loads((vector_files.FOLDER / "error_messages.json").read_text(encoding="utf-8"))

FAMILIES = frozenset(
    "banner block cause compare embedded endpoint error finding hostile ipv6 line name network"
    " nothing paste port setting spelling table url".split()
)


def test_every_file_is_current() -> None:
    """The generator gives the files that are here; run tools/make_vectors.py where it does not.

    Each file of the folder is one that the generator makes, or one that people type.
    """
    made = make_vectors.rendered()
    here = set(vector_files.FOLDER.glob("*.json"))
    assert here == {*made, vector_files.FOLDER / "error_messages.json"}
    old = [path.stem for path, text in made.items() if path.read_text(encoding="ascii") != text]
    assert old == []


def test_a_new_text_gets_the_next_number() -> None:
    """Of a line that was added only the text and the note are asked."""
    old = make_vectors.render("url", '{"about": "x", "vectors": [{"input": "a", "note": "n"}]}')
    document = json.loads(old)
    document["vectors"].insert(0, {"input": "b", "note": "n"})
    new = vector_files.read("url", make_vectors.render("url", json.dumps(document)), {})
    assert [(v.id, v.input) for v in new] == [("url-2", "b"), ("url-1", "a")]
    assert json.loads(new[0].expected_json)["input"] == "b"


def test_a_new_message_becomes_a_vector() -> None:
    """It is added at the end, and all that are collected are there."""
    new = make_vectors.render(
        "error", '{"about": "x", "vectors": []}', [{"input": "a", "note": "n"}]
    )
    assert [(v.id, v.input) for v in vector_files.read("error", new, {})] == [("error-1", "a")]
    for family in FAMILIES:
        assert {one["input"] for one in make_vectors.collected(family)} <= texts(VECTORS)


def test_what_is_expected_is_cut_out_of_its_line() -> None:
    """Also of a text that looks like the place to cut, or like the name of a part."""
    hostile = ',"expected":{"id":"x"}},{"$":"0123abcd"}'
    text = make_vectors.render(
        "x", json.dumps({"about": "", "vectors": [{"input": hostile, "note": ""}]})
    )
    (vector,) = vector_files.read("x", text, {"0123abcd": "?"})
    assert (vector.id, vector.input) == ("x-1", hostile)
    assert json.loads(vector.expected_json)["input"] == hostile


WORDS = st.sampled_from(["a" * 60, "b" * 60, '{"$":"0123abcd"}', "\\" * 30, "\x7f\ud800", ""])
VALUES = st.recursive(
    st.none() | st.integers() | WORDS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
)


@given(st.lists(st.dictionaries(st.sampled_from("abcd"), VALUES, max_size=4), max_size=4))
def test_parts_put_together_are_the_whole(documents: list[dict[str, Any]]) -> None:
    """Byte for byte, and a part of a part stands before it."""
    parts = make_vectors.shared(documents)
    known: dict[str, str] = {}
    for full, (name, part) in parts.items():
        known[name] = vector_files.whole(line(part), known)
        assert known[name] == full
    for document in documents:
        assert vector_files.whole(line(make_vectors.named(document, parts)), known) == line(
            document
        )


def test_the_documents_are_written_in_short() -> None:
    """Parts make of the files less than half of what the documents are."""
    short = sum(path.stat().st_size for path in (*vector_files.files(), PARTS))
    assert short < 0.5 * sum(len(vector.expected_json) for vector in VECTORS)


def test_there_are_enough_and_none_twice() -> None:
    """At least 2,000 texts in the families that are listed here, each text and id once."""
    assert len(VECTORS) >= 2000
    assert {v.family for v in VECTORS} == FAMILIES
    assert [text for text, n in Counter(v.input for v in VECTORS).items() if n > 1] == []
    assert [name for name, n in Counter(v.id for v in VECTORS).items() if n > 1] == []


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_a_document_validates(family: str) -> None:
    """Every document is what the published schema describes."""
    for vector in load(family):
        published_schema.validator().validate(DOCUMENTS[vector.input])


def texts(vectors: list[Vector]) -> set[str]:
    """The inputs."""
    return {vector.input for vector in vectors}


def test_every_message_of_the_collection_is_a_vector() -> None:
    """The collected messages and near misses are all among the errors."""
    collected = {m["text"] for m in (*MESSAGES["messages"], *MESSAGES["near_misses"])}
    assert collected <= texts(VECTORS)


def test_every_row_of_the_tables_is_met() -> None:
    """Errors, schemes, refused ports of each kind, kinds, forms, names, embedded forms."""
    documents = list(DOCUMENTS.values())
    ends = [end for document in documents for end in document["endpoints"]]
    found_hosts = [end["host"] for end in ends if end["host"]]
    assert {d["error"]["name"] for d in documents if d["error"]} == {r.name for r in ERRORS}
    assert set(ports.SCHEMES) <= {end["scheme"] for end in ends}
    assert {d["kind"] for d in documents} == {
        "address", "network", "endpoint", "url", "port", "name", "unix", "text", "empty",
    }  # fmt: skip
    assert {end["form"] for end in ends} >= {
        "plain", "url", "port", "bsd", "node", "java", "cidr", "defanged", "words", "keywords",
        "tuple", "unix", "range",
    }  # fmt: skip
    assert {h["kind"] for h in found_hosts} == {"ipv4", "ipv6", "name", "wildcard", "invalid"}
    assert {h["name"]["kind"] for h in found_hosts if h["name"]} == {
        "localhost", "host-alias", "carries-address", "reverse", "ipv6-literal", "special-use",
        "single-label", "domain",
    }  # fmt: skip
    assert {h["embedded"]["form"] for h in found_hosts if h["embedded"]} == {
        "ipv4-mapped", "ipv4-compatible", "siit", "nat64", "6to4", "teredo", "isatap",
    }  # fmt: skip


def test_every_finding_that_needs_no_machine_is_met() -> None:
    """Each class of groups A and P stands in some document, and is missing from others."""
    met = {f["code"] for document in DOCUMENTS.values() for f in document["findings"]}
    assert met == {finding.code for finding in CATALOGUE if not finding.needs_probe}


KEYS = {rule.key for rule in RULES}
SECOND = {"exclusive-listener"}
"""Causes that are never the first."""


def keys(document: dict[str, Any]) -> list[str]:
    """The keys of a document's causes, the likeliest first."""
    return [cause["key"] for cause in document["causes"]]


def test_every_cause_is_met_first_and_missed() -> None:
    """For each a vector whose first cause it is, and a near one that has another or none."""
    assert {key for d in DOCUMENTS.values() for key in keys(d)} == KEYS
    assert {key for d in DOCUMENTS.values() for key in keys(d)[:1]} == KEYS - SECOND
    near = [(key, text) for sign, key, text in make_vectors.cause_texts() if sign == "=/="]
    missed = {
        key for key, text in near if text in DOCUMENTS and key not in keys(DOCUMENTS[text])[:1]
    }
    assert missed == KEYS - SECOND


def test_every_line_of_a_tool_is_met() -> None:
    """Each row of the table of tools' wordings is that of some vector."""
    met = {d["banner"]["key"] for d in DOCUMENTS.values() if d["banner"]}
    assert met == {row.key for row in ROWS}


@pytest.mark.parametrize(("family", "package"), [("table", tables), ("setting", settings)])
def test_every_reader_is_met(family: str, package: Any) -> None:
    """Each reader of tables and of settings reads some vector of its family."""
    inputs = [vector.input for vector in load(family)]
    for one in package.FAMILIES:
        (reader,) = families.readers(" ".join(one.words), (one._replace(pattern=""),))
        assert any(list(reader(text)) for text in inputs), one.module
