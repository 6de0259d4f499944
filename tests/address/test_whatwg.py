"""Hosts as browsers read them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.address import whatwg


def read(text: str) -> str | None:
    """What ``new URL("http://" + text).hostname`` gives, None where it throws."""
    host = whatwg.parse_host(text)
    return host.text if host else None


class TestIpv4Parser:
    @pytest.mark.parametrize(
        "text",
        [
            "127.0.0.1",
            "127.0.0.1.",
            "127.1",
            "127.0.1",
            "2130706433",
            "0x7f.1",
            "0X7F000001",
            "0177.0.0.1",
            "017700000001",
            "0x7f.0.0.0x1",
            "0x7F.0x0.0x0.0x1",
            "000000000000000000177.1",
            "0x00000000000000007f.1",
        ],
    )
    def test_spellings_of_127_0_0_1(self, text: str) -> None:
        """One to four parts in three bases, and one final dot."""
        assert whatwg.parse_host(text) == ("127.0.0.1", 4, 0x7F000001, None)

    @pytest.mark.parametrize(
        ("text", "address"),
        [
            ("0x", "0.0.0.0"),
            ("0x.0x.0", "0.0.0.0"),
            ("0x7f.0.0.0x", "127.0.0.0"),
            ("0x.", "0.0.0.0"),
            ("127.", "0.0.0.127"),
            ("127.0.0.", "127.0.0.0"),
            ("4294967295", "255.255.255.255"),
            ("037777777777", "255.255.255.255"),
            ("00", "0.0.0.0"),
        ],
    )
    def test_bare_prefix_is_zero(self, text: str, address: str) -> None:
        """Unlike in C, ``0x`` without digits counts as zero."""
        assert read(text) == address

    @pytest.mark.parametrize(
        "text",
        [
            "4294967296",
            "0x100000000",
            "040000000000",
            "99999999999999999999",
            "256.0.0.1",
            "1.256.1.1",
            "127.0.0.256",
            "127.16777216",
            "127.0.65536",
            "1.2.3.4.5",
            "127.0.0.08",
            "09",
            "foo.09",
            "localhost.62893",
            "foo.0x1",
            "a.b.1.",
            "1..2",
            ".1",
            "0x7fg.1",
        ],
    )
    def test_host_that_ends_in_a_number_is_an_address_or_nothing(self, text: str) -> None:
        """The "ends in a number checker" leaves no way out to a name."""
        assert read(text) is None

    @pytest.mark.parametrize(
        "text", ["127.0.0.1..", "1..", ".", "..", "0xg", "1.2.3.4x", "7f.0.0.1a", "1e3", "1.2.-3"]
    )
    def test_other_endings_are_names(self, text: str) -> None:
        """Only a last part that is a number makes an address of a host."""
        assert whatwg.parse_host(text) == (text, 0, -1, None)


class TestBrackets:
    @pytest.mark.parametrize(
        ("text", "address"),
        [
            ("[::1]", "[::1]"),
            ("[0:0:0:0:0:0:0:1]", "[::1]"),
            ("[::ffff:127.0.0.1]", "[::ffff:7f00:1]"),
            ("[::FFFF:7F00:1]", "[::ffff:7f00:1]"),
            ("[1:2:3:4:5:6:7::]", "[1:2:3:4:5:6:7:0]"),
            ("[::1]\n", "[::1]"),
            ("[:\t:1]", "[::1]"),
        ],
    )
    def test_ipv6(self, text: str, address: str) -> None:
        """The address comes back in the browser's spelling, without a dotted quad."""
        host = whatwg.parse_host(text)
        assert host is not None
        assert (host.text, host.version) == (address, 6)

    @pytest.mark.parametrize(
        "text",
        [
            "::1",
            "[::1",
            "::1]",
            "[]",
            "[",
            "]",
            "[::1]]",
            "[[::1]]",
            "[127.0.0.1]",
            "[localhost]",
            "[fe80::1%eth0]",
            "[fe80::1%25eth0]",
            "[::%31]",
            "[::１]",
            "[::ffff:0177.0.0.1]",
            "[::ffff:127.0.0.01]",
            "[::1]x",
            "[::1].",
        ],
    )
    def test_anything_else_fails(self, text: str) -> None:
        """No zone, no escapes, no lenient quads, nothing but an address in brackets."""
        assert read(text) is None


