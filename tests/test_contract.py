"""The JSON contract: every output validates against the schema that is published."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from published_schema import SCHEMA, validator
from situations import free_port

import checks
from checks import classify, diagnose
from checks.report import classified
from checks.report import json as report_json

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
