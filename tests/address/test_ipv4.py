"""Strict IPv4 text."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.address import ipv4

ADDRESSES = st.integers(0, ipv4.MAX)


class TestParse:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("127.0.0.1", 0x7F000001),
            ("0.0.0.0", 0),
            ("255.255.255.255", 0xFFFFFFFF),
            ("192.168.1.9", 0xC0A80109),
        ],
    )
    def test_dotted_quad_is_read(self, text: str, value: int) -> None:
        """Four decimal numbers up to 255 are an address (RFC 6943 §3.1.1)."""
        assert ipv4.parse(text) == value

    @pytest.mark.parametrize(
        "text",
        [
            "",
            ".",
            "...",
            "1",
            "127.1",
            "1.2.3",
            "1.2.3.",
            ".1.2.3",
            "1.2.3.4.",
            "1.2.3.4.5",
            "1..2.3",
            "256.0.0.1",
            "1.2.3.256",
            "1.2.3.999999999999999999999",
            "0x7f.0.0.1",
            "127.0.0.1 ",
            " 127.0.0.1",
            "127.0.0.1\n",
            "127.0.0.1\x00",
            "+1.2.3.4",
            "1.2.3.-4",
            "1.2.3.1_0",
            "1.2.3.4/8",
            "1.2.3.4:80",
            "1,2,3,4",
        ],
    )
    def test_anything_else_is_not(self, text: str) -> None:
        """Fewer or more parts, other bases, signs and white space are not strict."""
        assert ipv4.parse(text) is None

    @pytest.mark.parametrize("text", ["127.0.0.01", "127.000.000.001", "00.0.0.0", "010.0.0.1"])
    def test_leading_zeros_are_not_strict(self, text: str) -> None:
        """Some readers take a leading zero for octal, so strict text has none."""
        assert ipv4.parse(text) is None

    @pytest.mark.parametrize("text", ["１２７.0.0.1", "127.0.0.١", "127。0。0。1", "127.0.0.¹"])
    def test_digits_of_other_scripts_are_not_digits(self, text: str) -> None:
        """What int() and str.isdigit() take for digits is no digit here."""
        assert ipv4.parse(text) is None

    @given(st.text())
    def test_never_raises(self, text: str) -> None:
        """Any text at all has an answer."""
        ipv4.parse(text)

    @given(st.text(alphabet="0123456789.x-+ _٣", max_size=18))
    def test_agrees_with_ipaddress(self, text: str) -> None:
        """Since Python 3.9.5 ipaddress is as strict, except that it strips nothing either."""
        try:
            expected = int(ipaddress.IPv4Address(text))
        except ValueError:
            expected = None
        assert ipv4.parse(text) == expected


class TestFormat:
    @given(ADDRESSES)
    def test_agrees_with_ipaddress(self, value: int) -> None:
        """Writing is the same as the standard library's."""
        assert ipv4.format(value) == str(ipaddress.IPv4Address(value))

    @given(ADDRESSES)
    def test_reading_undoes_writing(self, value: int) -> None:
        """What format() writes, parse() reads back."""
        assert ipv4.parse(ipv4.format(value)) == value

    @pytest.mark.parametrize("value", [-1, 1 << 32, 1 << 128])
    def test_other_integers_are_refused(self, value: int) -> None:
        """An integer outside 32 bits is a mistake of the caller."""
        with pytest.raises(ValueError, match="not an IPv4 address"):
            ipv4.format(value)