class TestPercentDecoding:
    @pytest.mark.parametrize(
        ("text", "host"),
        [
            ("127%2E0%2e0%2E1", "127.0.0.1"),
            ("%31%32%37.1", "127.0.0.1"),
            ("%30%78%37%66.1", "127.0.0.1"),
            ("loc%61lhost", "localhost"),
            ("%4C%4F%43ALHOST", "localhost"),
            ("127%E3%80%820.0.1", "127.0.0.1"),
            ("%EF%BC%91%EF%BC%92%EF%BC%97.1", "127.0.0.1"),
            ("%C2%AD127.1", "127.0.0.1"),
            ("%EF%BB%BF127.1", "127.0.0.1"),
        ],
    )
    def test_escapes_are_decoded_first(self, text: str, host: str) -> None:
        """Bytes first, then UTF-8, then the mapping of characters, then the numbers."""
        assert read(text) == host

    @pytest.mark.parametrize(
        "text",
        [
            "%",
            "1.%",
            "1.%2",
            "1.%zz",
            "%2",
            "a%",
            "%25",
            "%2531",
            "%20",
            "127.0.0.1%20",
            "%00",
            "127.0.0.1%00",
            "%ff",
            "%c0%80",
            "%ed%a0%80",
            "%e2%80%a4",
            "%2F",
            "a%3Ab",
            "%7f",
            "%5b::1%5d",
        ],
    )
    def test_broken_or_forbidden_escapes_fail(self, text: str) -> None:
        """A percent sign may not be left, nor a forbidden character come out."""
        assert read(text) is None


class TestMapping:
    @pytest.mark.parametrize(
        "text",
        [
            "１２７．０．０．１",
            "127。0。0。1",
            "127｡0｡0｡1",
            "①②⑦.⓪.⓪.①",
            "¹²⁷.₀.0.1",
            "𝟏𝟐𝟕.𝟎.𝟘.𝟣",
            "0𝓍7𝒻.1",
            "0ｘ７Ｆ.1",
            "0ⓧ7ⓕ.1",
            "\u00ad127.0.0.1",
            "127\u200b.0.0.1",
            "127.0.0.1\ufe0f",
            "127.0.0.1\u2060\ufeff",
            "127.0.0.1\u3164",
            "\U0001ccf1\U0001ccf2\U0001ccf7.1",
        ],
    )
    def test_characters_that_become_digits_and_dots(self, text: str) -> None:
        """UTS #46 maps or drops them before the host is looked at."""
        assert read(text) == "127.0.0.1"

    @pytest.mark.parametrize(
        "text",
        [
            "ＬＯＣＡＬＨＯＳＴ",
            "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
            "𝓁𝑜𝒸𝒶𝓁𝒽𝑜𝓈𝓉",
            "local\u00adhost",
            "loca\u200blhost",
            "ｌocalho\u017ft",
            "LOCALHOST",
        ],
    )
    def test_characters_that_become_letters(self, text: str) -> None:
        """The same for the name that leads to this machine."""
        assert whatwg.parse_host(text) == ("localhost", 0, -1, None)

    @pytest.mark.parametrize(
        "text",
        [
            "127․0․0․1",  # one dot leader
            "⒈2.3.4",  # digit one full stop
            "127.0.0.1\u200c",  # zero-width non-joiner
            "127.0.0.1\u200d",  # zero-width joiner
            "local\u200dhost",
            "\u0661\u0662\u0667.1",  # Arabic-Indic digits: right-to-left, and a number behind
            "\u0661",
            "a：80",  # full-width colon
            "a／b",  # full-width solidus
            "a％2e",
            "a\u00a0b",
            "a\u2028b",
            "\u202e127.0.0.1",
            "\ud800",
            "127.0.0.1\udfff",
            "a\ufffd",
            "\u0300a",
            "é.1",
            "é.0x",
            "१.1",
        ],
    )
    def test_characters_that_no_host_may_have(self, text: str) -> None:
        """Compatibility dots, joiners, bidi controls and forbidden results fail."""
        assert read(text) is None

    @pytest.mark.parametrize(
        ("text", "host"),
        [
            ("xn--a", "xn--a"),
            ("XN--LS8H", "xn--ls8h"),
            ("xn--", "xn--"),
            ("a_b", "a_b"),
            ("-a-", "-a-"),
            ("a..b", "a..b"),
            ("*", "*"),
            ("127.0.0.*", "127.0.0.*"),
            ("a!$&'()+,;=~`{}\"b", "a!$&'()+,;=~`{}\"b"),
        ],
    )
    def test_plain_ascii_is_only_lowercased(self, text: str, host: str) -> None:
        """Broken ``xn--`` labels too, since whatwg/url #914 of June 2026."""
        assert whatwg.parse_host(text) == (host, 0, -1, None)


