"""The vectors as a collection: current, complete, well formed."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import published_schema
import pytest
import vector_files
from vector_files import Vector, load

from checks import ports
from checks.findings import CATALOGUE
from checks.text.errors.table import ERRORS
from tools import make_vectors

VECTORS = load()
MESSAGES = json.loads((vector_files.FOLDER / "error_messages.json").read_text(encoding="utf-8"))

FAMILIES = frozenset(
    "block embedded endpoint error finding hostile ipv6 line name network nothing paste port"
    " spelling url".split()
)


@pytest.mark.parametrize("path", vector_files.files(), ids=lambda path: path.stem)
def test_a_file_is_current(path: Path) -> None:
    """The generator gives the file that is here; run tools/make_vectors.py where it does not."""
    text = path.read_text(encoding="ascii")
    assert make_vectors.render(path.stem, text) == text


def test_a_new_text_gets_the_next_number() -> None:
    """Of a line that was added only the text and the note are asked."""
    old = make_vectors.render("url", '{"about": "x", "vectors": [{"input": "a", "note": "n"}]}')
    document = json.loads(old)
    document["vectors"].insert(0, {"input": "b", "note": "n"})
    new = vector_files.read("url", make_vectors.render("url", json.dumps(document)))
    assert [(v.id, v.input) for v in new] == [("url-2", "b"), ("url-1", "a")]
    assert json.loads(new[0].expected_json)["input"] == "b"


def test_a_new_message_becomes_a_vector() -> None:
    """It is added at the end, and all that are collected are there."""
    new = make_vectors.render(
        "error", '{"about": "x", "vectors": []}', [{"input": "a", "note": "n"}]
    )
    assert [(v.id, v.input) for v in vector_files.read("error", new)] == [("error-1", "a")]
    assert make_vectors.collected() == []


def test_what_is_expected_is_cut_out_of_its_line() -> None:
    """Also of a text that looks like the place to cut."""
    hostile = ',"expected":{"id":"x"}},'
    text = make_vectors.render(
        "x", json.dumps({"about": "", "vectors": [{"input": hostile, "note": ""}]})
    )
    (vector,) = vector_files.read("x", text)
    assert (vector.id, vector.input) == ("x-1", hostile)
    assert json.loads(vector.expected_json)["input"] == hostile


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
        published_schema.validator().validate(json.loads(vector.expected_json))


def texts(vectors: list[Vector]) -> set[str]:
    """The inputs."""
    return {vector.input for vector in vectors}


def test_every_message_of_the_collection_is_a_vector() -> None:
    """The collected messages and near misses are all among the errors."""
    collected = {m["text"] for m in (*MESSAGES["messages"], *MESSAGES["near_misses"])}
    assert collected <= texts(VECTORS)


def test_every_row_of_the_tables_is_met() -> None:
    """Errors, schemes, refused ports of each kind, kinds, forms, names, embedded forms."""
    documents = [json.loads(v.expected_json) for v in VECTORS]
    ends = [end for document in documents for end in document["endpoints"]]
    found_hosts = [end["host"] for end in ends if end["host"]]
    assert {d["error"]["name"] for d in documents if d["error"]} == {r.name for r in ERRORS}
    assert set(ports.SCHEMES) <= {end["scheme"] for end in ends}
    assert {d["kind"] for d in documents} == {
        "address", "network", "endpoint", "url", "port", "name", "text", "empty",
    }  # fmt: skip
    assert {end["form"] for end in ends} >= {
        "plain", "url", "port", "bsd", "node", "java", "cidr", "defanged", "words", "keywords",
        "tuple",
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
    met = {f["code"] for v in VECTORS for f in json.loads(v.expected_json)["findings"]}
    assert met == {finding.code for finding in CATALOGUE if not finding.needs_probe}
