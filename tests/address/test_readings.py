"""Three readers, one spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.address.readings import Readings, readings, split_zone

LOOPBACK = "127.0.0.1"


class TestAgreement:
    @pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "255.255.255.255", "10.1.2.3"])
    def test_strict_quad(self, host: str) -> None:
        """A plain dotted quad is the one spelling that every reader shares."""
        assert readings(host) == Readings(host, host, host)

    @pytest.mark.parametrize(
        ("host", "url", "strict"),
        [
            ("[::1]", "[::1]", "::1"),
            ("[0:0::1]", "[::1]", "::1"),
            ("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "::ffff:127.0.0.1"),
            ("::1", None, "::1"),
            ("::FFFF:7f00:1", None, "::ffff:127.0.0.1"),
            ("fe80::1%eth0", None, "fe80::1"),
            ("[fe80::1%eth0]", None, "fe80::1"),
            ("[fe80::1%25eth0]", None, "fe80::1"),
            ("fe80::1%2", None, "fe80::1"),
        ],
    )
    def test_ipv6(self, host: str, url: str | None, strict: str) -> None:
        """Browsers want brackets and take no zone; inet_aton knows no IPv6."""
        assert readings(host) == Readings(url, None, strict)

    @pytest.mark.parametrize("host", ["localhost", "example.com", "foo_bar", "xn--ls8h"])
    def test_names(self, host: str) -> None:
        """A name is a name to the browser and nothing to the others."""
        assert readings(host) == Readings(host, None, None)

    @pytest.mark.parametrize(
        "host", ["", "[", "]", "[]", "a b", "%", "fe80::1%", "[::1", "1.2.3.4.5", "127.0.0.1/8"]
    )
    def test_nothing(self, host: str) -> None:
        """Some texts are a host to nobody."""
        assert readings(host) == Readings(None, None, None)


class TestTraps:
    """Spellings on which readers part, measured in browsers, glibc and curl."""

    @pytest.mark.parametrize(
        ("host", "url", "inet_aton"),
        [
            ("010.0.0.1", "8.0.0.1", "8.0.0.1"),  # octal, 10.0.0.1 to Java
            ("0127.0.0.1", "87.0.0.1", "87.0.0.1"),
            ("127.0.0.08", None, None),
            ("127.1", LOOPBACK, LOOPBACK),
            ("0x7f.1", LOOPBACK, LOOPBACK),
            ("2130706433", LOOPBACK, LOOPBACK),
            ("0", "0.0.0.0", "0.0.0.0"),
            ("127.0.0.1 foo", None, LOOPBACK),
            ("127.0.0.1 ", LOOPBACK, LOOPBACK),
            ("127.0.0.1\n", LOOPBACK, LOOPBACK),
            ("1 .2", None, "0.0.0.1"),
            ("12\t7.1", LOOPBACK, "0.0.0.12"),
            ("0x", "0.0.0.0", None),
            ("0x.0x.0", "0.0.0.0", None),
            ("0x7f.0.0.0x", "127.0.0.0", None),
            ("127.", "0.0.0.127", None),
            ("127.0.0.", "127.0.0.0", None),
            ("127.0.0.1.", LOOPBACK, None),
            ("127.0.0.1..", "127.0.0.1..", None),
            ("1.2.3.4.5", None, None),
            ("localhost.62893", None, None),
            ("foo.09", None, None),
            ("4294967296", None, None),  # 255.255.255.255 to musl
            ("0x100000000", None, None),
            ("040000000000", None, None),
            ("99999999999999999999", None, None),
            ("①②⑦.⓪.⓪.①", LOOPBACK, None),
            ("127․0․0․1", None, None),  # one dot leader: 127.0.0.1 to Python's resolver
            ("⒈0.0.1", None, None),
            ("127\u00ad.0.0.1", LOOPBACK, None),
            ("127.0.0.1\u200d", None, None),
            ("१२७.0.0.1", None, None),  # Devanagari digits are letters to a browser
            ("१२७", "xn--e4bcp", None),
            ("۱۲۷", "xn--embcp", None),  # so are extended Arabic ones
            ("127.0.0.1：80", None, None),
            ("127.0.0.1%20", None, None),
            ("*", "*", None),
        ],
    )
    def test_spelling(self, host: str, url: str | None, inet_aton: str | None) -> None:
        """No strict reader takes any of them."""
        assert readings(host) == Readings(url, inet_aton, None)


class TestDict:
    def test_of_a_decided_host(self) -> None:
        """The three readings of the contract and nothing else."""
        assert readings("127.1").to_dict() == {
            "url": LOOPBACK,
            "inet_aton": LOOPBACK,
            "strict": None,
        }

    def test_of_an_undecided_name(self) -> None:
        """What is open is said, and only then."""
        found = readings("é" * 300).to_dict()
        assert list(found) == ["url", "inet_aton", "strict", "undecided"]
        assert found["undecided"] == "the name is longer than the 253 characters of DNS"


class TestSplitZone:
    @pytest.mark.parametrize(
        ("text", "parts"),
        [
            ("fe80::1%eth0", ("fe80::1", "eth0")),
            ("fe80::1%2", ("fe80::1", "2")),
            ("fe80::1%Ethernet-é", ("fe80::1", "Ethernet-é")),
            ("::1", ("::1", None)),
            ("%lo", ("", "lo")),
            ("", ("", None)),
        ],
    )
    def test_zone(self, text: str, parts: tuple[str, str | None]) -> None:
        """A zone is what follows the percent sign (RFC 4007 §11)."""
        assert split_zone(text) == parts

    @pytest.mark.parametrize(
        "text",
        ["fe80::1%", "fe80::1%%", "fe80::1%a%b", "fe80::1%eth0 up", "fe80::1%a]", "fe80::1%a\x00"],
    )
    def test_what_is_no_zone(self, text: str) -> None:
        """An empty zone, a second delimiter or white space leaves the text whole."""
        assert split_zone(text) == (text, None)
        assert readings(text).strict is None


@given(st.text() | st.text(alphabet="0123456789.x%[]: \n\u00ad１。\u200cé"))
def test_never_raises(text: str) -> None:
    """Any text at all has an answer, and strings or None in it."""
    assert all(value is None or isinstance(value, str) for value in readings(text))


@pytest.mark.parametrize("character", list("1.:%[]x \n\x00\u0301\ud800１\u202e"))
def test_a_million_of_one_character(character: str) -> None:
    """No reader takes more than linear time."""
    text = character * 1_000_000
    assert readings(text).strict is None
    assert readings("[fe80::1%" + text + "]") is not None
