"""IPv6 text."""

from __future__ import annotations

import ipaddress
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.address import ipv6

# Writing is hard where there are runs of zero groups, or an IPv4 address inside.
ADDRESSES = (
    st.integers(0, ipv6.MAX)
    | st.integers(0xFFFF << 32, 0xFFFF_FFFFFFFF)
    | st.lists(st.sampled_from([0, 0, 0, 1, 0xFF, 0xFFFF, 0xDB8]), min_size=8, max_size=8).map(
        lambda groups: int("".join(f"{group:04x}" for group in groups), 16)
    )
)

PIECES = st.sampled_from(
    [
        "0",
        "00",
        "0000",
        "1",
        "db8",
        "FFFF",
        "ffff",
        "12345",
        "g",
        "",
        "::",
        "1.2.3.4",
        "1.2.3.04",
        "1.",
        ".",
    ]
)
SPELLINGS = st.lists(PIECES, max_size=10).map(":".join)


class TestParse:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("::", 0),
            ("::1", 1),
            ("1::", 1 << 112),
            ("0:0:0:0:0:0:0:1", 1),
            ("2001:db8::1428:57ab", 0x20010DB80000000000000000142857AB),
            ("2001:DB8:0:0:8:800:200C:417A", 0x20010DB80000000000080800200C417A),
            ("1:2:3:4:5:6:7:8", 0x00010002000300040005000600070008),
            ("::ffff:127.0.0.1", 0xFFFF7F000001),
            ("::127.0.0.1", 0x7F000001),
            ("64:ff9b::192.0.2.33", 0x0064FF9B0000000000000000C0000221),
            ("1:2:3:4:5:6:1.2.3.4", 0x00010002000300040005000601020304),
            ("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", ipv6.MAX),
            ("0000:0000:0000:0000:0000:0000:0000:0001", 1),
        ],
    )
    def test_forms_of_rfc_4291(self, text: str, value: int) -> None:
        """RFC 4291 §2.2: full, compressed and mixed notation."""
        assert ipv6.parse(text) == value

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("1:2:3:4:5:6:7::", 0x00010002000300040005000600070000),
            ("::2:3:4:5:6:7:8", 0x00000002000300040005000600070008),
            ("1::3:4:5:6:7:8", 0x00010000000300040005000600070008),
            ("::3:4:5:6:1.2.3.4", 0x00000000000300040005000601020304 & ipv6.MAX),
        ],
    )
    def test_double_colon_may_stand_for_one_group(self, text: str, value: int) -> None:
        """RFC 4291 §2.2 (2): "one or more groups"."""
        assert ipv6.parse(text) == value

    @pytest.mark.parametrize(
        "text",
        [
            "",
            ":",
            ":::",
            ":1",
            "1:",
            "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9",
            "1:2:3:4:5:6:7:8::",
            "::1:2:3:4:5:6:7:8",
            "1::2::3",
            "1:::2",
            "::1:",
            ":1::",
            "12345::",
            "::g",
            "::-1",
            "::+1",
            "::0x1",
            "::1_0",
            ":: 1",
            "::1 ",
            "::１",
            "::١",
            "[::1]",
            "fe80::1%eth0",
            "::1/128",
            "127.0.0.1",
            "1.2.3.4::",
            "::1.2.3.4:5",
            "::ffff:127.1",
            "::ffff:0x7f.0.0.1",
            "::ffff:127.0.0.01",
            "::ffff:256.0.0.1",
            "::ffff:1.2.3.4.5",
            "::ffff:.1.2.3",
            "::64.:1.2.3.4",
            "1.2.3.4::1.2.3.4",
            "::.:1.2.3.4",
            "1:2:3:4:5:6:7:1.2.3.4",
            "::1\x00",
            "0" * 46,
        ],
    )
    def test_anything_else_is_no_address(self, text: str) -> None:
        """Wrong counts, two gaps, zones, brackets, other digits and lenient quads fail."""
        assert ipv6.parse(text) is None

    @given(st.text() | st.text(alphabet="01f:.", max_size=45))
    def test_never_raises(self, text: str) -> None:
        """Any text at all has an answer."""
        ipv6.parse(text)

    @given(SPELLINGS)
    def test_agrees_with_ipaddress(self, text: str) -> None:
        """The standard library reads the same texts the same way."""
        try:
            expected = int(ipaddress.IPv6Address(text))
        except ValueError:
            expected = None
        assert ipv6.parse(text) == expected

    @given(ADDRESSES)
    def test_full_notation_of_ipaddress_is_read(self, value: int) -> None:
        """All eight groups with all their zeros give the same address."""
        assert ipv6.parse(ipaddress.IPv6Address(value).exploded) == value


