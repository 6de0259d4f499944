"""IPv4 text as glibc reads it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.address import inet_aton, ipv4


def read(text: str) -> str | None:
    """The reading as a dotted quad."""
    value = inet_aton.parse(text)
    return None if value is None else ipv4.format(value)


class TestParts:
    @pytest.mark.parametrize(
        ("text", "address"),
        [
            ("2130706433", "127.0.0.1"),
            ("127.1", "127.0.0.1"),
            ("127.0.1", "127.0.0.1"),
            ("127.0.0.1", "127.0.0.1"),
            ("127.65535", "127.0.255.255"),
            ("127.0.65535", "127.0.255.255"),
            ("127.16777215", "127.255.255.255"),
            ("4294967295", "255.255.255.255"),
            ("0", "0.0.0.0"),
        ],
    )
    def test_last_part_fills_the_rest(self, text: str, address: str) -> None:
        """One to four parts; the last one has all the bits that are left."""
        assert read(text) == address

    @pytest.mark.parametrize(
        "text",
        [
            "4294967296",
            "127.16777216",
            "127.0.65536",
            "127.0.0.256",
            "256.1",
            "1.256.1",
            "1.1.256.1",
            "340282366920938463463374607431768211456",
        ],
    )
    def test_part_too_large(self, text: str) -> None:
        """A number that does not fit is refused, not cut."""
        assert read(text) is None

    @pytest.mark.parametrize(
        "text", ["", ".", "1.", "127.0.0.", "127.0.0.1.", "1.2.3.4.5", "1..2", ".1", "1.2.3.4.5 x"]
    )
    def test_empty_or_fifth_part(self, text: str) -> None:
        """Each of at most four parts has a digit; a final dot is not taken."""
        assert read(text) is None


class TestNotation:
    @pytest.mark.parametrize(
        ("text", "address"),
        [
            ("0177.0.0.1", "127.0.0.1"),
            ("010.0.0.1", "8.0.0.1"),
            ("0127.0.0.1", "87.0.0.1"),
            ("017700000001", "127.0.0.1"),
            ("037777777777", "255.255.255.255"),
            ("00000000000000000000000000177.1", "127.0.0.1"),
            ("00", "0.0.0.0"),
            ("0x7f.1", "127.0.0.1"),
            ("0X7F.1", "127.0.0.1"),
            ("0x7f000001", "127.0.0.1"),
            ("0x0000000000000000000007f000001", "127.0.0.1"),
            ("0x7f.0.0.0x1", "127.0.0.1"),
        ],
    )
    def test_octal_and_hexadecimal(self, text: str, address: str) -> None:
        """Each part has its own base, as strtoul() with base 0 finds it."""
        assert read(text) == address

    @pytest.mark.parametrize(
        "text",
        [
            "08",
            "127.0.0.08",
            "0x",
            "0x.1",
            "0x7f.0.0.0x",
            "0xg",
            "x7f",
            "7f",
            "0x100000000",
            "040000000000",
            "0b1",
            "0o17",
            "+1",
            "-1",
            "1.-1",
            "1e3",
            "1_000",
            "１２７.1",
            "٣",
        ],
    )
    def test_what_strtoul_leaves_over(self, text: str) -> None:
        """A base without digits, other digits, signs and later notations are refused."""
        assert read(text) is None


class TestTrailingSpace:
    @pytest.mark.parametrize("space", list(" \t\n\v\f\r"))
    def test_anything_may_follow_white_space(self, space: str) -> None:
        """Reading stops at the first ASCII white space and never looks behind it."""
        assert read(f"127.0.0.1{space}") == read(f"127.1{space}foo \x7f é") == "127.0.0.1"

    @pytest.mark.parametrize(
        "text",
        [
            " 127.0.0.1",
            "\t127.0.0.1",
            "1. 2",
            "127.0.0.1\x1c",
            "127.0.0.1\x85",
            "127.0.0.1\u00a0",
            "127.0.0.1\u2003x",
            "127.0.0.1\ufeff",
            "127.0.0.1;",
            "127.0.0.1/8",
            "127.0.0.1:80",
        ],
    )
    def test_other_places_and_other_space(self, text: str) -> None:
        """No white space before or between, and none of Unicode's."""
        assert read(text) is None

    def test_space_ends_the_address_early(self) -> None:
        """What precedes the space counts as all the parts there are."""
        assert read("1 .2.3.4") == "0.0.0.1"

    @pytest.mark.parametrize(
        "text", ["127.0.0.1\x00", "127.0.0.1 \x00", "\x00", "127.1 \ud800", "\udfff"]
    )
    def test_text_that_is_no_c_string(self, text: str) -> None:
        """A NUL or a lone surrogate cannot be handed to a C function."""
        assert read(text) is None


class TestAnyText:
    @given(st.text() | st.text(alphabet="0123456789abcdefx. \n"))
    def test_never_raises(self, text: str) -> None:
        """Any text at all has an answer."""
        inet_aton.parse(text)

    @given(st.integers(0, ipv4.MAX))
    def test_every_address_in_every_notation(self, value: int) -> None:
        """One number, three bases, with and without zeros before it."""
        for text in (f"{value}", f"0x{value:x}", f"0{value:o}", f"0x{value:040X}", f"{value:060o}"):
            assert inet_aton.parse(text) == value

    @pytest.mark.parametrize("text", ["1" * 1_000_000, "0x" + "f" * 1_000_000, "1." * 500_000])
    def test_a_million_characters(self, text: str) -> None:
        """No number is converted that could not fit; int() would refuse 4,300 digits."""
        assert inet_aton.parse(text) is None

    def test_a_million_zeros(self) -> None:
        """Zeros before a number never count, in glibc neither."""
        assert read("0" * 1_000_000) == "0.0.0.0"
