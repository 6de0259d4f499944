"""The JSON contract: every output validates against the schema that is published."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from published_schema import SCHEMA, validator
from situations import free_port

import checks
from checks import classify, diagnose
from checks.report import classified
from checks.report import json as report_json
from tools import make_schema
from tools.site.docstrings import fields

ROOT = Path(checks.__file__).parent.parent

TEXTS = [
    "127.0.0.1:62893", "0x7f.1:62893", "::ffff:127.0.0.1", "64:ff9b:1::7f00:1", "2002:7f00:1::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2", "fe80::1%eth0", "127.0.0.0/8", "localhost:80",
    "db:5432", "host.docker.internal:5432", "10.0.0.1.nip.io", "1.0.0.127.in-addr.arpa",
    "bücher.example", "5000", "http://localhost", "mongodb://a:1,b:2/x", "99999", "127.0.0.1:abc",
    "256.1.1.1", "*:8080", "", "Error: connect ECONNREFUSED ::1:5432",
    "[Errno 98] Address already in use", "hello world", "net::ERR_UNSAFE_PORT", "::/128",
    "0.0.0.0", "169.254.169.254", "224.0.0.251:5353", "\x1b[31m", "\ud800",
]  # fmt: skip


def test_the_schema_is_a_schema() -> None:
    """The published schema is itself valid (JSON Schema draft 2020-12)."""
    type(validator()).check_schema(SCHEMA)


def test_the_schema_is_made_of_the_records() -> None:
    """The generator gives the file that is here; run tools/make_schema.py where it does not."""
    assert make_schema.render() == make_schema.TARGET.read_text(encoding="utf-8")


def test_everything_in_the_schema_is_described() -> None:
    """What an object is, and what each of its fields means."""
    for name, part in make_schema.objects(SCHEMA):
        assert part["description"]
        for key, value in part["properties"].items():
            assert value.get("description"), f"{name}.{key}"


OTHER_TYPES = {
    "endpoint.span": "a definition of its own",
    "error.span": "a definition of its own",
    "readings.undecided": "left out where it is None",
    "embedded.alternatives": "a part of each is shown",
    "embedded.prefix": "the contract allows null, which the record never has",
}
"""Fields that to_dict() shows in another form than the record has them."""


@pytest.mark.parametrize(("name", "record"), make_schema.RECORDS.items())
def test_a_field_has_the_type_of_its_record(name: str, record: type) -> None:
    """Where the type of the record can be told: no field of the schema takes more or less."""
    (part,) = (part for key, part in make_schema.objects(SCHEMA) if key == name)
    compared = 0
    for field in fields(record):
        if field.name in part["properties"] and f"{name}.{field.name}" not in OTHER_TYPES:
            found = make_schema.shape(part["properties"][field.name])
            with suppress(LookupError):  # a record of another room, or a mapping
                assert found == make_schema.shape(make_schema.typed(field.annotation)), field
                compared += 1
    assert compared


@pytest.mark.parametrize(
    ("annotation", "kinds"),
    [
        ("str", {"string"}),
        ("float | None", {"number", "null"}),
        ("Owner | None", {"#/$defs/owner", "null"}),
        ("tuple[Owner, ...]", {"array of ['#/$defs/owner']"}),
        ("tuple[int, int] | None", {"array of ['integer']", "null"}),
        ("tuple[tuple[str, str], ...]", {"array of [\"array of ['string']\"]"}),
    ],
)
def test_an_annotation_has_its_type(annotation: str, kinds: set[str]) -> None:
    """A new field of a record comes into the schema with this."""
    assert make_schema.shape(make_schema.typed(annotation)) == kinds


def test_the_schema_is_closed() -> None:
    """A field that is not described cannot slip out: every object is closed."""
    for name, definition in SCHEMA["$defs"].items():
        if "properties" in definition:
            assert definition.get("additionalProperties") is False, name


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_a_classification_validates(text: str) -> None:
    """What classify gives is what the schema describes."""
    validator().validate(classified(classify(text)))


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_json_is_one_line_of_printable_ascii(text: str) -> None:
    """The line survives any terminal and any locale, and comes back the same."""
    line = report_json.line(classified(classify(text)))
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line) == classified(classify(text))


@pytest.mark.machine
@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1:{port}",
        "localhost:{port}",
        "[::1]:{port}",
        "{port}",
        "192.0.2.1:80",
        "nope.invalid:80",
    ],
)
def test_a_report_validates(text: str) -> None:
    """What diagnose gives is the same document with probe and verdict added."""
    document = diagnose(text.format(port=free_port()), timeout=0.5).to_dict()
    validator().validate(document)
    assert document["verdict"]


def test_the_example_of_the_contract() -> None:
    """The endpoint that the contract is explained with comes out as it is explained."""
    document: Any = classified(classify("0x7f.1:62893"))
    (endpoint,) = document["endpoints"]
    host, port = endpoint["host"], endpoint["port"]
    assert host["readings"] == {"url": "127.0.0.1", "inet_aton": "127.0.0.1", "strict": None}
    assert (host["address"], host["loopback"], host["scope"]) == ("127.0.0.1", True, "host")
    assert (host["address_space"], host["secure_context"]) == ("loopback", True)
    assert host["block"]["prefix"] == "127.0.0.0/8"
    assert host["block"]["rfcs"] == ["RFC 1122 §3.2.1.3"]
    assert (port["range"], port["services"], port["blocked_by"]) == ("dynamic", [], [])
    assert port["ephemeral_on"] == ["freebsd", "macos", "netbsd", "solaris", "windows"]


def test_the_schema_is_packaged(tmp_path: Path) -> None:
    """The wheel carries the schema and the typing marker."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {"checks/schema.json", "checks/py.typed", "checks/__main__.py"} <= set(names)
    assert not [name for name in names if name.startswith(("tests", "tools", "benchmarks"))]