class TestFormat:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (0, "::"),
            (1, "::1"),
            (1 << 112, "1::"),
            (0x20010DB8000000000000000000020001, "2001:db8::2:1"),
            (0x20010DB8000000010001000100010001, "2001:db8:0:1:1:1:1:1"),
            (0x20010000000000010000000000000001, "2001:0:0:1::1"),
            (0x20010DB8000000000001000000000001, "2001:db8::1:0:0:1"),
            (0x0001000200030004000500060000ABCD, "1:2:3:4:5:6:0:abcd"),
            (0x00010002000300040005000600000000, "1:2:3:4:5:6::"),
            (ipv6.MAX, ":".join(["ffff"] * 8)),
        ],
    )
    def test_rules_of_rfc_5952(self, value: int, text: str) -> None:
        """§4: no leading zeros, lower case, first of the longest runs, never a single group."""
        assert ipv6.format(value) == ipv6.format_url(value) == text

    @pytest.mark.parametrize(
        ("value", "text", "url"),
        [
            (0xFFFF7F000001, "::ffff:127.0.0.1", "::ffff:7f00:1"),
            (0xFFFF00000000, "::ffff:0.0.0.0", "::ffff:0:0"),
            (0xFFFFFFFFFFFF, "::ffff:255.255.255.255", "::ffff:ffff:ffff"),
            (0x7F000001, "::7f00:1", "::7f00:1"),
            (0x1FFFF7F000001, "::1:ffff:7f00:1", "::1:ffff:7f00:1"),
            (0x0064FF9B00000000000000007F000001, "64:ff9b::7f00:1", "64:ff9b::7f00:1"),
        ],
    )
    def test_mixed_notation_for_mapped_addresses_only(
        self, value: int, text: str, url: str
    ) -> None:
        """RFC 5952 §5 for ::ffff:0:0/96; browsers never write a dotted quad."""
        assert ipv6.format(value) == text
        assert ipv6.format_url(value) == url

    @given(ADDRESSES)
    def test_agrees_with_ipaddress(self, value: int) -> None:
        """The standard library writes the same, but mapped addresses its own way before 3.13."""
        theirs = str(ipaddress.IPv6Address(value))
        if value >> 32 != 0xFFFF:
            assert ipv6.format(value) == ipv6.format_url(value) == theirs
        elif sys.version_info >= (3, 13):
            assert ipv6.format(value) == theirs
        else:
            assert ipv6.format_url(value) == theirs

    @given(ADDRESSES)
    def test_reading_undoes_writing(self, value: int) -> None:
        """What either writes, parse() reads back."""
        assert ipv6.parse(ipv6.format(value)) == ipv6.parse(ipv6.format_url(value)) == value

    @pytest.mark.parametrize("value", [-1, 1 << 128])
    def test_other_integers_are_refused(self, value: int) -> None:
        """An integer outside 128 bits is a mistake of the caller."""
        with pytest.raises(ValueError, match="not an IPv6 address"):
            ipv6.format(value)
        with pytest.raises(ValueError, match="not an IPv6 address"):
            ipv6.format_url(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("::1:9093", ("::1", 9093)), ("::0.1.144.147", ("::1", 9093)), ("::80", ("::", 80)),
        ("::1:443", ("::1", 443)), ("::1:0443", ("::1", 443)), ("::1:a", None), ("::2", None),
        ("::1", None), ("::2:9093", None), ("2001:db8::1:9093", None), ("::1.2.3.4", None),
    ],
)  # fmt: skip
def test_a_port_that_became_part_of_the_address_is_found(
    text: str, expected: tuple[str, int] | None
) -> None:
    """Only in the block that is used for nothing, and where the digits are decimal."""
    value = ipv6.parse(text)
    assert value is not None
    found = ipv6.swallowed_port(value)
    assert (found and (ipv6.format(found[0]), found[1])) == expected
