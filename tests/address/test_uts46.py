"""Host names in other scripts."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path

import pytest

from checks.address import _uts46, uts46

VALID_EVERYWHERE = "d1274304f5d9d0ab"
"""Start of the SHA-256 over all that the answer takes from unicodedata."""


class TestALabels:
    @pytest.mark.parametrize(
        ("name", "ascii_name"),
        [
            ("bücher.example", "xn--bcher-kva.example"),
            ("BÜCHER.example", "xn--bcher-kva.example"),
            ("bu\u0308cher.example", "xn--bcher-kva.example"),
            ("☕.example", "xn--53h.example"),
            ("💩.la", "xn--ls8h.la"),
            ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
            ("إختبار", "xn--kgbechtv"),
            ("faß.de", "xn--fa-hia.de"),
            ("FAẞ.de", "xn--fa-hia.de"),
            ("βόλος.com", "xn--nxasmm1c.com"),
            ("ΒΌΛΟΣ.com", "xn--nxasmq6b.com"),
            ("é.xn--ls8h", "xn--9ca.xn--ls8h"),
            ("é..a.", "xn--9ca..a."),
            ("a≠b", "xn--ab-miv"),
            ("क्\u200cष", "xn--11b2ezcs70k"),
            ("ab--é", "xn--ab---epa"),
        ],
    )
    def test_name(self, name: str, ascii_name: str) -> None:
        """Mapped, composed, and each label with other characters in Punycode."""
        assert uts46.to_ascii(name) == (ascii_name, None)

    @pytest.mark.parametrize(
        "name",
        [
            "\u0300a.com",  # begins with a combining mark
            "é.xn--a",  # Punycode that does not decode
            "é.xn--",
            "é.xn--abc-",  # decodes to ASCII
            "é.xn---ls8h",  # a spelling that no encoder writes
            "é.xn--8i7caa",  # decodes to characters that are mapped
            "é.xn--e-xbb",  # decodes to text that is not composed
            "é.xn--xn---epa",  # decodes to another xn-- label
            "é.xn--a-ecp",  # decodes to a character that is not allowed
            "xn--é",
            "xn--a\u3002com",
            "a\u200cb.é",
            "क्\u200d\u200d",
            "\u200c",
            "é\u200d",
        ],
    )
    def test_invalid_label(self, name: str) -> None:
        """UTS #46 §4.1: every label with other characters, or ``xn--``, is checked."""
        assert uts46.to_ascii(name) == (None, None)


class TestBidiRule:
    @pytest.mark.parametrize(
        "name",
        ["א", "א.com", "a.א", "א1", "א1\u0301", "اب.com", "ا۱", "א-1", "א..com", "a1.ا\u0660"],
    )
    def test_good_names(self, name: str) -> None:
        """RFC 5893 §2: every label runs in one direction and ends well."""
        text, undecided = uts46.to_ascii(name)
        assert text is not None
        assert undecided is None

    @pytest.mark.parametrize(
        "name",
        ["1א", "אa", "aא", "א-", "ا1\u0660", "1.א", "a-.א", "_a.א", "\u0660", "1a.א.com", "é-.א"],
    )
    def test_bad_names(self, name: str) -> None:
        """One bad label, even in ASCII, spoils a name that has a right-to-left label."""
        assert uts46.to_ascii(name) == (None, None)


class TestUndecided:
    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            ("é" * 254, uts46.LONG),
            ("é." + "a" * 300, uts46.LONG),
            ("\U00011bc0.com", uts46.NEW),  # Sunuwar, Unicode 16
            ("a\ua7dc", uts46.NEW),
            ("é.xn--1g3d", uts46.NEW),
            ("نامه\u200cای", uts46.JOINER),
        ],
    )
    def test_reason_is_given(self, name: str, reason: str) -> None:
        """What a supported Python could not settle is not guessed."""
        text, undecided = uts46.to_ascii(name)
        assert undecided == reason
        assert text is not None

    def test_long_text_that_becomes_ascii_is_decided(self) -> None:
        """Length matters only where Punycode and the order of marks do."""
        assert uts46.to_ascii("１" * 1000) == ("1" * 1000, None)

    @pytest.mark.parametrize("name", ["\u2024" * 300, "é" * 300 + "\ufffd", "\U00011bc0\ufffd"])
    def test_disallowed_character_settles_it(self, name: str) -> None:
        """One character that no host may have is a failure whatever the rest is."""
        assert uts46.to_ascii(name) == (None, None)


class TestTable:
    def test_runs_cover_unicode(self) -> None:
        """The runs begin after ASCII and end at U+10FFFF."""
        assert uts46.TABLE.starts[0] == 0x80
        assert uts46.TABLE.kind(0x10FFFF) == uts46.DISALLOWED
        assert set(uts46.TABLE.kinds) == set("mvixn")

    def test_every_mapping_is_lower_case_ascii(self) -> None:
        """What the table maps to needs no second look."""
        assert all(m and m.isascii() and m == m.lower() for m in uts46.TABLE.mappings.values())
        assert len(uts46.TABLE.mappings) == sum(
            uts46.TABLE.kind(c) == uts46.ASCII for c in range(0x80, 0x110000)
        )

    def test_every_interpreter_gives_the_same(self) -> None:
        """All that is taken from unicodedata is alike from CPython 3.10 on."""
        digest = hashlib.sha256()
        for codepoint in range(0x80, 0x110000):
            if uts46.TABLE.kind(codepoint) == uts46.FOLDED:
                c = chr(codepoint)
                # Only what the mapping leaves as it is reaches the bidi rule.
                kept = uts46.fold(c) == c
                properties = (
                    f"{codepoint:x} {uts46.fold(c)} {kept and unicodedata.bidirectional(c)}"
                    f" {unicodedata.category(c)[0] == 'M'} {unicodedata.combining(c)}"
                    f" {unicodedata.normalize('NFD', c)}\n"
                )
                digest.update(properties.encode())
        assert digest.hexdigest().startswith(VALID_EVERYWHERE)

    def test_generated_file_is_current(self) -> None:
        """The generator gives the file that is here, from its pinned input."""
        pytest.importorskip("idna", reason="the table's source, the PyPI package idna, is missing")
        from tools import make_uts46

        here = Path(_uts46.__file__).read_text(encoding="utf-8")
        assert make_uts46.generate() == here
