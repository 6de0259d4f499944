"""URLs: several hosts, several URLs, implied ports, addresses without brackets."""

from __future__ import annotations

import pytest
from brief import brief

from checks import classify


def test_several_hosts_of_one_url_are_several_endpoints() -> None:
    """MongoDB lists its seeds with commas; each is an endpoint with its own span."""
    found = classify("mongodb://a.example:27017,127.0.0.1:27018/x")
    assert brief(found) == ["a.example port 27017", "127.0.0.1 port 27018"]
    assert [e.text for e in found.endpoints] == ["a.example:27017", "127.0.0.1:27018"]
    short = classify("mongodb://u:b@a,b,o/x").endpoints
    assert [e.span for e in short] == [(14, 15), (16, 17), (18, 19)]


@pytest.mark.parametrize(
    ("text", "endpoints"),
    [
        ("http://localhost:3000,http://[::1]:4000", ["localhost port 3000", "::1 port 4000"]),
        (
            "PLAINTEXT://localhost:9092,EXTERNAL://0.0.0.0:29092",
            ["localhost port 9092", "0.0.0.0 port 29092"],
        ),
        ("http://localhost:3000/?next=a,http://b.example", ["localhost port 3000"]),
    ],
)
def test_urls_with_commas_between_are_several(text: str, endpoints: list[str]) -> None:
    """A list of URLs yields each with its own span; a comma in a query is the URL's."""
    found = classify(text)
    assert (found.kind, brief(found)) == ("url", endpoints)
    assert ",".join(endpoint.text for endpoint in found.endpoints) == text


def test_ipv6_without_brackets_in_a_url_is_invalid() -> None:
    """Browsers refuse http://::1/, so its host is not read as an address."""
    kinds = [e.host.kind for e in classify("http://::1/").endpoints if e.host]
    near = [e.host.kind for e in classify("http://[::1]/").endpoints if e.host]
    assert (kinds, near) == (["invalid"], ["ipv6"])


def test_an_implied_port_says_so() -> None:
    """The port of http://localhost is the scheme's, not the writer's."""
    (endpoint,) = classify("http://localhost").endpoints
    assert endpoint.port is not None
    assert (endpoint.port.number, endpoint.port.implied) == (80, True)