class TestDelimitersAndSpace:
    @pytest.mark.parametrize("character", list("#/:<>?@[\\]^| %\x01\x1f\x7f"))
    def test_forbidden_code_points(self, character: str) -> None:
        """Text that holds more than a host, or what no domain may hold, is a failure."""
        assert read(f"a{character}b") is None

    @pytest.mark.parametrize("text", ["127.0.0.1:80", "u@127.0.0.1", "127.0.0.1/", "\\127.0.0.1"])
    def test_more_than_a_host_is_no_host(self, text: str) -> None:
        """A port, a user, a path: the URL would be good, but this is not its host."""
        assert read(text) is None

    @pytest.mark.parametrize(
        "text",
        ["127.0.0.1 ", "127.0.0.1\x00\x1f ", "127\t.0\n.0\r.1", "\t127.0.0.1", "127.0.0.1 \t \n"],
    )
    def test_what_the_url_parser_drops(self, text: str) -> None:
        """Tabs and newlines anywhere; controls and spaces at the end of the URL."""
        assert read(text) == "127.0.0.1"

    @pytest.mark.parametrize("text", [" 127.0.0.1", "\x01127.0.0.1", "127.0.0.1 foo", "1 27.1"])
    def test_what_it_does_not_drop(self, text: str) -> None:
        """A space after ``http://`` is inside the URL, so it fails."""
        assert read(text) is None

    @pytest.mark.parametrize("text", ["", " ", "\t\n", "\x00", "\u00ad", "%C2%AD", "\u200b\ufe0f"])
    def test_empty_host(self, text: str) -> None:
        """Nothing, or nothing that is left, is no host."""
        assert read(text) is None


class TestAnyText:
    @given(st.text() | st.text(alphabet="0123456789.x%[]:\u00ad１。\u200cé"))
    def test_never_raises_and_is_stable(self, text: str) -> None:
        """A host that comes out goes in again unchanged, unless it is undecided."""
        host = whatwg.parse_host(text)
        if host is not None and host.undecided is None:
            assert whatwg.parse_host(host.text) == host

    @pytest.mark.parametrize(
        "text",
        [
            "1" * 1_000_000,
            "." * 1_000_000,
            "1." * 500_000,
            "0x" + "f" * 1_000_000,
            "[" * 1_000_000,
            "[" + ":" * 1_000_000 + "]",
            "%" * 1_000_000,
            "%E9" * 300_000,
            "%C3%A9" * 150_000,
            "é" * 1_000_000,
            "e\u0301\u0323\u0316" * 250_000,
            "\u00ad" * 1_000_000,
            "１" * 1_000_000,
            "é.xn--a-" + "b" * 1_000_000,
            "".join(map(chr, range(0x3400, 0x9FF0))) * 30,
            "\ud800" * 1_000_000,
        ],
        ids=lambda text: ascii(text[:8]),
    )
    def test_a_million_characters(self, text: str) -> None:
        """No step takes more than linear time: the longest names are left undecided."""
        host = whatwg.parse_host(text)
        assert host is None or host.version == 0


def test_plain_ascii_loads_no_unicode_tables() -> None:
    """Start-up and the common hosts do not pay for other scripts."""
    code = (
        "import sys; from checks.address.readings import readings\n"
        "for host in ('0x7f.1', 'LOCALHOST', '[::1]', 'a b', '', '127.0.0.1.'): readings(host)\n"
        "sys.exit(sum(name in sys.modules for name in ('unicodedata', 'checks.address.uts46')))"
    )
    result = subprocess.run([sys.executable, "-S", "-c", code], check=False)
    assert result.returncode == 0
